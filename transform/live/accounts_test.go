package live

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// TestCallerElsewhere: a thing of the same name, or none, in the caller's account says nothing about another account.
func TestCallerElsewhere(t *testing.T) {
	fakeaws.New(t)
	w := account.Wants{
		Profiles: []account.ProfileWant{{Account: theirs, Name: "node"}, {Account: theirs, Name: "ghost"}},
		Roles:    []string{roleARN(theirs, "teams/node")},
	}
	facts := gather(t, Options{}, w)
	for name, u := range map[string]account.Fact[account.InstanceProfile]{
		"node": facts.Profile(theirs, "node"), "ghost": facts.Profile(theirs, "ghost"),
	} {
		if u.State != account.NotRead || u.Unread.Class != account.Elsewhere || u.Unread.Account != theirs ||
			!strings.Contains(u.Reason(), "no credentials for account "+theirs+": the caller is arn:aws:iam::"+ours+":user/ci") {
			t.Errorf("%s: %+v: %s", name, u, u.Reason())
		}
	}
	if r := facts.Role(roleARN(theirs, "teams/node")); r.Unread.Class != account.Elsewhere {
		t.Errorf("role: %+v", r)
	}
	if facts.Profile(ours, "node").State != account.NotAsked {
		t.Error("our profile of the same name has become a fact")
	}
	if l := facts.Layers(roleARN(theirs, "teams/node"), "*"); len(l.Identity.Missing) != 1 || l.Identity.Missing[0].Assumable {
		t.Errorf("identity: %+v", l.Identity)
	}
}

// TestHome: without an account, the caller's is meant.
func TestHome(t *testing.T) {
	fakeaws.New(t)
	facts := gather(t, Options{}, account.Wants{Profiles: []account.ProfileWant{{Name: "node"}, {Name: "ghost"}}})
	if facts.Home() != ours || facts.Profile("", "node").State != account.Known || facts.Profile(ours, "ghost").State != account.None {
		t.Errorf("home %q: %+v, %+v", facts.Home(), facts.Profile("", "node"), facts.Profile(ours, "ghost"))
	}
}

// TestAccounts reads another account's facts with that account's credentials, however they are configured.
func TestAccounts(t *testing.T) {
	for name, spec := range map[string]map[string]string{
		"profile": {theirs: "profile:theirs"},
		"role":    {theirs: "role:arn:aws:iam::" + theirs + ":role/reader"},
		"default": {"default": "role:arn:aws:iam::{account}:role/reader"},
		"nearest": {theirs: "profile:theirs", "default": "role:arn:aws:iam::{account}:role/nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			f := fakeaws.New(t)
			f.Buckets["far"] = &fakeaws.Bucket{Owner: theirs, Region: "eu-west-1"}
			w := account.Wants{
				Profiles: []account.ProfileWant{{Account: ours, Name: "node"}, {Account: theirs, Name: "node"}, {Account: theirs, Name: "ghost"}},
				Buckets:  []account.BucketWant{{Name: "far"}, {Name: "acme"}},
			}
			facts := gather(t, Options{Accounts: spec}, w)
			for _, id := range []string{ours, theirs} {
				if p := facts.Profile(id, "node"); p.Value.ARN != "arn:aws:iam::"+id+":instance-profile/node" {
					t.Errorf("%s: %+v", id, p)
				}
				if l := facts.Layers(roleARN(id, "teams/node"), "*"); len(l.Identity.Policies) != 3 || len(l.Identity.Missing) != 0 {
					t.Errorf("%s: identity: %+v", id, l.Identity)
				}
			}
			if p := facts.Profile(theirs, "ghost"); p.State != account.None {
				t.Errorf("ghost: %+v", p)
			}
			if b := facts.Bucket("far").Value; b.Owner.Value != theirs || b.Region.Value != "eu-west-1" || b.Policy.State != account.None ||
				b.Encryption.State != account.None || b.Ownership.State != account.None || b.PublicAccessBlock.State != account.None {
				t.Errorf("far: %+v", b)
			}
			if b := facts.Bucket("acme").Value; b.Owner.Value != ours || b.Policy.State != account.Known {
				t.Errorf("acme: %+v", b)
			}
			if id := facts.Caller(); id.Value.Account != ours {
				t.Errorf("caller: %+v", id)
			}
		})
	}
}

