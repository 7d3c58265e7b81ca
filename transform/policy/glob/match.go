package glob

import (
	"strings"
	"unicode/utf8"
)

// Match reports whether the whole of s matches.
func (p Pattern) Match(s string) bool {
	if !strings.HasPrefix(s, p.prefix) {
		return false
	}
	if p.open {
		return true
	}
	if len(p.rest) == 0 {
		return len(s) == len(p.prefix)
	}
	return match(p.rest, s[len(p.prefix):], false)
}

// MatchFolded is Match of s in small letters, without writing those down; p's own letters must be small.
func (p Pattern) MatchFolded(s string) bool {
	n := len(p.prefix)
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return p.Match(strings.ToLower(s))
		}
		if i < n && small(rune(s[i])) != rune(p.prefix[i]) {
			return false
		}
	}
	if len(s) < n {
		return false
	}
	return p.open || match(p.rest, s[n:], true)
}

// small returns the small letter of an ASCII letter.
func small(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// match compares character by character and, on a mismatch, lets the last star take one more: that star alone can
// mend it, so the time is at most len(elems) times len(s).
// With folded, capital letters of s (ASCII) count as small ones.
func match(elems []elem, s string, folded bool) bool {
	j, back, mark := 0, -1, 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if folded {
			r = small(r)
		}
		switch {
		case j < len(elems) && elems[j].kind == star:
			back, mark = j, i
			j++
		case j < len(elems) && elems[j].takes(r):
			j++
			i += size
		case back >= 0:
			_, step := utf8.DecodeRuneInString(s[mark:])
			mark += step
			i, j = mark, back+1
		default:
			return false
		}
	}
	for j < len(elems) && elems[j].kind == star {
		j++
	}
	return j == len(elems)
}

// takes reports whether a position that is no star accepts the character.
func (e elem) takes(r rune) bool {
	return e.kind == one || e.kind == literal && (e.r == r || e.alt == r)
}
