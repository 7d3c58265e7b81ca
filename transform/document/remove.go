package document

import "fmt"

// removeLines takes out the whole lines from the one that holds start to the one that holds end, or, where a comment
// follows, what stands before it.
func (e *editor) removeLines(start, end int) {
	from := e.doc.lineStart(start)
	last := end
	if end > start && breakEndLen(e.doc.Src[:end]) > 0 {
		last = end - breakEndLen(e.doc.Src[:end])
	}
	if lineEnd := e.doc.lineEnd(last); !e.doc.blank(last, lineEnd) {
		e.add(start, last-start, "", 0)
		return
	}
	to := e.doc.nextLine(last)
	if to == len(e.doc.Src) && e.doc.lineEnd(last) == to {
		from -= breakEndLen(e.doc.Src[:from]) // the text keeps having no last line break
	}
	e.add(from, to-from, "", 0)
}

// remove takes the children i to j out of a collection that keeps others.
func (e *editor) remove(t *tree, i, j int) {
	begin, end := t.children[i].begin, t.children[j].end()
	switch {
	case t.style == block && e.doc.startsLine(begin):
		e.removeLines(begin, end)
	case j+1 < len(t.children): // in brackets, or behind a dash
		e.add(begin, t.children[j+1].begin-begin, "", 0)
	case i > 0:
		before := t.children[i-1].end()
		if before == t.children[i-1].mark && blankByte(e.doc.Src[before]) {
			before++ // {a: } and not {a:}, which is the key "a:" for some readers
		}
		e.add(before, end-before, "", 0)
	}
}

// end returns the offset after a child.
func (c child) end() int {
	end := max(c.value.end, c.mark)
	if c.key != nil {
		return max(end, c.key.end)
	}
	if c.mark >= 0 {
		return max(end, c.mark+1)
	}
	return end
}

// Remove returns the edits that take n and its key, or its dash, out of the collection that holds it. A collection
// that loses its last entry becomes {} or [].
func (n *Node) Remove() ([]Edit, error) {
	if n == nil || n.tree.parent == nil {
		return nil, fmt.Errorf("there is nothing to take it out of")
	}
	e := editor{doc: n.doc}
	parent := n.tree.parent
	if len(parent.children) > 1 {
		e.remove(parent, n.tree.slot, n.tree.slot)
		return e.edits, nil
	}
	if parent.pair {
		return nil, fmt.Errorf("line %d: a mapping without braces in a list can't be emptied", lineOf(n.doc.Src, parent.start))
	}
	var empty any = Map{}
	if parent.form == sequence {
		empty = []any{}
	}
	err := e.putInline(parent, empty)
	return e.edits, err
}

// Join returns edits with one deletion in place of deletions that touch or overlap, as those of neighbours do that are
// removed one by one.
func (d *Document) Join(edits []Edit) []Edit {
	var out []Edit
	for _, e := range ordered(edits) {
		if n := len(out) - 1; n >= 0 && e.Insert == "" && out[n].Insert == "" && e.Delete > 0 && out[n].Delete > 0 && e.Offset <= out[n].Offset+out[n].Delete {
			out[n].Delete = max(out[n].Delete, e.Offset+e.Delete-out[n].Offset)
			out[n] = d.toTheEnd(out[n])
			continue
		}
		out = append(out, e)
	}
	return out
}

// toTheEnd makes a deletion of the last lines of a text without a last line break take the break above them, so that
// the text goes on having none.
func (d *Document) toTheEnd(e Edit) Edit {
	if at := e.Offset + e.Delete; at == len(d.Src) && breakEndLen(d.Src) == 0 && d.lineStart(e.Offset) == e.Offset {
		n := breakEndLen(d.Src[:e.Offset])
		e.Offset, e.Delete = e.Offset-n, e.Delete+n
	}
	return e
}

// Rename returns the edit that gives the key that holds n another name, in the key's own quotes.
func (n *Node) Rename(key string) ([]Edit, error) {
	if n == nil || n.entry == nil || n.entry.key == nil || n.entry.key.form != scalar || n.entry.key.isEmpty() {
		return nil, fmt.Errorf("there is no key to rename")
	}
	k := n.entry.key
	return []Edit{{Offset: k.start, Delete: k.end - k.start, Insert: quoteString(key, k.style)}}, nil
}
