package policy

import (
	"strconv"
	"strings"

	"ccx/transform/policy/glob"
)

// test is one thing left to find out about an opened statement. It answers unknown while a dim that it needs is open,
// and then lowers the proof's wait to that dim.
type test interface {
	eval(p *proof) truth
}

// freeTest holds or not, as its dim says.
type freeTest int

func (t freeTest) eval(p *proof) truth { return p.freely(int(t)) }

func (p *proof) freely(d int) truth {
	switch p.assign[d] {
	case -1:
		p.wait = min(p.wait, d)
		return unknown
	case 0:
		return no
	}
	return yes
}

// keyTest answers by the class of a context key; where even that does not settle it, free does.
type keyTest struct {
	dim  int
	when []truth
	free int
}

func (t *keyTest) eval(p *proof) truth {
	class := p.assign[t.dim]
	if class < 0 {
		p.wait = min(p.wait, t.dim)
		return unknown
	}
	if w := t.when[class]; w == no || w == yes {
		return w
	}
	return p.freely(t.free)
}

// partsTest is a condition whose key has no classes: each comparison may hold or not, the same in every condition
// that makes it.
type partsTest struct {
	presence int // dim: 0 absent, 1 present; -1 when the key is surely present
	absent   truth
	parts    []int
	negated  bool
}

func (t *partsTest) eval(p *proof) truth {
	if t.presence >= 0 {
		switch p.assign[t.presence] {
		case -1:
			p.wait = min(p.wait, t.presence)
			return unknown
		case 0:
			return t.absent
		}
	}
	any := no
	for _, d := range t.parts {
		any = or(any, p.freely(d))
	}
	if t.negated {
		return not(any)
	}
	return any
}

// resourceTest is a Resource or NotResource element over the atoms of the walk.
type resourceTest struct {
	uses    []use
	negated bool
}

// use is an atom with what else must hold for it to match; free is -1 when nothing.
type use struct{ atom, free int }

func (t *resourceTest) eval(p *proof) truth {
	any := no
	for _, u := range t.uses {
		switch {
		case u.atom >= 0 && !p.sig[u.atom]:
		case u.free < 0:
			any = yes
		default:
			any = or(any, p.freely(u.free))
		}
	}
	if t.negated {
		return not(any)
	}
	return any
}

// openResource makes the test of a Resource element; it returns false when the statement covers no resource.
func (p *proof) openResource(o *opened, s *Statement, l Layer, doubt func(string) int) bool {
	why := "whether its Resource matches is not documented"
	if p.exact {
		t := s.body.matchResource(p.q.Resource, l, &p.q.Context)
		if t != unknown {
			return o.add(t, func() int { return doubt(why) })
		}
	}
	t := &resourceTest{negated: s.body.notResource}
	for i := range s.body.resources {
		t.uses = append(t.uses, p.use(&s.body.resources[i], o, l, s.body.notResource, func() int { return doubt(why) })...)
	}
	o.tests = append(o.tests, t)
	return t.negated || len(t.uses) > 0
}

// use returns the atoms of one resource pattern.
func (p *proof) use(r *resource, o *opened, l Layer, negated bool, doubt func() int) []use {
	// A doubtful match counts as far as it may make an Allow apply less, or a Deny more.
	doubtful := func(atom int) []use {
		switch {
		case o.effect == Deny:
			return []use{{atom, doubt()}}
		case negated:
			return []use{{atom, -1}}
		}
		return nil
	}
	pattern, how := r.resolve(&p.q.Context)
	switch {
	case how == absent && negated:
		return doubtful(-1)
	case how == absent:
		return nil
	case how == unresolved:
		return []use{{p.atom(pattern), p.resourceVariable(r)}}
	case how == ambiguous || r.odd != "":
		return doubtful(p.atom(pattern))
	}
	out := []use{{p.atom(pattern), -1}}
	if r.loose != nil {
		out[0].free = doubt()
	}
	switch {
	case r.short == nil:
	case filled(l):
		out = append(out, use{p.atom(*r.short), -1})
	default:
		out = append(out, doubtful(p.atom(*r.short))...)
	}
	return out
}

// resourceVariable returns the free dim of a pattern whose variables are not known.
func (p *proof) resourceVariable(r *resource) int {
	var deps []Dependency
	r.keys(func(k string) { deps = p.keyDependency(deps, k) })
	var b strings.Builder
	for _, part := range r.parts {
		b.WriteString(part.text.String() + "\x00" + part.key + "\x00")
	}
	return p.free("variable\x00"+b.String(), deps...)
}

