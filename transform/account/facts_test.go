package account_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/account"
)

// said writes a fact down in a word or two: its value by show, "none", "not asked", or the class of its reason.
func said[T any](f account.Fact[T], show func(T) string) string {
	switch f.State {
	case account.Known:
		return show(f.Value)
	case account.NotRead:
		return f.Unread.Class.String()
	}
	return f.State.String()
}

func text(s string) string                        { return s }
func profileARN(p account.InstanceProfile) string { return strings.TrimPrefix(p.ARN, "arn:aws:iam::") }
func roleID(r account.Role) string                { return strings.TrimPrefix(r.ARN, "arn:aws:iam::") }
func bucketName(b account.Bucket) string          { return b.Name }
func names(ps []account.InstanceProfile) (out string) {
	for _, p := range ps {
		out += p.Name + " "
	}
	return out
}

// TestStates asks a snapshot for what it holds, what it says is not there, what it could not read, and what it lacks.
func TestStates(t *testing.T) {
	f := load(t, everything)
	role := func(rest string) string { return "arn:aws:iam::" + rest }
	for what, c := range map[string]struct{ got, want string }{
		"caller":                     {said(f.Caller(), func(id account.Identity) string { return id.Account }), ours},
		"profile":                    {said(f.Profile(ours, "zeta"), profileARN), ours + ":instance-profile/zeta"},
		"profile at home":            {said(f.Profile("", "zeta"), profileARN), ours + ":instance-profile/zeta"},
		"profile in another case":    {said(f.Profile(ours, "ALPHA"), profileARN), ours + ":instance-profile/Alpha"},
		"profile said to be absent":  {said(f.Profile(ours, "zetA"), profileARN), "none"},
		"profile with a path":        {said(f.Profile(ours, "empty"), profileARN), ours + ":instance-profile/x:y/empty"},
		"profile not recorded":       {said(f.Profile(ours, "gone"), profileARN), "not recorded"},
		"profile in a whole list":    {said(f.Profile(theirs, "gone"), profileARN), "none"},
		"profile in no account":      {said(f.Profile("999900001111", "zeta"), profileARN), "not recorded"},
		"profiles of a role":         {said(f.ProfilesOf(role(ours+":role/teams/ml/node")), names), "Alpha zeta "},
		"profiles not recorded":      {said(f.ProfilesOf(role(ours+":role/free")), names), "not recorded"},
		"profiles of no role":        {said(f.ProfilesOf(role(ours+":role/ghost")), names), "none"},
		"role":                       {said(f.Role(role(ours+":role/teams/ml/node")), roleID), ours + ":role/teams/ml/node"},
		"role with another path":     {said(f.Role(role(ours+":role/node")), roleID), "none"},
		"role in another case":       {said(f.Role(role(ours+":role/teams/ml/Node")), roleID), "none"},
		"role by name":               {said(f.RoleByName(ours, "node"), roleID), ours + ":role/teams/ml/node"},
		"role by name at home":       {said(f.RoleByName("", "node"), roleID), ours + ":role/teams/ml/node"},
		"role by name in other case": {said(f.RoleByName(ours, "NODE"), roleID), ours + ":role/teams/ml/node"},
		"role said to be absent":     {said(f.RoleByName(ours, "ghost"), roleID), "none"},
		"role not recorded":          {said(f.RoleByName(ours, "gone"), roleID), "not recorded"},
		"role in a whole list":       {said(f.RoleByName(theirs, "gone"), roleID), "none"},
		"no role ARN":                {said(f.Role("arn:aws:iam::111122223333:user/u"), roleID), "unreachable"},
		"bucket":                     {said(f.Bucket("acme"), bucketName), "acme"},
		"no such bucket":             {said(f.Bucket("quiet"), bucketName), "none"},
		"bucket not recorded":        {said(f.Bucket("gone"), bucketName), "not recorded"},
		"bucket throttled":           {said(f.Bucket("late"), bucketName), "unreachable"},
		"organization":               {said(f.Organization(ours), func(o account.Organization) string { return o.ID + " " + o.Management }), "o-acme 999900001111"},
		"no organization":            {said(f.Organization(theirs), func(account.Organization) string { return "" }), "none"},
		"organization not recorded":  {said(f.Organization("999900001111"), func(account.Organization) string { return "" }), "not recorded"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", what, c.got, c.want)
		}
	}
}

