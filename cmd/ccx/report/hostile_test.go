package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"ccx/transform/finding"
)

// hostile is what a config, a policy, a file's name or an AWS answer may hold. Each is put into every place that a report
// shows, and none may act in any format. EVIL marks where such text ends up.
var hostile = []struct{ name, text string }{
	{"clear the screen", "EVIL\x1b[2J\x1b]0;title\x07"},
	{"8-bit control sequence", "EVIL\u009b31m"},
	{"all of C0", "EVIL\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x1a\x7f"},
	{"line breaks of all kinds", "EVIL\n\r\n\r\u0085\u2028\u2029"},
	{"a workflow command", "::error file=EVIL::x"},
	{"a workflow command behind a line break", "EVIL\n::set-output name=a::b\r::stop-commands::t"},
	{"a workflow command behind an indent", "  ::add-mask::EVIL"},
	{"a command of Azure", "##[error]EVIL ###[group] ##vso[task.setvariable variable=x]y ##VSO[x]"},
	{"a message of TeamCity", "EVIL##teamcity[buildStatus status='SUCCESS']"},
	{"percent escapes of a workflow command", "EVIL%0A::error::x%25"},
	{"a SARIF placeholder", "EVIL {0} {1} {{2}}"},
	{"a SARIF link", "[EVIL](https://evil.example/) [x](1) \\[y](2)"},
	{"bidirectional overrides", "EVIL\u202e\u2066\u2069\u200f\u061c"},
	{"zero width", "EVIL\u200b\u200c\u200d\u2060\ufeff\u00ad"},
	{"characters that XML lacks", "EVIL\ufffe\uffff\x0b"},
	{"not UTF-8", "EVIL\xff\xc0\xaf\xed\xa0\x80"},
	{"the end of a CDATA section and an entity", "]]>EVIL&lol;<!ENTITY x SYSTEM \"file:///etc/passwd\">"},
	{"script", "<script>alert('EVIL')</script><img src=x onerror=alert(1)>"},
	{"the end of an attribute", "EVIL\"'><svg/onload=alert(1)>"},
	{"a Markdown table", "EVIL | a | b |\n|---|"},
	{"an escaped pipe", `EVIL \| \\| x`},
	{"a Markdown fence", "```\nEVIL\n```\n# heading\n````"},
	{"a tilde fence", "~~~\nEVIL"},
	{"Markdown of all kinds", "# EVIL *b* _i_ ~~s~~ `c` ![i](https://evil.example/x.png) <https://evil.example>"},
	{"mentions and references", "@EVIL/team #1 GH-1 evil@evil.example www.EVIL.example https://evil.example mailto:evil@evil.example"},
	{"the end of a comment and of details", "--> EVIL </details></summary></code></pre>"},
	{"a formula", "=EVIL+cmd|' /C calc'!A0"},
	{"a very long word", "EVIL" + strings.Repeat("x", 20_000)},
}

// hostileRun has the text wherever text can be.
func hostileRun(text string) Run {
	at := finding.Place{File: text, Line: 2, Column: 3, Offset: 4, Length: 5, Text: "a " + text}
	flag := finding.Place{File: "-p" + text, Column: 4, Offset: 3, Length: 3, Text: "-p " + text}
	f := func(code finding.Code, p finding.Place) finding.Finding {
		return finding.New(code, p, text).WithDetails(text, text).WithHint(text + "\n" + text)
	}
	unsure := finding.Unsure(finding.S3Write, finding.Depends, at, text).WithDetails(text)
	return Run{
		Version: text, Verb: "check", Began: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Exit: 1, Summary: text,
		Facts:   Facts{Source: "snapshot", Snapshot: text, Account: text, Caller: text, Endpoint: text},
		Skipped: []Skipped{{text, text}},
		Outcomes: []Outcome{{
			Name: text, Input: []byte("a\nb " + text + "\nc"), Shape: text, Profile: text, Scope: text, Summary: text, Assumed: []string{text}, Exit: 1,
			Findings: []finding.Finding{
				f(finding.S3Read, at), f(finding.ProfileARN, flag), f(finding.S3Multipart, finding.Place{File: text}), unsure,
				finding.Skip(finding.KMSUse, text), finding.Passed(finding.S3List, text), f(finding.ConfigSite, finding.Place{}),
			},
		}},
	}
}

func TestNothingHostileGetsThrough(t *testing.T) {
	checks := map[string]func(*testing.T, string){
		"text": func(*testing.T, string) {}, "json": safeJSON, "codequality": safeCodeQuality, "sarif": safeSARIF,
		"github": safeGitHub, "junit": safeXML, "markdown": safeMarkdown, "html": safeHTML,
	}
	for _, h := range hostile {
		for _, format := range Formats() {
			t.Run(h.name+"/"+format, func(t *testing.T) {
				got := renderVerbose(t, format, hostileRun(h.text))
				if !strings.Contains(got, "EVIL") {
					t.Error("the text is not there at all, so this proves nothing")
				}
				inert(t, got, format == "github")
				check, ok := checks[format]
				if !ok {
					t.Fatal("no check for this format")
				}
				check(t, got)
			})
		}
	}
}

