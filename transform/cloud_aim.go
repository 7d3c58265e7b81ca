package transform

import (
	"fmt"
	"slices"

	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// aim finds what is to be judged: the profile that flags or settings ask for, else those that the config names, else
// the one that nodes get by themselves. How a profile is written can be told even of a config that is wrong elsewhere;
// nothing more is asked about such a one.
func (j *job) aim() {
	if j.file == nil || j.opts.Remove {
		return
	}
	scopes := j.scopes()
	broken := j.Stopped()
	j.gets, j.defaults = map[siteKey]int{}, map[siteKey]byDefault{}
	for _, s := range scopes {
		j.aimAt(s)
		j.aimAtNodes(s)
	}
	j.aimAtOnly(scopes)
	for _, s := range scopes {
		j.aimAtDefault(s)
	}
	if len(j.subjects) == 0 && !broken {
		j.add(finding.New(finding.UsageFlag, finding.Place{}, "no profile: none was asked for, and the config names none").
			WithHint("name one: -p PROFILE, or -r ROLE for a role's own"))
	}
	j.aimAtMapping(scopes)
	j.grammar()
	if j.Stopped() {
		j.subjects = nil
	}
}

// subject adds what is to be judged, unless it is there, and returns its index.
func (j *job) subject(s check.Subject) int {
	same := func(o check.Subject) bool { return o.Key() == s.Key() }
	if i := slices.IndexFunc(j.subjects, same); i >= 0 {
		return i
	}
	j.subjects = append(j.subjects, s)
	return len(j.subjects) - 1
}

// aimAtNodes adds the profiles that single node groups get.
func (j *job) aimAtNodes(s *scope) {
	for _, n := range j.opts.Nodes {
		own := s.subject
		own.Profile, own.Role, own.Given = n.Profile, "", n.Given
		for _, site := range s.sites {
			if site.Name == n.Name && !site.Cluster {
				own.At = site.Place()
				j.gets[key(site)] = j.subject(own)
			}
		}
	}
}

// aimAt adds the profile that is asked for, which goes to every site, and those that stay in the config.
func (j *job) aimAt(s *scope) {
	asked := s.subject.Profile != "" || s.subject.Role != ""
	if asked {
		i := j.subject(s.subject)
		j.asked = append(j.asked, i)
		for _, site := range s.sites {
			if !j.named(site) {
				j.gets[key(site)] = i
			}
		}
	}
	if asked && j.opts.Existing != anyscale.Keep {
		return
	}
	for _, site := range s.sites {
		if site.Existing != nil && !j.named(site) {
			j.subject(existing(s, site))
		}
	}
}

// existing is the subject of a profile that a site has already.
func existing(s *scope, site anyscale.Site) check.Subject {
	e := s.subject
	e.Profile, e.Role = site.Existing.String(), ""
	e.Given = site.Existing.At.Place()
	e.At = e.Given
	return e
}

// named reports whether --node names the site's node group.
func (j *job) named(site anyscale.Site) bool {
	return !site.Cluster && slices.Contains(j.opts.Text.Nodes, site.Name)
}

// aimAtOnly gives a profile to all sites where the config names that one only and none is asked for.
func (j *job) aimAtOnly(scopes []*scope) {
	if len(j.asked) > 0 || len(j.opts.Nodes) > 0 {
		return
	}
	var only *anyscale.Site
	for _, s := range scopes {
		for i := range s.sites {
			site := &s.sites[i]
			switch {
			case site.Existing == nil:
			case only == nil:
				only = site
			case site.Existing.String() != only.Existing.String():
				return
			}
		}
	}
	if only == nil {
		return
	}
	for _, s := range scopes {
		i := j.subject(existing(s, *only))
		for _, site := range s.sites {
			j.gets[key(site)] = i
		}
	}
}

// aimAtDefault adds the profile that nodes get by themselves, where some do: it is judged, and nothing is injected.
func (j *job) aimAtDefault(s *scope) {
	d := s.byDefault()
	if d.Profile == "" {
		return
	}
	for _, site := range s.sites {
		if _, given := j.gets[key(site)]; !given && site.Existing == nil {
			j.defaults[key(site)] = byDefault{j.subject(d), s.fallback}
		}
	}
}

// aimAtMapping adds the profiles of the cloud's IAM mapping: each is one more that nodes may get.
func (j *job) aimAtMapping(scopes []*scope) {
	m := j.opts.Mapping
	if m == nil {
		return
	}
	for _, s := range scopes {
		r := s.resource
		if known := r.ID.Value; known != "" && m.Resource.Value != "" && known != m.Resource.Value {
			j.add(finding.Skip(finding.ProfileExists, fmt.Sprintf("the mapping is for the cloud resource %s, this config runs on %s", cut(m.Resource.Value), r.ID.Value)))
			continue
		}
		for _, rule := range m.Rules {
			one := s.subject
			one.Profile, one.Role, one.Given, one.At = rule.Profile.Value, "", rule.Profile.Place, rule.Profile.Place
			j.subject(one)
		}
		if !m.UsesDefault() {
			continue
		}
		if d := s.byDefault(); d.Profile != "" {
			d.At = m.Fallback.Place
			j.subject(d)
			continue
		}
		j.add(finding.Unsure(finding.ProfileExists, finding.Unreachable, m.Fallback.Place, "which instance profile the mapping's fallback is").
			WithHint("it is the cloud's own: give the cloud's printout with --cloud-file"))
	}
}

// where is the line that AWS findings point to: the profile that is there, else the first site.
func (j *job) where(sites []anyscale.Site) finding.Place {
	for _, s := range sites {
		if s.Existing != nil {
			return s.Existing.At.Place()
		}
	}
	if len(sites) > 0 {
		return sites[0].Place()
	}
	return finding.Place{File: j.Name}
}
