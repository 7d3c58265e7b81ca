package policy

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A slow and obvious evaluator of a small part of the language, to hold the real one against. It knows two values only
// and shares no code with it: its policies are Go values that are printed as JSON for the real one.

type refStatement struct {
	deny         bool
	principals   []string // nil: the layer has none
	actions      []string
	notAction    bool
	resources    []string
	notResource  bool
	operator     string // "" for no condition
	key          string
	values       []string
	second       string // a second operator on another key
	secondKey    string
	secondValues []string
}

type refLayers struct {
	identity, boundary, resource []refStatement
	hasBoundary, hasResource     bool
	scps                         [][]refStatement
	same                         bool
}

const (
	refRole    = "arn:aws:iam::111122223333:role/team/nodes"
	refSession = "arn:aws:sts::111122223333:assumed-role/nodes/i-1"
)

func refGlob(p, s string) bool {
	if p == "" {
		return s == ""
	}
	if p[0] == '*' {
		return refGlob(p[1:], s) || s != "" && refGlob(p, s[1:])
	}
	return s != "" && (p[0] == '?' || p[0] == s[0]) && refGlob(p[1:], s[1:])
}

func refAny(ps []string, s string) bool {
	return slices.ContainsFunc(ps, func(p string) bool { return refGlob(p, s) })
}

// refCondition: absent keys make an operator false, its negation, IfExists and ForAllValues true.
func refCondition(op, key string, values []string, ctx map[string]string) bool {
	if op == "" {
		return true
	}
	v, there := ctx[strings.ToLower(key)]
	switch op {
	case "Null":
		return (values[0] == "true") == !there
	case "StringEquals":
		return there && slices.Contains(values, v)
	case "StringNotEquals":
		return !there || !slices.Contains(values, v)
	case "StringEqualsIfExists":
		return !there || slices.Contains(values, v)
	case "StringNotEqualsIfExists":
		return !there || !slices.Contains(values, v)
	case "StringLike":
		return there && refAny(values, v)
	case "StringNotLike":
		return !there || !refAny(values, v)
	case "ForAnyValue:StringLike":
		return there && refAny(values, v)
	case "ForAllValues:StringLike":
		return !there || refAny(values, v)
	}
	panic(op)
}

func (s *refStatement) matches(action, resource string, ctx map[string]string) bool {
	return refAny(s.actions, action) != s.notAction && refAny(s.resources, resource) != s.notResource &&
		refCondition(s.operator, s.key, s.values, ctx) && refCondition(s.second, s.secondKey, s.secondValues, ctx)
}

// names returns "", "account", "role" or "direct".
func (s *refStatement) names() string {
	how := ""
	for _, p := range s.principals {
		switch p {
		case "*", refSession:
			return "direct"
		case refRole:
			how = "role"
		case "111122223333", "arn:aws:iam::111122223333:root":
			if how == "" {
				how = "account"
			}
		}
	}
	return how
}

// refDecide says whether the request is allowed, and whether a Deny decided.
func refDecide(l *refLayers, action, resource string, ctx map[string]string) (allowed, explicit bool) {
	says := func(ss []refStatement) (deny, allow bool) {
		for i := range ss {
			if ss[i].matches(action, resource, ctx) {
				deny, allow = deny || ss[i].deny, allow || !ss[i].deny
			}
		}
		return
	}
	grant := map[string]bool{}
	for i := range l.resource {
		s := &l.resource[i]
		how := s.names()
		if !l.hasResource || how == "" || !s.matches(action, resource, ctx) {
			continue
		}
		if s.deny {
			return false, true
		}
		grant[how] = true
	}
	identityDeny, identity := says(l.identity)
	boundaryDeny, boundary := says(l.boundary)
	if identityDeny || l.hasBoundary && boundaryDeny {
		return false, true
	}
	scp := true
	for _, level := range l.scps {
		deny, allow := says(level)
		if deny {
			return false, true
		}
		scp = scp && allow
	}
	boundary = boundary || !l.hasBoundary
	if !l.same {
		return scp && identity && boundary && len(grant) > 0, false
	}
	return scp && (grant["direct"] || (identity || grant["role"]) && boundary), false
}

func (s *refStatement) json() map[string]any {
	out := map[string]any{"Effect": "Allow"}
	if s.deny {
		out["Effect"] = "Deny"
	}
	if s.principals != nil {
		out["Principal"] = map[string]any{"AWS": s.principals}
	}
	put := func(key string, values []string, negated bool) {
		if negated {
			key = "Not" + key
		}
		out[key] = values
	}
	put("Action", s.actions, s.notAction)
	put("Resource", s.resources, s.notResource)
	condition := map[string]any{}
	add := func(op, key string, values []string) {
		if op == "" {
			return
		}
		keys, _ := condition[op].(map[string]any)
		if keys == nil {
			keys = map[string]any{}
			condition[op] = keys
		}
		keys[key] = values
	}
	add(s.operator, s.key, s.values)
	add(s.second, s.secondKey, s.secondValues)
	if len(condition) > 0 {
		out["Condition"] = condition
	}
	return out
}

