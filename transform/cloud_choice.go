package transform

import (
	"fmt"
	"strings"

	"ccx/transform/anyscale"
	"ccx/transform/finding"
)

// scopes finds the clouds and resources of the document's configs. What can't be told is a finding: config/conflict,
// cloud/known.
func (j *job) scopes() []*scope {
	var all []*scope
	for _, c := range j.file.Configs {
		if !c.Carries() {
			continue
		}
		s, bad := j.scopeOf(c)
		if bad != nil {
			j.addNew([]finding.Finding{*bad})
			continue
		}
		s.sites = c.Sites
		s.subject.Images = j.withImages(s.subject.Images, c)
		merged := false
		for _, old := range all {
			if old.subject.Key() == s.subject.Key() && old.fallback.Profile.Value == s.fallback.Profile.Value {
				old.sites = append(old.sites, s.sites...)
				merged = true
				break
			}
		}
		if !merged {
			all = append(all, s)
		}
	}
	for _, s := range all {
		s.subject.At = j.where(s.sites)
	}
	return all
}

func (j *job) scopeOf(c anyscale.Config) (*scope, *finding.Finding) {
	known, named := j.opts.Clouds, c.Cloud
	open := j.unrendered(named)
	outer := c.OuterCloud()
	switch flag := j.opts.Cloud; {
	case open && flag == "" && known.Any():
		f := finding.Unsure(finding.CloudKnown, finding.Unreachable, c.Where(), "which cloud this runs on: the template leaves it open").
			WithHint("name one with --cloud")
		return nil, &f
	case open:
		named = anyscale.Text{}
	case outer.Value != "" && !j.unrendered(outer) && !known.same(outer.Value, named.Value):
		f := finding.New(finding.ConfigConflict, named.Place, fmt.Sprintf("the compute config names the cloud %q, the document around it %q", cut(named.Value), cut(outer.Value))).
			WithHint("name one cloud: leave the inner one out")
		return nil, &f
	case flag != "" && named.Value != "" && !known.same(flag, named.Value):
		f := finding.New(finding.ConfigConflict, named.Place, fmt.Sprintf("the config names the cloud %q, --cloud %q", cut(named.Value), cut(flag))).
			WithHint("leave --cloud out, or change the config")
		return nil, &f
	}
	k, bad := j.cloudOf(named, c.Where())
	switch {
	case bad != nil:
		return nil, bad
	case k == nil && known.Any():
		j.addNew([]finding.Finding{finding.Skip(finding.CloudKnown, fmt.Sprintf("nothing is known of the cloud %q: the flags alone count", cut(named.Value)))})
	case k != nil && len(k.Resources) > 0 && j.unrendered(c.Resource):
		return nil, resourceFault("which cloud resource this runs on: the template leaves it open", false, c.Resource.Place)
	}
	return j.opts.scope(k, c.Resource.Value, c.Where(), known.row(j.Name))
}

// unrendered reports whether a template leaves a text open.
func (j *job) unrendered(t anyscale.Text) bool {
	return j.opts.Text.Template && strings.ContainsAny(t.Value, "{$")
}

// same reports whether two words may mean one cloud: a name and an id that nothing connects may.
func (k *Clouds) same(a, b string) bool {
	if a == b || a == "" || b == "" {
		return true
	}
	x, y := k.find(a), k.find(b)
	if x != nil && y != nil {
		return x == y
	}
	return !x.excludes(b) && !y.excludes(a) && isID(a) != isID(b)
}

// excludes reports whether a word that doesn't mean the cloud can't mean it: the cloud's word of that kind is known.
func (c *cloud) excludes(word string) bool {
	switch {
	case c == nil:
		return false
	case isID(word):
		return c.ID.Value != ""
	}
	return c.Name.Value != ""
}

func isID(word string) bool {
	_, ok := anyscale.ByID(anyscale.Text{Value: word})
	return ok
}

// cloudOf chooses a config's cloud: the one it names, else --cloud, paths, default_cloud, or the only one known. A nil
// cloud without a finding: nothing is known of any, and the flags alone count.
func (j *job) cloudOf(named anyscale.Text, at finding.Place) (*cloud, *finding.Finding) {
	known := j.opts.Clouds
	word := named.Value
	if known.find(word) == nil && known.find(j.opts.Cloud) != nil {
		word = j.opts.Cloud // the same cloud by another word, or the config would be in conflict
	}
	for _, next := range []string{j.opts.Cloud, known.row(j.Name).cloud.Value, known.defaultCloud().Value} {
		if word == "" {
			word = next
		}
	}
	switch {
	case word != "":
		return j.lookUp(word, at)
	case !known.Any():
		return nil, nil
	case len(known.known) == 1:
		return known.known[0], nil
	}
	f := finding.Unsure(finding.CloudKnown, finding.Unreachable, at, "which cloud this runs on").
		WithDetails("known are: " + strings.Join(known.names(), ", ")).
		WithHint("name one with --cloud, as cloud in the config, or as default_cloud in the settings")
	return nil, &f
}

func (j *job) lookUp(word string, at finding.Place) (*cloud, *finding.Finding) {
	known := j.opts.Clouds
	if c := known.find(word); c != nil {
		return c, nil
	}
	s := j.opts.Subject
	if !known.Any() || (s.Bucket != "" || j.Offline) && (s.Profile != "" || s.Role != "") {
		if c, ok := anyscale.ByID(anyscale.Text{Value: word, Place: at}); ok {
			return &cloud{Cloud: c}, nil
		}
		return nil, nil
	}
	f := finding.Unsure(finding.CloudKnown, finding.Unreachable, at, fmt.Sprintf("which bucket, roles and profile the cloud %q has", cut(word))).
		WithDetails("known are: " + strings.Join(known.names(), ", ")).WithHint(known.meant(word))
	return nil, &f
}

// provider tells anyscale.Read whose machines a config runs on, as the cloud file says.
func (j *job) provider(cloud, resource string) anyscale.Provider {
	k, bad := j.cloudOf(anyscale.Text{Value: cloud}, finding.Place{})
	if bad != nil || k == nil {
		return anyscale.Unknown
	}
	r, _, _ := k.Pick(resource)
	return r.Provider
}

// Alone returns the options for a run without a document: the cloud that --cloud or the settings name fills the
// subject in, down to its own profile where none is asked for. Codes as in Run: cloud/known.
func (o Options) Alone() (Options, *finding.Finding) {
	j := newJob(o, Input{}, false)
	k, bad := j.cloudOf(anyscale.Text{}, finding.Place{})
	if s := o.Subject; bad != nil && s.Bucket != "" && (s.Profile != "" || s.Role != "") {
		return o, nil // the flags say all there is to say
	}
	if bad != nil {
		return o, bad
	}
	s, bad := o.scope(k, "", finding.Place{}, pathSettings{})
	if bad != nil {
		return o, bad
	}
	o.Subject = s.subject
	if o.Subject.Profile == "" && o.Subject.Role == "" {
		o.Subject = s.byDefault()
		if s.resource.ClusterProfile.Value == "" {
			o.ClusterRole = s.resource.ClusterRole.Value
		}
	}
	return o, nil
}
