package live

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// guardrails writes down the levels of SCPs and RCPs that restrict our node on our bucket: policies by name, "?" before
// what is assumed, "!" before what is not known.
func guardrails(facts *account.Facts) []string {
	l := facts.Layers(roleARN(ours, "teams/node"), "arn:aws:s3:::acme/key")
	var out []string
	for kind, sets := range map[string][]*setOf{"scp": l.SCPs, "rcp": l.RCPs} {
		for i, set := range sets {
			var names []string
			for _, p := range set.Policies {
				names = append(names, p.Name)
			}
			for _, m := range set.Missing {
				names = append(names, map[bool]string{true: "?", false: "!"}[m.Assumable]+m.Reason)
			}
			out = append(out, fmt.Sprintf("%s %d %s", kind, i, strings.Join(names, " ")))
		}
	}
	return sorted(out)
}

func sorted(list []string) []string {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	if len(set) == 0 {
		return nil
	}
	return keys(set)
}

// everyLevel is what organized hangs above our account.
var everyLevel = []string{
	"rcp 0 RCPFullAWSAccess", "rcp 1 RCPFullAWSAccess", "rcp 2 RCPFullAWSAccess", "rcp 3 RCPFullAWSAccess",
	"scp 0 FullAWSAccess", "scp 1 FullAWSAccess fence1234", "scp 2 FullAWSAccess", "scp 3 FullAWSAccess",
}

// TestGuardrails: SCPs and RCPs by level where somebody may read them, their absence where AWS tells it, and otherwise why
// not, told apart by whether it may be assumed that they deny nothing.
func TestGuardrails(t *testing.T) {
	refusing := func(code string, operations ...string) func(*fakeaws.Fake) {
		return func(f *fakeaws.Fake) {
			for _, operation := range operations {
				f.Break(operation, func(w http.ResponseWriter, _ *http.Request) bool {
					fakeaws.RefuseJSON(w, http.StatusBadRequest, code, "no")
					return true
				})
			}
		}
	}
	each := func(scp, rcp string) []string {
		var out []string
		for i := range 4 {
			out = append(out, fmt.Sprintf("rcp %d %s", i, rcp), fmt.Sprintf("scp %d %s", i, scp))
		}
		return sorted(out)
	}
	both := func(reason string) []string { return []string{"rcp 0 " + reason, "scp 0 " + reason} }
	noOne := both("?no credentials for account " + management + ": the caller is arn:aws:iam::" + ours + ":user/ci")
	const reader = "arn:aws:iam::" + management + ":user/ci may not call "
	for name, c := range map[string]struct {
		change func(*fakeaws.Fake)
		nobody bool // organization.read_from is not set
		want   []string
	}{
		"read":                   {nil, false, everyLevel},
		"path by parents":        {func(f *fakeaws.Fake) { f.Organization.Paths = false }, false, everyLevel},
		"DescribeAccount denied": {refusing("AccessDeniedException", "organizations:DescribeAccount"), false, everyLevel},
		"nobody reads":           {nil, true, noOne},
		"no organization":        {func(f *fakeaws.Fake) { delete(f.Organization.Members, ours) }, false, nil},
		"billing only":           {func(f *fakeaws.Fake) { f.Organization.Features = "CONSOLIDATED_BILLING" }, true, nil},
		"RCPs are off":           {func(f *fakeaws.Fake) { delete(f.Organization.Types, "RESOURCE_CONTROL_POLICY") }, false, everyLevel[4:]},
		"lists denied":           {refusing("AccessDeniedException", "organizations:ListPoliciesForTarget"), false, each("?"+reader+"organizations:ListPoliciesForTarget (AccessDeniedException)", "?"+reader+"organizations:ListPoliciesForTarget (AccessDeniedException)")},
		"lists throttled":        {refusing("TooManyRequestsException", "organizations:ListPoliciesForTarget"), false, each("!organizations:ListPoliciesForTarget: AWS asks to slow down, after every retry", "!organizations:ListPoliciesForTarget: AWS asks to slow down, after every retry")},
		"parents denied":         {refusing("AccessDeniedException", "organizations:DescribeAccount", "organizations:ListParents"), false, both("?" + reader + "organizations:ListParents (AccessDeniedException)")},
		"parents throttled":      {refusing("TooManyRequestsException", "organizations:DescribeAccount", "organizations:ListParents"), false, both("!organizations:ListParents: AWS asks to slow down, after every retry")},
		"organization denied":    {refusing("AccessDeniedException", "organizations:DescribeOrganization"), true, both("?arn:aws:iam::" + ours + ":user/ci may not call organizations:DescribeOrganization (AccessDeniedException)")},
		"organization throttled": {refusing("TooManyRequestsException", "organizations:DescribeOrganization"), true, both("!organizations:DescribeOrganization: AWS asks to slow down, after every retry")},
		"types denied":           {refusing("AccessDeniedException", "organizations:ListRoots"), false, everyLevel},
		"types denied, lists bare": {func(f *fakeaws.Fake) {
			refusing("AccessDeniedException", "organizations:ListRoots")(f)
			clear(f.Organization.Attached)
		}, false, each("?"+reader+"organizations:ListRoots (AccessDeniedException)", "?"+reader+"organizations:ListRoots (AccessDeniedException)")},
	} {
		t.Run(name, func(t *testing.T) {
			f := fakeaws.New(t)
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			f.Organized()
			if c.change != nil {
				c.change(f)
			}
			o := Options{Accounts: map[string]string{management: "profile:theirs"}}
			if !c.nobody {
				o.Organization = management
			}
			facts := gather(t, o, nodeWants(ours))
			if diff := cmp.Diff(c.want, guardrails(facts)); diff != "" {
				t.Errorf("(-want +got): %s", diff)
			}
		})
	}
}

