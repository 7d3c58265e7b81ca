package anyscale

import (
	"fmt"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// newRules applies what the client checks of a new-schema config beyond types (compute_config/models.py of 0.26.112).
// A field of a wrong type has its finding from the schema and is left alone here.
func (r *reader) newRules(c *Config) {
	auto := c.Node.Get("auto_select_worker_config")
	workers := c.Node.Get("worker_nodes")
	if on, _ := auto.Value().(bool); on && workers != nil && !workers.IsNull() {
		r.say(finding.ConfigSchema, auto.KeyPlace(), "auto_select_worker_config must be false when there are worker_nodes, even an empty list",
			"remove one of the two")
	}
	r.textKeys(c.Pointer, "min_resources", "max_resources", "advanced_instance_config")
	r.nodeRules(c.Node.Get("head_node"), c.Pointer+"/head_node")
	names := map[string]*document.Node{}
	for i, w := range workers.Items() {
		pointer := fmt.Sprintf("%s/worker_nodes/%d", c.Pointer, i)
		r.nodeRules(w, pointer)
		r.nodeCounts(w, pointer)
		r.uniqueName(w, pointer, names)
	}
}

// uniqueName compares a worker group's name, given or made from its type, with those before it.
func (r *reader) uniqueName(w *document.Node, pointer string, names map[string]*document.Node) {
	name, at, ok := clientName(w)
	if !ok || r.unrendered(at) {
		return
	}
	if name == "" {
		r.say(finding.ConfigSchema, at.Place(), spoken(pointer)+" has neither a name nor an instance_type to be called by", "write the instance type")
		return
	}
	first, taken := names[name]
	if !taken {
		names[name] = at
		return
	}
	hint := "give it a name of its own"
	if w.Get("name") == nil {
		hint = "give it a name of its own: without one it is called as its instance type"
	}
	r.fs = append(r.fs, finding.New(finding.ConfigSchema, at.Place(), fmt.Sprintf("%s is called %q like another worker group", spoken(pointer), shorten(name))).
		WithDetails(fmt.Sprintf("the other one is on line %d", first.Place().Line)).WithHint(hint))
}

// clientName returns the name that the client gives a worker group and the node that it stems from.
func clientName(w *document.Node) (string, *document.Node, bool) {
	if n := w.Get("name"); n != nil && !n.IsNull() {
		name, ok := n.Text()
		return name, n, ok
	}
	if required := w.Get("required_resources"); required.IsMapping() {
		if kind, ok := w.Get("instance_type").Text(); !ok || kind == "custom" {
			name, ok := physicalOf(required).name(accelerator(w))
			return name, required, ok
		}
	}
	kind := w.Get("instance_type")
	name, ok := kind.Text()
	return name, kind, ok && !kind.IsDate()
}

// nodeCounts holds min_nodes against max_nodes, which is 10 when it is left out.
func (r *reader) nodeCounts(w *document.Node, pointer string) {
	least, ok := whole(w.Get("min_nodes"))
	if !ok && w.Get("min_nodes") != nil {
		return
	}
	most := w.Get("max_nodes")
	limit, ok := whole(most)
	if _, truth := most.Value().(bool); truth && limit < 1 {
		r.say(finding.ConfigSchema, most.Place(), spoken(pointer)+".max_nodes is false, which the client reads as 0; it must be 1 or more", "write a number")
		return
	}
	switch {
	case most == nil && least > 10:
		r.say(finding.ConfigSchema, w.Get("min_nodes").Place(), fmt.Sprintf("%s.min_nodes is %d, but max_nodes is 10 when it is left out", spoken(pointer), least),
			fmt.Sprintf("add max_nodes: %d or more", least))
	case ok && limit >= 1 && limit < least:
		r.say(finding.ConfigSchema, most.Place(), fmt.Sprintf("%s.max_nodes is %d, less than min_nodes (%d)", spoken(pointer), limit, least),
			fmt.Sprintf("write %d or more", least))
	}
}

// whole reads an integer as Python does, for which true is 1.
func whole(n *document.Node) (int64, bool) {
	switch v := n.Value().(type) {
	case int64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// textKeys finds keys that the client refuses because YAML reads them as something else than a string: 1, yes, null.
func (r *reader) textKeys(pointer string, fields ...string) {
	for _, field := range fields {
		for _, e := range r.at(pointer + step(field)).Entries() {
			if _, isText := e.KeyNode.Value().(string); !isText || e.KeyNode.IsDate() {
				text, _ := e.KeyNode.Scalar()
				r.say(finding.ConfigSchema, e.Value.KeyPlace(), fmt.Sprintf("the keys of %s must be strings, not %s", field, describe(e.KeyNode, "")), fmt.Sprintf("put quotes around it: %q", shorten(text)))
			}
		}
	}
}

// nodeRules applies the rules that head and workers share.
func (r *reader) nodeRules(n *document.Node, pointer string) {
	if !n.IsMapping() {
		return
	}
	kind, required := n.Get("instance_type"), n.Get("required_resources")
	hasRequired := required != nil && !required.IsNull()
	text, isText := kind.Text()
	switch {
	case (kind == nil || kind.IsNull()) && !hasRequired:
		place := n.KeyPlace()
		if kind != nil {
			place = kind.KeyPlace()
		} else if entries := n.Entries(); len(entries) > 0 {
			place = entries[0].Value.KeyPlace()
		}
		r.say(finding.ConfigSchema, place, spoken(pointer)+" has no instance_type", "add instance_type, or required_resources with CPU and memory")
	case isText && text != "custom" && hasRequired:
		r.say(finding.ConfigSchema, kind.Place(), spoken(pointer)+" has both instance_type and required_resources", "keep one: either the type, or the resources to find a type by")
	}
	r.textKeys(pointer, "resources", "labels", "required_labels", "advanced_instance_config")
	if required.IsMapping() {
		r.requiredRules(n, required, pointer)
	}
	r.acceleratorRules(n, pointer)
}
