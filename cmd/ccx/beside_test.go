package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that a config names is found where the client looks, or beside the config; nothing leads out of there.
func TestReadBeside(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	t.Chdir(t.TempDir())
	put := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("Dockerfile", "here")
	put("jobs/Dockerfile", "there")
	put("jobs/own/Dockerfile", "own")
	put("jobs/big", strings.Repeat("x", maxInput+1))
	put(outside, "FROM secret")
	if err := os.Symlink(outside, "jobs/link"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ config, path, name, want string }{
		{"<stdin>", "Dockerfile", "Dockerfile", "here"},
		{"jobs/x.yaml", "./Dockerfile", "Dockerfile", "here"},
		{"jobs/x.yaml", "own/Dockerfile", "jobs/own/Dockerfile", "own"},
		{"jobs/x.yaml", "jobs/Dockerfile", "jobs/Dockerfile", "there"},
		{"jobs/x.yaml", "none", "", "error: no such file"},
		{"jobs/x.yaml", "link", "", "error: path escapes"},
		{"jobs/x.yaml", "own", "", "error: is not a regular file"},
		{"jobs/x.yaml", "big", "", "error: larger than 10 MB"},
		{"jobs/x.yaml", outside, "", "error: its path leads out"},
		{"jobs/x.yaml", "../" + filepath.Base(outside), "", "error: its path leads out"},
	} {
		name, text, err := readBeside(c.config, c.path)
		if err != nil {
			text, name = []byte("error: "+err.Error()), c.name
		}
		if !strings.HasPrefix(string(text), c.want) || filepath.ToSlash(name) != c.name {
			t.Errorf("%s of %s: %s %.40q", c.path, c.config, name, text)
		}
	}
}
