package document

import (
	"strings"
	"testing"
)

var profile = Map{{Key: "Arn", Value: testARN}}

// TestSet holds Set to exact outputs: the text's own style, and nothing else touched. P stands for the profile's ARN.
func TestSet(t *testing.T) {
	site := []string{"aws", "IamInstanceProfile"}
	tests := []struct {
		name, pointer string
		path          []string
		value         any
		in, out       string
	}{
		{"at the end", "", site, profile, "a: 1\n", "a: 1\naws:\n  IamInstanceProfile:\n    Arn: P\n"},
		{"no last line break", "", site, profile, "a: 1", "a: 1\naws:\n  IamInstanceProfile:\n    Arn: P"},
		{"no last line break, comment", "", site, profile, "a: 1 # c", "a: 1 # c\naws:\n  IamInstanceProfile:\n    Arn: P"},
		{"CRLF", "", site, profile, "a: 1\r\n", "a: 1\r\naws:\r\n  IamInstanceProfile:\r\n    Arn: P\r\n"},
		{"CR", "", site, profile, "a: 1\r", "a: 1\raws:\r  IamInstanceProfile:\r    Arn: P\r"},
		{"CRLF without the last", "", site, profile, "a: 1\r\nb: 2", "a: 1\r\nb: 2\r\naws:\r\n  IamInstanceProfile:\r\n    Arn: P"},
		{"NEL stays, lines are added with LF", "", []string{"b"}, 1, "a: 1\u0085", "a: 1\u0085b: 1\n"},
		{"byte order mark", "", []string{"b"}, 1, "\ufeffa: 1\n", "\ufeffa: 1\nb: 1\n"},
		{"byte order mark and braces", "", []string{"b"}, 1, "\ufeff{a: 1}", "\ufeff{a: 1, b: 1}"},
		{"before what follows", "/a", []string{"z"}, 1, "a:\n  x: 1\n\n# about b\nb: 2\n", "a:\n  x: 1\n  z: 1\n\n# about b\nb: 2\n"},
		{"behind a comment on the line", "/a", []string{"z"}, 1, "a:\n  x: 1 # c\nb: 2\n", "a:\n  x: 1 # c\n  z: 1\nb: 2\n"},
		{"comment tail", "", []string{"b"}, 1, "a: 1\n# flags:\n  # x: 1\n", "a: 1\nb: 1\n# flags:\n  # x: 1\n"},
		{"step of four", "", site, profile, "a:\n    b: 1\n", "a:\n    b: 1\naws:\n    IamInstanceProfile:\n        Arn: P\n"},
		{"step of one", "", site, profile, "a:\n b: 1\n", "a:\n b: 1\naws:\n IamInstanceProfile:\n  Arn: P\n"},
		{"step from above", "/a/b", site, profile, "a:\n   b:\n      c: 1\n", "a:\n   b:\n      c: 1\n      aws:\n         IamInstanceProfile:\n            Arn: P\n"},
		{"indented root", "", []string{"b"}, 1, "  a: 1\n", "  a: 1\n  b: 1\n"},
		{"in a list item", "/w/0", site, profile, "w:\n- name: x\n  n: 1\n- name: y\n", "w:\n- name: x\n  n: 1\n  aws:\n    IamInstanceProfile:\n      Arn: P\n- name: y\n"},
		{"in an indented list item", "/w/0", []string{"b"}, 1, "w:\n  -   name: x\n", "w:\n  -   name: x\n      b: 1\n"},
		{"before a comment at column 0 between items", "/w/0", []string{"b"}, 1, "w:\n- a: x\n# the second\n- a: y\n", "w:\n- a: x\n  b: 1\n# the second\n- a: y\n"},
		{"behind an unindented list", "", []string{"b"}, 1, "w:\n- a\n- b\n", "w:\n- a\n- b\nb: 1\n"},
		{"behind a literal", "", []string{"b"}, 1, "a: |\n  x\n\n\n", "a: |\n  x\nb: 1\n\n\n"},
		{"behind a literal that keeps", "", []string{"b"}, 1, "a: |+\n  x\n\n\n", "a: |+\n  x\n\n\nb: 1\n"},
		{"literal that ends the text open", "", []string{"b"}, 1, "z: 1\na: |\n  x", "z: 1\nb: 1\na: |\n  x"},
		{"stripped literal that ends the text", "", []string{"b"}, 1, "a: |-\n  x", "a: |-\n  x\nb: 1"},
		{"behind a plain scalar of two lines", "", []string{"b"}, 1, "a: x\n  y # c\n\n", "a: x\n  y # c\nb: 1\n\n"},
		{"behind quotes of two lines", "", []string{"b"}, 1, "a: 'x\ny'\n", "a: 'x\ny'\nb: 1\n"},
		{"before ...", "", []string{"b"}, 1, "---\na: 1\n...\n", "---\na: 1\nb: 1\n...\n"},

		{"into an empty value", "", site, profile, "aws:\nb: 1\n", "aws:\n  IamInstanceProfile:\n    Arn: P\nb: 1\n"},
		{"into an empty value with a comment", "", site, profile, "aws: # none\nb: 1\n", "aws: # none\n  IamInstanceProfile:\n    Arn: P\nb: 1\n"},
		{"into an empty value at the end", "", site, profile, "b: 1\naws:", "b: 1\naws:\n  IamInstanceProfile:\n    Arn: P"},
		{"into an empty value with an anchor", "", site, profile, "aws: &x\n", "aws: &x\n  IamInstanceProfile:\n    Arn: P\n"},
		{"into null", "", site, profile, "aws: null # none\nb: 1\n", "aws: # none\n  IamInstanceProfile:\n    Arn: P\nb: 1\n"},
		{"into ~", "", site, profile, "aws: ~\n", "aws:\n  IamInstanceProfile:\n    Arn: P\n"},
		{"into null on the next line", "", site, profile, "aws:\n  null\nb: 1\n", "aws:\n  IamInstanceProfile:\n    Arn: P\nb: 1\n"},
		{"into null on the next line with a comment", "", site, profile, "aws:\n  null # c\n", "aws:\n  IamInstanceProfile:\n    Arn: P\n   # c\n"},
		{"into {}", "", site, profile, "aws: {}\n", "aws:\n  IamInstanceProfile:\n    Arn: P\n"},
		{"into {} at the end", "", site, profile, "aws: {}", "aws:\n  IamInstanceProfile:\n    Arn: P"},
		{"into { } of two lines", "", site, profile, "aws: {\n}\nb: 1\n", "aws:\n  IamInstanceProfile:\n    Arn: P\nb: 1\n"},
		{"into {} with a comment", "", site, profile, "aws: {\n # c\n}\n", "aws: {IamInstanceProfile: {Arn: P}\n # c\n}\n"},
		{"into {} with a comment at once", "", site, profile, "aws: {# c\n}\n", "aws: {IamInstanceProfile: {Arn: P} # c\n}\n"},
		{"into {} that is all", "", site, profile, "{}\n", "{aws: {IamInstanceProfile: {Arn: P}}}\n"},
		{"into a key with a comment and a block", "/aws", []string{"b"}, 1, "aws: # c\n  # d\n  a: 1\n", "aws: # c\n  # d\n  a: 1\n  b: 1\n"},
		{"beside a commented-out block", "", site, profile, "#aws:\n#  x: 1\na: 1\n", "#aws:\n#  x: 1\na: 1\naws:\n  IamInstanceProfile:\n    Arn: P\n"},

		{"braces", "", site, profile, "{a: 1}\n", "{a: 1, aws: {IamInstanceProfile: {Arn: P}}}\n"},
		{"braces with a last comma", "", []string{"b"}, 1, "{a: 1,}\n", "{a: 1, b: 1,}\n"},
		{"braces with a comment", "", []string{"b"}, 1, "{a: 1 # c\n}\n", "{a: 1, b: 1 # c\n}\n"},
		{"braces with an empty value", "", []string{"b"}, 1, "{a: }\n", "{a: , b: 1 }\n"},
		{"braces with a key alone", "", []string{"b"}, 1, "{a}\n", "{a, b: 1}\n"},
		{"into a key alone", "", []string{"a"}, 1, "{a}\n", "{a: 1}\n"},
		{"into an empty value in braces", "", []string{"a"}, 1, "{a: }\n", "{a: 1 }\n"},
		{"into an empty value in braces, tight", "", []string{"a", "b"}, 1, "{\"a\":}\n", "{\"a\": {\"b\": 1}}\n"},
		{"into null in braces", "", []string{"a", "b"}, 1, "{a: null}\n", "{a: {b: 1}}\n"},
		{"into {} in braces", "", []string{"a", "b"}, 1, "{a: {}}\n", "{a: {b: 1}}\n"},
		{"block value of braces in a block", "", site, profile, "aws: {a: 1}\n", "aws: {a: 1, IamInstanceProfile: {Arn: P}}\n"},
		{"JSON", "", site, profile, `{"a":1}`, `{"a":1, "aws": {"IamInstanceProfile": {"Arn": "P"}}}`},
		{"JSON null", "", site, profile, `{"aws": null}`, `{"aws": {"IamInstanceProfile": {"Arn": "P"}}}`},
		{"JSON {}", "", site, profile, `{"aws": {}}`, `{"aws": {"IamInstanceProfile": {"Arn": "P"}}}`},
		{"JSON of lines", "", site, profile, "{\n  \"a\": 1\n}\n", "{\n  \"a\": 1,\n  \"aws\": {\n    \"IamInstanceProfile\": {\n      \"Arn\": \"P\"\n    }\n  }\n}\n"},
		{"JSON of lines, four, CRLF", "/a", []string{"c"}, 1, "{\r\n    \"a\": {\r\n        \"b\": 1\r\n    }\r\n}", "{\r\n    \"a\": {\r\n        \"b\": 1,\r\n        \"c\": 1\r\n    }\r\n}"},

		{"other ARN", "", site, profile, "aws:\n  IamInstanceProfile:\n    # Arn: old\n    Arn: x # c\n", "aws:\n  IamInstanceProfile:\n    # Arn: old\n    Arn: P # c\n"},
		{"other ARN in single quotes", "", site, profile, "aws:\n  IamInstanceProfile:\n    Arn: 'x'\n", "aws:\n  IamInstanceProfile:\n    Arn: 'P'\n"},
		{"other ARN in double quotes", "", site, profile, "aws:\n  IamInstanceProfile:\n    \"Arn\": \"x\"\n", "aws:\n  IamInstanceProfile:\n    \"Arn\": \"P\"\n"},
		{"Name becomes Arn", "", site, profile, "aws: {IamInstanceProfile: {\"Name\": \"ray-autoscaler-v1\"}}\n", "aws: {IamInstanceProfile: {\"Arn\": \"P\"}}\n"},
		{"Name becomes Arn in a block", "", site, profile, "aws:\n  IamInstanceProfile:\n    Name: x\n  b: 1\n", "aws:\n  IamInstanceProfile:\n    Arn: P\n  b: 1\n"},
		{"Arn and Name become Arn", "", site, profile, "aws:\n  IamInstanceProfile:\n    Name: x\n    Arn: y\n  b: 1\n", "aws:\n  IamInstanceProfile:\n    Arn: P\n  b: 1\n"},
		{"Arn and Name in braces", "", site, profile, "aws: {IamInstanceProfile: {Arn: y, Name: x}}\n", "aws: {IamInstanceProfile: {Arn: P}}\n"},
		{"Name and Arn in braces", "", site, profile, "aws: {IamInstanceProfile: {Name: x, Arn: y}}\n", "aws: {IamInstanceProfile: {Arn: P}}\n"},
		{"a text becomes a mapping", "", site, profile, "aws:\n  IamInstanceProfile: x # c\n", "aws:\n  IamInstanceProfile: # c\n    Arn: P\n"},
		{"a list becomes a mapping", "", site, profile, "aws:\n  IamInstanceProfile:\n  - Arn: x\n  b: 1\n", "aws:\n  IamInstanceProfile:\n    Arn: P\n  b: 1\n"},
		{"a literal becomes a mapping", "", site, profile, "aws:\n  IamInstanceProfile: |\n    x\n  b: 1\n", "aws:\n  IamInstanceProfile:\n    Arn: P\n  b: 1\n"},
		{"a block becomes a text", "", []string{"aws"}, "x", "aws: # c\n  a: 1\n  b: 2\nc: 1\n", "aws: x # c\nc: 1\n"},
		{"a list becomes a text, at the end", "", []string{"aws"}, "x", "c: 1\naws:\n- a\n- b", "c: 1\naws: x"},
		{"it is there", "", site, profile, "aws:\n  IamInstanceProfile: {Arn: 'P'}\n", "aws:\n  IamInstanceProfile: {Arn: 'P'}\n"},
		{"an alias of a text is replaced", "", []string{"b"}, "z", "a: &x x\nb: *x\n", "a: &x x\nb: z\n"},
		{"a tagged text", "", []string{"a"}, "z", "a: !!str x\n", "a: z\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in, want := strings.ReplaceAll(test.in, "'P'", "'"+testARN+"'"), strings.ReplaceAll(test.out, "P", testARN)
			want = strings.ReplaceAll(want, "IamInstance"+testARN+"rofile", "IamInstanceProfile")
			d := mustParse(t, in)
			out := checkSet(t, d, d.Roots[0].At(test.pointer), test.path, test.value)
			if string(out) != want {
				t.Errorf("got  %q\nwant %q", out, want)
			}
			checkAgain(t, out, test.pointer, test.path, test.value)
		})
	}
}

