package transform

import (
	"fmt"
	"slices"

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
	if bad := j.sharedBlock(); bad != nil {
		j.add(*bad)
		return
	}
	done, found := j.file.InjectEach(j.want, j.same(facts), j.opts.Existing)
	j.add(found...)
	j.take(done)
	j.Profile, j.Role = j.targets[0].Name, j.targets[0].RoleARN
	j.leave()
}

// tellExisting says of a config that is refused for its access that another profile is in it as well: both have to be
// mended, and findings on the access of the one would otherwise point to the line of the other.
func (j *job) tellExisting(facts *account.Facts) {
	unknown := func(t check.Target) bool { return t.ARN == "" }
	if j.file == nil || len(j.targets) == 0 || len(j.asked) == 0 || slices.ContainsFunc(j.targets, unknown) {
		return
	}
	_, found := j.file.InjectEach(j.want, j.same(facts), j.opts.Existing)
	for _, f := range found {
		if f.Code == finding.ConfigExisting {
			j.add(f)
		}
	}
}

// want is the profile that a site gets; the zero Ref leaves it as it is.
func (j *job) want(s anyscale.Site) anyscale.Ref {
	if i, gets := j.gets[key(s)]; gets {
		return j.ref(j.targets[i])
	}
	return anyscale.Ref{}
}

// sharedBlock refuses a block that an anchor shares between sites whose profiles differ.
func (j *job) sharedBlock() *finding.Finding {
	gets := map[any]anyscale.Ref{}
	for _, site := range j.carrying() {
		block, want := site.Node.Find(site.Path...), j.want(site)
		if block == nil || want == (anyscale.Ref{}) {
			continue
		}
		if other, met := gets[block.Identity()]; met && other != want {
			f := finding.New(finding.ConfigShared, site.Place(), fmt.Sprintf("one block is shared by sites that need two profiles: %s and %s", other, want)).
				WithHint("write the block out in each of them")
			return &f
		}
		gets[block.Identity()] = want
	}
	return nil
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

// leave says which sites are left as they are: they keep their profile, or have the cloud's default.
func (j *job) leave() {
	for _, site := range j.carrying() {
		if _, gets := j.gets[key(site)]; gets {
			continue
		}
		if site.Existing != nil {
			j.Sites++
			continue
		}
		f := finding.New(finding.ConfigSite, site.Place(), fmt.Sprintf("the %s has no profile here, so it uses the cloud's default", site.Label)).
			AtLevel(finding.Note).WithHint("-p PROFILE puts one everywhere")
		if d, known := j.defaults[key(site)]; known {
			f = f.WithHint("").WithDetails(d.words(j.targets[d.index].Name))
		}
		j.add(f)
	}
	names := map[string]bool{}
	for i := range j.subjects {
		names[j.targets[i].Name] = true
	}
	if len(j.gets) == 0 && len(names) > 1 {
		j.Profile = fmt.Sprintf("%d profiles", len(names))
	}
	j.Default = len(j.gets) == 0 && j.Sites == 0
	j.Guessed = j.Default && j.subjects[0].Guess
}

// carrying returns the sites of the configs that can carry a profile.
func (j *job) carrying() []anyscale.Site {
	var all []anyscale.Site
	for _, c := range j.file.Configs {
		if c.Carries() {
			all = append(all, c.Sites...)
		}
	}
	return all
}
