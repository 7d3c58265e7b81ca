package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"ccx/transform/finding"
)

// maxCells is how much of a source line a snippet shows, and minCells how much of it on the narrowest terminal. A JSON
// document may be one line of a megabyte.
const (
	maxCells = 110
	minCells = 40
)

// tabCells is how wide a tab is drawn.
const tabCells = 4

// snippet draws the source line of a place with a caret line under it, each with a gutter:
//
//	   |
//	14 |     Arn: arn:aws:iam::111122223333:instance-profile/ml-train
//	   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//
// It is empty for a place without text.
func snippet(p finding.Place, paint painter) []string {
	if p.Text == "" || p.Column < 1 {
		return nil
	}
	number := ""
	if p.Known() {
		number = fmt.Sprint(p.Line)
	}
	pad := strings.Repeat(" ", len(number))
	before, marked, after := clipped(p, paint.room(len(number)+len(" | ")))
	underline := strings.Repeat("^", max(1, cells(marked)))
	bar := paint.faint(pad + " |")
	return []string{
		bar,
		strings.TrimRight(paint.faint(number+" |")+" "+before+marked+after, " "),
		bar + " " + strings.Repeat(" ", cells(before)) + paint.bold(underline),
	}
}

// clipped is the line of a place in three parts as they may be shown: what stands before the mark, the mark, and what
// follows, cut to so many cells.
func clipped(p finding.Place, limit int) (before, marked, after string) {
	if p.Text == "" || p.Column < 1 {
		return "", "", ""
	}
	before, marked, after = split(p)
	before, after = shorten(before, cells(marked), after, limit)
	marked = cut(marked, limit)
	return seam(before, marked+after), seam(marked, after), after
}

// seam returns left with a blank at its end if a command of a CI runner would arise where right follows.
func seam(left, right string) string {
	if hashCommand.MatchString(left + right) {
		return left + " "
	}
	return left
}

// split cuts the line at the place: what stands before it, what is underlined, and what follows, all drawn as they
// will be printed. Length counts bytes of the file and may run past the line's end.
func split(p finding.Place) (before, marked, after string) {
	start := len(p.Text)
	for i, seen := 0, 1; i < len(p.Text); seen++ {
		if seen == p.Column {
			start = i
			break
		}
		_, size := utf8.DecodeRuneInString(p.Text[i:])
		i += size
	}
	end := min(len(p.Text), start+max(0, p.Length))
	for end < len(p.Text) && !utf8.RuneStart(p.Text[end]) {
		end++
	}
	marked = draw(p.Text[start:end])
	shown := strings.TrimRight(marked, " ")
	if shown == "" {
		shown = marked // blanks are what is meant
	}
	return draw(p.Text[:start]), shown, marked[len(shown):] + draw(p.Text[end:])
}

// draw makes source text printable with tabs as spaces, so that the caret line below needs no tabs of its own.
func draw(s string) string {
	parts := strings.Split(s, "\t")
	for i := range parts {
		parts[i] = printable(parts[i])
	}
	return strings.Join(parts, strings.Repeat(" ", tabCells))
}

// shorten keeps the part of a long line around the mark.
func shorten(before string, marked int, after string, limit int) (string, string) {
	if cells(before)+marked+cells(after) <= limit {
		return before, after
	}
	room := max(20, (limit-marked)/2)
	if n := cells(before); n > room {
		before = "..." + tail(before, room-3)
	}
	return before, cut(after, max(0, limit-cells(before)-marked))
}

// cut keeps at most n cells of s from its start.
func cut(s string, n int) string {
	used := 0
	for i, r := range s {
		if used += runeCells(r); used > n {
			return strings.TrimRight(s[:i], " ") + "..."
		}
	}
	return s
}

// tail keeps at most n cells of s from its end.
func tail(s string, n int) string {
	skip := cells(s) - n
	for i, r := range s {
		if skip <= 0 {
			return s[i:]
		}
		skip -= runeCells(r)
	}
	return ""
}

// cells counts the columns that s takes on a terminal (Unicode Standard Annex 11).
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case isWide(r):
		return 2
	}
	return 1
}

func isWide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}
