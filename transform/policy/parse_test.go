package policy

import (
	"strings"
	"testing"
)

// TestProblems: what AWS would refuse is found with its place, and what can't be understood is unknown, not empty.
func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, text    string
		line, column  int
		message       string
		broken        bool
		unknownInside bool
	}{
		{"trailing comma in a list", "{\n  \"Statement\": [\n    {\"Effect\": \"Allow\"},\n  ]\n}", 4, 3, "a comma stands before the closing ]", true, false},
		{"trailing comma in an object", "{\"Version\": \"2012-10-17\",}", 1, 26, "a comma stands before the closing }", true, false},
		{"missing comma", "{\"Version\": \"2012-10-17\"\n \"Statement\": []}", 2, 2, "a comma or } must stand before \"\\\"\"", true, false},
		{"empty", "  \n", 2, 1, "the document is empty", true, false},
		{"cut off", "{\"Statement\": [", 1, 16, "the document ends too early", true, false},
		{"open string", "{\"Statement: []}", 1, 2, "a string is not closed", true, false},
		{"line break in a string", "{\"Statement\": \"a\nb\"}", 1, 17, "a line break or control character stands in a string", true, false},
		{"single quotes", "{'Statement': []}", 1, 2, "a key in double quotes must stand here, not \"'\"", true, false},
		{"bare word", `{"Statement": yes}`, 1, 15, `"y" is not JSON`, true, false},
		{"bad number", `{"Statement": 01}`, 1, 15, `01 is not a number`, true, false},
		{"bad escape", `{"Id": "\x"}`, 1, 9, "a backslash stands before a character that can't be escaped", true, false},
		{"text behind", `{"Statement": []} x`, 1, 19, "there is text after the end of the document", true, false},
		{"not UTF-8", "{\"Id\": \"\xff\"}", 1, 9, "the document is not UTF-8 text", true, false},
		{"a list", `[]`, 1, 1, "a policy must be an object", true, false},
		{"column in characters", `{"Id": "ééé", "Statment": []}`, 1, 15, `a policy has no key "Statment"`, true, false},
		{"no Statement", `{"Version": "2012-10-17"}`, 1, 1, "the policy has no Statement", true, false},
		{"Statement is text", `{"Statement": "x"}`, 1, 15, "Statement must be an object or a list of objects", true, false},
		{"unknown version", `{"Version": "2020-01-01", "Statement": []}`, 1, 13, "AWS has no such policy version", true, false},
		{"Version twice", `{"Version": "2012-10-17", "Version": "2008-10-17", "Statement": []}`, 1, 27, `the key "Version" stands twice`, true, false},
		{"misspelt condition", `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Conditions": {}}]}`, 1, 68, `a statement has no key "Conditions"`, false, true},
		{"case of a key", `{"Statement": {"effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}}`, 1, 16, `a statement has no key "effect"`, false, true},
		{"Effect twice", `{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}`, 1, 34, `the key "Effect" stands twice`, false, true},
		{"no Effect", `{"Statement": {"Action": "*", "Resource": "*"}}`, 1, 15, "the statement has no Effect", false, true},
		{"effect in lower case", `{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}`, 1, 26, "Effect must be Allow or Deny", false, true},
		{"no Action", `{"Statement": {"Effect": "Allow", "Resource": "*"}}`, 1, 15, "the statement has no Action", false, true},
		{"Action and NotAction", `{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "x:y", "Resource": "*"}}`, 1, 63, "a statement can't have both Action and NotAction", false, true},
		{"empty list", `{"Statement": {"Effect": "Allow", "Action": [], "Resource": "*"}}`, 1, 45, "Action is an empty list", false, true},
		{"number for a resource", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": [7]}}`, 1, 63, "Resource must be a string or a list of strings", false, true},
		{"no action", `{"Statement": {"Effect": "Allow", "Action": "GetObject", "Resource": "*"}}`, 1, 45, `"GetObject" is no action`, false, false},
		{"no ARN", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "acme/*"}}`, 1, 62, `a resource must be an ARN or "*"`, false, false},
		{"a statement in text", `{"Statement": ["x"]}`, 1, 16, "a statement must be an object", false, true},
		{"a principal in text", `{"Statement": {"Effect": "Allow", "Principal": "arn:aws:iam::1:root", "Action": "*", "Resource": "*"}}`, 1, 48, `Principal must be "*" or an object`, false, true},
		{"an unknown type of principal", `{"Statement": {"Effect": "Allow", "Principal": {"Aws": "*"}, "Action": "*", "Resource": "*"}}`, 1, 49, `a Principal has no type "Aws"`, false, true},
		{"a wildcard in a principal", `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x*"}, "Action": "*", "Resource": "*"}}`, 1, 56, `"arn:aws:iam::111122223333:role/x*" is no principal`, false, false},
		{"a condition in a list", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": []}}`, 1, 80, "Condition must be an object", false, true},
		{"an operator that AWS lacks", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringIs": {"k": "v"}}}}`, 1, 81, `AWS has no condition operator "StringIs"`, false, false},
		{"an operator twice", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"k": "true"}, "Bool": {"l": "true"}}}}`, 1, 104, `the operator "Bool" stands twice`, false, true},
		{"a key in two cases", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"k": "true", "K": "false"}}}}`, 1, 103, `the key "K" stands twice`, false, true},
		{"a value that is an object", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"k": {}}}}}`, 1, 95, `the value of "k" must be text, a number or a boolean`, false, true},
		{"a value that can't be compared", `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"k": "ten"}}}}`, 1, 104, `"ten" is no value for NumericEquals`, false, false},
	} {
		p := Parse([]byte(c.text))
		if len(p.Problems) == 0 {
			t.Errorf("%s: no problem found", c.name)
			continue
		}
		got := p.Problems[0]
		if got.Line != c.line || got.Column != c.column || got.Message != c.message {
			t.Errorf("%s: %d:%d: %s, want %d:%d: %s", c.name, got.Line, got.Column, got.Message, c.line, c.column, c.message)
		}
		if (p.Broken() != "") != c.broken {
			t.Errorf("%s: broken: %q", c.name, p.Broken())
		}
		if !c.broken && (p.Statements[0].Unknown != "") != c.unknownInside {
			t.Errorf("%s: unknown: %q", c.name, p.Statements[0].Unknown)
		}
		if d := Decide(ask(own), Layers{Identity: policies(c.text)}); d.Verdict == Allowed && (c.broken || c.unknownInside) {
			t.Errorf("%s: allowed by what can't be understood", c.name)
		}
		if d := Decide(ask(own), Layers{Identity: policies(doc(allowAll), c.text)}); d.Verdict == Allowed && (c.broken || c.unknownInside && p.Statements[0].Effect != Allow) {
			t.Errorf("%s: a Deny that can't be understood may match: %v", c.name, d.Verdict)
		}
	}
}

func TestParseReadsEverything(t *testing.T) {
	p := Parse([]byte("\ufeff" + `{
  "Version": "2012-10-17", "Id": "x",
  "Statement": {
    "Sid": "One", "Effect": "Deny",
    "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:role/a", "111122223333"], "Service": "ec2.amazonaws.com"},
    "NotAction": ["s3:Get*"], "NotResource": "arn:aws:s3:::b\/*é😀",
    "Condition": {"NumericLessThan": {"k": 5}, "Bool": {"aws:SecureTransport": [true, "false"]}}
  }
}`))
	if len(p.Problems) != 0 || p.Broken() != "" || p.Version != "2012-10-17" || p.ID != "x" || len(p.Statements) != 1 {
		t.Fatalf("%+v", p)
	}
	s := p.Statements[0]
	if s.Sid != "One" || s.Effect != Deny || s.Line != 3 || s.Column != 16 || s.Unknown != "" {
		t.Errorf("%+v", s)
	}
	if len(s.NotPrincipals) != 3 || s.NotPrincipals[1] != (Principals{"AWS", "111122223333", 5}) || s.Principals != nil {
		t.Errorf("principals %+v", s.NotPrincipals)
	}
	if s.Resources[0] != "arn:aws:s3:::b/*é😀" || s.Actions[0] != "s3:Get*" || !s.body.notAction || !s.body.notResource {
		t.Errorf("%+v", s)
	}
	if c := s.body.conditions; len(c) != 2 || c[0].texts[0] != "5" || c[1].texts[0] != "true" || c[1].texts[1] != "false" {
		t.Errorf("conditions %+v", c)
	}
}

func TestEscapes(t *testing.T) {
	for text, want := range map[string]string{
		`"a\"\\\/\b\f\n\r\t"`: "a\"\\/\b\f\n\r\t", `"\u0041\u00e9\u00E9"`: "Aéé", `"\ud83d\ude00x"`: "😀x", `"\ud83dx"`: "\ufffdx",
	} {
		if v, bad := readJSON(text); bad != nil || v.text != want {
			t.Errorf("%s: %q %v, want %q", text, v.text, bad, want)
		}
	}
	for _, text := range []string{`"\u12"`, `"\u12g4"`, `"\u"`, `"\`, `"a\qb"`, "\"a\\n\x01\"", `"\u+123"`} {
		if _, bad := readJSON(text); bad == nil {
			t.Errorf("%s is no JSON", text)
		}
	}
}

