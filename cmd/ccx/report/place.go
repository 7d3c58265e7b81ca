package report

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"ccx/transform/finding"
)

// span is a stretch of a file. Lines and columns are 1-based and count runes; the end is the place behind the last
// marked character; bytes are 0-based.
type span struct {
	line, column, endLine, endColumn int
	start, end                       int
}

// spanOf tells where a finding's mark begins and ends; false for a place without a line. Without the whole text the end
// is looked for in the place's own line.
func (o Outcome) spanOf(p finding.Place) (span, bool) {
	if !p.Known() {
		return span{}, false
	}
	s := span{line: p.Line, column: p.Column, endLine: p.Line, endColumn: p.Column, start: p.Offset, end: p.Offset + max(0, p.Length)}
	marked := ""
	if p.File == o.Name && p.Offset >= 0 && s.end <= len(o.Input) {
		marked = strings.TrimRight(string(o.Input[p.Offset:s.end]), " \t\r\n")
	} else {
		marked = markedInLine(p)
	}
	for i := 0; i < len(marked); {
		r, size := utf8.DecodeRuneInString(marked[i:])
		i += size
		s.endColumn++
		if r == '\n' {
			s.endLine, s.endColumn = s.endLine+1, 1
		}
	}
	s.end = s.start + len(marked)
	return s, true
}

// markedInLine is the marked part of the place's line.
func markedInLine(p finding.Place) string {
	start := 0
	for range p.Column - 1 {
		_, size := utf8.DecodeRuneInString(p.Text[start:])
		start += size
	}
	return p.Text[start:min(len(p.Text), start+max(0, p.Length))]
}

// file is the file that a finding is about, "" for none: one about a flag is about the input for which it was found.
func (o Outcome) file(f finding.Finding) string {
	name := f.Place.File
	if name == "" || isFlag(f.Place) {
		name = o.Name
	}
	if strings.HasPrefix(name, "-") || strings.HasPrefix(name, "<") {
		return "" // an argument, or stdin
	}
	return name
}

// isFlag reports whether a place is an argument on the command line: those have a text and no line.
func isFlag(p finding.Place) bool { return !p.Known() && strings.HasPrefix(p.File, "-") }

// slashed is a path as repositories write it: with slashes, without ./ before it.
func slashed(name string) string {
	return path.Clean(filepath.ToSlash(name))
}

// uri is a path as a relative or absolute URI reference (RFC 3986): every byte that is not unreserved is encoded, so
// that nothing in a file's name can be read as anything else.
func uri(name string) string {
	name = slashed(name)
	var b strings.Builder
	if strings.HasPrefix(name, "/") {
		b.WriteString("file://")
	}
	for i := range len(name) {
		c := name[i]
		if c == '/' || c == '-' || c == '.' || c == '_' || c == '~' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return b.String()
}

// fingerprints tells findings of one run apart, and finds them again in the next: it leaves lines out, since they move,
// and counts what would be equal.
type fingerprints map[string]int

func (seen fingerprints) of(file string, f finding.Finding) string {
	key := file + "\x00" + string(f.Code) + "\x00" + f.Message
	seen[key]++
	sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
	return hex.EncodeToString(sum[:16])
}
