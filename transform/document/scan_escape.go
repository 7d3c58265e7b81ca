package document

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes holds the one-character escapes of double quotes. PyYAML has \/ too, as JSON.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': "\"", '\\': "\\", '/': "/", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// escapeDigits returns how many hexadecimal digits follow \x, \u or \U.
func escapeDigits(c byte) int {
	switch c {
	case 'x':
		return 2
	case 'u':
		return 4
	case 'U':
		return 8
	}
	return 0
}

// escape scans a backslash escape in double quotes.
func (s *scanner) escape(text *strings.Builder, t token) {
	start := s.pos
	s.forward(1)
	c := s.at(s.pos)
	if value, ok := escapes[c]; ok {
		text.WriteString(value)
		s.forward(1)
		return
	}
	if n := escapeDigits(c); n > 0 {
		s.forward(1)
		s.escapeCode(text, start, n)
		return
	}
	if s.lineBreak() != "" {
		text.WriteString(s.quotedBreaks(t))
		return
	}
	refuse(start, s.pos+s.runeLen(s.pos), "unknown escape in double quotes", `write \\ for a backslash, or use single quotes`)
}

// escapeCode scans the n hexadecimal digits of a character. Halves of a surrogate pair are kept as three bytes each
// until joinSurrogates sees both.
func (s *scanner) escapeCode(text *strings.Builder, start, n int) {
	end := s.pos
	for end < s.pos+n && strings.IndexByte("0123456789abcdefABCDEF", s.at(end)) >= 0 && s.at(end) != 0 {
		end++
	}
	if end < s.pos+n {
		refuse(start, end, "an escape of "+strconv.Itoa(n)+" hexadecimal digits is cut short", "")
	}
	code, _ := strconv.ParseUint(string(s.src[s.pos:end]), 16, 64)
	switch {
	case code > utf8.MaxRune:
		refuse(start, end, "there is no such character", "")
	case utf16.IsSurrogate(rune(code)):
		text.Write([]byte{0xE0 | byte(code>>12), 0x80 | byte(code>>6)&0x3F, 0x80 | byte(code)&0x3F})
	default:
		text.WriteRune(rune(code))
	}
	s.forward(n)
}

// joinSurrogates makes one character of each pair of surrogate halves, as the client's JSON does on the wire. A half
// alone stays as bytes that are not UTF-8, which checkScalar refuses.
func joinSurrogates(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		high, low := surrogateAt(text, i), surrogateAt(text, i+3)
		if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
			out.WriteRune(r)
			i += 6
			continue
		}
		out.WriteByte(text[i])
		i++
	}
	return out.String()
}

// surrogateAt returns the surrogate half whose three bytes stand at offset i, or 0.
func surrogateAt(text string, i int) rune {
	if i+3 > len(text) || text[i] != 0xED || text[i+1] < 0xA0 {
		return 0
	}
	return rune(text[i]&0x0F)<<12 | rune(text[i+1]&0x3F)<<6 | rune(text[i+2]&0x3F)
}
