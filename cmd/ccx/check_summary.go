package main

import (
	"fmt"
	"slices"
	"strings"

	"ccx/cmd/ccx/report"
	"ccx/transform"
	"ccx/transform/finding"
)

// fileSummary is the line about one file that -v shows.
func fileSummary(r transform.Result, o report.Outcome) string {
	what := r.Name
	if o.Shape != "" {
		what += " (" + o.Shape + ")"
	}
	if o.Exit != exitDone {
		return what + ": " + tallyOf(o)
	}
	switch {
	case r.Offline:
		return what + ": the text is sound; nothing in AWS was checked (--offline)"
	case o.Access() == "not checked":
		return what + ": the text is sound; nothing in AWS was checked"
	}
	if r.Profile != "" {
		what += ": " + r.Profile
	}
	line := fmt.Sprintf("%s: %s", what, count(r, finding.Pass, "check", "passes", "pass"))
	if r.Scope != "" {
		line += " for every key under " + r.Scope
	}
	if n := waivedIn(r.Findings); n > 0 {
		line += fmt.Sprintf("; %d waived", n)
	}
	if r.Added+r.Changed > 0 {
		line += fmt.Sprintf("; the filter would still put it in (+%d lines, %d changed)", r.Added, r.Changed)
	}
	return line
}

// tallyOf counts what stops a file.
func tallyOf(o report.Outcome) string {
	faults, unknown := 0, 0
	for _, f := range o.Findings {
		switch {
		case !o.Stops(f):
		case f.Status == finding.Fail:
			faults++
		default:
			unknown++
		}
	}
	var parts []string
	if faults > 0 {
		parts = append(parts, plural(faults, "fault", "faults"))
	}
	if unknown > 0 {
		parts = append(parts, plural(unknown, "check", "checks")+" undecided")
	}
	return strings.Join(parts, ", ")
}

// checkSummary is the last line: how many files or clouds were checked, what they came to, and what that rests on.
func (a *app) checkSummary(clouds bool) string {
	byCode, open, checked, waived, total := map[int]int{}, 0, 0, 0, transform.Result{}
	for _, o := range a.told.outcomes {
		waived += waivedIn(o.Findings)
		if o.Shape == settingsShape {
			continue
		}
		checked++
		byCode[o.Exit]++
		if o.Exit == exitDone && o.Access() == "not checked" {
			open++
		}
		total.Assumed = append(total.Assumed, o.Assumed...)
	}
	slices.Sort(total.Assumed)
	total.Assumed = slices.Compact(total.Assumed)
	parts := []string{}
	for _, row := range []struct {
		n         int
		one, many string
	}{
		{byCode[exitDone], "passes", "pass"}, {byCode[exitWrong], "fails", "fail"},
		{byCode[exitUnknown], "is undecided", "are undecided"}, {byCode[exitUsage], "could not be judged", "could not be judged"},
	} {
		if row.n == 0 {
			continue
		}
		part := plural(row.n, row.one, row.many)
		if row.one == "passes" && open > 0 {
			part += fmt.Sprintf(" (%d without a look at AWS)", open)
		}
		parts = append(parts, part)
	}
	line := plural(checked, "file", "files")
	if clouds {
		line = plural(checked, "cloud", "clouds")
	}
	if line += " checked"; len(parts) > 0 {
		line += ": " + strings.Join(parts, ", ")
	}
	line += a.waiverSummary(waived)
	if n := len(a.told.skipped); n > 0 {
		line += fmt.Sprintf("; %d skipped", n)
		if !a.opts.verbose {
			line += " (-v says why)"
		}
	}
	return line + assuming(total)
}

// waiverSummary says what waivers came to.
func (a *app) waiverSummary(waived int) string {
	line := ""
	if waived > 0 {
		line += "; " + plural(waived, "finding is", "findings are") + " waived"
	}
	ended := 0
	for _, o := range a.told.outcomes {
		for _, f := range o.Findings {
			if f.Code == finding.WaiveExpired {
				ended++
			}
		}
	}
	if ended > 0 {
		line += "; " + plural(ended, "waiver is", "waivers are") + " past the last day"
	}
	return line
}

// isUsage reports whether a finding speaks of the command line, not of a config.
func isUsage(f finding.Finding) bool { return strings.HasPrefix(string(f.Code), "usage/") }
