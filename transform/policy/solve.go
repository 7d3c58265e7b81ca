package policy

import (
	"encoding/binary"
	"slices"
)

// weigh asks every opened statement under the current choice and completion.
func (p *proof) weigh() Verdict {
	p.effort += 1 + len(p.opened)
	p.wait = len(p.dims)
	c := p.base
	if p.same >= 0 {
		c.same = p.freely(p.same)
	}
	if p.closed >= 0 {
		c.said[LayerPublicAccess].deny = p.freely(p.closed)
	}
	c.said[LayerPublicAccess].deny = and(c.said[LayerPublicAccess].deny, not(c.same))
	for l := range p.allows {
		clear(p.allows[l])
	}
	for i := range p.opened {
		o := &p.opened[i]
		n := o.eval(p)
		if o.effect == Deny {
			c.said[o.layer].deny = or(c.said[o.layer].deny, n.any())
			continue
		}
		p.allows[o.layer][o.level] = or(p.allows[o.layer][o.level], n.any())
		c.grant(o.layer, n)
	}
	for l, levels := range p.allows {
		c.said[l].allow = truthOf(len(levels) > 0 || Layer(l) == LayerRCP || Layer(l) == LayerSCP)
		for _, t := range levels {
			c.said[l].allow = and(c.said[l].allow, t)
		}
	}
	return c.verdict()
}

// eval says whether the statement applies, by what its principal grants.
func (o *opened) eval(p *proof) named {
	t := yes
	for _, test := range o.tests {
		if t = and(t, test.eval(p)); t == no {
			return named{}
		}
	}
	n := o.named
	for g := range n {
		if n[g] == unknown {
			n[g] = p.freely(o.who)
		}
		n[g] = and(n[g], t)
	}
	return n
}

// tree is a decision diagram of the completions: what is not known is settled in the order of the dims, and equal
// branches are joined. A dim that is left in it is one on which the verdict hinges, and only those are left.
type tree struct {
	ids   map[string]int32
	dims  []int
	kids  [][]int32
	found [ExplicitDeny + 1]bool // the verdicts at its leaves; Depends for one that was given up
}

// The leaves of a tree: their numbers come before those of its nodes.
const (
	leafDenied int32 = iota
	leafAllowed
	leafGivenUp
	leaves
)

// grow builds the tree below the current assignment and returns its root.
func (p *proof) grow() int32 {
	v := p.weigh()
	d := p.wait
	if v == Depends && (p.effort > maxEffort || d == len(p.dims)) {
		p.tree.found[Depends] = true
		return leafGivenUp
	}
	if v != Depends {
		p.tree.found[v] = true
		if v == Allowed {
			return leafAllowed
		}
		return leafDenied
	}
	kids := make([]int32, p.dims[d].size)
	for class := range kids {
		p.assign[d] = int16(class)
		kids[class] = p.grow()
	}
	p.assign[d] = -1
	if slices.Max(kids) == slices.Min(kids) {
		return kids[0]
	}
	return p.tree.node(d, kids)
}

// node returns the number of the node that splits at a dim into kids.
func (t *tree) node(d int, kids []int32) int32 {
	key := binary.AppendVarint(nil, int64(d))
	for _, k := range kids {
		key = binary.AppendVarint(key, int64(k))
	}
	if id, ok := t.ids[string(key)]; ok {
		return id
	}
	id := leaves + int32(len(t.dims))
	t.ids[string(key)] = id
	t.dims, t.kids = append(t.dims, d), append(t.kids, kids)
	return id
}

// hinges calls f with each dim that is left in the tree.
func (t *tree) hinges(root int32, f func(int)) {
	seen := make([]bool, len(t.dims))
	var walk func(int32)
	walk = func(id int32) {
		if id < leaves || seen[id-leaves] {
			return
		}
		seen[id-leaves] = true
		f(t.dims[id-leaves])
		for _, k := range t.kids[id-leaves] {
			walk(k)
		}
	}
	walk(root)
}
