// Package document holds one YAML text: its values as Anyscale's client reads them, the place of every node, and byte
// splices that change nothing but what was asked for.
//
// The client reads with PyYAML's SafeLoader (YAML 1.1), whose verdicts differ from every Go reader's: it refuses tabs
// as separators, complex keys and unknown tags, and reads 1:30 as 90. So the reader here follows PyYAML's own scanner
// and grammar (MIT licence: LICENSE.PyYAML) token by token, and knows the exact start and end of each node.
// sigs.k8s.io/yaml's goyaml.v3 is the second opinion on every output: see Apply.
package document

import "ccx/transform/finding"

// MaxSize is the largest text, in bytes, that Parse reads.
const MaxSize = 10 << 20

// Document is one YAML text, which may hold several YAML documents.
type Document struct {
	Name  string  // as the user named the file; goes into every Place
	Src   []byte  // the text as it was read; never changed
	Roots []*Node // one for each YAML document, in order; the client accepts exactly one

	text    string       // Src, for the lines in places
	lines   []int        // byte offset of each line's first byte
	parts   []root       // the documents, as Roots
	masked  bool         // read by ParseTemplate
	holes   []expression // its expressions, in order
	regions []region     // its branches, in order
}

// Entry is one pair of a mapping.
type Entry struct {
	Key     string // the key as JSON would spell it: the text of a string, 1 for 1, true for yes
	KeyNode *Node  // the key's own node
	Value   *Node
	Merged  bool // it came in through a merge key (<<)
}

// Marker returns the place of the --- that opens document i of the text, and false if nothing marks its start.
func (d *Document) Marker(i int) (finding.Place, bool) {
	if d.parts[i].marker < 0 {
		return finding.Place{}, false
	}
	return d.PlaceAt(d.parts[i].marker, 3), true
}