// TestPartsOfARole: each part of a role has a state of its own.
func TestPartsOfARole(t *testing.T) {
	f := load(t, everything)
	boundary := func(name string) string { return said(f.RoleByName(ours, name).Value.Boundary, text) }
	for name, want := range map[string]string{"node": "arn:aws:iam::" + ours + ":policy/fence", "free": "none", "listed": "not recorded"} {
		if got := boundary(name); got != want {
			t.Errorf("boundary of %s: got %s, want %s", name, got, want)
		}
	}
	node, listed := f.RoleByName(ours, "node").Value, f.RoleByName(ours, "listed").Value
	if diff := cmp.Diff(map[string]string{"team": "ml"}, node.Tags.Value); diff != "" {
		t.Error(diff)
	}
	if node.Trust.Value.Name != "trust policy of node" || node.Trust.Value.Policy == nil || node.ID != "AROANODE" {
		t.Errorf("got %+v", node)
	}
	if listed.Tags.State != account.NotRead || listed.Trust.State != account.NotRead {
		t.Errorf("what a list leaves out is taken for none: %+v", listed)
	}
	gaad := load(t, `{"version": 1, "iam": {"111122223333": {"RoleDetailList": [
		{"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r", "RolePolicyList": [], "AttachedManagedPolicies": [], "Tags": []}]}}}`)
	if r := gaad.RoleByName(ours, "r").Value; r.Boundary.State != account.None || r.Tags.State != account.Known {
		t.Errorf("get-account-authorization-details leaves out a boundary that is not there: %+v", r)
	}
}

func TestPartsOfABucket(t *testing.T) {
	f := load(t, everything)
	show := func(name string) []string {
		b := f.Bucket(name).Value
		return []string{
			said(b.Owner, text), said(b.Region, text), said(b.Ownership, text),
			said(b.Encryption, func(e account.Encryption) string { return e.Algorithm + " " + e.KeyID }),
			said(b.PublicAccessBlock, func(p account.PublicAccessBlock) string {
				return map[bool]string{true: "restricted", false: "open"}[p.RestrictPublicBuckets]
			}),
		}
	}
	for name, want := range map[string][]string{
		"acme": {ours, "us-west-2", "BucketOwnerEnforced", "aws:kms alias/acme", "restricted"},
		"bare": {theirs, "not recorded", "none", "none", "none"},
		"shy":  {"denied", "eu-west-1", "not recorded", "not recorded", "not recorded"},
	} {
		if diff := cmp.Diff(want, show(name)); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
	}
	if p := f.Bucket("shy").Value.Policy; p.Unread.Class != account.Elsewhere {
		t.Errorf("policy of shy: %+v", p)
	}
	if p := f.Bucket("bare").Value.Policy; p.State != account.None {
		t.Errorf("policy of bare: %+v", p)
	}
}

// TestOffline: without facts, everything is not asked for, and nothing panics.
func TestOffline(t *testing.T) {
	var f *account.Facts
	states := []account.State{
		f.Caller().State, f.Profile(ours, "p").State, f.Profile("", "p").State, f.ProfilesOf("arn:aws:iam::111122223333:role/r").State,
		f.Role("arn:aws:iam::111122223333:role/r").State, f.RoleByName("", "r").State, f.Bucket("b").State, f.Organization(ours).State,
		f.Provenance().Caller.State,
	}
	for i, s := range states {
		if s != account.NotAsked {
			t.Errorf("%d: %s", i, s)
		}
	}
	if f.Home() != "" || f.Provenance().Live() {
		t.Errorf("home %q, provenance %+v", f.Home(), f.Provenance())
	}
}

