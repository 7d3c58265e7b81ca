package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/finding"
)

var fence = regexp.MustCompile("(?s)```[a-z]*\n(.*?)```")

// atRoot moves to the repository's root, where README's reader stands.
func atRoot(t *testing.T) string {
	t.Helper()
	isolate(t)
	t.Chdir("../..")
	return read(t, "README.md")
}

func TestREADMEFirstCommands(t *testing.T) {
	blocks := fence.FindAllStringSubmatch(atRoot(t), -1)
	first, ok := strings.CutPrefix(strings.TrimSpace(blocks[0][1]), "go run ./cmd/ccx ")
	if !ok {
		t.Fatalf("the first block is %q", blocks[0][1])
	}
	stdout, stderr, code := ccx(t, "", strings.Fields(first)...)
	if code != exitDone {
		t.Fatalf("status %d: %s", code, stderr)
	}
	if n := strings.Count(stdout, "instance-profile/ml-train"); n != 2 {
		t.Errorf("%d profiles in the output, want the cluster's and that of the node with its own instance config:\n%s", n, stdout)
	}
	if got := strings.TrimSpace(blocks[1][1]); got != "make test" {
		t.Errorf("the second block is %q", got)
	}
}

// TestREADMEReport shows a fault of the catalogue as its own test records it.
func TestREADMEReport(t *testing.T) {
	section(t, atRoot(t), "report", "```\n"+read(t, "examples/faults/deny-sub-prefix/report.txt")+"```\n")
}

// TestREADMEChecks: a row a check, with an anchor for each code. Families whose
// codes are always met together have a row.
func TestREADMEChecks(t *testing.T) {
	var b strings.Builder
	b.WriteString("| code | holds when | level |\n|---|---|---|\n")
	var codes, texts []string
	rows := finding.Table()
	for i, row := range rows {
		codes = append(codes, fmt.Sprintf("<a id=\"%s\"></a>`%s`", strings.ReplaceAll(string(row.Code), "/", "-"), row.Code))
		texts = append(texts, strings.ReplaceAll(row.Summary, "<placeholder>", "`<placeholder>`"))
		if joined := family(row); joined != "" && i+1 < len(rows) && family(rows[i+1]) == joined {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Join(codes, " "), strings.Join(texts, "; "), row.Level)
		codes, texts = nil, nil
	}
	section(t, atRoot(t), "checks", b.String())
}

// family is what a row shares with those that stand in one line with it; "" for a line of its own.
func family(row finding.Row) string {
	group, _, _ := strings.Cut(string(row.Code), "/")
	switch group {
	case "usage", "snapshot", "probe", "assume", "waive", "ecr", "pass-role":
		return fmt.Sprint(group, row.Level)
	}
	return ""
}

// section compares what stands between a pair of markers, or with -update rewrites it.
func section(t *testing.T, readme, name, want string) {
	t.Helper()
	pattern := regexp.MustCompile("(?s)(<!-- " + name + ":[^\n]*\n)(.*?)(<!-- /" + name + " -->)")
	found := pattern.FindStringSubmatchIndex(readme)
	if found == nil {
		t.Fatalf("README has no section %s", name)
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(readme[:found[4]]+want+readme[found[5]:]), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, readme[found[4]:found[5]]); diff != "" {
		t.Errorf("section %s differs (-want +got):\n%s", name, diff)
	}
}

// TestREADMEFlags holds README to flags and verbs that exist.
func TestREADMEFlags(t *testing.T) {
	known := map[string]bool{"--help": true}
	for _, r := range flagRows() {
		known["--"+r.name] = true
	}
	for _, flag := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(atRoot(t), -1) {
		if !known[flag] {
			t.Errorf("README names %s, which ccx has not", flag)
		}
	}
}
