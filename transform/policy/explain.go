package policy

// explained makes the decision of a verdict that needed no completions.
func explained(c *counts, l *Layers, v Verdict) Decision {
	d := Decision{Verdict: v, DecidedBy: reasons(c, l, v)}
	if v.Denied() {
		d.Counterexample = c.Resource
		d.Near = nears(c, l, d.DecidedBy)
	} else {
		d.Assumed = l.assumptions(c)
	}
	return d
}

// reasons returns the smallest set of statements and silences that decides.
func reasons(c *counts, l *Layers, v Verdict) []Reason {
	var out []Reason
	e := explainer{c, l, &out}
	switch v {
	case ExplicitDeny:
		e.deny()
	case ImplicitDeny:
		e.silence()
	case Allowed:
		e.allow()
	default:
		e.open()
	}
	return out
}

// explainer gathers reasons in out, which is not its own, so that what it looks at need not move to the heap with them.
type explainer struct {
	c   *counts
	l   *Layers
	out *[]Reason
}

func (e *explainer) add(l Layer, r ref) {
	if r.of != nil {
		*e.out = append(*e.out, newReason(l, r, &e.c.Context))
	}
}

func newReason(l Layer, r ref, ctx *Context) Reason {
	s := &r.of.Policy.Statements[r.index]
	out := Reason{Layer: l, Policy: r.of.Name, Statement: r.index, Sid: s.Sid, Line: s.Line, Effect: s.Effect}
	if n := len(s.body.conditions); n > 0 {
		out.Conditions = make([]Seen, n)
		for i := range s.body.conditions {
			c := &s.body.conditions[i]
			v := ctx.get(c.folded)
			out.Conditions[i] = Seen{Operator: c.name, Key: c.key, Wanted: c.texts, Kind: v.Kind, Values: v.Values}
		}
	}
	return out
}

// same reports whether two reasons are the same statement or silence.
func (r Reason) same(o Reason) bool {
	return r.Layer == o.Layer && r.Policy == o.Policy && r.Statement == o.Statement && r.Effect == o.Effect
}

// deny names the first Deny that surely matches, else all that may.
func (e *explainer) deny() {
	switch {
	case e.c.first.deny.of != nil:
		e.add(e.c.first.denier, e.c.first.deny)
		(*e.out)[0].Bounded = e.bounded()
	case e.c.said[LayerPublicAccess].deny == yes:
		*e.out = append(*e.out, Reason{Layer: LayerPublicAccess, Statement: -1, Effect: Deny})
		e.opening()
	case e.c.said[LayerService].deny == yes:
		*e.out = append(*e.out, Reason{Layer: LayerService, Statement: -1, Effect: Deny})
	default:
		e.maybe(Deny)
	}
}

// bounded reports whether the Deny's NotPrincipal lists the caller, so that the boundary alone brings it under the Deny.
func (e *explainer) bounded() bool {
	r := e.c.first.deny
	b := &r.of.Policy.Statements[r.index].body
	return b.notPrincipal && e.c.bounded && b.matchNotPrincipal(&e.c.Principal, Allow, true) == no
}

// opening names the statements that make the resource's policy public.
func (e *explainer) opening() {
	for i := range e.l.Resource.Policies {
		n := &e.l.Resource.Policies[i]
		for j := range n.policy().Statements {
			if n.Policy.Statements[j].public() == yes {
				e.add(LayerResource, ref{n, j})
			}
		}
	}
}

// silence names the layers without a matching Allow that was needed.
func (e *explainer) silence() {
	c := e.c
	for _, l := range [...]Layer{LayerRCP, LayerSCP, LayerEndpoint} {
		e.silent(l, c.allowedBy(l))
	}
	switch {
	case c.Principal.Kind == Anonymous || c.Principal.Kind == Service:
		e.silent(LayerResource, c.resourceAlone())
		return
	case c.same == no:
		e.silent(LayerIdentity, c.identityAllows())
		e.silent(LayerResource, c.granted.any())
	case c.byPolicy && c.granted.any() == no:
		e.silent(LayerResource, no)
	case or(c.identityBasedPolicies(), c.granted[grantRole]) == no:
		if c.applies[LayerResource] {
			e.silent(LayerResource, c.granted[grantRole])
		}
		e.silent(LayerIdentity, no)
	}
	e.silent(LayerBoundary, c.permissionsBoundary())
	e.silent(LayerSession, c.sessionPolicies())
	if len(*e.out) == 0 {
		e.maybe(EffectUnknown)
	}
}

