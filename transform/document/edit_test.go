package document

import (
	"strings"
	"testing"
)

func TestSplice(t *testing.T) {
	tests := []struct {
		name  string
		edits []Edit
		want  string // "" for an error
	}{
		{"none", nil, "abcdef"},
		{"put in", []Edit{{Offset: 2, Insert: "X"}}, "abXcdef"},
		{"at both ends", []Edit{{Offset: 6, Insert: "Y"}, {Offset: 0, Insert: "X"}}, "XabcdefY"},
		{"taken out", []Edit{{Offset: 1, Delete: 2}, {Offset: 5, Delete: 1}}, "ade"},
		{"replaced", []Edit{{Offset: 1, Delete: 2, Insert: "XYZ"}}, "aXYZdef"},
		{"side by side", []Edit{{Offset: 1, Delete: 2}, {Offset: 3, Delete: 1, Insert: "X"}}, "aXef"},
		{"put in behind what goes", []Edit{{Offset: 1, Delete: 2}, {Offset: 3, Insert: "X"}}, "aXdef"},
		{"as given at one place", []Edit{{Offset: 1, Insert: "1"}, {Offset: 1, Insert: "2"}}, "a12bcdef"},
		{"the deepest first at one place", []Edit{{Offset: 1, Insert: "1", depth: 2}, {Offset: 1, Insert: "2", depth: 4}}, "a21bcdef"},
		{"overlap", []Edit{{Offset: 1, Delete: 3}, {Offset: 3, Delete: 1}}, ""},
		{"put into what goes", []Edit{{Offset: 1, Delete: 3}, {Offset: 2, Insert: "X"}}, ""},
		{"past the end", []Edit{{Offset: 5, Delete: 2}}, ""},
		{"before the start", []Edit{{Offset: -1, Insert: "X"}}, ""},
		{"less than nothing", []Edit{{Offset: 3, Delete: -1}}, ""},
	}
	for _, test := range tests {
		out, err := Splice([]byte("abcdef"), test.edits)
		if test.want == "" {
			if err == nil {
				t.Errorf("%s: no error, %q", test.name, out)
			}
			continue
		}
		if err != nil || string(out) != test.want {
			t.Errorf("%s: %q, %v", test.name, out, err)
		}
		if err := Explains([]byte("abcdef"), out, test.edits); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestExplainsRefuses shows that the law can fail.
func TestExplainsRefuses(t *testing.T) {
	edits := []Edit{{Offset: 2, Delete: 1, Insert: "XY"}}
	for _, out := range []string{"abXYdef!", "abXYde", "abXdef", "aBXYdef", "abXYDef", "abcdef", "", "abXYdefabXYdef"} {
		if Explains([]byte("abcdef"), []byte(out), edits) == nil {
			t.Errorf("%q is explained", out)
		}
	}
	if Explains([]byte("abcdef"), []byte("abXYdef"), edits) != nil {
		t.Error("the right output is not explained")
	}
	for _, edits := range [][]Edit{{{Offset: 9}}, {{Offset: 1, Delete: 9}}, {{Offset: 3, Delete: 2}, {Offset: 4, Delete: 1}}} {
		if Explains([]byte("abcdef"), []byte("abcdef"), edits) == nil {
			t.Errorf("%v explains a text", edits)
		}
	}
}

// TestApplyRefuses gives Apply wrong splices of every kind: none may come out.
func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name, in string
		edit     Edit
		want     any
		message  string
	}{
		{"another value", "a: 1\n", Edit{Offset: 3, Delete: 1, Insert: "2"}, map[string]any{"a": int64(1)}, "does not read as intended"},
		{"nothing changed", "a: 1\n", Edit{}, map[string]any{"a": int64(2)}, "does not read as intended"},
		{"broken", "a: 1\n", Edit{Offset: 3, Delete: 1, Insert: "["}, nil, "breaks the text"},
		{"a key twice", "a: 1\n", Edit{Offset: 5, Insert: "a: 1\n"}, map[string]any{"a": int64(1)}, "makes the text worse"},
		{"two documents", "a: 1\n", Edit{Offset: 5, Insert: "---\n"}, map[string]any{"a": int64(1)}, "2 YAML documents"},
		{"a comment eats it", "a: 1 # c\n", Edit{Offset: 8, Insert: " b: 2"}, map[string]any{"a": int64(1), "b": int64(2)}, "does not read as intended"},
		{"readers differ", "{\"a\": 1, b: 2}\n", Edit{Offset: 9, Delete: 4, Insert: "b:"}, map[string]any{"a": int64(1), "b": nil}, "other YAML readers"},
		{"overlap", "a: 1\n", Edit{Offset: 3, Delete: 9}, nil, "overlap"},
	}
	for _, test := range tests {
		out, err := mustParse(t, test.in).Apply([]Edit{test.edit}, test.want)
		if err == nil || out != nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %q, %v", test.name, out, err)
		}
	}
}

func TestApplyKeepsOldFindings(t *testing.T) {
	d, found := Parse("x", []byte("a: ${A}\nb: 1\n"))
	if len(found) != 1 {
		t.Fatal(found)
	}
	edits, err := d.Roots[0].Set([]string{"c"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Apply(edits, map[string]any{"a": "${A}", "b": int64(1), "c": int64(1)})
	if err != nil || string(out) != "a: ${A}\nb: 1\nc: 1\n" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestPut(t *testing.T) {
	shared := map[string]any{"x": int64(1)}
	tree := map[string]any{"a": shared, "b": shared, "n": nil, "s": "text"}
	for _, put := range []struct {
		path  []string
		value any
	}{{[]string{"a", "y"}, 2}, {[]string{"n", "z"}, Map{{Key: "k", Value: []any{1, true}}}}, {[]string{"new", "deep"}, "v"}, {[]string{"s"}, nil}} {
		if _, err := Put(tree, put.path, put.value); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]any{
		"a": map[string]any{"x": int64(1), "y": int64(2)}, "b": map[string]any{"x": int64(1), "y": int64(2)},
		"n": map[string]any{"z": map[string]any{"k": []any{int64(1), true}}}, "new": map[string]any{"deep": "v"}, "s": nil,
	}
	if !equal(tree, want) {
		t.Errorf("%v", tree)
	}
	if _, err := Put(map[string]any{"s": "text"}, []string{"s", "x"}, 1); err == nil {
		t.Error("put into a text")
	}
	if got, err := Put(nil, []string{"a"}, 1); err != nil || !equal(got, map[string]any{"a": int64(1)}) {
		t.Errorf("%v, %v", got, err)
	}
}
