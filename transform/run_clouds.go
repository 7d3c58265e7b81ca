package transform

import (
	"context"
	"fmt"

	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// Unjudged is something that a check came across and did not judge.
type Unjudged struct{ Name, Reason string }

// RunClouds judges the clouds that are known, each by itself, without a config: the profile that flags or settings ask
// for, or else the one that nodes get by themselves; and, unless flags ask for one, every other profile that the
// settings or the mapping name for the cloud. With --cloud, that one alone. A cloud that does not run on AWS is
// unjudged. The answers are in the order in which the clouds are known.
func RunClouds(ctx context.Context, opts Options, source Source) ([]Result, []Unjudged) {
	var jobs []*job
	var left []Unjudged
	if opts.Clouds == nil {
		return nil, nil
	}
	for _, k := range opts.Clouds.known {
		if opts.Cloud != "" && opts.Clouds.find(opts.Cloud) != k {
			continue
		}
		j := newJob(opts, Input{Name: "cloud " + k.word(opts.Clouds)}, source == nil)
		j.Shape = "cloud"
		if why := j.aimAtCloud(k); why != "" {
			left = append(left, Unjudged{j.Name, why})
			continue
		}
		jobs = append(jobs, j)
	}
	opts.decide(ctx, jobs, source)
	for i, j := range jobs {
		if len(j.targets) > 1 {
			j.Profile = fmt.Sprintf("%d profiles", len(j.targets))
		}
		for n := range j.Findings {
			if f := &j.Findings[n]; f.Place.File == "" {
				f.Place = jobs[i].Place
			}
		}
	}
	return results(jobs), left
}

// aimAtCloud finds what is to be judged of a cloud, or says why it is not judged.
func (j *job) aimAtCloud(k *cloud) (why string) {
	j.Place = k.key.Place
	if !j.Place.Known() {
		j.Place = k.Name.Place
	}
	if !j.Place.Known() {
		j.Place = k.ID.Place
	}
	resources := k.Resources
	if len(resources) == 0 {
		resources = []anyscale.Resource{{}}
	}
	for _, r := range resources {
		if r.Provider != anyscale.AWS && r.Provider != anyscale.Unknown {
			why = fmt.Sprintf("it runs on %s", r.Provider)
			continue
		}
		j.aimAtResource(k, r)
	}
	switch {
	case len(j.subjects) > 0:
		j.grammar()
		if j.Stopped() {
			j.subjects = nil
		}
		return ""
	case why != "" && len(j.Findings) == 0:
		return why
	case len(j.Findings) == 0:
		j.add(finding.Unsure(finding.ProfileExists, finding.Unreachable, j.Place, "which instance profile nodes have").
			WithHint("add instance_profile to the cloud's settings, or its printout to cloud_files"))
	}
	return ""
}

// aimAtResource adds the profiles of one cloud resource.
func (j *job) aimAtResource(k *cloud, r anyscale.Resource) {
	s, bad := j.opts.scope(k, r.String(), j.Place, pathSettings{})
	if bad != nil {
		j.addNew([]finding.Finding{*bad})
		return
	}
	asked := j.opts.Subject.Profile != "" || j.opts.Subject.Role != ""
	if s.subject.Profile != "" || s.subject.Role != "" {
		j.subject(j.at(s.subject))
	} else if d := s.byDefault(); d.Profile != "" {
		j.subject(j.at(d))
	}
	if asked {
		return
	}
	for _, p := range append(j.opts.Clouds.byPaths(k), k.named...) {
		one := s.subject
		one.Profile, one.Role, one.Given = p.Value, "", p.Place
		j.subject(j.at(one))
	}
	j.aimAtMapping([]*scope{s})
}

// at says what the findings about a subject point to: the line that names its profile.
func (j *job) at(s check.Subject) check.Subject {
	if s.At = s.Given; !s.At.Known() {
		s.At = j.Place
	}
	return s
}

// byPaths lists the profiles that rows of paths name for a cloud.
func (k *Clouds) byPaths(c *cloud) []anyscale.Text {
	if k.settings == nil {
		return nil
	}
	var all []anyscale.Text
	for _, p := range k.settings.paths {
		word := or(p.cloud.Value, k.defaultCloud().Value)
		if p.profile.Value != "" && (k.find(word) == c || word == "" && len(k.known) == 1) {
			all = append(all, p.profile)
		}
	}
	return all
}
