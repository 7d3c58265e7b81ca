package document

import (
	"bytes"
	"strconv"
	"strings"
)

// refuseKey refuses a line on which only a key could stand and that has none.
func (s *scanner) refuseKey(key *simpleKey) {
	end := key.start
	for !s.lineEndAt(end) {
		end++
	}
	line := strings.TrimRight(string(s.src[key.start:end]), " \t")
	end = key.start + len(line)
	if s.index-key.index > 1024 && s.line == key.line {
		refuse(key.start, key.start+1, "a key longer than 1024 characters", "a long key needs a `? ` before it")
	}
	if open := strings.IndexAny(line, "'\"[{"); open == 0 {
		refuse(key.start, end, "a key must end on the line that it starts on, with a `: ` after it", "")
	}
	if colon := strings.IndexByte(line, ':'); colon > 0 && colon+1 < len(line) {
		at := key.start + colon
		refuse(at, at+1, "no space after the colon, so this line is no `key: value`", "put a space after the colon")
	}
	if strings.HasPrefix(line, "-") {
		refuse(key.start, key.start+1, "no space after the dash, so this line is no list item", "put a space after the dash")
	}
	refuse(key.start, end, "this line is neither `key: value` nor `- item`", "add the missing colon, or indent the line if it continues the one above")
}

// refuseValue refuses a colon that no key can stand before.
func (s *scanner) refuseValue() {
	last := s.last
	from := lineOf(s.src, last.start)
	if last.kind != scalarText || last.style != plain || from == lineOf(s.src, s.pos) {
		refuse(s.pos, s.pos+1, "unexpected `:`: no key can end here",
			"quote the value if the colon is part of it; else check the indentation of this line and the one above")
	}
	before := string(s.src[last.start-bytesOfColumn(s.src[:last.start]) : last.start])
	if strings.Trim(before, " -\ufeff") == "" {
		end := last.start
		for !s.lineEndAt(end) {
			end++
		}
		refuse(last.start, end, "this line has no colon, so it runs on into the next one", "add the missing colon, or fix the indentation")
	}
	start := s.pos - bytesOfColumn(s.src[:s.pos])
	for s.at(start) == ' ' {
		start++
	}
	refuse(start, s.pos+1, "this line is indented deeper than the one above, so it continues the value on line "+strconv.Itoa(from),
		"indent it like the other keys of its mapping")
}

// refuseCharacter refuses the character here, which no token can begin with.
func (s *scanner) refuseCharacter() {
	c := s.at(s.pos)
	if c != '\t' {
		refuse(s.pos, s.pos+s.runeLen(s.pos), "a value can't start with "+string(s.src[s.pos:s.pos+s.runeLen(s.pos)]), "quote the value")
	}
	end := s.pos
	for s.at(end) == '\t' || s.at(end) == ' ' {
		end++
	}
	before := s.src[s.pos-bytesOfColumn(s.src[:s.pos]) : s.pos]
	switch {
	case len(bytes.TrimLeft(before, " ")) == 0:
		refuse(s.pos, end, "a tab in the indentation, where YAML wants spaces, in JSON too", "replace the tabs by spaces, as expand -t 2 does")
	case s.lineEndAt(end):
		refuse(s.pos, end, "a tab at the end of the line, which Anyscale's YAML reader refuses", "delete it")
	}
	refuse(s.pos, end, "a tab between words, which Anyscale's YAML reader refuses", "replace it by a space")
}

// bytesOfColumn returns how many bytes of text lie after its last line break.
func bytesOfColumn(text []byte) int {
	for i := len(text); i > 0; i-- {
		switch c := text[i-1]; {
		case c == '\n', c == '\r', c == 0x85 || c == 0xA8 || c == 0xA9:
			if breakEndLen(text[:i]) > 0 {
				return len(text) - i
			}
		}
	}
	return len(text)
}

// breakEndLen returns the length of the line break that text ends with, or 0.
func breakEndLen(text []byte) int {
	for _, n := range []int{3, 2, 1} {
		if i := len(text) - n; i >= 0 && breakLen(text, i) == n {
			return n
		}
	}
	return 0
}
