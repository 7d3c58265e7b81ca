package glob

import (
	"slices"
	"unicode"
)

// alphabet is the characters that tell patterns apart, each a symbol, and one more that stands for all others.
// Symbols are in the order in which a witness prefers them: the stand-in, letters and digits, other printable
// characters, the rest.
type alphabet struct {
	runes   []rune
	symbols map[rune]uint16
}

// preferred are the stand-ins to choose from, best first.
const preferred = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~"

func newAlphabet(patterns ...[]elem) *alphabet {
	used := map[rune]bool{}
	for _, elems := range patterns {
		for _, e := range elems {
			if e.kind == literal {
				used[e.r], used[e.alt] = true, true
			}
		}
	}
	a := &alphabet{runes: make([]rune, 0, len(used)+1), symbols: make(map[rune]uint16, len(used)+1)}
	for r := range used {
		a.runes = append(a.runes, r)
	}
	slices.SortFunc(a.runes, func(x, y rune) int {
		if d := rank(x) - rank(y); d != 0 {
			return d
		}
		return int(x) - int(y)
	})
	a.runes = slices.Insert(a.runes, 0, standIn(used))
	for i, r := range a.runes {
		a.symbols[r] = uint16(i)
	}
	return a
}

// standIn returns a character that no pattern names.
func standIn(used map[rune]bool) rune {
	for _, r := range preferred {
		if !used[r] {
			return r
		}
	}
	r := rune(0x3b1) // Greek letters and on: more than any policy can use up
	for used[r] || !unicode.IsPrint(r) {
		r++
	}
	return r
}

func rank(r rune) int {
	switch {
	case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return 0
	case r > ' ' && r < 127:
		return 1
	case unicode.IsPrint(r):
		return 2
	}
	return 3
}

func (a *alphabet) symbol(r rune) uint16 { return a.symbols[r] }
