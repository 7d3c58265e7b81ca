package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"ccx/cmd/ccx/report"
	"ccx/transform"
	"ccx/transform/account"
	"ccx/transform/finding"
)

// record is what a run has told so far, for the reports at its end.
type record struct {
	verb     string
	began    time.Time
	targets  []target
	replaced bool // a report without a FILE stands in the place of the text
	outcomes []report.Outcome
	skipped  []report.Skipped
	facts    report.Facts
	summary  string
	whole    bool // a verb that reports on many inputs at once came to its end: the text is still to be written
}

// target is one --report FORMAT[=FILE].
type target struct{ format, file string }

// openReports reads --report and looks whether its files can be written, before anything is done.
func (a *app) openReports(v verb) (message, hint string, ok bool) {
	a.told = record{verb: or(v.name, "filter"), began: time.Now().UTC()}
	for _, value := range a.opts.reports {
		format, file, named := strings.Cut(value, "=")
		known := slices.Contains(report.Formats(), format)
		switch {
		case !known:
			return fmt.Sprintf("--report can't be %q", value), meant(format, report.Formats(), "--report FORMAT or --report FORMAT=FILE; FORMAT is one of "+strings.Join(report.Formats(), ", ")), false
		case named && file == "":
			return fmt.Sprintf("--report %s has no file after the =", value), "is a shell variable unset? --report " + format + "=FILE", false
		case !named && a.told.replaced:
			return "two reports without a FILE can't share one stream", "--report " + format + "=FILE", false
		case named && slices.ContainsFunc(a.told.targets, func(t target) bool { return t.file == file }):
			return fmt.Sprintf("two reports can't share the file %q", file), "--report " + format + "=ANOTHER", false
		}
		if why := cannotWrite(file); named && why != "" {
			return fmt.Sprintf("--report %s: %s", value, why), "name a file in a folder that exists", false
		}
		a.told.replaced = a.told.replaced || !named
		a.told.targets = append(a.told.targets, target{format, file})
	}
	return "", "", true
}

// cannotWrite says why a file can't be made or replaced, as far as that can be told beforehand.
func cannotWrite(file string) string {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return "is not a regular file"
	}
	info, err := os.Stat(filepath.Dir(file))
	switch {
	case err != nil:
		return "its folder: " + strings.Replace(plainError(err), "file", "folder", 1)
	case !info.IsDir():
		return "its folder is a file"
	}
	return ""
}

// tell keeps an outcome for the reports and writes it as text, unless a report takes the text's place.
func (a *app) tell(o report.Outcome) {
	a.told.outcomes = append(a.told.outcomes, o)
	if a.speaks() {
		a.voice().Write(a.stderr, o)
	}
}

// speaks reports whether there is text on stderr. A check's report goes to stdout, so that stderr is free for what keeps
// it from its work.
func (a *app) speaks() bool { return !a.told.replaced || a.reportsOut() }

// reportsOut holds for the verbs whose report is their output.
func (a *app) reportsOut() bool { return a.told.verb == checkVerb || a.told.verb == probeVerb }

// outcome is what a report says of one result.
func (a *app) outcome(r transform.Result, code int) report.Outcome {
	if a.told.facts.Source == "" || a.told.facts.Source == "none" {
		a.told.facts = a.factsOf(r.Provenance)
	}
	return report.Outcome{
		Name: r.Name, Findings: r.Findings, Input: r.Input, Shape: r.Shape, Profile: r.Profile, Role: r.Role, Scope: r.Scope,
		Sites: r.Sites, Added: r.Added, Changed: r.Changed, Assumed: r.Assumed, Exit: code, Stops: r.Stops,
	}
}

func (a *app) factsOf(p account.Provenance) report.Facts {
	f := report.Facts{Source: "none", TakenAt: p.TakenAt, Endpoint: p.Endpoint}
	switch {
	case p.Name != "":
		f.Source, f.Snapshot, f.SHA256 = "snapshot", p.Name, p.SHA256
	case p.Live():
		f.Source = "aws"
	}
	if caller, known := p.Caller.Get(); known {
		f.Account, f.Caller = caller.Account, caller.ARN
	}
	return f
}

// finish writes the reports and returns the exit status: the verb's own, unless a report could not be written.
func (a *app) finish(ctx context.Context, code int) int {
	said := code
	var s signalError
	if errors.As(context.Cause(ctx), &s) {
		said = exitSignal + int(s.Signal)
	}
	run := report.Run{
		Version: version(), Verb: a.told.verb, Began: a.told.began, Outcomes: a.told.outcomes, Skipped: a.told.skipped,
		Facts: a.told.facts, Exit: said, Summary: a.summaryLine(),
	}
	if a.told.whole && !a.told.replaced {
		code = worse(code, a.writeReport(run, target{format: "text"}))
	}
	for _, t := range a.told.targets {
		code = worse(code, a.writeReport(run, t))
	}
	return code
}

// summaryLine is the last line of the whole run: what its verb said of it, else what was said of its one input.
func (a *app) summaryLine() string {
	if a.told.summary == "" && len(a.told.outcomes) == 1 {
		return a.told.outcomes[0].Summary
	}
	return a.told.summary
}

// writeReport renders the run and writes it to its file, or to the stream that the text would have gone to.
func (a *app) writeReport(run report.Run, t target) int {
	voice := a.voice()
	voice.Color = voice.Color && t.file == ""
	format, ok := report.New(t.format, voice)
	if !ok {
		panic("openReports let the format " + t.format + " through")
	}
	var text bytes.Buffer
	err := format.WriteRun(&text, run)
	switch {
	case err != nil:
	case t.file != "":
		err = writeAtomic(t.file, text.Bytes())
	default:
		_, err = a.reportStream().Write(text.Bytes())
		if errors.Is(err, syscall.EPIPE) {
			err = nil // the reader has gone, and says so itself
		}
	}
	if err == nil {
		return exitDone
	}
	f := fileFinding(or(t.file, "the report"), err).WithHint("--report " + t.format + "=FILE, in a folder that can be written to")
	a.voice().Write(a.stderr, report.Outcome{Findings: []finding.Finding{f}})
	return exitUsage
}

// reportStream is where the text goes: a check's report is its output, while the output of the others is a config.
func (a *app) reportStream() io.Writer {
	if a.reportsOut() {
		return a.stdout
	}
	return a.stderr
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