// keyDependency adds a key unless its value is known.
func (p *proof) keyDependency(deps []Dependency, folded string) []Dependency {
	if v := p.q.Context.get(folded); v.Kind != Exact && v.Kind != Absent {
		deps = append(deps, Dependency{"key", p.keyName(folded), v.Origin})
	}
	return deps
}

// atom returns the number of a pattern among the walk's atoms.
func (p *proof) atom(g glob.Pattern) int {
	name := "atom\x00" + g.String()
	if i, ok := p.index[name]; ok {
		return i
	}
	p.atoms = append(p.atoms, g)
	p.index[name] = len(p.atoms) - 1
	return len(p.atoms) - 1
}

// openConditions gathers, key by key, the conditions whose answer is not known, and makes their tests.
func (p *proof) openConditions() {
	var keys []string
	conds := map[string][]*condition{}
	for i := range p.opened {
		for _, c := range p.opened[i].conds {
			if conds[c.folded] == nil {
				keys = append(keys, c.folded)
			}
			conds[c.folded] = append(conds[c.folded], c)
		}
	}
	made := map[*condition]test{}
	for _, key := range keys {
		p.openKey(key, conds[key], made)
	}
	for i := range p.opened {
		o := &p.opened[i]
		for _, c := range o.conds {
			o.tests = append(o.tests, made[c])
		}
	}
}

func (p *proof) openKey(key string, conds []*condition, made map[*condition]test) {
	v := p.q.Context.get(key)
	name := conds[0].key
	deps := []Dependency{{"key", name, v.Origin}}
	values, ok := classes(v, conds, &p.q.Context)
	if !ok {
		for _, c := range conds {
			made[c] = p.parts(c, v, deps)
		}
		return
	}
	p.dims = append(p.dims, dim{size: len(values), key: key, values: values, chosen: v.Kind == Chosen, depends: deps})
	d := len(p.dims) - 1
	for i, c := range conds {
		t := &keyTest{dim: d, when: make([]truth, len(values)), free: -1}
		for class := range values {
			ctx := p.q.Context.trying(key, &values[class])
			t.when[class] = c.match(&ctx)
			if w := t.when[class]; w != no && w != yes && t.free < 0 {
				t.free = p.free("class\x00"+key+strconv.Itoa(i), deps...)
			}
		}
		made[c] = t
	}
}

// parts makes the test of a condition whose key has no classes.
func (p *proof) parts(c *condition, v Value, deps []Dependency) test {
	t := &partsTest{presence: -1}
	if v.Kind == Unknown || v.Kind == Chosen && v.Optional {
		t.presence = p.free("presence\x00"+c.folded, deps...)
		t.absent = c.whenAbsent()
	}
	if c.kind.family == famNull {
		t.absent = c.null(true)
		if t.negated = c.null(false) == yes; t.absent != no && t.absent != yes {
			t.presence = -1
			t.parts = []int{p.free("null\x00"+c.folded, deps...)}
		}
		return t
	}
	if c.quantifier != single {
		name := "set\x00" + c.name + "\x00" + c.folded
		for i := range c.wanted {
			name += "\x00" + c.wanted[i].text
			deps = p.wantedDependencies(deps, &c.wanted[i])
		}
		t.parts = []int{p.free(name, deps...)}
		return t
	}
	t.negated = c.kind.negated
	for i := range c.wanted {
		w := &c.wanted[i]
		name := "part\x00" + strconv.Itoa(int(c.kind.family)*16+int(c.kind.compare)) + c.folded + "\x00" + w.text
		t.parts = append(t.parts, p.free(name, p.wantedDependencies(deps, w)...))
	}
	return t
}

func (p *proof) wantedDependencies(deps []Dependency, w *wanted) []Dependency {
	add := func(k string) { deps = p.keyDependency(deps[:len(deps):len(deps)], k) }
	w.keys(add)
	for i := range w.segments {
		w.segments[i].keys(add)
	}
	return deps
}

// keyName returns a folded key as the policies write it, for people.
func (p *proof) keyName(folded string) string {
	for i := range p.opened {
		for _, c := range p.opened[i].conds {
			if c.folded == folded {
				return c.key
			}
		}
	}
	return folded
}
