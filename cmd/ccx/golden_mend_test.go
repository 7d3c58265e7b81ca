package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestGoldenMends puts what each failing case prints into its facts, and wants every check to pass that it was printed for.
func TestGoldenMends(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("testdata", "err", "*"))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Chdir(dir)
			isolate(t)
			tried += mendCase(t)
		})
	}
	if tried < 12 {
		t.Errorf("only %d documents were tried", tried)
	}
}

// mendCase returns how many documents the case prints.
func mendCase(t *testing.T) (pasted int) {
	args := strings.Split(strings.TrimRight(read(t, "args"), "\n"), "\n")
	at := slices.Index(args, "--snapshot")
	if at < 0 || !strings.Contains(read(t, "err.txt"), "mend: ") {
		return 0
	}
	text, err := os.ReadFile(args[at+1])
	if err != nil || !json.Valid(text) {
		return 0 // a case about a snapshot that can't be read
	}
	before := reportOf(t, args)
	var mended []reportedFinding
	facts := decodeFacts(t, string(text))
	seen := map[string]bool{}
	for _, f := range before {
		if f.Status != "fail" || !strings.Contains(f.Hint, "\n") {
			continue
		}
		if !seen[f.Hint] {
			seen[f.Hint] = true
			pasted += paste(t, facts, f.Hint)
		}
		mended = append(mended, f)
	}
	if pasted == 0 {
		return 0
	}
	args[at+1] = writeFacts(t, facts)
	for _, f := range reportOf(t, args) {
		for _, was := range mended {
			if f.Status != "pass" && f.Code == was.Code && f.Message == was.Message {
				t.Errorf("with the mend in place: %s: %s\n%s", f.Code, f.Message, f.Hint)
			}
		}
	}
	return pasted
}

// reportOf runs a case and returns its findings.
func reportOf(t *testing.T, args []string) []reportedFinding {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	ccx(t, read(t, "in.yaml"), append([]string{"--report", "json=" + file}, args...)...)
	text, err := os.ReadFile(file)
	if err != nil {
		return nil // a usage error has no report
	}
	var r reported
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r.all()
}
