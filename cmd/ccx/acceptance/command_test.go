//go:build acceptance

package acceptance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long one command may take: generous, since a machine may be busy, but not for ever.
const patience = 2 * time.Minute

// result is what a command left behind.
type result struct {
	code           int // exit status
	stdout, stderr string
}

// command is a program with its surroundings.
type command struct {
	argv  []string
	stdin string
	dir   string // a new temporary folder if empty
	env   []string
}

// run runs c to its end. Only a program that can't be started, or doesn't end, fails the test.
func run(t *testing.T, c command) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if c.dir == "" {
		c.dir = t.TempDir()
	}
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Env, cmd.Dir, cmd.Stdin = the.environ(c.env...), c.dir, bytes.NewBufferString(c.stdin)
	cmd.WaitDelay = 5 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		t.Fatalf("%q did not run to its end: %v (%v)\n%s", c.argv, err, ctx.Err(), stderr.String())
	}
	return result{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}

// ccx runs the built program with stdin and the arguments, without any AWS settings.
func ccx(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	return run(t, command{argv: append([]string{the.ccx()}, args...), stdin: stdin})
}

// write puts text into a new file of that name in a temporary folder and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read returns a file's text.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// runScript runs a Python program that reads stdin and returns what it prints.
func runScript(python, program string, stdin []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-c", program)
	cmd.Env, cmd.Dir, cmd.Stdin = the.environ(), the.home, bytes.NewReader(stdin)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("%w\n%s", err, exit.Stderr)
	}
	return out, err
}
