package account

import "ccx/transform/policy"

// PolicyFact returns the policy of a key, repository or other resource but a bucket, by the resource's ARN.
func (f *Facts) PolicyFact(arn string) Fact[policy.Named] {
	return f.policyOf(arn, parseResource(arn).AccountID)
}

// PolicyText returns the text of a resource's policy, by the resource's ARN, in the common layout; "" when there is none
// or it was not read.
func (f *Facts) PolicyText(arn string) string {
	if f == nil || f.resource[arn] == nil {
		return ""
	}
	return f.resource[arn].Text()
}

// BucketPolicyText returns the text of a bucket's policy in the common layout; "" when there is none or it was not read.
func (f *Facts) BucketPolicyText(name string) string {
	if f == nil {
		return ""
	}
	for _, partition := range partitions {
		if d := f.resource["arn:"+partition+":s3:::"+name]; d != nil {
			return d.Text()
		}
	}
	return ""
}
