package anyscale

import (
	"fmt"
	"strings"

	"ccx/transform/finding"
)

// Pick returns the resource that a name or id means; for "" the primary one, or the only one. Without an answer, why
// says what is amiss in words, and known tells whether the cloud surely lacks it (else it can't be told).
func (c Cloud) Pick(word string) (r Resource, why string, known bool) {
	for _, r := range c.Resources {
		if word != "" && (r.Name.Value == word || r.ID.Value == word) || word == "" && (r.Primary || len(c.Resources) == 1) {
			return r, "", true
		}
	}
	var names []string
	for _, r := range c.Resources {
		if r.String() != "" {
			names = append(names, r.String())
		}
	}
	switch {
	case word != "" && len(names) > 0:
		return Resource{}, fmt.Sprintf("the cloud %s has no resource %q: it has %s", c, shorten(word), listed(names, 6)), true
	case word != "":
		return Resource{}, fmt.Sprintf("nothing is known of the resource %q of the cloud %s", shorten(word), c), false
	case len(c.Resources) == 0:
		return Resource{}, fmt.Sprintf("the cloud %s has no resources", c), false
	}
	return Resource{}, fmt.Sprintf("which resource of the cloud %s is its primary one: it has %s", c, listed(names, 6)), false
}

// Fallback is the instance profile that nodes get when neither their config nor a mapping names one.
type Fallback struct {
	Profile Text   // ARN or name
	From    string // why it is this one, in words
	Guess   bool   // made from the cloud's id alone: true of clouds that `anyscale cloud setup` made
}

// Fallback says which profile nodes get by themselves, by Anyscale's precedence (client/cloud_resource.py, comment on
// cluster_instance_profile_id): that profile, else the one that is named like the role of the nodes, else, where only
// the cloud's id is known, the one that `anyscale cloud setup` makes. The zero Fallback: it can't be told.
func (c Cloud) Fallback(r Resource) Fallback {
	switch {
	case r.ClusterProfile.Value != "":
		return Fallback{Profile: r.ClusterProfile, From: "the cloud's cluster_instance_profile_id"}
	case r.ClusterRole.Value != "":
		role := r.ClusterRole
		return Fallback{
			Profile: Text{Value: role.Value[strings.LastIndexByte(role.Value, '/')+1:], Place: role.Place},
			From:    "the profile named like the cloud's cluster_iam_role_id",
		}
	case isCloudID(c.ID.Value) && len(c.Resources) < 2:
		return Fallback{
			Profile: Text{Value: c.ID.Value + "-cluster_node_role", Place: c.ID.Place},
			From:    "what `anyscale cloud setup` makes for the cloud's id", Guess: true,
		}
	}
	return Fallback{}
}

// isCloudID tells an id from a name.
func isCloudID(word string) bool {
	return strings.HasPrefix(word, "cld_") && len(word) > len("cld_") && isID(word)
}

// ByID returns the cloud of which nothing but its id is known; false for a word that is no id.
func ByID(word Text) (Cloud, bool) {
	return Cloud{ID: word}, isCloudID(word.Value)
}

// OuterCloud returns the cloud that the carrier around the config names; the zero Text without a carrier, or where it
// names none.
func (c Config) OuterCloud() Text {
	at := c.holder.Get("cloud")
	value, ok := at.Text()
	if !ok || value == "" {
		return Text{}
	}
	return Text{Value: value, Place: at.Place()}
}

// Where returns the place that stands for the config where there is no better one.
func (c Config) Where() finding.Place {
	switch {
	case c.Resource.Value != "":
		return c.Resource.Place
	case c.Cloud.Value != "":
		return c.Cloud.Place
	}
	return firstKey(c.Node)
}
