package document

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// Edit is one splice: at Offset of the input, Delete bytes are taken out and Insert is put in.
type Edit struct {
	Offset int    // byte offset in Document.Src
	Delete int    // bytes taken out from there
	Insert string // bytes put in there
	Why    string // a few words for reports: "instance profile for the head node"

	depth int // orders insertions at one Offset: the deeper indented goes first
}

// inline is the depth of what is put in behind something on its own line, before any line that is added there.
const inline = 1 << 20

// ordered returns the edits by offset; at one offset the deepest first, then as they were given.
func ordered(edits []Edit) []Edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.depth - a.depth
	})
	return edits
}

// Splice applies edits to src without any check but that they lie inside and do not overlap.
func Splice(src []byte, edits []Edit) ([]byte, error) {
	var out bytes.Buffer
	at := 0
	for _, e := range ordered(edits) {
		if e.Offset < at && !(e.Delete == 0 && e.Offset == at) || e.Delete < 0 || e.Offset+e.Delete > len(src) {
			return nil, fmt.Errorf("two changes overlap at byte %d", e.Offset)
		}
		out.Write(src[at:e.Offset])
		out.WriteString(e.Insert)
		at = e.Offset + e.Delete
	}
	out.Write(src[at:])
	return out.Bytes(), nil
}

// Explains checks that out is exactly in with the edits' deletions taken out and their insertions put in: nil if so. It
// walks both texts and shares nothing with Splice but the order.
func Explains(in, out []byte, edits []Edit) error {
	i, o := 0, 0
	for _, e := range ordered(edits) {
		kept := e.Offset - i
		if kept < 0 || e.Offset+e.Delete > len(in) || o+kept+len(e.Insert) > len(out) {
			return fmt.Errorf("the change at byte %d does not fit", e.Offset)
		}
		if !bytes.Equal(in[i:i+kept], out[o:o+kept]) {
			return fmt.Errorf("bytes %d to %d were not kept", i, i+kept)
		}
		i, o = e.Offset+e.Delete, o+kept
		if string(out[o:o+len(e.Insert)]) != e.Insert {
			return fmt.Errorf("what was to be put in at byte %d is not there", e.Offset)
		}
		o += len(e.Insert)
	}
	if !bytes.Equal(in[i:], out[o:]) {
		return errors.New("the end of the text was not kept")
	}
	return nil
}

// Apply splices edits into the text. It refuses (an error, no bytes) unless the result reads without any new finding
// as one document whose value equals want, which is a tree as Node.Value returns it. If goyaml.v3 reads the input as
// this room does, it must read the output so too: two readers that share no code have to agree on what is written.
func (d *Document) Apply(edits []Edit, want any) ([]byte, error) {
	out, err := Splice(d.Src, edits)
	if err != nil {
		return nil, err
	}
	parse := Parse
	if d.masked {
		parse = ParseTemplate
	}
	_, before := parse(d.Name, d.Src)
	again, found := parse(d.Name, out)
	switch {
	case again == nil:
		return nil, fmt.Errorf("the change breaks the text: %s (line %d of the result)", found[0].Message, found[0].Place.Line)
	case len(found) > len(before):
		return nil, fmt.Errorf("the change makes the text worse: %s (line %d of the result)", found[0].Message, found[0].Place.Line)
	case len(again.Roots) != 1:
		return nil, fmt.Errorf("%d YAML documents are left, and Anyscale's client accepts one", len(again.Roots))
	case !equal(again.Roots[0].Value(), want):
		return nil, errors.New("the changed text does not read as intended")
	case d.masked && !sameStatements(d, again):
		return nil, errors.New("the change would take out a part of the template's statements")
	case agrees(d) && !agrees(again):
		return nil, errors.New("other YAML readers would read the changed text differently")
	}
	return out, nil
}
