package policy

import (
	"strconv"
	"strings"

	"ccx/transform/policy/glob"
)

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

// resourceVariable returns the free dim of a pattern whose variables are not known.
func (p *proof) resourceVariable(r *resource) int {
	var deps []Dependency
	r.keys(func(k string) { deps = p.keyDependency(deps, k) })
	var b strings.Builder
	for _, part := range r.parts {
		b.WriteString(part.text.String() + "\x00" + part.key + "\x00" + part.fallback + "\x00" + strconv.FormatBool(part.hasDefault))
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
		out := []use{{p.atom(pattern), p.resourceVariable(r)}}
		if negated && r.mayBeValueless(&p.q.Context) {
			out = append(out, use{-1, doubt()})
		}
		return out
	case how == ambiguous || r.odd != "":
		return doubtful(p.atom(pattern))
	}
	if r.loose != nil {
		return p.looseUses(r, pattern, doubtful, doubt)
	}
	out := []use{{p.atom(pattern), -1}}
	switch {
	case r.short == nil:
	case filled(l):
		out = append(out, use{p.atom(*r.short), -1})
	default:
		out = append(out, doubtful(p.atom(*r.short))...)
	}
	return out
}

// looseUses returns the atoms of a pattern with a star within a segment before the last: it surely matches what it
// matches segment by segment, and whether it matches more is not documented. Where within leaves one of those
// segments open, either is a doubt.
func (p *proof) looseUses(r *resource, whole glob.Pattern, doubtful func(int) []use, doubt func() int) []use {
	head, fixed := arnHead(p.within.Prefix())
	if !fixed {
		return []use{{p.atom(whole), doubt()}}
	}
	out := doubtful(p.atom(whole))
	if rest := arnSegments - 1; len(r.loose) == arnSegments && matchSegments(r.loose[:rest], strings.TrimSuffix(head, ":")) {
		out = append(out, use{p.atom(glob.Concat(glob.Literal(head), r.loose[rest])), -1})
	}
	return out
}

// arnHead returns the first five segments of an ARN with their colons, if it has them all.
func arnHead(arn string) (string, bool) {
	n := 0
	for i := range len(arn) {
		if arn[i] == ':' {
			if n++; n == arnSegments-1 {
				return arn[:i+1], true
			}
		}
	}
	return "", false
}
