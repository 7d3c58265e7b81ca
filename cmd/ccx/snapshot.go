package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"ccx/schema"
	"ccx/transform"
	"ccx/transform/finding"
)

// snapshot is `ccx snapshot [FILE...]`: the facts that checking the files, or the flags' profile, would read.
func (a *app) snapshot(ctx context.Context, flags *pflag.FlagSet) int {
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return a.usage(message, hint)
	}
	opts, code := a.aimed(flags)
	if code != exitDone {
		return code
	}
	var inputs []transform.Input
	for _, file := range flags.Args() {
		input, bad := a.readInput(ctx, file)
		if bad != nil {
			return a.stop(*bad)
		}
		inputs = append(inputs, input)
	}
	if len(inputs) == 0 {
		alone, bad := opts.Alone()
		if bad != nil {
			return a.stop(*bad)
		}
		opts = alone
	}
	if len(inputs) == 0 && opts.Subject.Profile == "" && opts.Subject.Role == "" {
		return a.usage("nothing to look up", "name a profile: ccx snapshot -p PROFILE -b BUCKET -o facts.json, or the configs")
	}
	if a.opts.offline {
		return a.usage("--offline asks nothing, so there is nothing to record", "leave --offline out")
	}
	source, bad := a.source()
	if bad != nil {
		return a.stop(*bad)
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.timeout)
	defer cancel()
	facts, results := transform.Gather(ctx, opts, inputs, source)
	for _, r := range results {
		if code := exitCode(r); code != exitDone {
			return a.report(r, code)
		}
	}
	var text bytes.Buffer
	if err := facts.Save(&text); err != nil {
		return a.stop(finding.New(finding.UsageSnapshot, finding.Place{}, plainError(err)))
	}
	return a.writeSnapshot(text.Bytes())
}

// writeSnapshot writes to -o's file, readable by its owner only: policies and account ids are nobody else's business.
func (a *app) writeSnapshot(text []byte) int {
	if a.opts.output == "" {
		if _, err := a.stdout.Write(text); err != nil {
			return a.stop(finding.New(finding.UsageFile, finding.Place{}, "stdout: "+plainError(err)))
		}
		return exitDone
	}
	if _, err := os.Lstat(a.opts.output); os.IsNotExist(err) {
		if file, err := os.OpenFile(a.opts.output, os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			file.Close() // so that the atomic write keeps this mode
		}
	}
	if err := writeAtomic(a.opts.output, text); err != nil {
		return a.stop(a.unwritten(err))
	}
	return exitDone
}

// schemas is `ccx schema [NAME]`: the JSON Schemas that configs are checked with, for editors.
func (a *app) schemas(_ context.Context, flags *pflag.FlagSet) int {
	name := flags.Arg(0)
	if name == "" {
		return a.print(strings.Join(schema.Names(), "\n") + "\n")
	}
	text, ok := schema.Source(name)
	if !ok {
		return a.usage(fmt.Sprintf("no schema %q", name), meant(name, schema.Names(), "ccx schema lists them"))
	}
	return a.print(string(text))
}
