package report

import "ccx/transform/finding"

// painter colours words for a terminal. The zero painter leaves them as they are.
type painter struct {
	on    bool
	width int // columns of the terminal; 0: not known
}

// room is how many cells of a source line fit on the terminal beside its gutter, with the dots where it is cut.
func (p painter) room(gutter int) int {
	if p.width == 0 {
		return maxCells
	}
	return min(maxCells, max(minCells, p.width-gutter-len("...")))
}

func (p painter) wrap(code, s string) string {
	if !p.on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p painter) bold(s string) string  { return p.wrap("1", s) }
func (p painter) faint(s string) string { return p.wrap("2", s) }

// level colours the word that says how much a finding weighs.
func (p painter) level(f finding.Finding, word string) string {
	switch {
	case f.Status == finding.Pass:
		return p.wrap("32", word)
	case f.Level == finding.Error && f.Status == finding.Fail:
		return p.wrap("1;31", word)
	case f.Level == finding.Note || f.Status == finding.Skipped:
		return p.wrap("36", word)
	}
	return p.wrap("1;33", word)
}
