package policy

import "ccx/transform/policy/glob"

// said is what the policies of one layer say: whether a Deny of theirs matches, and whether an Allow does.
type said struct{ deny, allow truth }

// counts is what every layer says of one request; decide.go weighs it.
type counts struct {
	question
	said     [numLayers]said
	applies  [numLayers]bool
	granted  named // what the resource policy's Allows give
	byPolicy bool  // the resource's own policy must grant

	first refs
}

// ref points to a statement; the zero ref to none.
type ref struct {
	of    *Named
	index int
}

// refs are the first statements that surely say what their layer says, for the explanation.
type refs struct {
	deny   ref
	denier Layer
	allow  [numLayers]ref
	grant  [numGrants]ref
	levels [2][maxLevels]ref // of RCPs and SCPs
}

// maxLevels is how deep an organization is at most: root, five levels of units, account.
const maxLevels = 8

// count asks every statement of every layer.
func count(q *question, l *Layers) counts {
	c := newCounts(q, l)
	var one [1]*Set
	for _, layer := range [...]Layer{LayerResource, LayerIdentity, LayerBoundary, LayerSession, LayerEndpoint} {
		if set := l.set(layer); set != nil && c.applies[layer] {
			c.said[layer] = c.ask(set, layer, l.Assume)
		}
	}
	for _, layer := range [...]Layer{LayerRCP, LayerSCP} {
		if c.applies[layer] {
			c.said[layer] = c.levels(l.levels(layer, &one), layer, l.Assume)
		}
	}
	if c.applies[LayerRCP] && rcpApplies(q.action) == unknown {
		c.said[LayerRCP] = said{deny: and(c.said[LayerRCP].deny, unknown), allow: yes}
	}
	if c.applies[LayerPublicAccess] {
		c.said[LayerPublicAccess].deny = and(l.restricted(), not(q.same))
	}
	for _, g := range reserved(q.action) {
		c.said[LayerService].deny = or(c.said[LayerService].deny, truthOf(glob.Compile(g).Match(q.Resource)))
	}
	return c
}

// newCounts says which layers apply to the request.
func newCounts(q *question, l *Layers) counts {
	c := counts{question: *q, byPolicy: needsResourcePolicy(q.action, q.Resource)}
	hasIdentity := q.Principal.Kind != Anonymous && q.Principal.Kind != Service
	linked := linkedRole(q.Principal.ARN)
	c.applies[LayerRCP] = len(l.RCPs) > 0 && !linked && rcpApplies(q.action) != no
	c.applies[LayerSCP] = len(l.SCPs) > 0 && !linked && hasIdentity
	c.applies[LayerEndpoint] = l.Endpoint != nil
	c.applies[LayerResource] = l.Resource != nil
	c.applies[LayerIdentity] = hasIdentity && q.Principal.Kind != Root
	c.applies[LayerBoundary] = l.Boundary != nil && hasIdentity
	c.applies[LayerSession] = l.Session != nil && hasIdentity
	c.applies[LayerPublicAccess] = l.Resource != nil && l.PublicAccess != PublicAccessOpen &&
		q.Principal.Kind != Service && q.same != yes && blocksPublicAccess(q.action)
	c.applies[LayerService] = reserved(q.action) != nil
	return c
}

// set returns the policies of a layer that has no levels.
func (l *Layers) set(layer Layer) *Set {
	switch layer {
	case LayerEndpoint:
		return l.Endpoint
	case LayerResource:
		return l.Resource
	case LayerIdentity:
		return l.Identity
	case LayerBoundary:
		return l.Boundary
	case LayerSession:
		return l.Session
	}
	return nil
}

// levels returns the policies of a layer by level: one level, kept in one, for a layer that has none.
func (l *Layers) levels(layer Layer, one *[1]*Set) []*Set {
	switch layer {
	case LayerRCP:
		return l.RCPs
	case LayerSCP:
		return l.SCPs
	}
	if one[0] = l.set(layer); one[0] != nil {
		return one[:]
	}
	return nil
}

// restricted says whether Block Public Access stops access from outside the bucket's account.
func (l *Layers) restricted() truth {
	t := l.Resource.public()
	if l.PublicAccess == PublicAccessUnknown {
		t = and(t, unknown)
	}
	return t
}

// levels joins a layer's levels: each of them must allow.
func (c *counts) levels(sets []*Set, l Layer, a Assume) said {
	all := said{deny: no, allow: yes}
	for i, set := range sets {
		if set == nil {
			continue
		}
		s := c.ask(set, l, a)
		if i < maxLevels {
			c.first.levels[l][i] = c.first.allow[l]
		}
		c.first.allow[l] = ref{}
		all.deny, all.allow = or(all.deny, s.deny), and(all.allow, s.allow)
	}
	return all
}

// ask asks every statement of one set.
func (c *counts) ask(set *Set, l Layer, a Assume) said {
	s := missing(set, l, a)
	if s.allow == unknown && l == LayerResource {
		c.granted = named{unknown, unknown, unknown}
	}
	for i := range set.Policies {
		p := set.Policies[i].policy()
		if p.broken != "" {
			s.deny, s.allow = or(s.deny, unknown), or(s.allow, unknown)
			c.grant(l, named{unknown, unknown, unknown})
			continue
		}
		for j := range p.Statements {
			st := &p.Statements[j]
			n := st.match(&c.question, l)
			t := n.any()
			if t == no {
				continue
			}
			if st.Effect != Allow {
				s.deny = or(s.deny, t)
			}
			if st.Effect != Deny {
				s.allow = or(s.allow, t)
				c.grant(l, n)
			}
			if t == yes {
				c.first.note(ref{&set.Policies[i], j}, st.Effect, l, n)
			}
		}
	}
	return s
}

// note keeps a statement unless an earlier one says the same.
func (f *refs) note(r ref, e Effect, l Layer, n named) {
	if e == Deny {
		if f.deny.of == nil {
			f.deny, f.denier = r, l
		}
		return
	}
	if f.allow[l].of == nil {
		f.allow[l] = r
	}
	for g := range n {
		if l == LayerResource && n[g] == yes && f.grant[g].of == nil {
			f.grant[g] = r
		}
	}
}

func (c *counts) grant(l Layer, n named) {
	if l == LayerResource {
		for g := range n {
			c.granted[g] = or(c.granted[g], n[g])
		}
	}
}

// missing says what the unread parts of a set may say: anything, or, where the layer may be assumed to deny nothing,
// an Allow of everything. AWS itself attaches an RCP that allows everything, which can't be detached.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func missing(set *Set, l Layer, a Assume) (s said) {
	for _, m := range set.Missing {
		if m.assumed(l, a) {
			s.allow = yes
			continue
		}
		s.allow = or(s.allow, unknown)
		if m.OnlyAllows {
			continue
		}
		s.deny = or(s.deny, unknown)
		if l == LayerRCP {
			s.allow = yes
		}
	}
	return s
}

// assumed reports whether the unread part may be taken to deny nothing.
func (m *Missing) assumed(l Layer, a Assume) bool {
	return m.Assumable && a.Has(l)
}
