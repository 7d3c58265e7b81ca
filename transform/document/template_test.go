package document

import (
	"strings"
	"testing"
)

const jinja = `# {{ a comment }}
cloud_id: {{env["ANYSCALE_CLOUD_ID"]}}
region: us-west-2
{% if gpu %}
head_node_type:
  name: "head-{{ name }}"
  instance_type: {{ type }}.large   # {{ why }}
{% endif %}
${worker_lines}
{{ workers }}
aws:
  Tags: [{Key: a, Value: {{ tag }}}, ${TAG}]
{# a
   comment #}
`

func TestParseTemplate(t *testing.T) {
	if _, found := Parse("x", []byte(jinja)); len(found) != 1 || found[0].Place.Line != 2 {
		t.Fatalf("%v", found)
	}
	d, found := ParseTemplate("x", []byte(jinja))
	if len(found) > 0 {
		t.Fatalf("%d:%d %s", found[0].Place.Line, found[0].Place.Column, found[0].Message)
	}
	root := d.Roots[0]
	tests := []struct {
		pointer, text string
		templated     bool
		line, column  int
	}{
		{"/cloud_id", `{{env["ANYSCALE_CLOUD_ID"]}}`, true, 2, 11},
		{"/region", "us-west-2", false, 3, 9},
		{"/head_node_type/name", "head-{{ name }}", true, 6, 9},
		{"/head_node_type/instance_type", "{{ type }}.large", true, 7, 18},
		{"/aws/Tags/0/Value", "{{ tag }}", true, 12, 26},
		{"/aws/Tags/1", "${TAG}", true, 12, 38},
	}
	for _, test := range tests {
		n := root.At(test.pointer)
		text, _ := n.Text()
		p := n.Place()
		if text != test.text || n.Templated() != test.templated || p.Line != test.line || p.Column != test.column {
			t.Errorf("%s: %q, templated %v, at %d:%d", test.pointer, text, n.Templated(), p.Line, p.Column)
		}
	}
}

func TestSetInTemplate(t *testing.T) {
	d, _ := ParseTemplate("x", []byte(jinja))
	out := checkSet(t, d, d.Roots[0], []string{"aws", "IamInstanceProfile"}, profile)
	want := strings.Replace(jinja, ", ${TAG}]\n", ", ${TAG}]\n  IamInstanceProfile:\n    Arn: "+testARN+"\n", 1)
	if string(out) != want {
		t.Errorf("%s", out)
	}
}

func TestTemplatesThatCantBeRead(t *testing.T) {
	for _, text := range []string{"", "a: [\n", "a: {{ x\n", "a: 1\nb: {{ x }} {{ y }}: 2\n"} {
		if _, found := ParseTemplate("x", []byte(text)); len(found) == 0 {
			t.Errorf("%q was read", text)
		}
	}
}

func TestMaskKeepsEveryPosition(t *testing.T) {
	for _, text := range []string{jinja, "a: {{\r\n x\u2028}}\n{% é %}", "${A}${B:-c d}", "{{{{ }} }}", "{# {{ #} }}", "{{", "}}", "{%%}"} {
		masked := mask([]byte(text), expressionsIn([]byte(text)))
		if len(masked) != len(text) {
			t.Fatalf("%q: %d bytes became %d", text, len(text), len(masked))
		}
		before, after := lineStarts([]byte(text)), lineStarts(masked)
		if len(before) != len(after) {
			t.Errorf("%q: %d lines became %d", text, len(before), len(after))
		}
	}
}

func TestKeysOfTemplatesMayRepeat(t *testing.T) {
	text := "{% if a %}\nx: 1\n{% else %}\nx: 2\n{% endif %}\n{{ k1 }}: 1\n{{ k2 }}: 2\n"
	if _, found := ParseTemplate("x", []byte(text)); len(found) > 0 {
		t.Errorf("%d:%d %s", found[0].Place.Line, found[0].Place.Column, found[0].Message)
	}
	if _, found := ParseTemplate("x", []byte("x: 1\nx: {{ y }}\n")); len(found) != 1 {
		t.Errorf("findings %v", found)
	}
}

func TestTemplatesInBlocksOfText(t *testing.T) {
	d, found := ParseTemplate("x", []byte("a: |\n  one {{ x }} {{y}}\n  {% if z %}\n  xxxx\nb: >-\n  {{ b }}\n  c\n"))
	if len(found) > 0 {
		t.Fatal(found)
	}
	if got, _ := d.Roots[0].Get("a").Text(); got != "one {{ x }} {{y}}\n{% if z %}\nxxxx\n" {
		t.Errorf("%q", got)
	}
	if got, _ := d.Roots[0].Get("b").Text(); got != "{{ b }} c" {
		t.Errorf("%q", got)
	}
}

