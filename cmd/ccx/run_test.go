package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	good = "cloud: prod-usw2\nhead_node:\n  instance_type: m5.2xlarge\n"
	arn  = "arn:aws:iam::111122223333:instance-profile/ml-train"
)

func offline(args ...string) []string { return append([]string{"-p", arn, "--offline"}, args...) }

func TestOutputFileIsWholeOrUntouched(t *testing.T) {
	isolate(t)
	dir := t.TempDir()
	out := filepath.Join(dir, "out.yaml")
	if err := os.WriteFile(out, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, _, code := ccx(t, "", offline("-o", out)...)
	if code != exitWrong || stdout != "" || read(t, out) != "before" {
		t.Fatalf("a failed run left %q, stdout %q, status %d", read(t, out), stdout, code)
	}
	stdout, stderr, code := ccx(t, good, offline("-o", out)...)
	if code != exitDone || stdout != "" || !strings.Contains(read(t, out), arn) {
		t.Fatalf("status %d, stdout %q, stderr %s", code, stdout, stderr)
	}
	if info, _ := os.Stat(out); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want that of the file before", info.Mode())
	}
	if rest, _ := os.ReadDir(dir); len(rest) != 1 {
		t.Errorf("temporary files are left: %v", rest)
	}
}

func TestOutputFollowsALinkAndRefusesAFolder(t *testing.T) {
	isolate(t)
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target.yaml"), filepath.Join(dir, "link.yaml")
	os.WriteFile(target, nil, 0o644)
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := ccx(t, good, offline("-o", link)...); code != exitDone || !strings.Contains(read(t, target), arn) {
		t.Errorf("status %d: %s", code, stderr)
	}
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced by a file")
	}
	if _, stderr, code := ccx(t, good, offline("-o", dir)...); code != exitUsage || !strings.Contains(stderr, "could not be written: is not a regular file") {
		t.Errorf("status %d: %s", code, stderr)
	}
	if _, _, code := ccx(t, good, offline("-o", filepath.Join(dir, "no", "out.yaml"))...); code != exitUsage {
		t.Errorf("status %d for a folder that is not there", code)
	}
}

func TestOutputMayBeTheInput(t *testing.T) {
	isolate(t)
	file := filepath.Join(t.TempDir(), "train.yaml")
	os.WriteFile(file, []byte(good), 0o644)
	if _, stderr, code := ccx(t, "", offline("-o", file, file)...); code != exitDone || !strings.Contains(read(t, file), arn) {
		t.Errorf("status %d: %s", code, stderr)
	}
}

func TestRunVerb(t *testing.T) {
	isolate(t)
	file := filepath.Join(t.TempDir(), "train.yaml")
	os.WriteFile(file, []byte(good), 0o644)
	tests := []struct {
		name   string
		args   []string
		want   int
		stdout string // contained in stdout
		stderr string // contained in stderr
	}{
		{"the command sees the file", offline(file, "--", "cat", "{}"), 0, arn, "ml-train at 1 site"},
		{"inside an argument", offline(file, "--", "sh", "-c", "basename {}"), 0, "train.yaml\n", ""},
		{"its own status", offline(file, "--", "sh", "-c", "exit 7 # {}"), 7, "", ""},
		{"its signal", offline(file, "--", "sh", "-c", "kill -9 $$ # {}"), 137, "", ""},
		{"no braces", offline(file, "--", "cat"), 2, "", "no {}"},
		{"no command", offline(file), 2, "", "COMMAND"},
		{"no file", offline("--", "cat", "{}"), 2, "", "one FILE"},
		{"no such command", offline(file, "--", "no-such-command-anywhere", "{}"), 2, "", "no such command"},
		{"a bad config", offline(os.DevNull, "--", "echo", "ran", "{}"), 1, "", "echo was not run"},
		{"undecided", []string{"-r", "ml", "--offline", file, "--", "echo", "ran", "{}"}, 3, "", "echo was not run"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stdout, stderr, code := ccx(t, "", append([]string{"run"}, tt.args...)...)
			if code != tt.want || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("status %d, want %d\nstdout: %s\nstderr: %s", code, tt.want, stdout, stderr)
			}
			if tt.want != 0 && strings.Contains(stdout, "ran") || strings.Contains(stdout, "ccx_error") {
				t.Errorf("stdout belongs to the command: %q", stdout)
			}
		})
	}
}

