package document

import (
	"bytes"
	"regexp"
	"sort"
	"strings"
	"sync"

	"ccx/transform/finding"
)

// expression is a part of a template that something was to fill in.
type expression struct {
	start, end int  // byte offsets
	shell      bool // ${X} or $X, not Jinja
	statement  bool // {% %} or {# #}
	hidden     bool // masked as a comment: a statement, or what fills its lines
}

var expressionPatterns = sync.OnceValue(func() (p struct{ any, whole, shell, branch *regexp.Regexp }) {
	p.any = regexp.MustCompile(`(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-=?+][^}\n]*)?\}`)
	p.whole = regexp.MustCompile(`^\$[A-Za-z_][A-Za-z0-9_]*$`)
	p.shell = regexp.MustCompile(`\$[A-Za-z_]`)
	p.branch = regexp.MustCompile(`^\{%[-+]?\s*(end)?(if|elif|else|for|macro|call|filter|block|with|raw|autoescape|trans|set)\b`)
	return p
})

// expressionsIn returns the template expressions of a text in order.
func expressionsIn(text []byte) []expression {
	if !bytes.Contains(text, []byte("{")) {
		return nil
	}
	var all []expression
	for _, at := range expressionPatterns().any.FindAllIndex(text, -1) {
		all = append(all, expressionAt(text, at[0], at[1]))
	}
	return all
}

func expressionAt(text []byte, start, end int) expression {
	return expression{start: start, end: end, shell: text[start] == '$',
		statement: text[start] == '{' && (text[start+1] == '%' || text[start+1] == '#')}
}

// expressionNear returns the first template expression on the lines of [start, end] that stands outside of comments.
func expressionNear(src []byte, start, end int) (expression, bool) {
	start, end = min(start, len(src)), min(end, len(src))
	start -= bytesOfColumn(src[:start])
	for end < len(src) && breakLen(src, end) == 0 {
		end++
	}
	for _, e := range expressionsIn(src[start:end]) {
		e.start, e.end = e.start+start, e.end+start
		inComment := commentBefore(src[e.start-bytesOfColumn(src[:e.start]) : e.start])
		if !inComment && !(e.statement && src[e.start+1] == '#') {
			return e, true
		}
	}
	return expression{}, false
}

// bracesAround returns the expression {{ }} whose inner brace stands at an offset.
func bracesAround(src []byte, inner int) (expression, bool) {
	if inner == 0 || src[inner] != '{' || src[inner-1] != '{' {
		return expression{}, false
	}
	piece := src[inner-1 : min(inner+4096, len(src))]
	for _, e := range expressionsIn(piece) {
		return expressionAt(src, inner-1, inner-1+e.end), e.start == 0
	}
	return expression{}, false
}

// commentBefore reports whether the start of a line holds a # that makes the rest a comment.
func commentBefore(line []byte) bool {
	for i, c := range line {
		if c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return true
		}
	}
	return false
}

// templateFinding says that a template has not been filled in.
func (d *Document) templateFinding(e expression) finding.Finding {
	text := string(d.Src[e.start:e.end])
	if i := bytes.IndexAny(d.Src[e.start:e.end], "\r\n"); i >= 0 {
		text = text[:i] + "..."
	}
	message, hint := text+" is not filled in: this is a Jinja template", "render it first and pass on the result, or filter it as it is: --template"
	if e.shell {
		message, hint = text+" is not filled in: nothing expands variables in a compute config", "fill it in first: envsubst < FILE | ccx, or filter it as it is: --template"
	}
	return finding.New(finding.ConfigTemplate, d.PlaceAt(e.start, e.end-e.start), message).WithHint(hint)
}

// runsInShell reports whether a key holds text in which $X is for a shell or a program to expand at run time.
func runsInShell(key *tree) bool {
	switch key.real().text {
	case "entrypoint", "env_vars", "runtime_env", "containerfile", "command", "args", "script",
		"setup_commands", "head_setup_commands", "worker_setup_commands", "initialization_commands",
		"head_start_ray_commands", "worker_start_ray_commands", "post_build_cmds", "build_commands":
		return true
	}
	return false
}

