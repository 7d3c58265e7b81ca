package account_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/account"
	"ccx/transform/policy"
)

const (
	key1 = "arn:aws:kms:us-west-2:" + ours + ":key/1"
	repo = "arn:aws:ecr:us-west-2:" + ours + ":repository/ml/train"
)

// TestKey: the states of a key and of its parts.
func TestKey(t *testing.T) {
	f := load(t, everything)
	k := f.Key(key1)
	want := account.Key{ARN: key1, Account: ours, Region: "us-west-2", Manager: "CUSTOMER", State: "Enabled", Enabled: true, Spec: "SYMMETRIC_DEFAULT", Usage: "ENCRYPT_DECRYPT",
		Grants: account.Fact[[]account.KeyGrant]{State: account.Known, Value: []account.KeyGrant{{ID: "g1", Grantee: "arn:aws:iam::" + ours + ":role/backup", Operations: []string{"Decrypt"}}}}}
	got := k.Value
	if got.Policy.Value.Name != "key policy of "+key1 || got.Policy.Value.Policy == nil {
		t.Errorf("policy: %+v", got.Policy)
	}
	got.Policy = account.Fact[policy.Named]{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for arn, want := range map[string]string{
		"arn:aws:kms:us-west-2:444455556666:key/gone": "none",
		"arn:aws:kms:us-west-2:444455556666:key/shy":  "arn:aws:iam::444455556666:user/ci may not call kms:DescribeKey (AccessDeniedException)",
		"arn:aws:kms:us-west-2:444455556666:key/new":  "the snapshot does not hold it",
	} {
		got := f.Key(arn)
		if text := got.Reason(); got.State == account.None && want != "none" || got.State != account.None && text != want {
			t.Errorf("%s: %+v, want %s", arn, got, want)
		}
	}
}

// TestKeyGrants: a grant that may be the role's, and grants that were not read, can only allow.
func TestKeyGrants(t *testing.T) {
	for grants, want := range map[string]string{
		``:             "the snapshot does not hold it",
		`"Grants": []`: "",
		`"Grants": [{"GranteePrincipal": "arn:aws:iam::111122223333:role/backup", "Operations": []}]`:           "",
		`"Grants": [{"GranteePrincipal": "arn:aws:iam::111122223333:user/backup", "Operations": []}]`:           "",
		`"Grants": [{"GranteePrincipal": "arn:aws:iam::111122223333:role/teams/ml/node", "Operations": []}]`:    "a grant for " + node + " may cover it",
		`"Grants": [{"GranteePrincipal": "arn:aws:iam::111122223333:role/Teams/ml/node", "Operations": []}]`:    "a grant for arn:aws:iam::111122223333:role/Teams/ml/node may cover it",
		`"Grants": [{"GranteePrincipal": "arn:aws:iam::111122223333:root", "Operations": []}]`:                  "a grant for arn:aws:iam::111122223333:root may cover it",
		`"Grants": [{"GranteePrincipal": "arn:aws:sts::111122223333:assumed-role/node/i-1", "Operations": []}]`: "a grant for arn:aws:sts::111122223333:assumed-role/node/i-1 may cover it",
		`"Grants": [{"GranteePrincipal": "AROAEXAMPLE", "Operations": []}]`:                                     "a grant for AROAEXAMPLE may cover it",
		`"Grants": [{"Operations": ["Decrypt"]}]`:                                                               "a grant for somebody may cover it",
		`"Grants": null`: "",
	} {
		if grants != "" {
			grants = ", " + grants
		}
		f := load(t, fmt.Sprintf(`{"version": 1, "resource_policies": {%q: {}}, "keys": {%[1]q: {"KeyMetadata": {"Arn": %[1]q}%s}}}`, key1, grants))
		layer := f.Layers(node, key1).Resource
		got := ""
		for _, m := range layer.Missing {
			if got = m.Reason; !m.OnlyAllows || m.Assumable {
				t.Errorf("%s: %+v", grants, m)
			}
		}
		if got != want || len(layer.Policies) != 1 {
			t.Errorf("%s: got %q, want %q", grants, got, want)
		}
	}
}

// TestKeyARN: which key a bucket's encryption means. What can change its meaning has none.
func TestKeyARN(t *testing.T) {
	for id, want := range map[string]string{
		key1:           key1,
		"1234-ab":      "arn:aws:kms:us-west-2:" + ours + ":key/1234-ab",
		"mrk-1234":     "arn:aws:kms:us-west-2:" + ours + ":key/mrk-1234",
		"":             "",
		"alias/k":      "",
		"alias/aws/s3": "",
		"arn:aws:kms:us-west-2:111122223333:alias/k": "",
		"arn:aws:kms:us-west-2:111122223333:key/*":   "",
		"arn:aws:kms:us-west-2::key/1":               "",
	} {
		if got := (account.Encryption{KeyID: id}).KeyARN("aws", "us-west-2", ours); got != want {
			t.Errorf("%q: got %q, want %q", id, got, want)
		}
	}
	if got := (account.Encryption{KeyID: "1234"}).KeyARN("aws", "us-west-2", ""); got != "" {
		t.Errorf("nobody's key: %q", got)
	}
}

// TestRepository: the states of a repository and of its policy.
func TestRepository(t *testing.T) {
	f := load(t, everything)
	got := f.Repository(repo)
	if r := got.Value; got.State != account.Known || r.Account != ours || r.Region != "us-west-2" || r.Name != "ml/train" ||
		r.URI != ours+".dkr.ecr.us-west-2.amazonaws.com/ml/train" || r.Policy.State != account.None {
		t.Errorf("%+v", got)
	}
	if got := f.Repository(strings.Replace(repo, "ml/train", "r", 1)); got.State != account.None {
		t.Errorf("%+v", got)
	}
	if got := f.Repository(repo + "2"); got.Unread.Class != account.NotRecorded || got.Unread.Account != ours {
		t.Errorf("%+v", got)
	}
}

// TestRegistryPolicy: a registry's policy counts unless it speaks of replication and the like alone.
func TestRegistryPolicy(t *testing.T) {
	for registry, want := range map[string]string{
		`null`: "nil",
		`{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["ecr:ReplicateImage", "ecr:CreateRepository"], "Resource": "*"}]}`: "nil",
		`{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:*", "Resource": "*"}]}`:                                        "!",
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage", "Resource": "*"}]}`:                             "!",
		`{"Statement": [{"Effect": "Deny", "Principal": "*", "NotAction": "ecr:ReplicateImage", "Resource": "*"}]}`:                         "!",
		`{"Statement": [{"Effekt": "Deny", "Principal": "*", "Action": "ecr:ReplicateImage", "Resource": "*"}]}`:                            "!",
		`"no policy"`: "!",
	} {
		f := load(t, fmt.Sprintf(`{"version": 1, "resource_policies": {%q: null, %q: %s}}`, repo, account.RegistryARN(repo), registry))
		if got := shown(f.Layers(node, repo).Resource); !strings.HasPrefix(got, want) || want == "nil" && got != want {
			t.Errorf("%s: got %s, want %s", registry, got, want)
		}
	}
}

// TestKeysRefused: an entry that is another key's is no fact.
func TestKeysRefused(t *testing.T) {
	for body, want := range map[string]string{
		`"keys": {"` + key1 + `": {"KeyMetadata": {"Arn": "arn:aws:kms:us-west-2:444455556666:key/1"}}}`: "says that it is",
		`"keys": {"` + key1 + `": {"KeyMetadata": {"Enabled": "true"}}}`:                                 "this must be true or false",
		`"keys": {"` + key1 + `": {"KeyMetadata": {"Enabld": true}}}`:                                    `unknown key "Enabld"`,
		`"keys": {"` + key1 + `": {}}`:                                                                   "says that it is",
		`"keys": {"alias/k": null}`:                                                                      "is not the ARN of an entry",
		`"keys": {"` + key1 + `": {"grants": []}}`:                                                       `unknown key "grants"`,
		`"repositories": {"` + repo + `": {"repositoryArn": ""}}`:                                        "says that it is",
		`"repositories": {"ml/train": null}`:                                                             "is not the ARN of an entry",
	} {
		_, err := account.Load("f", strings.NewReader(`{"version": 1, `+body+`}`))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

// TestKeysOffline: without facts nothing of a key or repository is known, and nothing panics.
func TestKeysOffline(t *testing.T) {
	var f *account.Facts
	if f.Key(key1).State != account.NotAsked || f.Repository(repo).State != account.NotAsked || f.PolicyText(key1) != "" {
		t.Error("known without facts")
	}
	for _, arn := range []string{key1, repo, "arn:aws:sqs:us-west-2:" + ours + ":q"} {
		if got := shown(f.Layers(node, arn).Resource); !strings.Contains(got, "it was not asked for") {
			t.Errorf("%s: %s", arn, got)
		}
	}
}

// TestRecordedKeys: what a live run records reads back the same, in one order.
func TestRecordedKeys(t *testing.T) {
	rec := account.NewRecorder(noon, "")
	rec.Key(key1, &account.KeyDetail{Metadata: account.KeyMetadata{ARN: key1, Account: ours, Enabled: true, State: "Enabled"},
		Grants: account.Have([]account.KeyGrant{{ID: "b", Grantee: "x"}, {ID: "a", Grantee: "y", Operations: []string{"Decrypt"}}})})
	rec.Key(key1+"2", nil)
	rec.Repository(repo, &account.RepositoryDetail{ARN: repo, Registry: ours, Name: "ml/train"})
	rec.ResourcePolicy(key1, account.NewDocument(`{"Statement": []}`))
	text := save(t, rec.Facts())
	again := load(t, text)
	if got := save(t, again); got != text {
		t.Error(cmp.Diff(text, got))
	}
	if g := again.Key(key1).Value.Grants.Value; len(g) != 2 || g[0].ID != "a" {
		t.Errorf("%+v", g)
	}
	if again.PolicyText(key1) == "" || again.PolicyText(repo) != "" {
		t.Error("the text of a policy")
	}
}