// renderVerbose renders all that a format can say.
func renderVerbose(t *testing.T, name string, r Run) string {
	t.Helper()
	format, _ := New(name, Text{Verbose: true})
	var b strings.Builder
	if err := format.WriteRun(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// inert holds for text that neither a terminal nor a CI runner acts on.
func inert(t *testing.T, text string, github bool) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("not UTF-8")
	}
	for i, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)) && !isMark(text[i:]) {
			t.Fatalf("%U at %d: %q", r, i, text[max(0, i-40):i])
		}
	}
	if m := regexp.MustCompile(`(?i)##[a-z]*\[`).FindString(text); m != "" {
		t.Errorf("a command of Azure or TeamCity: %s", m)
	}
	for _, line := range strings.Split(text, "\n") {
		rest, begins := strings.CutPrefix(strings.TrimSpace(line), "::")
		if begins && strings.Contains(rest, "::") && !github {
			t.Errorf("a workflow command: %q", line)
		}
	}
}

// isMark lets the variation selector of the warning sign pass; it is a format's own.
func isMark(rest string) bool { return strings.HasPrefix(rest, "\ufe0f") }

// eachString calls back with every string in decoded JSON, keys included.
func eachString(v any, path string, do func(path, s string)) {
	switch v := v.(type) {
	case string:
		do(path, v)
	case []any:
		for _, item := range v {
			eachString(item, path, do)
		}
	case map[string]any:
		for key, item := range v {
			do(path, key)
			eachString(item, path+"/"+key, do)
		}
	}
}

// safeJSON: what a reader decodes is as inert as what stands in the file, and the file may stand within HTML.
func safeJSON(t *testing.T, text string) {
	if strings.ContainsAny(text, "<>&") {
		t.Error("the text could end a script element")
	}
	eachString(decode(t, text), "", func(path, s string) {
		for _, line := range strings.Split(s, "\n") {
			inert(t, line, false)
		}
	})
}

func safeCodeQuality(t *testing.T, text string) {
	safeJSON(t, text)
	for _, issue := range decode(t, text).([]any) {
		if content, has := issue.(map[string]any)["content"]; has {
			onlyFenced(t, at(t, content, "body").(string))
		}
		if strings.Contains(at(t, issue, "description").(string), "\n") {
			t.Error("a description is one line")
		}
	}
}

// safeSARIF reads messages as a viewer does: no brace is single, and no link is made.
func safeSARIF(t *testing.T, text string) {
	safeJSON(t, text)
	link := regexp.MustCompile(`(^|[^\\])(\\\\)*\[`)
	eachString(decode(t, text), "", func(path, s string) {
		if !strings.HasSuffix(path, "/text") {
			return
		}
		plain := strings.NewReplacer("{{", "", "}}", "").Replace(s)
		if strings.ContainsAny(plain, "{}") {
			t.Errorf("a placeholder in %s: %q", path, s)
		}
		if link.MatchString(s) {
			t.Errorf("a link in %s: %q", path, s)
		}
	})
	for _, r := range at(t, decode(t, text), "runs", 0, "results").([]any) {
		uri := at(t, r, "locations", 0, "physicalLocation", "artifactLocation", "uri").(string)
		if !regexp.MustCompile(`^(file://)?[A-Za-z0-9/._~%-]*$`).MatchString(uri) {
			t.Errorf("uri %q", uri)
		}
	}
}

// safeGitHub: as many commands as findings, each with the properties that ccx gave it and no others.
func safeGitHub(t *testing.T, text string) {
	commands := 0
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "ccx: ") {
			continue
		}
		commands++
		command, properties, data := workflow(t, line)
		if !strings.Contains("error warning notice", command) {
			t.Errorf("command %q", command)
		}
		for key, value := range properties {
			if !strings.Contains(" file line endLine col endColumn title ", " "+key+" ") {
				t.Errorf("property %q of %q", key, line)
			}
			inert(t, value, false)
		}
		if !strings.HasPrefix(properties["title"], "ccx ") {
			t.Errorf("title %q", properties["title"])
		}
		inert(t, data, false)
	}
	if commands != 5 {
		t.Errorf("%d commands, want one a finding:\n%s", commands, text)
	}
}

// safeXML: the document is well-formed XML 1.0, has the elements of JUnit only, and its text is inert.
func safeXML(t *testing.T, text string) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	known := " testsuites testsuite properties property testcase skipped error failure system-out system-err "
	elements := 0
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements++
			if !strings.Contains(known, " "+token.Name.Local+" ") {
				t.Errorf("element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				inert(t, a.Value, false)
				if strings.Contains(a.Value, "\n") {
					t.Errorf("an attribute of two lines: %q", a.Value)
				}
			}
		case xml.CharData:
			inert(t, string(token), false)
		case xml.Directive, xml.Comment:
			t.Errorf("%T", token)
		}
	}
	if decoder.InputOffset() != int64(len(text)) || elements < 10 {
		t.Errorf("read %d of %d bytes, %d elements", decoder.InputOffset(), len(text), elements)
	}
	for _, r := range text {
		if r == '\ufffe' || r == '\uffff' {
			t.Errorf("XML has no %U", r)
		}
	}
}

