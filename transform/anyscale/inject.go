package anyscale

import (
	"ccx/transform/document"
	"ccx/transform/finding"
)

// Mode says what happens to a different profile that is there already.
type Mode uint8

// The modes, as --existing names them.
const (
	Refuse  Mode = iota // a finding with both places; nothing is written
	Keep                // it stays, and only empty sites are filled
	Replace             // it is replaced
)

// Action says what became of a site.
type Action uint8

// The actions.
const (
	Added    Action = iota // a profile was put where there was none
	Same                   // the wanted one was there; untouched
	Kept                   // a different one was there and stays
	Replaced               // a different one was there and is gone
)

// String returns the word used in reports.
func (a Action) String() string { return [...]string{"added", "same", "kept", "replaced"}[a] }

// Placed is a site that was done.
type Placed struct {
	Site   Site
	Action Action
	Line   int // 1-based line of the profile in the output
}

// Result is what Inject wrote.
type Result struct {
	Out     []byte          // the whole output; the input itself when nothing had to change
	Edits   []document.Edit // the splices that made it
	Done    []Placed        // every site, in order
	Added   int             // lines that the output has and the input has not
	Changed int             // lines of the input that the output shows differently or lacks
}

// Read finds out what doc is, what the client would refuse or drop in it, and its sites. The File is nil when doc is
// no document that can carry a profile; it comes with findings otherwise too. Codes: config/shape, schema, conflict,
// dropped, field, placeholder, documents, folded, named, provider, shared, site.
func Read(doc *document.Document, opts Options) (*File, []finding.Finding) {
	panic("being written")
}

// Inject puts ref at every site. same says whether an existing profile is the wanted one (a name equals an ARN only
// if facts say so); nil compares texts. The Result is empty when a finding stops it. Codes: config/existing, shared,
// site, provider.
func (f *File) Inject(ref Ref, same func(Existing) bool, mode Mode) (Result, []finding.Finding) {
	panic("being written")
}
