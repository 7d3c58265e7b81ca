package document

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

// TestPlaces holds places to the traps of YAML positions: which line, which column, what is underlined.
func TestPlaces(t *testing.T) {
	tests := []struct {
		name, text, pointer string
		line, column        int
		under, whole        string // underlined bytes and the whole line
	}{
		{"plain", "a: b c # d\n", "/a", 1, 4, "b c", "a: b c # d"},
		{"columns are characters", "é: ü\n", "/é", 1, 4, "ü", "é: ü"},
		{"astral characters are one", "'😀😀': x\n", "/😀😀", 1, 7, "x", "'😀😀': x"},
		{"LF", "a: 1\nb: 2\n", "/b", 2, 4, "2", "b: 2"},
		{"CRLF", "a: 1\r\nb: 2\r\n", "/b", 2, 4, "2", "b: 2"},
		{"CR", "a: 1\rb: 2\r", "/b", 2, 4, "2", "b: 2"},
		{"NEL", "a: 1\u0085b: 2\u0085", "/b", 2, 4, "2", "b: 2"},
		{"LS", "a: 1\u2028b: 2", "/b", 2, 4, "2", "b: 2"},
		{"PS in a comment", "a: 1 # x\u2029b: 2", "/b", 2, 4, "2", "b: 2"},
		{"breaks inside quotes", "a: \"x\u2028\n\r\ny\"\nb: 2", "/b", 5, 4, "2", "b: 2"},
		{"byte order mark", "\ufeffa: b\n", "/a", 1, 4, "b", "a: b"},
		{"anchor before the value", "a: &s v\n", "/a", 1, 7, "v", "a: &s v"},
		{"tag before the value", "a: !!str 12\n", "/a", 1, 10, "12", "a: !!str 12"},
		{"alias", "a: &s v\nb: *s\n", "/b", 2, 4, "*s", "b: *s"},
		{"quotes", "a: 'it''s'\n", "/a", 1, 4, "'it''s'", "a: 'it''s'"},
		{"empty value", "a: 1\naws:\nb: 2\n", "/aws", 2, 1, "aws", "aws:"},
		{"empty value with an anchor", "aws: &x\nb: 2\n", "/aws", 1, 1, "aws", "aws: &x"},
		{"empty item", "a:\n-\n- 1\n", "/a/0", 2, 1, "-", "-"},
		{"block mapping", "a:\n  b: 1\n", "/a", 1, 1, "a", "a:"},
		{"block sequence", "a:\n- b\n", "/a", 1, 1, "a", "a:"},
		{"block mapping in a list", "- name: x\n  b: 1\n", "/0", 1, 3, "name", "- name: x"},
		{"block sequence in a list", "- - x\n", "/0", 1, 3, "-", "- - x"},
		{"root", "# c\na: 1\n", "", 2, 1, "a", "a: 1"},
		{"flow mapping", "a: {b: 1,\n  c: 2}\n", "/a", 1, 4, "{b: 1,\n  c: 2}", "a: {b: 1,"},
		{"flow sequence", "a: [ 1 ]\n", "/a", 1, 4, "[ 1 ]", "a: [ 1 ]"},
		{"pair in a list", "a: [b: 1]\n", "/a/0", 1, 5, "b: 1", "a: [b: 1]"},
		{"inside flow", "a: [x, {b: yy}]\n", "/a/1/b", 1, 12, "yy", "a: [x, {b: yy}]"},
		{"value on the next line", "a:\n  b\n", "/a", 2, 3, "b", "  b"},
		{"plain of two lines", "a: b\n  c\nd: 1\n", "/a", 1, 4, "b\n  c", "a: b"},
		{"literal", "a: |\n  x\n\nb: 1\n", "/a", 1, 4, "|\n  x", "a: |"},
		{"merged", "b: &b {x: 1}\nc:\n  <<: *b\n", "/c/x", 1, 11, "1", "b: &b {x: 1}"},
		{"complex keys", "? a\n: b\n", "/a", 2, 3, "b", ": b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := mustParse(t, test.text).Roots[0].At(test.pointer)
			checkPlace(t, test.text, n.Place(), test.line, test.column, test.under, test.whole)
		})
	}
}

func checkPlace(t *testing.T, text string, p finding.Place, line, column int, under, whole string) {
	t.Helper()
	if p.Line != line || p.Column != column || p.Text != whole {
		t.Errorf("%d:%d %q, want %d:%d %q", p.Line, p.Column, p.Text, line, column, whole)
	}
	if got := text[p.Offset : p.Offset+p.Length]; got != under {
		t.Errorf("underlines %q, want %q", got, under)
	}
}

func TestKeyPlace(t *testing.T) {
	text := "a: 1\n\"quoted key\" : x\nc: {d: 2}\n"
	d := mustParse(t, text)
	checkPlace(t, text, d.Roots[0].Get("quoted key").KeyPlace(), 2, 1, `"quoted key"`, `"quoted key" : x`)
	checkPlace(t, text, d.Roots[0].Find("c", "d").KeyPlace(), 3, 5, "d", "c: {d: 2}")
	checkPlace(t, text, d.Roots[0].KeyPlace(), 1, 1, "a", "a: 1")
	var none *Node
	if none.KeyPlace().Known() || none.Place().Known() {
		t.Error("nothing has a place")
	}
}

