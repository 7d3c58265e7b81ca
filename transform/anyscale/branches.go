package anyscale

import (
	"fmt"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// branches refuses what a template decides when it is rendered and what would cost nodes their profile: an instance
// config that an expression gives whole, or that stands in one of several branches.
func (r *reader) branches(c *Config) {
	if !r.opts.Template {
		return
	}
	at := r.root
	for _, key := range strings.Split(c.Pointer, "/")[1:] {
		inList := at.IsSequence()
		if at = at.At("/" + key); !inList { // an item of a list may come with a loop
			r.conditional(at, "this compute config")
		}
	}
	r.conditional(r.block(&c.Sites[0]), "this instance config")
	for _, s := range c.Sites {
		profile := r.block(&s).Get(profileKey)
		r.conditional(profile, "this profile")
		if s.Existing != nil {
			r.conditional(s.Existing.At, "this profile")
		}
	}
	head, workers := c.nodeKeys()
	for _, n := range append(c.Node.Get(head).Earlier(), c.Node.Get(head)) {
		r.givenWhole(c, n)
	}
	for _, n := range append(c.Node.Get(workers).Earlier(), c.Node.Get(workers)) {
		for _, w := range n.Items() {
			r.givenWhole(c, w)
		}
	}
	for _, n := range c.Node.Get(head).Earlier() {
		r.notSeen(c, n)
	}
	for _, n := range c.Node.Get(workers).Earlier() {
		for _, w := range n.Items() {
			r.notSeen(c, w)
		}
	}
}

// nodeKeys returns the keys of the head node and of the workers.
func (c *Config) nodeKeys() (head, workers string) {
	if c.Schema == Legacy || c.Schema == API {
		return "head_node_type", "worker_node_types"
	}
	return "head_node", "worker_nodes"
}

// conditional refuses an entry that is there only where a statement lets it be.
func (r *reader) conditional(n *document.Node, what string) {
	statement, ok := n.Branch()
	if !ok {
		return
	}
	text := string(r.doc.Src[statement.Offset : statement.Offset+statement.Length])
	r.say(finding.ConfigTemplate, n.KeyPlace(), fmt.Sprintf("%s stands in a branch of the template (%s, line %d): the nodes would start without it where that is not taken", what, shorten(text), statement.Line),
		"move it out of the branch, or filter the rendered config")
}

// givenWhole refuses a node's own instance config that is an expression.
func (r *reader) givenWhole(c *Config, node *document.Node) {
	for _, key := range nodeBlockKeys(c) {
		r.expressionFor(node.Get(key))
	}
}

func (r *reader) expressionFor(block *document.Node) {
	if r.unrendered(block) {
		text, _ := block.Text()
		r.say(finding.ConfigTemplate, block.Place(), "the template gives this instance config as a whole, so no profile can be put into it",
			"put the profile into what "+shorten(text)+" gives, or filter the rendered config")
	}
}

// notSeen refuses a node of another branch than the last if it has an instance config of its own: of several entries
// with one key, the last is read.
func (r *reader) notSeen(c *Config, node *document.Node) {
	for _, key := range nodeBlockKeys(c) {
		if block := node.Get(key); filled(block) {
			r.say(finding.ConfigTemplate, block.KeyPlace(), "this node stands in one of several branches of the template, of which only the last is filtered: it would start without the profile",
				"filter the rendered config instead")
		}
	}
}

// nodeBlockKeys are the keys under which a node of a config may have an instance config.
func nodeBlockKeys(c *Config) []string {
	if c.Schema == New {
		return []string{"advanced_instance_config"}
	}
	return []string{"aws_advanced_configurations_json", "advanced_configurations_json"}
}

// unseenKey warns of a key that only comes with the rendering.
func (r *reader) unseenKey(e document.Entry) bool {
	if !r.opts.Template || !e.KeyNode.Templated() {
		return false
	}
	r.sayAt(finding.Warning, finding.ConfigTemplate, e.KeyNode.Place(), "what key this expression gives is not seen", "filter the rendered config instead, if it may be that of a node or an instance config")
	return true
}
