//go:build acceptance

package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
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
