package anyscale

import (
	"fmt"
	"slices"

	"ccx/schema"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// reader reads one document: it fills the File and gathers what there is to say.
type reader struct {
	doc  *document.Document
	opts Options
	file *File
	root *document.Node
	fs   []finding.Finding

	places map[string]int // index of the compute config at a pointer
	nodes  []string       // the names of all node groups
}

// Read finds out what doc is, what the client would refuse or silently drop in it, and its sites. The File is nil when
// doc is nothing that can carry a profile; else it comes with whatever findings there are. Codes: config/shape, schema,
// conflict, dropped, field, placeholder, documents, folded, named, provider.
func Read(doc *document.Document, opts Options) (*File, []finding.Finding) {
	r := &reader{doc: doc, opts: opts}
	if !r.open() {
		return nil, r.fs
	}
	shape, f := shapeOf(r.root)
	if f == nil && !opts.UnknownKeys {
		f = mostlyUnknown(r.root, shape)
	}
	if f != nil {
		return nil, []finding.Finding{*f}
	}
	r.file = &File{Doc: doc, Shape: shape, opts: opts, root: r.root}
	r.fold()
	if stopped(r.fs) {
		return nil, r.fs
	}
	r.locate()
	r.validate()
	r.carrierRules()
	for i := range r.file.Configs {
		r.config(&r.file.Configs[i])
	}
	r.missingNodes()
	r.providers()
	finding.Sort(r.fs)
	return r.file, slices.CompactFunc(r.fs, sameFinding)
}

func sameFinding(a, b finding.Finding) bool {
	return a.Code == b.Code && a.Place == b.Place && a.Message == b.Message
}

func stopped(fs []finding.Finding) bool { return slices.ContainsFunc(fs, finding.Finding.Stops) }

// say adds a finding at its code's level.
func (r *reader) say(code finding.Code, at finding.Place, message, hint string) {
	r.fs = append(r.fs, finding.New(code, at, message).WithHint(hint))
}

// sayAt adds a finding at a level of its own.
func (r *reader) sayAt(level finding.Level, code finding.Code, at finding.Place, message, hint string) {
	r.fs = append(r.fs, finding.New(code, at, message).WithHint(hint).AtLevel(level))
}

// open finds the first document's mapping and refuses what is none.
func (r *reader) open() bool {
	if len(r.doc.Roots) == 0 {
		r.say(finding.ConfigEmpty, r.doc.PlaceAt(0, 0), "the document is empty", "the client would take it for a config without nodes or profile")
		return false
	}
	r.root = r.doc.Roots[0]
	if f := flattened(r.doc); f != nil {
		r.fs = append(r.fs, *f)
		return false
	}
	switch {
	case r.root.IsMapping():
		return true
	case r.root.IsNull() && len(r.doc.Roots) == 1:
		r.say(finding.ConfigEmpty, r.root.Place(), "the document is empty", "the client would take it for a config without nodes or profile")
	case r.root.IsNull():
		r.manyDocuments()
	case r.root.IsSequence():
		r.say(finding.ConfigShape, r.root.Place(), "this is a list; a compute config is a mapping", "write `key: value` lines without a dash in front")
	default:
		r.say(finding.ConfigShape, r.root.Place(), "this is a single value; a compute config is a mapping", "write a space after each colon: `head_node: ...`")
	}
	return false
}

// unrendered reports whether n is a template's expression, whose value is not known yet, so that nothing can be said.
func (r *reader) unrendered(n *document.Node) bool { return r.opts.Template && n.Templated() }

// at returns the node at a pointer of the document as the client will see it, with the second document folded in.
func (r *reader) at(pointer string) *document.Node {
	if n := r.file.foldedAt(pointer); n != nil {
		return n
	}
	return r.root.At(pointer)
}

// value returns the value as the client will see it.
func (r *reader) value() any {
	v := r.root.Value()
	if tree, ok := v.(map[string]any); ok && r.file.folded != nil {
		return r.file.foldedValue(tree)
	}
	return v
}

// schemaNames has the schema of each shape.
var schemaNames = map[Shape]string{
	ShapeNew: schema.ComputeConfig, ShapeLegacy: schema.LegacyComputeConfig, ShapeMulti: schema.MultiResource,
	ShapeJob: schema.Job, ShapeService: schema.Service, ShapeWorkspace: schema.Workspace, ShapeSchedule: schema.Schedule,
	ShapeLegacyJob: schema.LegacyJob, ShapeLegacyService: schema.LegacyService,
	ShapeScheduler: schema.Scheduler, ShapeMachinePool: schema.MachinePool, ShapePrintout: schema.Printout,
}

// SchemaName returns the name that package schema knows the shape's schema by.
func (s Shape) SchemaName() string { return schemaNames[s] }

// validate turns what breaks the document's schema into findings.
func (r *reader) validate() {
	issues, err := schema.Validate(r.file.Shape.SchemaName(), r.dated(r.value()))
	if err != nil { // only a type that no document can hold: say it rather than pass
		r.say(finding.ConfigSchema, r.root.Place(), "the document could not be compared with its schema", "")
		return
	}
	for _, i := range issues {
		r.issue(i)
	}
}

// dated returns the value with the texts marked that the client reads as dates, which it takes for no text.
func (r *reader) dated(value any) any {
	seen := map[any]bool{}
	var dates change
	var visit func(n *document.Node, pointer string)
	visit = func(n *document.Node, pointer string) {
		if n.IsDate() {
			text, _ := n.Scalar()
			dates.put(pointer, schema.Date(text))
			return
		}
		if seen[n.Identity()] {
			return
		}
		seen[n.Identity()] = true
		for i, item := range n.Items() {
			visit(item, fmt.Sprintf("%s/%d", pointer, i))
		}
		for _, e := range n.Entries() {
			visit(e.Value, pointer+step(e.Key))
		}
	}
	visit(r.root, "")
	return dates.apply(value)
}

// config applies to one compute config what its schema can't say.
func (r *reader) config(c *Config) {
	switch c.Schema {
	case New:
		r.newRules(c)
	case Legacy, API:
		r.legacyRules(c)
	}
	r.sites(c)
	r.keys(c)
	for i := range c.Sites {
		r.instanceConfig(c, &c.Sites[i])
	}
	r.branches(c)
	r.placeholders(c)
}
