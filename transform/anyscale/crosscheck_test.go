//go:build crosscheck

package anyscale

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ccx/transform/document"
)

// shapesOf has, for the words of a corpus' INDEX.tsv, the shapes that a file may be. "other" there is whatever its
// index could not tell.
var shapesOf = map[string][]Shape{
	"new": {ShapeNew}, "legacy": {ShapeLegacy},
	"job": {ShapeJob, ShapeLegacyJob, ShapeLegacyService}, "service": {ShapeService, ShapeLegacyService},
	"other": {ShapeWorkspace, ShapeLegacyJob},
}

// TestCorpus reads every file of the corpus in the folder CCX_CORPUS, whose INDEX.tsv says what each one is, and holds
// the laws of what is written for each. make crosscheck runs it; without a corpus it fails.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("CCX_CORPUS")
	index, err := os.ReadFile(filepath.Join(folder, "INDEX.tsv"))
	if err != nil {
		t.Fatalf("CCX_CORPUS must name a corpus: %v", err)
	}
	counts := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		row := strings.Split(line, "\t")
		t.Run(row[0], func(t *testing.T) {
			src, err := os.ReadFile(filepath.Join(folder, row[0]))
			if err != nil {
				t.Fatal(err)
			}
			counts[corpusFile(t, src, row[4], row[5], row[7])]++
		})
	}
	t.Log(counts)
	if counts["transformed"] < 150 {
		t.Errorf("only %d files can be transformed: %v", counts["transformed"], counts)
	}
}

// corpusFile checks one file and says what came of it.
func corpusFile(t *testing.T, src []byte, shape, inline, template string) string {
	opts := Options{Template: strings.Contains(template, "jinja") || strings.Contains(template, "${}")}
	parse := document.Parse
	if opts.Template {
		parse = document.ParseTemplate
	}
	doc, fs := parse("corpus", src)
	if doc == nil {
		if len(fs) == 0 {
			t.Error("refused without a reason")
		}
		return "unreadable"
	}
	file, fs := Read(doc, opts)
	if strings.HasPrefix(shape, "other(") {
		if file != nil {
			t.Errorf("%s is taken for a %s", shape, file.Shape)
		}
		return "no config"
	}
	if file == nil && shape == "other" {
		return "no config"
	}
	if file == nil {
		t.Fatalf("refused:\n%s", lines(fs))
	}
	if !slices.Contains(shapesOf[shape], file.Shape) {
		t.Errorf("%s, but the index says %s", file.Shape, shape)
	}
	if want := strings.HasPrefix(inline, "inline-") || inline == ""; want != (len(file.Configs) > 0) {
		t.Errorf("%d configs, but the index says %q", len(file.Configs), inline)
	}
	if len(file.Configs) == 0 {
		return "named or none"
	}
	for i := range file.Configs {
		file.Configs[i].Provider = AWS // the laws hold whoever it is for
	}
	return corpusLaws(t, file, src, opts)
}

func corpusLaws(t *testing.T, file *File, src []byte, opts Options) string {
	res, fs := file.Inject(Ref{ARN: profile}, nil, Replace)
	if res.Out == nil {
		t.Fatalf("not transformed:\n%s", lines(fs))
	}
	if err := document.Explains(src, res.Out, res.Edits); err != nil {
		t.Errorf("the edits don't explain the output: %v", err)
	}
	for _, e := range res.Edits {
		if e.Delete > 0 && !replaces(file, e) {
			t.Errorf("deletes %q", src[e.Offset:e.Offset+e.Delete])
		}
	}
	again, _ := file.reread(res.Out)
	for i := range again.Configs {
		again.Configs[i].Provider = AWS
	}
	twice, _ := again.Inject(Ref{ARN: profile}, nil, Replace)
	if !bytes.Equal(res.Out, twice.Out) {
		t.Errorf("done twice it is\n%s", twice.Out)
	}
	return "transformed"
}

// replaces reports whether a deletion is one that is allowed: of an existing profile or of an empty block.
func replaces(file *File, e document.Edit) bool {
	for _, s := range file.Sites() {
		if block := s.Node.Find(s.Path...); block != nil && !filled(block) || s.Existing != nil {
			return true
		}
	}
	return false
}
