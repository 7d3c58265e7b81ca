package check

// readerDocument lists the rights that ccx itself needs to check the subject: reading only, on these resources where
// their names are known.
func readerDocument(s Subject) string {
	bucket := "arn:aws:s3:::" + or(s.Bucket, "*")
	return pretty(document{"2012-10-17", []statement{
		{Sid: "ReadRolesAndProfiles", Effect: "Allow", Action: []string{
			"iam:GetInstanceProfile", "iam:ListInstanceProfilesForRole", "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy",
			"iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion",
		}, Resource: []string{"*"}},
		{Sid: "ReadTheBucketsSettings", Effect: "Allow", Action: []string{
			"s3:ListBucket", "s3:GetBucketPolicy", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock", "s3:GetBucketOwnershipControls",
		}, Resource: []string{bucket}},
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
