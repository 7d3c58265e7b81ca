package live

import (
	"strings"
	"testing"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// encryptedWith makes acme's default encryption use a key, as it is written there.
func encryptedWith(f *fakeaws.Fake, key string) {
	f.Buckets["acme"].Encryption = `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>` + key + `</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule>`
}

// TestKeyOfABucket: the key follows from the bucket where its name is unmistakable, and from nothing else.
func TestKeyOfABucket(t *testing.T) {
	for name, c := range map[string]struct {
		written, key string
		state        account.State
	}{
		"by its ARN":          {keyOurs, keyOurs, account.Known},
		"by its id":           {"0a1b", keyOurs, account.Known},
		"that does not exist": {keyOurs + "9", keyOurs + "9", account.None},
		"an alias":            {"alias/k", "", account.NotAsked},
		"an alias's ARN":      {"arn:aws:kms:us-west-2:" + ours + ":alias/k", "", account.NotAsked},
		"of another account":  {keyTheirs, keyTheirs, account.NotRead},
	} {
		t.Run(name, func(t *testing.T) {
			f := fakeaws.New(t)
			encryptedWith(f, c.written)
			facts := gather(t, Options{}, nodeWants(ours))
			key := facts.Key(c.key)
			if key.State != c.state {
				t.Errorf("got %+v", key)
			}
			if c.state == account.NotAsked && f.Asked()["kms:DescribeKey"] > 0 {
				t.Error("a key was asked for")
			}
			if c.state == account.NotRead && (key.Unread.Class != account.Elsewhere || key.Unread.Account != theirs) {
				t.Errorf("got %+v", key.Unread)
			}
		})
	}
}

// TestKeyOfAnotherAccount is read with that account's credentials, each part of it.
func TestKeyOfAnotherAccount(t *testing.T) {
	f := fakeaws.New(t)
	encryptedWith(f, keyTheirs)
	facts := gather(t, Options{Accounts: map[string]string{theirs: "profile:theirs"}}, nodeWants(ours))
	key, ok := facts.Key(keyTheirs).Get()
	if !ok || key.Account != theirs || key.Enabled || key.State != "Disabled" || key.Policy.State != account.Known || key.Grants.State != account.Known || len(key.Grants.Value) != 0 {
		t.Errorf("got %+v", key)
	}
	for _, c := range f.Calls() {
		if strings.HasPrefix(c.Operation, "kms:") && c.Key != "AKIATHEIRS" && c.Key != "AKIAOURS" {
			t.Errorf("%s with %s", c.Operation, c.Key)
		}
	}
	elsewhere := gather(t, Options{}, nodeWants(ours))
	if l := elsewhere.Layers(roleARN(ours, "teams/node"), keyTheirs).Resource; len(l.Missing) != 2 || l.Missing[0].OnlyAllows || l.Missing[0].Assumable {
		t.Errorf("the policy of a key that nobody could read: %+v", l)
	}
}

// TestKeyGrantsInPages: a list of grants is read to its end.
func TestKeyGrantsInPages(t *testing.T) {
	f := fakeaws.New(t)
	f.PageSize = 1
	facts := gather(t, Options{}, account.Wants{Keys: []string{keyOurs}})
	if g := facts.Key(keyOurs).Value.Grants; len(g.Value) != 2 || g.Value[0].Operations[0] != "Decrypt" || f.Asked()["kms:ListGrants"] != 2 {
		t.Errorf("%+v, %v", g, f.Asked())
	}
}

// TestKeyRoundTrips: the key is the third after the bucket and its encryption, whatever else is asked for.
func TestKeyRoundTrips(t *testing.T) {
	f := fakeaws.New(t)
	w := nodeWants(ours)
	w.Profiles = []account.ProfileWant{{Account: ours, Name: "other"}}
	w.Keys = []string{keyOurs, keyOurs}
	w.Repositories = []string{repoOurs, repoOurs}
	trips := roundTrips(f, 4, func() { gather(t, Options{}, w) })
	if trips > 4 || f.Asked()["kms:DescribeKey"] != 1 || f.Asked()["ecr:GetRegistryPolicy"] != 1 {
		t.Errorf("depth %d, calls %v", trips, f.Asked())
	}
}

// TestHostileKeys: what is no ARN of a key or repository is not sent to a host that it names.
func TestHostileKeys(t *testing.T) {
	f := fakeaws.New(t)
	facts := gather(t, Options{}, account.Wants{
		Keys:         []string{"arn:aws:kms:evil.example.com:" + ours + ":key/1", "nonsense", "arn:aws:kms:us-west-2:" + ours + ":alias/x"},
		Repositories: []string{"arn:aws:ecr:evil.example.com:" + ours + ":repository/r", "nonsense"},
	})
	for operation := range f.Asked() {
		if !strings.HasPrefix(operation, "sts:") && !strings.HasPrefix(operation, "organizations:") {
			t.Errorf("%s was called", operation)
		}
	}
	if u := facts.Key("arn:aws:kms:evil.example.com:" + ours + ":key/1"); u.State != account.NotRead || u.Unread.Code != "InvalidName" {
		t.Errorf("%+v", u)
	}
}

// TestRepositories: what ECR says of repositories, their policies and their registry's.
func TestRepositories(t *testing.T) {
	f := fakeaws.New(t)
	gone := strings.Replace(repoOurs, "train", "gone", 1)
	facts := gather(t, Options{}, account.Wants{Repositories: []string{repoOurs, repoTheirs, gone}})
	if r := facts.Repository(repoOurs); r.Value.URI != ours+".dkr.ecr.us-west-2.amazonaws.com/ml/train" || r.Value.Policy.State != account.Known {
		t.Errorf("%+v", r)
	}
	if r := facts.Repository(gone); r.State != account.None {
		t.Errorf("%+v", r)
	}
	if r := facts.Repository(repoTheirs); r.Unread.Class != account.Elsewhere {
		t.Errorf("%+v", r)
	}
	if l := facts.Layers(roleARN(ours, "teams/node"), repoOurs).Resource; len(l.Policies) != 1 || len(l.Missing) != 0 {
		t.Errorf("%+v", l)
	}
	f.Registry = fakeaws.PolicyOf("ecr:*")
	both := gather(t, Options{Accounts: map[string]string{theirs: "profile:theirs"}}, account.Wants{Repositories: []string{repoOurs, repoTheirs}})
	if r := both.Repository(repoTheirs); r.State != account.Known || r.Value.Policy.State != account.None || r.Value.Region != "eu-west-1" {
		t.Errorf("%+v", r)
	}
	if l := both.Layers(roleARN(ours, "teams/node"), repoOurs).Resource; len(l.Missing) != 1 {
		t.Errorf("a registry policy that may govern pulls: %+v", l)
	}
}
