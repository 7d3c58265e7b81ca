package policy

import (
	"strconv"

	"ccx/transform/policy/glob"
)

// A proof decides a request for many resources and for everything that is not known at once.
//
// Two kinds of thing vary. What the caller chooses (the resource, chosen context keys): the request must be allowed for
// all of it. And what is not known (context keys, unread policies, statements that could not be understood): each way
// in which it may turn out is a completion. With U for a choice and E for a completion, the questions are, in order:
//
//	(a) is there a U that is denied under every E?  then the verdict is a deny, and the shortest U is shown
//	(b) is there a U that is denied under some E?   then the verdict depends
//	(c) otherwise it is allowed
//
// The completions are classes of values: a class more than there really is can make a verdict less certain, but never
// wrong. The choices must be real: each is a text that was found.

// maxEffort bounds how often statements are weighed in one proof: after it, completions are no longer gone through, and
// after four times as much nothing is. maxChoices bounds the combinations of chosen keys.
const (
	maxEffort  = 1 << 20
	maxChoices = 1 << 10
)

// dim is one thing that varies, with the classes that it falls into.
type dim struct {
	size    int
	key     string  // folded; "" for what is simply true or false
	values  []Value // by class, of a key
	chosen  bool
	depends []Dependency
}

// opened is a statement that is not surely silent, with what is left to find out about it. Unread parts of a layer
// are opened statements as well.
type opened struct {
	layer  Layer
	level  int
	effect Effect
	named  named
	who    int // dim that settles an unknown name; -1 when none is
	tests  []test
	conds  []*condition // those that are not known, until their tests are made
}

// proof holds one proof.
type proof struct {
	r      *Request
	l      *Layers
	q      question
	base   counts
	within glob.Pattern
	exact  bool // within is the request's resource alone

	dims   []dim
	assign []int16 // class by dim; -1 while open
	atoms  []glob.Pattern
	index  map[string]int // atoms, free dims and presence dims by name
	sig    glob.Signature
	opened []opened
	levels [numLayers]int
	same   int // dim of the resource's account; -1 when it is known
	closed int // dim of Block Public Access; -1 when it is known

	allows [numLayers][]truth // scratch: what each level allows
	effort int
	wait   int // the first open dim that the last weighing waited for
	tree   tree
}

// Prove decides the request for every resource ARN that matches within; r.Resource is not used. Where the context
// has chosen keys, it decides for all their values too. Leave the empty key out of within: "arn:aws:s3:::bucket/?*".
// Keys longer than S3's 1,024 bytes are not told from shorter ones.
func Prove(r Request, within glob.Pattern, l Layers) Decision {
	if s, ok := within.IsLiteral(); ok {
		r.Resource = s
	} else {
		r.Resource = glob.Shortest(within)
	}
	return newProof(&r, &l, within).decision()
}

func newProof(r *Request, l *Layers, within glob.Pattern) *proof {
	p := &proof{r: r, l: l, q: newQuestion(r, l), within: within, index: map[string]int{}, same: -1, closed: -1}
	_, p.exact = within.IsLiteral()
	p.base = newCounts(&p.q, l)
	for layer := range numLayers {
		if layer < LayerPublicAccess && p.base.applies[layer] {
			p.openLayer(layer)
		}
	}
	p.openReserved()
	p.openConditions()
	if p.q.same == unknown {
		p.same = p.free("same account", Dependency{"key", "aws:ResourceAccount", "the account that owns the resource"})
	}
	if p.base.applies[LayerPublicAccess] {
		p.base.said[LayerPublicAccess].deny = l.restricted()
		if l.restricted() == unknown {
			p.closed = p.free("public access", Dependency{"layer", LayerPublicAccess.String(), "not read"})
		}
	}
	for layer, n := range p.levels {
		p.allows[layer] = make([]truth, n)
	}
	p.assign = make([]int16, len(p.dims))
	for i := range p.assign {
		p.assign[i] = -1
	}
	return p
}

// free returns the dim of something that may be true or false. The same name gives the same dim.
func (p *proof) free(name string, depends ...Dependency) int {
	if d, ok := p.index[name]; ok {
		return d
	}
	p.dims = append(p.dims, dim{size: 2, depends: depends})
	p.index[name] = len(p.dims) - 1
	return len(p.dims) - 1
}

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
	for _, set := range p.l.levels(l) {
		if set == nil {
			continue
		}
		level := p.levels[l]
		p.levels[l]++
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
	label := statementName(n, i)
	if s.Unknown != "" {
		p.openAnything(label, l, level, s.Effect, Dependency{"statement", label, s.Unknown})
		return
	}
	o := opened{layer: l, level: level, effect: s.Effect, who: -1}
	doubt := func(why string) int {
		return p.free(label+"\x00"+l.String()+strconv.Itoa(level), Dependency{"statement", label, why})
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
	if !p.openWho(&o, s, doubt) {
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
func (p *proof) openWho(o *opened, s *Statement, doubt func(string) int) bool {
	o.named = s.who(&p.q)
	for g, t := range o.named {
		switch {
		case t == unclear && o.effect == Allow:
			o.named[g] = no
		case t == unclear:
			o.named[g] = unknown
			o.who = doubt("whether its Principal names the caller is not documented")
		case t == unknown && o.who < 0:
			o.who = p.free(s.whoName(), Dependency{"key", "aws:userid", "the session's name or the principal's unique id"})
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
