package anyscale

import (
	"fmt"
	"strings"
	"testing"

	"ccx/transform/document"
	"ccx/transform/finding"
)

const (
	profile = "arn:aws:iam::111122223333:instance-profile/ml"
	other   = "arn:aws:iam::111122223333:instance-profile/other"
)

// open parses and reads a text with the options given.
func open(t *testing.T, text string, opts Options) (*File, []finding.Finding) {
	t.Helper()
	parse := document.Parse
	if opts.Template {
		parse = document.ParseTemplate
	}
	doc, fs := parse("x.yaml", []byte(text))
	if doc == nil {
		t.Fatalf("%+v\n%s", fs, text)
	}
	return Read(doc, opts)
}

// said shows findings as a table row does: level code line:column:length message.
func said(fs []finding.Finding) string {
	var lines []string
	for _, f := range fs {
		lines = append(lines, fmt.Sprintf("%s %s %d:%d:%d %s", f.Level, f.Code, f.Place.Line, f.Place.Column, f.Place.Length, f.Message))
	}
	return strings.Join(lines, "\n")
}

// hints joins the findings' hints.
func hints(fs []finding.Finding) string {
	var lines []string
	for _, f := range fs {
		lines = append(lines, f.Hint)
	}
	return strings.Join(lines, "\n")
}

// text joins lines and ends the last one.
func text(lines ...string) string { return strings.Join(lines, "\n") + "\n" }

// finds is a table of texts and what is said about them.
type finds struct{ name, text, want, hint string }

func (c finds) run(t *testing.T, opts Options) {
	t.Run(c.name, func(t *testing.T) {
		_, fs := open(t, c.text, opts)
		if got := said(fs); got != c.want {
			t.Errorf("said\n%s\nnot\n%s\nof\n%s", got, c.want, c.text)
		}
		if got := hints(fs); c.hint != "" && !strings.Contains(got, c.hint) {
			t.Errorf("hint %q, not %q", got, c.hint)
		}
		for _, f := range fs {
			if f.Place.Line > 0 && f.Place.File != "x.yaml" {
				t.Errorf("the place is in %q", f.Place.File)
			}
			if strings.HasSuffix(f.Message, ".") || strings.HasSuffix(f.Hint, ".") && !strings.HasSuffix(f.Hint, "...") {
				t.Errorf("ends with a full stop: %q %q", f.Message, f.Hint)
			}
		}
	})
}