// TestHiddenExpressions shows which expressions are read as comments: # in the masked text, not x.
func TestHiddenExpressions(t *testing.T) {
	for text, want := range map[string]string{
		"{% if a %}\nb: 1\n  {% endif %}  \n":     "##########\nb: 1\n  ###########  \n",
		"{% if a %}{% if b %}\nc: 1\n":            "####################\nc: 1\n",
		"a: {% if b %}c{% else %}d{% endif %}\n":  "a: xxxxxxxxxxcxxxxxxxxxxdxxxxxxxxxxx\n",
		"a: {% if b %}\n  c: 1\n{% endif %}\n":    "a: ##########\n  c: 1\n###########\n",
		"a: b {# c #}\nd: {# e #} f\n":            "a: b #######\nd: xxxxxxx f\n",
		"{{ a }}\nb: {{ c }} {# d #} {# e #}\n":   "#######\nb: xxxxxxx ####### #######\n",
		"a: b{% set c = 1 %}\n{% set d = 1 %}\n":  "a: bxxxxxxxxxxxxxxx\n###############\n",
		"a: {% endif %}b{% if c %}\n":             "a: ###########b##########\n",
		"a: {% else %}b{% if c %}d{% endif %}e\n": "a: ##########b##########d###########e\n",
	} {
		d := &Document{Src: []byte(text), holes: expressionsIn([]byte(text))}
		d.hide()
		if got := string(mask(d.Src, d.holes)); got != want {
			t.Errorf("%q\n%q, want\n%q", text, got, want)
		}
	}
}

// TestLinesInTemplates: what is added to a mapping stands in the branch in which the mapping does, and below the
// expressions that may give more of it.
func TestLinesInTemplates(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\n{% if b %}\nc: 1\n{% endif %}\n# d\n":             "a: 1\n{% if b %}\nc: 1\n{% endif %}\nk: v\n# d\n",
		"a: 1\n{% if b %}\nc: 1\n{% elif e %}\n{% endif %}":      "a: 1\n{% if b %}\nc: 1\n{% elif e %}\n{% endif %}\nk: v",
		"a: 1\n{% if b %}\n{{ c }}\n{% endif %}\n":               "a: 1\n{% if b %}\n{{ c }}\n{% endif %}\nk: v\n",
		"a: 1\n{% if b %}\n# c\n{% endif %}\n":                   "a: 1\nk: v\n{% if b %}\n# c\n{% endif %}\n",
		"a: 1\n\n# c\n{{ d }}\n\n# e\n":                          "a: 1\n\n# c\n{{ d }}\nk: v\n\n# e\n",
		"a:\n${B}\n":                                             "a:\n${B}\nk: v\n",
		"{% set x %}\na: 1\n{% endset %}\n":                      "{% set x %}\na: 1\n{% endset %}\nk: v\n",
		"{% set x = 1 %}\na: 1\n{% include y %}\n{% endfor %}\n": "{% set x = 1 %}\na: 1\nk: v\n{% include y %}\n{% endfor %}\n",
		"{a: 1{% if b %}, c: 1{% endif %}}\n":                    "{a: 1{% if b %}, c: 1{% endif %}, k: v}\n",
	} {
		d, found := ParseTemplate("x", []byte(text))
		if len(found) > 0 {
			t.Fatalf("%q: %s", text, found[0].Message)
		}
		if out := checkSet(t, d, d.Roots[0], []string{"k"}, "v"); string(out) != want {
			t.Errorf("%q\n%q, want\n%q", text, out, want)
		}
	}
	for text, want := range map[string]string{
		"{% if b %}\na:\n  c: 1\n{% else %}\n":             "inside a statement",
		"a: 1\n{%- for b in c -%}\nd: 1\n{%- endfor -%}\n": "takes away the line break",
	} {
		d, _ := ParseTemplate("x", []byte(text))
		if _, err := d.Roots[0].Set([]string{"k"}, "v"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestStatementsStay(t *testing.T) {
	d, _ := ParseTemplate("x", []byte("a: 1\nb:\n  {% if c %}\n  d: {{ e }}\n{% endif %}\n"))
	edits, err := d.Roots[0].Get("b").Remove()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Apply(edits, map[string]any{"a": int64(1)}); err == nil || !strings.Contains(err.Error(), "statements") {
		t.Errorf("half a branch is taken out: %v", err)
	}
}
