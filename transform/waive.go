package transform

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ccx/transform/anyscale"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// waiver is one row of waive: a check that may fail, why, and until when.
type waiver struct {
	code, cloud, reason, until anyscale.Text // an empty cloud is every cloud
	end                        time.Time     // of its last day, UTC
}

// waivable reports whether a check may be waived: one that speaks of what nodes may do. What is wrong with the text or
// the command line is mended there, and without a profile and its role there is nothing
// to inject or to judge.
func waivable(c finding.Code) bool {
	group, _, _ := strings.Cut(string(c), "/")
	switch c {
	case finding.ProfileARN, finding.ProfileExists, finding.ProfileRole:
		return false
	}
	return slices.Contains([]string{"profile", "role", "bucket", "s3", "kms", "ecr", "require", "pass-role"}, group)
}

// waiver reads one row of waive.
func (r *settingsReader) waiver(n *document.Node) waiver {
	w := waiver{code: textOf(n.Get("code")), cloud: textOf(n.Get("cloud")), reason: textOf(n.Get("reason"))}
	if at := n.Get("until"); at != nil { // a date, unless it stands in quotes
		w.until.Place = at.Place()
		w.until.Value, _ = at.Value().(string)
	}
	code := finding.Code(w.code.Value)
	if _, known := finding.Lookup(code); !known {
		hint := "a code as a report shows it in brackets: s3/delete"
		if guess, ok := finding.Nearest(w.code.Value, finding.Names()); ok {
			hint = "did you mean " + guess + "?"
		}
		r.say(w.code.Place, fmt.Sprintf("no check has the code %q", cut(w.code.Value)), hint)
	} else if !waivable(code) {
		r.say(w.code.Place, fmt.Sprintf("%s can't be waived", code), "correct what it finds: nothing can be injected or judged before")
	}
	if strings.TrimSpace(w.reason.Value) == "" {
		r.say(w.reason.Place, "a waiver needs a reason", `reason: "OPS-812 write-once bucket"`)
	}
	day, err := time.Parse(time.DateOnly, w.until.Value)
	if err != nil {
		r.say(w.until.Place, fmt.Sprintf("%q is no date", cut(w.until.Value)), "the last day on which the waiver holds: until: 2027-03-31")
	}
	w.end = day.AddDate(0, 0, 1)
	return w
}

// String is the waiver as a report tells it.
func (w waiver) String() string {
	return fmt.Sprintf("waived until %s: %s (%s:%d)", w.until.Value, w.reason.Value, w.code.Place.File, w.code.Place.Line)
}

// waivers are those of the settings.
func (k *Clouds) waivers() []waiver {
	if k == nil || k.settings == nil {
		return nil
	}
	return k.settings.waivers
}

// covers reports whether a waiver is for findings of a code on a cloud.
func (k *Clouds) covers(w waiver, code finding.Code, cloud string) bool {
	if string(code) != w.code.Value {
		return false
	}
	c := k.find(w.cloud.Value)
	return w.cloud.Value == "" || c != nil && c.unique() == cloud
}

// waive marks the findings about a cloud that the settings waive. A question that AWS could not be asked is no answer,
// so it can't be waived.
func (j *job) waive(cloud string, fs []finding.Finding) []finding.Finding {
	out := slices.Clone(fs)
	for i, w := range j.opts.Clouds.waivers() {
		for n, f := range out {
			if !j.opts.Clouds.covers(w, f.Code, cloud) || f.Status == finding.Skipped {
				continue
			}
			j.tried[i] = true
			fails := f.Status == finding.Fail || f.Status == finding.Unknown && f.Cause != finding.Unreachable
			switch {
			case !fails || f.Waiver != nil:
			case !j.opts.Now.Before(w.end):
				out[n] = f.WithDetails(w.String() + ", which is over")
			default:
				j.used[i] = true
				out[n] = f.Waived(finding.Waiver{Reason: w.reason.Value, Until: w.until.Value}, w.String())
			}
		}
	}
	return out
}

// Waivers says which waivers of the settings should go: those whose last day is over, and, where the results are of
// whole folders or clouds, those whose check was made and needs none. Codes: waive/expired, waive/unused.
func (o Options) Waivers(results []Result, whole bool) []finding.Finding {
	var fs []finding.Finding
	for i, w := range o.Clouds.waivers() {
		tried := slices.ContainsFunc(results, func(r Result) bool { return r.tried[i] })
		used := slices.ContainsFunc(results, func(r Result) bool { return r.used[i] })
		switch {
		case !o.Now.Before(w.end):
			fs = append(fs, finding.New(finding.WaiveExpired, w.until.Place, fmt.Sprintf("the waiver of %s ended on %s", w.code.Value, w.until.Value)).
				WithDetails("its reason was: "+w.reason.Value).WithHint("mend what it waived and take it out, or decide again and set a new date"))
		case whole && tried && !used:
			fs = append(fs, finding.New(finding.WaiveUnused, w.code.Place, fmt.Sprintf("nothing that was checked needs this waiver of %s", w.code.Value)).
				WithHint("if nothing else does, take it out, so that it can't hide what goes wrong later"))
		}
	}
	return fs
}
