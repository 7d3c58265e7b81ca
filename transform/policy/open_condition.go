package policy

import (
	"strconv"
)

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
		varies := w.parts != nil
		for _, s := range w.segments {
			varies = varies || s.parts != nil
		}
		if w.odd || varies { // what AWS makes of it may differ between an operator and its negation
			name += "\x00" + c.name
		}
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
