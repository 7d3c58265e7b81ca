package document

import (
	"bytes"
	"fmt"
	"testing"
)

const testARN = "arn:aws:iam::111122223333:instance-profile/ml-train"

// checkSet holds Set to its laws on one node, and fails where it refuses a change that it offered.
// It returns the output, or nil when Set refused.
func checkSet(t *testing.T, d *Document, n *Node, path []string, value any) []byte {
	t.Helper()
	out, refused := lawfulSet(t, d, n, path, value)
	if refused != nil && !bytes.Contains(d.Src, []byte("*")) { // a change of what an alias repeats may be refused
		t.Fatalf("Set(%v): %v\n%q", path, refused, d.Src)
	}
	return out
}

// lawfulSet holds Set to its laws: what Apply lets out reads as intended, by both readers, and is the input with the
// edits' deletions and insertions and nothing else. Apply may refuse: then nothing comes out.
func lawfulSet(t *testing.T, d *Document, n *Node, path []string, value any) (out []byte, refused error) {
	t.Helper()
	edits, err := n.Set(path, value)
	if err != nil {
		return nil, nil
	}
	draft := d.Roots[0].Draft()
	if err := draft.Set(n, path, value); err != nil {
		t.Fatalf("Set(%v) worked and Draft.Set did not: %v\n%q", path, err, d.Src)
	}
	if out, err = d.Apply(edits, draft.Value()); err != nil {
		return nil, fmt.Errorf("%s: %w", showEdits(edits), err)
	}
	if err := Explains(d.Src, out, edits); err != nil {
		t.Fatalf("Set(%v): %v\n%q\n%q", path, err, d.Src, out)
	}
	return out, nil
}

// checkAgain holds Set to its third law: what is there already is not changed.
func checkAgain(t *testing.T, out []byte, pointer string, path []string, value any) {
	t.Helper()
	again, fs := Parse("again", out)
	if again == nil {
		t.Fatalf("the output does not parse: %v", fs)
	}
	edits, err := again.Roots[0].At(pointer).Set(path, value)
	if err != nil || len(edits) > 0 {
		t.Fatalf("a second Set changes the text again: %v %s\n%q", err, showEdits(edits), out)
	}
}

func showEdits(edits []Edit) string {
	var b bytes.Buffer
	for _, e := range edits {
		fmt.Fprintf(&b, "[%d-%d %q] ", e.Offset, e.Delete, e.Insert)
	}
	return b.String()
}

// everyMapping calls f with each mapping of a document once, with its JSON pointer.
func everyMapping(d *Document, f func(n *Node, pointer string)) {
	seen := map[any]bool{}
	var walk func(n *Node, pointer string)
	walk = func(n *Node, pointer string) {
		if seen[n.Identity()] {
			return
		}
		seen[n.Identity()] = true
		if n.IsMapping() {
			f(n, pointer)
		}
		for _, e := range n.Entries() {
			walk(e.Value, pointer+"/"+escapePointer(e.Key))
		}
		for i, item := range n.Items() {
			walk(item, fmt.Sprintf("%s/%d", pointer, i))
		}
	}
	walk(d.Roots[0], "")
}

func escapePointer(key string) string {
	key = string(bytes.ReplaceAll([]byte(key), []byte("~"), []byte("~0")))
	return string(bytes.ReplaceAll([]byte(key), []byte("/"), []byte("~1")))
}

// hasMerges reports whether a text has merge keys: what is put into a mapping that others merge changes them too, which
// a Draft does not know, so that Apply refuses it.
func hasMerges(d *Document) bool {
	found := false
	everyMapping(d, func(n *Node, _ string) {
		for _, c := range n.real().children {
			found = found || c.key.real().tag == tagMerge
		}
	})
	return found
}
