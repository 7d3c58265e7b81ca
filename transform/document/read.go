package document

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"ccx/transform/finding"
)

// Parse reads a text of up to MaxSize bytes. The findings say what the client's reader refuses, and what it would
// accept although no one can mean it (duplicate keys, unfilled ${X}); a document that can be worked with comes with
// them, else it is nil. Codes: config/empty, config/encoding, config/syntax, config/duplicate, config/template.
func Parse(name string, src []byte) (*Document, []finding.Finding) {
	d := &Document{Name: name, Src: src}
	if f, ok := d.unreadable(); !ok {
		return nil, []finding.Finding{f}
	}
	return d.read(src)
}

// read builds the tree from text, which is Src or Src masked.
func (d *Document) read(text []byte) (*Document, []finding.Finding) {
	roots, p := parseText(text)
	if p != nil {
		return nil, []finding.Finding{d.syntax(p)}
	}
	if len(roots) == 0 || len(roots) == 1 && roots[0].marker < 0 && roots[0].tree.isEmpty() {
		return nil, []finding.Finding{d.emptyFinding()}
	}
	d.parts = roots
	for i := range roots {
		d.unmask(roots[i].tree)
		d.Roots = append(d.Roots, &Node{doc: d, tree: roots[i].tree})
	}
	return d, d.check()
}

// parseText reads all documents of a text, or says what PyYAML refuses.
func parseText(text []byte) (roots []root, p *problem) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if p, ok = r.(*problem); !ok {
				panic(r)
			}
			roots = nil
		}
	}()
	c := &composer{scanner: newScanner(text)}
	return c.compose(), nil
}

// unreadable finds what no reader should try: too much text, and bytes that are no printable UTF-8.
func (d *Document) unreadable() (finding.Finding, bool) {
	src := d.Src
	fail := func(offset, length int, message, hint string) (finding.Finding, bool) {
		return finding.New(finding.ConfigEncoding, d.PlaceAt(offset, length), message).WithHint(hint), false
	}
	switch {
	case len(src) > MaxSize:
		d.Src = nil
		return finding.New(finding.ConfigSyntax, finding.Place{File: d.Name},
			fmt.Sprintf("larger than %d MB, so this is no compute config", MaxSize>>20)), false
	case isUTF16(src):
		d.Src = nil
		return finding.New(finding.ConfigEncoding, finding.Place{File: d.Name, Line: 1, Column: 1}, "the text is UTF-16, not UTF-8").
			WithHint("save it as UTF-8: iconv -f UTF-16 -t UTF-8"), false
	}
	for i := 0; i < len(src); {
		if c := src[i]; c >= 0x20 && c < 0x7F || c == '\n' || c == '\r' || c == '\t' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return fail(i, 1, fmt.Sprintf("the byte 0x%02x is not UTF-8", src[i]), "save the file as UTF-8")
		case !printable(r):
			return fail(i, n, fmt.Sprintf("the character U+%04X can't stand in YAML", r), `delete it, or write it as an escape in double quotes`)
		}
		i += n
	}
	return finding.Finding{}, true
}

// isUTF16 tells UTF-16 by its byte order mark or, without one, by NUL bytes beside the first ASCII characters.
func isUTF16(src []byte) bool {
	if len(src) < 2 {
		return false
	}
	return src[0] == 0xFF && src[1] == 0xFE || src[0] == 0xFE && src[1] == 0xFF ||
		len(src) > 3 && (src[0] == 0 && src[2] == 0) != (src[1] == 0 && src[3] == 0)
}

// printable reports whether PyYAML reads a character (reader.py, NON_PRINTABLE).
func printable(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0x7E || r == 0x85 ||
		r >= 0xA0 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}

// syntax words a problem as a finding. A template that has not been rendered is told as such.
func (d *Document) syntax(p *problem) finding.Finding {
	if e, ok := expressionNear(d.Src, p.start, p.end); ok {
		return d.templateFinding(e)
	}
	start := min(p.start, len(d.Src))
	return finding.New(finding.ConfigSyntax, d.PlaceAt(start, min(p.end, len(d.Src))-start), p.message).WithHint(p.hint)
}

func (d *Document) emptyFinding() finding.Finding {
	text := strings.TrimSpace(strings.TrimPrefix(string(d.Src), byteOrderMark))
	place := finding.Place{File: d.Name}
	if text == "" {
		return finding.New(finding.ConfigEmpty, place, "the input is empty").WithHint("pipe a compute config in, or name a FILE")
	}
	return finding.New(finding.ConfigEmpty, place, "the input holds comments only, no compute config")
}
