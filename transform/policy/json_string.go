package policy

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string; the common one without escapes costs no copy.
func (r *reader) str() string {
	start := r.pos
	r.pos++
	from := r.pos
	for r.pos < len(r.src) {
		switch c := r.src[r.pos]; {
		case c == '"':
			r.pos++
			return r.src[from : r.pos-1]
		case c == '\\':
			return r.escaped(start, from)
		case c < ' ':
			r.fail(r.pos, "a line break or control character stands in a string", `close the string with " or write \n`)
		default:
			r.pos++
		}
	}
	r.fail(start, "a string is not closed", `add the closing "`)
	return ""
}

const escapes = "\"\\/bfnrt"

func (r *reader) escaped(start, from int) string {
	var b strings.Builder
	b.WriteString(r.src[from:r.pos])
	for r.pos < len(r.src) {
		c := r.src[r.pos]
		r.pos++
		switch {
		case c == '"':
			return b.String()
		case c < ' ':
			r.fail(r.pos-1, "a line break or control character stands in a string", `close the string with " or write \n`)
		case c != '\\':
			b.WriteByte(c)
		case r.pos < len(r.src) && r.src[r.pos] == 'u':
			b.WriteRune(r.unicode())
		case r.pos < len(r.src) && strings.IndexByte(escapes, r.src[r.pos]) >= 0:
			b.WriteByte("\"\\/\b\f\n\r\t"[strings.IndexByte(escapes, r.src[r.pos])])
			r.pos++
		default:
			r.fail(r.pos-1, "a backslash stands before a character that can't be escaped", `write \\ for a backslash`)
		}
	}
	r.fail(start, "a string is not closed", `add the closing "`)
	return ""
}

// unicode reads uXXXX, and a second \uXXXX where the first is half of a pair.
func (r *reader) unicode() rune {
	c := r.hex()
	if utf16.IsSurrogate(c) && strings.HasPrefix(r.src[r.pos:], `\u`) {
		r.pos++
		return utf16.DecodeRune(c, r.hex())
	}
	if utf16.IsSurrogate(c) {
		return utf8.RuneError
	}
	return c
}

func (r *reader) hex() rune {
	r.pos++
	var c rune
	for range 4 {
		d := byte(0)
		if r.pos < len(r.src) {
			d = r.src[r.pos]
		}
		i := strings.IndexByte("0123456789abcdef", d|0x20)
		if d < '0' || i < 0 {
			r.fail(r.pos, `four hexadecimal digits must follow \u`, "")
		}
		c = c<<4 | rune(i)
		r.pos++
	}
	return c
}
