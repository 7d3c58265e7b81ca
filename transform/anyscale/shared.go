package anyscale

import (
	"fmt"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// uses counts in how many places of a document each of its values shows: one, unless aliases and merge keys share it.
type uses struct {
	times map[any]int              // by the value's identity and, for an entry of a mapping, its slot
	edges map[any][]*document.Node // how each value was reached, once for each place where it is written or aliased
}

// most bounds the counts, which double with each step of an alias bomb.
const most = 1 << 40

// usesOf walks a document once, however often its values are shared: first in depth, to have every value before what it
// holds, then down that order, adding up.
func usesOf(root *document.Node) uses {
	u := uses{times: map[any]int{}, edges: map[any][]*document.Node{}}
	var order []*document.Node
	seen := map[any]bool{}
	var visit func(n *document.Node)
	visit = func(n *document.Node) {
		if id := n.Identity(); !seen[id] {
			seen[id] = true
			for _, child := range children(n) {
				u.edges[child.Identity()] = append(u.edges[child.Identity()], child)
				visit(child)
			}
			order = append(order, n)
		}
	}
	visit(root)
	u.times[root.Identity()] = 1
	for i := len(order) - 1; i >= 0; i-- {
		for _, child := range children(order[i]) {
			for _, id := range []any{child.Identity(), child.Slot()} {
				u.times[id] = min(most, u.times[id]+u.times[order[i].Identity()])
			}
		}
	}
	return u
}

func children(n *document.Node) []*document.Node {
	all := n.Items()
	for _, e := range n.Entries() {
		all = append(all, e.Value)
	}
	return all
}

// leaks refuses an edit of a value that shows in more places than those that are to change: an alias would carry the
// profile where nobody asked for it.
func (f *File) leaks(plans []plan) *finding.Finding {
	wanted := map[any]int{}
	sites := f.Sites()
	for i, s := range sites {
		if plans[i].action.writes() {
			wanted[plans[i].changed(s)]++
		}
	}
	u := usesOf(f.root)
	for i, s := range sites {
		if !plans[i].action.writes() {
			continue
		}
		target, changed := plans[i].target(s), plans[i].changed(s)
		if u.times[changed] == wanted[changed] {
			continue
		}
		x := finding.New(finding.ConfigShared, s.Place(), "the "+s.Label+" shares its instance config with a place that needs none").
			WithHint("write the block out here instead of sharing it by alias or merge key")
		if other := u.elsewhere(target, s); other.Known() {
			x = x.WithDetails(fmt.Sprintf("the other place is on line %d: %s", other.Line, shorten(other.Text)))
		}
		return &x
	}
	return nil
}

// elsewhere returns another place where a target is written or aliased than the site's own.
func (u uses) elsewhere(target *document.Node, s Site) finding.Place {
	for _, edge := range u.edges[target.Identity()] {
		if at := edge.KeyPlace(); at.Offset != s.Place().Offset {
			return at
		}
	}
	return finding.Place{}
}
