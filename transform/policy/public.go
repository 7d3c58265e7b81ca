package policy

import "strings"

// public says whether a resource policy is public in the sense of Block Public Access: an Allow names everyone, and no
// condition with fixed values pins down who that is.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func (s *Set) public() truth {
	if s == nil {
		return no
	}
	t := no
	if len(s.Missing) > 0 {
		t = unknown
	}
	for i := range s.Policies {
		p := s.Policies[i].policy()
		if p.broken != "" {
			t = or(t, unknown)
			continue
		}
		for j := range p.Statements {
			t = or(t, p.Statements[j].public())
		}
	}
	return t
}

func (s *Statement) public() truth {
	if s.Unknown != "" {
		return unknown
	}
	if s.Effect != Allow || !s.body.hasPrincipal {
		return no
	}
	everyone := s.body.notPrincipal
	for i := range s.body.principals {
		everyone = everyone || s.body.principals[i].form == formEveryone
	}
	if !everyone {
		return no
	}
	t := yes
	for i := range s.body.conditions {
		t = and(t, not(s.body.conditions[i].pins()))
	}
	return t
}

// pins says whether the condition fixes a key that keeps a policy from being public. What AWS's page does not decide
// is unknown.
func (c *condition) pins() truth {
	switch {
	case c.kind == nil:
		return unknown
	case !pinningKeys[c.folded]:
		return no
	case unsettledPins[c.folded]:
		return unknown
	case c.kind.negated || c.ifExists || c.quantifier == forAll || c.kind.family == famNull:
		return unknown
	}
	for i := range c.wanted {
		if !c.wanted[i].fixedValue(c.kind) {
			return unknown
		}
	}
	return yes
}

// fixedValue reports whether the value has no wildcard and no variable, and is no very broad address range.
func (w *wanted) fixedValue(k *kindOf) bool {
	if w.odd || strings.ContainsAny(w.text, "*?") || strings.Contains(w.text, "${") {
		return false
	}
	if k.family == famIP {
		return w.prefix.Addr().Is4() && w.prefix.Bits() >= 8 || w.prefix.Addr().Is6() && w.prefix.Bits() >= 32
	}
	return k.family == famString || k.family == famARN
}
