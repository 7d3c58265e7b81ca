package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// inTree finds what looks like a path of the repository in the text of a document.
var inTree = regexp.MustCompile("`((?:cmd|transform|schema|examples|\\.ci|\\.github)/?[A-Za-z0-9_./-]*)`")

// TestDocumentsNameWhatIsThere: a path, a flag or a make target that a document for people names exists.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	atRoot(t)
	targets := read(t, "Makefile")
	for _, name := range []string{"README.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"} {
		text := read(t, name)
		for _, m := range inTree.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(m[1]); err != nil {
				t.Errorf("%s names %s: %v", name, m[1], err)
			}
		}
		for _, m := range regexp.MustCompile(`make ([a-z-]+)( [a-z-]+)?`).FindAllStringSubmatch(text, -1) {
			for _, target := range strings.Fields(m[1] + m[2]) {
				if strings.Contains(text, "`make "+target) && !strings.Contains(targets, "\n"+target+":") {
					t.Errorf("%s names make %s, which there is not", name, target)
				}
			}
		}
		if n := strings.Count(text, "```"); n%2 != 0 {
			t.Errorf("%s: a fence is left open", name)
		}
	}
}
