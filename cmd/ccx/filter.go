package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"ccx/cmd/ccx/report"
	"ccx/transform"
	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/live"
)

// filter is ccx without a verb: one document in, the same with the profile out, or nothing usable.
func (a *app) filter(ctx context.Context, flags *pflag.FlagSet) int {
	if flags.NArg() > 1 {
		return a.usage(fmt.Sprintf("one FILE at a time, not %d", flags.NArg()), "a command after a file needs a verb: ccx run FILE -- COMMAND {}")
	}
	result, code := a.transform(ctx, flags, flags.Arg(0))
	if code != exitDone {
		return code
	}
	if err := a.writeOutput(result.Output); err != nil {
		return a.stop(fileFinding(a.opts.output, err))
	}
	return a.report(result, exitDone)
}

// transform reads and judges one input and reports what is wrong with it. On exitDone nothing is reported yet: the
// caller still has to write the output.
func (a *app) transform(ctx context.Context, flags *pflag.FlagSet, file string) (transform.Result, int) {
	none := transform.Result{}
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return none, a.usage(message, hint)
	}
	opts, bad := a.opts.transform()
	if bad != nil {
		return none, a.stop(*bad)
	}
	source, bad := a.source()
	if bad != nil {
		return none, a.stop(*bad)
	}
	input, bad := a.readInput(ctx, file)
	if bad != nil {
		return none, a.stop(*bad)
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.timeout)
	defer cancel()
	result := transform.Run(ctx, opts, []transform.Input{input}, source)[0]
	if code := exitCode(result); code != exitDone {
		return result, a.report(result, code)
	}
	return result, exitDone
}

// source is where the facts come from: a snapshot, AWS, or nowhere.
func (a *app) source() (transform.Source, *finding.Finding) {
	switch {
	case a.opts.offline:
		return nil, nil
	case a.opts.snapshot != "":
		return loadSnapshot(a.opts.snapshot)
	}
	accounts, bad := parseAccounts(a.opts.accounts)
	if bad != nil {
		return nil, bad
	}
	return live.New(live.Options{Region: a.opts.region, Accounts: accounts}), nil
}

func loadSnapshot(name string) (transform.Source, *finding.Finding) {
	file, err := os.Open(name)
	if err == nil {
		defer file.Close()
		var facts *account.Facts
		if facts, err = account.Load(name, file); err == nil {
			return transform.Recorded(facts), nil
		}
	}
	message := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		message = plainError(err)
	}
	f := finding.New(finding.UsageSnapshot, finding.Place{File: name}, message).
		WithHint("take it again: a snapshot that can't be read whole proves nothing")
	return nil, &f
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
	a.voice().Write(a.stderr, report.Outcome{Name: r.Name, Findings: r.Findings, Summary: summary(r, code)})
	return code
}

// stop reports the one finding that keeps ccx from its work.
func (a *app) stop(f finding.Finding) int {
	r := transform.Result{Name: f.Place.File, Findings: []finding.Finding{f}}
	code := exitWrong
	if strings.HasPrefix(string(f.Code), "usage/") {
		code = exitUsage
	}
	text := ""
	if a.refuse || a.opts.output != "" {
		text = summary(r, code)
	}
	a.voice().Write(a.stderr, report.Outcome{Name: r.Name, Findings: r.Findings, Summary: text})
	return code
}

func usageFinding(message, hint string) finding.Finding {
	return finding.New(finding.UsageFlag, finding.Place{}, message).WithHint(hint)
}
