//go:build crosscheck

package document

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ccx/transform/finding"
)

// corpusFiles returns the YAML and JSON files of the folder that CCX_CORPUS names.
func corpusFiles(t *testing.T) []string {
	t.Helper()
	folder := os.Getenv("CCX_CORPUS")
	if folder == "" {
		t.Fatal("CCX_CORPUS must name a folder of configs")
	}
	var files []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasSuffix(path, ".tsv") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no files under %s", folder)
	}
	return files
}

// TestCorpusRead shows what becomes of each file, for a reader to judge.
func TestCorpusRead(t *testing.T) {
	py := startPython(t)
	read := 0
	files := corpusFiles(t)
	for _, path := range files {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		doc, fs := Parse(filepath.Base(path), src)
		if diff := compareReaders(t, py, string(src)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		if len(fs) == 0 {
			read++
			continue
		}
		t.Logf("%s: doc %v, %d findings; PyYAML: %q", filepath.Base(path), doc != nil, len(fs), py.read(t, string(src)).Err)
		for _, f := range fs[:min(2, len(fs))] {
			t.Logf("    %d:%d %s [%s] (%s)\n        %s", f.Place.Line, f.Place.Column, f.Message, f.Code, f.Hint, f.Place.Text)
		}
	}
	t.Logf("%d files, %d read without a finding", len(files), read)
}

// TestCorpusSet puts a profile into every mapping of every file, one at a time, under all laws.
func TestCorpusSet(t *testing.T) {
	py := startPython(t)
	sets := 0
	for _, path := range corpusFiles(t) {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, parse := range []func(string, []byte) (*Document, []finding.Finding){Parse, ParseTemplate} {
			doc, found := parse(filepath.Base(path), src)
			if doc == nil || len(found) > 0 {
				continue
			}
			everyMapping(doc, func(n *Node, pointer string) {
				for _, where := range [][]string{{"aws", "IamInstanceProfile"}, {"IamInstanceProfile"}} {
					value := Map{{Key: "Arn", Value: testARN}}
					out := checkSet(t, doc, n, where, value)
					if out == nil {
						continue
					}
					sets++
					if doc.masked {
						continue
					}
					checkAgain(t, out, pointer, where, value)
					if diff := compareReaders(t, py, string(out)); diff != "" {
						t.Errorf("%s: %s\n%s", path, diff, out)
					}
				}
			})
		}
	}
	t.Logf("%d changes", sets)
}
