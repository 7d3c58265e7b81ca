//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The Makefile to include must leave nothing behind when ccx fails, and do nothing when nothing changed.
func TestMakefileToInclude(t *testing.T) {
	dir := t.TempDir()
	examples := filepath.Join(the.root, "examples")
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("Makefile", "include "+filepath.Join(examples, "ccx.mk")+"\nCCXFLAGS = -p ml-train -b acme-anyscale --snapshot "+filepath.Join(examples, "snapshot.json")+"\n")
	put("good.yaml", read(t, filepath.Join(examples, "train.yaml")))
	put("bad.yaml", "head_nod: {}\n")
	make := func(target string) result {
		t.Helper()
		return run(t, command{argv: []string{"make", target}, dir: dir})
	}
	if got := make("good.ccx.yaml"); got.code != 0 || !strings.Contains(read(t, filepath.Join(dir, "good.ccx.yaml")), "instance-profile/ml-train") {
		t.Errorf("make good.ccx.yaml: status %d\n%s", got.code, got.stderr)
	}
	if got := make("good.ccx.yaml"); !strings.Contains(got.stdout, "up to date") {
		t.Errorf("nothing changed, and make runs again: %s", got.stdout)
	}
	if got := make("bad.ccx.yaml"); got.code == 0 {
		t.Error("make bad.ccx.yaml succeeds")
	}
	if _, err := os.Stat(filepath.Join(dir, "bad.ccx.yaml")); err == nil {
		t.Error("a failed run left a file that looks up to date")
	}
}

// Even a program that leaves half a file must not leave it for make to take as made.
func TestMakeDeletesHalfAFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Makefile":  "include " + filepath.Join(the.root, "examples", "ccx.mk") + "\nCCX = ./half\n",
		"half":      "#!/bin/sh\necho 'head_node: {' >good.ccx.yaml\nexit 1\n",
		"good.yaml": "head_node: {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got := run(t, command{argv: []string{"make", "good.ccx.yaml"}, dir: dir})
	if _, err := os.Stat(filepath.Join(dir, "good.ccx.yaml")); got.code == 0 || err == nil {
		t.Errorf("status %d, left: %v\n%s", got.code, err == nil, got.stderr)
	}
}
