package anyscale

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// Cloud is an Anyscale cloud as `anyscale cloud get` and `anyscale cloud status` print it.
type Cloud struct {
	Name, ID  Text // prod-usw2, cld_abc123
	Default   bool // the organization's default cloud; only `cloud status` shows it
	Resources []Resource
}

// Resource is one cloud resource: a region with its bucket and its roles. What a printout leaves out is empty.
type Resource struct {
	Name, ID         Text
	Provider         Provider // Kubernetes for a cluster of that kind, whoever runs it
	Region           Text
	Bucket           Text // as printed: s3://NAME
	ControlPlaneRole Text // anyscale_iam_role_id: the role that Anyscale assumes
	ClusterRole      Text // cluster_iam_role_id: the role of the nodes
	ClusterProfile   Text // cluster_instance_profile_id: the ARN of the profile that nodes get, where it is set
	Primary          bool // used where no resource is named; only `cloud status` shows it
}

// String returns the resource's name, or its id where it has none.
func (r Resource) String() string {
	if r.Name.Value != "" {
		return r.Name.Value
	}
	return r.ID.Value
}

// String returns the cloud's name, or its id where the name is not known.
func (c Cloud) String() string {
	if c.Name.Value != "" {
		return c.Name.Value
	}
	return c.ID.Value
}

// Is reports whether a name or an id means the cloud.
func (c Cloud) Is(word string) bool {
	return word != "" && (c.Name.Value == word || c.ID.Value == word)
}

// Clouds reads what `anyscale cloud get` and `cloud status` print, YAML or JSON; a file may hold several printouts,
// divided by `---`. Keys that it doesn't need are passed over. Code: usage/cloud.
func Clouds(doc *document.Document) ([]Cloud, []finding.Finding) {
	p := &printout{}
	var clouds []Cloud
	for _, root := range doc.Roots {
		if c, ok := p.cloud(root); ok {
			clouds = append(clouds, c)
		}
	}
	if len(doc.Roots) == 0 {
		p.say(finding.Place{File: doc.Name}, "the file is empty", cloudHint)
	}
	return clouds, p.fs
}

const cloudHint = "anyscale cloud status -n NAME > FILE makes one"

// printout gathers what is wrong with something that the client printed.
type printout struct{ fs []finding.Finding }

func (p *printout) say(at finding.Place, message, hint string) {
	p.fs = append(p.fs, finding.New(finding.UsageCloud, at, message).WithHint(hint))
}

// text reads a string below n; a value of another kind is a finding, an absent one or null is the zero Text.
func (p *printout) text(n *document.Node, path ...string) Text {
	at := n.Find(path...)
	if at == nil || at.IsNull() {
		return Text{}
	}
	value, ok := at.Text()
	if !ok {
		p.say(at.Place(), strings.Join(path, ".")+" must be a text", "take the printout again: the client writes it so")
		return Text{}
	}
	return Text{Value: value, Place: at.Place()}
}

func (p *printout) yes(n *document.Node, key string) bool {
	value, _ := n.Get(key).Value().(bool)
	return value
}

// cloud reads one printout.
func (p *printout) cloud(root *document.Node) (Cloud, bool) {
	if !root.IsMapping() {
		p.say(root.Place(), "this is no printout of a cloud", cloudHint)
		return Cloud{}, false
	}
	if root.Get("dataplane_iam_mapping") != nil {
		p.say(firstKey(root), "this is a cloud's IAM mapping, not the cloud itself", "--mapping reads it; "+cloudHint)
		return Cloud{}, false
	}
	c := Cloud{Name: p.text(root, "name"), ID: p.text(root, "id"), Default: p.yes(root, "is_default")}
	resources := root.Get("resources")
	switch {
	case !resources.IsSequence() || c.ID.Value == "" && c.Name.Value == "":
		p.say(firstKey(root), "this is no printout of a cloud: it needs name or id, and a list of resources", cloudHint)
		return Cloud{}, false
	case c.ID.Value != "" && !isID(c.ID.Value):
		p.say(c.ID.Place, fmt.Sprintf("%q is no cloud id", shorten(c.ID.Value)), "it looks like cld_abc123")
		return Cloud{}, false
	}
	for _, item := range resources.Items() {
		if !item.IsMapping() {
			p.say(item.Place(), "a cloud resource must be a mapping", cloudHint)
			continue
		}
		c.Resources = append(c.Resources, p.resource(item))
	}
	p.twice(c)
	return c, true
}

// isID keeps to what ids are made of, since an id becomes a part of names and patterns.
func isID(id string) bool {
	return strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}

func (p *printout) resource(n *document.Node) Resource {
	return Resource{
		Name: p.text(n, "name"), ID: p.text(n, "cloud_resource_id"),
		Provider: p.provider(n), Region: p.text(n, "region"), Bucket: p.text(n, "object_storage", "bucket_name"),
		ControlPlaneRole: p.text(n, "aws_config", "anyscale_iam_role_id"),
		ClusterRole:      p.text(n, "aws_config", "cluster_iam_role_id"),
		ClusterProfile:   p.text(n, "aws_config", "cluster_instance_profile_id"),
		Primary:          p.yes(n, "is_default"),
	}
}

// provider tells for whom a resource is: pods have no instance profile, on whichever provider's machines they run.
func (p *printout) provider(n *document.Node) Provider {
	if strings.EqualFold(p.text(n, "compute_stack").Value, string(Kubernetes)) {
		return Kubernetes
	}
	return Provider(strings.ToUpper(p.text(n, "provider").Value))
}

// twice refuses two resources that answer to one name or id, and two primary ones.
func (p *printout) twice(c Cloud) {
	var seen []string
	primary := 0
	for _, r := range c.Resources {
		for _, word := range []Text{r.Name, r.ID} {
			if word.Value != "" && slices.Contains(seen, word.Value) {
				p.say(word.Place, fmt.Sprintf("two cloud resources are called %q", shorten(word.Value)), "take the printout again")
			}
			seen = append(seen, word.Value)
		}
		if r.Primary {
			primary++
		}
	}
	if primary > 1 {
		p.say(c.Name.Place, fmt.Sprintf("%d resources of one cloud are marked as its default", primary), "take the printout again")
	}
}
