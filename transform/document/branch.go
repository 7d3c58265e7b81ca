package document

import (
	"bytes"
	"sort"

	"ccx/transform/finding"
)

// region is a stretch of a template that goes through one branch of its statements: what stands between {% if %} and
// {% else %}, say. It lasts until the next one starts.
type region struct {
	from   int // offset of its first byte
	opener int // index among the holes of the statement that opens it; -1 outside of all
}

// branching is what a statement does to the branches of a template.
type branching uint8

const (
	straight branching = iota // nothing: {% set x = 1 %}, {% include %}
	opens                     // {% if %}, {% for %}
	turns                     // {% else %}
	closes                    // {% endif %}
)

// branching tells what a hole of src does.
func (h expression) branching(src []byte) branching {
	text := src[h.start:h.end]
	m := expressionPatterns().branch.FindSubmatch(text)
	switch {
	case m == nil:
		return straight
	case len(m[1]) > 0:
		return closes
	case string(m[2]) == "else", string(m[2]) == "elif":
		return turns
	case string(m[2]) == "set" && bytes.IndexByte(text, '=') >= 0:
		return straight
	}
	return opens
}

// regionsOf finds the regions of a template. What closes or turns nothing is passed over.
func regionsOf(src []byte, holes []expression) []region {
	all := []region{{opener: -1}}
	var open []int
	for i, h := range holes {
		switch b := h.branching(src); {
		case b == opens:
			open = append(open, i)
		case b == straight, len(open) == 0:
			continue
		case b == turns:
			open[len(open)-1] = i
		default:
			open = open[:len(open)-1]
		}
		r := region{from: h.end, opener: -1}
		if len(open) > 0 {
			r.opener = open[len(open)-1]
		}
		all = append(all, r)
	}
	return all
}

// regionAt returns the opener of the region that holds an offset, or -1.
func (d *Document) regionAt(offset int) int {
	if len(d.regions) == 0 {
		return -1
	}
	i := sort.Search(len(d.regions), func(i int) bool { return d.regions[i].from > offset })
	return d.regions[max(i-1, 0)].opener
}

// home returns the opener of the region in which t's own entry stands, and so what is added to t has to stand.
func (d *Document) home(t *tree) int {
	if c := t.entry(); c != nil {
		return d.regionAt(c.begin)
	}
	return -1
}

// Branch returns the place of the template's statement, an {% if %} or {% for %}, that decides whether n's entry is
// there at all, while what holds it stands outside; false if there is none.
func (n *Node) Branch() (finding.Place, bool) {
	if n == nil || n.entry == nil || n.tree.parent == nil {
		return finding.Place{}, false
	}
	opener := n.doc.regionAt(n.entry.begin)
	if opener < 0 || opener == n.doc.home(n.tree.parent) {
		return finding.Place{}, false
	}
	hole := n.doc.holes[opener]
	return n.doc.PlaceAt(hole.start, hole.end-hole.start), true
}

// Earlier returns the values of other entries above n with n's key: a template may have one in each branch, of which Get
// returns the last.
func (n *Node) Earlier() []*Node {
	if n == nil || n.entry == nil || n.entry.key == nil || n.tree.parent == nil {
		return nil
	}
	var all []*Node
	siblings := n.tree.parent.children
	for i := range siblings[:n.tree.slot] {
		if k := siblings[i].key.real(); k.isString() && k.text == n.entry.key.real().text {
			all = append(all, n.parent.child(n.parent, &siblings[i]))
		}
	}
	return all
}

// sameStatements reports whether two texts of a template have the same statements: a change may take out a value's
// expression, but never half of an {% if %}.
func sameStatements(a, b *Document) bool {
	list := func(d *Document) []byte {
		var all []byte
		for _, h := range d.holes {
			if h.statement {
				all = append(append(all, d.Src[h.start:h.end]...), 0)
			}
		}
		return all
	}
	return bytes.Equal(list(a), list(b))
}
