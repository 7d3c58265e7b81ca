package document

import "strings"

// scanPlain scans a scalar without quotes, which may run over several lines.
func (s *scanner) scanPlain() token {
	t := token{kind: scalarText, style: plain, start: s.pos, column: s.column}
	indent := s.indent + 1
	var text strings.Builder
	gap := ""
	for s.at(s.pos) != '#' {
		end := s.plainEnd()
		if end == s.pos {
			break
		}
		s.keyOK = false
		if t.end == 0 {
			t.text = string(s.src[s.pos:end])
		} else {
			if text.Len() == 0 {
				text.WriteString(t.text)
			}
			text.WriteString(gap)
			text.Write(s.src[s.pos:end])
		}
		s.forward(end - s.pos)
		t.end = end
		if gap = s.plainGap(); gap == "" || s.flowLevel == 0 && s.column < indent {
			break
		}
	}
	if text.Len() > 0 {
		t.text = text.String()
	}
	return t
}

// plainEnd returns the offset where the word that begins here ends.
func (s *scanner) plainEnd() int {
	for i := s.pos; ; i++ {
		c := s.at(i)
		if c > ',' && c < ':' || c >= 'a' && c <= 'z' { // most characters, fast
			continue
		}
		if s.gapAt(i) {
			return i
		}
		if c == ':' && (s.gapAt(i+1) || s.flowLevel > 0 && strings.IndexByte(",[]{}", s.at(i+1)) >= 0) {
			return i
		}
		if s.flowLevel > 0 && strings.IndexByte(",?[]{}", c) >= 0 {
			return i
		}
	}
}

// plainGap moves over the blanks and line breaks inside a plain scalar and returns what they count as: "" ends it.
func (s *scanner) plainGap() string {
	start := s.pos
	s.blanks(false)
	blanks := string(s.src[start:s.pos])
	first := s.lineBreak()
	if first == "" {
		return blanks
	}
	s.keyOK = true
	if s.separatorAt() {
		return ""
	}
	var breaks strings.Builder
	for {
		s.blanks(false)
		b := s.lineBreak()
		if b == "" {
			return fold(first, breaks.String())
		}
		breaks.WriteString(b)
		if s.separatorAt() {
			return ""
		}
	}
}

// fold returns what a line break and the blank lines after it count as in a folded text.
func fold(first, blankLines string) string {
	switch {
	case first != "\n":
		return first + blankLines
	case blankLines == "":
		return " "
	}
	return blankLines
}

// scanQuoted scans a scalar in single or double quotes.
func (s *scanner) scanQuoted() token {
	t := token{kind: scalarText, style: single, start: s.pos, column: s.column}
	quote := s.at(s.pos)
	if quote == '"' {
		t.style = double
	}
	s.forward(1)
	var text strings.Builder
	s.quotedWords(&text, t)
	for s.at(s.pos) != quote {
		s.quotedGap(&text, t)
		s.quotedWords(&text, t)
	}
	s.forward(1)
	t.end, t.text = s.pos, joinSurrogates(text.String())
	return t
}

// quotedWords scans up to a blank, a line end or the closing quote.
func (s *scanner) quotedWords(text *strings.Builder, t token) {
	for {
		end := s.pos
		for !s.gapAt(end) && strings.IndexByte(`'"\`, s.at(end)) < 0 {
			end++
		}
		text.Write(s.src[s.pos:end])
		s.forward(end - s.pos)
		c := s.at(s.pos)
		switch {
		case t.style == single && c == '\'' && s.at(s.pos+1) == '\'':
			text.WriteByte('\'')
			s.forward(2)
		case t.style == double && c == '\'', t.style == single && (c == '"' || c == '\\'):
			text.WriteByte(c)
			s.forward(1)
		case t.style == double && c == '\\':
			s.escape(text, t)
		default:
			return
		}
	}
}

// quotedGap scans the blanks and line breaks inside quotes.
func (s *scanner) quotedGap(text *strings.Builder, t token) {
	start := s.pos
	s.blanks(true)
	if s.pos >= len(s.src) {
		refuse(t.start, t.start+1, "this quote is never closed", "add the closing quote")
	}
	blanks := s.src[start:s.pos]
	if first := s.lineBreak(); first != "" {
		text.WriteString(fold(first, s.quotedBreaks(t)))
		return
	}
	text.Write(blanks)
}

// quotedBreaks moves over blank lines inside quotes and returns their line breaks.
func (s *scanner) quotedBreaks(t token) string {
	var breaks strings.Builder
	for {
		if s.separatorAt() {
			refuse(t.start, t.start+1, "this quote is not closed before the end of the document", "add the closing quote")
		}
		s.blanks(true)
		b := s.lineBreak()
		if b == "" {
			return breaks.String()
		}
		breaks.WriteString(b)
	}
}
