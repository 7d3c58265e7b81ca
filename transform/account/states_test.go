package account_test

import (
	"fmt"
	"strings"
	"testing"

	"ccx/transform/account"
	"ccx/transform/policy"
)

// stateOf is what a fact's state comes to, with the reason of one that is not read.
func stateOf[T any](f account.Fact[T]) string {
	if f.State == account.NotRead {
		return "not read: " + f.Reason()
	}
	return f.State.String()
}

// layer says what a layer of policies comes to.
func layer(s *policy.Set) string {
	switch {
	case s == nil:
		return "none"
	case len(s.Missing) > 0:
		return "not read: " + s.Missing[0].Reason
	}
	return fmt.Sprintf("known: %d", len(s.Policies))
}

const (
	roleARN  = "arn:aws:iam::111122223333:role/node"
	keyARN   = "arn:aws:kms:us-west-2:111122223333:key/1"
	repoARN  = "arn:aws:ecr:us-west-2:111122223333:repository/ml"
	denied   = `{"operation": "x:Get", "code": "AccessDenied", "account": "111122223333", "caller": "arn:aws:iam::111122223333:user/ci"}`
	stranger = "not read: arn:aws:iam::111122223333:user/ci may not call x:Get (AccessDenied)"
	unheld   = "not read: the snapshot does not hold it"
)

// nodeOf is a role of which everything is known but what more takes away or adds.
func nodeOf(more string) string {
	return `"iam": {"111122223333": {"RoleDetailList": [{"RoleName": "node", "Arn": "` + roleARN + `"` + more + `}]}}`
}

