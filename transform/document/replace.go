package document

import "fmt"

// replace makes the value at t another one.
func (e *editor) replace(t *tree, value any) error {
	if _, isBlock := value.(Block); !isBlock && equal((&Node{doc: e.doc, tree: t}).Value(), plainTree(value)) {
		return nil
	}
	m, isMap := value.(Map)
	if isMap && len(m) > 0 && t.form == mapping && len(t.children) > 0 && !t.pair {
		return e.reshape(t, m)
	}
	parent := t.parent
	lines := isMap && len(m) > 0 || isBlockOfLines(value)
	switch {
	case t.tagged && t.anchor != "":
		return fmt.Errorf("line %d: a value with a tag and an anchor can't be replaced", lineOf(e.doc.Src, t.start))
	case lines && parent != nil && parent.form == mapping && parent.style == block && !e.holdsComment(t):
		return e.putBlock(t, value)
	case isMap && t.form == mapping && t.style == flow && len(t.children) == 0:
		return e.fillBraces(t, m)
	}
	return e.putInline(t, value)
}

func isBlockOfLines(value any) bool {
	b, ok := value.(Block)
	return ok && len(b) > 0 && b[0] == '\n'
}

// holdsComment reports whether t is {} or [] with a comment inside, which must stay.
func (e *editor) holdsComment(t *tree) bool {
	return t.style == flow && len(t.children) == 0 && t.form != scalar && !e.doc.blank(t.start+1, t.end-1)
}

// reshape gives a mapping the keys and values of m with as few changes as can be: what it has and m lacks is renamed to
// what m has and it lacks, or goes.
func (e *editor) reshape(t *tree, m Map) error {
	var gone []int
	kept := map[string]bool{}
	for i, c := range t.children {
		j := m.find(c.key)
		if j < 0 || kept[m[j].Key] {
			gone = append(gone, i)
			continue
		}
		kept[m[j].Key] = true
		if err := e.replace(valueOf(c), m[j].Value); err != nil {
			return err
		}
	}
	for _, p := range m {
		if kept[p.Key] {
			continue
		}
		if len(gone) == 0 {
			if err := e.insert(t, p.Key, p.Value); err != nil {
				return err
			}
			continue
		}
		c := t.children[gone[0]]
		gone = gone[1:]
		if c.key.form != scalar || c.key.tag == tagMerge || c.key.isEmpty() {
			return fmt.Errorf("line %d: this key can't be renamed", lineOf(e.doc.Src, c.key.start))
		}
		e.add(c.key.start, c.key.end-c.key.start, quoteString(p.Key, c.key.style), 0)
		if err := e.replace(valueOf(c), p.Value); err != nil {
			return err
		}
	}
	for len(gone) > 0 {
		n := 1
		for n < len(gone) && gone[n] == gone[n-1]+1 {
			n++
		}
		e.remove(t, gone[0], gone[n-1])
		gone = gone[n:]
	}
	return nil
}

// valueOf returns what to edit for an entry's value: an alias of a mapping stands for its target.
func valueOf(c child) *tree {
	if c.value.form == alias && c.value.target.form == mapping {
		return c.value.target
	}
	return c.value
}

// find returns the index of the pair with a string key, or -1.
func (m Map) find(key *tree) int {
	k := key.real()
	if !k.isString() {
		return -1
	}
	for i, p := range m {
		if p.Key == k.text {
			return i
		}
	}
	return -1
}

// fillBraces writes the entries of a mapping into {}.
func (e *editor) fillBraces(t *tree, m Map) error {
	text, err := e.doc.writerFor(t).flowValue(m, 0)
	if err != nil {
		return err
	}
	text = text[1 : len(text)-1]
	if e.doc.Src[t.start+1] == '#' {
		text += " "
	}
	e.add(t.start+1, 0, text, inline)
	return nil
}

// gap is what must stand before the comment that follows a value at once, as in {}#, when the value goes: a # right behind
// a colon begins no comment.
func (d *Document) gap(at int) string {
	if at < len(d.Src) && d.Src[at] == '#' {
		return " "
	}
	return ""
}

// point returns the offset behind which t's value is written: after the colon or dash, or after the anchor before it.
func (t *tree) point() int {
	c := t.entry()
	switch {
	case t.propsEnd > 0 && !t.tagged && !t.bang:
		return t.propsEnd
	case c != nil && c.key == nil && c.mark >= 0:
		return c.mark + 1
	case c != nil && c.mark >= 0:
		return c.mark
	}
	return t.props
}

// putInline writes a value on the line of its key.
func (e *editor) putInline(t *tree, value any) error {
	w := e.doc.writerFor(t)
	if t.form == scalar && (t.style == single || t.style == double) {
		w.style = t.style
	}
	if t.inFlow() {
		w.style = max(w.style, e.doc.writerFor(t.parent).style)
	}
	text, err := w.flowValue(value, 0)
	if err != nil {
		return err
	}
	c := t.entry()
	end := e.contentEnd(t)
	if c != nil && c.mark == t.props && !t.isEmpty() {
		text = " " + text // {a:{}} has no blank behind its colon
	}
	switch {
	case t.isEmpty() && !t.written && c != nil:
		e.add(t.end, 0, ": "+text, inline)
	case t.isEmpty():
		e.add(t.end, 0, " "+text, inline)
	case t.style == block && c != nil && !e.doc.sameLine(max(c.mark, 0), t.start):
		e.add(t.point(), 0, " "+text, inline)
		e.removeLines(t.start, end)
	case t.tagged:
		e.add(t.props, end-t.props, text, 0)
	default:
		e.add(t.start, end-t.start, text, 0)
	}
	return nil
}

// contentEnd returns the end of a value without the blank lines that a block scalar with + ends in.
func (e *editor) contentEnd(t *tree) int {
	end := t.end
	if t.keep {
		for n := breakEndLen(e.doc.Src[:end]); n > 0; n = breakEndLen(e.doc.Src[:end]) {
			end -= n
		}
	}
	return end
}

// putBlock writes a mapping below the key that holds t, in place of t.
func (e *editor) putBlock(t *tree, value any) error {
	w := e.doc.writerFor(t.parent)
	column := t.parent.column
	text, err := w.blockValue(value, column)
	if err != nil {
		return err
	}
	lines := text[len(w.lineBreak):] + w.lineBreak
	depth := column + w.step
	c := t.entry()
	if c.mark < 0 {
		return fmt.Errorf("line %d: this key has no colon to put a value after", lineOf(e.doc.Src, c.begin))
	}
	point, end := t.point(), e.contentEnd(t)
	switch {
	case t.isEmpty():
		e.lines(max(t.end, c.mark), lines, w.lineBreak, depth)
	case e.doc.sameLine(c.mark, t.start) || !e.doc.startsLine(t.start):
		e.add(point, end-point, e.doc.gap(end), 0)
		e.lines(end, lines, w.lineBreak, depth)
	case e.doc.blank(end, e.doc.lineEnd(end)):
		from, to := e.doc.lineStart(t.start), e.doc.lineEnd(end)
		e.add(from, to-from, lines[:len(lines)-len(w.lineBreak)], depth)
	default: // a comment follows, which stays
		e.add(e.doc.lineStart(t.start), 0, lines, depth)
		e.add(t.start, end-t.start, "", 0)
	}
	return nil
}
