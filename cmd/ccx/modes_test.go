package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRemoveTakesBackWhatCcxPutIn(t *testing.T) {
	isolate(t)
	with, _, code := ccx(t, good, offline()...)
	if code != exitDone || with == good {
		t.Fatalf("status %d", code)
	}
	without, stderr, code := ccx(t, with, "--remove", "--offline")
	if code != exitDone || without != good || !strings.Contains(stderr, "no profile at 1 site") {
		t.Errorf("status %d\n%s\n%s", code, without, stderr)
	}
	if _, stderr, code := ccx(t, with, "--remove", "-p", arn); code != exitUsage {
		t.Errorf("--remove with -p: status %d %s", code, stderr)
	}
}

func TestTemplateKeepsEveryExpression(t *testing.T) {
	isolate(t)
	text := "cloud_id: {{env[\"ANYSCALE_CLOUD_ID\"]}}\nhead_node_type:\n  name: head\n  instance_type: ${HEAD}\nworker_node_types: []\n{% if x %}\n# x\n{% endif %}\n"
	if _, _, code := ccx(t, text, offline()...); code != exitWrong {
		t.Errorf("a template passes unasked: status %d", code)
	}
	stdout, stderr, code := ccx(t, text, offline("--template")...)
	if code != exitDone {
		t.Fatalf("status %d: %s", code, stderr)
	}
	for _, line := range strings.SplitAfter(text, "\n") {
		if !strings.Contains(stdout, line) {
			t.Errorf("%q is lost in\n%s", line, stdout)
		}
	}
}

func TestDiffShowsTheSplices(t *testing.T) {
	isolate(t)
	stdout, _, code := ccx(t, good, offline("--diff", "--stdin-name", "train.yaml")...)
	want := "--- train.yaml\n+++ train.yaml\n@@ -1,3 +1,6 @@\n cloud: prod-usw2\n head_node:\n   instance_type: m5.2xlarge\n+advanced_instance_config:\n+  IamInstanceProfile:\n+    Arn: " + arn + "\n"
	if code != exitDone || stdout != want {
		t.Errorf("status %d\n%s", code, stdout)
	}
	with, _, _ := ccx(t, good, offline()...)
	if stdout, _, code := ccx(t, with, offline("--diff")...); code != exitDone || stdout != "--- <stdin>\n+++ <stdin>\n" {
		t.Errorf("nothing to change: status %d, %q", code, stdout)
	}
}

// TestDiffIsTheChange: what the diff adds and takes away makes the output out of the input, in that order, also where
// several sites end at one byte.
func TestDiffIsTheChange(t *testing.T) {
	isolate(t)
	for name, text := range map[string]string{
		"two sites end at one byte": "cloud: c\nhead_node: {instance_type: m5.large}\nworker_nodes:\n- instance_type: m5.large\n  advanced_instance_config:\n    EbsOptimized: true\n",
		"no last line end":          "cloud: c\nworker_nodes:\n- instance_type: m5.large\n  advanced_instance_config:\n    EbsOptimized: true",
		"null in its place":         "cloud: c\nadvanced_instance_config: null # none yet\nworker_nodes: []\n",
		"a printout":                "name: n\nid: x\nconfig:\n  cloud: c\n  worker_nodes:\n  - instance_type: m5.large\n    advanced_instance_config:\n      EbsOptimized: true\n",
		"two documents":             "cloud: c\nhead_node:\n  instance_type: m5.large\n---\naws:\n  EbsOptimized: true\n",
	} {
		want, _, _ := ccx(t, text, offline()...)
		diff, _, code := ccx(t, text, offline("--diff")...)
		if got := patched(text, diff); code != exitDone || got != want {
			t.Errorf("%s: status %d, the diff makes\n%s\nnot\n%s", name, code, got, want)
		}
	}
}

// patched applies a unified diff to a text.
func patched(text, diff string) string {
	var out strings.Builder
	left := strings.SplitAfter(text, "\n")
	const noBreak = "\n\\ No newline at end of file\n"
	lines := strings.SplitAfter(strings.ReplaceAll(diff, noBreak, "\x00\n"), "\n")
	at := 0
	for _, line := range lines[min(2, len(lines)):] {
		switch first := line[:min(1, len(line))]; first {
		case "@":
			var start int
			fmt.Sscanf(line, "@@ -%d", &start)
			for ; at < start-1; at++ {
				out.WriteString(left[at])
			}
		case "+":
			out.WriteString(line[1:])
		case " ":
			out.WriteString(line[1:])
			at++
		case "-":
			at++
		}
	}
	return strings.ReplaceAll(out.String(), "\x00\n", "") + strings.Join(left[min(at, len(left)):], "")
}

func TestUnknownKeysWarn(t *testing.T) {
	isolate(t)
	text := good + "a_field_of_next_year: 1\n"
	if _, _, code := ccx(t, text, offline()...); code != exitWrong {
		t.Errorf("status %d", code)
	}
	stdout, stderr, code := ccx(t, text, offline("--unknown-keys", "warn")...)
	if code != exitDone || !strings.Contains(stdout, "next_year") || !strings.Contains(stderr, "warning") {
		t.Errorf("status %d\n%s\n%s", code, stdout, stderr)
	}
}

func TestWriteInPlace(t *testing.T) {
	isolate(t)
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a, b, bad := put("a.yaml", good), put("b.yaml", good), put("bad.yaml", "head_nod: 1\n")
	stdout, stderr, code := ccx(t, "", offline("-w", a, bad, b)...)
	if code != exitWrong || stdout != "" {
		t.Errorf("status %d, stdout %q", code, stdout)
	}
	for _, file := range []string{a, b} {
		if !strings.Contains(read(t, file), arn) || !strings.Contains(stderr, file+": ml-train at 1 site") {
			t.Errorf("%s: %q\n%s", file, read(t, file), stderr)
		}
	}
	if read(t, bad) != "head_nod: 1\n" {
		t.Errorf("a bad file was changed: %q", read(t, bad))
	}
	if rest, _ := os.ReadDir(dir); len(rest) != 3 {
		t.Errorf("left behind: %v", rest)
	}
	for _, args := range [][]string{{"-w"}, {"-w", "-o", a, b}, {"-w", "--diff", a}} {
		if stdout, _, code := ccx(t, good, offline(args...)...); code != exitUsage || stdout != "" {
			t.Errorf("%v: status %d, stdout %q", args, code, stdout)
		}
	}
}

func TestTarget(t *testing.T) {
	isolate(t)
	legacy := "cloud: prod-usw2\nhead_node_type: {name: h, instance_type: m5.large}\nworker_node_types: []\n"
	stdout, _, code := ccx(t, legacy, offline("--target", "advanced_configurations_json")...)
	if code != exitDone || !strings.Contains(stdout, "\nadvanced_configurations_json:") {
		t.Errorf("status %d\n%s", code, stdout)
	}
	if stdout, stderr, code := ccx(t, good, offline("--target", "aws")...); code != exitUsage || stdout != refusal {
		t.Errorf("a new config has no aws: status %d %s", code, stderr)
	}
}
