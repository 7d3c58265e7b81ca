package document

import "strings"

func nameByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_'
}

// word moves over letters, digits, - and _.
func (s *scanner) word() string {
	start := s.pos
	i := s.pos
	for nameByte(s.at(i)) {
		i++
	}
	s.forward(i - s.pos)
	return string(s.src[start:i])
}

// scanAnchor scans &name or *name.
func (s *scanner) scanAnchor() token {
	t := token{kind: anchorName, start: s.pos, column: s.column}
	what := "`&` starts an anchor"
	if s.at(s.pos) == '*' {
		t.kind = aliasName
		what = "`*` starts an alias"
	}
	s.forward(1)
	t.text = s.word()
	if t.text == "" || !s.gapAt(s.pos) && strings.IndexByte("?:,]}%@`", s.at(s.pos)) < 0 {
		refuse(t.start, s.pos+s.runeLen(s.pos), what+", which needs a name of letters, digits, - and _",
			"quote the value if the "+string(s.src[t.start])+" is part of it")
	}
	t.end = s.pos
	return t
}

// scanTag scans !name, !!name, !handle!name, !<uri> or ! alone.
func (s *scanner) scanTag() token {
	t := token{kind: tagName, start: s.pos, column: s.column}
	switch {
	case s.at(s.pos+1) == '<':
		s.forward(2)
		t.text = s.uri(t.start)
		if s.at(s.pos) != '>' {
			s.refuseTag(t.start)
		}
		s.forward(1)
	case s.gapAt(s.pos + 1):
		s.forward(1)
		t.text = "!"
	default:
		t.handle = "!"
		if s.tagHandleAt() {
			t.handle = s.tagHandle(t.start)
		} else {
			s.forward(1)
		}
		t.text = s.uri(t.start)
	}
	if s.at(s.pos) != ' ' && !s.lineEndAt(s.pos) {
		s.refuseTag(t.start)
	}
	t.end = s.pos
	return t
}

// tagHandleAt reports whether a second ! follows before the next blank, which makes the first part a handle.
func (s *scanner) tagHandleAt() bool {
	for i := s.pos + 1; s.at(i) != ' ' && !s.lineEndAt(i); i++ {
		if s.at(i) == '!' {
			return true
		}
	}
	return false
}

// tagHandle scans !, !! or !word!.
func (s *scanner) tagHandle(start int) string {
	from := s.pos
	if s.at(s.pos) != '!' {
		s.refuseTag(start)
	}
	s.forward(1)
	if s.at(s.pos) == ' ' {
		return "!"
	}
	s.word()
	if s.at(s.pos) != '!' {
		s.refuseTag(start)
	}
	s.forward(1)
	return string(s.src[from:s.pos])
}

// uri scans a tag's suffix or prefix. Its %xx escapes are kept as written: no tag that the client knows has any.
func (s *scanner) uri(start int) string {
	i := s.pos
	for c := s.at(i); nameByte(c) || c != 0 && strings.IndexByte(";/?:@&=+$,_.!~*'()[]%", c) >= 0; c = s.at(i) {
		i++
	}
	if i == s.pos {
		s.refuseTag(start)
	}
	text := string(s.src[s.pos:i])
	s.forward(i - s.pos)
	return text
}

func (s *scanner) refuseTag(start int) {
	refuse(start, s.pos+s.runeLen(s.pos), "`!` starts a tag, and this is none", "quote the value if the ! is part of it")
}

// scanDirective scans a line that starts with %.
func (s *scanner) scanDirective() token {
	t := token{kind: directive, start: s.pos, column: s.column}
	s.forward(1)
	t.text = s.word()
	if t.text == "" || s.at(s.pos) != ' ' && !s.lineEndAt(s.pos) {
		s.refuseDirective(t.start)
	}
	switch t.text {
	case "YAML":
		s.blanks(false)
		t.major = s.digits(t.start)
		if s.at(s.pos) != '.' {
			s.refuseDirective(t.start)
		}
		s.forward(1)
		s.digits(t.start)
	case "TAG":
		s.blanks(false)
		t.handle = s.tagHandle(t.start)
		if s.at(s.pos) != ' ' {
			s.refuseDirective(t.start)
		}
		s.blanks(false)
		t.prefix = s.uri(t.start)
	default:
		s.restOfLine()
	}
	if s.at(s.pos) != ' ' && !s.lineEndAt(s.pos) {
		s.refuseDirective(t.start)
	}
	t.end = s.pos
	s.blanks(false)
	s.comment()
	if !s.lineEndAt(s.pos) {
		s.refuseDirective(t.start)
	}
	s.lineBreak()
	return t
}

func (s *scanner) digits(start int) string {
	from := s.pos
	i := s.pos
	for s.at(i) >= '0' && s.at(i) <= '9' {
		i++
	}
	if i == from {
		s.refuseDirective(start)
	}
	s.forward(i - s.pos)
	return strings.TrimLeft(string(s.src[from:i]), "0")
}

func (s *scanner) refuseDirective(start int) {
	refuse(start, s.pos+s.runeLen(s.pos), "a line that starts with % is a directive, and this is none",
		"only %YAML and %TAG lines before a --- are allowed")
}
