package anyscale

import (
	"fmt"
	"slices"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// sites finds where a compute config needs the profile: at the cluster level, and in every node with an instance config
// of its own, since such a node ignores the cluster level whole (docs.anyscale.com/configuration/compute: "Anyscale
// makes no attempt to merge"). An empty or null block is sent as none and does not count.
func (r *reader) sites(c *Config) {
	cluster := Site{Label: "cluster", Cluster: true, Node: c.Node, Path: []string{r.clusterKey(c)}}
	if c.Schema == Part {
		cluster.Label, cluster.Path = c.Label, []string{"advanced_instance_config"}
	} else if c.Label != "" {
		cluster.Label = c.Label + " " + cluster.Label
	}
	cluster.pointer = c.Pointer + step(cluster.Path[0])
	c.Sites = append(c.Sites, cluster)
	if c.Schema == Part {
		return
	}
	head, workers := c.nodeKeys()
	r.unseen(c.Node.Get(head))
	r.unseen(c.Node.Get(workers))
	r.nodeSite(c, c.Node.Get(head), "head", "head node", c.Pointer+step(head))
	for i, w := range c.Node.Get(workers).Items() {
		r.unseen(w)
		name := workerName(w)
		label := fmt.Sprintf("worker %q", shorten(name))
		if name == "" {
			label = fmt.Sprintf("worker %d", i+1)
		}
		r.nodeSite(c, w, name, label, fmt.Sprintf("%s%s/%d", c.Pointer, step(workers), i))
	}
}

// unseen warns of nodes that only come with the rendering of a template: they may bring an instance config of their own.
func (r *reader) unseen(n *document.Node) {
	if r.unrendered(n) && !n.IsMapping() && !n.IsSequence() {
		r.sayAt(finding.Warning, finding.ConfigTemplate, n.Place(), "what this expression gives is not seen: a node with an instance config of its own would start without the profile",
			"filter the rendered config instead, if it may give one")
	}
}

// nodeSite adds a node that has an instance config of its own.
func (r *reader) nodeSite(c *Config, node *document.Node, name, label, pointer string) {
	r.nodes = append(r.nodes, name)
	key, ok := r.nodeKey(c, node)
	if !ok && !r.newSite(c, node, name, label) {
		return
	}
	if c.Label != "" {
		label = c.Label + " " + label
	}
	c.Sites = append(c.Sites, Site{Label: label, Name: name, Node: node, Path: []string{key}, pointer: pointer + step(key)})
}

// newSite reports whether a node without an instance config of its own is to get one, by --node. With one it ignores
// the cluster level whole, so that nothing else may stand there.
func (r *reader) newSite(c *Config, node *document.Node, name, label string) bool {
	if !node.IsMapping() || !slices.Contains(r.opts.Nodes, name) {
		return false
	}
	cluster := c.Node.Get(c.Sites[0].Path[0])
	for _, e := range cluster.Entries() {
		if e.Key != profileKey {
			r.say(finding.ConfigConflict, node.Place(), fmt.Sprintf("%s has no instance config of its own: with one for its profile, it would lose the cluster level's %s", label, shorten(e.Key)),
				"copy what it needs from the cluster level into its own "+r.freshKey(c)+" first")
			return false
		}
	}
	return true
}

// freshKey is the key of a node's own instance config where there is none yet.
func (r *reader) freshKey(c *Config) string {
	if c.Schema == New {
		return "advanced_instance_config"
	}
	return "aws_advanced_configurations_json"
}

// missingNodes says which of --node's names no node group has.
func (r *reader) missingNodes() {
	if len(r.file.Configs) == 0 {
		return // a job that only names its config, which has its finding
	}
	hint := "this config has no node groups: leave out --node"
	if len(r.nodes) > 0 {
		hint = "this config has " + either(r.nodes)
	}
	for _, name := range r.opts.Nodes {
		if !slices.Contains(r.nodes, name) {
			r.fs = append(r.fs, finding.New(finding.UsageFlag, finding.Place{File: "--node"}, "no node group is called "+shorten(name)).
				WithHint(hint))
		}
	}
}

// clusterKey returns the key that holds a config's instance config at the cluster level.
func (r *reader) clusterKey(c *Config) string {
	if key, ok := r.target(c); ok {
		return key
	}
	if c == &r.file.Configs[0] && r.file.folded != nil {
		return r.file.foldKey
	}
	switch c.Schema {
	case Legacy:
		if c.Node.Get("aws_advanced_configurations_json") != nil {
			return "aws_advanced_configurations_json" // of the two spellings the long one wins
		}
		return "aws"
	case API:
		if filled(c.Node.Get("advanced_configurations_json")) {
			return "advanced_configurations_json"
		}
		return "aws_advanced_configurations_json"
	}
	return "advanced_instance_config"
}

// targets are the keys that --target may name, by schema.
var targets = map[Schema][]string{
	New:    {"advanced_instance_config"},
	Part:   {"advanced_instance_config"},
	Legacy: {"aws", "aws_advanced_configurations_json", "advanced_configurations_json"},
	API:    {"aws", "aws_advanced_configurations_json", "advanced_configurations_json"},
}

// target returns the key that --target forces, if it does and the schema has it.
func (r *reader) target(c *Config) (string, bool) {
	key := r.opts.Target
	if key == "" || key == "auto" {
		return "", false
	}
	if !slices.Contains(targets[c.Schema], key) {
		r.fs = append(r.fs, finding.New(finding.UsageFlag, finding.Place{File: "--target"}, "a "+c.Schema.String()+" config has no "+shorten(key)).
			WithHint("use --target "+either(targets[c.Schema])+", or leave it out"))
		return "", false
	}
	long := c.Node.Get("aws_advanced_configurations_json")
	return key, c.Schema != Legacy || key != "aws" || long == nil // beside its long name aws is dropped
}

// nodeKey returns the key under which a node has an instance config of its own, and false if it has none.
func (r *reader) nodeKey(c *Config, node *document.Node) (string, bool) {
	if c.Schema == New {
		return "advanced_instance_config", filled(node.Get("advanced_instance_config"))
	}
	for _, key := range nodeBlockKeys(c) {
		if filled(node.Get(key)) {
			return key, true
		}
	}
	return r.freshKey(c), false
}

// filled reports whether an instance config says anything: the client sends an empty one as none.
func filled(n *document.Node) bool { return n.IsMapping() && len(n.Entries()) > 0 }

// workerName returns the name by which the client knows a worker group: its own, or its instance type.
func workerName(w *document.Node) string {
	for _, key := range []string{"name", "instance_type"} {
		if name, ok := w.Get(key).Text(); ok {
			return name
		}
	}
	return ""
}

// block returns the instance config that a site has, folded in or in place; nil if it has none.
func (r *reader) block(s *Site) *document.Node {
	return r.at(s.pointer)
}

// instanceConfig reads a site's block: what Anyscale refuses in it, and the profile that it names already.
func (r *reader) instanceConfig(c *Config, s *Site) {
	block := r.block(s)
	if block == nil || block.IsNull() {
		return
	}
	if r.unrendered(block) {
		r.expressionFor(block)
		return
	}
	if !block.IsMapping() {
		if c.Schema != New { // the new schema says so itself
			r.say(finding.ConfigSchema, block.Place(), fmt.Sprintf("%s must be a mapping, not %s", s.Path[0], describe(block, "")), "")
		}
		return
	}
	r.fields(block)
	s.Existing = r.existing(block.Get("IamInstanceProfile"))
}
