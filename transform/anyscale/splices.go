package anyscale

import (
	"cmp"
	"slices"

	"ccx/transform/document"
)

// piece is a run of bytes of a text that is being made: kept from the input at an offset, or new.
type piece struct {
	from, to int    // the kept bytes [from, to) of the input
	text     string // the new text, where to is 0
}

func (p piece) isNew() bool { return p.to == 0 }

func (p piece) len() int {
	if p.isNew() {
		return len(p.text)
	}
	return p.to - p.from
}

// slice returns the bytes [a, b) of the piece.
func (p piece) slice(a, b int) piece {
	if p.isNew() {
		return piece{text: p.text[a:b]}
	}
	return piece{from: p.from + a, to: p.from + b}
}

// join returns the splices of in that do what first does to in and second then to the text in between.
func join(in []byte, first []document.Edit, between []byte, second []document.Edit) []document.Edit {
	pieces := splice([]piece{{from: 0, to: len(in)}}, in, first)
	pieces = splice(pieces, between, second)
	var edits []document.Edit
	at, added := 0, ""
	emit := func(to int) {
		if to > at || added != "" {
			edits = append(edits, document.Edit{Offset: at, Delete: to - at, Insert: added})
		}
		added = ""
	}
	for _, p := range pieces {
		if p.isNew() {
			added += p.text
			continue
		}
		emit(p.from)
		at = p.to
	}
	emit(len(in))
	return edits
}

// splice applies edits to a text that is made of pieces.
func splice(pieces []piece, text []byte, edits []document.Edit) []piece {
	var out []piece
	at := 0
	cut := cutter{pieces: pieces}
	for _, e := range gathered(text, edits) {
		out = cut.take(out, at, e.Offset)
		if e.Insert != "" {
			out = append(out, piece{text: e.Insert})
		}
		at = max(at, e.Offset+e.Delete)
	}
	return cut.take(out, at, len(text))
}

// gathered returns edits by offset, with those at one offset made one. Which of several insertions comes first is the
// document room's business, so that it is asked.
func gathered(text []byte, edits []document.Edit) []document.Edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b document.Edit) int { return cmp.Compare(a.Offset, b.Offset) })
	var out []document.Edit
	for i, j := 0, 0; i < len(edits); i = j {
		for j = i; j < len(edits) && edits[j].Offset == edits[i].Offset; j++ {
		}
		one := edits[i]
		if group := edits[i:j]; len(group) > 1 {
			one.Insert = ""
			for _, e := range group {
				one.Insert += e.Insert
				one.Delete = max(one.Delete, e.Delete)
			}
			if spliced, err := document.Splice(text, group); err == nil {
				one.Insert = string(spliced[one.Offset : one.Offset+len(one.Insert)])
			}
		}
		out = append(out, one)
	}
	return out
}

// cutter cuts runs of bytes out of a text that pieces make, each at or after the end of the one before.
type cutter struct {
	pieces []piece
	start  int // offset in the text of the first piece that is left
}

// take appends the bytes [a, b) of the text to out.
func (c *cutter) take(out []piece, a, b int) []piece {
	for len(c.pieces) > 0 {
		p := c.pieces[0]
		if from, to := max(a-c.start, 0), min(b-c.start, p.len()); from < to {
			out = append(out, p.slice(from, to))
		}
		if c.start+p.len() > b {
			break
		}
		c.start += p.len()
		c.pieces = c.pieces[1:]
	}
	return out
}

// countLines counts the lines that edits add to a text, and those of the input that they take out or change.
func countLines(in, out []byte, edits []document.Edit) (added, changed int) {
	breaks := breaksOf(in)
	touched := map[int]bool{}
	gone := 0
	for _, e := range edits {
		first, last := lineOf(breaks, e.Offset), lineOf(breaks, e.Offset+e.Delete)
		end := e.Offset + e.Delete
		startsLine := e.Offset == 0 || isBreak(in[e.Offset-1])
		endsLine := e.Offset == len(in) || isBreak(in[e.Offset])
		whole := e.Insert != "" && (startsLine && isBreak(e.Insert[len(e.Insert)-1]) || endsLine && isBreak(e.Insert[0]))
		switch {
		case e.Delete == 0 && (whole || e.Insert == ""):
		case e.Delete > 0 && startsLine && isBreak(in[end-1]):
			for l := first; l < last; l++ {
				touched[l] = true
				gone++
			}
		default:
			for l := first; l <= last; l++ {
				touched[l] = true
			}
		}
	}
	return max(0, len(breaksOf(out))-len(breaks)+gone), len(touched)
}

// breaksOf returns where each line of a text ends: after its LF, CR LF or CR.
func breaksOf(text []byte) []int {
	var ends []int
	for i, c := range text {
		if c == '\n' || c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// lineOf returns how many lines end at or before an offset.
func lineOf(breaks []int, offset int) int {
	i, found := slices.BinarySearch(breaks, offset)
	if found {
		return i + 1
	}
	return i
}

func isBreak(c byte) bool { return c == '\n' || c == '\r' }
