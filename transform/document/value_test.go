package document

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
	yaml3 "sigs.k8s.io/yaml/goyaml.v3"
)

// mustParse parses a text that has nothing wrong with it.
func mustParse(t *testing.T, text string) *Document {
	t.Helper()
	d, found := Parse("test.yaml", []byte(text))
	if len(found) > 0 {
		t.Fatalf("%q: %d:%d: %s", text, found[0].Place.Line, found[0].Place.Column, found[0].Message)
	}
	return d
}

// TestScalarsAsPyYAML holds the values to a table that PyYAML itself wrote.
func TestScalarsAsPyYAML(t *testing.T) {
	table, err := os.ReadFile("testdata/pyyaml-scalars.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		rows++
		columns := strings.SplitN(line, "\t", 3)
		var text string
		if err := json.Unmarshal([]byte(columns[0]), &text); err != nil {
			t.Fatal(err)
		}
		if got := kindAndValue(t, "a: "+text+"\n"); got != columns[1]+"\t"+columns[2] && !(columns[1] == "refused" && strings.HasPrefix(got, "refused")) {
			t.Errorf("%s: PyYAML reads %s, we %s", text, strings.Join(columns[1:], " "), got)
		}
	}
	if rows < 200 {
		t.Errorf("only %d rows", rows)
	}
}

// kindAndValue spells the value of the key a as the table does.
func kindAndValue(t *testing.T, text string) string {
	t.Helper()
	d, found := Parse("x", []byte(text))
	if len(found) > 0 {
		return "refused\t" + found[0].Message
	}
	n := d.Roots[0].Get("a")
	if n.IsDate() {
		return "date\t"
	}
	switch v := n.Value().(type) {
	case nil:
		return "null\t"
	case bool:
		return "bool\t" + strconv.FormatBool(v)
	case int64:
		return "int\t" + strconv.FormatInt(v, 10)
	case json.Number:
		return "int\t" + v.String()
	case float64:
		return "float\t" + pythonFloat(v)
	case string:
		return "str\t" + pythonJSON(v)
	default:
		for _, e := range n.Entries() {
			if e.KeyNode.IsDate() {
				return "date\t"
			}
		}
		return "json\t" + pythonJSON(v)
	}
}

// pythonFloat spells a float as Python's repr does, for the table's sizes.
func pythonFloat(f float64) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// pythonJSON spells a value as Python's json.dumps does.
func pythonJSON(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	var out strings.Builder
	text := strings.TrimSpace(b.String())
	inString := false
	for i, r := range text {
		switch {
		case r == '"' && (i == 0 || text[i-1] != '\\'):
			inString = !inString
			out.WriteRune(r)
		case !inString && (r == ':' || r == ','):
			out.WriteString(string(r) + " ")
		case r > 0xFFFF:
			r -= 0x10000
			out.WriteString(`\u` + strconv.FormatInt(0xD800+int64(r>>10), 16) + `\u` + strconv.FormatInt(0xDC00+int64(r&0x3FF), 16))
		case r > 0x7E:
			out.WriteString(`\u` + strconv.FormatInt(0x10000+int64(r), 16)[1:])
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func TestValueOfCollections(t *testing.T) {
	d := mustParse(t, `
base: &base
  image: a
  disks: [1, 2]
worker:
  <<: *base
  image: b
list:
- *base
- <<: [{x: 1}, {x: 2, y: 3}]
1: one
no: two
`)
	want := map[string]any{
		"base":   map[string]any{"image": "a", "disks": []any{int64(1), int64(2)}},
		"worker": map[string]any{"image": "b", "disks": []any{int64(1), int64(2)}},
		"list":   []any{map[string]any{"image": "a", "disks": []any{int64(1), int64(2)}}, map[string]any{"x": int64(1), "y": int64(3)}},
		"1":      "one", "false": "two",
	}
	if diff := cmp.Diff(want, d.Roots[0].Value()); diff != "" {
		t.Error(diff)
	}
}

// TestInsertedStringsReadEverywhere writes strings and reads them with the three readers that a config may meet.
func TestInsertedStringsReadEverywhere(t *testing.T) {
	words := []string{testARN, "ml-train", "y", "no", "On", "null", "~", "012", "1e3", "1:30", "0o7", "0x1f", "=", "<<", "2012-10-17", "a: b", "a #b", "a#b",
		" lead", "trail ", "", "-", "- x", "?", "*x", "&x", "!x", "@x", "%x", "`x", "'x'", `"x"`, `\x`, "é", "tab\there", "line\nbreak", "{x}", "[x", "a,b", "x:", ":x",
		"a:b", "NaN", ".inf", "_", "1_000", "+1", "true", "\u0085", "\u2028", "\ufeff", "😀", "<x>", "x=y", "a/b", "/a", "Y", "none", "0", "arn:aws:iam::0:role/="}
	for _, word := range words {
		for _, source := range []string{"a: 1\n", "{a: 1}\n", "{\"a\": 1}\n", "a: 1\nk: 'q'\n", "a: 1\nk: \"q\"\n"} {
			d := mustParse(t, source)
			out := checkSet(t, d, d.Roots[0], []string{"k"}, word)
			if out == nil {
				t.Errorf("%q: not written", word)
				continue
			}
			var v2, v3 struct{ K any }
			if err := yaml.Unmarshal(out, &v2); err != nil || v2.K != any(word) {
				t.Errorf("%q: sigs.k8s.io/yaml reads %#v, %v", out, v2.K, err)
			}
			if err := yaml3.Unmarshal(out, &v3); err != nil || v3.K != any(word) {
				t.Errorf("%q: goyaml.v3 reads %#v, %v", out, v3.K, err)
			}
		}
	}
}
