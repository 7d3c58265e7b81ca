//go:build crosscheck

package document

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"ccx/transform/finding"
)

// stricter lists the findings by which ccx refuses what PyYAML reads, on purpose.
func stricter(fs []finding.Finding) bool {
	for _, f := range fs {
		switch f.Code {
		case finding.ConfigDuplicate, finding.ConfigTemplate, finding.ConfigEmpty:
			return true
		}
		for _, words := range []string{"can't send", "can't be sent", "inside the value", "does not fit", "surrogate", "knows no such tag"} {
			if strings.Contains(f.Message, words) {
				return true
			}
		}
	}
	return false
}

// compareReaders reports how this reader and PyYAML differ on a text, or "".
func compareReaders(t *testing.T, py *pyProcess, text string) string {
	t.Helper()
	want := py.read(t, text)
	doc, fs := Parse("x", []byte(text))
	if want.Deep {
		if len(fs) == 0 {
			return "PyYAML runs out of stack, we accept"
		}
		return ""
	}
	if want.Err != "" {
		if len(fs) == 0 {
			return "PyYAML refuses, we accept: " + want.Err
		}
		return ""
	}
	if len(fs) > 0 {
		if stricter(fs) {
			return ""
		}
		return fmt.Sprintf("PyYAML accepts, we refuse at %d:%d: %s", fs[0].Place.Line, fs[0].Place.Column, fs[0].Message)
	}
	if len(doc.Roots) != len(want.OK) {
		return fmt.Sprintf("PyYAML reads %d documents, we %d", len(want.OK), len(doc.Roots))
	}
	for i, root := range doc.Roots {
		if got, want := encode(root), canonical(want.OK[i]); !sameEncoding(got, want) {
			return fmt.Sprintf("PyYAML reads %s, we %s", sortedJSON(want), sortedJSON(got))
		}
	}
	return ""
}

// TestPyYAMLRandom compares both readers on random texts.
func TestPyYAMLRandom(t *testing.T) {
	py := startPython(t)
	r := rand.New(rand.NewPCG(envInt("CCX_SEED", 1), 2))
	n := int(envInt("CCX_TEXTS", 20000))
	bad, read := 0, 0
	for range n {
		text := randomText(r)
		if _, fs := Parse("x", []byte(text)); len(fs) == 0 {
			read++
		}
		if diff := compareReaders(t, py, text); diff != "" {
			t.Errorf("%q\n  %s", text, diff)
			if bad++; bad > 25 {
				t.FailNow()
			}
		}
	}
	t.Logf("%d texts, %d of them read", n, read)
	if read < n/20 {
		t.Errorf("only %d of %d texts are YAML: the comparison says little", read, n)
	}
}

// TestPyYAMLReadsOutputs puts values into random documents and gives the outputs to PyYAML.
func TestPyYAMLReadsOutputs(t *testing.T) {
	py := startPython(t)
	r := rand.New(rand.NewPCG(envInt("CCX_SEED", 1), 5))
	outputs := 0
	for range envInt("CCX_TEXTS", 100) {
		text := randomDocument(r)
		d := mustParse(t, text)
		if diff := compareReaders(t, py, text); diff != "" {
			t.Errorf("%q\n  %s", text, diff)
		}
		everyMapping(d, func(n *Node, _ string) {
			path, value := setPaths[r.IntN(len(setPaths))], setValues[r.IntN(len(setValues))]
			out := checkSet(t, d, n, path, value)
			if out == nil {
				return
			}
			outputs++
			if diff := compareReaders(t, py, string(out)); diff != "" {
				t.Errorf("%q\n  %s", out, diff)
			}
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d outputs", outputs)
}