// TestAssumedRoleOnlyReads: the session policy that goes with AssumeRole allows this package's calls and no other.
func TestAssumedRoleOnlyReads(t *testing.T) {
	f := fakeaws.New(t)
	spec := map[string]string{theirs: "role:arn:aws:iam::" + theirs + ":role/reader", ours: "role:arn:aws:iam::" + ours + ":role/reader"}
	f.Buckets["far"] = &fakeaws.Bucket{Owner: theirs, Region: "eu-west-1"}
	o := f.Organized()
	o.Paths = false
	f.Accounts["AKIATHEIRS"], f.Accounts["AKIABOSS"] = fakeaws.NewAccount(theirs), fakeaws.NewAccount(management)
	spec[management] = "role:arn:aws:iam::" + management + ":role/reader"
	gather(t, Options{Accounts: spec, Organization: management}, account.Wants{
		Profiles: []account.ProfileWant{{Account: theirs, Name: "node"}}, Buckets: []account.BucketWant{{Name: "far"}},
		ProfilesOf: []account.RoleWant{{Account: ours, Name: "node"}}, Keys: []string{keyTheirs}, Repositories: []string{repoTheirs},
	})
	var granted []string
	for _, part := range strings.Split(readerPolicy, `"`) {
		if strings.Contains(part, ":") && !strings.Contains(part, "[") {
			granted = append(granted, part)
		}
	}
	for operation := range f.Asked() {
		if !strings.HasPrefix(operation, "sts:") && !slices.Contains(granted, operation) {
			t.Errorf("%s is called and not granted", operation)
		}
	}
	for _, action := range granted {
		if len(action) > 4 {
			if f.Asked()[action] == 0 {
				t.Errorf("%s is granted and not called", action)
			}
		}
	}
	for _, c := range f.Calls() {
		if c.Operation == "sts:AssumeRole" && !strings.Contains(c.Body, "Policy=%7B%22Version%22") {
			t.Errorf("AssumeRole without a session policy: %s", c.Body)
		}
	}
}

// TestSimulatorNeedsItsRight: the session policy lets the simulator be asked where it is, and only there.
func TestSimulatorNeedsItsRight(t *testing.T) {
	for asked, want := range map[bool]int{true: 1, false: 0} {
		policy := Options{Simulator: asked}.sessionPolicy()
		if strings.Count(policy, `"iam:SimulatePrincipalPolicy"`) != want || !json.Valid([]byte(policy)) {
			t.Errorf("asked %v: %s", asked, policy)
		}
	}
}

// TestWrongCredentials: what is configured for an account must be of that account.
func TestWrongCredentials(t *testing.T) {
	for name, c := range map[string]struct {
		spec  string
		class account.Class
		want  string
	}{
		"another account's profile": {"profile:theirs", account.Elsewhere, "the caller is arn:aws:iam::" + theirs + ":user/ci"},
		"another account's role":    {"role:arn:aws:iam::" + theirs + ":role/reader", account.Unreachable, "is not the ARN of a role in account " + ours},
		"no such profile":           {"profile:ghost", account.Unreachable, "there is no AWS profile ghost"},
		"neither":                   {"env:X", account.Unreachable, "is not profile:NAME or role:ARN"},
		"no name":                   {"profile:", account.Unreachable, "is not profile:NAME or role:ARN"},
	} {
		t.Run(name, func(t *testing.T) {
			fakeaws.New(t)
			facts := gather(t, Options{Accounts: map[string]string{ours: c.spec}}, nodeWants(ours))
			p := facts.Profile(ours, "node")
			if p.State != account.NotRead || p.Unread.Class != c.class || !strings.Contains(p.Reason(), c.want) {
				t.Errorf("got %+v: %s", p, p.Reason())
			}
		})
	}
}

func TestAssumeRoleDenied(t *testing.T) {
	f := fakeaws.New(t)
	f.Break("sts:AssumeRole", func(w http.ResponseWriter, _ *http.Request) bool {
		fakeaws.Refuse(w, http.StatusForbidden, "AccessDenied", "User: x is not authorized to perform: sts:AssumeRole")
		return true
	})
	facts := gather(t, Options{Accounts: map[string]string{theirs: "role:arn:aws:iam::" + theirs + ":role/r"}},
		account.Wants{Profiles: []account.ProfileWant{{Account: theirs, Name: "node"}}})
	u := facts.Profile(theirs, "node").Unread
	if u.Class != account.Denied || u.Operation != "sts:AssumeRole" || u.Account != theirs {
		t.Errorf("got %+v", u)
	}
}

// TestGetRoleDenied: the trust policy comes from the profile; boundary and tags stay unread and are never taken for none.
func TestGetRoleDenied(t *testing.T) {
	f := fakeaws.New(t)
	f.Break("iam:GetRole", func(w http.ResponseWriter, _ *http.Request) bool {
		fakeaws.Refuse(w, http.StatusForbidden, "AccessDenied", "no")
		return true
	})
	facts := gather(t, Options{}, nodeWants(ours))
	role, ok := facts.Role(roleARN(ours, "teams/node")).Get()
	if !ok || role.Trust.State != account.Known || role.Boundary.State != account.NotRead || role.Tags.State != account.NotRead {
		t.Errorf("got %+v", role)
	}
	if got := role.Boundary.Reason(); got != "arn:aws:iam::"+ours+":user/ci may not call iam:GetRole (AccessDenied)" {
		t.Errorf("reason: %s", got)
	}
	l := facts.Layers(role.ARN, "*")
	if l.Boundary == nil || len(l.Boundary.Missing) != 1 || l.Boundary.Missing[0].Assumable || len(l.Identity.Policies) != 3 {
		t.Errorf("boundary %+v, identity %+v", l.Boundary, l.Identity)
	}
}
