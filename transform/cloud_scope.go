package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// scope is one cloud resource that the document runs on, with the sites that are launched there.
type scope struct {
	subject  check.Subject // what flags, settings and the cloud file say; its profile is the one asked for, if any
	fallback anyscale.Fallback
	resource anyscale.Resource
	sites    []anyscale.Site
}

// scope fills in what the settings and the cloud file say and the flags don't.
func (o Options) scope(k *cloud, resource string, at finding.Place, row pathSettings) (*scope, *finding.Finding) {
	s := &scope{subject: o.Subject}
	profile := row.profile
	if k != nil {
		if profile.Value == "" {
			profile = k.profile
		}
		if len(k.Resources) > 0 {
			r, why, sure := k.Pick(resource)
			if why != "" {
				return nil, resourceFault(why, sure, at)
			}
			s.resource = r
		}
		s.fill(k)
		if len(k.Resources) > 0 || resource == "" {
			s.fallback = k.Fallback(s.resource)
		}
	}
	if s.subject.Profile == "" && s.subject.Role == "" {
		s.subject.Profile, s.subject.Given = profile.Value, profile.Place
	}
	return s, nil
}

func resourceFault(why string, sure bool, at finding.Place) *finding.Finding {
	f := finding.Unsure(finding.CloudKnown, finding.Unreachable, at, why).
		WithHint("name it with cloud_resource in the config, or give what `anyscale cloud status` prints: it shows which resource is the primary one")
	if sure {
		f = finding.New(finding.CloudKnown, at, why).WithHint("correct cloud_resource, or take the cloud's printout again")
	}
	return &f
}

// fill takes over the cloud's bucket, region, roles, context and limits.
func (s *scope) fill(k *cloud) {
	r, to := s.resource, &s.subject
	to.Cloud = k.unique()
	if to.Bucket == "" && r.Bucket.Value != "" {
		to.Bucket, to.Prefix, _ = bucketOf(r.Bucket.Value)
	}
	to.Region = or(to.Region, r.Region.Value)
	to.ControlPlaneRole = or(to.ControlPlaneRole, r.ControlPlaneRole.Value)
	for _, arn := range []string{to.ControlPlaneRole, r.ClusterRole.Value, r.ClusterProfile.Value} {
		if parts := strings.SplitN(arn, ":", 6); to.Account == "" && len(parts) == 6 {
			to.Account = parts[4]
		}
	}
	to.AllowedProfiles = k.allowed
	to.DataBuckets = addData(to.DataBuckets, k.data)
	to.Requires = append(slices.Clone(to.Requires), k.needs...)
	if len(k.context) > 0 {
		said := to.Context
		to.Context = maps.Clone(k.context)
		maps.Copy(to.Context, said)
	}
}

// byDefault is the subject of the profile that nodes get by themselves; without a profile if that can't be told.
func (s *scope) byDefault() check.Subject {
	d := s.subject
	d.Profile, d.Role, d.Guess = s.fallback.Profile.Value, "", s.fallback.Guess
	d.Given = s.fallback.Profile.Place
	return d
}

// byDefault is what a site has that nothing is injected into.
type byDefault struct {
	index int // of its subject
	anyscale.Fallback
}

// words says which profile that is.
func (d byDefault) words(name string) string {
	if d.Guess {
		return fmt.Sprintf("that is %s if `anyscale cloud setup` made the cloud; --cloud-file with the cloud's printout makes sure", name)
	}
	return fmt.Sprintf("that is %s, %s: nothing needs injecting", name, d.From)
}

// key identifies a site's block, however it is reached.
func key(s anyscale.Site) siteKey { return siteKey{s.Node.Identity(), strings.Join(s.Path, "/")} }

type siteKey struct {
	node any
	path string
}
