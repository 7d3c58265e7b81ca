package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"ccx/schema"
	"ccx/transform"
	"ccx/transform/account"
	"ccx/transform/finding"
)

// snapshot is `ccx snapshot [PATH...]`: the facts that checking the configs, or the flags' profile, would read.
func (a *app) snapshot(ctx context.Context, flags *pflag.FlagSet) int {
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return a.usage(message, hint)
	}
	if a.opts.offline {
		return a.usage("--offline asks nothing, so there is nothing to record", "leave --offline out")
	}
	opts, code := a.aimed(flags)
	if code != exitDone {
		return code
	}
	inputs, code := a.snapshotInputs(ctx, opts, flags.Args())
	if code != exitDone || flags.NArg() > 0 && len(inputs) == 0 {
		return code
	}
	if len(inputs) == 0 {
		alone, bad := opts.Alone()
		if bad != nil {
			return a.stop(*bad)
		}
		if opts = alone; opts.Subject.Profile == "" && opts.Subject.Role == "" {
			return a.usage("nothing to look up", "name a profile: ccx snapshot -p PROFILE -b BUCKET -o facts.json, or the configs")
		}
	}
	source, bad := a.source()
	if bad != nil {
		return a.stop(*bad)
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.patience())
	defer cancel()
	return a.writeSnapshot(transform.Gather(ctx, opts, inputs, source))
}

// snapshotInputs reads the configs whose facts are wanted. One that is named must be sound. Of a folder, what is no
// compute config is passed over, as check does, and what is an unsound one is left out and said to be so.
func (a *app) snapshotInputs(ctx context.Context, opts transform.Options, paths []string) ([]transform.Input, int) {
	var files []checkFile
	for _, path := range paths {
		if isFolder(path) {
			found, bad := a.findFiles(ctx, []string{path})
			if bad != nil {
				return nil, a.stop(*bad)
			}
			files = append(files, found...)
			continue
		}
		input, bad := a.readInput(ctx, path)
		if bad != nil {
			return nil, a.stop(*bad)
		}
		files = append(files, checkFile{name: input.Name, named: true, text: input.Text})
	}
	var sound []transform.Input
	for _, f := range files {
		if f.bad != nil {
			return nil, a.stop(*f.bad)
		}
	}
	files = slices.DeleteFunc(files, func(f checkFile) bool { return !f.judged() })
	for i, r := range transform.Aimed(ctx, opts, inputsOf(files)) {
		file := files[i]
		switch code := exitCode(r); {
		case code == exitDone:
			sound = append(sound, transform.Input{Name: file.name, Text: file.text})
		case file.named:
			return nil, a.report(r, code)
		case foreign(file, r) == "":
			a.say(file.name + " is left out: " + firstStop(r))
		}
	}
	if len(paths) > 0 && len(sound) == 0 {
		return nil, a.nothingFound(true)
	}
	return sound, exitDone
}

// firstStop is the message of the first finding that stops an input.
func firstStop(r transform.Result) string {
	for _, f := range r.Findings {
		if r.Stops(f) {
			return f.Message
		}
	}
	return ""
}

// writeSnapshot writes to stdout or to -o's file, readable by its owner only: policies and account ids are nobody else's
// business. A snapshot without a single fact is none.
func (a *app) writeSnapshot(facts *account.Facts) int {
	unread := facts.Unreads()
	if facts.Empty() {
		f := finding.Unsure(finding.SnapshotFacts, finding.Unreachable, finding.Place{File: a.opts.output}, "nothing could be read, so there is no snapshot")
		for _, u := range unread {
			f = f.WithDetails(u.Key + ": " + u.Reason())
		}
		return a.stop(f.WithHint("check the credentials, or name another account's with --account"))
	}
	var text bytes.Buffer
	err := facts.Save(&text)
	switch {
	case err != nil:
		return a.stop(finding.New(finding.UsageSnapshot, finding.Place{}, plainError(err)))
	case a.opts.output == "":
		_, err = a.stdout.Write(text.Bytes())
	default:
		err = writeAtomicMode(a.opts.output, text.Bytes(), 0o600)
	}
	if err != nil {
		return a.stop(a.unwritten(err))
	}
	a.told.facts = a.factsOf(facts.Provenance())
	a.say(snapshotSummary(or(a.opts.output, "the snapshot"), facts))
	for _, u := range unread {
		if a.opts.verbose || u.Class == account.Unreachable {
			a.say(u.Key + " was not read: " + u.Reason())
		}
	}
	return exitDone
}

// snapshotSummary is the line that says what a snapshot holds.
func snapshotSummary(name string, facts *account.Facts) string {
	var parts []string
	for _, c := range facts.Counts() {
		if c.N > 0 {
			parts = append(parts, plural(c.N, c.One, c.Many))
		}
	}
	line := name + ": " + strings.Join(parts, ", ")
	if n := len(facts.Unreads()); n > 0 {
		line += "; " + plural(n, "fact was", "facts were") + " not read, and stand there with the reason"
	}
	return line
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
