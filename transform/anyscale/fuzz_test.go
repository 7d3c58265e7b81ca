package anyscale

import (
	"bytes"
	"path/filepath"
	"testing"

	"ccx/transform/document"
)

// FuzzInject holds the laws of what is written for any text: no panic; the output is the input with the listed
// splices; it reads back with the profile at every site; done again, nothing changes; taken out and put in again, the
// sites have it again.
func FuzzInject(f *testing.F) {
	names, err := filepath.Glob("testdata/inject/*.txt")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range names {
		g := readGolden(f, name)
		f.Add([]byte(g.in()), g.has("template"), uint8(1))
	}
	f.Fuzz(func(t *testing.T, src []byte, template bool, mode uint8) {
		file := readAny(src, template)
		if file == nil || len(src) > 64<<10 {
			return // a longer text says no more, and what is done to it ten times takes longer than the fuzzer waits
		}
		ref := Ref{ARN: profile}
		if mode&4 != 0 {
			ref = Ref{Name: "ml"}
		}
		res, fs := file.Inject(ref, nil, Mode(mode%3))
		if res.Out == nil {
			if !stopped(fs) {
				t.Fatal("no output, and no finding that says why")
			}
			return
		}
		if err := document.Explains(src, res.Out, res.Edits); err != nil {
			t.Fatalf("the edits don't explain the output: %v\n%s", err, res.Out)
		}
		again := readAny(res.Out, template)
		if again == nil {
			t.Fatalf("the output is refused:\n%s", res.Out)
		}
		twice, fs := again.Inject(ref, nil, Mode(mode%3))
		if !bytes.Equal(res.Out, twice.Out) {
			t.Fatalf("done twice it is\n%s\nnot\n%s\n%s", twice.Out, res.Out, said(fs))
		}
		takeOut(t, again, res)
	})
}

// readAny reads a text that may be anything; nil when something is said that stops the filter.
func readAny(src []byte, template bool) *File {
	parse := document.Parse
	if template {
		parse = document.ParseTemplate
	}
	doc, fs := parse("x.yaml", src)
	if doc == nil || stopped(fs) {
		return nil
	}
	file, fs := Read(doc, Options{Template: template})
	if file == nil || stopped(fs) {
		return nil
	}
	return file
}

// takeOut removes what was put in: no site has a profile then.
func takeOut(t *testing.T, file *File, res Result) {
	bare, _ := file.Remove()
	if bare.Out == nil {
		return // an alias or an empty rest stands in the way, which Remove says
	}
	if err := document.Explains(res.Out, bare.Out, bare.Edits); err != nil {
		t.Fatalf("the edits don't explain the removal: %v\n%s", err, bare.Out)
	}
	for _, d := range bare.Done {
		if d.Line != 0 && d.Action == Removed {
			t.Fatalf("%s still has a profile:\n%s", d.Site.Label, bare.Out)
		}
	}
}
