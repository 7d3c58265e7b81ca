// Package report turns findings into bytes, a file a format.
//
// text.go is the voice of ccx on stderr. Its rules: a finding starts with file:line:column, so that editors and CI can
// follow it; then what is wrong, the code in brackets, the source line with a caret, the evidence and the mend. Lower
// case at the start, no full stop at the end. The last line says what came out. Nothing from a config, a policy or AWS
// reaches the screen but through printable.
package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"ccx/transform/finding"
)

// Text writes outcomes for people.
type Text struct {
	Color   bool // use ANSI colours
	Quiet   bool // only what stops the filter
	Verbose bool // what passed and what was skipped, too
	Width   int  // columns of the terminal, to which source lines are cut; 0 where it is none
}

// Write prints the findings of one input that matter, each with its snippet, and the summary.
func (t Text) Write(w io.Writer, o Outcome) error {
	var b bytes.Buffer
	t.write(&b, o, nil)
	_, err := w.Write(b.Bytes())
	return err
}

// WriteRun implements Format: all inputs, then one last line. What many inputs share is said once.
func (t Text) WriteRun(w io.Writer, r Run) error {
	var b bytes.Buffer
	seen := newMemory(r.Outcomes)
	for _, o := range r.Outcomes {
		if !t.Verbose {
			o.Summary = ""
		}
		t.write(&b, o, seen)
	}
	if t.Verbose {
		for _, s := range r.Skipped {
			fmt.Fprintf(&b, "ccx: %s skipped: %s\n", printable(s.Name), printable(s.Reason))
		}
		if from := r.Facts.describe(); from != "" {
			fmt.Fprintf(&b, "ccx: %s\n", from)
		}
	}
	if r.Summary != "" && !t.Quiet {
		fmt.Fprintf(&b, "ccx: %s\n", printable(r.Summary))
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (t Text) write(b *bytes.Buffer, o Outcome, seen *memory) {
	paint := painter{on: t.Color, width: t.Width}
	shown := t.shown(o, seen)
	var tree []string
	if t.Verbose && !t.Quiet {
		tree = treeOf(o, paint)
	}
	var above map[string]bool // evidence that stands above already, at the same place
	for i, f := range shown {
		if tree != nil && f.Status == finding.Pass && onTheWay(f) {
			f.Details = nil // the tree says what it rests on
		}
		f.Details = append(f.Details[:len(f.Details):len(f.Details)], seen.concerns(o, f)...)
		hint := f.Hint
		if mendFollows(shown, i) {
			hint = ""
		}
		place := f.Place
		if i > 0 && shown[i-1].Place == place {
			place.Text = "" // the line stands right above
		} else {
			above = map[string]bool{}
		}
		if f.Status != finding.Pass {
			f.Details = fresh(f.Details, above)
		}
		writeFinding(b, paint, f, place, seen.mend(f, hint))
	}
	for _, line := range tree {
		fmt.Fprintln(b, line)
	}
	if o.Summary != "" && !t.Quiet {
		fmt.Fprintf(b, "ccx: %s\n", printable(o.Summary))
	}
}

// fresh returns the lines that were not said yet, and remembers them: six checks may fail for one reason.
func fresh(lines []string, said map[string]bool) []string {
	var out []string
	for _, line := range lines {
		if !said[line] {
			out = append(out, line)
		}
		said[line] = true
	}
	return out
}

// shown picks what the reader asked to see.
func (t Text) shown(o Outcome, seen *memory) []finding.Finding {
	var out []finding.Finding
	for _, f := range o.Findings {
		if !spoken(f) && !t.Verbose || t.Quiet && !o.stops(f) || seen.again(o, f) {
			continue
		}
		out = append(out, f)
	}
	return out
}

func writeFinding(b *bytes.Buffer, paint painter, f finding.Finding, place finding.Place, hint string) {
	word := levelWord(f)
	fmt.Fprintf(b, "%s: %s: %s %s\n", paint.bold(head(f.Place)), paint.level(f, word), printable(f.Message), paint.faint("["+string(f.Code)+"]"))
	lines := snippet(place, paint)
	indent := "  "
	if f.Place.Known() {
		indent = strings.Repeat(" ", len(fmt.Sprint(f.Place.Line))+1)
	}
	for _, line := range lines {
		fmt.Fprintln(b, line)
	}
	for _, d := range f.Details {
		fmt.Fprintf(b, "%s= %s\n", indent, printable(d))
	}
	writeHint(b, indent, hint)
}

// mendFollows reports whether the next finding has the same mend: once is enough, under the last.
func mendFollows(fs []finding.Finding, i int) bool {
	return i+1 < len(fs) && fs[i+1].Hint == fs[i].Hint && fs[i+1].Code != fs[i].Code
}

// writeHint prints the mend; what follows its first line is a document to paste, so it keeps its own indentation.
func writeHint(b *bytes.Buffer, indent, hint string) {
	if hint == "" {
		return
	}
	lines := strings.Split(hint, "\n")
	fmt.Fprintf(b, "%s= mend: %s\n", indent, printable(lines[0]))
	for _, line := range lines[1:] {
		fmt.Fprintf(b, "%s        %s\n", indent, printable(line))
	}
}

// head is the place as editors and CI parse it; a flag stands for itself.
func head(p finding.Place) string {
	switch {
	case p.Known():
		return fmt.Sprintf("%s:%d:%d", printable(p.File), p.Line, p.Column)
	case p.File != "":
		return printable(p.File)
	}
	return "ccx"
}

func levelWord(f finding.Finding) string {
	if f.Waiver != nil {
		f.Waiver = nil
		return strings.Replace(levelWord(f), finding.Note.String(), "waived", 1)
	}
	switch f.Status {
	case finding.Pass, finding.Skipped:
		return f.Status.String()
	case finding.Unknown:
		if f.Level == finding.Error {
			return "cannot tell"
		}
		return f.Level.String() + ": cannot tell"
	}
	return f.Level.String()
}