// TestFourStates holds each fact of a snapshot to the same law: absent was never read, null is none, an entry of unread
// says why, and only a value is known. "" stands for a state that the fact does not have.
func TestFourStates(t *testing.T) {
	for name, c := range map[string]struct {
		get                 func(f *account.Facts) string
		none, known, unread string // the snapshot's text
		absent              string // the rest of a snapshot that lacks it; and beside unread
	}{
		"profile": {func(f *account.Facts) string { return stateOf(f.Profile(ours, "p")) },
			`"iam": {"111122223333": {"NotFound": ["instance-profile/p"]}}`,
			`"iam": {"111122223333": {"InstanceProfiles": [{"InstanceProfileName": "p", "Arn": "arn:aws:iam::111122223333:instance-profile/p", "Roles": []}]}}`,
			account.ProfileKey(ours, "p"), `"iam": {"111122223333": {"RoleDetailList": [], "InstanceProfiles": [], "Whole": ["RoleDetailList"]}}`},
		"profile of another account": {func(f *account.Facts) string { return stateOf(f.Profile(theirs, "p")) },
			`"iam": {"444455556666": {"Whole": ["InstanceProfiles"]}}`,
			`"iam": {"444455556666": {"InstanceProfiles": [{"InstanceProfileName": "p", "Arn": "arn:aws:iam::444455556666:instance-profile/p", "Roles": []}]}}`,
			account.ProfileKey(theirs, "p"), `"iam": {"111122223333": {"InstanceProfiles": [], "Whole": ["InstanceProfiles"]}}`},
		"role": {func(f *account.Facts) string { return stateOf(f.Role(roleARN)) },
			`"iam": {"111122223333": {"Whole": ["RoleDetailList"]}}`, nodeOf(""), account.RoleKey(ours, "node"),
			`"iam": {"111122223333": {"RoleDetailList": [], "Policies": [], "Whole": ["Policies", "InstanceProfiles"]}}`},
		"trust": {func(f *account.Facts) string { return stateOf(f.Role(roleARN).Value.Trust) },
			"", nodeOf(`, "AssumeRolePolicyDocument": {}`), account.RoleKey(ours, "node"), nodeOf("")},
		"tags": {func(f *account.Facts) string { return stateOf(f.Role(roleARN).Value.Tags) },
			"", nodeOf(`, "Tags": []`), account.RoleKey(ours, "node"), nodeOf("")},
		"boundary": {func(f *account.Facts) string { return stateOf(f.Role(roleARN).Value.Boundary) },
			nodeOf(`, "PermissionsBoundary": null`), nodeOf(`, "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/A"}`),
			account.RoleKey(ours, "node"), nodeOf(`, "RolePolicyList": []`)},
		"profiles of a role": {func(f *account.Facts) string { return stateOf(f.ProfilesOf(roleARN)) },
			nodeOf(`, "InstanceProfileList": []`),
			nodeOf(`, "InstanceProfileList": [{"InstanceProfileName": "p", "Arn": "arn:aws:iam::111122223333:instance-profile/p", "Roles": []}]`),
			account.ProfilesKey(ours, "node"), nodeOf("")},
		"inline policies": {func(f *account.Facts) string { return layer(f.Layers(roleARN, "arn:aws:s3:::b/*").Identity) },
			"", nodeOf(`, "AttachedManagedPolicies": [], "RolePolicyList": [{"PolicyName": "a", "PolicyDocument": {}}]`),
			account.InlineKey(ours, "node"), nodeOf(`, "AttachedManagedPolicies": []`)},
		"an inline policy": {func(f *account.Facts) string { return layer(f.Layers(roleARN, "arn:aws:s3:::b/*").Identity) },
			"", nodeOf(`, "AttachedManagedPolicies": [], "RolePolicyList": [{"PolicyName": "a", "PolicyDocument": {}}]`),
			account.InlinePolicyKey(ours, "node", "a"), nodeOf(`, "AttachedManagedPolicies": [], "RolePolicyList": [{"PolicyName": "a"}]`)},
		"managed policies": {func(f *account.Facts) string { return layer(f.Layers(roleARN, "arn:aws:s3:::b/*").Identity) },
			"", nodeOf(`, "AttachedManagedPolicies": [], "RolePolicyList": [{"PolicyName": "a", "PolicyDocument": {}}]`),
			account.AttachedKey(ours, "node"), nodeOf(`, "RolePolicyList": []`)},
		"a managed policy": {func(f *account.Facts) string { return layer(f.Layers(roleARN, "arn:aws:s3:::b/*").Identity) },
			"", strings.TrimSuffix(nodeOf(`, "RolePolicyList": [], "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/m"}]`), "}}") +
				`, "Policies": [{"Arn": "arn:aws:iam::111122223333:policy/m", "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v1", "Document": {}}]}]}}`,
			account.PolicyKey(ours, "arn:aws:iam::111122223333:policy/m"),
			nodeOf(`, "RolePolicyList": [], "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/m"}]`)},
		"bucket": {func(f *account.Facts) string { return stateOf(f.Bucket("b")) }, `"buckets": {"b": null}`, `"buckets": {"b": {}}`,
			account.BucketKey("b"), `"buckets": {"c": null}`},
		"owner": {func(f *account.Facts) string { return stateOf(f.Bucket("b").Value.Owner) }, "", `"buckets": {"b": {"Account": "111122223333"}}`,
			account.BucketKey("b") + account.OwnerPart, `"buckets": {"b": {}}`},
		"region": {func(f *account.Facts) string { return stateOf(f.Bucket("b").Value.Region) }, "", `"buckets": {"b": {"BucketRegion": "us-west-2"}}`,
			account.BucketKey("b"), `"buckets": {"b": {}}`},
		"encryption": {func(f *account.Facts) string { return stateOf(f.Bucket("b").Value.Encryption) },
			`"buckets": {"b": {"ServerSideEncryptionConfiguration": null}}`,
			`"buckets": {"b": {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}}}`,
			account.BucketKey("b") + account.EncryptionPart, `"buckets": {"b": {}}`},
		"ownership": {func(f *account.Facts) string { return stateOf(f.Bucket("b").Value.Ownership) }, `"buckets": {"b": {"OwnershipControls": null}}`,
			`"buckets": {"b": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}}`,
			account.BucketKey("b") + account.OwnershipPart, `"buckets": {"b": {}}`},
		"public access block": {func(f *account.Facts) string { return stateOf(f.Bucket("b").Value.PublicAccessBlock) },
			`"buckets": {"b": {"PublicAccessBlockConfiguration": null}}`, `"buckets": {"b": {"PublicAccessBlockConfiguration": ` + open + `}}`,
			account.BucketKey("b") + account.PublicAccessBlockPart, `"buckets": {"b": {}}`},
		"bucket policy": {func(f *account.Facts) string { return stateOf(f.Bucket("b").Value.Policy) },
			`"buckets": {"b": {}}, "resource_policies": {"arn:aws:s3:::b": null}`, `"buckets": {"b": {}}, "resource_policies": {"arn:aws:s3:::b": {}}`,
			account.ResourcePolicyKey("arn:aws:s3:::b"), `"buckets": {"b": {}}`},
		"key": {func(f *account.Facts) string { return stateOf(f.Key(keyARN)) }, `"keys": {"` + keyARN + `": null}`,
			`"keys": {"` + keyARN + `": {"KeyMetadata": {"Arn": "` + keyARN + `"}}}`, account.KMSKey(keyARN), `"keys": {}`},
		"key policy": {func(f *account.Facts) string { return stateOf(f.PolicyFact(keyARN)) }, `"resource_policies": {"` + keyARN + `": null}`,
			`"resource_policies": {"` + keyARN + `": {}}`, account.ResourcePolicyKey(keyARN), `"keys": {"` + keyARN + `": {"KeyMetadata": {"Arn": "` + keyARN + `"}}}`},
		"grants": {func(f *account.Facts) string { return stateOf(f.Key(keyARN).Value.Grants) }, "",
			`"keys": {"` + keyARN + `": {"KeyMetadata": {"Arn": "` + keyARN + `"}, "Grants": []}}`, account.KMSKey(keyARN) + account.GrantsPart,
			`"keys": {"` + keyARN + `": {"KeyMetadata": {"Arn": "` + keyARN + `"}}}`},
		"repository": {func(f *account.Facts) string { return stateOf(f.Repository(repoARN)) }, `"repositories": {"` + repoARN + `": null}`,
			`"repositories": {"` + repoARN + `": {"repositoryArn": "` + repoARN + `"}}`, account.RepositoryKey(repoARN), `"repositories": {}`},
		"registry policy": {func(f *account.Facts) string { return stateOf(f.PolicyFact(account.RegistryARN(repoARN))) },
			`"resource_policies": {"arn:aws:ecr:us-west-2:111122223333:registry": null}`, `"resource_policies": {"arn:aws:ecr:us-west-2:111122223333:registry": {}}`,
			account.ResourcePolicyKey("arn:aws:ecr:us-west-2:111122223333:registry"), `"repositories": {}`},
		"organization": {func(f *account.Facts) string { return stateOf(f.Organization(ours)) }, `"organization": {"111122223333": null}`,
			`"organization": {"111122223333": {"Id": "o-1"}}`, account.OrganizationKey(ours), `"organization": {"444455556666": null}`},
		"caller": {func(f *account.Facts) string { return stateOf(f.Caller()) }, "",
			`"taken_by": {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/ci", "UserId": "A"}`, account.CallerKey, `"iam": {}`},
	} {
		t.Run(name, func(t *testing.T) {
			snapshot := func(body string) *account.Facts {
				return load(t, save(t, load(t, `{"version": 1, `+body+`}`))) // what is saved has the same states
			}
			for want, body := range map[string]string{
				unheld: c.absent, "none": c.none, "known": c.known,
				stranger: c.absent + `, "unread": {"` + c.unread + `": ` + denied + `}`,
			} {
				if body == "" {
					continue
				}
				got := c.get(snapshot(body))
				if got, _, _ := strings.Cut(got, ": 1"); got != want {
					t.Errorf("{%s}: %s, want %s", body, got, want)
				}
			}
			if got := c.get(nil); name != "caller" && got != "not asked" && got != "not read: it was not asked for" {
				t.Errorf("without facts: %s", got)
			}
		})
	}
}

