package document

// maxDepth is how deep a value may nest, aliases counted. PyYAML dies of its own recursion at about 480.
const maxDepth = 400

const tooDeep = "nested more than 400 levels deep, which Anyscale's reader can't follow"

// maxShared is how many values aliases may add to those that are written out (a "billion laughs" text adds far more).
const maxShared = 100_000

// form is what a tree node is.
type form uint8

const (
	scalar form = iota
	sequence
	mapping
	alias
)

// tree is a node as it stands in the text. Offsets are bytes; start and end leave out the anchor and tag before it.
type tree struct {
	form       form
	style      style
	tag        tag
	start, end int
	props      int    // offset of the anchor or tag before it, or start
	propsEnd   int    // offset after them, 0 without
	column     int    // of a block collection's first key or dash, in runes from 0
	anchor     string // its own &name
	tagged     bool   // the tag is written out
	bang       bool   // the tag is a lone !, after which PyYAML reads even a quoted scalar as if it were plain
	text       string // of a scalar; of an alias, the name

	parent *tree // the collection that holds it, nil for a root
	slot   int   // its index among parent's children

	children []child
	index    map[string]int // of a large mapping: string key to its last child
	target   *tree          // of an alias

	written   bool // of an empty null: false if there is no colon to put a value after
	keep      bool // a block scalar with +, whose end is the start of a line
	open      bool // a block scalar whose value would gain a line break from one at the end of the text
	pair      bool // a mapping in [a: b], without braces of its own
	dense     bool // a sequence at the indentation of its key
	templated bool // it holds a template expression
	busy      bool // being read; an alias to it would make a ring

	size  int // values in it, aliases followed
	depth int // levels in it, aliases followed
}

// child is an item of a sequence (key is nil) or an entry of a mapping.
type child struct {
	key, value *tree
	mark       int // offset of the dash or, in a mapping, just after the colon; -1 without
	begin      int // offset where the entry begins: the dash, the ?, or the key with its anchor and tag
}

// real returns the node that t stands for.
func (t *tree) real() *tree {
	if t.form == alias {
		return t.target
	}
	return t
}

// measure makes t the parent of its children, and sets size and depth from theirs.
func (t *tree) measure() {
	t.size, t.depth = 1, 1
	for i, c := range t.children {
		for _, part := range [...]*tree{c.key, c.value} {
			if part != nil {
				part.parent, part.slot = t, i
				t.size = min(t.size+part.real().size, 1<<40)
				t.depth = max(t.depth, part.real().depth+1)
			}
		}
	}
}

// entry returns the item or entry of its parent whose value t is, or nil for a root.
func (t *tree) entry() *child {
	if t.parent == nil {
		return nil
	}
	return &t.parent.children[t.slot]
}

// inFlow reports whether t stands inside brackets.
func (t *tree) inFlow() bool { return t.parent != nil && t.parent.style == flow }