// TestGuardrailsHalfRead: what is in the part that was read still counts, and an empty list is no list.
func TestGuardrailsHalfRead(t *testing.T) {
	f := fakeaws.New(t)
	o := f.Organized()
	f.PageSize = 1
	o.Attached[innerID+" SERVICE_CONTROL_POLICY"] = nil
	o.Types["RESOURCE_CONTROL_POLICY"] = "PENDING_ENABLE"
	f.Break("organizations:DescribePolicy", func(w http.ResponseWriter, r *http.Request) bool { return false })
	got := guardrails(gather(t, Options{Organization: management, Accounts: map[string]string{management: "profile:theirs"}}, nodeWants(ours)))
	const switching = ", or the organization is just switching the type on or off"
	const list = "!organizations:ListPoliciesForTarget: no policy is attached to "
	want := []string{
		"rcp 0 " + list + rootID + switching, "rcp 1 " + list + unitID + switching, "rcp 2 " + list + innerID + switching, "rcp 3 " + list + ours + switching,
		"scp 0 FullAWSAccess", "scp 1 FullAWSAccess fence1234", "scp 2 " + list + innerID + switching, "scp 3 FullAWSAccess",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	o.Policies["p-FullAWSAccess"] = ""
	half := gather(t, Options{Organization: management, Accounts: map[string]string{management: "profile:theirs"}}, nodeWants(ours))
	if got := guardrails(half)[5]; got != "scp 1 fence1234 !organizations:DescribePolicy: the answer holds no whole policy" {
		t.Errorf("got %s", got)
	}
}

// TestOrganizationPlace: the ids that conditions ask for, whoever reads.
func TestOrganizationPlace(t *testing.T) {
	f := fakeaws.New(t)
	o := f.Organized()
	accounts := map[string]string{management: "profile:theirs"}
	place := gather(t, Options{Organization: management, Accounts: accounts}, nodeWants(ours)).Organization(ours)
	if want := (account.Organization{ID: orgID, Management: management, Path: orgID + "/" + rootID + "/" + unitID + "/" + innerID + "/"}); place.Value != want {
		t.Errorf("got %+v, want %+v", place.Value, want)
	}
	alone := gather(t, Options{}, nodeWants(ours)).Organization(ours)
	if alone.Value != (account.Organization{ID: orgID, Management: management}) {
		t.Errorf("as a member: %+v", alone)
	}
	delete(o.Members, ours)
	if none := gather(t, Options{Accounts: accounts, Organization: management}, nodeWants(ours)).Organization(ours); none.State != account.None {
		t.Errorf("in no organization: %+v", none)
	}
}

// TestManagementReads: without read_from, the management account's own credentials read what they can see.
func TestManagementReads(t *testing.T) {
	f := fakeaws.New(t)
	f.Organized()
	t.Setenv("AWS_PROFILE", "theirs")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	facts := gather(t, Options{Accounts: map[string]string{ours: "role:arn:aws:iam::" + ours + ":role/reader"}}, nodeWants(ours))
	if diff := cmp.Diff(everyLevel, guardrails(facts)); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	own := gather(t, Options{}, nodeWants(management))
	l := own.Layers(roleARN(management, "teams/node"), "arn:aws:iam::"+management+":role/x")
	if own.Organization(management).State != account.Known || l.SCPs != nil || l.RCPs != nil {
		t.Errorf("the management account is restricted by %+v, %+v", l.SCPs, l.RCPs)
	}
}

// TestWrongOrganization: who reads must be whom the settings name, and must see the account.
func TestWrongOrganization(t *testing.T) {
	f := fakeaws.New(t)
	o := f.Organized()
	wrong := gather(t, Options{Organization: theirs, Accounts: map[string]string{theirs: "profile:theirs"}}, nodeWants(ours))
	want := "?no credentials for account " + theirs + ": the caller is arn:aws:iam::" + management + ":user/ci"
	if got := guardrails(wrong); len(got) != 2 || got[0] != "rcp 0 "+want {
		t.Errorf("credentials of another account than read_from says: %q", got)
	}
	delete(o.Members, ours)
	f.Break("organizations:DescribeOrganization", func(w http.ResponseWriter, r *http.Request) bool {
		mine := strings.Contains(r.Header.Get("Authorization"), "AKIAOURS")
		if mine {
			fakeaws.Write(w, map[string]any{"Organization": map[string]any{"Id": "o-anotherorg1", "MasterAccountId": theirs, "FeatureSet": "ALL"}})
		}
		return mine
	})
	facts := gather(t, Options{Organization: management, Accounts: map[string]string{management: "profile:theirs"}}, nodeWants(ours))
	if got := guardrails(facts); len(got) != 2 || got[0] != "rcp 0 ?no credentials for account "+theirs+": the caller is arn:aws:iam::"+management+":user/ci" {
		t.Errorf("an account of another organization: %q", got)
	}
}

// TestOrganizationRoundTrips: the guardrails take no round trip more than the rest.
func TestOrganizationRoundTrips(t *testing.T) {
	f := fakeaws.New(t)
	f.Organized()
	var facts *account.Facts
	trips := roundTrips(f, 3, func() { facts = gather(t, reading, nodeWants(ours)) })
	if diff := cmp.Diff(everyLevel, guardrails(facts)); diff != "" {
		t.Error(diff)
	}
	asked := f.Asked()
	if trips > 3 || asked["organizations:DescribePolicy"] != 3 || asked["organizations:ListPoliciesForTarget"] != 8 || asked["organizations:ListRoots"] != 1 || asked["organizations:DescribeAccount"] != 1 {
		t.Errorf("depth %d, calls %v", trips, asked)
	}
}

func TestLevelsIn(t *testing.T) {
	for path, want := range map[string]string{
		orgID + "/" + rootID + "/" + unitID + "/" + ours + "/": rootID + " " + unitID + " " + ours,
		orgID + "/" + rootID + "/" + unitID + "/":              rootID + " " + unitID + " " + ours,
		rootID + "/":                        rootID + " " + ours,
		"":                                  "",
		orgID + "/":                         "",
		unitID + "/":                        "",
		rootID + "/" + rootID + "/":         "",
		rootID + "/" + theirs + "/":         "",
		rootID + "/evil/" + ours + "/":      "",
		rootID + "/" + unitID + "//" + ours: "",
	} {
		if got := strings.Join(levelsIn([]string{path}, ours), " "); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
	if levelsIn([]string{rootID, rootID}, ours) != nil {
		t.Error("two paths were taken for one")
	}
}
