package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// soon fails the test if f hangs.
func soon(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("ccx hangs")
	}
}

// --timeout holds for what never ends: stdin, a FIFO that nobody writes to, and the list of files.
func TestTimeoutOfWhatNeverEnds(t *testing.T) {
	fleet(t, nil)
	if err := syscall.Mkfifo("fifo", 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		offline("--timeout", "50ms"), offline("--timeout", "50ms", "fifo"), {"check", "--offline", "--timeout", "50ms", "-"},
		{"check", "--offline", "--timeout", "50ms", "--files-from0", "-"}, append([]string{"run"}, offline("--timeout", "50ms", "-", "--", "echo", "ran", "{}")...),
	} {
		soon(t, func() {
			var out, errs strings.Builder
			code := run(t.Context(), args, os.Getenv, endless{}, &out, &errs)
			if code != exitUsage || !strings.Contains(errs.String(), "has not come to its end within 50ms") || strings.Contains(out.String(), "ran\n") {
				t.Errorf("%v: status %d, %q, %q", args, code, out.String(), errs.String())
			}
			if refused := out.String() == refusal; refused != (args[0] == "-p") {
				t.Errorf("%v: stdout %q", args, out.String())
			}
		})
	}
}

// A device or a stream is no place to put a file at: it would take the place of what others write to.
func TestOutputIsNoDevice(t *testing.T) {
	fleet(t, map[string]string{"log": "what others wrote\n"})
	log, err := os.OpenFile("log", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	for _, name := range []string{"/dev/stdout", "/dev/null", "/dev/fd/" + itoa(log.Fd()), "/proc/self/fd/" + itoa(log.Fd()), "/dev/../dev/null"} {
		stdout, stderr, code := ccx(t, good, offline("-o", name)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, "could not be written: is not a regular file") {
			t.Errorf("%s: status %d, %q\n%s", name, code, stdout, stderr)
		}
	}
	if read(t, "log") != "what others wrote\n" {
		t.Errorf("%q", read(t, "log"))
	}
	if stdout, _, code := ccx(t, good, offline("-o", "-")...); code != exitDone || !strings.Contains(stdout, arn) {
		t.Errorf("-o - is stdout: status %d, %q", code, stdout)
	}
	if stdout, _, code := ccx(t, "head_nod: 1\n", offline("-o", "-")...); code != exitWrong || stdout != refusal {
		t.Errorf("-o - is refused as stdout is: status %d, %q", code, stdout)
	}
}

func itoa(fd uintptr) string { return string(rune('0'+fd/10%10)) + string(rune('0'+fd%10)) }

// Names that are no UTF-8 are shown escaped and opened as they are, also to write.
func TestNamesThatAreNotUTF8AreOpened(t *testing.T) {
	name := "caf\xe9 \x1b[31m.yaml"
	fleet(t, map[string]string{name: good})
	stdout, stderr, code := ccx(t, "", offline(name)...)
	if code != exitDone || !strings.Contains(stdout, arn) || !strings.Contains(stderr, `caf\xe9 \x1b[31m.yaml: ml-train at 1 site`) {
		t.Errorf("status %d\n%s\n%q", code, stdout, stderr)
	}
	if _, stderr, code := ccx(t, "", offline("-w", name)...); code != exitDone || !strings.Contains(read(t, name), arn) || strings.Contains(stderr, "\x1b") {
		t.Errorf("status %d\n%q", code, stderr)
	}
	if _, stderr, code := ccx(t, good, offline("-o", "b\xff.yaml")...); code != exitDone || !strings.Contains(read(t, "b\xff.yaml"), arn) {
		t.Errorf("status %d\n%q", code, stderr)
	}
	list := name + "\x00"
	if files, _, code, _ := checkJSON(t, list, "--offline", "--files-from0", "-"); files != `caf\xe9 \x1b[31m.yaml` || code != exitDone {
		t.Errorf("%q %d", files, code)
	}
}

// A folder that can't be written to is told as such. No mode keeps root from writing, but Linux's /sys does.
func TestOutputIntoAFolderThatIsReadOnly(t *testing.T) {
	fleet(t, map[string]string{"dir/old.yaml": "before\n"})
	if err := os.Chmod("dir", 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod("dir", 0o700)
	dir := "dir"
	if os.Geteuid() == 0 {
		dir = "/sys"
	}
	for _, out := range []string{dir + "/new.yaml", dir + "/old.yaml"} {
		stdout, stderr, code := ccx(t, good, offline("-o", out)...)
		refused := strings.Contains(stderr, "permission denied") || strings.Contains(stderr, "read-only file system")
		if code != exitUsage || stdout != "" || !refused || !strings.Contains(stderr, out+": error: could not be written: ") {
			t.Errorf("%s: status %d, %q\n%s", out, code, stdout, stderr)
		}
	}
	if text := read(t, filepath.Join("dir", "old.yaml")); text != "before\n" {
		t.Errorf("%q", text)
	}
}
