package anyscale

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFindings runs the files of testdata/findings. Each holds cases: a line `==== name`, a document, a line `----`, and
// what is said about the document: level, code, line:column:length and message, then details and hints, indented.
func TestFindings(t *testing.T) {
	names, err := filepath.Glob("testdata/findings/*.txt")
	if err != nil || len(names) < 4 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var anew strings.Builder
			for _, c := range strings.Split(string(raw), "==== ")[1:] {
				title, body, _ := strings.Cut(c, "\n")
				in, want, _ := strings.Cut(body, "----\n")
				anew.WriteString("==== " + title + "\n" + in + "----\n" + findingsCase(t, title, in, want) + "\n")
			}
			if *update {
				if err := os.WriteFile(name, []byte(strings.TrimSuffix(anew.String(), "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// findingsCase runs one case and returns what is said.
func findingsCase(t *testing.T, title, in, want string) (got string) {
	t.Run(title, func(t *testing.T) {
		_, fs := open(t, in, Options{})
		got = lines(fs)
		if diff := cmp.Diff(strings.TrimRight(want, "\n"), strings.TrimRight(got, "\n")); diff != "" && !*update {
			t.Errorf("%s\n%s", in, diff)
		}
		for _, f := range fs {
			if f.Place.File != "x.yaml" || f.Place.Line < 1 || f.Place.Column < 1 || f.Place.Text == "" && f.Place.Length > 0 {
				t.Errorf("no good place: %+v", f.Place)
			}
			if strings.HasSuffix(f.Message, ".") || f.Message == "" || strings.ContainsAny(f.Message, "\n") {
				t.Errorf("no good message: %q", f.Message)
			}
		}
	})
	return got
}
