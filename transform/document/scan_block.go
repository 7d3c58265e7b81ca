package document

import "strings"

// scanBlockScalar scans a literal (|) or folded (>) scalar. Its end is the end of its last line of text, before the
// line break, or with + the end of the blank lines after it, which belong to the value.
func (s *scanner) scanBlockScalar() token {
	t := token{kind: scalarText, style: literal, start: s.pos, column: s.column}
	if s.at(s.pos) == '>' {
		t.style = folded
	}
	s.forward(1)
	chomp, increment := s.blockHeader(t.start)
	t.end, t.keep = s.pos, chomp == '+'
	s.blanks(false)
	s.comment()
	if !s.lineEndAt(s.pos) {
		refuse(s.pos, s.pos+1, "text after the | or > of a block of text", "start the text on the next line")
	}
	s.lineBreak()

	indent := max(s.indent+1, 1)
	var breaks string
	var after int
	if increment == 0 {
		var deepest int
		breaks, deepest, after = s.blockIndent()
		indent = max(indent, deepest)
	} else {
		indent += increment - 1
		breaks, after = s.blockBreaks(indent)
	}
	s.blockLines(&t, indent, chomp, breaks, after)
	return t
}

// blockLines scans the lines of a block scalar, the first of which comes after breaks.
func (s *scanner) blockLines(t *token, indent int, chomp byte, breaks string, after int) {
	var text strings.Builder
	lineBreak := ""
	for s.column == indent && s.pos < len(s.src) {
		text.WriteString(breaks)
		flush := s.at(s.pos) != ' ' && s.at(s.pos) != '\t'
		start := s.pos
		s.restOfLine()
		text.Write(s.src[start:s.pos])
		t.end, t.open = s.pos, s.pos == len(s.src) && chomp != '-'
		lineBreak = s.lineBreak()
		breaks, after = s.blockBreaks(indent)
		if s.column != indent || s.pos >= len(s.src) {
			break
		}
		if t.style == folded && lineBreak == "\n" && flush && s.at(s.pos) != ' ' && s.at(s.pos) != '\t' {
			if breaks == "" {
				text.WriteByte(' ')
			}
		} else {
			text.WriteString(lineBreak)
		}
	}
	if chomp != '-' {
		text.WriteString(lineBreak)
	}
	if t.keep {
		text.WriteString(breaks)
		t.end = after
	}
	t.text = text.String()
}

// blockHeader scans the chomping (+, -) and indentation (1-9) indicators, in either order.
func (s *scanner) blockHeader(start int) (chomp byte, increment int) {
	for s.pos < len(s.src) {
		switch c := s.at(s.pos); {
		case (c == '+' || c == '-') && chomp == 0:
			chomp = c
		case c >= '1' && c <= '9' && increment == 0:
			increment = int(c - '0')
		case c == ' ' || s.lineEndAt(s.pos):
			return chomp, increment
		default:
			refuse(start, s.pos+s.runeLen(s.pos), "text after the | or > of a block of text",
				"start the text on the next line, or quote the value")
		}
		s.forward(1)
	}
	return chomp, increment
}

// blockIndent moves over the blank lines before the text and finds the deepest column that they or the text reach.
func (s *scanner) blockIndent() (breaks string, deepest, after int) {
	var all strings.Builder
	after = s.pos
	for {
		s.blanks(false)
		deepest = max(deepest, s.column)
		b := s.lineBreak()
		if b == "" {
			return all.String(), deepest, after
		}
		all.WriteString(b)
		after = s.pos
	}
}

// blockBreaks moves over blank lines and the indentation of the next line of text.
func (s *scanner) blockBreaks(indent int) (breaks string, after int) {
	var all strings.Builder
	after = s.pos
	for {
		i := s.pos
		for s.column+i-s.pos < indent && s.at(i) == ' ' {
			i++
		}
		s.forward(i - s.pos)
		b := s.lineBreak()
		if b == "" {
			return all.String(), after
		}
		all.WriteString(b)
		after = s.pos
	}
}