// TestSetShared edits what aliases and merge keys repeat: once, at the target, seen by all.
func TestSetShared(t *testing.T) {
	text := strings.TrimPrefix(aliased, "\n")
	for _, pointer := range []string{"/defaults/aws", "/head/aws", "/workers/0/aws", "/workers/1/aws"} {
		d := mustParse(t, text)
		out := checkSet(t, d, d.Roots[0].At(pointer), []string{"IamInstanceProfile"}, profile)
		want := strings.Replace(text, "    Tags: [a]\n", "    Tags: [a]\n    IamInstanceProfile:\n      Arn: "+testARN+"\n", 1)
		if string(out) != want {
			t.Errorf("%s: %q", pointer, out)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	tests := []struct {
		text string
		path []string
		want string
	}{
		{"aws: x\n", []string{"aws", "b"}, "line 1: a mapping is needed"},
		{"a: 1\naws:\n- x\n", []string{"aws", "b"}, "line 2: a mapping is needed"},
		{"aws: []\n", []string{"aws", "b"}, "line 1: a mapping is needed"},
		{"- x\n", []string{"b"}, "line 1: a mapping is needed"},
		{"? a\n", []string{"a", "b"}, "no colon"},
		{"a: !!str &x 1\n", []string{"a"}, "tag and an anchor"},
		{"a: |\n  x", []string{"b"}, ""},
	}
	for _, test := range tests {
		d := mustParse(t, test.text)
		_, err := d.Roots[0].Set(test.path, "v")
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%q: %v, want %s", test.text, err, test.want)
		}
	}
	d := mustParse(t, "a: 1\n")
	if _, err := d.Roots[0].Set([]string{"b"}, struct{}{}); err == nil {
		t.Error("a struct was written")
	}
	pair := mustParse(t, "a: [b: 1]\n").Roots[0].At("/a/0")
	if _, err := pair.Set([]string{"c"}, 1); err == nil {
		t.Error("a pair without braces was added to")
	}
}

// TestSeveralSets puts a profile in at many sites at once, some of which end at one place.
func TestSeveralSets(t *testing.T) {
	tests := []struct{ in, out string }{
		{"head:\n  aws:\n    a: 1", "head:\n  aws:\n    a: 1\n    P: x\n  P: x\nP: x"},
		{"head:\n  aws:\n    a: 1\n", "head:\n  aws:\n    a: 1\n    P: x\n  P: x\nP: x\n"},
		{"w:\n- aws: {a: 1}\n- aws:\n", "w:\n- aws: {a: 1, P: x}\n  P: x\n- aws:\n    P: x\n  P: x\nP: x\n"},
		{`{"a": {"b": {"c": 1}}}`, `{"a": {"b": {"c": 1, "P": "x"}, "P": "x"}, "P": "x"}`},
	}
	for _, test := range tests {
		d := mustParse(t, test.in)
		root := d.Roots[0]
		draft := root.Draft()
		var edits []Edit
		set := func(n *Node, path ...string) {
			more, err := n.Set(path, "x")
			if err != nil {
				t.Fatal(err)
			}
			edits = append(edits, more...)
			if err := draft.Set(n, path, "x"); err != nil {
				t.Fatal(err)
			}
		}
		everyMapping(d, func(n *Node, _ string) { set(n, "P") })
		if n := root.At("/w/1/aws"); n.IsNull() {
			set(root.At("/w/1"), "aws", "P")
		}
		out, err := d.Apply(edits, draft.Value())
		if err != nil || string(out) != test.out {
			t.Errorf("%v\ngot  %q\nwant %q", err, out, test.out)
		}
	}
}
