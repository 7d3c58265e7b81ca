package policy

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// value is one JSON value with its place. encoding/json can't be used here: it folds the case of keys, takes the last
// of two equal keys and drops keys it doesn't know, so that a misspelt Condition would make an Allow unconditional.
type value struct {
	kind    byte   // '{', '[', '"', 'n' number, 'b' boolean, '0' null
	text    string // of a string, number or boolean
	offset  int
	members []member
	items   []value
}

type member struct {
	key    string
	offset int // of the key
	value  value
}

const maxDepth = 32 // AWS's policies need 6

// reader reads strict JSON (RFC 8259).
type reader struct {
	src string
	pos int
}

// syntaxError is the first thing that is not JSON.
type syntaxError struct {
	offset        int
	message, hint string
}

func (r *reader) fail(offset int, message, hint string) {
	panic(syntaxError{offset, message, hint})
}

// readJSON reads the one value that src holds, or says where it stops being JSON.
func readJSON(src string) (v value, bad *syntaxError) {
	defer func() {
		if e, ok := recover().(syntaxError); ok {
			bad = &e
		}
	}()
	r := &reader{src: src}
	if strings.HasPrefix(src, "\ufeff") {
		r.pos = len("\ufeff")
	}
	if !utf8.ValidString(src) {
		r.fail(firstInvalid(src), "the document is not UTF-8 text", "save it as UTF-8")
	}
	r.space()
	if r.pos == len(src) {
		r.fail(r.pos, "the document is empty", `a policy begins with {"Version": "2012-10-17", "Statement": [`)
	}
	v = r.value(0)
	r.space()
	if r.pos < len(src) {
		r.fail(r.pos, "there is text after the end of the document", "delete what follows the closing brace")
	}
	return v, nil
}

func firstInvalid(s string) int {
	for i, c := range s {
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

func (r *reader) space() {
	for r.pos < len(r.src) && strings.IndexByte(" \t\r\n", r.src[r.pos]) >= 0 {
		r.pos++
	}
}

// peek returns the next byte that is not white space, or 0 at the end.
func (r *reader) peek() byte {
	r.space()
	if r.pos < len(r.src) {
		return r.src[r.pos]
	}
	return 0
}

func (r *reader) value(depth int) value {
	if depth > maxDepth {
		r.fail(r.pos, "the document is nested too deeply", "")
	}
	c := r.peek()
	start := r.pos
	switch {
	case c == '{':
		return r.object(depth)
	case c == '[':
		return r.array(depth)
	case c == '"':
		return value{kind: '"', offset: start, text: r.str()}
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	case c == 0:
		r.fail(r.pos, "the document ends too early", "a closing brace or bracket is missing")
	}
	for _, w := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(r.src[r.pos:], w) {
			r.pos += len(w)
			if w == "null" {
				return value{kind: '0', offset: start}
			}
			return value{kind: 'b', offset: start, text: w}
		}
	}
	r.fail(start, fmt.Sprintf("%s is not JSON", r.snippet(start)), `put text in "double quotes"`)
	return value{}
}

// snippet quotes the character at an offset for a message.
func (r *reader) snippet(offset int) string {
	c, _ := utf8.DecodeRuneInString(r.src[offset:])
	return fmt.Sprintf("%q", string(c))
}

func (r *reader) object(depth int) value {
	v := value{kind: '{', offset: r.pos}
	r.pos++
	for first := true; ; first = false {
		c := r.peek()
		if c == '}' && first {
			break
		}
		if c != '"' {
			r.expected(c, '}', "a key")
		}
		m := member{offset: r.pos}
		m.key = r.str()
		if c = r.peek(); c != ':' {
			r.fail(r.pos, fmt.Sprintf("a colon must follow the key %q", m.key), "")
		}
		r.pos++
		m.value = r.value(depth + 1)
		v.members = append(v.members, m)
		if !r.more('}') {
			break
		}
	}
	r.pos++
	return v
}

func (r *reader) array(depth int) value {
	v := value{kind: '[', offset: r.pos}
	r.pos++
	for first := true; ; first = false {
		if c := r.peek(); c == ']' {
			if !first {
				r.expected(c, ']', "a value")
			}
			break
		}
		v.items = append(v.items, r.value(depth+1))
		if !r.more(']') {
			break
		}
	}
	r.pos++
	return v
}

// more consumes a comma and reports true, or stops before the closing byte and reports false.
func (r *reader) more(end byte) bool {
	switch c := r.peek(); c {
	case ',':
		r.pos++
		return true
	case end:
		return false
	case 0:
		r.fail(r.pos, "the document ends too early", fmt.Sprintf("a closing %c is missing", end))
	default:
		r.fail(r.pos, fmt.Sprintf("a comma or %c must stand before %s", end, r.snippet(r.pos)), "add the missing comma")
	}
	return false
}

// expected fails where a key or value must come after a comma.
func (r *reader) expected(c, end byte, what string) {
	switch c {
	case end:
		r.fail(r.pos, fmt.Sprintf("a comma stands before the closing %c", end), "delete the comma")
	case 0:
		r.fail(r.pos, "the document ends too early", fmt.Sprintf("a closing %c is missing", end))
	default:
		r.fail(r.pos, fmt.Sprintf("%s in double quotes must stand here, not %s", what, r.snippet(r.pos)), "")
	}
}

func (r *reader) number() value {
	start := r.pos
	for r.pos < len(r.src) && strings.IndexByte("+-.eE0123456789", r.src[r.pos]) >= 0 {
		r.pos++
	}
	if !json.Valid([]byte(r.src[start:r.pos])) {
		r.fail(start, fmt.Sprintf("%s is not a number", r.src[start:r.pos]), `put text in "double quotes"`)
	}
	return value{kind: 'n', offset: start, text: r.src[start:r.pos]}
}
