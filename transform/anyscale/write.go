package anyscale

import (
	"slices"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

const profileKey = "IamInstanceProfile"

// normal returns the file in the form in which the client takes it, with the edits that make it so: the second document
// folded in, the printout unwrapped. Most files are in that form already.
func (f *File) normal() (*File, []document.Edit, *finding.Finding) {
	var edits []document.Edit
	var want any
	var err error
	switch {
	case f.unwrap != nil:
		edits, err = f.unwrap.Unwrap()
		want = f.unwrap.Value()
	case f.folded != nil:
		edits, err = f.foldEdits()
		want = f.foldedValue(f.root.Value().(map[string]any))
	default:
		return f, nil, nil
	}
	if err != nil {
		return nil, nil, f.unsafe(f.root, err.Error())
	}
	text, err := f.Doc.Apply(edits, want)
	if err != nil {
		return nil, nil, f.unsafe(f.root, err.Error())
	}
	work, _ := f.reread(text) // what it says, the whole output will say
	if work == nil || len(work.Sites()) != len(f.Sites()) {
		return nil, nil, f.unsafe(f.root, "the document could not be brought into the form that the client takes")
	}
	return work, edits, nil
}

// foldEdits moves the second document's instance config, comments and all, under its key in the first.
func (f *File) foldEdits() ([]document.Edit, error) {
	block, err := f.folded.Block()
	if err != nil {
		return nil, err
	}
	edits, err := f.root.Set([]string{f.foldKey}, block)
	if err != nil {
		return nil, err
	}
	gone, err := f.Doc.RemoveRoot(1)
	if err != nil {
		return nil, err
	}
	edits = append(edits, gone...)
	for _, n := range f.rename {
		named, err := n.node.Rename(n.to)
		if err != nil {
			return nil, err
		}
		edits = append(edits, named...)
	}
	return edits, nil
}

// outside returns where a pointer into a printout leads when its wrapper is gone.
func (f *File) outside(pointer string) string {
	if f.unwrap != nil {
		return strings.TrimPrefix(pointer, "/config")
	}
	return pointer
}

// write carries out the plans on a file in its normal form and returns the text with the edits that made it.
func (f *File) write(plans []plan) ([]byte, []document.Edit, *finding.Finding) {
	if refusal := f.leaks(plans); refusal != nil {
		return nil, nil, refusal
	}
	var want change
	var edits []document.Edit
	done := map[any]bool{}
	for i, s := range f.Sites() {
		p := plans[i]
		if !p.action.writes() {
			continue
		}
		p.record(&want, s)
		if target := p.changed(s); done[target] {
			continue // another site has the same block, by alias or merge
		} else {
			done[target] = true
		}
		made, err := p.edits(s)
		if err != nil {
			return nil, nil, f.unsafe(s.Node, err.Error())
		}
		edits = append(edits, made...)
	}
	if len(edits) == 0 {
		return slices.Clone(f.Doc.Src), nil, nil
	}
	edits = f.Doc.Join(edits)
	out, err := f.Doc.Apply(edits, want.apply(f.root.Value()))
	if err != nil {
		return nil, nil, f.unsafe(f.root, err.Error())
	}
	return out, edits, nil
}

// target is the node that the plan's edits change.
func (p plan) target(s Site) *document.Node {
	block := s.Node.Find(s.Path...)
	switch {
	case p.action == Replaced:
		return s.Existing.At
	case p.action == Removed && len(block.Entries()) > 1:
		return block.Get(profileKey)
	case p.action == Removed:
		return block
	case block.Get(profileKey) != nil:
		return block.Get(profileKey)
	case block != nil:
		return block
	}
	return s.Node
}

// changed identifies what the plan's edits change: the target's value or, when it is taken out, its place in the text,
// since an alias of it is taken out by itself.
func (p plan) changed(s Site) any {
	if p.action == Removed {
		return p.target(s).Slot()
	}
	return p.target(s).Identity()
}

// edits returns the splices for one site.
func (p plan) edits(s Site) ([]document.Edit, error) {
	switch p.action {
	case Removed:
		return p.target(s).Remove()
	case Replaced:
		path := append(slices.Clone(s.Path), profileKey)
		if s.Existing.ARN != "" == (p.ref.ARN != "") {
			return s.Node.Set(append(path, p.ref.key()), p.ref.String())
		}
		return s.Node.Set(path, document.Map{{Key: p.ref.key(), Value: p.ref.String()}})
	}
	return s.Node.Set(append(slices.Clone(s.Path), profileKey), document.Map{{Key: p.ref.key(), Value: p.ref.String()}})
}

// record notes the plan's effect at the site's place and nowhere else, whatever aliases share: so that Document.Apply
// refuses an edit that shows anywhere else.
func (p plan) record(c *change, s Site) {
	pointer := s.pointer + step(profileKey)
	var value any = map[string]any{p.ref.key(): p.ref.String()}
	if p.action == Removed {
		value = nil
		if len(s.Node.Find(s.Path...).Entries()) == 1 {
			pointer = s.pointer
		}
	}
	c.put(pointer, value)
}

// key is the field of IamInstanceProfile that holds the reference.
func (r Ref) key() string {
	if r.ARN != "" {
		return "Arn"
	}
	return "Name"
}
