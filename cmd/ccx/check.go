package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"ccx/cmd/ccx/report"
	"ccx/transform"
	"ccx/transform/finding"
)

// checkVerb is the one verb whose report is its output: it goes to stdout.
const checkVerb = "check"

func checkRow() verb {
	return verb{
		name: checkVerb, synopsis: "ccx check [flags] [PATH...]",
		summary: "check the compute configs in files and folders, or every cloud in the settings, and change nothing",
		example: "ccx check -b acme-anyscale --report sarif=ccx.sarif configs/",
		groups:  []string{groupFiles, groupEveryday, groupCloud, groupFacts, groupReport, groupVoice},
		also:    []string{"template", "unknown-keys", "stdin-name", "mapping"},
		do:      (*app).check,
	}
}

// check is `ccx check [PATH...]`: every compute config in the files and folders is judged as the filter would, in one run
// with one look at AWS, and nothing is written. Without PATH, the clouds are judged by themselves.
func (a *app) check(ctx context.Context, flags *pflag.FlagSet) int {
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return a.usage(message, hint)
	}
	opts, code := a.aimed(flags)
	if code != exitDone {
		return code
	}
	clouds := flags.NArg() == 0 && !flags.Changed("files-from0")
	if clouds && !opts.Clouds.Any() {
		return a.usage("nothing to check: no PATH, and no cloud is known", "ccx check configs/; or ccx init, whose settings let ccx check look at each cloud")
	}
	source, bad := a.source()
	if bad != nil {
		return a.stop(*bad)
	}
	watch := a.startProgress()
	defer watch.stop()
	opts.Watch, opts.Partial = watch, true
	if clouds {
		a.checkClouds(ctx, opts, source)
	} else if bad := a.checkFiles(ctx, flags.Args(), opts, source); bad != nil {
		watch.stop()
		return a.stop(*bad)
	}
	watch.stop()
	return a.endCheck(ctx, clouds, flags.NArg() > 0 && !a.opts.skipOthers)
}

// endCheck says what the check came to and returns the status that counts. An interrupted one tells what is known.
func (a *app) endCheck(ctx context.Context, clouds, named bool) int {
	code := exitDone
	switch interrupted := ctx.Err() != nil; {
	case len(a.told.outcomes) == 0 && !interrupted:
		return a.nothingFound(named)
	case interrupted:
		a.told.summary, code = "interrupted: "+a.checkSummary(clouds), exitUnknown
	default:
		a.told.summary = a.checkSummary(clouds)
	}
	a.told.whole = true
	for _, o := range a.told.outcomes {
		code = worse(code, o.Exit)
	}
	return code
}

// checkFiles judges files and folders, and the waivers of the settings.
func (a *app) checkFiles(ctx context.Context, paths []string, opts transform.Options, source transform.Source) *finding.Finding {
	opts.Watch.Stage("looking for configs", 0)
	files, bad := a.findFiles(ctx, paths)
	if bad != nil {
		return bad
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.patience())
	defer cancel()
	results := transform.Run(ctx, opts, inputsOf(files), source)
	a.judge(files, results)
	a.judgeWaivers(opts.Waivers(results, slices.ContainsFunc(paths, isFolder)))
	return nil
}

// checkClouds judges the clouds that are known, and the waivers of the settings.
func (a *app) checkClouds(ctx context.Context, opts transform.Options, source transform.Source) {
	ctx, cancel := context.WithTimeout(ctx, a.opts.patience())
	defer cancel()
	results, left := transform.RunClouds(ctx, opts, source)
	for _, r := range results {
		if r.Interrupted {
			left = append(left, transform.Unjudged{Name: r.Name, Reason: cutShort})
			continue
		}
		a.told.outcomes = append(a.told.outcomes, a.checked(r))
	}
	for _, u := range left {
		a.told.skipped = append(a.told.skipped, report.Skipped(u))
	}
	a.judgeWaivers(opts.Waivers(results, true))
}

