package document

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"ccx/transform/finding"
)

// check finds what PyYAML's constructor refuses or what can't be sent as JSON, and duplicate keys.
func (d *Document) check() []finding.Finding {
	c := &checker{doc: d}
	for _, r := range d.parts {
		c.node(r.tree)
	}
	finding.Sort(c.found)
	return c.found
}

// maxFound is how many findings are enough for one text.
const maxFound = 100

type checker struct {
	doc   *Document
	found []finding.Finding
	quiet int // levels of keys whose text a shell reads, where ${X} is no template
}

// add reports what is wrong with a node.
func (c *checker) add(code finding.Code, n *tree, message, hint string) {
	if len(c.found) >= maxFound {
		return
	}
	place := c.doc.placeOf(n, nil)
	if n.tagged {
		place = c.doc.PlaceAt(n.props, n.propsEnd-n.props)
	}
	c.found = append(c.found, finding.New(code, place, message).WithHint(hint))
}

// node checks a node and those in it. Aliases are checked where their target stands.
func (c *checker) node(n *tree) {
	c.tag(n)
	c.expressions(n)
	if n.form == mapping {
		c.keys(n)
	}
	for _, e := range n.children {
		if e.key != nil {
			c.key(n, e)
		}
		quiet := e.key != nil && runsInShell(e.key)
		if quiet {
			c.quiet++
		}
		if !(e.key != nil && e.key.tag == tagMerge) {
			c.node(e.value)
		} else {
			c.merge(e.value)
		}
		if quiet {
			c.quiet--
		}
	}
}

// tag checks that a node can be what its tag says.
func (c *checker) tag(n *tree) {
	want := scalar
	switch n.tag {
	case tagStr:
		if n.form == scalar && !utf8.ValidString(n.text) {
			c.add(finding.ConfigEncoding, n, "half of a surrogate pair is no character", `write \U and eight digits`)
		}
	case tagNull:
	case tagBool, tagInt, tagFloat, tagDate:
		if n.form == scalar {
			c.scalar(n)
		}
	case tagSeq:
		want = sequence
	case tagMap:
		want = mapping
	default:
		c.unknownTag(n)
		return
	}
	if n.form != want && n.form != alias {
		c.add(finding.ConfigSyntax, n, "the tag !!"+string(n.tag)+" does not fit this value", "delete the tag")
	}
}

func (c *checker) unknownTag(n *tree) {
	if n.form == alias {
		return
	}
	switch n.tag {
	case "binary", "set", "omap", "pairs":
		c.add(finding.ConfigSyntax, n, "the tag !!"+string(n.tag)+" makes a value that Anyscale's client can't send", "delete the tag")
	case tagValue, tagMerge:
		c.add(finding.ConfigSyntax, n, "Anyscale's reader refuses a lone "+n.text+" as a value", "quote it")
	default:
		c.add(finding.ConfigSyntax, n, "Anyscale's reader knows no such tag", "delete the tag, or quote the value if the ! is part of it")
	}
}

// scalar checks that PyYAML can make a value of the type that it resolved.
func (c *checker) scalar(n *tree) {
	if _, ok := scalarValue(n); ok {
		return
	}
	switch {
	case n.tagged:
		c.add(finding.ConfigSyntax, n, "the tag !!"+string(n.tag)+" does not fit this value", "delete the tag")
	case n.tag == tagDate:
		c.add(finding.ConfigSyntax, n, "Anyscale's reader takes this for a date, and there is no such date", "quote it")
	case n.tag == tagFloat:
		c.add(finding.ConfigSyntax, n, "Anyscale's reader takes this for a number that can't be sent", "quote it")
	default:
		c.add(finding.ConfigSyntax, n, "Anyscale's reader takes this for a number that it can't read", "quote it")
	}
}

// key checks an entry's key.
func (c *checker) key(n *tree, e child) {
	if len(c.found) >= maxFound {
		return
	}
	k := e.key.real()
	switch {
	case k.form == scalar && (k.tag == tagMerge || k.tag == tagValue):
		return
	case k.form == scalar:
		if e.key.form != alias {
			c.tag(e.key)
			c.expressions(e.key)
		}
		return
	}
	if x, ok := bracesAround(c.doc.Src, k.start); ok {
		c.found = append(c.found, c.doc.templateFinding(x))
		return
	}
	c.add(finding.ConfigSyntax, e.key, "a list or mapping can't be a key", "quote the key if the brackets are part of it")
}

// merge checks what << merges: a mapping or a list of mappings.
func (c *checker) merge(n *tree) {
	v := n.real()
	parts := []*tree{n}
	if v.form == sequence {
		parts = nil
		for _, item := range v.children {
			parts = append(parts, item.value)
		}
	}
	for _, p := range parts {
		if p.real().form != mapping {
			c.add(finding.ConfigSyntax, p, "`<<` merges mappings only", "name an anchor of a mapping: `<<: *name`")
		}
	}
	if n.form != alias {
		c.node(n)
	}
}

// keys finds duplicate keys of a mapping, and indexes a large one.
func (c *checker) keys(n *tree) {
	seen := make(map[string]int, len(n.children))
	for i, e := range n.children {
		k := e.key.real()
		if k.form != scalar || k.tag == tagMerge {
			continue
		}
		spelling, number := keyIdentities(k)
		first, dup := seen[spelling]
		if !dup {
			first, dup = seen[number]
			seen[spelling] = i
		}
		if _, ok := seen[number]; !ok {
			seen[number] = i
		}
		if dup && len(c.found) < maxFound && !c.doc.branchesBetween(n.children[first].begin, e.begin) {
			at := c.doc.placeOf(n.children[first].key, nil)
			c.found = append(c.found, finding.New(finding.ConfigDuplicate, c.doc.placeOf(e.key, nil),
				fmt.Sprintf("the key %s stands twice in one mapping", strings.TrimSpace(jsonKey(k)))).
				WithDetails(fmt.Sprintf("the first one is on line %d, column %d; Anyscale's client keeps the last and drops the first in silence",
					at.Line, at.Column)).
				WithHint("delete one of the two"))
		}
	}
	n.indexKeys()
}
