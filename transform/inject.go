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
	done, found := j.file.InjectEach(j.want, j.same(facts), j.opts.Existing)
	j.add(found...)
	j.take(done)
	j.Profile = j.targets[0].Name
	if !j.wanted {
		j.leave()
	}
}

// want is the profile that a site gets; the zero Ref leaves it as it is.
func (j *job) want(s anyscale.Site) anyscale.Ref {
	i, own := j.byNode[s.Name]
	switch {
	case own && !s.Cluster:
		return j.ref(j.targets[i])
	case j.wanted:
		return j.ref(j.targets[0])
	}
	return anyscale.Ref{}
}

// ref is how a profile is written.
func (j *job) ref(t check.Target) anyscale.Ref {
	if j.opts.Form == ByName || t.ARN == "" {
		return anyscale.Ref{Name: t.Name}
	}
	return anyscale.Ref{ARN: t.ARN}
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

// same tells whether a profile that is there already is the wanted one. A name is an ARN's only if facts say so.
func (j *job) same(facts *account.Facts) func(anyscale.Existing, anyscale.Ref) bool {
	arnOf := func(arn, name string, t check.Target) string {
		if arn == "" && facts != nil {
			p, _ := facts.Profile(t.Account, name).Get()
			return p.ARN
		}
		return arn
	}
	return func(e anyscale.Existing, want anyscale.Ref) bool {
		if e.Name != "" && e.Name == want.Name || e.ARN != "" && e.ARN == want.ARN {
			return true
		}
		for _, t := range j.targets {
			if j.ref(t) == want {
				mine := arnOf(e.ARN, e.Name, t)
				return mine != "" && mine == t.ARN
			}
		}
		return false
	}
}

// leave says which sites are left on the cloud's default: no profile was asked for everywhere.
func (j *job) leave() {
	for _, site := range j.file.Sites() {
		if _, own := j.byNode[site.Name]; own && !site.Cluster {
			continue
		}
		if site.Existing != nil {
			j.Sites++
			continue
		}
		j.add(finding.New(finding.ConfigSite, site.Place(), fmt.Sprintf("%s has no profile here, so it uses the cloud's default", site.Label)).
			AtLevel(finding.Note).WithHint("-p PROFILE puts one everywhere"))
	}
	if len(j.subjects) > 1 {
		j.Profile = fmt.Sprintf("%d profiles", len(j.subjects))
	}
}
