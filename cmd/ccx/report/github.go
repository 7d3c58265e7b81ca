package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"ccx/transform/finding"
)

// githubFormat is GitHub's workflow commands: each finding becomes an annotation at its line.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
type githubFormat struct{}

// WriteRun implements Format. The last lines are plain: what came out and where the facts come from.
func (githubFormat) WriteRun(w io.Writer, r Run) error {
	var b bytes.Buffer
	said := map[string]bool{}
	for _, o := range r.Outcomes {
		fs := slices.DeleteFunc(slices.Clone(o.Findings), func(f finding.Finding) bool { return !spoken(f) })
		for i, f := range fs {
			if mendFollows(fs, i) {
				f.Hint = ""
			}
			line := annotation(o, f)
			if !elsewhere(o, f) || !said[line] {
				b.WriteString(line)
			}
			said[line] = true
		}
	}
	for _, line := range closing(r) {
		fmt.Fprintf(&b, "ccx: %s\n", line)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// annotation is one workflow command, with its line break.
func annotation(o Outcome, f finding.Finding) string {
	properties := []string{}
	add := func(name string, value any) {
		properties = append(properties, name+"="+escapeProperty(fmt.Sprint(value)))
	}
	if file := o.file(f); file != "" && (f.Place.Known() || !isFlag(f.Place)) {
		add("file", printable(slashed(file)))
	}
	if s, ok := o.spanOf(f.Place); ok {
		add("line", s.line)
		add("endLine", s.endLine)
		if s.line == s.endLine { // columns hold within one line only
			add("col", s.column)
			add("endColumn", s.endColumn)
		}
	}
	add("title", "ccx "+string(f.Code))
	message := strings.Join(append([]string{complaint(f)}, evidence(f)...), "\n")
	return fmt.Sprintf("::%s %s::%s\n", command(f.Level), strings.Join(properties, ","), escapeData(message))
}

// command is the workflow command of a level.
func command(l finding.Level) string {
	return [...]string{"notice", "warning", "error"}[l]
}

// escapeData and escapeProperty are the two escapes of actions/toolkit (packages/core/src/command.ts).
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// closing is what stands under the findings for people: the summary, and what it rests on.
func closing(r Run) []string {
	var lines []string
	if r.Summary != "" {
		lines = append(lines, printable(r.Summary))
	}
	if from := r.Facts.describe(); from != "" {
		lines = append(lines, from)
	}
	return lines
}

// describe says in words where facts come from, safe to show; "" when there were none.
func (f Facts) describe() string {
	var what string
	switch f.Source {
	case "aws":
		what = "facts read from AWS"
	case "snapshot":
		what = "facts from the snapshot " + f.Snapshot
		if f.SHA256 != "" {
			what += " (sha256 " + f.SHA256[:min(len(f.SHA256), 12)] + ")"
		}
	default:
		return ""
	}
	if when := stamp(f.TakenAt); when != "" {
		what += " at " + when
	}
	if f.Caller != "" {
		what += " by " + f.Caller
	}
	if f.Endpoint != "" {
		what += " through AWS_ENDPOINT_URL=" + f.Endpoint
	}
	return printable(what)
}
