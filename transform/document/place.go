package document

import (
	"sort"
	"strings"
	"unicode/utf8"

	"ccx/transform/finding"
)

// lineStarts returns the byte offset of each line's first byte.
func lineStarts(src []byte) []int {
	starts := []int{0}
	for i := 0; i < len(src); {
		n := breakLen(src, i)
		i += max(n, 1)
		if n > 0 {
			starts = append(starts, i)
		}
	}
	return starts
}

// PlaceAt returns the place of length bytes from byte offset on. Lines break as in YAML 1.1: at LF, CR LF, CR, NEL, LS
// and PS; a byte order mark at the start counts as nothing.
func (d *Document) PlaceAt(offset, length int) finding.Place {
	if d.lines == nil {
		d.lines, d.text = lineStarts(d.Src), string(d.Src)
	}
	line := sort.SearchInts(d.lines, offset+1)
	start := d.lines[line-1]
	end := len(d.Src)
	if line < len(d.lines) {
		end = d.lines[line] - breakEndLen(d.Src[:d.lines[line]])
	}
	p := finding.Place{File: d.Name, Line: line, Offset: offset, Length: length, Text: d.text[start:end]}
	p.Column = utf8.RuneCount(d.Src[start:min(offset, len(d.Src))]) + 1
	if start == 0 && strings.HasPrefix(p.Text, byteOrderMark) {
		p.Text = p.Text[len(byteOrderMark):]
		p.Column = max(p.Column-1, 1)
	}
	return p
}

// placeOf returns the place that stands for a node which was reached as e (nil for a root or a key).
func (d *Document) placeOf(t *tree, e *child) finding.Place {
	collection := t.style == block && t.form != alias
	switch {
	case !collection && !t.isEmpty():
		return d.PlaceAt(t.start, t.end-t.start)
	case e != nil && e.key != nil && !e.key.isEmpty():
		return d.placeOf(e.key, nil)
	case e != nil && e.mark >= 0 && t.isEmpty() && e.key == nil:
		return d.PlaceAt(e.mark, 1) // the dash
	case e != nil && e.mark >= 0 && t.isEmpty():
		return d.PlaceAt(e.mark-1, 1) // the colon
	case collection && t.children[0].key != nil && !t.children[0].key.isEmpty():
		return d.placeOf(t.children[0].key, nil)
	case collection:
		return d.PlaceAt(t.start, 1)
	}
	return d.PlaceAt(t.start, t.end-t.start)
}

// Place returns where the value stands. A scalar is underlined whole, a flow collection from bracket to bracket, an
// alias as it is written; a block collection and an empty value are shown by the key that holds them, or by their dash
// or first key.
func (n *Node) Place() finding.Place {
	if n == nil {
		return finding.Place{}
	}
	return n.doc.placeOf(n.tree, n.entry)
}

// KeyPlace returns the place of the key that holds n, or of n where there is none.
func (n *Node) KeyPlace() finding.Place {
	if n == nil {
		return finding.Place{}
	}
	if n.entry != nil && n.entry.key != nil && !n.entry.key.isEmpty() {
		return n.doc.placeOf(n.entry.key, nil)
	}
	return n.Place()
}

// PlaceOf returns the place of the bytes [start, end) of a scalar's text (see Scalar), also inside quotes and escapes.
// For anything else it is Place.
func (n *Node) PlaceOf(start, end int) finding.Place {
	if !n.is(scalar) || n.real().isEmpty() || start < 0 || end < start || end > len(n.real().text) {
		return n.Place()
	}
	from, to := n.doc.sourceRange(n.real(), start, end)
	return n.doc.PlaceAt(from, to-from)
}

// sourceRange returns the source bytes of the bytes [start, end) of a scalar's text.
func (d *Document) sourceRange(t *tree, start, end int) (from, to int) {
	w := walker{src: d.Src, t: t, at: t.start}
	switch t.style {
	case single, double:
		w.at++
	case literal, folded:
		for w.at < t.end && breakLen(d.Src, w.at) == 0 {
			w.at++
		}
	}
	// A text whose lines were joined at breaks of several bytes may lead past its own end: the value is the limit.
	from = min(w.find(start), t.end)
	return from, max(from, min(w.find(end), t.end))
}

// walker goes over a scalar's text and its source side by side.
type walker struct {
	src  []byte
	t    *tree
	text int // offset in the text
	at   int // offset in the source
	last int // offset in the source after the last character that was met
}

// find returns the source offset of a text offset, not before that of an earlier find.
func (w *walker) find(text int) int {
	w.last = w.at
	for w.text < text {
		w.step()
	}
	if w.text == len(w.t.text) {
		return w.last
	}
	if !blankByte(w.t.text[w.text]) {
		w.skipGap()
	}
	return w.at
}

// step moves over one character of the text.
func (w *walker) step() {
	r, n := utf8.DecodeRuneInString(w.t.text[w.text:])
	w.text += n
	if w.t.style == double && w.peek() == '\\' && !w.atEscapedBreak() {
		w.at += escapeLen(w.src, w.at, n)
		w.last = w.at
		return
	}
	if r == ' ' || r == '\n' || r == '\t' {
		if b := breakLen(w.src, w.at); b > 0 || blankByte(w.peek()) {
			w.at += max(b, 1)
			w.last = w.at
		}
		return
	}
	w.skipGap()
	if w.t.style == double && w.peek() == '\\' {
		n = escapeLen(w.src, w.at, n)
	} else if w.t.style == single && r == '\'' {
		n = 2
	}
	w.at += n
	w.last = w.at
}

func (w *walker) peek() byte {
	if w.at < w.t.end {
		return w.src[w.at]
	}
	return 0
}

func (w *walker) atEscapedBreak() bool { return breakLen(w.src, w.at+1) > 0 }

// skipGap moves to the next character that is no blank and no line break.
func (w *walker) skipGap() {
	for w.at < w.t.end {
		switch b := breakLen(w.src, w.at); {
		case b > 0:
			w.at += b
		case blankByte(w.src[w.at]):
			w.at++
		case w.t.style == double && w.src[w.at] == '\\' && w.atEscapedBreak():
			w.at++
		default:
			return
		}
	}
}

func blankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// escapeLen returns the length of the escape at offset i, whose character takes n bytes: 4 are two halves of a pair
// when they are written as \u.
func escapeLen(src []byte, i, n int) int {
	if i+1 >= len(src) {
		return 1
	}
	length := 2 + escapeDigits(src[i+1])
	if n == 4 && src[i+1] == 'u' {
		length *= 2
	}
	return length
}