func TestRunVerbLeavesNoFile(t *testing.T) {
	isolate(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	file := filepath.Join(t.TempDir(), "train.yaml")
	os.WriteFile(file, []byte(good), 0o644)
	stdout, _, _ := ccx(t, "", append([]string{"run"}, offline(file, "--", "ls", "-l", "{}")...)...)
	if !strings.HasPrefix(stdout, "-rw-------") {
		t.Errorf("others may read the file: %s", stdout)
	}
	if rest, _ := os.ReadDir(temp); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
}

// endless is a pipe that never ends.
type endless struct{}

func (endless) Read([]byte) (int, error) { select {} }

func TestSignalWhileReadingRefuses(t *testing.T) {
	isolate(t)
	var out, errs strings.Builder
	done := make(chan int)
	go func() {
		done <- run(context.Background(), offline(), os.Getenv, endless{}, &out, &errs)
	}()
	time.Sleep(100 * time.Millisecond)
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	select {
	case code := <-done:
		if code != 143 || out.String() != refusal {
			t.Errorf("status %d, stdout %q", code, out.String())
		}
	case <-time.After(5 * time.Second):
		t.Fatal("ccx still waits for a pipe that never ends")
	}
}

// broken fails on reading or writing.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error)  { return 0, b.err }
func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestBrokenStreams(t *testing.T) {
	isolate(t)
	var out strings.Builder
	if code := run(context.Background(), offline(), os.Getenv, broken{errors.New("input/output error")}, &out, io.Discard); code != exitUsage || out.String() != refusal {
		t.Errorf("stdin: status %d, stdout %q", code, out.String())
	}
	if code := run(context.Background(), offline(), os.Getenv, strings.NewReader(good), broken{errors.New("no space left")}, io.Discard); code != exitUsage {
		t.Errorf("stdout: status %d", code)
	}
	if code := run(context.Background(), offline(), os.Getenv, strings.NewReader(good), broken{syscall.EPIPE}, io.Discard); code != exitDone {
		t.Errorf("closed pipe: status %d", code)
	}
}

func TestTooLargeInput(t *testing.T) {
	isolate(t)
	stdout, stderr, code := ccx(t, strings.Repeat("# x\n", maxInput/4+1), offline()...)
	if code != exitUsage || stdout != refusal || !strings.Contains(stderr, "larger than 10 MB") {
		t.Errorf("status %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

func TestPanicRefuses(t *testing.T) {
	var out, errs strings.Builder
	getenv := func(string) string { panic("boom") }
	code := run(context.Background(), []string{"--no-such-flag"}, getenv, strings.NewReader(""), &out, &errs)
	if code != exitUnknown || out.String() != refusal || !strings.Contains(errs.String(), "bug in ccx") {
		t.Errorf("status %d, stdout %q, stderr %q", code, out.String(), errs.String())
	}
}

func TestHelpAndVersion(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"--help"}, "anyscale compute-config create"},
		{[]string{"-h"}, "Everyday:"},
		{[]string{"help"}, "Verbs:"},
		{[]string{"help", "run"}, "ccx run [flags] FILE"},
		{[]string{"run", "--help"}, "COMMAND"},
		{[]string{"help", "s3/write"}, "PutObject"},
		{[]string{"help", "assumptions"}, "VPC endpoint"},
		{[]string{"version"}, "ccx "},
		{[]string{"--version"}, "ccx "},
	}
	for _, tt := range tests {
		stdout, stderr, code := ccx(t, "", tt.args...)
		if code != exitDone || !strings.Contains(stdout, tt.want) || stderr != "" || strings.Contains(stdout, "ccx_error") {
			t.Errorf("ccx %v: status %d, stderr %q\n%s", tt.args, code, stderr, stdout)
		}
	}
	if stdout, _, code := ccx(t, "", "help", "nonsense"); code != exitUsage || stdout != "" {
		t.Errorf("help nonsense: status %d, stdout %q", code, stdout)
	}
}

func TestHelpListsEveryFlag(t *testing.T) {
	var all strings.Builder
	for _, v := range append(verbs(), filterVerb()) {
		stdout, _, _ := ccx(t, "", strings.Fields(v.name+" --help")...)
		all.WriteString(stdout)
	}
	for _, r := range flagRows() {
		if !strings.Contains(all.String(), "--"+r.name) {
			t.Errorf("no help names --%s", r.name)
		}
	}
	for _, line := range strings.Split(all.String(), "\n") {
		if len(line) > 160 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
}

func TestColorRules(t *testing.T) {
	tests := []struct {
		args []string
		env  string
		want bool
	}{
		{nil, "", false}, // stderr is no terminal
		{[]string{"--color", "always"}, "", true},
		{nil, "CLICOLOR_FORCE=1", true},
		{nil, "FORCE_COLOR=0", false},
		{[]string{"--color", "never"}, "CLICOLOR_FORCE=1", false},
		{[]string{"--color", "always"}, "NO_COLOR=1", true},
	}
	for _, tt := range tests {
		isolate(t)
		if key, value, ok := strings.Cut(tt.env, "="); ok {
			t.Setenv(key, value)
		}
		_, stderr, _ := ccx(t, "", offline(tt.args...)...)
		if got := strings.Contains(stderr, "\x1b["); got != tt.want {
			t.Errorf("%v %s: colour %v, want %v", tt.args, tt.env, got, tt.want)
		}
	}
}

func TestNearVerb(t *testing.T) {
	for word, want := range map[string]string{"rnu": "run", "hlep": "help", "snapshoot": "snapshot", "chek": "check", "train.yaml": "", "x": "", "": ""} {
		if got := nearVerb(word); got != want {
			t.Errorf("nearVerb(%q) = %q, want %q", word, got, want)
		}
	}
}
