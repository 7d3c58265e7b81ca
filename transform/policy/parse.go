package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The versions of the policy language. Variables exist only in the newer one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const (
	version2008 = "2008-10-17"
	version2012 = "2012-10-17"
)

// Parse reads one policy document. It never returns nil: what AWS would refuse is listed in Problems, and what can't be
// understood is marked as such, in the statement or for the whole document, and is never taken for nothing.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func Parse(text []byte) *Policy {
	p := &parser{src: string(text), policy: &Policy{}}
	root, bad := readJSON(p.src)
	if bad != nil {
		p.problem(bad.offset, bad.message, bad.hint)
		p.breaks(bad.message)
		return p.policy
	}
	p.document(root)
	return p.policy
}

// parser collects one policy.
type parser struct {
	src       string
	policy    *Policy
	variables bool // the version has policy variables
	statement *Statement

	last struct{ offset, line, column int }
}

func (p *parser) problem(offset int, message, hint string) {
	line, column := p.place(offset)
	p.policy.Problems = append(p.policy.Problems, Problem{line, column, offset, message, hint})
}

// breaks marks the whole document as not understood; the first reason stays.
func (p *parser) breaks(why string) {
	if p.policy.broken == "" {
		p.policy.broken = why
	}
}

// unsure reports a problem and marks the statement as not understood.
func (p *parser) unsure(offset int, message, hint string) {
	p.problem(offset, message, hint)
	if p.statement.Unknown == "" {
		p.statement.Unknown = message
	}
}

// place returns the 1-based line and column, in characters, of a byte offset. It goes on from the last place, since
// most are asked for in the order of the text.
func (p *parser) place(offset int) (line, column int) {
	if offset < p.last.offset || p.last.line == 0 {
		p.last.offset, p.last.line, p.last.column = 0, 1, 1
		if strings.HasPrefix(p.src, "\ufeff") {
			p.last.column = 0
		}
	}
	between := p.src[p.last.offset:offset]
	if i := strings.LastIndexByte(between, '\n'); i >= 0 {
		p.last.line += strings.Count(between, "\n")
		p.last.column = 1
		between = between[i+1:]
	}
	p.last.column += utf8.RuneCountInString(between)
	p.last.offset = offset
	return p.last.line, p.last.column
}

func (p *parser) document(root value) {
	if root.kind != '{' {
		p.problem(root.offset, "a policy must be an object", `begin with {"Version": "2012-10-17", "Statement": [`)
		p.breaks("it is not an object")
		return
	}
	seen := map[string]value{}
	for _, m := range root.members {
		if _, twice := seen[m.key]; twice {
			p.problem(m.offset, fmt.Sprintf("the key %q stands twice", m.key), "delete one of them")
			p.breaks(fmt.Sprintf("the key %q stands twice", m.key))
		}
		seen[m.key] = m.value
		if !slices.Contains([]string{"Version", "Id", "Statement"}, m.key) {
			message := fmt.Sprintf("a policy has no key %q", m.key)
			p.problem(m.offset, message, meant(m.key, "Version", "Id", "Statement"))
			p.breaks(message)
		}
	}
	p.version(seen)
	if id, ok := seen["Id"]; ok {
		p.policy.ID = id.text
	}
	p.statements(root, seen)
}

func (p *parser) version(seen map[string]value) {
	v, ok := seen["Version"]
	if !ok {
		return
	}
	p.policy.Version = v.text
	p.variables = v.text == version2012
	if v.kind != '"' || v.text != version2008 && v.text != version2012 {
		p.problem(v.offset, "AWS has no such policy version", `write "Version": "2012-10-17"`)
		p.breaks("its version is not one of AWS's")
	}
}

func (p *parser) statements(root value, seen map[string]value) {
	list, ok := seen["Statement"]
	if !ok {
		p.problem(root.offset, "the policy has no Statement", "")
		p.breaks("it has no Statement")
		return
	}
	items := list.items
	switch list.kind {
	case '{':
		items = []value{list}
	case '[':
	default:
		p.problem(list.offset, "Statement must be an object or a list of objects", "")
		p.breaks("its Statement is not an object or a list")
		return
	}
	p.policy.Statements = make([]Statement, len(items))
	for i, v := range items {
		p.statement = &p.policy.Statements[i]
		p.one(v)
	}
}

var elements = []string{"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}

// one reads one statement.
func (p *parser) one(v value) {
	s := p.statement
	s.Line, s.Column = p.place(v.offset)
	if v.kind != '{' {
		p.unsure(v.offset, "a statement must be an object", "")
		return
	}
	seen := map[string]value{}
	for _, m := range v.members {
		if _, twice := seen[m.key]; twice {
			p.unsure(m.offset, fmt.Sprintf("the key %q stands twice", m.key), "delete one of them")
		}
		seen[m.key] = m.value
		if !slices.Contains(elements, m.key) {
			p.unsure(m.offset, fmt.Sprintf("a statement has no key %q", m.key), meant(m.key, elements...))
		}
	}
	s.Sid = seen["Sid"].text
	p.effect(v, seen)
	p.principals(seen)
	p.actions(v, seen)
	p.resources(seen)
	if c, ok := seen["Condition"]; ok {
		p.conditions(c)
	}
}
