package anyscale

import (
	"fmt"
	"slices"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// keys finds keys that are fine YAML and yet end the client's work: it sends the config as JSON, which knows no dates as
// keys, and takes a legacy config apart as Python's keyword arguments, whose names must be texts.
func (r *reader) keys(c *Config) {
	if c.Schema == Legacy {
		for _, e := range c.Node.Entries() {
			if _, text := e.KeyNode.Text(); !text && e.Value != nil {
				r.keySays(e, fmt.Sprintf("the client reads the key %s as %s, and takes only texts here", shorten(e.Key), describe(e.KeyNode, "")))
			}
		}
	}
	r.dateKeys(c.Node, map[any]bool{})
}

// dateKeys walks a node; what several aliases share is walked once.
func (r *reader) dateKeys(n *document.Node, seen map[any]bool) {
	if n == nil || seen[n.Identity()] {
		return
	}
	seen[n.Identity()] = true
	for _, e := range n.Entries() {
		if e.KeyNode.IsDate() {
			r.keySays(e, "the client reads this key as a date, which can't be sent")
		}
		r.dateKeys(e.Value, seen)
	}
	for _, item := range n.Items() {
		r.dateKeys(item, seen)
	}
}

// keySays says what is wrong with a key, unless the schema has said it already.
func (r *reader) keySays(e document.Entry, message string) {
	at := e.KeyNode.Place()
	if !slices.ContainsFunc(r.fs, func(f finding.Finding) bool { return f.Place == at && f.Stops() }) {
		text, _ := e.KeyNode.Scalar()
		r.say(finding.ConfigSchema, at, message, fmt.Sprintf("put quotes around it: %q", text))
	}
}
