package policy

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
