//go:build acceptance && (crosscheck || bench)

package acceptance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// said is one answer to a question: a verdict, or why there is none.
type said struct {
	Verdict   string   `json:"verdict"`
	DependsOn []string `json:"depends_on"`
	Error     string   `json:"error"`
	Refused   string   `json:"refused"`
}

// difference is one that is known: what it is, and the page of AWS that decides it. Each must occur, and no other may.
type difference struct {
	name   string
	page   string
	allows bool // ccx may say allowed where the peer does not, since the page does
	// fits says whether it explains these answers: ours first.
	fits func(q *asked, ccx, peer string) bool
}

// askAll gives every question to a program, a line each, and returns its answers.
func askAll(t *testing.T, questions []*asked, argv ...string) []said {
	t.Helper()
	var in bytes.Buffer
	for _, q := range questions {
		in.WriteString(q.text() + "\n")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env, cmd.Stdin, cmd.Dir = the.environ(), &in, t.TempDir()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%q: %v\n%s", argv, err, stderr.String())
	}
	t.Logf("%s: %d questions in %v", filepath.Base(argv[0]), len(questions), time.Since(start).Round(time.Millisecond))
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(questions) {
		t.Fatalf("%q: %d answers to %d questions", argv, len(lines), len(questions))
	}
	answers := make([]said, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &answers[i]); err != nil {
			t.Fatalf("%q: %v in %q", argv, err, line)
		}
	}
	return answers
}

// compare holds our answers against a peer's, and counts. Denied by whom is compared, too, unless coarse is set.
func compare(t *testing.T, questions []*asked, ours, theirs []said, known []difference, coarse bool) {
	t.Helper()
	agree, explained := map[string]int{}, make([]int, len(known))
	for i, q := range questions {
		if theirs[i].Verdict == "" || ours[i].Verdict == "" {
			t.Fatalf("no verdict: ccx %q, peer %q\n%s", ours[i].Error, theirs[i].Refused, q.text())
		}
		ccx, peer := ours[i].Verdict, theirs[i].Verdict
		if ccx == peer || coarse && strings.HasSuffix(ccx, "_deny") && strings.HasSuffix(peer, "_deny") {
			agree[ccx]++
			continue
		}
		found := false
		for j, d := range known {
			if found = d.fits(q, ccx, peer) && (ccx != "allowed" || d.allows); found {
				explained[j]++
				break
			}
		}
		if !found && !t.Failed() {
			t.Errorf("ccx says %s (depends on %q), the peer %s\n%s", ccx, ours[i].DependsOn, peer, q.text())
		} else if !found {
			explained = append(explained, 1)
		}
	}
	t.Logf("agree: %v", agree)
	for j, n := range explained[:len(known)] {
		t.Logf("%5d differ: %s (%s)", n, known[j].name, known[j].page)
		if n == 0 {
			t.Errorf("no question shows the difference %q any more", known[j].name)
		}
	}
	if more := len(explained) - len(known); more > 0 {
		t.Errorf("and %d more differences without a name", more)
	}
	for _, v := range []string{"allowed", "implicit_deny", "explicit_deny"} {
		if agree[v] < len(questions)/20 && !(coarse && v == "explicit_deny") {
			t.Errorf("only %d of %d questions are answered %s: too few to show anything", agree[v], len(questions), v)
		}
	}
}

// questions makes n questions. Those with the same seed are the same.
func questions(n int, g *generator) []*asked {
	out := make([]*asked, n)
	for i := range out {
		out[i] = g.question(fmt.Sprint(i))
	}
	return out
}

// node installs what the lock file names, once, into the repository's ignored .cache folder, and returns the script that answers.
// iam-simulate is under the AGPL: it is asked as a program of its own and is part of nothing.
func node(t *testing.T) (script string) {
	t.Helper()
	from := filepath.Join(the.root, "cmd", "ccx", "acceptance", "iam-simulate")
	sum := sha256.New()
	files := map[string]string{}
	for _, name := range []string{"package.json", "package-lock.json", "answer.mjs"} {
		files[name] = read(t, filepath.Join(from, name))
		sum.Write([]byte(files[name]))
	}
	dir := filepath.Join(the.root, ".cache", fmt.Sprintf("npm-%x", sum.Sum(nil)[:8]))
	unlock, err := lock(filepath.Join(the.root, ".cache", "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ready := filepath.Join(dir, "ready")
	if _, err := os.Stat(ready); err == nil {
		return filepath.Join(dir, "answer.mjs")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm ci (it needs Node.js 18 or newer and a package registry): %v\n%s", err, out)
	}
	if err := os.WriteFile(ready, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "answer.mjs")
}

// TestPeerIAMSimulate holds decisions over every layer against @cloud-copilot/iam-simulate.
func TestPeerIAMSimulate(t *testing.T) {
	all := questions(10_000, newGenerator(1, false))
	ours := askAll(t, all, the.ccx(), "simulate", "--lines")
	theirs := askAll(t, all, "node", node(t))
	compare(t, all, ours, theirs, simulateDifferences, false)
}

// TestPeerVersity holds decisions by identity policies against versitygw's.
func TestPeerVersity(t *testing.T) {
	all := questions(20_000, newGenerator(2, true))
	bin := filepath.Join(t.TempDir(), "versity")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".")
	build.Dir = filepath.Join(the.root, "cmd", "ccx", "acceptance", "versity")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	compare(t, all, askAll(t, all, the.ccx(), "simulate", "--lines"), askAll(t, all, bin), versityDifferences, false)
}
