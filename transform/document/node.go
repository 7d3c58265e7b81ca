package document

import (
	"strconv"
	"strings"
)

// Node is a value in a Document as it was reached: the same value reached by another alias is another Node with the
// same Identity. All methods are safe on a nil Node, which stands for "not there".
type Node struct {
	doc    *Document
	tree   *tree  // as it stands in the text: may be an alias
	entry  *child // the entry or item of the collection it was reached in, nil for a root
	parent *Node
	shared bool
}

// real returns the tree node that holds the value, nil for a nil Node.
func (n *Node) real() *tree {
	if n == nil {
		return nil
	}
	return n.tree.real()
}

func (n *Node) is(f form) bool { return n != nil && n.real().form == f }

// child wraps an entry or item of n.
func (n *Node) child(holder *Node, e *child) *Node {
	return &Node{doc: n.doc, tree: e.value, entry: e, parent: holder,
		shared: holder.shared || holder.tree.form == alias || e.value.form == alias}
}

// Get returns the value of a string key, through aliases and merge keys; of duplicate keys the last counts, as for
// the client. It returns nil when n is no mapping or has no such key.
func (n *Node) Get(key string) *Node {
	return n.get(key, nil)
}

// get is Get that looks into no mapping of seen, which it fills when there are merge keys.
func (n *Node) get(key string, seen map[*tree]bool) *Node {
	if !n.is(mapping) || seen[n.real()] {
		return nil
	}
	if e := n.real().lookup(key); e != nil {
		return n.child(n, e)
	}
	merged := n.merged()
	if len(merged) > 0 && seen == nil {
		seen = map[*tree]bool{}
	}
	for i := len(merged) - 1; i >= 0; i-- {
		if found := merged[i].get(key, seen); found != nil {
			return found
		}
		seen[merged[i].real()] = true
	}
	return nil
}

// merged returns the mappings that n's merge keys bring in; a later one overrides an earlier one.
func (n *Node) merged() []*Node {
	var all []*Node
	t := n.real()
	for i := range t.children {
		e := &t.children[i]
		if e.key.real().tag != tagMerge || e.key.real().form != scalar {
			continue
		}
		value := n.child(n, e)
		value.shared = true
		if value.is(mapping) {
			all = append(all, value)
		}
		items := value.Items()
		for j := len(items) - 1; j >= 0; j-- { // of a list, the first counts
			if items[j].is(mapping) {
				items[j].shared = true
				all = append(all, items[j])
			}
		}
	}
	return all
}

// Find is Get along a path of keys.
func (n *Node) Find(path ...string) *Node {
	for _, key := range path {
		n = n.Get(key)
	}
	return n
}

// At returns the node at an RFC 6901 JSON pointer, or nil.
func (n *Node) At(pointer string) *Node {
	if pointer == "" {
		return n
	}
	if !strings.HasPrefix(pointer, "/") {
		return nil
	}
	for _, part := range strings.Split(pointer[1:], "/") {
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		if n.is(sequence) {
			n = n.item(part)
			continue
		}
		n = n.member(part)
	}
	return n
}

func (n *Node) item(part string) *Node {
	i, err := strconv.Atoi(part)
	items := n.real().children
	if err != nil || i < 0 || i >= len(items) || strconv.Itoa(i) != part {
		return nil
	}
	return n.child(n, &items[i])
}

// member is Get for any key, by its JSON spelling.
func (n *Node) member(key string) *Node {
	if found := n.Get(key); found != nil {
		return found
	}
	for _, e := range n.Entries() {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// Entries returns the pairs of a mapping: its own in the text's order, then those merged in that it does not override.
// Of duplicate keys only the last is there.
func (n *Node) Entries() []Entry {
	if !n.is(mapping) {
		return nil
	}
	return n.entries(map[string]bool{}, map[*tree]bool{})
}

// entries lists the pairs whose keys are not in seen, and adds them there. A mapping in done is not
// merged again.
func (n *Node) entries(seen map[string]bool, done map[*tree]bool) []Entry {
	t := n.real()
	done[t] = true
	var own []Entry
	for i := len(t.children) - 1; i >= 0; i-- {
		e := &t.children[i]
		k := e.key.real()
		if k.form != scalar || k.tag == tagMerge {
			continue
		}
		spelling := jsonKey(k)
		if seen[spelling] {
			continue
		}
		seen[spelling] = true
		own = append(own, Entry{Key: spelling, KeyNode: &Node{doc: n.doc, tree: e.key, parent: n}, Value: n.child(n, e)})
	}
	for i, j := 0, len(own)-1; i < j; i, j = i+1, j-1 {
		own[i], own[j] = own[j], own[i]
	}
	merged := n.merged()
	for i := len(merged) - 1; i >= 0; i-- {
		if done[merged[i].real()] {
			continue
		}
		for _, e := range merged[i].entries(seen, done) {
			e.Merged = true
			own = append(own, e)
		}
	}
	return own
}

// Items returns the items of a sequence.
func (n *Node) Items() []*Node {
	if !n.is(sequence) {
		return nil
	}
	t := n.real()
	items := make([]*Node, len(t.children))
	for i := range t.children {
		items[i] = n.child(n, &t.children[i])
	}
	return items
}

// IsMapping reports whether n is a mapping.
func (n *Node) IsMapping() bool { return n.is(mapping) }

// IsSequence reports whether n is a sequence.
func (n *Node) IsSequence() bool { return n.is(sequence) }

// IsNull reports whether n is there and null, written out or left empty.
func (n *Node) IsNull() bool { return n.is(scalar) && n.real().tag == tagNull }

// IsDate reports whether the client reads n as a date or time, which it sends as an ISO string.
func (n *Node) IsDate() bool { return n.is(scalar) && n.real().tag == tagDate }

// IsFlow reports whether n is a collection in flow style: { } or [ ].
func (n *Node) IsFlow() bool { return n != nil && n.real().style == flow }

// Identity is equal for two Nodes exactly when they are one value in the text.
func (n *Node) Identity() any {
	if n == nil {
		return nil
	}
	return n.real()
}

// Slot is equal for two Nodes exactly when they are one entry or item as it stands in the text: the same value behind
// two aliases has two slots, and one entry that several mappings merge has one. It is nil for a root.
func (n *Node) Slot() any {
	if n == nil || n.entry == nil {
		return nil
	}
	return n.entry
}

// Shared reports whether n, or anything on the way to it, was reached by an alias or a merge key, so that an edit may
// be seen elsewhere.
func (n *Node) Shared() bool { return n != nil && n.shared }
