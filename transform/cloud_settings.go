package transform

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/anyscale"
	"ccx/transform/finding"
)

// adjust adds to a cloud what the settings say of it; a cloud without a printout is known from the settings alone.
func (k *Clouds) adjust(s cloudSettings) []finding.Finding {
	c := k.find(s.key.Value)
	if c == nil {
		c = k.find(s.id.Value)
	}
	if c == nil {
		for _, other := range k.known {
			if other.Is(s.key.Value) {
				return []finding.Finding{settingsFault(s.key.Place, fmt.Sprintf("several clouds are called %q", cut(s.key.Value)), "use the cloud's id as the key")}
			}
		}
		c = &cloud{Cloud: cloudNamed(s.key)}
		k.known = append(k.known, c)
	}
	if !c.Is(s.key.Value) {
		return []finding.Finding{settingsFault(s.id.Place, fmt.Sprintf("the cloud %s is called %s in %s", s.id.Value, c, c.ID.Place.File), "use that name as the key")}
	}
	if c.profile.Value != "" || c.allowed != nil || c.context != nil || c.data != nil || c.needs != nil {
		return []finding.Finding{settingsFault(s.key.Place, fmt.Sprintf("the cloud %s has two entries, by its name and by its id", c), "put them into one")}
	}
	fs := set(&c.ID, s.id, "cloud_id")
	fs = append(fs, c.addResource(s)...)
	c.profile, c.context, c.data, c.needs, c.key = s.profile, s.context, s.data, s.needs, s.key
	for _, pattern := range s.allowed {
		if strings.Contains(pattern.Value, "{cloud_id}") && c.ID.Value == "" {
			fs = append(fs, settingsFault(pattern.Place, fmt.Sprintf("the id of the cloud %s is not known", c), "add cloud_id, or the cloud's printout to cloud_files"))
		}
		full := strings.ReplaceAll(pattern.Value, "{cloud_id}", c.ID.Value)
		if strings.ContainsAny(full, "{}") {
			fs = append(fs, settingsFault(pattern.Place, "only {cloud_id} can stand in braces", "names or ARNs of instance profiles, with *, ? and {cloud_id}"))
		}
		c.allowed = append(c.allowed, full)
		if !strings.ContainsAny(full, "*?") {
			c.named = append(c.named, anyscale.Text{Value: full, Place: pattern.Place})
		}
	}
	return fs
}

// cloudNamed is a cloud of which only a name or an id is known.
func cloudNamed(word anyscale.Text) anyscale.Cloud {
	if c, ok := anyscale.ByID(word); ok {
		return c
	}
	return anyscale.Cloud{Name: word}
}

// addResource adds the bucket, region and roles: to a cloud's one resource, since it could not be told whose they are
// where there are several.
func (c *cloud) addResource(s cloudSettings) []finding.Finding {
	var first anyscale.Text
	for _, t := range []anyscale.Text{s.region, s.bucket, s.clusterRole, s.controlPlane} {
		if first.Value == "" {
			first = t
		}
	}
	switch {
	case first.Value == "":
		return nil
	case len(c.Resources) > 1:
		return []finding.Finding{settingsFault(first.Place, fmt.Sprintf("the cloud %s has %d resources, each with its own region, bucket and roles", c, len(c.Resources)), "leave these out: the cloud's printout has them")}
	case len(c.Resources) == 0:
		c.Resources = []anyscale.Resource{{}}
	}
	r := &c.Resources[0]
	fs := set(&r.Region, s.region, "region")
	fs = append(fs, set(&r.ClusterRole, s.clusterRole, "cluster_role")...)
	fs = append(fs, set(&r.ControlPlaneRole, s.controlPlane, "control_plane_role")...)
	printed, _, _ := bucketOf(r.Bucket.Value)
	if said, _, _ := bucketOf(s.bucket.Value); said == printed {
		r.Bucket = anyscale.Text{} // the settings may add a prefix
	}
	return append(fs, set(&r.Bucket, s.bucket, "bucket")...)
}

// set fills a value in; one that is there already must be the same.
func set(to *anyscale.Text, said anyscale.Text, what string) []finding.Finding {
	switch {
	case said.Value == "" || said.Value == to.Value:
		return nil
	case to.Value != "":
		return []finding.Finding{settingsFault(said.Place, fmt.Sprintf("%s is %s here, and %s in %s", what, cut(said.Value), cut(to.Value), to.Place.File), "leave it out here, or take the printout again")}
	}
	*to = said
	return nil
}

// named checks that the settings name no cloud of which nothing is known.
func (k *Clouds) named() []finding.Finding {
	if k.settings == nil {
		return nil
	}
	words := []anyscale.Text{k.settings.defaultCloud}
	for _, p := range k.settings.paths {
		words = append(words, p.cloud)
	}
	for _, w := range k.settings.waivers {
		words = append(words, w.cloud)
	}
	var fs []finding.Finding
	for _, w := range words {
		if w.Value != "" && k.find(w.Value) == nil {
			fs = append(fs, settingsFault(w.Place, fmt.Sprintf("nothing is known of the cloud %q", cut(w.Value)), k.meant(w.Value)))
		}
	}
	return fs
}

// meant is what to do about a cloud that is not known.
func (k *Clouds) meant(word string) string {
	if slices.Contains(k.names(), word) {
		return "several clouds have this name: use the cloud's id"
	}
	if guess, ok := finding.Nearest(word, k.names()); ok {
		return "did you mean " + guess + "?"
	}
	return fmt.Sprintf("anyscale cloud status -n %s > FILE, then --cloud-file FILE or cloud_files in the settings", cut(word))
}