// open is a public access block of which nothing is on.
const open = `{"BlockPublicAcls": false, "IgnorePublicAcls": false, "BlockPublicPolicy": false, "RestrictPublicBuckets": false}`

// TestPublicAccessStates: a block that was not read may be on, wherever it stands.
func TestPublicAccessStates(t *testing.T) {
	shut := strings.Replace(open, `"RestrictPublicBuckets": false`, `"RestrictPublicBuckets": true`, 1)
	for _, c := range []struct {
		bucket, account string
		want            policy.PublicAccess
	}{
		{open, open, policy.PublicAccessOpen}, {"null", "null", policy.PublicAccessOpen}, {open, shut, policy.PublicAccessRestricted},
		{shut, open, policy.PublicAccessRestricted}, {shut, "", policy.PublicAccessRestricted}, {"", shut, policy.PublicAccessRestricted},
		{open, "", policy.PublicAccessUnknown}, {"", open, policy.PublicAccessUnknown}, {"", "", policy.PublicAccessUnknown}, {"null", "", policy.PublicAccessUnknown},
	} {
		text := `{"version": 1, "buckets": {"b": {"Account": "111122223333"`
		if c.bucket != "" {
			text += `, "PublicAccessBlockConfiguration": ` + c.bucket
		}
		text += `}}`
		if c.account != "" {
			text += `, "public_access_blocks": {"111122223333": ` + c.account + `}`
		}
		if got := load(t, text+`}`).Layers(roleARN, "arn:aws:s3:::b/*").PublicAccess; got != c.want {
			t.Errorf("bucket %q, account %q: %v, want %v", c.bucket, c.account, got, c.want)
		}
	}
	// Of a bucket whose owner is not known, no account's block is its own.
	if got := load(t, `{"version": 1, "buckets": {"b": {"PublicAccessBlockConfiguration": null}}, "public_access_blocks": {"111122223333": null}}`).
		Layers(roleARN, "arn:aws:s3:::b/*").PublicAccess; got != policy.PublicAccessUnknown {
		t.Errorf("without an owner: %v", got)
	}
}