func refSet(ss []refStatement) *Set {
	list := []any{}
	for i := range ss {
		list = append(list, ss[i].json())
	}
	text, err := json.Marshal(map[string]any{"Version": version2012, "Statement": list})
	if err != nil {
		panic(err)
	}
	return policies(string(text))
}

func (l *refLayers) layers() Layers {
	out := Layers{Identity: refSet(l.identity), PublicAccess: PublicAccessOpen}
	if l.hasBoundary {
		out.Boundary = refSet(l.boundary)
	}
	if l.hasResource {
		out.Resource = refSet(l.resource)
	}
	for _, s := range l.scps {
		out.SCPs = append(out.SCPs, refSet(s))
	}
	return out
}

func (l *refLayers) request(resource string) Request {
	r := Request{Principal: NewRole(refRole, ""), Action: "s3:GetObject", Resource: resource, ResourceAccount: "444455556666"}
	if l.same {
		r.ResourceAccount = "111122223333"
	}
	r.Principal.SessionARN = refSession
	return r
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func some(r *rand.Rand, n int, from ...string) []string {
	out := []string{pick(r, from...)}
	for len(out) < n && r.IntN(3) == 0 {
		out = append(out, pick(r, from...))
	}
	return out
}

var (
	refKeys      = []string{"k:One", "k:Two", "k:Three"}
	refValues    = []string{"a", "b", "a*", "?b"}
	refOperators = []string{"StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists", "StringLike", "StringNotLike", "Null"}
)

func refRandomStatement(r *rand.Rand, principals bool, conditions int) refStatement {
	s := refStatement{
		deny:      r.IntN(4) == 0,
		actions:   some(r, 2, "s3:GetObject", "s3:*", "*", "s3:Put*", "ec2:*"),
		notAction: r.IntN(12) == 0,
		resources: some(r, 2, "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b/?", "arn:aws:s3:::b/*a", "arn:aws:s3:::b/*a*b", "arn:aws:s3:::other/*"),
	}
	s.notResource = r.IntN(8) == 0
	if principals {
		s.principals = some(r, 2, "*", refRole, refSession, "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/other", "444455556666")
	}
	if r.IntN(conditions) == 0 {
		s.operator, s.key, s.values = refRandomCondition(r)
	}
	if s.operator != "" && r.IntN(3) == 0 {
		s.second, s.secondKey, s.secondValues = refRandomCondition(r)
		if strings.EqualFold(s.secondKey, s.key) {
			s.second = ""
		}
	}
	return s
}

func refRandomCondition(r *rand.Rand) (op, key string, values []string) {
	op, key, values = pick(r, refOperators...), pick(r, refKeys...), some(r, 2, refValues...)
	if op == "Null" {
		values = []string{pick(r, "true", "false")}
	}
	return
}

func refRandom(r *rand.Rand, conditions int) *refLayers {
	list := func(n int, principals bool) []refStatement {
		var out []refStatement
		for range 1 + r.IntN(n) {
			out = append(out, refRandomStatement(r, principals, conditions))
		}
		return out
	}
	l := &refLayers{identity: list(3, false), same: r.IntN(2) == 0}
	if l.hasBoundary = r.IntN(3) == 0; l.hasBoundary {
		l.boundary = list(2, false)
	}
	if l.hasResource = r.IntN(3) > 0; l.hasResource {
		l.resource = list(3, true)
	}
	if r.IntN(4) == 0 {
		l.scps = [][]refStatement{{{actions: []string{"*"}, resources: []string{"*"}}}, list(2, false)}
	}
	return l
}

func (l *refLayers) String() string {
	out := ""
	for _, set := range []struct {
		name string
		list []refStatement
	}{{"identity", l.identity}, {"boundary", l.boundary}, {"resource", l.resource}} {
		for i := range set.list {
			text, _ := json.Marshal(set.list[i].json())
			out += fmt.Sprintf("\n%s %s", set.name, text)
		}
	}
	for i, level := range l.scps {
		for j := range level {
			text, _ := json.Marshal(level[j].json())
			out += fmt.Sprintf("\nscp %d %s", i, text)
		}
	}
	return fmt.Sprintf("same account %v%s", l.same, out)
}
