package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync/atomic"

	"github.com/spf13/pflag"
)

// The exit codes. 1 wins over 3: what is known to be wrong is wrong, whatever else could not be told.
const (
	exitDone    = 0 // the config was written, or the command did its work
	exitWrong   = 1 // the config, the profile or its access is wrong
	exitUsage   = 2 // a flag, a file name or a snapshot is wrong
	exitUnknown = 3 // AWS could not be asked, or the answer depends on what is not known
	// exitSignal is added to the number of the signal that ended ccx, as shells do: 130 for Ctrl-C.
	exitSignal = 128
)

// refusal is what stdout holds when the filter fails: a line that each of Anyscale's parsers refuses. The client takes an
// empty stream for a valid compute config, so silence would create a version without a profile.
const refusal = "ccx_error: \"no compute config: see stderr\"\n"

// app is one run of ccx: its streams and surroundings.
type app struct {
	getenv func(string) string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	opts   options
	// accounts says with which credentials the settings have each account read; flags win.
	accounts map[string]string
	watched  bool   // progress is shown, or there is nobody to show it to
	readFrom string // the account that sees the organization's policies; "" where the settings name none
	// refuse tells that stdout must hold the refusal if nothing else is written: true for the filter only.
	refuse atomic.Bool
	// waits tells that a signal must be waited out: a command runs, or a probe takes back what it wrote.
	waits atomic.Bool
	// makesConfig tells that the last line of a report says whether a config was written.
	makesConfig bool
	told        record // what the reports at the end will say
}

// run is main without the process: it returns the exit status.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	a := &app{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	ctx, interrupted, stop := a.watchSignals(ctx)
	defer stop()
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "ccx: this is a bug in ccx, please report it: %v\n%s", p, debug.Stack())
			code = exitUnknown
		}
		if sig := interrupted(); sig != 0 {
			code = exitSignal + int(sig)
		}
		if a.refuse.Load() && code != exitDone {
			io.WriteString(stdout, refusal)
		}
	}()
	return a.dispatch(ctx, args)
}

// dispatch finds the verb. Without one, ccx is a filter.
func (a *app) dispatch(ctx context.Context, args []string) int {
	if len(args) > 0 {
		if v, ok := findVerb(args[0]); ok {
			return a.parseAndDo(ctx, v, args[1:])
		}
	}
	a.refuse.Store(true)
	return a.parseAndDo(ctx, filterVerb(), args)
}

// parseAndDo reads the verb's flags and runs it.
func (a *app) parseAndDo(ctx context.Context, v verb, args []string) int {
	a.makesConfig = v.makesConfig
	flags := a.opts.flagSet(v)
	switch err := flags.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		a.refuse.Store(false)
		return a.printHelp(v)
	case err != nil:
		return a.usage(describeFlagError(err, flags))
	}
	if a.opts.version {
		a.refuse.Store(false)
		return a.printVersion()
	}
	if a.opts.output == "-" {
		a.opts.output, flags.Lookup("output").Changed = "", false // as so many commands call stdout
	}
	if a.opts.output != "" {
		a.refuse.Store(false) // stdout stays empty: the config goes to the file, or nowhere
	}
	if message, hint, ok := a.openReports(v); !ok {
		a.told = record{} // the mistake is told as text
		return a.usage(message, hint)
	}
	return a.finish(ctx, v.do(a, ctx, flags))
}

// usage reports a mistake on the command line.
func (a *app) usage(message, hint string) int {
	return a.stop(usageFinding(message, hint))
}
