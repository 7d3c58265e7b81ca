package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Every example must pass with the snapshot beside it: they are what people copy.
func TestExamples(t *testing.T) {
	isolate(t)
	t.Chdir("../../examples")
	files, _ := filepath.Glob("*.yaml")
	if len(files) < 5 {
		t.Fatalf("only %d examples", len(files))
	}
	for _, file := range files {
		stdout, stderr, code := ccx(t, "", "-p", "ml-train", "-b", "acme-anyscale", "--existing", "keep", "--snapshot", "snapshot.json", file)
		if code != exitDone || !strings.Contains(stdout, "IamInstanceProfile") || strings.Contains(stderr, "warning") {
			t.Errorf("%s: status %d\n%s", file, code, stderr)
		}
		if again, _, _ := ccx(t, stdout, "-p", "ml-train", "-b", "acme-anyscale", "--snapshot", "snapshot.json"); again != stdout {
			t.Errorf("%s: a second run changes the output", file)
		}
	}
}

// The printout of a cloud must say all that the flags would.
func TestExampleCloud(t *testing.T) {
	isolate(t)
	t.Chdir("../../examples")
	_, stderr, code := ccx(t, "", "-p", "ml-train", "--cloud-file", "clouds", "--snapshot", "snapshot.json", "train.yaml")
	if code != exitDone || !strings.Contains(stderr, "s3://acme-anyscale") || !strings.Contains(stderr, "session policies") { // the control plane's: it was judged, too
		t.Errorf("status %d\n%s", code, stderr)
	}
}
