package check

import (
	"slices"
	"strings"
)

// readerDocument lists the rights that ccx itself needs to check the subject: reading only, of buckets on those that are
// named. They are the calls of package live; a test holds the two together.
func readerDocument(s Subject) string {
	return pretty(document{"2012-10-17", []statement{
		{Sid: "ReadRolesAndProfiles", Effect: "Allow", Action: []string{
			"iam:GetInstanceProfile", "iam:ListInstanceProfilesForRole", "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy",
			"iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion",
		}, Resource: []string{"*"}},
		{Sid: "ReadTheBucketsSettings", Effect: "Allow", Action: []string{
			"s3:ListBucket", "s3:GetBucketPolicy", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock", "s3:GetBucketOwnershipControls",
		}, Resource: s.bucketsRead()},
		{Sid: "ReadItsKey", Effect: "Allow", Action: []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants"}, Resource: []string{"*"}},
		{Sid: "ReadImageRepositories", Effect: "Allow", Action: []string{
			"ecr:DescribeRepositories", "ecr:GetRepositoryPolicy", "ecr:GetRegistryPolicy",
		}, Resource: []string{"*"}},
		{Sid: "ReadGuardrailsAndPublicAccess", Effect: "Allow", Action: []string{
			"s3:GetAccountPublicAccessBlock", "organizations:DescribeOrganization", "organizations:DescribeAccount", "organizations:ListParents",
			"organizations:ListRoots", "organizations:ListPoliciesForTarget", "organizations:DescribePolicy",
		}, Resource: []string{"*"}},
	}})
}

// bucketsRead are the ARNs of the buckets that a check of the subject reads; any bucket where the cloud's is not known.
func (s Subject) bucketsRead() []string {
	prefix := "arn:" + s.partition() + ":s3:::"
	if s.Bucket == "" {
		return []string{prefix + "*"}
	}
	var out []string
	for _, b := range Wants(s).Buckets {
		if arn := prefix + b.Name; !slices.Contains(out, arn) {
			out = append(out, arn)
		}
	}
	return out
}

// partition is that of the subject's ARNs, else of its region.
func (s Subject) partition() string {
	for _, arn := range []string{s.Profile, s.Role, s.ControlPlaneRole} {
		if parts := strings.SplitN(arn, ":", 3); len(parts) == 3 && known(parts[1]) {
			return parts[1]
		}
	}
	return or(partitionOf(s.Region), "aws")
}
