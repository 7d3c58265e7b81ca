//go:build acceptance && crosscheck

package acceptance

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCorpus is TestDifferential with the real configs of the folder that CCX_CORPUS names. Those that carry a profile
// keep it.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("CCX_CORPUS"), "*", "*.y*ml"))
	if err != nil || os.Getenv("CCX_CORPUS") == "" || len(files) == 0 {
		t.Fatalf("CCX_CORPUS must name a folder of folders of configs: %v", err)
	}
	trials := make([]trial, len(files))
	for i, file := range files {
		trials[i].input = read(t, file)
	}
	if passed := compareAll(t, trials); passed == 0 {
		t.Errorf("none of %d configs passes ccx", len(files))
	} else {
		t.Logf("%d of %d configs pass ccx", passed, len(files))
	}
}
