package anyscale

import (
	"fmt"
	"slices"

	"ccx/schema"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// legacyRules applies what the client does with a legacy config beyond types (controllers/compute_config_controller.py
// of 0.26.112), above all what it drops without a word.
func (r *reader) legacyRules(c *Config) {
	if c.Schema == Legacy {
		r.oneCloud(c)
		r.zones(c)
		r.twoSpellings(c)
		r.dropped(c)
		r.besideTarget(c)
	} else {
		r.droppedInline(c)
	}
	r.nodeBlocks(c.Node.Get("head_node_type"), c.Pointer+"/head_node_type")
	for i, w := range c.Node.Get("worker_node_types").Items() {
		r.nodeBlocks(w, fmt.Sprintf("%s/worker_node_types/%d", c.Pointer, i))
	}
}

// oneCloud: exactly one of cloud_id and cloud, an empty one counting as none.
func (r *reader) oneCloud(c *Config) {
	id, name := c.Node.Get("cloud_id"), c.Node.Get("cloud")
	switch {
	case given(id) && given(name):
		r.say(finding.ConfigSchema, name.KeyPlace(), "both cloud_id and cloud are given; the client takes one", "remove one of them")
	case !given(id) && !given(name):
		place := firstKey(c.Node)
		if name != nil {
			place = name.KeyPlace()
		} else if id != nil {
			place = id.KeyPlace()
		}
		r.say(finding.ConfigSchema, place, "neither cloud_id nor cloud is given; the legacy schema wants one", "add cloud: and the name of the cloud")
	}
}

// given reports whether the client takes a value as there: not null, not an empty text. It makes texts of numbers and
// booleans first, so that false is there too.
func given(n *document.Node) bool {
	text, isText := n.Text()
	return n != nil && !n.IsNull() && !(isText && text == "")
}

func (r *reader) zones(c *Config) {
	items := c.Node.Get("allowed_azs").Items()
	for _, item := range items {
		if zone, _ := item.Text(); zone == "any" && len(items) > 1 {
			r.say(finding.ConfigSchema, item.Place(), "allowed_azs has any beside other zones; the client takes it alone", "remove any, or the other zones")
			return
		}
	}
}

// twoSpellings: of aws and its long name the client keeps the long one, even when that is null.
func (r *reader) twoSpellings(c *Config) {
	for _, short := range []string{"aws", "gcp"} {
		long := short + "_advanced_configurations_json"
		if at := c.Node.Get(short); filled(at) && c.Node.Get(long) != nil {
			r.say(finding.ConfigDropped, at.KeyPlace(), short+" is silently dropped, because "+long+" is there too", "move its fields into "+long+" and remove it")
		}
	}
}

// dropped finds the keys of a legacy config that the client discards without a word.
func (r *reader) dropped(c *Config) {
	known := schema.Keys(schema.LegacyComputeConfig)
	for _, e := range c.Node.Entries() {
		if slices.Contains(known, e.Key) || e.Key == r.opts.Target || r.unseenKey(e) {
			continue
		}
		place := e.Value.KeyPlace()
		switch {
		case slices.Contains(newNodeKeys, e.Key):
			r.say(finding.ConfigConflict, place, e.Key+" belongs to the new schema, but "+legacyNodeKey(c.Node)+" makes this a legacy config", "keep one of the two schemas: head_node and worker_nodes, or head_node_type and worker_node_types")
		case e.Key == "advanced_instance_config" || e.Key == "advanced_configurations_json":
			r.lost(e)
		case e.Key == "IamInstanceProfile" || e.Key == "BlockDeviceMappings" || e.Key == "TagSpecifications":
			r.say(finding.ConfigDropped, place, "the client silently drops "+e.Key+" at this level", "move it under aws")
		case e.Key == "region":
			r.sayAt(finding.Note, finding.ConfigDropped, place, "the client silently drops region: the cloud has one", "")
		default:
			r.droppedKey(e, known)
		}
	}
}

// lost says that an instance config would not arrive; an empty one loses nothing. The SDK (as in Ray's release tests)
// keeps advanced_configurations_json.
func (r *reader) lost(e document.Entry) {
	hint := "rename it to aws (or to aws_advanced_configurations_json)"
	if e.Key == "advanced_configurations_json" {
		hint += "\nor, where the SDK reads this file and not the command line: --target " + e.Key
	}
	message := "the client silently drops " + e.Key + " from a legacy config"
	if e.Value.IsNull() || e.Value.IsMapping() && !filled(e.Value) {
		r.sayAt(finding.Note, finding.ConfigDropped, e.Value.KeyPlace(), message+"; it is empty, so nothing is lost", "")
		return
	}
	r.say(finding.ConfigDropped, e.Value.KeyPlace(), message+": the nodes would start without it", hint)
}

func (r *reader) droppedKey(e document.Entry, known []string) {
	hint := "remove it, or use a key that the client knows"
	if guess, ok := finding.Nearest(e.Key, known); ok {
		hint = "did you mean " + guess + "?"
	} else if slices.Contains(newKeys, e.Key) {
		hint = "it belongs to the new schema: head_node and worker_nodes"
	}
	r.sayAt(finding.Warning, finding.ConfigDropped, e.Value.KeyPlace(), "the client silently drops the unknown key "+shorten(e.Key), hint)
}

func legacyNodeKey(n *document.Node) string {
	for _, key := range append(slices.Clone(legacyNodeKeys), legacyKeys...) {
		if n.Get(key) != nil {
			return key
		}
	}
	return "the rest"
}

// droppedInline finds instance configs in a legacy job's or service's config under names that the API lacks: the
// config is sent as typed, so that nothing in the client maps aws to its long name.
func (r *reader) droppedInline(c *Config) {
	for _, e := range c.Node.Entries() {
		if (e.Key == "aws" || e.Key == "advanced_instance_config") && e.Key != r.opts.Target && filled(e.Value) {
			r.say(finding.ConfigDropped, e.Value.KeyPlace(), "a config inside a "+string(r.file.Shape)+" is sent as it is written, and the API knows no "+e.Key+": the nodes would start without it",
				"rename it to aws_advanced_configurations_json")
		}
	}
	long, other := c.Node.Get("aws_advanced_configurations_json"), c.Node.Get("advanced_configurations_json")
	r.twoBlocks(long, other)
}

// nodeBlocks finds instance configs of a node under names that the API lacks, or two of them.
func (r *reader) nodeBlocks(n *document.Node, pointer string) {
	if n != nil && !n.IsMapping() && !n.IsNull() && !r.unrendered(n) {
		r.sayAt(finding.Warning, finding.ConfigSchema, n.Place(), spoken(pointer)+" should be a mapping, not "+describe(n, pointer), "the client sends it as it is written, and the API wants a mapping")
		return
	}
	for _, key := range []string{"aws", "advanced_instance_config"} {
		if at := n.Get(key); filled(at) {
			r.say(finding.ConfigDropped, at.KeyPlace(), "a node type is sent as it is written, and the API knows no "+key+" in it: its nodes would start without it", "rename it to aws_advanced_configurations_json")
		}
	}
	r.twoBlocks(n.Get("aws_advanced_configurations_json"), n.Get("advanced_configurations_json"))
}

// besideTarget refuses --target=advanced_configurations_json beside an instance config under another name.
func (r *reader) besideTarget(c *Config) {
	if r.opts.Target != "advanced_configurations_json" {
		return
	}
	for _, key := range []string{"aws", "aws_advanced_configurations_json"} {
		if at := c.Node.Get(key); filled(at) {
			r.say(finding.ConfigConflict, at.KeyPlace(), key+" holds an instance config: with "+r.opts.Target+" there would be two, and it is not known which of them counts",
				"leave out --target, or rename "+key+" to "+r.opts.Target)
		}
	}
}

func (r *reader) twoBlocks(long, other *document.Node) {
	if filled(long) && filled(other) {
		r.fs = append(r.fs, finding.New(finding.ConfigConflict, other.KeyPlace(), "two instance configs stand side by side, and it is not known which of them counts").
			WithDetails(fmt.Sprintf("the other one is on line %d", long.KeyPlace().Line)).WithHint("keep one of them"))
	}
}
