//go:build acceptance

package acceptance

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// motoScript serves until its stdin is closed, which happens however the tests end: no server is left behind.
const motoScript = `import os, sys, threading
from moto.server import main
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main(["-H", "127.0.0.1", "-p", "0"])`

// startMoto starts moto, with AWS's own managed policies, on a free port of 127.0.0.1 and sets the.moto.
func startMoto() (stop func(), err error) {
	the.moto, stop, err = serve("moto", motoScript, "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "PYTHONUNBUFFERED=1")
	return stop, err
}

// serve runs a Python script that serves until its stdin is closed and says on stderr where it listens.
func serve(name, script string, env ...string) (url string, stop func(), err error) {
	cmd := exec.Command(filepath.Join(the.venv, "python"), "-c", script)
	cmd.Env = the.environ(env...)
	cmd.Dir = the.home
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("%s: %w", name, err)
	}
	stop = func() {
		_ = stdin.Close()
		kill := time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		kill.Stop()
	}
	address := make(chan string, 1)
	said := new(strings.Builder)
	go listen(stderr, said, address)
	select {
	case url, ok := <-address:
		if !ok {
			stop()
			return "", nil, fmt.Errorf("%s did not start:\n%s", name, said)
		}
		return url, stop, nil
	case <-time.After(time.Minute):
		stop()
		return "", nil, fmt.Errorf("%s did not say within a minute where it listens", name)
	}
}

// listen sends the address that a server prints, then drains what follows. Without an address it closes the channel.
func listen(stderr io.Reader, said *strings.Builder, address chan<- string) {
	running := regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if m := running.FindStringSubmatch(lines.Text()); m != nil {
			address <- m[1]
			_, _ = io.Copy(io.Discard, stderr)
			return
		}
		said.WriteString(lines.Text() + "\n")
	}
	close(address)
}
