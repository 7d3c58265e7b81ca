package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// matcher is a problem matcher of GitHub's runner, as far as ccx's uses it.
type matcher struct {
	Owner, Severity string
	Pattern         []struct {
		Regexp                                      string
		File, Line, Column, Severity, Message, Code int
	}
}

// The action's problem matchers must find each finding of a real report, once, and nothing else.
func TestProblemMatcher(t *testing.T) {
	var doc struct{ ProblemMatcher []matcher }
	if err := json.Unmarshal([]byte(read(t, "../../.github/actions/ccx/matcher.json")), &doc); err != nil || len(doc.ProblemMatcher) != 2 {
		t.Fatalf("%v %+v", err, doc)
	}
	fleet(t, map[string]string{
		"a.yaml": plainConfig, "dir with blanks/b.yaml": "head_node: 7\n", "c:1:2.yaml": "head_node: {instance_type: 7}\n",
		"note.yaml": "entrypoint: x\n", "region.yaml": plainConfig + "advanced_instance_config: {IamInstanceProfile: {Name: ml-train}}\n",
	})
	first, _, _ := ccx(t, "", "check", "--existing", "keep", "-p", "vision-nodes", "-b", "acme-anyscale", "--region", "eu-west-1", "--snapshot", snapshot(t), ".")
	unknown, _, _ := ccx(t, "", "check", "-p", "ml-train", "-b", "no-such-bucket-here", "--snapshot", snapshot(t), "a.yaml")
	output := first + unknown
	type problem struct{ file, line, severity, code string }
	var got []problem
	for _, line := range strings.Split(output, "\n") {
		matched := 0
		for _, m := range doc.ProblemMatcher {
			p := m.Pattern[0]
			found := regexp.MustCompile(p.Regexp).FindStringSubmatch(line)
			if found == nil {
				continue
			}
			matched++
			severity := m.Severity
			if p.Severity > 0 {
				severity = found[p.Severity]
			}
			got = append(got, problem{found[p.File], found[p.Line], severity, found[p.Code]})
		}
		is := regexp.MustCompile(`: (error|warning|cannot tell): .* \[[a-z0-9-]+/[a-z-]+\]$`).MatchString(line)
		if is != (matched == 1) {
			t.Errorf("%d matches for %q", matched, line)
		}
	}
	want := map[problem]bool{
		{"a.yaml", "1", "error", "s3/read"}: true, {"a.yaml", "1", "warning", "bucket/region"}: true,
		{"dir with blanks/b.yaml", "1", "error", "config/schema"}: true, {"c:1:2.yaml", "1", "error", "config/schema"}: true,
	}
	unsure := false
	for _, p := range got {
		delete(want, p)
		unsure = unsure || strings.Contains(unknown, ": cannot tell: ") && p.severity == "error" && p.code == "bucket/exists"
	}
	if len(want) > 0 || !unsure {
		t.Errorf("not found: %v, cannot tell %v, in\n%s", want, unsure, output)
	}
}

// An input of the action reaches its scripts as a variable: put into their text it would be code.
func TestActionInterpolatesNothing(t *testing.T) {
	text := read(t, filepath.Join("..", "..", ".github", "actions", "ccx", "action.yml"))
	scripts := 0
	for _, part := range strings.Split(text, "      run: |\n")[1:] {
		script, _, _ := strings.Cut(part, "\n    - ")
		if strings.Contains(script, "${{") || strings.Contains(script, "eval") {
			t.Errorf("an expression in\n%s", script)
		}
		scripts++
	}
	if scripts != 2 || strings.Contains(text, "uses: ") && !strings.Contains(text, "#   - uses: ") {
		t.Errorf("%d scripts", scripts)
	}
	for _, input := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(text, "\n  "+input[1]+":\n") {
			t.Errorf("no input %s", input[1])
		}
	}
}
