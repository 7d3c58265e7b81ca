//go:build acceptance && bench

package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBenchPeer prints how fast the built ccx answers lines, policies parsed anew for each, beside iam-simulate in the
// same run, which does as much: it validates and parses them each time, too.
func TestBenchPeer(t *testing.T) {
	var all bytes.Buffer
	if err := json.Compact(&all, []byte(read(t, filepath.Join(the.root, "transform", "policy", "testdata", "everyday.json")))); err != nil {
		t.Fatal(err)
	}
	var simple map[string]any
	if err := json.Unmarshal(all.Bytes(), &simple); err != nil {
		t.Fatal(err)
	}
	for _, layer := range []string{"boundary", "scps", "rcps"} {
		delete(simple, layer)
	}
	fmt.Printf("%-34s %14s   %s\n", "decisions, policies parsed anew", "ccx --lines", "iam-simulate, same run")
	script := node(t)
	for name, line := range map[string]string{"simple: identity and bucket policy": text(simple), "all layers": all.String()} {
		fmt.Printf("%-34s %12.0f/s   %d/s\n", name, linesPerSecond(t, line), peerPerSecond(t, script, line))
	}
}

// linesPerSecond is how many such lines ccx answers in a second.
func linesPerSecond(t *testing.T, line string) float64 {
	t.Helper()
	const n = 50_000
	cmd := exec.CommandContext(t.Context(), the.ccx(), "simulate", "--lines")
	cmd.Env, cmd.Stdin = the.environ(), strings.NewReader(strings.Repeat(line+"\n", n))
	start := time.Now()
	out, err := cmd.Output()
	if err != nil || bytes.Count(out, []byte(`"verdict":"allowed"`)) != n {
		t.Fatalf("ccx simulate --lines: %v", err)
	}
	return n / time.Since(start).Seconds()
}

func peerPerSecond(t *testing.T, script, line string) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", script, "2000")
	cmd.Stdin = strings.NewReader(line + "\n")
	var got struct{ PerSecond int }
	if out, err := cmd.Output(); err != nil || json.Unmarshal(out, &got) != nil || got.PerSecond == 0 {
		t.Fatalf("iam-simulate: %v: %s", err, out)
	}
	return got.PerSecond
}
