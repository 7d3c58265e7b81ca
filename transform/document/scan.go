package document

import "strings"

// toNextToken skips blanks, comments and line breaks. Tabs are no blanks here: PyYAML refuses them between tokens.
func (s *scanner) toNextToken() {
	if s.index == 0 && s.has(byteOrderMark) {
		s.forward(len(byteOrderMark))
	}
	for {
		s.blanks(false)
		s.comment()
		if s.lineBreak() == "" {
			return
		}
		if s.flowLevel == 0 {
			s.keyOK = true
		}
	}
}

// fetch pushes the next token, and those that it implies.
func (s *scanner) fetch() {
	s.toNextToken()
	s.dropStaleKeys()
	s.unwind(s.column)
	if s.fetchDocument() || s.fetchIndicator() || s.fetchContent() {
		return
	}
	s.refuseCharacter()
}

// fetchDocument fetches what stands between documents: the end, a directive, --- and ....
func (s *scanner) fetchDocument() bool {
	switch c := s.at(s.pos); {
	case s.pos >= len(s.src):
		s.unwind(-1)
		s.dropKey(s.flowLevel)
		s.keyOK, s.done = false, true
		s.oldest = len(s.keys)
		s.mark(streamEnd, 0)
	case c == '%' && s.column == 0:
		s.unwind(-1)
		s.dropKey(s.flowLevel)
		s.keyOK = false
		s.push(s.scanDirective())
	case (c == '-' || c == '.') && s.separatorAt():
		s.unwind(-1)
		s.dropKey(s.flowLevel)
		s.keyOK = false
		if c == '-' {
			s.mark(documentStart, 3)
		} else {
			s.mark(documentEnd, 3)
		}
	default:
		return false
	}
	return true
}

// fetchIndicator fetches brackets, commas, dashes, question marks and colons.
func (s *scanner) fetchIndicator() bool {
	switch c := s.at(s.pos); {
	case c == '[':
		s.openFlow(flowSequenceStart)
	case c == '{':
		s.openFlow(flowMappingStart)
	case c == ']':
		s.closeFlow(flowSequenceEnd)
	case c == '}':
		s.closeFlow(flowMappingEnd)
	case c == ',':
		s.keyOK = true
		s.dropKey(s.flowLevel)
		s.mark(flowComma, 1)
	case c == '-' && s.gapAt(s.pos+1):
		s.fetchDash()
	case c == '?' && (s.flowLevel > 0 || s.gapAt(s.pos+1)):
		s.fetchKey()
	case c == ':' && (s.flowLevel > 0 || s.gapAt(s.pos+1)):
		s.fetchValue()
	default:
		return false
	}
	return true
}

// fetchContent fetches names and scalars.
func (s *scanner) fetchContent() bool {
	c := s.at(s.pos)
	if (c == '|' || c == '>') && s.flowLevel == 0 {
		s.keyOK = true
		s.dropKey(s.flowLevel)
		s.push(s.scanBlockScalar())
		return true
	}
	scan := s.scanPlain
	switch {
	case c == '*' || c == '&':
		scan = s.scanAnchor
	case c == '!':
		scan = s.scanTag
	case c == '\'' || c == '"':
		scan = s.scanQuoted
	case !s.plainAt():
		return false
	}
	s.saveKey()
	s.keyOK = false
	s.last = scan()
	s.push(s.last)
	return true
}

// plainAt reports whether a plain scalar may begin here.
func (s *scanner) plainAt() bool {
	c := s.at(s.pos)
	if s.gapAt(s.pos) {
		return false
	}
	if !strings.ContainsRune("-?:,[]{}#&*!|>'\"%@`", rune(c)) {
		return true
	}
	return !s.gapAt(s.pos+1) && (c == '-' || s.flowLevel == 0 && (c == '?' || c == ':'))
}

func (s *scanner) openFlow(k kind) {
	s.saveKey()
	s.flowLevel++
	if s.flowLevel > maxDepth {
		refuse(s.pos, s.pos+1, tooDeep, "")
	}
	s.keys = append(s.keys[:s.flowLevel], simpleKey{})
	s.keyOK = true
	s.mark(k, 1)
}

func (s *scanner) closeFlow(k kind) {
	if s.flowLevel == 0 {
		refuse(s.pos, s.pos+1, "this "+string(s.at(s.pos))+" closes nothing", "delete it, or quote the value that holds it")
	}
	s.dropKey(s.flowLevel)
	s.flowLevel--
	s.keys = s.keys[:s.flowLevel+1]
	s.oldest = min(s.oldest, len(s.keys))
	s.keyOK = false
	s.mark(k, 1)
}

// startBlock pushes the start of a block collection at the scanner's place, where a key may stand.
func (s *scanner) startBlock(k kind, message, hint string) {
	if s.flowLevel > 0 {
		return
	}
	if !s.keyOK {
		refuse(s.pos, s.pos+1, message, hint)
	}
	if s.deepen(s.column) {
		s.push(token{kind: k, start: s.pos, end: s.pos, column: s.column})
	}
}

func (s *scanner) fetchDash() {
	s.startBlock(blockSequenceStart, "a list item can't start here", "put each `- ` at the start of a line of its own")
	s.keyOK = true
	s.dropKey(s.flowLevel)
	s.mark(blockEntry, 1)
}

func (s *scanner) fetchKey() {
	s.startBlock(blockMappingStart, "a key can't start here", "quote the value if the question mark is part of it")
	s.keyOK = s.flowLevel == 0
	s.dropKey(s.flowLevel)
	s.mark(keyMark, 1)
}

func (s *scanner) fetchValue() {
	if key := s.keys[s.flowLevel]; key.live {
		s.keys[s.flowLevel].live = false
		t := token{kind: keyMark, start: key.start, end: key.start, column: key.column}
		s.insert(key.token, t)
		if s.flowLevel == 0 && s.deepen(key.column) {
			t.kind = blockMappingStart
			s.insert(key.token, t)
		}
		s.keyOK = false
	} else {
		if s.flowLevel == 0 && !s.keyOK {
			s.refuseValue()
		}
		s.startBlock(blockMappingStart, "", "")
		s.keyOK = s.flowLevel == 0
		s.dropKey(s.flowLevel)
	}
	s.mark(valueMark, 1)
}