func (e *explainer) silent(l Layer, allows truth) {
	if allows == no {
		*e.out = append(*e.out, Reason{Layer: l, Statement: -1})
	}
}

// allow names a statement of each layer whose Allow was needed.
func (e *explainer) allow() {
	c, f := e.c, &e.c.first
	*e.out = make([]Reason, 0, c.applied())
	for _, l := range [...]Layer{LayerRCP, LayerSCP} {
		for _, r := range f.levels[l] {
			e.add(l, r)
		}
	}
	e.add(LayerEndpoint, f.allow[LayerEndpoint])
	direct := c.granted[grantDirect] == yes && c.same != no || c.Principal.Kind == Anonymous || c.Principal.Kind == Service
	switch {
	case direct:
		e.add(LayerResource, f.grant[grantDirect])
		return
	case c.same == no:
		e.add(LayerResource, f.allow[LayerResource])
		e.needed(LayerIdentity)
	case c.identityBasedPolicies() == yes:
		if c.byPolicy {
			e.add(LayerResource, f.grant[grantAccount])
		}
		e.add(LayerIdentity, f.allow[LayerIdentity])
	case c.granted[grantRole] == yes:
		e.add(LayerResource, f.grant[grantRole])
	default:
		e.maybe(Allow)
	}
	e.add(LayerBoundary, f.allow[LayerBoundary])
	e.add(LayerSession, f.allow[LayerSession])
}

// applied returns about how many reasons an Allowed has: one a layer, and one a level.
func (c *counts) applied() int {
	n := 1
	for l, applies := range c.applies {
		if applies && Layer(l) < LayerPublicAccess {
			n++
		}
	}
	return n
}

// needed names a layer's Allow, or those that only together allow.
func (e *explainer) needed(l Layer) {
	if e.c.first.allow[l].of == nil {
		e.maybe(Allow)
		return
	}
	e.add(l, e.c.first.allow[l])
}

// open names the statements that may decide, one way or the other.
func (e *explainer) open() { e.maybe(EffectUnknown) }

// maybe names the statements of an effect (EffectUnknown: any) that may or may not match. An Allow counts only where
// its layer does not allow anyway.
func (e *explainer) maybe(effect Effect) {
	for l := range LayerPublicAccess {
		if !e.c.applies[l] {
			continue
		}
		var one [1]*Set
		for _, set := range e.l.levels(l, &one) {
			if set == nil {
				continue
			}
			for i := range set.Policies {
				e.maybePolicy(l, &set.Policies[i], effect)
			}
		}
	}
}

func (e *explainer) maybePolicy(l Layer, n *Named, effect Effect) {
	if n.policy().broken != "" {
		*e.out = append(*e.out, Reason{Layer: l, Policy: n.Name, Statement: -1})
		return
	}
	for j := range n.Policy.Statements {
		s := &n.Policy.Statements[j]
		if effect != EffectUnknown && s.Effect != effect || s.Effect == Allow && e.c.said[l].allow == yes && l != LayerResource {
			continue
		}
		if m := s.match(&e.c.question, l); m.any() == unknown {
			e.add(l, ref{n, j})
		}
	}
}

// assumptions lists the unread parts of the layers that apply and are taken to deny nothing.
func (l *Layers) assumptions(c *counts) []Assumption {
	var out []Assumption
	for layer := range LayerPublicAccess {
		if !l.Assume.Has(layer) || !c.applies[layer] {
			continue
		}
		var one [1]*Set
		for _, set := range l.levels(layer, &one) {
			if set == nil {
				continue
			}
			for i := range set.Missing {
				if m := &set.Missing[i]; m.assumed(layer, l.Assume) {
					out = append(out, Assumption{layer, dependencyName(layer, m), m.Reason})
				}
			}
		}
	}
	return out
}