func TestHome(t *testing.T) {
	for text, want := range map[string]string{
		everything:       ours,
		`{"version": 1}`: "",
		`{"version": 1, "iam": {"444455556666": {}}}`:                     theirs,
		`{"version": 1, "iam": {"444455556666": {}, "111122223333": {}}}`: "",
	} {
		f := load(t, text)
		if got := f.Home(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if want == "" && f.Profile("", "p").Unread.Class != account.NotRecorded {
			t.Errorf("got %+v", f.Profile("", "p"))
		}
	}
}

func TestProvenance(t *testing.T) {
	p := load(t, everything).Provenance()
	if p.Name != "facts.json" || p.Live() || !p.TakenAt.Equal(noon) || p.Endpoint != "http://127.0.0.1:5000" {
		t.Errorf("got %+v", p)
	}
	rec := account.NewRecorder(noon, "http://x")
	rec.Unread(account.CallerKey, account.Unread{Class: account.Unreachable, Message: "no AWS credentials"})
	live := rec.Facts()
	if p := live.Provenance(); !p.Live() || p.Endpoint != "http://x" || p.Caller.Reason() != "no AWS credentials" {
		t.Errorf("got %+v", p)
	}
	if got := live.Profile("", "p"); got.Reason() != "no AWS credentials" {
		t.Errorf("a profile of nobody: %+v", got)
	}
}

// TestRecorder: the profile that was asked for by name goes before the one in a role's list.
func TestRecorder(t *testing.T) {
	rec := account.NewRecorder(noon, "")
	listed := account.ProfileDetail{Name: "p", ARN: "arn:aws:iam::" + ours + ":instance-profile/old/p", Roles: []account.ProfileRole{}}
	asked := account.ProfileDetail{Name: "p", ARN: "arn:aws:iam::" + ours + ":instance-profile/p", Roles: []account.ProfileRole{}}
	role := nodeRole("r")
	role.Profiles = account.Have([]account.ProfileDetail{listed, {Name: "q", ARN: "arn:aws:iam::" + ours + ":instance-profile/q"}})
	rec.Profile(ours, asked)
	rec.Role(ours, role)
	f := rec.Facts()
	if got := f.Profile(ours, "p").Value.ARN; got != asked.ARN {
		t.Errorf("got %s", got)
	}
	if f.Profile(ours, "q").State != account.Known || f.Profile(ours, "x").State != account.NotAsked {
		t.Error("q or x")
	}
	load(t, save(t, f)) // and it is a snapshot
}

func TestReasons(t *testing.T) {
	for want, u := range map[string]account.Unread{
		"arn:x may not call iam:GetRole (AccessDenied)":                {Class: account.Denied, Caller: "arn:x", Operation: "iam:GetRole", Code: "AccessDenied"},
		"the caller may not call AWS (denied)":                         {Class: account.Denied},
		"no credentials for account 444455556666: the caller is arn:x": {Class: account.Elsewhere, Account: theirs, Caller: "arn:x"},
		"no credentials for the account that owns it":                  {Class: account.Elsewhere},
		"iam:GetRole: no answer in time":                               {Class: account.Unreachable, Operation: "iam:GetRole", Message: "no answer in time"},
		"no answer":                                                    {Class: account.Unreachable},
		"the snapshot does not hold it":                                {Class: account.NotRecorded},
		"it was not asked for":                                         {},
	} {
		if got := u.Reason(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := (account.Fact[string]{State: account.None}).Reason(); got != "" {
		t.Errorf("got %q", got)
	}
	if got := account.State(9).String() + account.Class(9).String(); got != "state 9class 9" {
		t.Errorf("got %q", got)
	}
}

// TestSplit takes ARNs apart whose paths hold what paths may hold.
func TestSplit(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:iam::111122223333:role/r":             "111122223333 r",
		"arn:aws-cn:iam::111122223333:role/a:b/!~/r":   "111122223333 r",
		"arn:aws:iam::111122223333:role/":              "",
		"arn:aws:iam::111122223333:instance-profile/r": "",
		"arn:aws:iam:::role/r":                         "",
		"arn:aws:sts::111122223333:role/r":             "",
		"role/r":                                       "",
		"":                                             "",
	} {
		account, name, ok := account.SplitRole(arn)
		if got := strings.TrimSpace(account + " " + name); ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v", arn, got, ok)
		}
	}
}

func TestWantsEmpty(t *testing.T) {
	if !(account.Wants{Region: "us-west-2", Partition: "aws"}).Empty() || (account.Wants{Buckets: []account.BucketWant{{}}}).Empty() {
		t.Error("a region is nothing to ask for, a bucket is")
	}
}
