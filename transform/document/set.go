package document

import "fmt"

// Set returns the edits that make n[path...] = value: it descends what exists, inserts what is missing in the text's
// own style, and replaces null, {} or whatever is there; nothing is edited where the value is there already. value is
// as in Pair. On a mapping reached by alias or merge it edits the target; an alias of a scalar is itself replaced.
func (n *Node) Set(path []string, value any) ([]Edit, error) {
	if n == nil {
		return nil, fmt.Errorf("there is nothing to change")
	}
	at := n
	for len(path) > 0 && at.is(mapping) && len(at.real().children) > 0 {
		next := at.Get(path[0])
		if next == nil {
			e := editor{doc: n.doc}
			err := e.insert(at.real(), path[0], nest(path[1:], value))
			return e.edits, err
		}
		at, path = next, path[1:]
	}
	if len(path) > 0 && !at.IsNull() && !at.is(mapping) {
		return nil, fmt.Errorf("line %d: a mapping is needed here to put %s in", at.Place().Line, path[0])
	}
	t := at.real()
	if t.form == scalar {
		t = at.tree
	}
	e := editor{doc: n.doc}
	err := e.replace(t, nest(path, value))
	return e.edits, err
}

// nest wraps a value in a mapping for each key of path.
func nest(path []string, value any) any {
	for i := len(path) - 1; i >= 0; i-- {
		value = Map{{Key: path[i], Value: value}}
	}
	return value
}

// editor collects edits.
type editor struct {
	doc   *Document
	edits []Edit
}

func (e *editor) add(offset, length int, insert string, depth int) {
	if length > 0 || insert != "" {
		e.edits = append(e.edits, Edit{Offset: offset, Delete: length, Insert: insert, depth: depth})
	}
}

// insert adds an entry at the end of a mapping that has entries.
func (e *editor) insert(m *tree, key string, value any) error {
	if m.pair {
		return fmt.Errorf("line %d: a mapping without braces in a list can't be added to", lineOf(e.doc.Src, m.start))
	}
	if m.style == flow {
		return e.insertFlow(m, key, value)
	}
	w := e.doc.writerFor(m)
	lines, err := w.blockEntries(Map{{Key: key, Value: value}}, m.column)
	if err != nil {
		return err
	}
	last := m.children[len(m.children)-1]
	if !endsOpen(last.value) {
		return e.linesIn(m, lines, w.lineBreak)
	}
	// A line break behind the last block of text would become part of it, so the entry goes before that one.
	if !e.doc.startsLine(last.begin) {
		return fmt.Errorf("line %d: the text ends inside a block of text; end it with a line break first", lineOf(e.doc.Src, last.begin))
	}
	if e.doc.regionAt(last.begin) != e.doc.home(m) {
		return errInsideStatement
	}
	e.add(e.doc.lineStart(last.begin), 0, lines, m.column)
	return nil
}

// linesIn puts whole lines in at the end of a mapping.
func (e *editor) linesIn(m *tree, lines, lineBreak string) error {
	offset, atEnd := e.doc.after(m.end)
	if !e.doc.masked {
		e.linesAt(offset, atEnd, lines, lineBreak, m.column)
		return nil
	}
	clear, err := e.doc.clear(offset, e.doc.home(m), m.column)
	if err != nil {
		return fmt.Errorf("line %d: %w", lineOf(e.doc.Src, m.start), err)
	}
	if clear > offset {
		atEnd = clear == len(e.doc.Src) && breakEndLen(e.doc.Src) == 0
	}
	e.linesAt(clear, atEnd, lines, lineBreak, m.column)
	return nil
}

// lines puts whole lines in below the line on which something ends. A text without a last line break gets none.
func (e *editor) lines(end int, lines, lineBreak string, depth int) {
	offset, atEnd := e.doc.after(end)
	e.linesAt(offset, atEnd, lines, lineBreak, depth)
}

func (e *editor) linesAt(offset int, atEnd bool, lines, lineBreak string, depth int) {
	if atEnd {
		lines = lineBreak + lines[:len(lines)-len(lineBreak)]
	}
	e.add(offset, 0, lines, depth)
}

// endsOpen reports whether a value ends in a block of text that would gain a line break put in behind it.
func endsOpen(t *tree) bool {
	for t.style == block && t.form != alias && t.form != scalar {
		t = t.children[len(t.children)-1].value
	}
	return t.open
}

// insertFlow adds an entry to a mapping in braces that has entries.
func (e *editor) insertFlow(m *tree, key string, value any) error {
	if e.doc.regionAt(m.children[len(m.children)-1].end()) != e.doc.home(m) {
		return errInsideStatement
	}
	w := e.doc.writerFor(m)
	last := m.children[len(m.children)-1]
	column := last.begin - e.doc.lineStart(last.begin)
	if w.pretty = !e.doc.sameLine(m.start, last.begin) && e.doc.startsLine(last.begin); w.pretty {
		w.step = max(column-e.doc.indentOf(m.start), 1)
	}
	entry, err := w.flowEntry(key, value, column)
	if err != nil {
		return err
	}
	separator := ", "
	if w.pretty {
		separator = "," + w.lineBreak + string(e.doc.Src[e.doc.lineStart(last.begin):last.begin])
	}
	if last.end() == last.mark {
		separator = " " + separator // {a:, b} is the key "a:" for some readers
	}
	e.add(last.end(), 0, separator+entry, 0)
	return nil
}

// indentOf returns how many blanks the line that holds an offset begins with.
func (d *Document) indentOf(offset int) int {
	start := d.lineStart(offset)
	n := 0
	for start+n < len(d.Src) && d.Src[start+n] == ' ' {
		n++
	}
	return n
}
