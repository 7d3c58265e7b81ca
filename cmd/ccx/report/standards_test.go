package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ccx/transform/finding"
)

// decode reads JSON into plain values.
func decode(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return v
}

// at follows keys and indices through decoded JSON.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			next, has := m[step]
			if !has {
				t.Fatalf("no %q on the way %v", step, path)
			}
			v = next
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				t.Fatalf("no item %d on the way %v", step, path)
			}
			v = list[step]
		}
	}
	return v
}

// TestSARIF holds the log to what SARIF 2.1.0 (OASIS Standard, 27 March 2020) asks of each object that ccx writes; the
// numbers are its sections. The standard's own JSON Schema may not be copied into this repository.
func TestSARIF(t *testing.T) {
	log := decode(t, render(t, "sarif", sample()))
	if at(t, log, "version") != "2.1.0" || !strings.HasSuffix(at(t, log, "$schema").(string), "/sarif-schema-2.1.0.json") {
		t.Error("3.13: version and $schema")
	}
	run := at(t, log, "runs", 0)
	if at(t, run, "columnKind") != "unicodeCodePoints" { // 3.14.17
		t.Error("columns are runes")
	}
	if id := at(t, run, "automationDetails", "id").(string); id != "ccx/check/" { // 3.17.3: ends in a slash, so the last part is left out
		t.Errorf("automationDetails.id is %q", id)
	}
	driver := at(t, run, "tool", "driver")
	if at(t, driver, "name") != "ccx" || at(t, driver, "version") != "v1.2.3" { // 3.19.8, 3.19.13
		t.Error("the tool has its name and version")
	}
	rules := at(t, driver, "rules").([]any)
	ids := sarifRuleIDs(t, rules)
	for _, r := range at(t, run, "results").([]any) {
		checkResult(t, ids, r)
	}
	call := at(t, run, "invocations", 0)
	if at(t, call, "executionSuccessful") != true || at(t, call, "exitCode") != 1.0 { // 3.20.14, 3.20.7
		t.Error("a run that finds faults has done its work")
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z", at(t, call, "startTimeUtc").(string)); err != nil { // 3.9
		t.Error(err)
	}
}

// sarifRuleIDs checks the rules (3.49) and returns their ids.
func sarifRuleIDs(t *testing.T, rules []any) []string {
	var ids []string
	for _, r := range rules {
		id := at(t, r, "id").(string)
		if slices.Contains(ids, id) {
			t.Errorf("3.19.23: rule %s is there twice", id)
		}
		ids = append(ids, id)
		for _, part := range []string{"shortDescription", "fullDescription", "help"} {
			if at(t, r, part, "text") == "" {
				t.Errorf("rule %s has an empty %s", id, part)
			}
		}
		if !slices.Contains([]any{"note", "warning", "error"}, at(t, r, "defaultConfiguration", "level")) {
			t.Errorf("3.50.3: rule %s has no level", id)
		}
	}
	return ids
}

// checkResult checks a result (3.27), its message (3.11), place (3.28 to 3.30) and fingerprint (3.27.17).
func checkResult(t *testing.T, rules []string, r any) {
	id, index := at(t, r, "ruleId").(string), int(at(t, r, "ruleIndex").(float64))
	if index < 0 || index >= len(rules) || rules[index] != id {
		t.Errorf("3.27.6: %s is not rule %d", id, index)
	}
	if !slices.Contains([]any{"note", "warning", "error"}, at(t, r, "level")) {
		t.Errorf("3.27.10: level %v", at(t, r, "level"))
	}
	if at(t, r, "message", "text") == "" {
		t.Error("3.11.8: a message has a text")
	}
	physical := at(t, r, "locations", 0, "physicalLocation")
	uri, base := at(t, physical, "artifactLocation", "uri").(string), at(t, physical, "artifactLocation", "uriBaseId")
	if strings.ContainsAny(uri, ` :\[]`) || base != "%SRCROOT%" {
		t.Errorf("3.4.3: %q with base %v is not a relative reference", uri, base)
	}
	if region, has := physical.(map[string]any)["region"].(map[string]any); has {
		n := func(key string) int { return int(at(t, region, key).(float64)) }
		if n("startLine") < 1 || n("startColumn") < 1 || n("endLine") < n("startLine") || n("endLine") == n("startLine") && n("endColumn") < n("startColumn") {
			t.Errorf("3.30: %v", region)
		}
		if n("byteOffset") < 0 || n("byteLength") < 0 {
			t.Errorf("3.30.3: %v", region)
		}
	}
	if len(at(t, r, "partialFingerprints", "ccx/v1").(string)) != 32 {
		t.Error("3.27.17: a result has a fingerprint")
	}
}

