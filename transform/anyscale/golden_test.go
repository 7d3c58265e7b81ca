package anyscale

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/document"
	"ccx/transform/finding"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference before it is committed")

// golden is a file of testdata/inject: words that set the case, then sections that begin with `-- NAME --`: in, and
// what came of it: said, done, out.
type golden struct {
	words    []string
	sections map[string]string
}

func readGolden(t testing.TB, name string) golden {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(raw), "-- in --\n")
	g := golden{words: strings.Fields(head), sections: map[string]string{}}
	section := "in"
	for _, line := range strings.SplitAfter(rest, "\n") {
		if name, ok := strings.CutPrefix(strings.TrimSuffix(line, " --\n"), "-- "); ok && strings.HasSuffix(line, " --\n") {
			section = name
			continue
		}
		g.sections[section] += line
	}
	return g
}

func (g golden) has(word string) bool {
	for _, w := range g.words {
		if w == word {
			return true
		}
	}
	return false
}

// in is the input with what a text file can't hold well put in: other line breaks, no last newline.
func (g golden) in() string {
	in := g.sections["in"]
	switch {
	case g.has("crlf"):
		in = strings.ReplaceAll(in, "\n", "\r\n")
	case g.has("cr"):
		in = strings.ReplaceAll(in, "\n", "\r")
	case g.has("no-newline"):
		in = strings.TrimSuffix(in, "\n")
	case g.has("bom"):
		in = "\ufeff" + in
	}
	return in
}

// shown undoes in, so that outputs are readable; it would show a line break of the wrong kind.
func (g golden) shown(out []byte) string {
	s := string(out)
	switch {
	case g.has("crlf"):
		s = strings.ReplaceAll(s, "\r\n", "\n")
	case g.has("cr"):
		s = strings.ReplaceAll(s, "\r", "\n")
	case g.has("bom") && s != "":
		var kept bool
		if s, kept = strings.CutPrefix(s, "\ufeff"); !kept {
			s = "(no byte order mark)\n" + s
		}
	}
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n(no newline)\n"
	}
	return s
}

func (g golden) options() Options {
	o := Options{Template: g.has("template"), UnknownKeys: g.has("unknown-keys")}
	for _, w := range g.words {
		if key, ok := strings.CutPrefix(w, "target="); ok {
			o.Target = key
		}
	}
	return o
}

// inject does to a file what the case says.
func (g golden) inject(f *File) (Result, []finding.Finding) {
	ref := Ref{ARN: profile}
	if g.has("name") {
		ref = Ref{Name: "ml"}
	}
	switch {
	case g.has("remove"):
		return f.Remove()
	case g.has("keep"):
		return f.Inject(ref, nil, Keep)
	case g.has("replace"):
		return f.Inject(ref, nil, Replace)
	}
	return f.Inject(ref, nil, Refuse)
}

func TestInject(t *testing.T) {
	names, err := filepath.Glob("testdata/inject/*.txt")
	if err != nil || len(names) < 40 {
		t.Fatal(len(names), "cases", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			g := readGolden(t, name)
			said, done, out := g.outcome(t)
			if *update {
				text := strings.Join(g.words, " ") + "\n-- in --\n" + g.sections["in"] + "-- said --\n" + said + "-- done --\n" + done + "-- out --\n" + out
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for section, got := range map[string]string{"said": said, "done": done, "out": out} {
				if diff := cmp.Diff(g.sections[section], got); diff != "" {
					t.Errorf("%s:\n%s", section, diff)
				}
			}
		})
	}
}

// outcome runs a case and holds the laws that every output obeys.
func (g golden) outcome(t *testing.T) (said, done, out string) {
	file, fs := open(t, g.in(), g.options())
	if file == nil || stopped(fs) {
		return lines(fs), "", ""
	}
	res, more := g.inject(file)
	for _, d := range res.Done {
		done += fmt.Sprintf("%s: %s, line %d\n", d.Site.Label, d.Action, d.Line)
	}
	if res.Out == nil {
		if !stopped(more) {
			t.Error("no output, and no finding that says why")
		}
		return lines(append(fs, more...)), "", ""
	}
	g.laws(t, res)
	return lines(append(fs, more...)), fmt.Sprintf("+%d ~%d\n", res.Added, res.Changed) + done, g.shown(res.Out)
}

// laws: the output is the input with the listed splices; done again, nothing changes; and no new finding comes.
func (g golden) laws(t *testing.T, res Result) {
	in := []byte(g.in())
	if err := document.Explains(in, res.Out, res.Edits); err != nil {
		t.Errorf("the edits don't explain the output: %v", err)
	}
	again, fs := open(t, string(res.Out), g.options())
	if again == nil || stopped(fs) {
		t.Fatalf("the output is refused:\n%s", said(fs))
	}
	twice, fs := g.inject(again)
	if !bytes.Equal(res.Out, twice.Out) || stopped(fs) {
		t.Errorf("done twice it is\n%s\n%s", twice.Out, said(fs))
	}
	for _, d := range twice.Done {
		if d.Action.writes() {
			t.Errorf("the second time %s is %s", d.Site.Label, d.Action)
		}
	}
}

// lines shows findings with their details and hints, a line each.
func lines(fs []finding.Finding) string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(said([]finding.Finding{f}) + "\n")
		for _, d := range append(f.Details, strings.Split(f.Hint, "\n")...) {
			if d != "" {
				b.WriteString("    " + d + "\n")
			}
		}
	}
	return b.String()
}
