package live

import (
	"bytes"
	"context"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
	"ccx/transform/policy"
)

// gather runs once against the fake.
func gather(t *testing.T, o Options, w account.Wants) *account.Facts {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return New(o).Gather(ctx, w)
}

func roleARN(id, rest string) string { return "arn:aws:iam::" + id + ":role/" + rest }

// nodeWants is what a usual run asks for.
func nodeWants(id string) account.Wants {
	return account.Wants{Profiles: []account.ProfileWant{{Account: id, Name: "node"}},
		Buckets: []account.BucketWant{{Name: "acme"}}, Repositories: []string{repoOurs}, Region: "us-west-2"}
}

func TestEverythingOfARole(t *testing.T) {
	f := fakeaws.New(t)
	var facts *account.Facts
	trips := roundTrips(f, 3, func() { facts = gather(t, Options{}, nodeWants(ours)) })

	if id, _ := facts.Caller().Get(); id.Account != ours || id.ARN != "arn:aws:iam::"+ours+":user/ci" {
		t.Errorf("caller: %+v", facts.Caller())
	}
	if p, _ := facts.Profile(ours, "node").Get(); p.ARN != "arn:aws:iam::"+ours+":instance-profile/node" || len(p.Roles) != 1 {
		t.Errorf("profile: %+v", facts.Profile(ours, "node"))
	}
	role, ok := facts.Role(roleARN(ours, "teams/node")).Get()
	if !ok || role.ID != "AROAnode" || role.Boundary.Value != "arn:aws:iam::"+ours+":policy/fence" || role.Tags.Value["team"] != "ml" ||
		role.Trust.Value.Policy == nil {
		t.Errorf("role: %+v", role)
	}
	bucket, _ := facts.Bucket("acme").Get()
	if bucket.Owner.Value != ours || bucket.Region.Value != "us-west-2" || bucket.Encryption.Value.KeyID != keyOurs ||
		bucket.Ownership.Value != "BucketOwnerEnforced" || !bucket.PublicAccessBlock.Value.RestrictPublicBuckets || bucket.Policy.State != account.Known {
		t.Errorf("bucket: %+v", bucket)
	}
	layers := facts.Layers(role.ARN, "arn:aws:s3:::acme/key")
	var names []string
	for _, p := range layers.Identity.Policies {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{`inline "s3+more"`, "own", "AmazonS3ReadOnlyAccess"}, names); diff != "" || len(layers.Identity.Missing) > 0 {
		t.Errorf("identity: %s%+v", diff, layers.Identity.Missing)
	}
	if layers.Boundary == nil || len(layers.Boundary.Policies) != 1 || len(layers.Resource.Policies) != 1 {
		t.Errorf("boundary %+v, resource %+v", layers.Boundary, layers.Resource)
	}
	want := map[string]int{
		"sts:GetCallerIdentity": 1, "iam:GetInstanceProfile": 1, "iam:GetRole": 1, "iam:ListAttachedRolePolicies": 1,
		"iam:ListRolePolicies": 1, "iam:GetRolePolicy": 1, "iam:GetPolicy": 3, "iam:GetPolicyVersion": 3, "s3:ListBucket": 1,
		"s3:GetBucketPolicy": 1, "s3:GetEncryptionConfiguration": 1, "s3:GetBucketOwnershipControls": 1, "s3:GetBucketPublicAccessBlock": 1,
		"kms:DescribeKey": 1, "s3:GetAccountPublicAccessBlock": 1, "organizations:DescribeOrganization": 1,
		"kms:GetKeyPolicy": 1, "kms:ListGrants": 1, "ecr:DescribeRepositories": 1, "ecr:GetRepositoryPolicy": 1, "ecr:GetRegistryPolicy": 1,
	}
	if diff := cmp.Diff(want, f.Asked()); diff != "" {
		t.Errorf("calls (-want +got): %s", diff)
	}
	if trips != 3 {
		t.Errorf("%d sequential round trips, want 3 where profile and role share a name", trips)
	}
}

