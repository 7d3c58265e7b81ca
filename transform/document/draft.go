package document

import "fmt"

// Draft is the value that a document is to have after some edits: the want of Apply. What aliases share is one value in
// it, so that a change is seen by all of them, as in the text.
type Draft struct {
	value any
	made  map[*tree]any
}

// Draft returns a draft of n's value, on which changes can be noted at any node in n.
func (n *Node) Draft() *Draft {
	d := &Draft{made: map[*tree]any{}}
	if n != nil {
		d.value = n.value(d.made)
	}
	return d
}

// Value returns the value with all changes so far.
func (d *Draft) Value() any { return d.value }

// Set notes what n.Set(path, value) changes: a key of a mapping in the text, not of those that merge it.
func (d *Draft) Set(n *Node, path []string, value any) error {
	for n != nil && !n.is(mapping) {
		if n.entry == nil || n.entry.key == nil {
			if n.parent == nil && len(path) == 0 {
				d.value = plainTree(value)
				return nil
			}
			return fmt.Errorf("line %d: not a mapping", n.Place().Line)
		}
		n, path = n.parent, append([]string{jsonKey(n.entry.key.real())}, path...)
	}
	if n == nil {
		return fmt.Errorf("there is nothing to change")
	}
	_, err := Put(d.made[n.real()], path, value)
	return err
}
