package account

import "ccx/transform/policy"

// Bucket returns a bucket by its name. None: S3 says that no such bucket exists, in any account.
func (f *Facts) Bucket(name string) Fact[Bucket] {
	if f == nil {
		return Fact[Bucket]{}
	}
	d, ok := f.buckets[name]
	switch {
	case !ok:
		return missing[Bucket](f, BucketKey(name), "")
	case d == nil:
		return none[Bucket]()
	}
	key := BucketKey(name)
	b := Bucket{Name: name, Policy: f.bucketPolicy(name)}
	b.Owner = word(f, d.Account, key+OwnerPart)
	b.Region = word(f, d.Region, key)
	b.Encryption = part(f, d.Encryption, key+EncryptionPart, encryptionOf)
	b.Ownership = part(f, d.Ownership, key+OwnershipPart, ownershipOf)
	b.PublicAccessBlock = part(f, d.Block, key+PublicAccessBlockPart, func(p PublicAccessBlock) (PublicAccessBlock, bool) { return p, true })
	return known(b)
}

func word(f *Facts, text, key string) Fact[string] {
	if text != "" {
		return known(text)
	}
	return missing[string](f, key, "")
}

// part turns a part of a bucket into a fact; of says false for a part that is there and holds nothing.
func part[T, U any](f *Facts, p Part[*T], key string, of func(T) (U, bool)) Fact[U] {
	switch {
	case !p.Read:
		return missing[U](f, key, "")
	case p.Value == nil:
		return none[U]()
	}
	v, ok := of(*p.Value)
	if !ok {
		return none[U]()
	}
	return known(v)
}

func encryptionOf(e EncryptionRules) (Encryption, bool) {
	if len(e.Rules) == 0 {
		return Encryption{}, false
	}
	r := e.Rules[0]
	return Encryption{Algorithm: r.Default.Algorithm, KeyID: r.Default.KeyID, BucketKey: r.BucketKey}, true
}

func ownershipOf(o OwnershipRules) (string, bool) {
	if len(o.Rules) == 0 {
		return "", false
	}
	return o.Rules[0].Ownership, true
}

// bucketPolicy finds the policy under the bucket's ARN, in a partition or, where that is not said, in any: bucket names
// are unique in one.
func (f *Facts) bucketPolicy(name string, within ...string) Fact[policy.Named] {
	if len(within) == 0 {
		within = partitions[:]
	}
	for _, partition := range within {
		arn := "arn:" + partition + ":s3:::" + name
		if d, ok := f.resource[arn]; ok {
			if d == nil {
				return none[policy.Named]()
			}
			return known(policy.Named{Name: "bucket policy of " + name, Policy: d.Policy()})
		}
		if u, ok := f.unread[ResourcePolicyKey(arn)]; ok {
			return unread[policy.Named](u)
		}
	}
	return missing[policy.Named](f, "", "")
}

// partitions are AWS's, the usual one first.
var partitions = [...]string{"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}
