package document

import "testing"

// Found by the fuzzer: without the braces, the # would stand right behind the colon and begin no comment.
func TestSetKeepsACommentRightBehindBraces(t *testing.T) {
	doc, found := Parse("in.yaml", []byte("a: 1\naws: {}# none yet\n"))
	if doc == nil {
		t.Fatal(found)
	}
	n := doc.Roots[0]
	edits, err := n.Set([]string{"aws"}, Map{{Key: "b", Value: Map{{Key: "c", Value: "d"}}}})
	if err != nil {
		t.Fatal(err)
	}
	draft := n.Draft()
	if err := draft.Set(n, []string{"aws"}, Map{{Key: "b", Value: Map{{Key: "c", Value: "d"}}}}); err != nil {
		t.Fatal(err)
	}
	out, err := doc.Apply(edits, draft.Value())
	if want := "a: 1\naws: # none yet\n  b:\n    c: d\n"; err != nil || string(out) != want {
		t.Errorf("%v\n%s", err, out)
	}
}