// TestSARIFWithoutAFile: what is wrong with a flag before any input was read is a notification (3.58), not a result.
func TestSARIFWithoutAFile(t *testing.T) {
	bad := finding.New(finding.UsageFlag, finding.Place{File: "--assume", Column: 10, Text: "--assume x"}, "can't be assumed")
	log := decode(t, render(t, "sarif", Run{Verb: "filter", Exit: 2, Outcomes: []Outcome{{Name: "--assume", Exit: 2, Findings: []finding.Finding{bad}}}}))
	call := at(t, log, "runs", 0, "invocations", 0)
	if at(t, call, "executionSuccessful") != false || at(t, call, "toolExecutionNotifications", 0, "message", "text") != "--assume: can't be assumed" {
		t.Errorf("%v", call)
	}
	if at(t, call, "toolExecutionNotifications", 0, "descriptor", "id") != "usage/flag" || len(at(t, log, "runs", 0, "results").([]any)) != 0 {
		t.Errorf("%v", log)
	}
}

func TestSARIFEscape(t *testing.T) {
	tests := []struct{ in, want string }{
		{"{0} of {1}", "{{0}} of {{1}}"},
		{"[click](https://x)", `\[click\](https://x)`},
		{`a\b`, `a\\b`},
		{"plain", "plain"},
	}
	for _, tt := range tests {
		if got := sarifEscape(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

// workflow reads a line as GitHub's runner does (actions/runner, ActionCommand.TryParseV2).
func workflow(t *testing.T, line string) (command string, properties map[string]string, data string) {
	t.Helper()
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "::")
	head, data, found := strings.Cut(rest, "::")
	if !ok || !found {
		t.Fatalf("no command: %q", line)
	}
	command, list, _ := strings.Cut(head, " ")
	properties = map[string]string{}
	for _, pair := range strings.Split(list, ",") {
		key, value, _ := strings.Cut(pair, "=")
		properties[key] = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(value)
	}
	return command, properties, strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(data)
}

func TestGitHubAnnotations(t *testing.T) {
	name := "a,b:c%d.yaml"
	f := finding.New(finding.S3Read, finding.Place{File: name, Line: 3, Column: 5, Length: 2, Text: "    ab"}, "100% wrong: a, b").WithDetails("one").WithHint("two\nthree")
	line, _, _ := strings.Cut(render(t, "github", Run{Outcomes: []Outcome{{Name: name, Findings: []finding.Finding{f}}}}), "\n")
	command, properties, data := workflow(t, line)
	want := map[string]string{"file": name, "line": "3", "endLine": "3", "col": "5", "endColumn": "7", "title": "ccx s3/read"}
	if command != "error" || fmt.Sprint(properties) != fmt.Sprint(want) {
		t.Errorf("%s %v, want %v", command, properties, want)
	}
	if data != "100% wrong: a, b\none\nmend: two\nthree" {
		t.Errorf("message %q", data)
	}
	levels := map[finding.Level]string{finding.Note: "notice", finding.Warning: "warning", finding.Error: "error"}
	for level, want := range levels {
		if command, _, _ := workflow(t, annotation(Outcome{}, f.AtLevel(level))); command != want {
			t.Errorf("%v is %s", level, command)
		}
	}
}

func TestGitHubAnnotationsOfOneCheckOnly(t *testing.T) {
	got := render(t, "github", sample())
	if n := strings.Count(got, "no such profile"); n != 1 {
		t.Errorf("a wrong flag is annotated %d times", n)
	}
	for _, quiet := range []string{"it exists", "no key"} {
		if strings.Contains(got, quiet) {
			t.Errorf("%q is no annotation", quiet)
		}
	}
	var across string
	for _, line := range strings.Split(got, "\n") {
		if strings.Contains(line, "config/site") {
			across = line
		}
	}
	if _, properties, _ := workflow(t, across); properties["endLine"] != "5" || properties["col"] != "" {
		t.Errorf("columns hold within one line only: %v", properties)
	}
}

// TestJUnit holds the document to the rules that Ant's schema (windyroad/JUnit-Schema) and Jenkins' (xunit-plugin,
// junit-10.xsd) have in common or add: which attributes each element needs and may have, and the order of elements.
func TestJUnit(t *testing.T) {
	text := render(t, "junit", sample())
	rules := map[string]struct{ needs, children string }{
		"testsuites":  {"", "testsuite"},
		"testsuite":   {"package id name timestamp hostname tests failures errors skipped time", "properties testcase system-out system-err"},
		"properties":  {"", "property"},
		"property":    {"name value", ""},
		"testcase":    {"name classname time", "skipped error failure"},
		"skipped":     {"message", ""},
		"error":       {"message type", ""},
		"failure":     {"message type", ""},
		"system-out":  {"", ""},
		"system-err":  {"", ""},
		"(the whole)": {"", "testsuites"},
	}
	path, seen := []string{"(the whole)"}, map[string]int{}
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			name, parent := token.Name.Local, path[len(path)-1]
			if !slices.Contains(strings.Fields(rules[parent].children), name) {
				t.Errorf("%s within %s", name, parent)
			}
			var has []string
			for _, a := range token.Attr {
				has = append(has, a.Name.Local)
			}
			if got := strings.Join(has, " "); got != rules[name].needs {
				t.Errorf("%s has %q, needs %q", name, got, rules[name].needs)
			}
			path, seen[name] = append(path, name), seen[name]+1
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
	if len(path) != 1 || seen["testsuite"] != 4 || seen["failure"] != 4 || seen["error"] != 1 || seen["skipped"] != 1 {
		t.Errorf("%v %v", path, seen)
	}
	checkJUnitCounts(t, text)
}

func checkJUnitCounts(t *testing.T, text string) {
	var all junitSuites
	if err := xml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	order := regexp.MustCompile(`(?s)<properties>.*</properties>\s*(<testcase.*)?<system-out>.*</system-out>\s*<system-err>`)
	for i, s := range all.Suites {
		failures, errs, skipped := 0, 0, 0
		for _, c := range s.Cases {
			failures, errs, skipped = failures+btoi(c.Failure != nil), errs+btoi(c.Error != nil), skipped+btoi(c.Skipped != nil)
			if btoi(c.Failure != nil)+btoi(c.Error != nil)+btoi(c.Skipped != nil) > 1 {
				t.Errorf("case %s has more than one answer", c.Name)
			}
		}
		if s.ID != i || s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != errs || s.Skipped != skipped {
			t.Errorf("suite %s counts wrongly: %+v", s.Name, s)
		}
		if _, err := time.Parse("2006-01-02T15:04:05", s.Timestamp); err != nil {
			t.Error(err)
		}
	}
	for _, part := range strings.Split(text, "<testsuite ")[1:] {
		if !order.MatchString(part) {
			t.Errorf("the elements of a suite are out of order:\n%s", part)
		}
	}
	if !strings.Contains(all.Suites[0].Out, "warning: configs/train.yaml:5:25: nodes can't manage uploads") {
		t.Errorf("what stops nothing belongs to the output: %q", all.Suites[0].Out)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestFailOnWarningReachesEveryFormat: what the flags make a fault is one wherever faults are counted.
func TestFailOnWarningReachesEveryFormat(t *testing.T) {
	o := Outcome{Name: "a.yaml", Exit: 1, Findings: []finding.Finding{finding.New(finding.S3Multipart, finding.Place{}, "w")}, Stops: func(finding.Finding) bool { return true }}
	r := Run{Outcomes: []Outcome{o}}
	for format, want := range map[string]string{"json": `"stops": true`, "junit": `failures="1"`, "codequality": `"critical"`, "sarif": `"stops": true`} {
		if got := render(t, format, r); !strings.Contains(got, want) {
			t.Errorf("%s lacks %s:\n%s", format, want, got)
		}
	}
}

// TestCodeQuality holds the issues to GitLab's page: each needs these keys, severities are five words, fingerprints are
// unique, paths are relative and without ./ before them.
func TestCodeQuality(t *testing.T) {
	r := sample()
	r.Outcomes[0].Name = "./configs/train.yaml"
	issues := decode(t, render(t, "codequality", r)).([]any)
	if len(issues) != 7 {
		t.Errorf("%d issues", len(issues))
	}
	seen := map[string]bool{}
	for _, issue := range issues {
		for _, key := range []string{"description", "check_name", "fingerprint", "severity"} {
			if at(t, issue, key) == "" {
				t.Errorf("no %s: %v", key, issue)
			}
		}
		print := at(t, issue, "fingerprint").(string)
		if seen[print] {
			t.Errorf("GitLab drops the second issue with the fingerprint %s", print)
		}
		seen[print] = true
		if !slices.Contains([]any{"info", "minor", "major", "critical", "blocker"}, at(t, issue, "severity")) {
			t.Errorf("severity %v", at(t, issue, "severity"))
		}
		path := at(t, issue, "location", "path").(string)
		begin, end := at(t, issue, "location", "lines", "begin").(float64), at(t, issue, "location", "lines", "end").(float64)
		if strings.HasPrefix(path, "./") || strings.HasPrefix(path, "/") || begin < 1 || end < begin {
			t.Errorf("%s, lines %v to %v", path, begin, end)
		}
	}
}

func TestSeverity(t *testing.T) {
	tests := []struct {
		f    finding.Finding
		want string
	}{
		{finding.New(finding.S3Read, finding.Place{}, "x"), "critical"},
		{finding.Unsure(finding.S3Read, finding.Depends, finding.Place{}, "x"), "major"},
		{finding.New(finding.S3Multipart, finding.Place{}, "x"), "minor"},
		{finding.New(finding.ConfigSite, finding.Place{}, "x"), "info"},
	}
	for _, tt := range tests {
		if got := severity(Outcome{}, tt.f); got != tt.want {
			t.Errorf("%v %v: %s, want %s", tt.f.Level, tt.f.Status, got, tt.want)
		}
	}
}

func TestJSONPointsIntoTheFile(t *testing.T) {
	report := decode(t, render(t, "json", sample()))
	for _, f := range at(t, report, "files", 0, "findings").([]any) {
		r, has := f.(map[string]any)["range"]
		if !has {
			continue
		}
		start, end := int(at(t, r, "start", "byte").(float64)), int(at(t, r, "end", "byte").(float64))
		marked := trainText[start:end]
		if first, _, _ := strings.Cut(marked, "\n"); at(t, f, "snippet", "marked") != first {
			t.Errorf("bytes %d to %d are %q, the snippet marks %q", start, end, marked, at(t, f, "snippet", "marked"))
		}
		line, _ := strconv.Atoi(fmt.Sprint(at(t, r, "start", "line")))
		if strings.Count(trainText[:start], "\n")+1 != line {
			t.Errorf("byte %d is not on line %d", start, line)
		}
	}
	if at(t, report, "files", 0, "findings", 6, "argument") != "-p" {
		t.Error("a finding about a flag names it")
	}
}
