//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// screen is a command on a terminal of its own, and what is typed there.
type screen struct {
	Argv    []string    `json:"argv"`
	Env     []string    `json:"env"`
	Dir     string      `json:"cwd"`
	Rows    int         `json:"rows"`
	Columns int         `json:"columns"`
	Timeout int         `json:"timeout"` // seconds
	Steps   [][2]string `json:"steps"`   // a text to wait for, and what is typed then
	Stdin   string      `json:"stdin,omitempty"`
	Stdout  string      `json:"stdout,omitempty"` // files in the terminal's place
	Stderr  string      `json:"stderr,omitempty"`
}

// shown is what the terminal got.
type shown struct {
	Output   string `json:"output"`
	Code     int    `json:"code"` // minus a signal's number
	TimedOut bool   `json:"timed_out"`
}

// show runs a command on a terminal (terminal.py says how).
func show(t *testing.T, s screen) shown {
	t.Helper()
	if s.Dir == "" {
		s.Dir = t.TempDir()
	}
	if s.Rows == 0 {
		s.Rows, s.Columns = 24, 100
	}
	if s.Timeout == 0 {
		s.Timeout = 60
	}
	s.Env = the.environ(append([]string{"TERM=xterm"}, s.Env...)...)
	spec, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join(the.root, "cmd", "ccx", "acceptance", "terminal.py"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := runScript(filepath.Join(the.venv, "python"), string(program), spec)
	if err != nil {
		t.Fatal(err)
	}
	var got shown
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// silentAWS takes connections and never answers.
func silentAWS(t *testing.T) []string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go acceptAll(listener, make(chan struct{}, 1))
	return append(keys{"AKIAEXAMPLE", "secret", ""}.environ(), "AWS_ENDPOINT_URL=http://"+listener.Addr().String(), "AWS_MAX_ATTEMPTS=1")
}

// With nothing piped in, ccx says what to type rather than wait for it.
func TestStdinIsATerminal(t *testing.T) {
	for args, want := range map[string]string{
		"-p ml-train -b acme-anyscale --offline": "ccx -p PROFILE -b BUCKET < train.yaml", "check --offline --files-from0 -": "nothing to read: stdin is a terminal",
		"check --offline -": "nothing to read", "simulate --lines": "ccx simulate --lines < questions.jsonl", "-w -p x --offline -": "stdin is a terminal",
	} {
		got := show(t, screen{Argv: append([]string{the.ccx()}, strings.Fields(args)...), Timeout: 20})
		if got.Code != 2 || got.TimedOut || !strings.Contains(got.Output, want) {
			t.Errorf("ccx %s: %+v", args, got)
		}
	}
}

// Colour is for a terminal, and for people who want it.
func TestColourOnATerminal(t *testing.T) {
	for _, tt := range []struct {
		args, env string
		want      bool
	}{
		{"", "", true}, {"", "NO_COLOR=1", false}, {"", "NO_COLOR=", true}, {"", "TERM=dumb", false}, {"", "CLICOLOR=0", false}, {"", "CLICOLOR=1", true},
		{"--color never", "CLICOLOR_FORCE=1", false}, {"--color always", "NO_COLOR=1", true}, {"", "CLICOLOR_FORCE=1 TERM=dumb", true}, {"", "FORCE_COLOR=1 NO_COLOR=1", false},
	} {
		argv := strings.Fields("ccx --offline -p arn:aws:iam::1:role/x " + tt.args)
		argv[0] = the.ccx()
		got := show(t, screen{Argv: argv, Env: strings.Fields(tt.env), Stdin: os.DevNull, Stdout: os.DevNull})
		if coloured := strings.Contains(got.Output, "\x1b["); coloured != tt.want || got.Code != 1 {
			t.Errorf("%+v: %+v", tt, got)
		}
	}
	file := filepath.Join(t.TempDir(), "err.txt")
	if got := show(t, screen{Argv: []string{the.ccx(), "--offline", "-p", "x"}, Stdin: os.DevNull, Stderr: file}); strings.Contains(read(t, file), "\x1b") || got.Code != 1 {
		t.Errorf("stderr is a file: %q", read(t, file))
	}
}

// Who waits at a terminal sees what for; the line goes as it came. A file gets none of it.
func TestProgressOnATerminal(t *testing.T) {
	dir := fleetOf(t, 40)
	ask := []string{the.ccx(), "check", "-p", profileARN, "-b", "acme-anyscale", "--region", "us-west-2", "--timeout", "2s", "."}
	for _, tt := range []struct {
		env   []string
		ascii bool
	}{{[]string{"LC_ALL=C"}, true}, {[]string{"LC_ALL=", "LC_CTYPE=", "LANG=POSIX"}, true}, {[]string{"LANG=en_US.UTF-8"}, false}} {
		got := show(t, screen{Argv: ask, Dir: dir, Env: append(silentAWS(t), tt.env...)})
		if got.Code != 3 || !strings.Contains(got.Output, "\rccx: asking AWS... ") || !strings.Contains(got.Output, "\x1b[K") || !strings.Contains(got.Output, "40 files checked: 40 are undecided") {
			t.Errorf("%v: %+v", tt, got)
		}
		if _, after, _ := strings.Cut(got.Output, "cannot tell"); strings.Contains(after, "asking AWS") {
			t.Errorf("drawn into the report:\n%s", got.Output)
		}
		if ascii := strings.IndexFunc(got.Output, func(r rune) bool { return r > '~' }) < 0; tt.ascii && !ascii {
			t.Errorf("%v: more than ASCII in %q", tt.env, got.Output)
		}
	}
	for _, quiet := range []screen{
		{Argv: ask, Stderr: filepath.Join(t.TempDir(), "err.txt")}, {Argv: ask, Env: []string{"TERM=dumb"}}, {Argv: append(slices.Clone(ask), "-q")},
	} {
		quiet.Dir, quiet.Env = dir, append(silentAWS(t), quiet.Env...)
		got := show(t, quiet)
		if quiet.Stderr != "" {
			got.Output += read(t, quiet.Stderr)
		}
		if got.Code != 3 || strings.Contains(got.Output, "asking AWS...") {
			t.Errorf("%+v: %+v", quiet, got)
		}
	}
	filter := show(t, screen{Argv: []string{the.ccx(), "-p", profileARN, "-b", "acme-anyscale", "--region", "us-west-2", "--timeout", "2s", "0.yaml"}, Dir: dir, Env: silentAWS(t), Stdout: os.DevNull})
	if filter.Code != 3 || !strings.Contains(filter.Output, "ccx: asking AWS... ") || !strings.Contains(filter.Output, "no config written") {
		t.Errorf("%+v", filter)
	}
}

// fleetOf makes a folder of configs and one that is wrong.
func fleetOf(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		put(t, dir, map[string]string{fmt.Sprintf("%d.yaml", i): "head_node: {instance_type: m5.large}\n"})
	}
	return dir
}