// TestRoundTripsOfAnotherName: a profile whose role has another name costs one round trip more.
func TestRoundTripsOfAnotherName(t *testing.T) {
	f := fakeaws.New(t)
	w := nodeWants(ours)
	w.Profiles[0].Name = "other"
	w.Buckets[0].Region = "eu-west-1" // not there: S3 says where it is
	var facts *account.Facts
	trips := roundTrips(f, 4, func() { facts = gather(t, Options{}, w) })
	if facts.Role(roleARN(ours, "teams/node")).State != account.Known || facts.Bucket("acme").Value.Owner.Value != ours {
		t.Errorf("role %+v, bucket %+v", facts.Role(roleARN(ours, "teams/node")), facts.Bucket("acme"))
	}
	if facts.RoleByName(ours, "other").State != account.NotAsked {
		t.Error("the role of the profile's name was looked at ahead; it must not become a fact")
	}
	if trips != 4 {
		t.Errorf("%d sequential round trips, want 4", trips)
	}
}

// TestOnce: each distinct fact is asked for once, however often it is wanted.
func TestOnce(t *testing.T) {
	f := fakeaws.New(t)
	gather(t, Options{}, nodeWants(ours))
	once := f.Asked()
	f.Forget()
	w := nodeWants(ours)
	for range 1000 {
		w.Profiles = append(w.Profiles, account.ProfileWant{Name: "node"}, account.ProfileWant{Account: ours, Name: "node"})
		w.Buckets = append(w.Buckets, w.Buckets[0])
		w.Roles = append(w.Roles, roleARN(ours, "teams/node"))
	}
	gather(t, Options{}, w)
	if diff := cmp.Diff(once, f.Asked()); diff != "" {
		t.Errorf("calls (-one want +a thousand): %s", diff)
	}
}

// TestPages: lists of every kind are read to their end.
func TestPages(t *testing.T) {
	f := fakeaws.New(t)
	f.PageSize = 1
	a := f.Accounts["AKIAOURS"]
	role := a.Roles["node"]
	role.Inline = map[string]string{"a": fakeaws.PolicyOf("s3:A"), "b": fakeaws.PolicyOf("s3:B"), "c": fakeaws.PolicyOf("s3:C")}
	a.Roles["node"] = role
	facts := gather(t, Options{}, account.Wants{ProfilesOf: []account.RoleWant{{Account: ours, Name: "node"}}})
	layers := facts.Layers(role.ARN, "*")
	if len(layers.Identity.Policies) != 5 || len(layers.Identity.Missing) != 0 {
		t.Errorf("identity: %+v", layers.Identity)
	}
	if profiles, _ := facts.ProfilesOf(role.ARN).Get(); len(profiles) != 2 || profiles[0].Name != "node" || profiles[1].Name != "other" {
		t.Errorf("profiles: %+v", facts.ProfilesOf(role.ARN))
	}
	if got := f.Asked()["iam:ListRolePolicies"]; got != 3 {
		t.Errorf("%d pages of inline policies, want 3", got)
	}
}

// TestNames: IAM folds the case of names; what it returned is what counts.
func TestNames(t *testing.T) {
	fakeaws.New(t)
	facts := gather(t, Options{}, account.Wants{
		Profiles:  []account.ProfileWant{{Account: ours, Name: "NODE"}, {Account: ours, Name: "ghost"}, {Account: ours, Name: "empty"}, {Account: ours, Name: "a/b"}},
		Roles:     []string{roleARN(ours, "node"), roleARN(ours, "ghost")},
		RoleNames: []account.RoleWant{{Account: ours, Name: "Plain"}},
	})
	if p := facts.Profile(ours, "NODE"); p.Value.Name != "node" {
		t.Errorf("NODE: %+v", p)
	}
	if p := facts.Profile(ours, "ghost"); p.State != account.None {
		t.Errorf("ghost: %+v", p)
	}
	if p := facts.Profile(ours, "empty"); p.State != account.Known || len(p.Value.Roles) != 0 {
		t.Errorf("empty: %+v", p)
	}
	if p := facts.Profile(ours, "a/b"); p.State != account.NotRead || p.Unread.Code != "InvalidName" {
		t.Errorf("a/b: %+v", p)
	}
	if r := facts.Role(roleARN(ours, "node")); r.State != account.None {
		t.Errorf("a role of that name with another path: %+v", r)
	}
	if r := facts.Role(roleARN(ours, "ghost")); r.State != account.None {
		t.Errorf("ghost role: %+v", r)
	}
	if r := facts.RoleByName(ours, "Plain"); r.Value.Name != "plain" || r.Value.Boundary.State != account.None {
		t.Errorf("Plain: %+v", r)
	}
}

