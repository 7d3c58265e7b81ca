package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ccx/cmd/ccx/report"
	"ccx/transform"
	"ccx/transform/account"
	"ccx/transform/finding"
)

// reportJSON reads a JSON report.
func reportJSON(t *testing.T, text string) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return doc
}

func TestReportInPlaceOfTheText(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	args := []string{"-p", "ml-train", "-b", "acme-anyscale", "--snapshot", snapshot(t)}
	out, errs, code := ccx(t, plainConfig, append(args, "--report", "json")...)
	doc := reportJSON(t, errs)
	if code != exitDone || !strings.Contains(out, "instance-profile/ml-train") || doc["verb"] != "filter" || doc["valid"] != true {
		t.Errorf("status %d\n%s\n%s", code, out, errs)
	}
	file := doc["files"].([]any)[0].(map[string]any)
	if file["name"] != "<stdin>" || file["access"] != "proved" || file["sites"] != 1.0 || file["lines_added"] != 3.0 {
		t.Errorf("%v", file)
	}
	out, errs, code = ccx(t, plainConfig, "-p", "vision-nodes", "-b", "acme-anyscale", "--snapshot", snapshot(t), "--report", "sarif")
	if code != exitWrong || out != refusal || !json.Valid([]byte(errs)) {
		t.Errorf("status %d, stdout %q, stderr %.200q", code, out, errs)
	}
}

