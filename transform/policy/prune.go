package policy

import "ccx/transform/policy/glob"

// prune takes out what can't change the verdict, so that the walk has fewer patterns to tell apart: where one Allow of
// a level covers every resource, the level's other Allows say nothing more.
func (p *proof) prune() {
	var full []*opened
	for i := range p.opened {
		if o := &p.opened[i]; p.full(o) {
			full = append(full, o)
		}
	}
	kept := make([]opened, 0, len(p.opened))
	for i := range p.opened {
		if o := &p.opened[i]; !outdone(o, full) {
			kept = append(kept, *o)
		}
	}
	if len(kept) < len(p.opened) {
		p.opened = kept
		p.renumber()
	}
}

// full reports whether an Allow surely applies to every resource.
func (p *proof) full(o *opened) bool {
	if o.effect != Allow || len(o.conds) > 0 || len(o.tests) > 1 {
		return false
	}
	for _, t := range o.tests {
		r, ok := t.(*resourceTest)
		if !ok || r.negated || !p.covered(r) {
			return false
		}
	}
	return true
}

func (p *proof) covered(t *resourceTest) bool {
	for _, u := range t.uses {
		if u.atom >= 0 && u.free < 0 && glob.Leads(p.atoms[u.atom], p.within) {
			return true
		}
	}
	return false
}

// outdone reports whether a full Allow of the same level gives at least as much; of equals the first stays.
func outdone(o *opened, full []*opened) bool {
	for _, f := range full {
		if f == o {
			return false
		}
		if o.effect == Allow && f.layer == o.layer && f.level == o.level && f.gives(o) {
			return true
		}
	}
	return false
}

// gives reports whether o names the caller, for sure, in every way in which the other may.
func (o *opened) gives(other *opened) bool {
	for g := range other.named {
		if other.named[g] != no && o.named[g] != yes {
			return false
		}
	}
	return true
}

// renumber leaves only the atoms that are still in use.
func (p *proof) renumber() {
	var atoms []glob.Pattern
	number := map[int]int{-1: -1}
	for i := range p.opened {
		for _, t := range p.opened[i].tests {
			r, ok := t.(*resourceTest)
			if !ok {
				continue
			}
			for j := range r.uses {
				old := r.uses[j].atom
				if _, seen := number[old]; !seen {
					number[old] = len(atoms)
					atoms = append(atoms, p.atoms[old])
				}
				r.uses[j].atom = number[old]
			}
		}
	}
	p.atoms = atoms
}
