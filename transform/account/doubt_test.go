package account_test

import (
	"testing"

	"ccx/transform/policy"
)

// TestVersionInForce: a managed policy counts only where its entry says for sure which version is in force.
func TestVersionInForce(t *testing.T) {
	for versions, want := range map[string]string{
		`"DefaultVersionId": "v2", "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": false, "Document": {"a": 1}}, {"VersionId": "v2", "IsDefaultVersion": true, "Document": {}}]`: "known: 1",
		`"DefaultVersionId": "v2", "PolicyVersionList": [{"VersionId": "v1", "Document": {"a": 1}}, {"VersionId": "v2", "Document": {}}]`:                                                      "known: 1",
		`"PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": false, "Document": {"a": 1}}, {"VersionId": "v2", "IsDefaultVersion": true, "Document": {}}]`:                           "known: 1",
		`"DefaultVersionId": "v3", "PolicyVersionList": [{"VersionId": "v2", "IsDefaultVersion": true, "Document": {}}]`:                                                                       unheld,
		`"DefaultVersionId": "v2", "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": {}}, {"VersionId": "v2", "Document": {}}]`:                                  unheld,
		`"DefaultVersionId": "v2", "PolicyVersionList": [{"VersionId": "v2", "Document": {}}, {"VersionId": "v2", "Document": {"a": 1}}]`:                                                      unheld,
		`"PolicyVersionList": [{"IsDefaultVersion": true, "Document": {}}, {"IsDefaultVersion": true, "Document": {"a": 1}}]`:                                                                  unheld,
		`"PolicyVersionList": [{"Document": {}}]`:                              unheld,
		`"DefaultVersionId": "v2", "PolicyVersionList": [{"VersionId": "v2"}]`: unheld,
		`"DefaultVersionId": "v2"`:                                             unheld,
	} {
		f := load(t, `{"version": 1, "iam": {"111122223333": {"Policies": [{"Arn": "arn:aws:iam::111122223333:policy/m", `+versions+`}], "RoleDetailList": [
			{"RoleName": "node", "Arn": "`+roleARN+`", "RolePolicyList": [], "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/m"}]}]}}}`)
		if got := layer(f.Layers(roleARN, "arn:aws:s3:::b/*").Identity); got != want {
			t.Errorf("{%s}: %s, want %s", versions, got, want)
		}
	}
}

// TestBucketOfAnotherPartition: two buckets of one name are two buckets.
func TestBucketOfAnotherPartition(t *testing.T) {
	f := load(t, `{"version": 1, "buckets": {"b": {}}, "resource_policies": {"arn:aws:s3:::b": null, "arn:aws-cn:s3:::b": {"Statement": [{"Effect": "Deny"}]}}}`)
	const role = "arn:aws-cn:iam::111122223333:role/node"
	if got := layer(f.Layers(role, "arn:aws-cn:s3:::b/*").Resource); got != "known: 1" {
		t.Errorf("the policy in China is %s", got)
	}
	if got := layer(f.Layers(roleARN, "arn:aws:s3:::b/*").Resource); got != "none" {
		t.Errorf("the policy elsewhere is %s", got)
	}
	if got := f.Layers("arn:aws-us-gov:iam::111122223333:role/node", "arn:aws-us-gov:s3:::b/*"); layer(got.Resource) != unheld || got.PublicAccess != policy.PublicAccessUnknown {
		t.Errorf("a policy that nobody read is %s", layer(got.Resource))
	}
}
