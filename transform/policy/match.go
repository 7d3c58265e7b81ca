package policy

import "strings"

// question is a request prepared for matching.
type question struct {
	Request        // a copy: what points to the caller's would move it to the heap
	action  string // as asked; folded for the services that have rules of their own by an action's name
	bounded bool   // the principal has a permissions boundary
	same    truth  // principal and resource belong to the same account
}

func newQuestion(r *Request, l *Layers) question {
	q := question{Request: *r, action: r.Action, bounded: l.Boundary != nil}
	if rulesByName(r.Action) {
		q.action = strings.ToLower(r.Action)
	}
	account := r.ResourceAccount
	if account == "" && r.Resource == "*" {
		account = r.Principal.Account // an action without a resource acts in the caller's own account
	}
	switch {
	case r.Principal.Account == "":
		q.same = no
	case account == "":
		q.same = unknown
	default:
		q.same = truthOf(account == r.Principal.Account)
	}
	return q
}

// misplaced says why a statement can't stand in the layer: some elements belong to some kinds of policy only.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (s *Statement) misplaced(l Layer, action string) string {
	b := &s.body
	switch l {
	case LayerIdentity, LayerBoundary, LayerSession, LayerSCP:
		if b.hasPrincipal {
			return "a policy of this kind has no Principal"
		}
	case LayerResource, LayerRCP:
		if !b.hasPrincipal {
			return "a policy of this kind needs a Principal"
		}
	}
	if !b.hasResource && !(l == LayerResource && resourceImplied(action)) {
		return "the statement has no Resource"
	}
	return ""
}

// named is how a statement's Principal element covers the caller.
type named [numGrants]truth

// any returns whether it covers the caller in some way.
func (n *named) any() truth {
	return or(or(n[grantAccount], n[grantRole]), n[grantDirect])
}

// who says whether the statement covers the caller, by what that grants. A policy without principals covers the
// caller that it is attached to.
func (s *Statement) who(q *question, l Layer) named {
	b := &s.body
	switch {
	case !b.hasPrincipal:
		return named{grantDirect: yes}
	case b.notPrincipal && s.Effect == Allow && q.Principal.Kind == Role:
		return named{grantRole: b.matchNotPrincipal(&q.Principal, Allow, q.bounded)} // no page says that it overcomes a boundary
	case b.notPrincipal:
		return named{grantDirect: b.matchNotPrincipal(&q.Principal, s.Effect, q.bounded)}
	case l == LayerEndpoint:
		return named{grantDirect: b.matchEndpoint(&q.Principal)}
	}
	n := b.matchPrincipal(&q.Principal)
	if s.Effect == Allow && needsNamedService(q) && n[grantDirect] == yes && !b.namesService(&q.Principal) {
		n[grantDirect] = unclear // no page says that "*" covers a service, or one who signs nothing
	}
	return n
}

// match says whether the statement applies to the request, by what its principal grants. The truths are settled for
// the statement's effect: none is unclear.
func (s *Statement) match(q *question, l Layer) (n named) {
	if s.Unknown != "" {
		return named{unknown, unknown, unknown}
	}
	t := s.body.matchAction(q.action)
	if t == no {
		return n
	}
	if s.misplaced(l, q.action) != "" {
		t = unclear
	}
	if s.body.hasResource {
		if t = and(t, s.body.matchResource(q.Resource, l, &q.Context)); t == no {
			return n
		}
	}
	n = s.who(q, l)
	if n.any() == no {
		return n
	}
	if t = and(t, s.body.matchConditions(&q.Context)); t == no {
		return named{}
	}
	for g := range n {
		n[g] = and(n[g], t).settle(s.Effect)
	}
	return n
}
