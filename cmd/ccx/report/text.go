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

// Outcome is what there is to say about one input.
type Outcome struct {
	Name     string            // the input's name, as findings show it
	Findings []finding.Finding // in order
	Summary  string            // the last line, without the "ccx: " before it; "" for none
}

// Text writes outcomes for people.
type Text struct {
	Color   bool // use ANSI colours
	Quiet   bool // only what stops the filter
	Verbose bool // what passed and what was skipped, too
}

// Write prints the findings that matter, each with its snippet, and the summary.
func (t Text) Write(w io.Writer, o Outcome) error {
	var b bytes.Buffer
	paint := painter{on: t.Color}
	shown := t.shown(o.Findings)
	for i, f := range shown {
		hint := f.Hint
		if i+1 < len(shown) && shown[i+1].Hint == hint && shown[i+1].Code != f.Code {
			hint = "" // the same mend follows under the next finding
		}
		place := f.Place
		if i > 0 && shown[i-1].Place == place {
			place.Text = "" // the line stands right above
		}
		writeFinding(&b, paint, f, place, hint)
	}
	if o.Summary != "" && !t.Quiet {
		fmt.Fprintf(&b, "ccx: %s\n", printable(o.Summary))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// shown picks what the reader asked to see.
func (t Text) shown(fs []finding.Finding) []finding.Finding {
	var out []finding.Finding
	for _, f := range fs {
		quiet := f.Status == finding.Pass || f.Status == finding.Skipped
		switch {
		case quiet && !t.Verbose, t.Quiet && !f.Stops():
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
