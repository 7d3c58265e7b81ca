package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"ccx/transform"
	"ccx/transform/finding"
	"ccx/transform/live"
)

// filter is ccx without a verb: one document in, the same with the profile out, or nothing usable. With -w, many files
// are filtered in place.
func (a *app) filter(ctx context.Context, flags *pflag.FlagSet) int {
	files := flags.Args()
	switch {
	case a.opts.inPlace:
		return a.filterInPlace(ctx, flags)
	case len(files) > 1:
		hint := "-w filters many in place; a command after a file needs a verb: ccx run FILE -- COMMAND {}"
		if verb := nearVerb(files[0]); verb != "" {
			hint = "did you mean ccx " + verb + "?"
		}
		return a.usage(fmt.Sprintf("one FILE at a time, not %d", len(files)), hint)
	case len(files) == 0:
		files = []string{"-"}
	}
	results, code := a.transform(ctx, flags, files)
	if code != exitDone {
		return code
	}
	output := results[0].Output
	if output == nil {
		panic("nothing was decided, and nothing stopped it")
	}
	if a.opts.diff {
		output = unifiedDiff(results[0])
	}
	if err := a.writeOutput(output); err != nil {
		return a.stop(a.unwritten(err))
	}
	return a.report(results[0], exitDone)
}

// filterInPlace is -w: each file is replaced as a whole or left alone, and the worst status counts.
func (a *app) filterInPlace(ctx context.Context, flags *pflag.FlagSet) int {
	a.refuse.Store(false) // the files are the output
	if flags.NArg() == 0 || a.opts.output != "" || a.opts.diff {
		return a.usage("-w filters FILEs in place", "ccx -w -p PROFILE -b BUCKET FILE...; without -w, -o FILE names the output")
	}
	results, code := a.transform(ctx, flags, flags.Args())
	for i, r := range results {
		if exitCode(r) != exitDone {
			continue // reported already
		}
		if r.Added+r.Changed > 0 {
			if err := writeAtomic(flags.Arg(i), r.Output); err != nil {
				code = worse(code, a.stop(fileFinding(flags.Arg(i), err)))
				continue
			}
		}
		a.report(r, exitDone)
	}
	return code
}

// transform reads and judges the inputs and reports what is wrong with them. On exitDone nothing is reported yet: the
// caller still has to write the output.
func (a *app) transform(ctx context.Context, flags *pflag.FlagSet, files []string) ([]transform.Result, int) {
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return nil, a.usage(message, hint)
	}
	opts, code := a.aimed(flags)
	if code != exitDone {
		return nil, code
	}
	source, bad := a.source()
	if bad != nil {
		return nil, a.stop(*bad)
	}
	var inputs []transform.Input
	for _, file := range files {
		input, bad := a.readInput(ctx, file)
		if bad != nil {
			return nil, a.stop(*bad)
		}
		inputs = append(inputs, input)
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.patience())
	defer cancel()
	results := transform.Run(ctx, opts, inputs, source)
	for _, r := range results {
		if one := exitCode(r); one != exitDone {
			code = worse(code, a.report(r, one))
		}
	}
	return results, code
}

// worse picks the status that counts of two: usage, then wrong, then undecided.
func worse(a, b int) int {
	for _, code := range []int{exitUsage, exitWrong, exitUnknown} {
		if a == code || b == code {
			return code
		}
	}
	return max(a, b)
}

// source is where the facts come from: a snapshot, AWS, or nowhere.
func (a *app) source() (transform.Source, *finding.Finding) {
	switch {
	case a.opts.offline:
		return nil, nil
	case a.opts.snapshot != "":
		return a.loadSnapshot(a.opts.snapshot)
	}
	accounts, bad := a.credentials()
	if bad != nil {
		return nil, bad
	}
	return asking{live.New(live.Options{Region: a.opts.region, Accounts: accounts, Organization: a.readFrom, Simulator: a.opts.simulator}), a}, nil
}

// parseAccounts reads --account ID=profile:NAME|role:ARN.
func parseAccounts(rows []string) (map[string]string, *finding.Finding) {
	accounts := map[string]string{}
	for _, row := range rows {
		id, how, _ := strings.Cut(row, "=")
		kind, value, _ := strings.Cut(how, ":")
		if len(id) != 12 || strings.Trim(id, "0123456789") != "" || kind != "profile" && kind != "role" || value == "" {
			f := usageFinding(fmt.Sprintf("--account can't be %q", row), "--account 111122223333=profile:NAME or --account 111122223333=role:ARN")
			return nil, &f
		}
		accounts[id] = how
	}
	return accounts, nil
}

// exitCode turns findings into the exit status.
func exitCode(r transform.Result) int {
	code := exitDone
	for _, f := range r.Findings {
		if !r.Stops(f) {
			continue
		}
		switch {
		case strings.HasPrefix(string(f.Code), "usage/"):
			return exitUsage
		case f.Status == finding.Fail:
			code = exitWrong
		case code == exitDone:
			code = exitUnknown
		}
	}
	return code
}

// report writes the findings and the last line, and passes the status through.
func (a *app) report(r transform.Result, code int) int {
	text := ""
	if a.makesConfig {
		text = summary(r, code)
	}
	o := a.outcome(r, code)
	o.Summary = text
	a.tell(o)
	return code
}

// stop reports the one finding that keeps ccx from its work.
func (a *app) stop(f finding.Finding) int {
	r := transform.Result{Name: f.Place.File, Findings: []finding.Finding{f}}
	return a.report(r, exitCode(r))
}

func usageFinding(message, hint string) finding.Finding {
	return finding.New(finding.UsageFlag, finding.Place{}, message).WithHint(hint)
}
