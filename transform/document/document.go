// Package document holds one YAML text: its values as Anyscale's client reads them, the place of every node, and byte
// splices that change nothing but what was asked for.
//
// The client reads with PyYAML's SafeLoader (YAML 1.1), whose verdicts differ from every Go reader's: it refuses tabs
// as separators, complex keys and unknown tags, and reads 1:30 as 90. So the reader here follows PyYAML's own scanner
// and grammar (MIT licence, Kirill Simonov and others) token by token, and knows the exact start and end of each node.
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

	lines    []int       // byte offset of each line's first byte
	starts   []docStart  // how each root's document begins and ends
	template *expression // set by ParseTemplate only
}

// Entry is one pair of a mapping.
type Entry struct {
	Key     string // the key as JSON would spell it: the text of a string, 1 for 1, true for yes
	KeyNode *Node  // the key's own node
	Value   *Node
	Merged  bool // it came in through a merge key (<<)
}

// Map is an ordered mapping to write.
type Map []Pair

// Pair is one entry of a Map. Value is a string, bool, int, int64, nil, Map, []any of these, or Block.
type Pair struct {
	Key   string
	Value any
}

// Block is YAML source of a block-style or scalar value, with no indentation of its own and LF line ends, as Node.Block
// gives it. It is indented to fit where it is written.
type Block string

// Edit is one splice: at Offset of the input, Delete bytes are taken out and Insert is put in.
type Edit struct {
	Offset int    // byte offset in Document.Src
	Delete int    // bytes taken out from there
	Insert string // bytes put in there
	Why    string // a few words for reports: "instance profile for the head node"

	depth int // orders insertions at one Offset: the deeper indented goes first
}

// Parse reads a text of up to MaxSize bytes. The findings say what the client's reader refuses, and what it would
// accept although no one can mean it (duplicate keys, unfilled ${X}); a document that can be worked with comes with
// them, else it is nil. Codes: config/empty, config/encoding, config/syntax, config/duplicate, config/template.
func Parse(name string, src []byte) (*Document, []finding.Finding) {
	panic("being written")
}

// ParseTemplate reads a text that is a template and has not been rendered: each Jinja expression ({{ }}, {% %}, {# #})
// is read as if it were an ordinary word or comment of the same length, and kept byte for byte. See Node.Templated.
func ParseTemplate(name string, src []byte) (*Document, []finding.Finding) {
	panic("being written")
}

type docStart struct{}
type expression struct{}

// Marker returns the place of the --- that opens document i of the text, and false if nothing marks its start.
func (d *Document) Marker(i int) (finding.Place, bool) { panic("being written") }

// Apply splices edits into the text. It refuses (an error, no bytes) unless the result parses without a syntax error
// into one document whose value equals want, which is a tree as Node.Value returns it.
func (d *Document) Apply(edits []Edit, want any) ([]byte, error) { panic("being written") }

// PlaceAt returns the place of length bytes from byte offset on.
func (d *Document) PlaceAt(offset, length int) finding.Place { panic("being written") }

// RemoveRoot returns the edits that take document i out of the text, with the --- that opens it and its comments.
func (d *Document) RemoveRoot(i int) ([]Edit, error) { panic("being written") }

// Node is a value in a Document as it was reached: the same value reached by another alias is another Node with the
// same Identity. All methods are safe on a nil Node, which stands for "not there".
type Node struct{}

// Get returns the value of a string key, through aliases and merge keys; of duplicate keys the last counts, as for
// the client. It returns nil when n is no mapping or has no such key.
func (n *Node) Get(key string) *Node { panic("being written") }

// Find is Get along a path of keys.
func (n *Node) Find(path ...string) *Node { panic("being written") }

// At returns the node at an RFC 6901 JSON pointer, or nil.
func (n *Node) At(pointer string) *Node { panic("being written") }

// Entries returns the pairs of a mapping: its own in the text's order, then those merged in that it does not override.
func (n *Node) Entries() []Entry { panic("being written") }

// Items returns the items of a sequence.
func (n *Node) Items() []*Node { panic("being written") }

// IsMapping reports whether n is a mapping.
func (n *Node) IsMapping() bool { panic("being written") }

// IsSequence reports whether n is a sequence.
func (n *Node) IsSequence() bool { panic("being written") }

// IsNull reports whether n is there and null, written out or left empty.
func (n *Node) IsNull() bool { panic("being written") }

// IsDate reports whether the client reads n as a date or time, which it sends as an ISO string.
func (n *Node) IsDate() bool { panic("being written") }

// IsFlow reports whether n is a collection in flow style: { } or [ ].
func (n *Node) IsFlow() bool { panic("being written") }

// Value returns what the client reads: map[string]any, []any, string, bool, int64, json.Number (integers past 64
// bits), float64 or nil. Dates are strings. One target reached by two aliases is one shared map or slice.
func (n *Node) Value() any { panic("being written") }

// Text returns a string's value, and false if n is not a string for the client.
func (n *Node) Text() (string, bool) { panic("being written") }

// Scalar returns a scalar's text, whatever type the client gives it (unquoted and unescaped), and false for collections.
func (n *Node) Scalar() (string, bool) { panic("being written") }

// Place returns where the value stands. A scalar is underlined whole, a flow collection from bracket to bracket; a block
// collection and an empty value are shown by the key that holds them.
func (n *Node) Place() finding.Place { panic("being written") }

// KeyPlace returns the place of the key that holds n, or of n where there is none.
func (n *Node) KeyPlace() finding.Place { panic("being written") }

// PlaceOf returns the place of the bytes [start, end) of a scalar's text (see Scalar), also inside quotes and escapes.
func (n *Node) PlaceOf(start, end int) finding.Place { panic("being written") }

// Identity is equal for two Nodes exactly when they are one value in the text.
func (n *Node) Identity() any { panic("being written") }

// Shared reports whether n, or anything on the way to it, was reached by an alias or a merge key, so that an edit may
// be seen elsewhere.
func (n *Node) Shared() bool { panic("being written") }

// Templated reports whether n holds a template expression as it stands (see ParseTemplate).
func (n *Node) Templated() bool { panic("being written") }

// Set returns the edits that make n[path...] = value: it descends what exists, inserts what is missing in the text's
// own style, and replaces null, {} or whatever is there. On a value reached by alias or merge it edits the target.
func (n *Node) Set(path []string, value any) ([]Edit, error) { panic("being written") }

// Rename returns the edit that gives the key that holds n another name, in the key's own quotes.
func (n *Node) Rename(key string) ([]Edit, error) { panic("being written") }

// Remove returns the edits that take n and its key, or its dash, out of the collection that holds it.
func (n *Node) Remove() ([]Edit, error) { panic("being written") }

// Block returns the source of n's value as a Block: dedented, comments and quotes kept.
func (n *Node) Block() (Block, error) { panic("being written") }

// Unwrap returns the edits that make n the whole document: everything around it goes, its lines move to the left.
func (n *Node) Unwrap() ([]Edit, error) { panic("being written") }

// Put changes a tree as Node.Value returns it in the way that Set changes the text, for the want of Apply. It changes
// tree in place, so that what aliases share is changed for all, and returns it (or value for an empty path).
func Put(tree any, path []string, value any) (any, error) { panic("being written") }

// Splice applies edits to src without any check but that they lie inside and do not overlap.
func Splice(src []byte, edits []Edit) ([]byte, error) { panic("being written") }

// Explains checks that out is exactly in with the edits' deletions taken out and their insertions put in: nil if so.
func Explains(in, out []byte, edits []Edit) error { panic("being written") }
