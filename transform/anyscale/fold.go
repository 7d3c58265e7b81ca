package anyscale

import (
	"maps"
	"slices"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// fold takes up the form in Anyscale's own documentation, a second YAML document that holds the instance config, which
// the client refuses in every form (it reads exactly one document). Any other stream of several documents is refused.
func (r *reader) fold() {
	if len(r.doc.Roots) == 1 {
		return
	}
	block, ok := foldable(r.doc)
	shape := r.file.Shape
	if !ok || shape != ShapeNew && shape != ShapeLegacy {
		r.manyDocuments()
		return
	}
	f := r.file
	f.folded, f.foldKey = block, "advanced_instance_config"
	if shape == ShapeLegacy {
		f.foldKey = "aws"
	}
	for _, key := range instanceConfigKeys {
		if there := r.root.Get(key); there != nil {
			r.say(finding.ConfigDocuments, block.KeyPlace(), "the second document holds an instance config, but the first has one already ("+key+")",
				"merge the two by hand: the client reads exactly one document")
			return
		}
	}
	renamed := ""
	if azs := r.root.Get("allowed_azs"); azs != nil && shape == ShapeNew && r.root.Get("zones") == nil {
		f.rename = append(f.rename, renaming{azs, "allowed_azs", "zones"})
		renamed = "; allowed_azs becomes zones, its name in the new schema"
	}
	r.sayAt(finding.Note, finding.ConfigFolded, block.KeyPlace(),
		"the client reads one document only: this one is folded into the first as "+f.foldKey+renamed, "")
}

// foldable returns the instance config of a second document that holds nothing else.
func foldable(doc *document.Document) (*document.Node, bool) {
	if len(doc.Roots) != 2 {
		return nil, false
	}
	entries := doc.Roots[1].Entries()
	if len(entries) != 1 || !slices.Contains(instanceConfigKeys, entries[0].Key) {
		return nil, false
	}
	return entries[0].Value, entries[0].Value.IsMapping()
}

// manyDocuments refuses a stream of several documents at the line that opens the second.
func (r *reader) manyDocuments() {
	place, ok := r.doc.Marker(1)
	if !ok {
		place = r.doc.Roots[1].Place()
	}
	if last := r.doc.Roots[len(r.doc.Roots)-1]; len(r.doc.Roots) == 2 && last.IsNull() {
		r.say(finding.ConfigDocuments, place, "this --- opens a second, empty document; the client reads exactly one", "remove the line")
		return
	}
	r.say(finding.ConfigDocuments, place, "this --- opens a second document; the client reads exactly one",
		"keep one config in a file; only a second document with nothing but `aws:` or `advanced_instance_config:` can be folded into the first")
}

// foldedAt returns the node that stands at a pointer of the folded document, if it stands elsewhere in the text.
func (f *File) foldedAt(pointer string) *document.Node {
	if f.folded == nil {
		return nil
	}
	if rest, ok := strings.CutPrefix(pointer, "/"+f.foldKey); ok {
		return f.folded.At(rest)
	}
	for _, n := range f.rename {
		if rest, ok := strings.CutPrefix(pointer, "/"+n.to); ok {
			return n.node.At(rest)
		}
	}
	return nil
}

// foldedValue returns the first document's value with the second folded in; tree stays as it is.
func (f *File) foldedValue(tree map[string]any) map[string]any {
	tree = maps.Clone(tree)
	for _, n := range f.rename {
		delete(tree, n.from)
		tree[n.to] = n.node.Value()
	}
	tree[f.foldKey] = f.folded.Value()
	return tree
}

// flattened recognizes a text that has lost its indentation, as the documentation's example does when it is copied: an
// empty head_node with its fields beside it. The words of the message say what no parser could.
func flattened(doc *document.Document) *finding.Finding {
	children := map[string][]string{
		"head_node": {"instance_type", "required_resources"}, "head_node_type": {"instance_type", "name"},
		"aws": {"IamInstanceProfile", "BlockDeviceMappings"}, "advanced_instance_config": {"IamInstanceProfile", "BlockDeviceMappings"},
		"IamInstanceProfile": {"Arn", "Name"},
	}
	for _, root := range doc.Roots {
		for _, e := range root.Entries() {
			for _, child := range children[e.Key] {
				if beside := root.Get(child); e.Value.IsNull() && beside != nil {
					f := finding.New(finding.ConfigShape, beside.KeyPlace(), child+" stands beside "+e.Key+", not under it: the text has lost its indentation").
						WithHint("indent what belongs to " + e.Key + " by two spaces, as in\n" + e.Key + ":\n  " + child + ": ...")
					return &f
				}
			}
		}
	}
	return nil
}
