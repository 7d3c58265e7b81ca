package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"ccx/cmd/ccx/report"
	"ccx/transform/finding"
)

// help is `ccx help [VERB|CODE]`.
func (a *app) help(_ context.Context, flags *pflag.FlagSet) int {
	topic := flags.Arg(0)
	if topic == "" {
		return a.printHelp(filterVerb())
	}
	if topic == "assumptions" {
		return a.print(assumptions)
	}
	if v, ok := findVerb(topic); ok {
		return a.printHelp(v)
	}
	if row, ok := finding.Lookup(finding.Code(topic)); ok {
		return a.print(fmt.Sprintf("%s (%s): %s\n\n%s\n", row.Code, row.Level, row.Summary, row.Help))
	}
	return a.usage(fmt.Sprintf("no help on %q", topic), meant(topic, helpTopics(), "ccx help VERB, ccx help assumptions, or a code as a report shows it in brackets: ccx help s3/write"))
}

// print writes text that was asked for to stdout. A reader that has gone away has read enough.
func (a *app) print(text string) int {
	_, err := io.WriteString(a.stdout, text)
	if errors.Is(err, syscall.EPIPE) {
		err = nil
	}
	return a.written(err, exitDone)
}

// printHelp prints a verb's help on stdout: asked for, it is the output.
func (a *app) printHelp(v verb) int {
	var w strings.Builder
	fmt.Fprintf(&w, "%s\n\n%s\n", v.synopsis, v.summary)
	if v.example != "" {
		fmt.Fprintf(&w, "\n  %s\n", strings.ReplaceAll(v.example, "\n", "\n  "))
	}
	printFlags(&w, v)
	if v.name == "" {
		printVerbs(&w)
		w.WriteString("\nExit status: 0 done, 1 the config, profile or access is wrong, 2 usage, 3 can't tell.\n" +
			"On failure stdout holds one line that Anyscale's client refuses; the reason is on stderr.\n")
	}
	return a.print(w.String())
}

func printFlags(w io.Writer, v verb) {
	group := ""
	for _, r := range flagRows() {
		if !v.takes(r) {
			continue
		}
		if r.group != group {
			group = r.group
			fmt.Fprintf(w, "\n%s:\n", group)
		}
		short := "    "
		if r.short != "" {
			short = "-" + r.short + ", "
		}
		name := fmt.Sprintf("%s--%s %s", short, r.name, r.value)
		lines := strings.Split(r.usage, "\n")
		if len(name) > 30 {
			fmt.Fprintf(w, "  %s\n  %-30s  %s\n", name, "", lines[0])
		} else {
			fmt.Fprintf(w, "  %-30s  %s\n", name, lines[0])
		}
		for _, line := range lines[1:] {
			fmt.Fprintf(w, "  %-30s  %s\n", "", line)
		}
	}
}

func printVerbs(w io.Writer) {
	fmt.Fprint(w, "\nVerbs:\n")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-10s %s\n", v.name, v.summary)
	}
}

// voice is how this run speaks on stderr.
func (a *app) voice() report.Text {
	verbose := a.opts.verbose || a.told.verb == probeVerb && !a.opts.quiet
	return report.Text{Color: a.colored(), Quiet: a.opts.quiet, Verbose: verbose, Width: columns(a.reportStream())}
}

// say prints one line of ccx's own.
func (a *app) say(line string) {
	if !a.opts.quiet && a.speaks() {
		a.voice().Write(a.stderr, report.Outcome{Summary: line})
	}
}

// colored follows the common order: the flag, NO_COLOR, CLICOLOR_FORCE or FORCE_COLOR, CLICOLOR=0, TERM=dumb, and last
// whether the stream of the text is a terminal. A config on stdout is never coloured.
func (a *app) colored() bool {
	set := func(name string) bool { v := a.getenv(name); return v != "" && v != "0" }
	switch {
	case a.opts.color == "always":
		return true
	case a.opts.color == "never", a.getenv("NO_COLOR") != "":
		return false
	case set("CLICOLOR_FORCE"), set("FORCE_COLOR"):
		return true
	case a.getenv("CLICOLOR") == "0", a.getenv("TERM") == "dumb":
		return false
	}
	_, ok := terminal(a.reportStream())
	return ok
}
