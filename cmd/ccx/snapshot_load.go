package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"ccx/transform"
	"ccx/transform/account"
	"ccx/transform/finding"
)

// maxSkew is how far ahead the clock of the machine that took a snapshot may be.
const maxSkew = 5 * time.Minute

// age is the value of --max-age: a duration, which may be given in days.
type age time.Duration

// Set reads a Go duration or a whole number of days, "7d".
func (a *age) Set(text string) error {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(n) * 24 * time.Hour
		if n > 36500 {
			err = errors.New("too long")
		}
	}
	if err == nil && d <= 0 {
		err = errors.New("not above zero")
	}
	*a = age(d)
	return err
}

// String returns the duration in its largest units.
func (a *age) String() string { return span(time.Duration(*a)) }

// Type names the kind of value for pflag.
func (a *age) Type() string { return "duration" }

// span writes a duration as a person says it, to the minute: "3 d", "26 h 5 min".
func span(d time.Duration) string {
	d = d.Truncate(time.Minute)
	var parts []string
	for _, u := range []struct {
		name string
		long time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}} {
		if n := d / u.long; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
			d -= n * u.long
		}
	}
	return or(strings.Join(parts, " "), "0 min")
}

func (a *app) loadSnapshot(name string) (transform.Source, *finding.Finding) {
	file, err := os.Open(name)
	if err != nil {
		f := finding.New(finding.UsageSnapshot, finding.Place{File: name}, plainError(err)).
			WithHint("check the path; ccx snapshot -o " + name + " takes one")
		return nil, &f
	}
	facts, err := account.Load(name, file) // the file stays open: what is asked for is read from it
	var bad *account.LoadError
	switch {
	case err == nil:
		a.told.facts = a.factsOf(facts.Provenance())
		return transform.Recorded(facts), a.tooOld(name, facts.Provenance().TakenAt)
	case !errors.As(err, &bad):
		bad = &account.LoadError{Message: plainError(err)}
	}
	f := finding.New(finding.UsageSnapshot, finding.Place{File: name, Line: bad.Line, Column: bad.Column}, bad.Message).WithHint(bad.Hint)
	return nil, &f
}

// tooOld refuses a snapshot that --max-age rules out, or of which nobody can say how old it is.
func (a *app) tooOld(name string, taken time.Time) *finding.Finding {
	if a.opts.maxAge == 0 {
		return nil
	}
	again := "take it again with ccx snapshot -o " + name
	var why string
	switch old := a.told.began.Sub(taken); {
	case taken.IsZero():
		why, again = "says no time at which it was taken, so nobody knows how old it is", `add "taken_at": "2026-01-31T12:00:00Z", or `+again
	case old > time.Duration(a.opts.maxAge):
		why = fmt.Sprintf("is %s old, and --max-age is %s", span(old), a.opts.maxAge.String())
	case old < -maxSkew:
		why, again = fmt.Sprintf("is from the future: it says %s, %s from now", taken.Format(time.RFC3339), span(-old)), "set the clock right, or "+again
	default:
		return nil
	}
	f := finding.Unsure(finding.SnapshotAge, finding.Unreachable, finding.Place{File: name}, "the snapshot "+why).WithHint(again)
	return &f
}
