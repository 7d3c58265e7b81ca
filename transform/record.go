package transform

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"ccx/transform/policy"
	"ccx/transform/policy/glob"
)

// Record is one question of `ccx simulate --lines`: a request with all the policies that have a say in it.
type Record struct {
	ID      string `json:"id"`
	Tier    string `json:"tier"` // what is asked: see Decide
	Request struct {
		Principal json.RawMessage            `json:"principal"` // an ARN, a service's name, or {"type": "Anonymous"}
		Action    string                     `json:"action"`
		Resource  string                     `json:"resource"`
		Context   map[string]json.RawMessage `json:"context"` // key -> value or list of values
		Complete  *bool                      `json:"context_is_complete"`
	} `json:"request"`
	ResourceAccount string            `json:"resource_account"` // 12 digits; "" or null: not known
	Identity        []json.RawMessage `json:"identity"`
	Session         json.RawMessage   `json:"session"`
	Boundary        []json.RawMessage `json:"boundary"`
	SCPs            []recordLevel     `json:"scps"` // a level each, from the root
	RCPs            []recordLevel     `json:"rcps"`
	ResourcePolicy  json.RawMessage   `json:"resource_policy"`
	Endpoint        []json.RawMessage `json:"vpce"`
	Settings        struct {
		BlockPublicAccess bool `json:"BlockPublicAccess"`
	} `json:"settings"`
}

type recordLevel struct {
	Policies []json.RawMessage `json:"policies"`
}

// RecordAnswer is the answer to a Record, one line of output.
type RecordAnswer struct {
	ID             string         `json:"id"`
	Verdict        string         `json:"verdict"`
	DecidedBy      []RecordReason `json:"decided_by"`
	DependsOn      []string       `json:"depends_on"`
	Counterexample string         `json:"counterexample,omitempty"`
}

// RecordReason is a statement that decides; Statement is 0-based, -1 for a layer that stays silent.
type RecordReason struct {
	Layer     string `json:"layer"`
	Policy    string `json:"policy,omitempty"`
	Statement int    `json:"statement"`
	Sid       string `json:"sid,omitempty"`
}

// Decide answers the record. Its tier says what is asked: "wildcard" the proof for every resource that the pattern
// matches; "discovery" a decision in which a key that is not given is unknown; any other a decision in which it is
// absent, unless context_is_complete says false.
func (r *Record) Decide() (RecordAnswer, error) {
	principal, err := r.principal()
	if err != nil {
		return RecordAnswer{}, err
	}
	q := policy.Request{Principal: principal, Action: r.Request.Action, Resource: r.Request.Resource, ResourceAccount: r.ResourceAccount, Context: r.context()}
	var d policy.Decision
	if r.Tier == "wildcard" {
		d = policy.Prove(q, glob.Compile(q.Resource), r.layers())
	} else {
		d = policy.Decide(q, r.layers())
	}
	return answer(r.ID, d), nil
}

func answer(id string, d policy.Decision) RecordAnswer {
	a := RecordAnswer{ID: id, Verdict: d.Verdict.String(), DecidedBy: []RecordReason{}, DependsOn: []string{}, Counterexample: d.Counterexample}
	for _, by := range d.DecidedBy {
		a.DecidedBy = append(a.DecidedBy, RecordReason{by.Layer.String(), by.Policy, by.Statement, by.Sid})
	}
	for _, dep := range d.DependsOn {
		a.DependsOn = append(a.DependsOn, dep.Name)
	}
	return a
}

func (r *Record) context() policy.Context {
	c := policy.Context{Complete: r.Tier != "discovery"}
	if r.Request.Complete != nil && !*r.Request.Complete && r.Tier == "" {
		c.Complete = false
	}
	for key, raw := range r.Request.Context {
		all, _ := values(raw)
		c.Set(key, policy.ExactValue(all...))
	}
	return c
}

// principal reads who asks. A role's ARN stands for the role itself, whose sessions' names are in no policy: only a
// question that leaves context open ("discovery") leaves the session's name open too.
func (r *Record) principal() (policy.Principal, error) {
	var arn string
	if json.Unmarshal(r.Request.Principal, &arn) != nil {
		return r.typedPrincipal()
	}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		if strings.ContainsAny(arn, ":/*") || arn == "" { // an ARN cut short is no service, whom fewer policies concern
			return policy.Principal{}, fmt.Errorf("%q is no principal", arn)
		}
		return policy.NewService(arn), nil
	}
	p := policy.Principal{ARN: arn, Account: parts[4]}
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "role":
		p.Kind, p.SessionARN = policy.Role, noSession
	case "assumed-role":
		name, _, _ := strings.Cut(rest, "/")
		p.Kind, p.ARN, p.SessionARN = policy.Role, "", arn
		if r.Tier == "discovery" {
			p.ARN = "arn:" + parts[1] + ":iam::" + parts[4] + ":role/" + name
		}
	case "user":
		p.Kind = policy.User
	case "root":
		p.Kind = policy.Root
	case "federated-user":
		p.Kind = policy.Federated
	default:
		return p, fmt.Errorf("%q is no principal", arn)
	}
	if r.Tier == "discovery" {
		p.SessionARN = ""
	}
	return p, nil
}

// noSession is a session ARN that no policy can name.
const noSession = "the role itself"

func (r *Record) typedPrincipal() (policy.Principal, error) {
	var typed struct{ Type string }
	if json.Unmarshal(r.Request.Principal, &typed) == nil && typed.Type == "Anonymous" {
		return policy.Principal{}, nil
	}
	return policy.Principal{}, errors.New(`the principal must be an ARN, a service's name or {"type": "Anonymous"}`)
}

func (r *Record) layers() policy.Layers {
	l := policy.Layers{
		Identity: policySet("identity", r.Identity...), Session: policySet("session", r.Session), Boundary: policySet("boundary", r.Boundary...),
		Resource: policySet("resource", r.ResourcePolicy), Endpoint: policySet("endpoint", r.Endpoint...), PublicAccess: policy.PublicAccessOpen,
		SCPs: levels("scp", r.SCPs), RCPs: levels("rcp", r.RCPs),
	}
	if r.Settings.BlockPublicAccess {
		l.PublicAccess = policy.PublicAccessRestricted
	}
	return l
}

func levels(kind string, from []recordLevel) []*policy.Set {
	var out []*policy.Set
	for i, level := range from {
		set := policySet(fmt.Sprintf("%s level %d", kind, i), level.Policies...)
		if set == nil {
			set = &policy.Set{} // a level without policies allows nothing
		}
		out = append(out, set)
	}
	return out
}

func policySet(kind string, docs ...json.RawMessage) *policy.Set {
	set := &policy.Set{}
	for i, doc := range docs {
		if !isNull(doc) {
			set.Policies = append(set.Policies, policy.Named{Name: fmt.Sprintf("%s %d", kind, i), Policy: policy.Parse(doc)})
		}
	}
	if len(set.Policies) == 0 {
		return nil
	}
	return set
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