func TestHintsSayWhatWasMeant(t *testing.T) {
	for text, want := range map[string]string{
		`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Conditions": {}}}`: `write "Condition"`,
		`{"Statement": {"effect": "Allow", "Action": "*", "Resource": "*"}}`:                   `write "Effect"`,
		`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",}}`:                  `delete the comma`,
		`{"Statement": {"Effect": "Allow", "Actoin": "*", "Resource": "*"}}`:                   `AWS refuses keys that it does not know`,
	} {
		if got := Parse([]byte(text)).Problems[0].Hint; got != want {
			t.Errorf("%s: hint %q, want %q", text, got, want)
		}
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	if p := Parse([]byte(strings.Repeat("[", 1_000_000))); p.Broken() == "" {
		t.Error("a million brackets are no policy")
	}
}

func TestVersions(t *testing.T) {
	body := `"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::acme/${k}/*"}}`
	r := ask(own)
	r.Context.Set("k", ExactValue("models"))
	for text, want := range map[string]Verdict{
		`{"Version":"2012-10-17",` + body: Allowed,
		`{"Version":"2008-10-17",` + body: ImplicitDeny,
		`{` + body:                        ImplicitDeny,
	} {
		if d := Decide(r, Layers{Identity: policies(text)}); d.Verdict != want {
			t.Errorf("%s: %v, want %v", text, d.Verdict, want)
		}
	}
}
