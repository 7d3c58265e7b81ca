package document

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

// TestFindings holds broken and doubtful texts to their first finding: its code, place and words.
func TestFindings(t *testing.T) {
	tests := []struct {
		name, text   string
		code         finding.Code
		line, column int
		under        string // what is underlined
		message      string // a part of it
	}{
		{"empty", "", finding.ConfigEmpty, 0, 0, "", "the input is empty"},
		{"blank", " \n\n", finding.ConfigEmpty, 0, 0, "", "the input is empty"},
		{"byte order mark only", "\ufeff", finding.ConfigEmpty, 0, 0, "", "the input is empty"},
		{"comments only", "# a\n# b\n", finding.ConfigEmpty, 0, 0, "", "comments only"},
		{"UTF-16 with mark", "\xff\xfea\x00:\x00", finding.ConfigEncoding, 1, 1, "", "UTF-16"},
		{"UTF-16 without mark", "\x00a\x00:\x00 ", finding.ConfigEncoding, 1, 1, "", "UTF-16"},
		{"NUL", "a: 1\nb: x\x00y\n", finding.ConfigEncoding, 2, 5, "\x00", "U+0000"},
		{"ESC", "a: \x1b[1m\n", finding.ConfigEncoding, 1, 4, "\x1b", "U+001B"},
		{"DEL", "a: \x7f\n", finding.ConfigEncoding, 1, 4, "\x7f", "U+007F"},
		{"C1", "a: é\u0080\n", finding.ConfigEncoding, 1, 5, "\u0080", "U+0080"},
		{"U+FFFF", "a: \uffff\n", finding.ConfigEncoding, 1, 4, "\uffff", "U+FFFF"},
		{"invalid UTF-8", "a: é\nb: \xe9\n", finding.ConfigEncoding, 2, 4, "\xe9", "0xe9 is not UTF-8"},
		{"half a surrogate pair", `a: "\ud83d x"`, finding.ConfigEncoding, 1, 4, `"\ud83d x"`, "surrogate"},

		{"tab on line 1", "\ta: 1\n", finding.ConfigSyntax, 1, 1, "\t", "tab in the indentation"},
		{"tab in the indentation", "a:\n  b: 1\n  \tc: 2\n", finding.ConfigSyntax, 3, 3, "\t", "tab in the indentation"},
		{"tab after the colon", "a:\t1\n", finding.ConfigSyntax, 1, 3, "\t", "tab between words"},
		{"tab at the end", "a: g4dn.2xlarge\t\nb: 1\n", finding.ConfigSyntax, 1, 16, "\t", "tab at the end of the line"},
		{"tab in JSON", "{\n\t\"a\": 1}\n", finding.ConfigSyntax, 2, 1, "\t", "tab in the indentation"},
		{"no space after the colon", "a: 1\ninstance_type:n2-standard-8\nb: 1\n", finding.ConfigSyntax, 2, 14, ":", "no space after the colon"},
		{"no space after the dash", "a:\n- b\n-c\nd: 1\n", finding.ConfigSyntax, 3, 1, "-", "no space after the dash"},
		{"no colon", "a: 1\nb\nc: 2\n", finding.ConfigSyntax, 2, 1, "b", "neither `key: value` nor `- item`"},
		{"no colon at the end", "a: 1\nb", finding.ConfigSyntax, 2, 1, "b", "neither"},
		{"no colon on line 1", "a\nb: 1\n", finding.ConfigSyntax, 1, 1, "a", "no colon"},
		{"quoted key of two lines", "x: 1\n\"a\n b\": 1\n", finding.ConfigSyntax, 2, 1, `"a`, "must end on the line"},
		{"too deep", "a:\n b: 1\n  c: 2\n", finding.ConfigSyntax, 3, 3, "c:", "continues the value on line 2"},
		{"too shallow", "a:\n    b: 1\n  c: 2\n", finding.ConfigSyntax, 3, 3, "c: 2", "does not line up with the mapping that starts on line 1"},
		{"left of the start", "  a: 1\nb: 2\n", finding.ConfigSyntax, 2, 1, "b: 2", "the document has ended"},
		{"second colon", "a: b: c\n", finding.ConfigSyntax, 1, 5, ":", "no key can end here"},
		{"list among keys", "a: 1\n- b\n", finding.ConfigSyntax, 2, 1, "-", "list item among the keys of the mapping that starts on line 1"},
		{"key among items", "- a\nb: 1\n", finding.ConfigSyntax, 2, 1, "b: 1", "does not line up with the list"},
		{"item on the key's line", "a: - b\n", finding.ConfigSyntax, 1, 4, "-", "list item can't start here"},
		{"open single quote", "a: 'x\nb: 1\n", finding.ConfigSyntax, 1, 4, "'", "never closed"},
		{"open double quote at ---", "a: \"x\n---\nb: 1\n", finding.ConfigSyntax, 1, 4, `"`, "not closed before the end of the document"},
		{"text after quotes", "a: 'it's'\n", finding.ConfigSyntax, 1, 8, "s'", "text after the end of the value"},
		{"unknown escape", `a: "C:\dir"`, finding.ConfigSyntax, 1, 7, `\d`, "unknown escape"},
		{"short escape", `a: "\u12"`, finding.ConfigSyntax, 1, 5, `\u12`, "cut short"},
		{"escape beyond Unicode", `a: "\U00110000"`, finding.ConfigSyntax, 1, 5, `\U00110000`, "no such character"},
		{"open bracket", "a: [1,\n  2\n", finding.ConfigSyntax, 1, 4, "[", "never closed"},
		{"open brace with keys below", "a: {b: 1\nc: 2\n", finding.ConfigSyntax, 2, 2, ":", "bracket of line 1 is still open"},
		{"wrong bracket", "a: {b: 1]\n", finding.ConfigSyntax, 1, 9, "]", "expected `,` or `}`"},
		{"stray bracket", "a: 1\nb: ]\n", finding.ConfigSyntax, 2, 4, "]", "closes nothing"},
		{"two commas", "a: [b,, c]\n", finding.ConfigSyntax, 1, 7, ",", "expected a value"},
		{"text after brackets", "{a: 1} x\n", finding.ConfigSyntax, 1, 8, "x", "the document has ended"},
		{"unknown anchor", "a: 1\nb: *base\n", finding.ConfigSyntax, 2, 4, "*base", "no anchor &base"},
		{"anchor twice", "a: &x 1\nb: &x 2\n", finding.ConfigSyntax, 2, 4, "&x", "defined twice"},
		{"ring", "a: &x\n  b: *x\n", finding.ConfigSyntax, 2, 6, "*x", "inside the value that it repeats"},
		{"star alone", "a: *.py\n", finding.ConfigSyntax, 1, 4, "*.", "`*` starts an alias"},
		{"at sign", "a: @x\n", finding.ConfigSyntax, 1, 4, "@", "can't start with @"},
		{"back quote", "a: `x`\n", finding.ConfigSyntax, 1, 4, "`", "can't start with `"},
		{"unknown tag", "a: !Ref x\n", finding.ConfigSyntax, 1, 4, "!Ref", "no such tag"},
		{"python tag", "a: !!python/name:os.system x\n", finding.ConfigSyntax, 1, 4, "!!python/name:os.system", "no such tag"},
		{"binary", "a: !!binary aGk=\n", finding.ConfigSyntax, 1, 4, "!!binary", "can't send"},
		{"tag that does not fit", "a: !!int x\n", finding.ConfigSyntax, 1, 4, "!!int", "does not fit"},
		{"equals sign", "a: =\n", finding.ConfigSyntax, 1, 4, "=", "lone ="},
		{"merge as value", "a: <<\n", finding.ConfigSyntax, 1, 4, "<<", "lone <<"},
		{"merge of a scalar", "a: 1\n<<: 2\n", finding.ConfigSyntax, 2, 5, "2", "merges mappings only"},
		{"merge of a list with a scalar", "<<: [{a: 1}, x]\n", finding.ConfigSyntax, 1, 14, "x", "merges mappings only"},
		{"list as key", "[a, b]: 1\n", finding.ConfigSyntax, 1, 1, "[a, b]", "can't be a key"},
		{"mapping as key", "? {a: 1}\n: 2\n", finding.ConfigSyntax, 1, 3, "{a: 1}", "can't be a key"},
		{"no such date", "a: 2024-02-30\n", finding.ConfigSyntax, 1, 4, "2024-02-30", "no such date"},
		{"infinity", "a: .inf\n", finding.ConfigSyntax, 1, 4, ".inf", "can't be sent"},
		{"empty number", "a: 0x_\n", finding.ConfigSyntax, 1, 4, "0x_", "can't read"},
		{"block header", "a: |x\n b\n", finding.ConfigSyntax, 1, 4, "|x", "text after the | or >"},
		{"directive alone", "%YAML 1.1\na: 1\n", finding.ConfigSyntax, 2, 1, "a: 1", "needs a `---`"},
		{"bad directive", "%YAML x\n---\na: 1\n", finding.ConfigSyntax, 1, 1, "%YAML x", "directive"},
		{"YAML 2", "%YAML 2.0\n---\na: 1\n", finding.ConfigSyntax, 1, 1, "%YAML 2.0", "YAML 1 only"},
		{"dots first", "...\na: 1\n", finding.ConfigSyntax, 1, 1, "...", "expected a value"},
		{"after NEL, LS, PS, CR, CRLF", "a: 1\u0085b: 2\u2028c: 3\u2029d: 4\re: 5\r\nf: @\n", finding.ConfigSyntax, 6, 4, "@", "can't start"},
		{"column in characters", "'é😀': @\n", finding.ConfigSyntax, 1, 7, "@", "can't start"},
		{"byte order mark", "\ufeffa: @\n", finding.ConfigSyntax, 1, 4, "@", "can't start"},

		{"key twice", "a: 1\nb:\n  c: 1\n  \"c\": 2\n", finding.ConfigDuplicate, 4, 3, `"c"`, "the key c stands twice"},
		{"key twice in braces", "{a: 1, a: 2}", finding.ConfigDuplicate, 1, 8, "a", "the key a stands twice"},
		{"number twice", "1: a\n0x1: b\n", finding.ConfigDuplicate, 2, 1, "0x1", "stands twice"},
		{"one is true", "1: a\nyes: b\n", finding.ConfigDuplicate, 2, 1, "yes", "stands twice"},
		{"number and its string", "1: a\n'1': b\n", finding.ConfigDuplicate, 2, 1, "'1'", "stands twice"},

		{"Jinja value", "cloud_id: {{env[\"ID\"]}}\nx: 1\n", finding.ConfigTemplate, 1, 11, `{{env["ID"]}}`, "Jinja template"},
		{"Jinja word", "a: {{ x }}\n", finding.ConfigTemplate, 1, 4, "{{ x }}", "Jinja template"},
		{"Jinja statement", "a: 1\n{% if x %}\nb: 1\n{% endif %}\n", finding.ConfigTemplate, 2, 1, "{% if x %}", "Jinja template"},
		{"Jinja behind a comment with Jinja", "# {{ y }}\na: {{ x }}\n", finding.ConfigTemplate, 2, 4, "{{ x }}", "Jinja template"},
		{"Jinja in quotes", "a: 'x {{ y }}'\n", finding.ConfigTemplate, 1, 7, "{{ y }}", "Jinja template"},
		{"variable", "a: b-${CLOUD}\n", finding.ConfigTemplate, 1, 6, "${CLOUD}", "nothing expands variables"},
		{"variable with default in quotes", `a: "\t${CLOUD:-x}"`, finding.ConfigTemplate, 1, 7, "${CLOUD:-x}", "nothing expands"},
		{"variable alone", "a: $CLOUD\n", finding.ConfigTemplate, 1, 4, "$CLOUD", "nothing expands"},
		{"variable for lines", "a: 1\n${workers}\nb: 1\n", finding.ConfigTemplate, 2, 1, "${workers}", "nothing expands"},
		{"variable on line 1", "${workers}\nb: 1\n", finding.ConfigTemplate, 1, 1, "${workers}", "nothing expands"},
		{"variable as key", "${x}: 1\n", finding.ConfigTemplate, 1, 1, "${x}", "nothing expands"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, found := Parse("train.yaml", []byte(test.text))
			if len(found) == 0 {
				t.Fatal("no finding")
			}
			f := found[0]
			if f.Code != test.code || f.Place.Line != test.line || f.Place.Column != test.column || !strings.Contains(f.Message, test.message) {
				t.Errorf("%d:%d: %s [%s], want %d:%d: %s [%s]", f.Place.Line, f.Place.Column, f.Message, f.Code,
					test.line, test.column, test.message, test.code)
			}
			if test.under != "" && test.text[f.Place.Offset:f.Place.Offset+f.Place.Length] != test.under {
				t.Errorf("underlines %q, want %q", test.text[f.Place.Offset:f.Place.Offset+f.Place.Length], test.under)
			}
			if f.Status != finding.Fail || f.Place.File != "train.yaml" {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestNoFindings lists texts that look odd and are fine for the client.
func TestNoFindings(t *testing.T) {
	for _, text := range []string{
		"a: 1", "---\na: 1\n", "a: 1\n...\n", "%YAML 1.2\n---\na: 1\n", "\ufeffa: 1\n", "{\"a\": 1}", "a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r",
		"- a\n- b\n", "a:\n- b\nc: 1\n", "a: b#c\n", "a: 'x\n  y'\n", "a: x\n  y\n", "? a\n: b\n", "a: \"\\/\"\n", "[a: b]", "{a, b}", "{a: 1,}",
		"a: &x 1\nb: *x\n", "a: ! x\n", "a: !!str 1\n", "entrypoint: echo ${X}\n", "env_vars:\n  TOKEN: $TOKEN\n  B: '${B}'\n", "a: | \n  ${X} {{ y }}\n",
		"a: 1 # ${X} {{ y }}\n", "a: $1\n", "a: x$y\n", "a: 100$\n", "<<: {a: 1}\nb: 1\n", "<<: {a: 1}\n<<: {b: 1}\n", "=: 1\n", "a: 2024-02-29\n",
		"a: {b:1}\n", "a: {}\nb: []\n", "'': 1\n", "\"\": 1\n", "a: \"\\ud83d\\ude00\"\n", "a: \"x\ty\"\n", "a: |\n  \tx\n",
	} {
		if _, found := Parse("x", []byte(text)); len(found) > 0 {
			t.Errorf("%q: %d:%d: %s", text, found[0].Place.Line, found[0].Place.Column, found[0].Message)
		}
	}
}

func TestDuplicateTellsBothPlaces(t *testing.T) {
	_, found := Parse("x", []byte("aws:\n  A: 1\nb: 1\naws: {}\naws:\n"))
	if len(found) != 2 {
		t.Fatalf("%d findings, want 2", len(found))
	}
	for _, f := range found {
		if !strings.Contains(f.Details[0], "line 1, column 1") {
			t.Errorf("details %q", f.Details)
		}
	}
}

func TestSeveralFindingsInOrder(t *testing.T) {
	d, found := Parse("x", []byte("a: ${A}\nb: !x 1\na: =\n"))
	if d == nil {
		t.Fatal("no document to go on with")
	}
	var lines []int
	for _, f := range found {
		lines = append(lines, f.Place.Line)
	}
	if len(lines) != 4 || lines[0] != 1 || lines[1] != 2 || lines[2] != 3 || lines[3] != 3 {
		t.Errorf("findings on lines %v", lines)
	}
}

func TestDocuments(t *testing.T) {
	tests := []struct {
		text    string
		roots   int
		markers []int // lines of ---, 0 for none
	}{
		{"a: 1\n", 1, []int{0}},
		{"---\na: 1\n", 1, []int{1}},
		{"a: 1\n---\nb: 2\n", 2, []int{0, 2}},
		{"a: 1\n---\n", 2, []int{0, 2}},
		{"---\n---\n", 2, []int{1, 2}},
		{"# c\n--- # x\na: 1\n...\n# d\n---\nb: 1\n...\n", 2, []int{2, 6}},
		{"a: |\n  ---\n  x\n", 1, []int{0}},
		{"a: 1\n... \n", 1, []int{0}},
	}
	for _, test := range tests {
		d, found := Parse("x", []byte(test.text))
		if len(found) > 0 || len(d.Roots) != test.roots {
			t.Errorf("%q: %d documents, findings %v", test.text, len(d.Roots), found)
			continue
		}
		for i, line := range test.markers {
			place, ok := d.Marker(i)
			if ok != (line > 0) || place.Line != line {
				t.Errorf("%q: marker %d on line %d, want %d", test.text, i, place.Line, line)
			}
		}
	}
}
