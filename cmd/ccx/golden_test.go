package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the cases print into their golden files")

// TestGolden runs every case. A case is a folder under testdata/ok or testdata/err:
//
//	args     the command line, an argument a line; without FILE, in.yaml is stdin
//	in.yaml  the input
//	env      KEY=VALUE lines, optional
//	out.yaml stdout of a case in ok; in err stdout is always the refusal
//	err.txt  stderr
//	code     exit status of a case in err
func TestGolden(t *testing.T) {
	for _, kind := range []string{"ok", "err"} {
		dirs, err := filepath.Glob(filepath.Join("testdata", kind, "*"))
		if err != nil || len(dirs) == 0 {
			t.Fatalf("no cases in testdata/%s: %v", kind, err)
		}
		for _, dir := range dirs {
			t.Run(kind+"/"+filepath.Base(dir), func(t *testing.T) { runCase(t, dir, kind == "ok") })
		}
	}
}

func runCase(t *testing.T, dir string, good bool) {
	t.Chdir(dir)
	isolate(t)
	for _, line := range strings.Fields(optional(t, "env")) {
		key, value, _ := strings.Cut(line, "=")
		t.Setenv(key, value)
	}
	out, errs, code := ccx(t, read(t, "in.yaml"), strings.Split(strings.TrimRight(read(t, "args"), "\n"), "\n")...)
	if good {
		compare(t, "out.yaml", out)
		if code != exitDone {
			t.Errorf("exit status %d", code)
		}
	} else {
		if out != refusal {
			t.Errorf("stdout is not the refusal: %q", out)
		}
		compare(t, "code", strconv.Itoa(code)+"\n")
	}
	compare(t, "err.txt", errs)
	if good {
		again(t, out)
	}
}

// again holds the law `ccx | ccx` = `ccx`.
func again(t *testing.T, out string) {
	args := strings.Split(strings.TrimRight(read(t, "args"), "\n"), "\n")
	second, errs, code := ccx(t, out, args...)
	if code != exitDone || second != out {
		t.Errorf("ccx | ccx differs from ccx: status %d\n%s\n%s", code, errs, cmp.Diff(out, second))
	}
}

// ccx runs the command in this process.
func ccx(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, os.Getenv, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), code
}

// isolate keeps the machine's own AWS configuration out of a test.
func isolate(t *testing.T) {
	for _, pair := range os.Environ() {
		if key, _, _ := strings.Cut(pair, "="); strings.HasPrefix(key, "AWS_") {
			t.Setenv(key, "")
			os.Unsetenv(key)
		}
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("NO_COLOR", "")
	t.Setenv("CLICOLOR_FORCE", "")
	t.Setenv("FORCE_COLOR", "")
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(read(t, file), got); diff != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", file, diff)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func optional(t *testing.T, file string) string {
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return read(t, file)
}

// TestGoldenCasesAreWhole guards the folders: a case without its files would pass for the wrong reason.
func TestGoldenCasesAreWhole(t *testing.T) {
	files := map[string][]string{"ok": {"args", "in.yaml", "out.yaml", "err.txt"}, "err": {"args", "in.yaml", "err.txt", "code"}}
	for kind, need := range files {
		dirs, _ := filepath.Glob(filepath.Join("testdata", kind, "*"))
		for _, dir := range dirs {
			for _, file := range need {
				if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
					t.Error(fmt.Errorf("%s: %w", dir, err))
				}
			}
		}
	}
}