// expressions reports a template expression in a scalar. Blocks of text (| and >) are left alone: they are scripts.
func (c *checker) expressions(n *tree) {
	if c.quiet > 0 || len(c.found) >= maxFound || c.doc.masked || n.form != scalar || n.style == literal || n.style == folded {
		return
	}
	text := []byte(n.text)
	all := expressionsIn(text)
	if expressionPatterns().whole.Match(text) {
		all = []expression{{start: 0, end: len(text), shell: true}}
	}
	if len(all) == 0 {
		return
	}
	start, end := c.doc.sourceRange(n, all[0].start, all[0].end)
	e := expressionAt(c.doc.Src, start, end)
	e.shell = all[0].shell
	c.found = append(c.found, c.doc.templateFinding(e))
}

// ParseTemplate reads a text that is a template and has not been rendered: each expression ({{ }}, {% %}, {# #}, ${X})
// is read as if it were an ordinary word, or a comment, of the same length, and kept byte for byte in Src and in
// scalars. See Node.Templated. The findings are those of Parse, without config/template.
func ParseTemplate(name string, src []byte) (*Document, []finding.Finding) {
	d := &Document{Name: name, Src: src, masked: true}
	if f, ok := d.unreadable(); !ok {
		return nil, []finding.Finding{f}
	}
	d.holes = expressionsIn(src)
	d.hide()
	d.regions = regionsOf(src, d.holes)
	return d.read(mask(src, d.holes))
}

// mask replaces expressions by letters, or by comments if they are hidden, line breaks kept.
func mask(src []byte, holes []expression) []byte {
	text := bytes.Clone(src)
	for _, e := range holes {
		fill := byte('x')
		if e.hidden {
			fill = '#'
		}
		for i := e.start; i < e.end; i++ {
			if n := breakLen(src, i); n > 0 {
				i += n - 1
				continue
			}
			text[i] = fill
		}
	}
	return text
}

// unmask gives the scalars that hold expressions their own text back, and those without a value that of the expression
// below them.
func (d *Document) unmask(t *tree) {
	if h, ok := d.hiddenValue(t); ok {
		t.templated, t.tag, t.text = true, tagStr, string(d.Src[h.start:h.end])
	} else if d.masked && t.form == scalar && t.style != literal && t.style != folded && expressionPatterns().shell.MatchString(t.text) {
		t.templated, t.tag = true, tagStr
	}
	if i := d.holeIn(t.start, t.end); t.form == scalar && i >= 0 {
		t.templated, t.tag = true, tagStr
		switch t.style {
		case single, double:
			t.text = string(d.Src[t.start+1 : t.end-1])
		case literal, folded:
			t.text = d.unmaskBlock(t, i)
		default:
			t.text = string(d.Src[t.start:t.end])
		}
	}
	for _, c := range t.children {
		if c.key != nil {
			d.unmask(c.key)
		}
		d.unmask(c.value)
	}
}

// unmaskBlock puts the expressions of a block of text, the first of which is hole i, back into its text.
func (d *Document) unmaskBlock(t *tree, i int) string {
	var b strings.Builder
	rest := t.text
	for ; i < len(d.holes) && d.holes[i].start < t.end; i++ {
		hole := d.Src[d.holes[i].start:d.holes[i].end]
		before, after, found := strings.Cut(rest, string(mask(hole, []expression{{end: len(hole), hidden: d.holes[i].hidden}})))
		if !found {
			break // it spans lines, whose indentation is no part of the text
		}
		b.WriteString(before)
		b.Write(hole)
		rest = after
	}
	return b.String() + rest
}

// holeIn returns the index of the first expression that touches [start, end), or -1.
func (d *Document) holeIn(start, end int) int {
	i := sort.Search(len(d.holes), func(i int) bool { return d.holes[i].end > start })
	if i < len(d.holes) && d.holes[i].start < end {
		return i
	}
	return -1
}

// branchesBetween reports whether a template's statement stands between two offsets: what is above and below it may
// be branches, of which one is rendered.
func (d *Document) branchesBetween(start, end int) bool {
	i := sort.Search(len(d.holes), func(i int) bool { return d.holes[i].start >= start })
	for ; i < len(d.holes) && d.holes[i].start < end; i++ {
		if d.holes[i].statement {
			return true
		}
	}
	return false
}

// Templated reports whether n is a scalar that holds a template expression as it stands (see ParseTemplate): its value
// is not known.
func (n *Node) Templated() bool { return n.is(scalar) && n.real().templated }
