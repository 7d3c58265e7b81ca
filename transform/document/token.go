package document

// kind is what a token is.
type kind uint8

const (
	streamEnd kind = iota
	directive
	documentStart
	documentEnd
	blockSequenceStart
	blockMappingStart
	blockEnd
	flowSequenceStart
	flowMappingStart
	flowSequenceEnd
	flowMappingEnd
	blockEntry
	flowComma
	keyMark
	valueMark
	aliasName
	anchorName
	tagName
	scalarText
)

// style is how a node is written.
type style uint8

const (
	plain   style = iota
	single        // '...'
	double        // "..."
	literal       // |
	folded        // >
	block         // a collection by indentation
	flow          // a collection in brackets
)

// token is one piece of the text. Offsets are bytes.
type token struct {
	kind       kind
	style      style // of a scalarText
	start, end int
	column     int    // of start, in runes from 0
	text       string // a scalar's value, an anchor's or alias' name, a tag's suffix, a directive's name
	handle     string // of a tag or %TAG: "!", "!!" or "!x!"; empty for a tag without one
	prefix     string // of %TAG
	major      string // of %YAML
	keep       bool   // of a block scalar: |+ or >+, its end lies after its last blank line
	open       bool   // of a block scalar: the text ends inside it without a line break that its value would gain
}

// simpleKey is a place where a key may have begun; only a later ':' tells.
type simpleKey struct {
	live     bool
	required bool // nothing but a key may stand here
	token    int  // number of the token it would come before
	index    int
	line     int
	column   int
	start    int
}

// scanner splits a text into tokens, by PyYAML's rules.
type scanner struct {
	src    []byte
	pos    int // byte offset
	index  int // runes from the start
	line   int // from 0
	column int // runes from 0, byte order marks not counted

	queue []token
	head  int
	taken int // tokens handed out
	done  bool
	last  token // the last scalar or name, for a better message

	flowLevel int
	indent    int // of the innermost block collection; -1 outside of all
	indents   []int
	keyOK     bool        // a key may begin here
	keys      []simpleKey // one for each flow level
	oldest    int         // no key below this level is live
}

// problem is what the reader refuses, in words for a person.
type problem struct {
	start, end    int // byte offsets
	message, hint string
}

// refuse stops the reader; parseText recovers it.
func refuse(start, end int, message, hint string) {
	panic(&problem{start: start, end: end, message: message, hint: hint})
}

func newScanner(src []byte) *scanner {
	return &scanner{src: src, indent: -1, keyOK: true, keys: make([]simpleKey, 1, 8)}
}

// peek returns the next token, which stays.
func (s *scanner) peek() *token {
	for s.needMore() {
		s.fetch()
	}
	return &s.queue[s.head]
}

// next returns the next token and takes it.
func (s *scanner) next() token {
	t := *s.peek()
	if t.kind == streamEnd {
		return t
	}
	s.head++
	s.taken++
	return t
}

// take takes the next token if it is of kind k.
func (s *scanner) take(k kind) (token, bool) {
	if s.peek().kind != k {
		return token{}, false
	}
	return s.next(), true
}

func (s *scanner) needMore() bool {
	if s.done {
		return false
	}
	if s.head == len(s.queue) {
		s.queue, s.head = s.queue[:0], 0
		return true
	}
	s.dropStaleKeys()
	return s.oldest < len(s.keys) && s.keys[s.oldest].token == s.taken
}

func (s *scanner) push(t token) { s.queue = append(s.queue, t) }

// mark pushes a token of n bytes that starts here, and moves over it.
func (s *scanner) mark(k kind, n int) {
	s.push(token{kind: k, start: s.pos, end: s.pos + n, column: s.column})
	s.forward(n)
}

// insert puts t before the token with the given number.
func (s *scanner) insert(number int, t token) {
	at := s.head + number - s.taken
	s.queue = append(s.queue, token{})
	copy(s.queue[at+1:], s.queue[at:])
	s.queue[at] = t
}

// dropStaleKeys forgets keys that can't be keys any more: a key ends on its own line within 1024 characters. Keys of
// outer levels are older, so they go first.
func (s *scanner) dropStaleKeys() {
	for s.oldest < len(s.keys) {
		key := &s.keys[s.oldest]
		if key.live {
			if key.line == s.line && s.index-key.index <= 1024 {
				return
			}
			s.dropKey(s.oldest)
		}
		s.oldest++
	}
}

// dropKey forgets the possible key of a level, which must not be a required one.
func (s *scanner) dropKey(level int) {
	key := &s.keys[level]
	if key.live && key.required {
		s.refuseKey(key)
	}
	key.live = false
}

func (s *scanner) saveKey() {
	if !s.keyOK {
		return
	}
	s.dropKey(s.flowLevel)
	s.keys[s.flowLevel] = simpleKey{
		live: true, required: s.flowLevel == 0 && s.indent == s.column, token: s.taken + len(s.queue) - s.head,
		index: s.index, line: s.line, column: s.column, start: s.pos,
	}
	s.oldest = min(s.oldest, s.flowLevel)
}

// unwind closes the block collections that are indented deeper than column.
func (s *scanner) unwind(column int) {
	if s.flowLevel > 0 {
		return
	}
	for s.indent > column {
		s.push(token{kind: blockEnd, start: s.pos, end: s.pos, column: s.column})
		s.indent = s.indents[len(s.indents)-1]
		s.indents = s.indents[:len(s.indents)-1]
	}
}

// deepen opens a block collection at column, unless one is open there.
func (s *scanner) deepen(column int) bool {
	if s.indent >= column {
		return false
	}
	if len(s.indents) > maxDepth {
		refuse(s.pos, s.pos, tooDeep, "")
	}
	s.indents = append(s.indents, s.indent)
	s.indent = column
	return true
}
