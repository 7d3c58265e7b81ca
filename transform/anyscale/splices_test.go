package anyscale

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/document"
)

// someEdits returns edits of a text that neither overlap nor touch.
func someEdits(r *rand.Rand, size int) []document.Edit {
	var edits []document.Edit
	for at := r.Intn(4); at < size; at += 2 + r.Intn(6) {
		e := document.Edit{Offset: at, Delete: min(r.Intn(3), size-at)}
		if r.Intn(2) == 0 || e.Delete == 0 {
			e.Insert = fmt.Sprintf("<%d>", r.Intn(100))
		}
		edits = append(edits, e)
		at += e.Delete
	}
	r.Shuffle(len(edits), func(i, j int) { edits[i], edits[j] = edits[j], edits[i] })
	return edits
}

// TestJoin: splices in two steps are the joined splices in one, for many texts.
func TestJoin(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 2000 {
		in := []byte("0123456789abcdefghijklmnopqrstuvwxyz"[:1+r.Intn(36)])
		first := someEdits(r, len(in))
		between, err := document.Splice(in, first)
		if err != nil {
			t.Fatal(err)
		}
		second := someEdits(r, len(between))
		out, err := document.Splice(between, second)
		if err != nil {
			t.Fatal(err)
		}
		joined := join(in, first, between, second)
		got, err := document.Splice(in, joined)
		if err != nil {
			t.Fatalf("%v: %+v", err, joined)
		}
		if string(got) != string(out) {
			t.Fatalf("%s: %+v then %+v is %q, joined %q (%+v)", in, first, second, out, got, joined)
		}
		if err := document.Explains(in, out, joined); err != nil {
			t.Fatal(err)
		}
	}
}

func TestJoinKeepsTheOrderAtOnePlace(t *testing.T) {
	in := []byte("ab")
	first := []document.Edit{{Offset: 1, Insert: "-"}}
	between := []byte("a-b")
	second := []document.Edit{{Offset: 3, Insert: "x"}, {Offset: 3, Insert: "y"}, {Offset: 0, Delete: 1}}
	want, err := document.Splice(between, second)
	if err != nil {
		t.Fatal(err)
	}
	got, err := document.Splice(in, join(in, first, between, second))
	if err != nil || string(got) != string(want) {
		t.Errorf("%q, not %q: %v", got, want, err)
	}
}

func TestCountLines(t *testing.T) {
	for _, c := range []struct {
		name, in       string
		edits          []document.Edit
		added, changed int
	}{
		{"nothing", "a\nb\n", nil, 0, 0},
		{"a line between", "a\nb\n", []document.Edit{{Offset: 2, Insert: "x\n"}}, 1, 0},
		{"lines at the end", "a\n", []document.Edit{{Offset: 2, Insert: "x\ny\n"}}, 2, 0},
		{"a line after one without break", "a", []document.Edit{{Offset: 1, Insert: "\nx"}}, 1, 0},
		{"a line before a break", "a\nb\n", []document.Edit{{Offset: 1, Insert: "\nx"}}, 1, 0},
		{"within a line", "abc\n", []document.Edit{{Offset: 1, Insert: "x"}}, 0, 1},
		{"a word replaced", "abc\nd\n", []document.Edit{{Offset: 1, Delete: 1, Insert: "x"}}, 0, 1},
		{"two in one line", "abc\n", []document.Edit{{Offset: 0, Delete: 1}, {Offset: 2, Insert: "x"}}, 0, 1},
		{"a line gone", "a\nb\nc\n", []document.Edit{{Offset: 2, Delete: 2}}, 0, 1},
		{"a line gone, one come", "a\nb\nc\n", []document.Edit{{Offset: 2, Delete: 2, Insert: "x\n"}}, 1, 1},
		{"across lines", "a\nb\nc\n", []document.Edit{{Offset: 1, Delete: 2}}, 0, 2},
		{"Windows", "a\r\nb\r\n", []document.Edit{{Offset: 6, Insert: "x\r\n"}}, 1, 0},
		{"old Macs", "a\rb\r", []document.Edit{{Offset: 2, Insert: "x\ry\r"}}, 2, 0},
	} {
		out, err := document.Splice([]byte(c.in), c.edits)
		if err != nil {
			t.Fatal(err)
		}
		if added, changed := countLines([]byte(c.in), out, c.edits); added != c.added || changed != c.changed {
			t.Errorf("%s: +%d ~%d, not +%d ~%d", c.name, added, changed, c.added, c.changed)
		}
	}
}

func TestChange(t *testing.T) {
	shared := map[string]any{"k": 1}
	tree := map[string]any{"a": shared, "b": shared, "l": []any{shared, shared}}
	var c change
	c.put("/a/new/deep", "x")
	c.put("/l/1/k", nil)
	c.put("/b~1c", 2)
	c.put("/l/9/k", 3) // not there
	want := map[string]any{
		"a": map[string]any{"k": 1, "new": map[string]any{"deep": "x"}}, "b": map[string]any{"k": 1}, "b/c": 2,
		"l": []any{map[string]any{"k": 1}, map[string]any{}},
	}
	if diff := cmp.Diff(want, c.apply(tree)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"a": map[string]any{"k": 1}, "b": map[string]any{"k": 1}, "l": []any{shared, shared}}, tree); diff != "" {
		t.Errorf("the tree itself was changed: %s", diff)
	}
	if got := (&change{}).apply(5); got != 5 {
		t.Error(got)
	}
}