var (
	codeElement = regexp.MustCompile(`<code>([^<]|<!-- -->&#64;)*</code>`)
	inCode      = regexp.MustCompile(`^([\p{L}\p{Nd} ,/.-]|&#\d+;|<!-- -->&#64;)*$`)
)

// safeMarkdown: foreign text stands in fenced blocks and code elements only, and in neither does it end them.
func safeMarkdown(t *testing.T, text string) {
	outside := outsideFences(t, text)
	for _, element := range codeElement.FindAllString(outside, -1) {
		inner := strings.TrimSuffix(strings.TrimPrefix(element, "<code>"), "</code>")
		if !inCode.MatchString(inner) {
			t.Errorf("within code: %q", inner)
		}
		if strings.Contains(strings.ToLower(inner), "www.") {
			t.Error("www. begins a link")
		}
	}
	rest := codeElement.ReplaceAllString(outside, "")
	if strings.Contains(strings.ToUpper(rest), "EVIL") {
		t.Errorf("foreign text outside code:\n%s", rest)
	}
	for _, line := range strings.Split(rest, "\n") {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|") != 6 {
			t.Errorf("a row of %d cells: %q", strings.Count(line, "|")-1, line)
		}
	}
}

func onlyFenced(t *testing.T, text string) {
	if rest := strings.TrimSpace(outsideFences(t, text)); rest != "" {
		t.Errorf("outside the fence: %q", rest)
	}
}

// outsideFences drops the fenced code blocks as CommonMark 0.31 (section 4.5) finds them: a block ends at the first line
// that is a fence of the same character at least as long as its own, or at the end.
func outsideFences(t *testing.T, text string) string {
	var out []string
	open := ""
	fence := regexp.MustCompile("^ {0,3}(`{3,}|~{3,})(.*)$")
	for _, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case open == "" && m != nil && !(m[1][0] == '`' && strings.Contains(m[2], "`")):
			open = m[1]
		case open == "":
			out = append(out, line)
		case m != nil && m[1][0] == open[0] && len(m[1]) >= len(open) && strings.TrimSpace(m[2]) == "":
			open = ""
		}
	}
	if open != "" {
		t.Error("a fence is left open")
	}
	return strings.Join(out, "\n")
}

// TestGuardsNotice: the checks above find what they are for.
func TestGuardsNotice(t *testing.T) {
	if got := outsideFences(t, "a\n```text\nb\n```\nc\n````\n```\nd\n````"); got != "a\nc" {
		t.Errorf("%q", got)
	}
	if got := outsideFences(t, "```text\nx\n``` y\nz\n```\nEVIL"); got != "EVIL" {
		t.Errorf("a fence with text behind it does not end a block: %q", got)
	}
	for _, bad := range []string{"a\\`b", "<b>", "x@y", "a|b", "a_b", "a:b"} {
		if inCode.MatchString(bad) {
			t.Errorf("%q is let through", bad)
		}
	}
	count := 0
	eachString(map[string]any{"a": []any{"b", map[string]any{"c": "d"}}}, "", func(string, string) { count++ })
	if count != 4 {
		t.Errorf("%d strings", count)
	}
}

// FuzzFormats: whatever the text, every format stays whole and inert.
func FuzzFormats(f *testing.F) {
	for _, h := range hostile {
		if len(h.text) < 1000 {
			f.Add(h.text)
		}
	}
	for cut := range 6 { // commands that a snippet's marks cut through, wherever they do
		for _, command := range []string{"##[error]x", "##vso[x]y", "::error::x", ":::error x::", "::::0", "<b>&#64;x", "```\n~~~", "{0}[x](y)"} {
			f.Add(strings.Repeat("#", cut) + command)
			f.Add(strings.Repeat("x", cut) + command)
			f.Add(strings.Repeat(" ", cut) + "\n" + command)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		run := hostileRun("EVIL" + text)
		for _, format := range Formats() {
			got := renderVerbose(t, format, run)
			inert(t, got, format == "github")
			switch format {
			case "json", "codequality":
				if !json.Valid([]byte(got)) {
					t.Fatal(got)
				}
				safeJSON(t, got)
			case "sarif":
				safeSARIF(t, got)
			case "github":
				safeGitHub(t, got)
			case "junit":
				safeXML(t, got)
			case "markdown":
				safeMarkdown(t, got)
			case "html":
				safeHTML(t, got)
			}
		}
	})
}

func ExampleText_Write() {
	var b strings.Builder
	Text{}.Write(&b, Outcome{Findings: []finding.Finding{finding.New(finding.S3Read, finding.Place{}, "a\x1b[2Jb")}})
	fmt.Print(b.String())
	// Output: ccx: error: a\x1b[2Jb [s3/read]
}