// TestPlaceOf points at parts of scalars, through quotes, escapes and line breaks.
func TestPlaceOf(t *testing.T) {
	tests := []struct {
		name, text, part string
		line, column     int
		under            string
	}{
		{"plain", "a: arn:aws:iam::1234567890123:x\n", "1234567890123", 1, 17, "1234567890123"},
		{"single quotes", "a: 'arn:<placeholder>'\n", "<placeholder>", 1, 9, "<placeholder>"},
		{"doubled quote", "a: 'it''s <x>'\n", "<x>", 1, 11, "<x>"},
		{"the doubled quote itself", "a: 'it''s'\n", "'", 1, 7, "''"},
		{"double quotes", "a: \"arn:<x>\"\n", "<x>", 1, 9, "<x>"},
		{"after escapes", `a: "\x41\u00e9\U0001F600\ud83d\ude00\t\\<x>"`, "<x>", 1, 41, "<x>"},
		{"an escape", `a: "b\u00e9c"`, "é", 1, 6, `\u00e9`},
		{"a pair of halves", `a: "b\ud83d\ude00c"`, "😀", 1, 6, `\ud83d\ude00`},
		{"next line of a plain scalar", "a: one\n  two <x>\nb: 1\n", "<x>", 2, 7, "<x>"},
		{"next line in quotes", "a: \"one\n\n   two <x>\"\n", "<x>", 3, 8, "<x>"},
		{"after an escaped line break", "a: \"one \\\n   two <x>\"\n", "<x>", 2, 8, "<x>"},
		{"literal", "a: |\n  one\n  two <x>\n", "<x>", 3, 7, "<x>"},
		{"literal with deeper lines", "a: |\n  one\n    two\n  <x> y\n", "<x>", 4, 3, "<x>"},
		{"folded", "a: >-\n  one\n  two\n  <x>\n", "<x>", 4, 3, "<x>"},
		{"CRLF", "a: \"one\r\n   <x>\"\r\n", "<x>", 2, 4, "<x>"},
		{"non-ASCII before", "a: 'é😀<x>'\n", "<x>", 1, 7, "<x>"},
		{"blanks", "a: 'x   y'\n", "   y", 1, 6, "   y"},
		{"whole", "a: abc\n", "abc", 1, 4, "abc"},
		{"anchored", "a: &x abc\n", "bc", 1, 8, "bc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := mustParse(t, test.text).Roots[0].Get("a")
			value, _ := n.Scalar()
			start := strings.Index(value, test.part)
			if start < 0 {
				t.Fatalf("%q has no %q", value, test.part)
			}
			p := n.PlaceOf(start, start+len(test.part))
			checkPlace(t, test.text, p, test.line, test.column, test.under, p.Text)
		})
	}
}

func TestPlaceOfOutOfRange(t *testing.T) {
	root := mustParse(t, "a: abc\nb: {}\nc:\n").Roots[0]
	for _, r := range [][2]int{{-1, 1}, {2, 1}, {0, 4}} {
		if p := root.Get("a").PlaceOf(r[0], r[1]); p != root.Get("a").Place() {
			t.Errorf("%v: %+v", r, p)
		}
	}
	if p := root.Get("b").PlaceOf(0, 1); p != root.Get("b").Place() {
		t.Errorf("collection: %+v", p)
	}
	if p := root.Get("c").PlaceOf(0, 0); p != root.Get("c").Place() {
		t.Errorf("empty: %+v", p)
	}
}

// TestEveryPlaceShowsItsText walks random documents: the bytes that a place underlines must read as the node again.
func TestEveryPlaceShowsItsText(t *testing.T) {
	for _, text := range sampleDocuments(40) {
		d := mustParse(t, text)
		var walk func(n *Node)
		walk = func(n *Node) {
			p := n.Place()
			if p.Offset < 0 || p.Offset+p.Length > len(text) || !strings.Contains(text, p.Text) || p.Line < 1 || p.Column < 1 {
				t.Fatalf("place %+v in %q", p, text)
			}
			if !n.real().isEmpty() && n.real().style != block && n.tree.form != alias {
				checkReads(t, d, n, text[p.Offset:p.Offset+p.Length])
			}
			for _, e := range n.Entries() {
				if s, ok := e.KeyNode.Text(); ok && e.Value.KeyPlace().Line > 0 && !strings.Contains(text[e.Value.KeyPlace().Offset:], s[:1]) {
					t.Fatalf("key %q is not at %+v", s, e.Value.KeyPlace())
				}
				walk(e.Value)
			}
			for _, item := range n.Items() {
				walk(item)
			}
		}
		walk(d.Roots[0])
	}
}

// checkReads checks that a piece of a text reads as the value of n when it stands alone.
func checkReads(t *testing.T, d *Document, n *Node, piece string) {
	t.Helper()
	if n.real().style == literal || n.real().style == folded || n.real().bang || n.real().tagged || strings.Contains(piece, "*") {
		return
	}
	alone, found := Parse("alone", []byte("x: "+piece+"\n"))
	if len(found) > 0 || !equal(alone.Roots[0].Get("x").Value(), n.Value()) {
		t.Fatalf("%q does not read as %#v, in %q", piece, n.Value(), d.Src)
	}
}

func TestLineStarts(t *testing.T) {
	text := []byte("a\nb\rc\r\nd\u0085e\u2028f\u2029g")
	want := []int{0, 2, 4, 7, 10, 14, 18}
	got := lineStarts(text)
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d starts at %d, want %d", i+1, got[i], want[i])
		}
	}
}
