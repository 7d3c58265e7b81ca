package document

import (
	"os"
	"path/filepath"
	"testing"

	"ccx/transform/finding"
)

// seeds adds the texts of testdata/seeds to a fuzz target: every line end, style and trap that has a test of its own.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	files, err := filepath.Glob("testdata/seeds/*")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	var all [][]byte
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, text)
	}
	return all
}

// fuzzSize bounds the texts of FuzzSet in bytes.
const fuzzSize = 16 << 10

// FuzzParse reads anything: no panic, places inside the text, and a document or a reason why there is none.
func FuzzParse(f *testing.F) {
	for _, text := range seeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, parse := range []func(string, []byte) (*Document, int){parsed(Parse), parsed(ParseTemplate)} {
			d, found := parse("fuzz", text)
			if d == nil && found == 0 {
				t.Fatal("neither a document nor a finding")
			}
			if d == nil {
				continue
			}
			everyMapping(d, func(n *Node, _ string) {
				for _, e := range n.Entries() {
					for _, p := range []int{e.Value.Place().Offset, e.Value.KeyPlace().Offset, e.KeyNode.Place().Offset} {
						if p < 0 || p > len(text) {
							t.Fatalf("a place at %d of %d bytes", p, len(text))
						}
					}
					if s, ok := e.Value.Scalar(); ok {
						if p := e.Value.PlaceOf(0, len(s)); p.Length < 0 || p.Offset+p.Length > len(text) {
							t.Fatalf("a place at %d+%d of %d bytes", p.Offset, p.Length, len(text))
						}
					}
				}
			})
			d.Roots[0].Value()
		}
	})
}

// FuzzSet puts a value at a path of every mapping, under the three laws: the output is the input but for the listed
// edits, it reads as intended, and a second Set changes nothing. On texts that nobody would write Apply may refuse; the
// random documents of random_test.go, as people write them, it may not.
func FuzzSet(f *testing.F) {
	for i, text := range seeds(f) {
		f.Add(text, i, i)
	}
	f.Fuzz(func(t *testing.T, text []byte, path, value int) {
		if len(text) > fuzzSize {
			return // a change of each of many mappings in a long text takes longer than the fuzzer waits
		}
		d, found := Parse("fuzz", text)
		if d == nil || len(found) > 0 || len(d.Roots) != 1 || hasMerges(d) {
			return
		}
		p, v := setPaths[index(path, len(setPaths))], setValues[index(value, len(setValues))]
		everyMapping(d, func(n *Node, pointer string) {
			if out, _ := lawfulSet(t, d, n, p, v); out != nil {
				checkAgain(t, out, pointer, p, v)
			}
		})
	})
}

// parsed turns a parser's findings into their number, and checks their places.
func parsed(parse func(string, []byte) (*Document, []finding.Finding)) func(string, []byte) (*Document, int) {
	return func(name string, text []byte) (*Document, int) {
		d, found := parse(name, text)
		for _, f := range found {
			if f.Place.Offset < 0 || f.Place.Length < 0 || f.Place.Offset+f.Place.Length > len(text) || f.Message == "" {
				panic(f.Message + ": a place outside of the text")
			}
		}
		return d, len(found)
	}
}

func index(i, n int) int { return (i%n + n) % n }
