package glob

import (
	"strings"
	"unicode"
)

// Pattern is a compiled glob over characters (runes). The zero value matches only the empty string. It is immutable.
type Pattern struct {
	prefix string // what stands before the first wildcard
	rest   []elem // from the first wildcard on
	exact  bool   // rest is empty: kept so that the hot path needs one test
	open   bool   // rest is one star: the prefix decides
	fold   bool   // letters match in either case; prefix is then empty
}

type kind uint8

const (
	literal kind = iota
	one          // '?'
	star         // '*'
)

// elem is one position of a pattern: a character (alt is the same letter in the other case), or a wildcard.
type elem struct {
	r, alt rune
	kind   kind
}

// Compile reads s with '*' and '?' as wildcards; every other character stands for itself.
func Compile(s string) Pattern {
	elems := make([]elem, 0, len(s))
	for _, r := range s {
		switch r {
		case '*':
			elems = append(elems, elem{kind: star})
		case '?':
			elems = append(elems, elem{kind: one})
		default:
			elems = append(elems, elem{r: r, alt: r})
		}
	}
	return build(elems, false)
}

// Literal returns the pattern that matches exactly s, stars and question marks included.
func Literal(s string) Pattern {
	return Pattern{prefix: s, exact: true}
}

// Fold returns the pattern that matches what p matches, letters in either case.
func Fold(p Pattern) Pattern {
	elems := p.elems()
	for i, e := range elems {
		if e.kind == literal {
			elems[i].r = unicode.ToLower(unicode.ToUpper(e.r))
			elems[i].alt = unicode.ToUpper(e.r)
		}
	}
	return build(elems, true)
}

// Concat returns the pattern that matches a string of each of ps, one after the other.
func Concat(ps ...Pattern) Pattern {
	var elems []elem
	fold := false
	for _, p := range ps {
		elems = append(elems, p.elems()...)
		fold = fold || p.fold
	}
	return build(elems, fold)
}

// build makes the pattern of elems: stars in a row are one, and the literal beginning becomes a string.
func build(elems []elem, fold bool) Pattern {
	kept := elems[:0]
	for i, e := range elems {
		if e.kind == star && i > 0 && elems[i-1].kind == star {
			continue
		}
		kept = append(kept, e)
	}
	n := 0
	var prefix strings.Builder
	for !fold && n < len(kept) && kept[n].kind == literal {
		prefix.WriteRune(kept[n].r)
		n++
	}
	p := Pattern{prefix: prefix.String(), rest: kept[n:], fold: fold}
	p.exact = len(p.rest) == 0
	p.open = len(p.rest) == 1 && p.rest[0].kind == star
	return p
}

// elems returns the positions of the whole pattern in a new slice.
func (p Pattern) elems() []elem {
	out := make([]elem, 0, len(p.prefix)+len(p.rest))
	for _, r := range p.prefix {
		out = append(out, elem{r: r, alt: r})
	}
	return append(out, p.rest...)
}

// String returns the pattern as the policy language writes it: a star or question mark that stands for itself is
// ${*} or ${?}, and a dollar sign before a brace is ${$}.
func (p Pattern) String() string {
	var b strings.Builder
	elems := p.elems()
	for i, e := range elems {
		switch {
		case e.kind == star:
			b.WriteByte('*')
		case e.kind == one:
			b.WriteByte('?')
		case e.r == '*' || e.r == '?' || e.r == '$' && i+1 < len(elems) && elems[i+1].r == '{':
			b.WriteString("${" + string(e.r) + "}")
		default:
			b.WriteRune(e.r)
		}
	}
	return b.String()
}

// Prefix returns the text that every string that matches p begins with; it may be longer than Prefix says.
func (p Pattern) Prefix() string { return p.prefix }

// IsLiteral returns the only string that p matches, and whether there is only one.
func (p Pattern) IsLiteral() (string, bool) {
	return p.prefix, p.exact && !p.fold
}

// Overlap reports whether some string matches both a and b. Its time and memory grow with the product of their lengths.
func Overlap(a, b Pattern) bool {
	if a.exact && !a.fold {
		return b.Match(a.prefix)
	}
	if b.exact && !b.fold {
		return a.Match(b.prefix)
	}
	n := min(len(a.prefix), len(b.prefix))
	if !a.fold && !b.fold && a.prefix[:n] != b.prefix[:n] {
		return false
	}
	elems := b.elems()
	row := make([]bool, len(elems)+1)
	row[0] = true
	return overlap(a.elems(), elems, row)
}

// overlap walks all pairs of positions that one string can reach; row holds b's positions at a's current one, and is
// used up.
func overlap(a, b []elem, row []bool) bool {
	next := make([]bool, len(b)+1)
	for i := 0; ; i++ {
		spread(row, b, i < len(a) && a[i].kind == star)
		if i == len(a) {
			return row[len(b)]
		}
		clear(next)
		for j, live := range row {
			switch {
			case !live:
			case a[i].kind == star:
				next[j] = true // the star takes nothing more
			case j < len(b) && b[j].kind == star:
				next[j] = true // b's star takes this character
			case j < len(b) && share(a[i], b[j]):
				next[j+1] = true
			}
		}
		row, next = next, row
	}
}

// spread adds to the reachable positions of b those reached without moving on in a: past b's stars, and, where a
// itself stands on a star, past any of b's positions.
func spread(row []bool, b []elem, onStar bool) {
	for j := 0; j < len(b); j++ {
		if row[j] && (onStar || b[j].kind == star) {
			row[j+1] = true
		}
	}
}

// share reports whether two positions that are no stars accept a common character.
func share(a, b elem) bool {
	if a.kind == one || b.kind == one {
		return true
	}
	return b.takes(a.r) || b.takes(a.alt)
}
