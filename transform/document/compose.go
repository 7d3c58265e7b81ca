package document

import "strings"

// composer builds the tree of each document from the tokens, by PyYAML's grammar.
type composer struct {
	*scanner
	anchors map[string]*tree
	handles map[string]string // tag handles, from %TAG
	level   int
	nodes   int // made so far
}

// root is one YAML document of a text.
type root struct {
	tree       *tree
	start, end int // offsets: its first directive or token, and the start of the next document or the end of the text
	marker     int // offset of its ---, or -1
	stop       int // offset after its ..., or -1
}

// compose reads all documents.
func (c *composer) compose() []root {
	var roots []root
	for first := true; ; first = false {
		for ok := true; ok; {
			var t token
			if t, ok = c.takeEnd(first); ok && len(roots) > 0 {
				roots[len(roots)-1].stop = t.end
			}
		}
		t := c.peek()
		if t.kind == streamEnd {
			return roots
		}
		if len(roots) > 0 {
			roots[len(roots)-1].end = t.start
		}
		roots = append(roots, c.document(first))
	}
}

// takeEnd takes a ... marker. Before the first document there can be none.
func (c *composer) takeEnd(first bool) (token, bool) {
	if first {
		return token{}, false
	}
	return c.take(documentEnd)
}

func (c *composer) document(first bool) root {
	r := root{start: c.peek().start, marker: -1, stop: -1, end: len(c.src)}
	c.anchors = map[string]*tree{}
	c.handles = map[string]string{"!": "!", "!!": yamlTag}
	k := c.peek().kind
	if first && k != directive && k != documentStart {
		r.tree = c.node(true, false)
		return r
	}
	k = c.peek().kind
	c.directives()
	t, ok := c.take(documentStart)
	if !ok {
		c.refuseAfterEnd(k == directive)
	}
	r.marker = t.start
	switch c.peek().kind {
	case directive, documentStart, documentEnd, streamEnd:
		r.tree = c.empty(t.end, true)
	default:
		r.tree = c.node(true, false)
	}
	return r
}

func (c *composer) directives() {
	version := false
	own := map[string]bool{}
	for {
		t, ok := c.take(directive)
		if !ok {
			return
		}
		switch {
		case t.text == "YAML" && (version || t.major != "1"):
			refuse(t.start, t.end, "Anyscale's reader knows YAML 1 only, named once", "delete the %YAML line")
		case t.text == "YAML":
			version = true
		case t.text == "TAG" && own[t.handle]:
			refuse(t.start, t.end, "the tag handle "+t.handle+" is defined twice", "delete one of the %TAG lines")
		case t.text == "TAG":
			own[t.handle] = true
			c.handles[t.handle] = t.prefix
		}
	}
}

// node reads one node: an alias, or properties and content. dense allows a sequence at its key's indentation.
func (c *composer) node(inBlock, dense bool) *tree {
	if t, ok := c.take(aliasName); ok {
		return c.alias(t)
	}
	n := &tree{props: -1}
	c.properties(n)
	n.busy = true
	c.enter(c.peek().start)
	t := c.peek()
	switch {
	case dense && t.kind == blockEntry:
		n.dense = true
		c.blockSequence(n, *t)
	case t.kind == scalarText:
		c.scalarNode(n, c.next())
	case t.kind == flowSequenceStart:
		c.flowSequence(n, c.next())
	case t.kind == flowMappingStart:
		c.flowMapping(n, c.next())
	case inBlock && t.kind == blockSequenceStart:
		c.blockSequence(n, c.next())
	case inBlock && t.kind == blockMappingStart:
		c.blockMapping(n, c.next())
	case n.props >= 0:
		n.start, n.written = n.end, true
	default:
		c.refuseContent(inBlock)
	}
	c.level--
	if n.props < 0 {
		n.props = n.start
	}
	return c.finish(n)
}

// enter guards the recursion, one level for each node that holds others.
func (c *composer) enter(at int) {
	if c.level++; c.level > maxDepth {
		refuse(at, at, tooDeep, "")
	}
}

// finish resolves the tag of a node that is whole, and measures it.
func (c *composer) finish(n *tree) *tree {
	n.busy = false
	c.nodes++
	if !n.tagged {
		n.tag = resolve(n)
	}
	n.measure()
	if n.depth > maxDepth {
		refuse(n.start, n.end, "aliases nest values more than 400 levels deep", "write the value out")
	}
	if n.size > c.nodes+maxShared {
		refuse(n.start, n.end, "aliases repeat values more than 100000 times", "write the values out, or share fewer")
	}
	return n
}

// properties reads the anchor and tag before a node, in either order.
func (c *composer) properties(n *tree) {
	for range 2 {
		t := c.peek()
		switch {
		case t.kind == anchorName && n.anchor == "":
			c.define(n, *t)
		case t.kind == tagName && !n.tagged && !n.bang:
			c.tag(n, *t)
		default:
			return
		}
		if n.props < 0 {
			n.props = t.start
		}
		n.end, n.propsEnd = t.end, t.end
		c.next()
	}
}

func (c *composer) define(n *tree, t token) {
	if _, ok := c.anchors[t.text]; ok {
		refuse(t.start, t.end, "the anchor &"+t.text+" is defined twice", "rename one of the two, and the aliases that mean it")
	}
	n.anchor = t.text
	c.anchors[t.text] = n
}

func (c *composer) tag(n *tree, t token) {
	name := t.text
	if t.handle != "" {
		prefix, ok := c.handles[t.handle]
		if !ok {
			refuse(t.start, t.end, "the tag handle "+t.handle+" is not defined", "quote the value if the ! is part of it")
		}
		name = prefix + name
	}
	if name == "!" {
		n.bang = true
		return
	}
	n.tagged = true
	n.tag = tag(strings.TrimPrefix(name, yamlTag))
	if !strings.HasPrefix(name, yamlTag) {
		n.tag = tagUnknown
	}
}

// alias reads an alias, whose anchor stands above it and is whole.
func (c *composer) alias(t token) *tree {
	target, ok := c.anchors[t.text]
	if !ok {
		refuse(t.start, t.end, "there is no anchor &"+t.text+" above this alias", "quote the value if the * is part of it")
	}
	if target.busy {
		refuse(t.start, t.end, "this alias stands inside the value that it repeats", "write the value out")
	}
	c.nodes++
	return &tree{form: alias, start: t.start, end: t.end, props: t.start, text: t.text, target: target}
}

// empty returns the null that stands for a value that was left out.
func (c *composer) empty(at int, written bool) *tree {
	return c.finish(&tree{start: at, end: at, props: at, written: written})
}

func (c *composer) scalarNode(n *tree, t token) {
	n.form, n.style, n.start, n.end, n.text, n.keep, n.open = scalar, t.style, t.start, t.end, t.text, t.keep, t.open
}
