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