// settingsShape is the shape of the outcome that speaks of the settings themselves.
const settingsShape = "settings"

// judgeWaivers adds what is wrong with the waivers of the settings.
func (a *app) judgeWaivers(found []finding.Finding) {
	if len(found) == 0 {
		return
	}
	r := transform.Result{Name: found[0].Place.File, Shape: settingsShape, Findings: found}
	a.told.outcomes = append(a.told.outcomes, a.checked(r))
}

// cutShort is why something was not judged when the user ended ccx.
const cutShort = "interrupted before it was judged"

// inputsOf picks the files that could be read and may be compute configs.
func inputsOf(files []checkFile) []transform.Input {
	var inputs []transform.Input
	for _, f := range files {
		if f.judged() {
			inputs = append(inputs, transform.Input{Name: f.name, Text: f.text})
		}
	}
	return inputs
}

// judge turns the results into outcomes, in the order of the files.
func (a *app) judge(files []checkFile, results []transform.Result) {
	for _, f := range files {
		r := transform.Result{Name: f.name}
		switch {
		case f.bad != nil:
			r.Findings = []finding.Finding{*f.bad}
		case f.judged():
			r, results = results[0], results[1:]
			if f.skip = foreign(f, r); f.skip == "" && r.Interrupted {
				f.skip = cutShort
			}
		}
		if f.skip != "" {
			a.told.skipped = append(a.told.skipped, report.Skipped{Name: f.name, Reason: f.skip})
			continue
		}
		a.told.outcomes = append(a.told.outcomes, a.checked(r))
	}
}

// checked is the outcome of one file.
func (a *app) checked(r transform.Result) report.Outcome {
	r.Findings = gently(r)
	stops := r.Stops
	if a.opts.failOn == "warning" {
		stops = func(f finding.Finding) bool {
			return r.Stops(f) || f.Level == finding.Warning && r.Stops(f.AtLevel(finding.Error))
		}
	}
	o := a.outcome(r, statusOf(r.Findings, stops))
	o.Stops = stops
	o.Summary = fileSummary(r, o)
	return o
}

// gently returns the findings as they weigh in a check: what keeps the filter from writing a config is no fault in a
// file that has none, or in one that leaves the profile to its cloud.
func gently(r transform.Result) []finding.Finding {
	out := make([]finding.Finding, 0, len(r.Findings))
	for _, f := range r.Findings {
		switch {
		case f.Code == finding.ConfigNamed:
			f = f.AtLevel(finding.Note)
		case f.Code == finding.UsageFlag && f.Place == (finding.Place{}):
			f = finding.Skip(finding.ProfileExists, "no instance profile is named here: nodes use the cloud's default, which -p PROFILE checks")
		}
		out = append(out, f)
	}
	finding.Sort(out)
	return out
}

// statusOf is the exit status that findings call for.
func statusOf(fs []finding.Finding, stops func(finding.Finding) bool) int {
	code := exitDone
	for _, f := range fs {
		switch {
		case !stops(f):
		case isUsage(f):
			code = worse(code, exitUsage)
		case f.Status == finding.Fail:
			code = worse(code, exitWrong)
		default:
			code = worse(code, exitUnknown)
		}
	}
	return code
}

// nothingFound ends a check that had nothing to judge. With a PATH that is a mistake. A list that another program made,
// of what changed in a commit, say, may well hold no config.
func (a *app) nothingFound(named bool) int {
	looked := "nothing to look at"
	if n := len(a.told.skipped); n > 0 {
		looked = fmt.Sprintf("none among %s", plural(n, "file", "files"))
	}
	if !named {
		a.told.whole, a.told.summary = true, "no compute config to check: "+looked
		return exitDone
	}
	if a.opts.verbose {
		for _, s := range a.told.skipped {
			a.say(s.Name + " skipped: " + s.Reason)
		}
	}
	return a.stop(finding.New(finding.UsageFile, finding.Place{}, "no compute config found: "+looked).
		WithHint("check the path; -v says why each file was skipped, and a file named by itself is always judged"))
}
