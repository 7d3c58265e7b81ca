package fakeaws

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const ec2Trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// PolicyOf returns a policy that allows an action on everything.
func PolicyOf(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`
}

// Configure makes an AWS configuration that has nothing from this machine in it.
func Configure(t testing.TB, endpoint, key, region string) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			_ = os.Unsetenv(name)
		}
	}
	config := filepath.Join(t.TempDir(), "config")
	text := "[profile theirs]\naws_access_key_id = AKIATHEIRS\naws_secret_access_key = wJalrXUtnFEMI\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": config + ".none",
		"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_REGION": region,
		"AWS_MAX_ATTEMPTS": "2",
	} {
		t.Setenv(name, value)
	}
	if key == "" {
		_ = os.Unsetenv("AWS_ACCESS_KEY_ID")
		_ = os.Unsetenv("AWS_SECRET_ACCESS_KEY")
	}
}

// NewAccount has one node role, in a profile of the same name, with an inline and two managed policies and a boundary.
func NewAccount(id string) *Account {
	arn := func(rest string) string { return "arn:aws:iam::" + id + ":" + rest }
	a := &Account{ID: id, Policies: map[string]string{
		"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess": PolicyOf("s3:Get*"),
		arn("policy/own"):   PolicyOf("s3:Put*"),
		arn("policy/fence"): PolicyOf("s3:*"),
	}}
	a.Profiles = map[string]Profile{
		"node":  {arn("instance-profile/node"), []string{"node"}},
		"other": {arn("instance-profile/teams/ml/other"), []string{"node"}},
		"empty": {arn("instance-profile/empty"), nil},
	}
	a.Roles = map[string]Role{
		"node": {ARN: arn("role/teams/node"), Trust: ec2Trust, Boundary: arn("policy/fence"), Tags: map[string]string{"team": "ml"},
			Inline:   map[string]string{"s3+more": PolicyOf("s3:Delete*")},
			Attached: []string{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", arn("policy/own")}},
		"plain": {ARN: arn("role/plain"), Trust: ec2Trust},
	}
	return a
}

// Operations are all calls that ccx makes to check, the caller first.
var Operations = []string{
	"sts:GetCallerIdentity", "iam:GetInstanceProfile", "iam:ListInstanceProfilesForRole", "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
	"iam:GetRolePolicy", "iam:GetPolicy", "iam:GetPolicyVersion", "s3:ListBucket", "s3:GetBucketPolicy",
	"s3:GetEncryptionConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPublicAccessBlock", "s3:GetAccountPublicAccessBlock",
	"kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants", "ecr:DescribeRepositories", "ecr:GetRepositoryPolicy", "ecr:GetRegistryPolicy",
	"organizations:DescribeOrganization", "organizations:DescribeAccount", "organizations:ListParents", "organizations:ListRoots",
	"organizations:ListPoliciesForTarget", "organizations:DescribePolicy",
}
