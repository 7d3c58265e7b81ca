package transform

import (
	"ccx/transform/check"
	"ccx/transform/document"
)

// dataBuckets reads the buckets that a cloud's nodes work on beside the cloud's own.
func (r *settingsReader) dataBuckets(n *document.Node) []check.DataBucket {
	var all []check.DataBucket
	for _, e := range n.Entries() {
		prefix := textOf(e.Value.Get("prefix"))
		b := check.DataBucket{
			Name: e.Key, Prefix: prefix.Value, Write: textOf(e.Value.Get("access")).Value == "write",
			Account: textOf(e.Value.Get("account")).Value, Given: e.KeyNode.Place(),
		}
		if name, _, fault := bucketOf(e.Key); fault != "" || name != e.Key {
			r.say(e.KeyNode.Place(), "this is no bucket's name", "data_buckets: {corp-lake: {access: read, prefix: curated/}}")
		} else if _, _, fault := bucketOf(e.Key + "/" + prefix.Value); fault != "" {
			r.say(prefix.Place, fault, "give the prefix up to there")
		}
		all = append(all, b)
	}
	return all
}

// requires reads what else a cloud's nodes must be able to do.
func (r *settingsReader) requires(n *document.Node) []check.Require {
	var all []check.Require
	for _, row := range textsOf(n) {
		need, fault := check.ParseRequire(row.Value)
		if fault != nil {
			r.say(row.Place, fault.Message, fault.Hint)
		}
		need.Given = row.Place
		all = append(all, need)
	}
	return all
}
