package anyscale

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

func TestSpoken(t *testing.T) {
	for pointer, want := range map[string]string{
		"": "", "/cloud": "cloud", "/worker_nodes/1/min_nodes": "worker_nodes[1].min_nodes", "/configs/0/head_node": "configs[0].head_node",
		"/labels/ray.io~1a~0b": "labels.ray.io/a~b", "/0": "[0]",
	} {
		if got := spoken(pointer); got != want {
			t.Errorf("%s: %q, not %q", pointer, got, want)
		}
	}
	if got := within("/a/b"); got != " in a.b" {
		t.Errorf("%q", got)
	}
	if got := step("a/b~c"); got != "/a~1b~0c" || unstep(got[1:]) != "a/b~c" {
		t.Errorf("%q", got)
	}
}

func TestShorten(t *testing.T) {
	long := strings.Repeat("ü", 100)
	if got := shorten(long); len([]rune(got)) != 60 || !strings.HasSuffix(got, "...") {
		t.Errorf("%q", got)
	}
	if got := shorten("short"); got != "short" {
		t.Errorf("%q", got)
	}
}

func TestPhrase(t *testing.T) {
	for _, c := range []struct {
		want  any
		words string
	}{
		{"string", "a string"}, {[]any{"string", "null"}, "a string"}, {[]any{"string", "integer", "null"}, "a string or a whole number"},
		{[]any{"a", "b"}, " or "}, {nil, ""}, {[]any{"null"}, "null"}, {[]any{"object", "array", "boolean"}, "a mapping, a list or true or false"},
	} {
		if got := phrase(wanted(c.want)); got != c.words {
			t.Errorf("%v: %q, not %q", c.want, got, c.words)
		}
	}
}

func TestQuotedForAShell(t *testing.T) {
	for word, want := range map[string]string{
		"cc:1": "cc:1", "a b": "'a b'", "": "''", "$(rm)": "'$(rm)'", "it's": `'it'\''s'`, "ü": "'ü'", "a/b@c.d-e_f": "a/b@c.d-e_f",
	} {
		if got := quoted(word); got != want {
			t.Errorf("%q: %s, not %s", word, got, want)
		}
	}
}

func TestKeyOnly(t *testing.T) {
	p := finding.Place{Text: "  gräße: geheim", Column: 3, Length: len("gräße")}
	if got := keyOnly(p); got.Text != "  gräße" {
		t.Errorf("%q", got.Text)
	}
	p = finding.Place{Text: "ab", Column: 9, Length: 100}
	if got := keyOnly(p); got.Text != "ab" {
		t.Errorf("%q", got.Text)
	}
}

func TestQuantity(t *testing.T) {
	for text, want := range map[string]string{
		"8Gi": "8589934592", "1": "1", "1k": "1000", "1K": "1000", "1Ki": "1024", "1M": "1000000", "0.5Gi": "536870912", ".5Ki": "512", "1e3": "1000",
		"1E": "1000000000000000000", "1e3k": "1000000", "1_000": "1000", " 8Mi": "8388608", "-1Gi": "-1073741824", "1500m": "1", "1n": "0", "1ni": "1073741824e-27",
	} {
		got, ok := quantity(text)
		if text == "1ni" { // far below a byte
			want = "0"
		}
		if !ok || got.String() != want {
			t.Errorf("%q: %v %v, not %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "Gi", "8GB", "8ki", "8i", "8 Gi x", "abc", "1e9999", "0x10", "NaN", "Infinity", "1.2.3", "8gi"} {
		if got, ok := quantity(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}
