package anyscale

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// providers finds out for whom each config is. An instance profile belongs to EC2: a config for another provider is
// refused, or left alone when another one of the document is for AWS.
func (r *reader) providers() {
	carries := 0
	for i := range r.file.Configs {
		c := &r.file.Configs[i]
		c.Provider = r.provider(c)
		if c.Provider == AWS || c.Provider == Unknown {
			carries++
		}
	}
	for i := range r.file.Configs {
		c := &r.file.Configs[i]
		if c.Provider == AWS || c.Provider == Unknown {
			continue
		}
		if carries > 0 {
			r.sayAt(finding.Note, finding.ConfigProvider, c.Node.KeyPlace(), fmt.Sprintf("%s is for %s and left as it is", c.Label, c.Provider.name()), "")
			continue
		}
		place := c.Node.KeyPlace()
		if c.Pointer == "" {
			place = firstKey(c.Node)
		}
		if seen := evidence(c, c.Provider); seen != nil {
			place = seen.Place()
		}
		r.say(finding.ConfigProvider, place, fmt.Sprintf("this config is for %s, where nodes have no AWS instance profile", c.Provider.name()), c.Provider.instead())
	}
}

func (p Provider) name() string {
	switch p {
	case GCP:
		return "Google Cloud"
	case Azure:
		return "Azure"
	case Kubernetes:
		return "Kubernetes"
	}
	return string(p)
}

func (p Provider) instead() string {
	switch p {
	case GCP:
		return "set service_accounts under instance_properties instead"
	case Kubernetes:
		return "give the pods a service account instead"
	}
	return ""
}

// Carries reports whether the config can carry an AWS instance profile.
func (c Config) Carries() bool { return c.Provider == AWS || c.Provider == Unknown }

// provider asks the cloud file, else the keys and values; AWS wins where there are signs of several.
func (r *reader) provider(c *Config) Provider {
	if r.opts.Provider != nil {
		if p := r.opts.Provider(c.Cloud.Value, c.Resource.Value); p != Unknown {
			return p
		}
	}
	for _, p := range []Provider{AWS, Kubernetes, GCP, Azure} {
		if evidence(c, p) != nil {
			return p
		}
	}
	return Unknown
}

// The instance types of each provider: m5.2xlarge, n2-standard-8, Standard_D4s_v5, and Kubernetes pod shapes 8CPU-32GB.
var instanceTypes = map[Provider]func() *regexp.Regexp{
	AWS:        pattern(`^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|[0-9]*xlarge|metal[a-z0-9-]*)$`),
	GCP:        pattern(`^[a-z]{1,2}[0-9]{1,2}[a-z]?-(standard|highmem|highcpu|megamem|ultramem|highgpu|megagpu|ultragpu|edgegpu|custom|micro|small|medium|hightpu)[a-z0-9-]*$`),
	Azure:      pattern(`^(Standard|Basic)_[A-Z]+[0-9]+[A-Za-z0-9_-]*$`),
	Kubernetes: pattern(`^[0-9]+CPU-[0-9]+GB(-.*)?$`),
}

// Zones: us-west-2a on AWS, us-central1-a on Google Cloud.
var zoneNames = map[Provider]func() *regexp.Regexp{
	AWS: pattern(`^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$`),
	GCP: pattern(`^[a-z]+-[a-z]+[0-9]+-[a-z]$`),
}

// blockKeys are keys of an instance config that only one provider has.
var blockKeys = map[Provider][]string{
	AWS: {
		"IamInstanceProfile", "BlockDeviceMappings", "TagSpecifications", "NetworkInterfaces", "CapacityReservationSpecification",
		"InstanceMarketOptions", "SecurityGroupIds", "SubnetId", "Placement", "MetadataOptions", "KeyName", "EbsOptimized", "CpuOptions",
	},
	GCP:        {"instance_properties", "instanceProperties"},
	Kubernetes: {"spec", "metadata"},
}

// evidence returns a node that shows that a config is for a provider; nil if there is none.
func evidence(c *Config, p Provider) *document.Node {
	nodes := append([]*document.Node{c.Node.Get("head_node"), c.Node.Get("head_node_type"), c.Node},
		append(c.Node.Get("worker_nodes").Items(), c.Node.Get("worker_node_types").Items()...)...)
	for _, n := range nodes {
		if kind := n.Get("instance_type"); matches(instanceTypes[p], kind) {
			return kind
		}
		if named := n.Get("cloud_deployment").Get("provider"); strings.EqualFold(fmt.Sprint(named.Value()), string(p)) {
			return named
		}
	}
	for _, zone := range append(c.Node.Get("zones").Items(), c.Node.Get("allowed_azs").Items()...) {
		if matches(zoneNames[p], zone) {
			return zone
		}
	}
	for _, n := range nodes {
		if found := blockEvidence(n, p); found != nil {
			return found
		}
	}
	return nil
}

func blockEvidence(n *document.Node, p Provider) *document.Node {
	if p == GCP {
		for _, key := range []string{"gcp", "gcp_advanced_configurations_json"} {
			if block := n.Get(key); filled(block) {
				return block
			}
		}
	}
	for _, key := range instanceConfigKeys {
		block := n.Get(key)
		for _, e := range block.Entries() {
			if slices.Contains(blockKeys[p], e.Key) {
				return e.Value
			}
		}
		if p == AWS && strings.HasPrefix(key, "aws") && filled(block) {
			return block
		}
	}
	return nil
}

func matches(pattern func() *regexp.Regexp, n *document.Node) bool {
	text, ok := n.Text()
	return ok && pattern != nil && pattern().MatchString(text)
}