func TestReportsInFilesLeaveTheStreamsAlone(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	args := []string{"-p", "vision-nodes", "-b", "acme-anyscale", "--snapshot", snapshot(t), "--color", "always", "a.yaml"}
	plainOut, plainErrs, plainCode := ccx(t, "", args...)
	for _, format := range report.Formats() {
		args = append(args, "--report", format+"=report."+format)
	}
	out, errs, code := ccx(t, "", args...)
	if out != plainOut || errs != plainErrs || code != plainCode || !strings.Contains(errs, "\x1b[") {
		t.Errorf("status %d, stdout %q, stderr %q", code, out, errs)
	}
	for _, format := range report.Formats() {
		text := read(t, "report."+format)
		if !strings.Contains(text, "s3/write") || strings.Contains(text, "\x1b") {
			t.Errorf("%s: %.300s", format, text)
		}
	}
	left, _ := filepath.Glob(".*")
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReportReplacesAFileWhole(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "report.json": strings.Repeat("old ", 10_000)})
	if err := os.Chmod("report.json", 0o600); err != nil {
		t.Fatal(err)
	}
	ccx(t, "", "check", "--offline", "--report", "json=report.json", "a.yaml")
	reportJSON(t, read(t, "report.json"))
	if info, _ := os.Stat("report.json"); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestReportsTellWhereFactsComeFrom(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	path := snapshot(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	_, _, _, doc := checkJSON(t, "", "-p", "vision-nodes", "-b", "acme-anyscale", "--snapshot", path, "a.yaml")
	facts := doc["facts"].(map[string]any)
	want := map[string]any{
		"source": "snapshot", "snapshot": path, "sha256": hex.EncodeToString(sum[:]), "account": "111122223333",
		"caller": "arn:aws:sts::111122223333:assumed-role/ci/build-17", "taken_at": "2026-11-20T09:00:00Z",
	}
	for key, value := range want {
		if facts[key] != value {
			t.Errorf("%s is %v, want %v", key, facts[key], value)
		}
	}
	_, _, _, doc = checkJSON(t, "", "--offline", "a.yaml")
	if got := doc["facts"].(map[string]any)["source"]; got != "none" {
		t.Errorf("--offline: %v", got)
	}
}

func TestReportOfAFailureBeforeAnyInput(t *testing.T) {
	fleet(t, nil)
	out, errs, code := ccx(t, "", "--report", "json", "--bucket", "Bad_Bucket", "-p", "x", "a.yaml")
	doc := reportJSON(t, errs)
	if code != exitUsage || out != refusal || doc["exit_status"] != 2.0 || !strings.Contains(errs, "is no bucket name") {
		t.Errorf("status %d, stdout %q, stderr %q", code, out, errs)
	}
	out, errs, code = ccx(t, "", "check", "--report", "json", "--bucket", "Bad_Bucket", "a.yaml")
	if reportJSON(t, out)["exit_status"] != 2.0 || code != exitUsage || !strings.HasPrefix(errs, "-b: error: ") {
		t.Errorf("what keeps check from its work stands on stderr too: status %d, stdout %q, stderr %q", code, out, errs)
	}
}

func TestReportThatCannotBeWritten(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	var errs bytes.Buffer
	code := run(context.Background(), []string{"check", "--offline", "a.yaml"}, os.Getenv, strings.NewReader(""), broken{os.ErrClosed}, &errs)
	if code != exitUsage || !strings.Contains(errs.String(), "the report: error: ") {
		t.Errorf("status %d: %s", code, errs.String())
	}
	a := &app{getenv: os.Getenv, stdout: &errs, stderr: &errs}
	a.told.targets = []target{{"json", "nosuch/report.json"}}
	if code := a.finish(context.Background(), exitWrong); code != exitUsage {
		t.Errorf("a folder that has gone since: status %d", code)
	}
}

// TestReportOfAnInterruptedRun: what is known so far is reported, with the status that the shell will see.
func TestReportOfAnInterruptedRun(t *testing.T) {
	fleet(t, nil)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(signalError{syscall.SIGINT})
	var out bytes.Buffer
	a := &app{getenv: os.Getenv, stdout: &out, stderr: &out}
	a.told = record{verb: checkVerb, targets: []target{{"json", "r.json"}}, outcomes: []report.Outcome{{Name: "a.yaml"}}}
	a.finish(ctx, exitUnknown)
	if doc := reportJSON(t, read(t, "r.json")); doc["exit_status"] != 130.0 || names(doc["files"]) != "a.yaml" {
		t.Errorf("%v", doc)
	}
}

// TestColourOfAReport: the text on a stream may be coloured, a file and a machine's format never.
func TestColourOfAReport(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": "head_node: 7\n"})
	out, _, _ := ccx(t, "", "check", "--offline", "--color", "always", "--report", "text=r.txt", "a.yaml")
	if !strings.Contains(out, "\x1b[1;31merror") || strings.Contains(read(t, "r.txt"), "\x1b") {
		t.Errorf("%q, %q", out, read(t, "r.txt"))
	}
	if out, _, _ = ccx(t, "", "check", "--offline", "a.yaml"); strings.Contains(out, "\x1b") {
		t.Errorf("colour without a terminal: %q", out)
	}
	for _, format := range report.Formats()[1:] {
		if out, _, _ := ccx(t, "", "check", "--offline", "--color", "always", "--report", format, "a.yaml"); strings.Contains(out, "\x1b") {
			t.Errorf("%s is coloured", format)
		}
	}
}

// TestQuietCheck: -q leaves what stops, and the status.
func TestQuietCheck(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": "head_node: 7\n", "b.yaml": plainConfig})
	out, errs, code := ccx(t, "", "check", "-q", "--offline", ".")
	if code != exitWrong || errs != "" || strings.Contains(out, "files checked") || strings.Count(out, "error") == 0 {
		t.Errorf("status %d, %q, %q", code, out, errs)
	}
	if out, errs, code := ccx(t, "", "check", "-q", "--offline", "b.yaml"); out+errs != "" || code != exitDone {
		t.Errorf("status %d, %q, %q", code, out, errs)
	}
}

func TestFactsOfAnAWSRun(t *testing.T) {
	a := &app{}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if got := a.factsOf(account.Provenance{TakenAt: at, Endpoint: "http://127.0.0.1:5000"}); got.Source != "aws" || got.SHA256 != "" || got.Endpoint == "" || !got.TakenAt.Equal(at) {
		t.Errorf("%+v", got)
	}
	if got := a.factsOf(account.Provenance{Name: "facts.json", SHA256: "ab"}); got.Source != "snapshot" || got.Snapshot != "facts.json" || got.SHA256 != "ab" {
		t.Errorf("%+v", got)
	}
	if got := a.factsOf(account.Provenance{}); got.Source != "none" {
		t.Errorf("%+v", got)
	}
}

func TestRunVerbReports(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	args := []string{"run", "--report", "json=report.json", "-p", "ml-train", "-b", "acme-anyscale", "--snapshot", snapshot(t), "a.yaml", "--", "sh", "-c", "exit 7", "{}"}
	if _, errs, code := ccx(t, "", args...); code != 7 || !strings.Contains(errs, "ml-train at 1 site") {
		t.Errorf("status %d: %s", code, errs)
	}
	doc := reportJSON(t, read(t, "report.json"))
	if doc["verb"] != "run" || doc["exit_status"] != 7.0 || doc["files"].([]any)[0].(map[string]any)["status"] != "pass" {
		t.Errorf("the config was good, the command failed: %v", doc)
	}
	args[4] = "vision-nodes"
	args[2] = "json"
	_, errs, code := ccx(t, "", args...)
	if doc := reportJSON(t, errs); code != exitWrong || doc["files"].([]any)[0].(map[string]any)["status"] != "fail" {
		t.Errorf("status %d: %s", code, errs)
	}
}

func TestInPlaceReportsEveryFile(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "b.yaml": "head_node: 7\n"})
	_, _, code := ccx(t, "", "-w", "--offline", "-p", "arn:aws:iam::111122223333:instance-profile/p", "--report", "json=r.json", "a.yaml", "b.yaml")
	doc := reportJSON(t, read(t, "r.json"))
	if got := names(doc["files"]); code != exitWrong || got != "b.yaml a.yaml" && got != "a.yaml b.yaml" {
		t.Errorf("status %d, files %q", code, got)
	}
}

