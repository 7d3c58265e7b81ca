package document

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ccx/transform/finding"
)

// hostile returns texts made to cost a reader time, memory or its stack, by how large they are to be.
func hostile(size int) map[string]string {
	rep := func(s string) string { return strings.Repeat(s, size/len(s)) }
	return map[string]string{
		"brackets":                 rep("["),
		"closed brackets":          rep("[") + rep("]"),
		"braces":                   rep("{a: "),
		"dashes":                   rep("- "),
		"deep block":               deepBlock(size),
		"keys":                     manyKeys(size),
		"keys in braces":           "{" + rep("a, ") + "}",
		"one key again and again":  rep("a: 1\n"),
		"numbers":                  rep("- 12345678\n"),
		"one number":               "a: " + rep("9"),
		"one float":                "a: 0." + rep("9"),
		"sexagesimal":              "a: 1" + rep(":1"),
		"plain words":              "a: " + rep("x "),
		"plain lines":              "a: " + rep("x\n  "),
		"quotes":                   `a: "` + rep(`\x41\`+"\n ") + `"`,
		"open quote":               `a: "` + rep("x "),
		"surrogates":               `a: "` + rep(`\ud83d`) + `"`,
		"literal":                  "a: |\n" + rep("  x\n"),
		"blank lines":              "a: 1\n" + rep("\n"),
		"blank lines in a literal": "a: |+\n  x\n" + rep("\n"),
		"comments":                 rep("# x\n") + "a: 1\n",
		"documents":                rep("---\n"),
		"colons":                   rep(": "),
		"question marks":           rep("? "),
		"lists in lists":           rep("[a],"),
		"commas":                   "[" + rep("a,"),
		"deep and wide":            strings.Repeat("[", 300) + rep("a,"),
		"lists as keys":            "{" + rep("[a]: b, ") + "}",
		"lists as keys, on lines":  rep("[a]: b\n"),
		"Jinja":                    rep("a: '{{ x }}'\n"),
		"open Jinja":               "a: '" + rep("{{ ") + "'\n",
		"open statements":          rep("{% "),
		"branches":                 rep("{% if a %}\n") + "a: 1\n",
		"branches on one line":     "a: " + rep("{% if a %}b{% endif %}") + "\n",
		"comments on one line":     "a: b " + rep("{# c #} ") + "\n",
		"no values in a template":  "{% if a %}\n" + rep("- \n# {{ b }}\n"),
		"variables":                "- '" + rep("${A}") + "'\n",
		"anchors":                  manyAnchors(size),
		"aliases":                  "a: &a x\nb:\n" + rep("- *a\n"),
		"laughs":                   laughs(size),
		"merged laughs":            mergedLaughs(size),
		"merge chain":              mergeChain(size),
		"alias chain":              aliasChain(size),
		"tags":                     rep("- !!str x\n"),
		"unknown tags":             rep("- !x y\n"),
		"one line of tags":         "[" + rep("!x , "),
		"NELs":                     "a: 1" + rep("\u0085"),
		"byte order marks":         "a: " + rep("\ufeff"),
		"not UTF-8 at the end":     rep("a") + "\xff",
	}
}

func deepBlock(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func manyKeys(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "k%d: v\n", i)
	}
	return b.String()
}

func manyAnchors(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "- &a%d x\n- *a%d\n", i, i)
	}
	return b.String()
}

func laughs(size int) string {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 40; i++ {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	return text
}

func mergedLaughs(size int) string {
	text := "a0: &a0 {x: 1}\n"
	for i := 1; i < 40; i++ {
		text += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d], k%d: 1}\n", i, i, i-1, i-1, i)
	}
	return text
}

func mergeChain(size int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 {x: 1}\n")
	for i := 1; b.Len() < size; i++ {
		fmt.Fprintf(&b, "a%d: &a%d {<<: *a%d, k%d: 1}\n", i, i, i-1, i)
	}
	return b.String()
}

func aliasChain(size int) string {
	var b strings.Builder
	b.WriteString("- &a0 [x]\n")
	for i := 1; b.Len() < size; i++ {
		fmt.Fprintf(&b, "- &a%d [*a%d]\n", i, i-1)
	}
	return b.String()
}

// TestHostile reads each text at two sizes and uses what comes of it: no panic, and ten times the text takes not much
// more than ten times as long, where what is quadratic would take a hundred times. What counts is the time on the
// processor, so that a busy machine makes no difference, and the best of three.
func TestHostile(t *testing.T) {
	const small, large = 25_000, 250_000
	quick := hostile(small)
	for name, text := range hostile(large) {
		t.Run(name, func(t *testing.T) {
			var one, ten time.Duration
			for range 3 {
				one, ten = useAll(t, quick[name]), useAll(t, text)
				if ten <= 20*one+100*time.Millisecond {
					return
				}
			}
			t.Errorf("%v for 25 kB, %v for 250 kB", one, ten)
		})
	}
}

// useAll reads a text and asks everything of it, and returns how long that took.
func useAll(t *testing.T, text string) time.Duration {
	t.Helper()
	start := processorTime()
	for _, parse := range []func(string, []byte) (*Document, []finding.Finding){Parse, ParseTemplate} {
		d, found := parse("hostile", []byte(text))
		if len(found) > maxFound {
			t.Errorf("%d findings", len(found))
		}
		if d == nil {
			continue
		}
		root := d.Roots[0]
		root.Value()
		root.Entries()
		root.Get("none")
		edits, err := root.Set([]string{"aws", "IamInstanceProfile"}, profile)
		if err == nil {
			if _, err := d.Apply(edits, nil); err == nil {
				t.Error("the value null came out")
			}
		}
	}
	return processorTime() - start
}

// TestLargest reads texts of the largest size, and one byte more. Ten megabytes take not much more than ten times as
// long as one.
func TestLargest(t *testing.T) {
	for _, name := range []string{"keys", "plain words", "deep and wide"} {
		var took [2]time.Duration
		for i, size := range []int{MaxSize / 10, MaxSize - 1000} {
			text := []byte(hostile(size)[name])
			start := processorTime()
			Parse("large", text)
			took[i] = processorTime() - start
		}
		if took[1] > 25*took[0]+time.Second {
			t.Errorf("%s: %v for 1 MB, %v for 10 MB", name, took[0], took[1])
		}
	}
	d, found := Parse("large", make([]byte, MaxSize+1))
	if d != nil || len(found) != 1 || !strings.Contains(found[0].Message, "larger than 10 MB") {
		t.Errorf("%v", found)
	}
}

func TestLimits(t *testing.T) {
	tests := []struct{ name, text, message string }{
		{"depth in brackets", strings.Repeat("[", 401) + strings.Repeat("]", 401), "400 levels"},
		{"depth in blocks", deepBlock(90_000), "400 levels"},
		{"depth through aliases", aliasChain(20_000), "aliases nest"},
		{"laughs", laughs(0), "more than 100000 times"},
		{"merged laughs", mergedLaughs(0), "more than 100000 times"},
		{"digits", "a: " + strings.Repeat("9", maxDigits+1), "can't read"},
	}
	for _, test := range tests {
		_, found := Parse("x", []byte(test.text))
		if len(found) == 0 || !strings.Contains(found[0].Message, test.message) {
			t.Errorf("%s: %v", test.name, found)
		}
	}
	mustParse(t, strings.Repeat("[", 399)+strings.Repeat("]", 399))
	mustParse(t, "a: "+strings.Repeat("9", maxDigits))
}
