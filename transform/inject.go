package transform

import (
	"fmt"

	"ccx/transform/account"
	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// inject puts the profile at every site. Profiles that differ by node, none of them asked for, are left as they are.
func (j *job) inject(facts *account.Facts) {
	switch {
	case j.file == nil:
		return
	case j.opts.Remove:
		done, found := j.file.Remove()
		j.add(found...)
		j.take(done)
		return
	case len(j.targets) == 0:
		return
	}
	if !j.wanted {
		j.leave()
		return
	}
	target := j.targets[0]
	ref := anyscale.Ref{ARN: target.ARN}
	if j.opts.Form == ByName || target.ARN == "" {
		ref = anyscale.Ref{Name: target.Name}
	}
	done, found := j.file.Inject(ref, j.same(target, facts), j.opts.Existing)
	j.add(found...)
	j.take(done)
	j.Profile = target.Name
}

// take keeps what was written, unless a finding stops it.
func (j *job) take(done anyscale.Result) {
	if j.Stopped() {
		return
	}
	j.Output, j.Edits, j.Added, j.Changed = done.Out, done.Edits, done.Added, done.Changed
	for _, p := range done.Done {
		if p.Action != anyscale.Left {
			j.Sites++
		}
	}
}

// same tells whether a profile that is there already is the target. A name is an ARN's only if facts say so.
func (j *job) same(target check.Target, facts *account.Facts) func(anyscale.Existing) bool {
	return func(e anyscale.Existing) bool {
		if e.ARN != "" && target.ARN != "" {
			return e.ARN == target.ARN
		}
		if facts != nil && e.Name != "" {
			p, known := facts.Profile(target.Account, e.Name).Get()
			return known && p.ARN == target.ARN
		}
		return e.Name != "" && e.Name == target.Name && target.ARN == ""
	}
}

// leave writes the input as it is: each profile was checked, and none was asked for everywhere.
func (j *job) leave() {
	for _, site := range j.file.Sites() {
		if site.Existing != nil {
			j.Sites++
			continue
		}
		j.add(finding.New(finding.ConfigSite, site.Place(), fmt.Sprintf("%s has no profile here, so it uses the cloud's default", site.Label)).
			AtLevel(finding.Note).WithHint("the config names several profiles; -p PROFILE puts one everywhere"))
	}
	j.Output = j.Input
	j.Profile = fmt.Sprintf("%d profiles", len(j.subjects))
}