func TestOtherVerbsTakeNoReport(t *testing.T) {
	for _, verb := range []string{"snapshot", "simulate", "schema", "version"} {
		if _, errs, code := ccx(t, "", verb, "--report", "json"); code != exitUsage || !strings.Contains(errs, "unknown flag --report") {
			t.Errorf("%s: status %d, %q", verb, code, errs)
		}
	}
}

func TestHelpNamesEveryFormat(t *testing.T) {
	out, _, _ := ccx(t, "", "check", "--help")
	for _, format := range report.Formats() {
		if !strings.Contains(out, format) {
			t.Errorf("check --help does not name %s:\n%s", format, out)
		}
	}
	for _, flag := range []string{"--fail-on", "--files-from0", "--template", "--stdin-name", "--color"} {
		if !strings.Contains(out, flag) {
			t.Errorf("check --help lacks %s", flag)
		}
	}
}

// TestHostileConfigThroughEveryFormat is the whole way: from a file that tries everything to what each format writes.
func TestHostileConfigThroughEveryFormat(t *testing.T) {
	const evil = "x\\e[2J::error::y ##vso[task.setvariable variable=a]b {0} [c](https://evil.example) <script>@all|`\\u202E\\u200B\\x07"
	fleet(t, map[string]string{
		"a.yaml":          "head_node:\n  instance_type: m5.large\n  \"" + evil + "\": 1\n",
		"::error::b.yaml": "head_node: \"" + evil + "\"\n",
		"##[group]c.yaml": "head_node: # ##[error]z\n  - \"" + evil + "\"\n",
	})
	for _, format := range report.Formats() {
		out, errs, code := ccx(t, "", "check", "-v", "-p", "p", "--offline", "--report", format, ".")
		if code != exitWrong || errs != "" {
			t.Fatalf("%s: status %d, %s", format, code, errs)
		}
		for _, bad := range []string{"\x1b", "\x07", "\u202e", "\u200b", "##[", "##vso[", "::error::y", "::error::b"} {
			if strings.Contains(out, bad) {
				t.Errorf("%s: %q got through:\n%s", format, bad, out)
			}
		}
		scripts := map[string]int{"html": 1, "json": 0, "sarif": 0, "junit": 0, "codequality": 0}
		if own, markup := scripts[format]; markup && strings.Count(out, "<script>") != own {
			t.Errorf("%s: %d script elements", format, strings.Count(out, "<script>"))
		}
	}
}

func TestWorseKeepsACommandsOwnStatus(t *testing.T) {
	for _, tt := range []struct{ a, b, want int }{{7, exitDone, 7}, {7, exitUsage, exitUsage}, {exitDone, exitDone, exitDone}, {exitUnknown, exitWrong, exitWrong}} {
		if got := worse(tt.a, tt.b); got != tt.want {
			t.Errorf("worse(%d, %d) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// TestCheckSummary covers the words for each mix of outcomes.
func TestCheckSummary(t *testing.T) {
	proved := report.Outcome{Findings: []finding.Finding{finding.Passed(finding.S3Read, "x")}, Assumed: []string{"SCPs"}}
	tests := []struct {
		outcomes []report.Outcome
		skipped  int
		verbose  bool
		want     string
	}{
		{[]report.Outcome{{}}, 0, false, "1 file checked: 1 passes (1 without a look at AWS)"},
		{[]report.Outcome{proved, proved}, 0, false, "2 files checked: 2 pass" + assuming(transform.Result{Assumed: []string{"SCPs"}})},
		{[]report.Outcome{{Exit: 1}, {Exit: 3}, {Exit: 2}}, 2, false, "3 files checked: 1 fails, 1 is undecided, 1 could not be judged; 2 skipped (-v says why)"},
		{[]report.Outcome{{Exit: 3}, {Exit: 3}}, 1, true, "2 files checked: 2 are undecided; 1 skipped"},
	}
	for _, tt := range tests {
		a := &app{opts: options{verbose: tt.verbose}, told: record{outcomes: tt.outcomes, skipped: make([]report.Skipped, tt.skipped)}}
		if got := a.checkSummary(false); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
