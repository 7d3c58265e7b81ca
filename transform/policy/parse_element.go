package policy

import (
	"fmt"
	"strings"
)

func (p *parser) effect(at value, seen map[string]value) {
	v, ok := seen["Effect"]
	switch {
	case !ok:
		p.unsure(at.offset, "the statement has no Effect", `add "Effect": "Allow" or "Effect": "Deny"`)
	case v.kind == '"' && v.text == "Allow":
		p.statement.Effect = Allow
	case v.kind == '"' && v.text == "Deny":
		p.statement.Effect = Deny
	default:
		p.unsure(v.offset, "Effect must be Allow or Deny", "write it with a capital letter")
	}
}

// either returns the value of one of two keys that exclude each other, and whether it is the negated one.
func (p *parser) either(seen map[string]value, key, not string) (v value, negated, ok bool) {
	v, ok = seen[key]
	n, negated := seen[not]
	if ok && negated {
		p.unsure(n.offset, fmt.Sprintf("a statement can't have both %s and %s", key, not), "delete one of them")
	}
	if negated {
		return n, true, true
	}
	return v, false, ok
}

func (p *parser) actions(at value, seen map[string]value) {
	v, negated, ok := p.either(seen, "Action", "NotAction")
	if !ok {
		p.unsure(at.offset, "the statement has no Action", `add "Action"`)
		return
	}
	b := &p.statement.body
	b.notAction = negated
	for _, item := range p.texts(v, "Action") {
		p.statement.Actions = append(p.statement.Actions, item.text)
		if item.text == "" {
			p.unsure(item.offset, "an action is empty", "name it, or take it out")
		}
		a := newAction(item.text)
		if a.odd {
			p.problem(item.offset, fmt.Sprintf("%q is no action", item.text), `an action is written "service:Name"`)
		}
		b.actions = append(b.actions, a)
	}
}

func (p *parser) resources(seen map[string]value) {
	v, negated, ok := p.either(seen, "Resource", "NotResource")
	if !ok {
		return // left out in the policies of roles and repositories; elsewhere the layer makes it unknown
	}
	b := &p.statement.body
	b.hasResource, b.notResource = true, negated
	for _, item := range p.texts(v, "Resource") {
		p.statement.Resources = append(p.statement.Resources, item.text)
		if item.text == "" {
			p.unsure(item.offset, "a resource is empty", "name it, or take it out")
		}
		r := newResource(item.text, p.variables)
		if r.odd != "" {
			p.problem(item.offset, r.odd, "write the resource's whole ARN, as arn:aws:s3:::BUCKET/*")
		}
		b.resources = append(b.resources, r)
	}
}

// texts returns a single value or the values of a list, all of which must be strings.
func (p *parser) texts(v value, name string) []value {
	items := v.items
	if v.kind != '[' {
		items = []value{v}
	} else if len(items) == 0 {
		p.unsure(v.offset, name+" is an empty list", "")
	}
	for _, item := range items {
		if item.kind != '"' {
			p.unsure(item.offset, name+" must be a string or a list of strings", "")
			return nil
		}
	}
	return items
}

// meant returns a hint when a key is one of the known ones but for case or a few letters.
func meant(key string, known ...string) string {
	for _, k := range known {
		if strings.EqualFold(k, key) || strings.EqualFold(k+"s", key) || strings.EqualFold(k, key+"s") {
			return fmt.Sprintf("write %q", k)
		}
	}
	return "AWS refuses keys that it does not know"
}
