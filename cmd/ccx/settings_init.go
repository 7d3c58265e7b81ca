package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"ccx/transform"
	"ccx/transform/finding"
)

func initRow() verb {
	return verb{
		name: "init", synopsis: "ccx init [-o ccx.yaml] PRINTOUT...",
		summary: "write settings for the clouds whose printouts are given",
		example: "anyscale cloud status -n prod > clouds/prod.yaml && ccx init -o ccx.yaml clouds/prod.yaml",
		groups:  []string{groupVoice},
		also:    []string{"output"},
		do:      (*app).init,
	}
}

// init is `ccx init PRINTOUT...`: a ccx.yaml that reads the printouts, on stdout or in -o's file, which must not be
// there yet.
func (a *app) init(_ context.Context, flags *pflag.FlagSet) int {
	if flags.NArg() == 0 {
		return a.usage("init needs a cloud's printout", "anyscale cloud status -n NAME > clouds/NAME.yaml, then ccx init -o ccx.yaml clouds/NAME.yaml")
	}
	if _, err := os.Lstat(a.opts.output); a.opts.output != "" && !errors.Is(err, os.ErrNotExist) {
		return a.stop(finding.New(finding.UsageFile, finding.Place{File: a.opts.output}, "is there already").
			WithHint("ccx init overwrites nothing: remove it, or leave -o out to see what it would write"))
	}
	dir := filepath.Dir(a.opts.output)
	var files []transform.Input
	for _, name := range flags.Args() {
		text, err := readRegular(name)
		if err != nil {
			return a.stop(cloudFileFault(name, err))
		}
		files = append(files, transform.Input{Name: seenFrom(dir, name), Text: text})
	}
	text, found := transform.WriteSettings(files)
	if len(found) > 0 {
		return a.stopAll(found)
	}
	if err := a.writeOutput(text); err != nil {
		return a.stop(fileFinding(a.opts.output, err))
	}
	return exitDone
}

// seenFrom is a file's path from a folder, with slashes; the path itself where there is none.
func seenFrom(dir, name string) string {
	from, err := filepath.Abs(dir)
	to, err2 := filepath.Abs(name)
	if err == nil && err2 == nil {
		if rel, err := filepath.Rel(from, to); err == nil {
			name = rel
		}
	}
	return filepath.ToSlash(name)
}