// Ctrl-C at a terminal: what is known is told, and the status is the shell's.
func TestInterruptOnATerminal(t *testing.T) {
	dir := fleetOf(t, 3)
	put(t, dir, map[string]string{"wrong.yaml": "head_node: 7\n"})
	got := show(t, screen{
		Argv: []string{the.ccx(), "check", "-p", profileARN, "-b", "acme-anyscale", "--region", "us-west-2", "."}, Dir: dir, Env: silentAWS(t),
		Steps: [][2]string{{"asking AWS...", "\x03"}}, Timeout: 25,
	})
	if got.Code != 130 || got.TimedOut || !strings.Contains(got.Output, "wrong.yaml:1:12") || !strings.Contains(got.Output, "interrupted: 1 file checked: 1 fails; 3 skipped") {
		t.Errorf("%+v", got)
	}
}

// What blocks ccx for good must not keep it from ending, nor the reader from the refusal.
func TestInterruptWhileSomethingBlocks(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "facts.json")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for code, signal := range map[int]syscall.Signal{130: syscall.SIGINT, 143: syscall.SIGTERM} {
		cmd := exec.Command(the.ccx(), "-p", "ml-train", "-b", "acme-anyscale", "--snapshot", fifo)
		cmd.Env, cmd.Stdin = the.environ(), strings.NewReader(goodNew)
		var stdout bytes.Buffer
		cmd.Stdout = &stdout
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
		_ = cmd.Process.Signal(signal)
		timer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
		if cmd.ProcessState.ExitCode() != code || !strings.HasPrefix(stdout.String(), "ccx_error:") {
			t.Errorf("status %d, stdout %q", cmd.ProcessState.ExitCode(), stdout.String())
		}
	}
}

// A reader that has enough is no fault, whatever the verb.
func TestReaderThatHasEnough(t *testing.T) {
	dir := fleetOf(t, 300)
	for _, args := range []string{"check --offline -v .", "check --offline --report json .", "man", "completion zsh", "schema job", "help s3/read"} {
		got := run(t, command{argv: []string{"bash", "-c", "ccx " + args + " | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}"}, dir: dir})
		if got.stdout != "0\n" || got.stderr != "" {
			t.Errorf("ccx %s: status %s%s", args, got.stdout, got.stderr)
		}
	}
	for args, want := range map[string]string{"check --offline .": "no space left on device", "man": "no space left", "--offline -p " + profileARN + " 0.yaml": "could not be written: no space left"} {
		got := run(t, command{argv: []string{"bash", "-c", "ccx " + args + " >/dev/full"}, dir: dir})
		if got.code != 2 || !strings.Contains(got.stderr, want) {
			t.Errorf("ccx %s >/dev/full: status %d\n%s", args, got.code, got.stderr)
		}
	}
}
