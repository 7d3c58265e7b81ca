package document

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

// Apply splices edits into the text. It refuses (an error, no bytes) unless the result parses without a syntax error
// into one document whose value equals want, which is a tree as Node.Value returns it.
func (d *Document) Apply(edits []Edit, want any) ([]byte, error) { panic("being written") }

// RemoveRoot returns the edits that take document i out of the text, with the --- that opens it and its comments.
func (d *Document) RemoveRoot(i int) ([]Edit, error) { panic("being written") }

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
