package document

import (
	"bytes"
	"unicode/utf8"
)

// breakLen returns the length in bytes of the line break at offset i, or 0: LF, CR LF, CR, NEL, LS or PS (YAML 1.1).
func breakLen(src []byte, i int) int {
	if i >= len(src) {
		return 0
	}
	switch src[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(src) && src[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if i+1 < len(src) && src[i+1] == 0x85 {
			return 2
		}
	case 0xE2:
		if i+2 < len(src) && src[i+1] == 0x80 && src[i+2]&^1 == 0xA8 {
			return 3
		}
	}
	return 0
}

// at returns the byte at offset i, or 0 past the end: the text itself holds no NUL.
func (s *scanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

func (s *scanner) breakAt(i int) bool { return breakLen(s.src, i) > 0 }

// lineEndAt reports whether a line, or the text, ends at offset i.
func (s *scanner) lineEndAt(i int) bool { return i >= len(s.src) || s.breakAt(i) }

// gapAt reports whether offset i holds a blank, a tab, or the end of a line or the text.
func (s *scanner) gapAt(i int) bool {
	c := s.at(i)
	return c == ' ' || c == '\t' || s.lineEndAt(i)
}

// runeLen returns the length in bytes of the character at offset i.
func (s *scanner) runeLen(i int) int {
	if i >= len(s.src) {
		return 0
	}
	_, n := utf8.DecodeRune(s.src[i:])
	return n
}

const byteOrderMark = "\ufeff"

// forward moves over n bytes of one line.
func (s *scanner) forward(n int) {
	text := s.src[s.pos : s.pos+n]
	runes := utf8.RuneCount(text)
	s.pos += n
	s.index += runes
	s.column += runes
	if n >= len(byteOrderMark) {
		s.column -= bytes.Count(text, []byte(byteOrderMark))
	}
}

// lineBreak moves over a line break and returns it as it counts in a scalar: "\n", LS, PS, or "" if there is none.
func (s *scanner) lineBreak() string {
	n := breakLen(s.src, s.pos)
	if n == 0 {
		return ""
	}
	text := "\n"
	if n == 3 {
		text = string(s.src[s.pos : s.pos+n])
	}
	if n == 2 && s.src[s.pos] == '\r' {
		s.index++
	}
	s.pos += n
	s.index++
	s.line++
	s.column = 0
	return text
}

// blanks moves over spaces and, if asked, tabs.
func (s *scanner) blanks(tabs bool) {
	i := s.pos
	for s.at(i) == ' ' || tabs && s.at(i) == '\t' {
		i++
	}
	s.forward(i - s.pos)
}

// restOfLine moves to the end of the line.
func (s *scanner) restOfLine() {
	i := s.pos
	for !s.lineEndAt(i) {
		i++
	}
	s.forward(i - s.pos)
}

// comment moves over a comment, if one begins here.
func (s *scanner) comment() {
	if s.at(s.pos) == '#' {
		s.restOfLine()
	}
}

// separatorAt reports whether the line at the scanner's place is a document marker, --- or ....
func (s *scanner) separatorAt() bool {
	return s.column == 0 && (s.has("---") || s.has("...")) && s.gapAt(s.pos+3)
}

func (s *scanner) has(prefix string) bool {
	return bytes.HasPrefix(s.src[s.pos:], []byte(prefix))
}
