package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"ccx/cmd/ccx/report"
	"ccx/transform"
	"ccx/transform/finding"
	"ccx/transform/live"
)

// probeVerb tries on a node what the other verbs prove elsewhere. Its report is its output, as a check's is.
const probeVerb = "probe"

func probeRow() verb {
	return verb{
		name: probeVerb, synopsis: "ccx probe [flags]",
		summary: "on a running node: who am I, is it the promised role, do the actions work",
		example: "ccx probe -r ml-train -b acme-anyscale --write",
		groups:  []string{groupProbe, groupVoice},
		also:    []string{"instance-profile", "role", "bucket", "cloud", "cloud-file", "settings", "region", "bucket-owner", "image", "snapshot", "max-age", "timeout", "report"},
		do:      (*app).probe,
	}
}

// probeFlags are the flags of a probe's own.
func probeFlags() []flagRow {
	return []flagRow{
		{groupProbe, "write", "", "", "write one small object under a key of its own, read and delete it; begin a multipart upload and abort it", toggle(func(o *options) *bool { return &o.writes })},
		{groupProbe, "accept-object-lock", "", "", "your word that the object may stay where Object Lock keeps it, or may keep it", toggle(func(o *options) *bool { return &o.acceptLock })},
	}
}

// probe is `ccx probe`: real actions with the node's own credentials, each with its outcome. It only reads, unless
// --write lets it write one object of its own.
func (a *app) probe(ctx context.Context, flags *pflag.FlagSet) int {
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return a.usage(message, hint)
	}
	switch {
	case flags.NArg() > 0:
		return a.usage(fmt.Sprintf("probe takes no FILE, and there is %q", flags.Arg(0)), "ccx probe -r ROLE -b BUCKET; ccx check looks at files")
	case a.opts.acceptLock && !a.opts.writes:
		return a.usage("--accept-object-lock goes with --write", "ccx probe --write --accept-object-lock")
	}
	opts, code := a.aimed(flags)
	if code != exitDone {
		return code
	}
	opts, bad := opts.Alone()
	if bad != nil {
		return a.stop(*bad)
	}
	var facts transform.Source // a snapshot tells which role a profile holds, where the node may not ask
	if a.opts.snapshot != "" {
		if facts, bad = a.loadSnapshot(a.opts.snapshot); bad != nil {
			return a.stop(*bad)
		}
	}
	a.waits.Store(a.opts.writes)
	ctx, cancel := context.WithTimeout(ctx, a.opts.timeout)
	defer cancel()
	s := opts.Subject
	p := live.NewProbe(ctx, live.Options{Region: s.Region, Metadata: true}, live.ProbeTarget{Bucket: s.Bucket, Prefix: s.Prefix, Owner: s.BucketOwner})
	defer p.Close()
	progress := a.startProgress()
	progress.Stage("trying what nodes do", 0)
	ask := transform.ProbeOptions{Write: a.opts.writes, AcceptLock: a.opts.acceptLock, Announce: func(line string) {
		progress.stop()
		a.announce(line)
	}}
	result := transform.Probe(ctx, opts, ask, facts, p)
	progress.stop()
	return a.probed(result)
}

// announce says what is about to be written. It is said whatever else is not: should ccx be killed, the line is all
// that tells what to look for.
func (a *app) announce(line string) {
	report.Text{Color: a.voice().Color}.Write(a.stderr, report.Outcome{Summary: line})
}

// probed tells what became of the actions. That they work is what a probe is for, so that passes are shown without -v.
func (a *app) probed(r transform.Result) int {
	code := exitCode(r)
	a.told.outcomes = append(a.told.outcomes, a.outcome(r, code))
	a.told.summary, a.told.whole = probeSummary(r), true
	return code
}

// probeSummary is the last line: who the caller is, and how many actions work.
func probeSummary(r transform.Result) string {
	worst := map[finding.Code]finding.Status{}
	for _, f := range r.Findings {
		action := strings.HasPrefix(string(f.Code), "probe/") && f.Code != finding.ProbeIdentity
		if action && f.Level != finding.Note && f.Status != finding.Skipped {
			worst[f.Code] = max(worst[f.Code], f.Status)
		}
	}
	count := map[finding.Status]int{}
	for _, status := range worst {
		count[status]++
	}
	line := or(r.Role, "the caller is not known")
	if len(worst) == 0 {
		return line + ": nothing was tried"
	}
	line += ": " + plural(count[finding.Pass], "action works", "actions work")
	if n := count[finding.Fail]; n > 0 {
		line += ", " + plural(n, "does not", "do not")
	}
	if n := count[finding.Unknown]; n > 0 {
		line += ", " + plural(n, "is undecided", "are undecided")
	}
	return line
}