// TestSnapshotIsTheRun: the facts are the same before and after a snapshot, and so are two runs.
func TestSnapshotIsTheRun(t *testing.T) {
	f := fakeaws.New(t)
	f.Buckets["shut"] = &fakeaws.Bucket{Owner: theirs, Region: "eu-central-1"}
	w := nodeWants(ours)
	w.Profiles = append(w.Profiles, account.ProfileWant{Name: "ghost"}, account.ProfileWant{Name: "empty"}, account.ProfileWant{Account: theirs, Name: "node"})
	w.Buckets = append(w.Buckets, account.BucketWant{Name: "shut"}, account.BucketWant{Name: "nowhere"}, account.BucketWant{Name: "BAD"})
	w.ProfilesOf = []account.RoleWant{{Name: "plain"}, {Name: "node"}}
	s := New(Options{})
	save := func(facts *account.Facts) string {
		var out bytes.Buffer
		if err := facts.Save(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	live := s.Gather(context.Background(), w)
	text := save(live)
	loaded, err := account.Load("facts.json", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if again := save(loaded); again != text {
		t.Error(cmp.Diff(text, again))
	}
	without := func(s string) string { return s[strings.Index(s, `"taken_by"`):] }
	if second := save(s.Gather(context.Background(), w)); without(second) != without(text) {
		t.Error(cmp.Diff(text, second))
	}
	for _, secret := range []string{"wJalrXUtnFEMI", "AKIAOURS"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is in the snapshot", secret)
		}
	}
	sameFacts(t, live, loaded, w)
}

// sameFacts compares what the checks can ask.
func sameFacts(t *testing.T, live, loaded *account.Facts, w account.Wants) {
	t.Helper()
	same := func(what string, a, b any) {
		if diff := cmp.Diff(a, b, exportAll); diff != "" {
			t.Errorf("%s (-live +snapshot): %s", what, diff)
		}
	}
	same("caller", live.Caller(), loaded.Caller())
	for _, p := range w.Profiles {
		same("profile "+p.Name, live.Profile(p.Account, p.Name), loaded.Profile(p.Account, p.Name))
	}
	for _, r := range w.ProfilesOf {
		role := live.RoleByName(r.Account, r.Name)
		same("role "+r.Name, role, loaded.RoleByName(r.Account, r.Name))
		same("profiles of "+r.Name, live.ProfilesOf(role.Value.ARN), loaded.ProfilesOf(role.Value.ARN))
		for _, b := range w.Buckets {
			resource := "arn:aws:s3:::" + b.Name + "/k"
			same("layers "+r.Name+" "+b.Name, live.Layers(role.Value.ARN, resource), loaded.Layers(role.Value.ARN, resource))
		}
	}
	for _, b := range w.Buckets {
		same("bucket "+b.Name, live.Bucket(b.Name), loaded.Bucket(b.Name))
	}
}

// TestNothingWanted: no want, no call and no credentials needed.
func TestNothingWanted(t *testing.T) {
	f := fakeaws.New(t)
	facts := gather(t, Options{}, account.Wants{Region: "us-west-2"})
	if len(f.Calls()) != 0 || facts.Caller().State != account.NotAsked || facts.Profile(ours, "node").State != account.NotAsked {
		t.Errorf("calls %v, caller %+v", f.Calls(), facts.Caller())
	}
}

// exportAll lets cmp look into every type.
var exportAll = cmp.Exporter(func(reflect.Type) bool { return true })

type setOf = policy.Set

// TestOneAtATime: the cap on requests only costs time.
func TestOneAtATime(t *testing.T) {
	f := fakeaws.New(t)
	var under, most int
	var mu sync.Mutex
	for _, operation := range operations {
		f.Break(operation, func(http.ResponseWriter, *http.Request) bool {
			mu.Lock()
			under++
			most = max(most, under)
			mu.Unlock()
			time.Sleep(2 * time.Millisecond)
			mu.Lock()
			under--
			mu.Unlock()
			return false
		})
	}
	w := nodeWants(ours)
	w.ProfilesOf = []account.RoleWant{{Name: "node"}}
	for n, want := range map[int]int{1: 1, 3: 3, 0: defaultConcurrency} {
		most = 0
		facts := gather(t, Options{Concurrency: n}, w)
		if most > want {
			t.Errorf("%d requests at once, want at most %d", most, want)
		}
		if l := facts.Layers(roleARN(ours, "teams/node"), "arn:aws:s3:::acme"); len(l.Identity.Policies) != 3 || len(l.Resource.Policies) != 1 {
			t.Errorf("got %+v", l)
		}
	}
}
