package policy

import (
	"strconv"

	"ccx/transform/policy/glob"
)

// openReserved opens what AWS reserves for itself, as a Deny of its own.
func (p *proof) openReserved() {
	t := &resourceTest{}
	for _, g := range reserved(p.q.action) {
		t.uses = append(t.uses, use{p.atom(glob.Compile(g)), -1})
	}
	if t.uses != nil {
		p.opened = append(p.opened, opened{layer: LayerService, effect: Deny, named: namedAll, who: -1, tests: []test{t}})
	}
}

// openLayer opens the statements of a layer and its unread parts.
func (p *proof) openLayer(l Layer) {
	var one [1]*Set
	for _, set := range p.l.levels(l, &one) {
		if set == nil {
			continue
		}
		level := p.levels[l]
		p.levels[l]++
		if l == LayerRCP && rcpApplies(p.q.action) == unknown {
			p.opened = append(p.opened, opened{layer: l, level: level, effect: Allow, named: namedAll, who: -1})
		}
		for _, m := range set.Missing {
			p.openMissing(&m, l, level)
		}
		for i := range set.Policies {
			n := &set.Policies[i]
			if broken := n.policy().broken; broken != "" {
				p.openAnything(n.Name, l, level, EffectUnknown, Dependency{"statement", n.Name, broken})
				continue
			}
			for j := range n.Policy.Statements {
				p.openStatement(n, j, l, level)
			}
		}
	}
}

var namedAll = named{yes, yes, yes}

func (p *proof) openMissing(m *Missing, l Layer, level int) {
	if m.assumed(l, p.l.Assume) {
		p.opened = append(p.opened, opened{layer: l, level: level, effect: Allow, named: namedAll, who: -1})
		return
	}
	e := EffectUnknown
	if m.OnlyAllows {
		e = Allow
	} else if l == LayerRCP {
		e = Deny
		p.opened = append(p.opened, opened{layer: l, level: level, effect: Allow, named: namedAll, who: -1})
	}
	p.openAnything(m.What, l, level, e, Dependency{"layer", dependencyName(l, m), m.Reason})
}

func dependencyName(l Layer, m *Missing) string {
	if m.What == "" {
		return l.String()
	}
	return m.What
}

// openAnything opens what may allow or deny anything, by an Allow and a Deny that hold or not.
func (p *proof) openAnything(name string, l Layer, level int, e Effect, d Dependency) {
	for _, effect := range [...]Effect{Allow, Deny} {
		if e == EffectUnknown || e == effect {
			f := p.free(name+"\x00"+l.String()+strconv.Itoa(level)+effect.String(), d)
			p.opened = append(p.opened, opened{
				layer: l, level: level, effect: effect, named: namedAll, who: -1, tests: []test{freeTest(f)},
			})
		}
	}
}

// openStatement opens a statement unless it surely does not apply to the request.
func (p *proof) openStatement(n *Named, i int, l Layer, level int) {
	s := &n.Policy.Statements[i]
	if s.Unknown != "" {
		label := statementName(n, i)
		p.openAnything(label, l, level, s.Effect, Dependency{"statement", label, s.Unknown})
		return
	}
	o := opened{layer: l, level: level, effect: s.Effect, who: -1}
	// Each doubt is a dim of its own: one that a NotResource turns round must not cancel another.
	doubt := func(why string) int {
		label := statementName(n, i)
		return p.free(label+"\x00"+why+"\x00"+l.String()+strconv.Itoa(level), Dependency{"statement", label, why})
	}
	if !o.add(s.body.matchAction(p.q.action), func() int { return doubt("whether its Action matches is not documented") }) {
		return
	}
	if why := s.misplaced(l, p.q.action); why != "" && !o.add(unclear, func() int { return doubt(why) }) {
		return
	}
	if s.body.hasResource && !p.openResource(&o, s, l, doubt) {
		return
	}
	if !p.openWho(&o, s, l, doubt) {
		return
	}
	for c := range s.body.conditions {
		cond := &s.body.conditions[c]
		t := cond.match(&p.q.Context)
		if t == unknown {
			o.conds = append(o.conds, cond)
		} else if !o.add(t, func() int { return doubt(cond.name + " on " + cond.key + " is not documented for this case") }) {
			return
		}
	}
	if l == LayerRCP && o.effect == Deny && rcpApplies(p.q.action) == unknown {
		o.tests = append(o.tests, freeTest(p.free("rcp", Dependency{"layer", l.String(), "whether they govern the service is not known"})))
	}
	p.opened = append(p.opened, o)
}

// add takes note of one element's answer; it returns false when the statement can't apply.
func (o *opened) add(t truth, doubt func() int) bool {
	switch t {
	case no:
		return false
	case yes:
		return true
	}
	if o.effect == Allow && t == unclear {
		return false
	}
	o.tests = append(o.tests, freeTest(doubt()))
	return true
}

// openWho opens the Principal element.
func (p *proof) openWho(o *opened, s *Statement, l Layer, doubt func(string) int) bool {
	o.named = s.who(&p.q, l)
	for g, t := range o.named {
		switch {
		case t == unclear && o.effect == Allow:
			o.named[g] = no
		case t == unclear:
			o.named[g] = unknown
			o.who = doubt("whether its Principal names the caller is not documented")
		case t == unknown && o.who < 0:
			d := Dependency{"key", "aws:userid", "the session's name or the principal's unique id"}
			if l == LayerEndpoint {
				d = Dependency{"layer", l.String(), "whether the endpoint is of the gateway or the interface kind"}
			}
			o.who = p.free(s.whoName(), d)
		}
	}
	return o.named.any() != no
}

// whoName tells Principal elements apart.
func (s *Statement) whoName() string {
	name := "who\x00" + strconv.FormatBool(s.body.notPrincipal)
	for _, p := range s.body.principals {
		name += "\x00" + p.value
	}
	return name
}

// statementName is how a person finds a statement.
func statementName(n *Named, i int) string {
	s := n.Name + ", statement " + strconv.Itoa(i+1)
	if sid := n.Policy.Statements[i].Sid; sid != "" {
		s += " " + strconv.Quote(sid)
	}
	return s
}
