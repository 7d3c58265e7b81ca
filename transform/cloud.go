package transform

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// Clouds is what is known of clouds: printouts, and what the settings add to them. A nil *Clouds knows none.
type Clouds struct {
	known    []*cloud
	settings *Settings // nil where there are none
}

// cloud is one of them.
type cloud struct {
	anyscale.Cloud
	profile anyscale.Text       // instance_profile of the settings
	allowed []string            // allowed_profiles, with the cloud's id in place
	context map[string][]string // request context of its nodes
	data    []check.DataBucket  // data_buckets
	needs   []check.Require     // requires
	key     anyscale.Text       // its entry in the settings, "" without one
	named   []anyscale.Text     // those of allowed that name one profile
}

// unique is a word for the cloud that no other cloud has.
func (c *cloud) unique() string { return or(c.ID.Value, c.Name.Value) }

// ReadClouds reads cloud files (see anyscale.Clouds) and joins them with the settings, which may be nil. With findings,
// nothing of it must be used. Codes: usage/cloud, usage/settings.
func ReadClouds(files []Input, s *Settings) (*Clouds, []finding.Finding) {
	known := &Clouds{settings: s}
	var fs []finding.Finding
	for _, file := range files {
		doc, found := document.Parse(file.Name, file.Text)
		fs = append(fs, recoded(finding.UsageCloud, found)...)
		if doc == nil {
			continue
		}
		printed, found := anyscale.Clouds(doc)
		fs = append(fs, found...)
		for _, c := range printed {
			fs = append(fs, known.add(c)...)
		}
	}
	if s != nil {
		for _, c := range s.clouds {
			fs = append(fs, known.adjust(c)...)
		}
	}
	for _, c := range known.known {
		fs = append(fs, c.faults()...)
	}
	if len(fs) == 0 {
		fs = known.named()
	}
	finding.Sort(fs)
	return known, fs
}

// Mapping is a cloud's IAM mapping.
type Mapping = anyscale.IAMMapping

// ReadMapping reads an IAM mapping (see anyscale.Mapping). Code: usage/cloud.
func ReadMapping(file Input) (*Mapping, []finding.Finding) {
	doc, found := document.Parse(file.Name, file.Text)
	fs := recoded(finding.UsageCloud, found)
	if doc == nil || len(fs) > 0 {
		return nil, fs
	}
	m, fs := anyscale.Mapping(doc)
	return &m, fs
}

// Any reports whether any cloud is known.
func (k *Clouds) Any() bool { return k != nil && len(k.known) > 0 }

// find returns the one cloud that a name or id means; nil for none, or for several of one name.
func (k *Clouds) find(word string) *cloud {
	if k == nil {
		return nil
	}
	var found *cloud
	for _, c := range k.known {
		switch {
		case c.ID.Value == word && word != "":
			return c
		case c.Is(word) && found != nil:
			return nil
		case c.Is(word):
			found = c
		}
	}
	return found
}

// names lists the clouds, as a person would name them.
func (k *Clouds) names() []string {
	var all []string
	if k != nil {
		for _, c := range k.known {
			all = append(all, c.String())
		}
	}
	slices.Sort(all)
	return all
}

// row is what the settings say of a file.
func (k *Clouds) row(file string) pathSettings {
	if k == nil {
		return pathSettings{}
	}
	return k.settings.row(file)
}

func (k *Clouds) defaultCloud() anyscale.Text {
	if k == nil || k.settings == nil {
		return anyscale.Text{}
	}
	return k.settings.defaultCloud
}

// add takes a printout in. The same cloud may have been printed by `cloud get` and by `cloud status`.
func (k *Clouds) add(c anyscale.Cloud) []finding.Finding {
	for _, old := range k.known {
		if c.ID.Value == "" || old.ID.Value != c.ID.Value {
			if c.Name.Value == old.Name.Value && (c.ID.Value == "" || old.ID.Value == "") {
				return []finding.Finding{cloudFault(c.Name.Place, fmt.Sprintf("the cloud %s is printed twice, once without its id", c), "keep one printout")}
			}
			continue
		}
		if differ(old.Cloud, c) {
			return []finding.Finding{cloudFault(c.ID.Place, fmt.Sprintf("the cloud %s is printed twice, and the printouts differ", c), "keep the newer one; the other is in "+old.ID.Place.File)}
		}
		for i := range c.Resources {
			old.Resources[i].Primary = old.Resources[i].Primary || c.Resources[i].Primary
		}
		old.Default = old.Default || c.Default
		return nil
	}
	k.known = append(k.known, &cloud{Cloud: c})
	return nil
}

// differ compares what is used of two printouts of one cloud; which resource is the primary one, only one of them shows.
func differ(a, b anyscale.Cloud) bool {
	facts := func(c anyscale.Cloud) string {
		parts := []string{c.Name.Value}
		for _, r := range c.Resources {
			parts = append(parts, r.Name.Value, r.ID.Value, string(r.Provider), r.Region.Value, r.Bucket.Value, r.ControlPlaneRole.Value, r.ClusterRole.Value, r.ClusterProfile.Value)
		}
		return strings.Join(parts, "\x00")
	}
	return len(a.Resources) != len(b.Resources) || facts(a) != facts(b)
}

// faults checks what becomes part of a question to AWS. A cloud of another provider has none of it.
func (c *cloud) faults() []finding.Finding {
	var fs []finding.Finding
	for _, r := range c.Resources {
		if r.Provider != anyscale.AWS && r.Provider != anyscale.Unknown {
			continue
		}
		if _, _, fault := bucketOf(r.Bucket.Value); r.Bucket.Value != "" && fault != "" {
			fs = append(fs, cloudFault(r.Bucket.Place, fault, "s3://acme-anyscale"))
		}
		if r.Region.Value != "" && !regionName.MatchString(r.Region.Value) {
			fs = append(fs, cloudFault(r.Region.Place, fmt.Sprintf("%q is no AWS region", cut(r.Region.Value)), "such as us-west-2"))
		}
		for _, role := range []anyscale.Text{r.ControlPlaneRole, r.ClusterRole} {
			ref, faults := check.ParseRole(role.Value)
			if role.Value != "" && (len(faults) > 0 || ref.ARN == "") {
				fs = append(fs, cloudFault(role.Place, "this is no role's ARN", "arn:aws:iam::111122223333:role/NAME"))
			}
		}
		ref, faults := check.ParseProfile(r.ClusterProfile.Value)
		if r.ClusterProfile.Value != "" && (len(faults) > 0 || ref.ARN == "") {
			fs = append(fs, cloudFault(r.ClusterProfile.Place, "this is no instance profile's ARN", "arn:aws:iam::111122223333:instance-profile/NAME"))
		}
	}
	return fs
}

// bucketOf reads NAME or s3://NAME/PREFIX.
func bucketOf(value string) (name, prefix, fault string) {
	name, prefix, _ = strings.Cut(strings.TrimPrefix(value, "s3://"), "/")
	switch {
	case !bucketName.MatchString(name):
		fault = fmt.Sprintf("%q is no bucket name", cut(name))
	case strings.ContainsAny(prefix, "*?$"):
		fault = "a prefix with *, ? or $ can't be checked"
	}
	return name, prefix, fault
}

func cloudFault(at finding.Place, message, hint string) finding.Finding {
	return finding.New(finding.UsageCloud, at, message).WithHint(hint)
}
