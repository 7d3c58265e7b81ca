//go:build acceptance

package acceptance

import (
	"bytes"
	"context"
	"io"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestRefusalOnSignal ends the program while it waits for its input, and while it waits for AWS: even then the stream
// that it leaves is one that the client refuses.
func TestRefusalOnSignal(t *testing.T) {
	for _, s := range []struct {
		name   string
		signal syscall.Signal
		code   int
	}{{"interrupt", syscall.SIGINT, 130}, {"terminate", syscall.SIGTERM, 143}} {
		t.Run(s.name+" while reading", func(t *testing.T) {
			got := interrupted(t, s.signal, false, "--offline", "-p", profileARN)
			checkInterrupted(t, got, s.code)
		})
		t.Run(s.name+" while asking AWS", func(t *testing.T) {
			got := interrupted(t, s.signal, true, "-p", profileARN, "-b", "acme-anyscale", "--region", "us-west-2")
			checkInterrupted(t, got, s.code)
		})
	}
}

func checkInterrupted(t *testing.T, got result, code int) {
	t.Helper()
	if got.code != code {
		t.Errorf("exit status %d, want %d\n%s", got.code, code, got.stderr)
	}
	if !strings.HasPrefix(got.stdout, "ccx_error:") || strings.Count(got.stdout, "\n") != 1 {
		t.Errorf("stdout is %q, want the refusing line", got.stdout)
	}
}

// interrupted starts ccx, waits until it is at work, sends the signal and returns what it left. With input, it works
// on asking an AWS that takes connections but never answers; without, the input never ends.
func interrupted(t *testing.T, signal syscall.Signal, input bool, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	asked := make(chan struct{}, 1)
	go acceptAll(silent, asked)
	cmd := exec.CommandContext(ctx, the.ccx(), args...)
	cmd.Env = append(the.environ("AWS_ENDPOINT_URL=http://"+silent.Addr().String()), keys{"AKIAEXAMPLE", "secret", ""}.environ()...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if input {
		_, _ = stdin.Write([]byte(goodNew))
		_ = stdin.Close()
		select {
		case <-asked:
		case <-ctx.Done():
			t.Fatal("ccx did not ask AWS")
		}
	} else {
		// More than a pipe holds: once it is written, ccx has begun to read.
		_, _ = io.WriteString(stdin, strings.Repeat("# to be continued\n", 20000))
	}
	_ = cmd.Process.Signal(signal)
	_ = cmd.Wait()
	return result{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}

// acceptAll takes connections, says so once, and answers nothing.
func acceptAll(l net.Listener, asked chan<- struct{}) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		select {
		case asked <- struct{}{}:
		default:
		}
	}
}

// TestReaderGone: a reader that goes away before it has read is no reason to complain.
func TestReaderGone(t *testing.T) {
	c := newConsole(t)
	got := c.shell(t, folder(t, twoWorkers), "ccx -q --offline -p "+profileARN+" < train.yaml | true")
	if got.code != 0 || strings.Contains(got.stderr, "pipe") {
		t.Errorf("exit status %d\n%s", got.code, got.stderr)
	}
}
