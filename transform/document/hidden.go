package document

import (
	"bytes"
	"errors"
	"sort"
)

// hide decides which expressions are read as comments and which as words. Those that fill their lines are comments: a
// statement says nothing by itself, and what gives a whole block is not known. On a line with other text, a statement
// is one only if the line opens or closes a branch; {% if x %}a{% else %}b{% endif %} is a word.
func (d *Document) hide() {
	for i, j := 0, 0; i < len(d.holes); i = j {
		for j = i + 1; j < len(d.holes) && !breaksIn(d.Src[d.holes[j-1].end:d.holes[j].start]); j++ {
		}
		d.hideGroup(d.holes[i:j])
	}
}

// hideGroup is hide for expressions that share their lines.
func (d *Document) hideGroup(group []expression) {
	depth, whole := 0, true // whether each branch that the lines open ends there, and no other does
	for _, h := range group {
		switch h.branching(d.Src) {
		case opens:
			depth++
		case closes:
			depth--
		case turns:
			whole = whole && depth > 0
		}
		whole = whole && depth >= 0
	}
	whole = whole && depth == 0
	next, last := d.lineEnd(group[len(group)-1].end), true // whether only expressions follow
	for k := len(group) - 1; k >= 0; k-- {
		h := &group[k]
		last = last && d.blank(h.end, next)
		branches := h.branching(d.Src) != straight
		h.hidden = branches && !whole || h.statement && !branches && last && (h.start == 0 || blankByte(d.Src[h.start-1]))
		next = h.start
	}
	if last && d.startsLine(next) {
		for k := range group {
			group[k].hidden = true
		}
	}
}

func breaksIn(text []byte) bool {
	for i := range text {
		if breakLen(text, i) > 0 {
			return true
		}
	}
	return false
}

var errInsideStatement = errors.New("what belongs to it ends inside a statement of the template, and more follows there")

// clear returns where lines can be put in at or below the start of a line in a template, for a mapping whose entries
// begin at column and whose home is given: past the ends of its statements, and past the expressions that fill whole
// lines and may give more of it.
func (d *Document) clear(offset, home, column int) (int, error) {
	best := -1
	for at := offset; ; {
		if best < 0 && d.regionAt(at) == home {
			best = at
		}
		if at >= len(d.Src) {
			break
		}
		i := at
		for i < len(d.Src) && (d.Src[i] == ' ' || d.Src[i] == '\t') {
			i++
		}
		h, hidden := d.hiddenAt(i)
		switch {
		case hidden:
			if !h.statement && i-at >= column {
				best = -1
			}
			at = d.nextLine(h.end)
			continue
		case i < len(d.Src) && (d.Src[i] == '#' || breakLen(d.Src, i) > 0):
			at = d.nextLine(i)
			continue
		case i == len(d.Src):
			at = i
			continue
		}
		break
	}
	if best < 0 {
		return 0, errInsideStatement
	}
	before := d.Src[:best-breakEndLen(d.Src[:best])]
	for _, end := range []string{"-%}", "-}}", "-#}"} {
		if bytes.HasSuffix(before, []byte(end)) {
			return 0, errors.New("the template's " + end + " takes away the line break above what is added")
		}
	}
	return best, nil
}

// hiddenAt returns the expression that was masked as a comment and starts at an offset.
func (d *Document) hiddenAt(offset int) (expression, bool) {
	i := sort.Search(len(d.holes), func(i int) bool { return d.holes[i].start >= offset })
	if i < len(d.holes) && d.holes[i].start == offset && d.holes[i].hidden {
		return d.holes[i], true
	}
	return expression{}, false
}

// hiddenValue returns the expression that fills the lines below t, a value that was left out, and may be that value.
func (d *Document) hiddenValue(t *tree) (expression, bool) {
	if !d.masked || !t.isEmpty() || !t.written || t.inFlow() || t.parent == nil {
		return expression{}, false
	}
	for at := t.end; at < len(d.Src); {
		h, hidden := d.hiddenAt(at)
		switch n := breakLen(d.Src, at); {
		case hidden && !h.statement:
			return h, true
		case hidden:
			at = h.end
		case n > 0:
			at += n
		case blankByte(d.Src[at]):
			at++
		case d.Src[at] == '#':
			at = d.lineEnd(at)
		default:
			return expression{}, false
		}
	}
	return expression{}, false
}
