package policy

import (
	"fmt"
	"strings"
)

// conditions reads a Condition: an object of operators, each an object of keys, each with a value or a list.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
func (p *parser) conditions(v value) {
	if v.kind != '{' {
		p.unsure(v.offset, "Condition must be an object", `write {"StringEquals": {"aws:PrincipalOrgID": "o-..."}}`)
		return
	}
	seen := map[string]bool{}
	for _, m := range v.members {
		if seen[m.key] {
			p.unsure(m.offset, fmt.Sprintf("the operator %q stands twice", m.key), "put its keys in one object")
		}
		seen[m.key] = true
		p.operator(m)
	}
}

func (p *parser) operator(m member) {
	op, known := newOperator(m.key)
	if !known {
		p.problem(m.offset, fmt.Sprintf("AWS has no condition operator %q", m.key), "see the list of operators: "+operatorPage)
	}
	if m.value.kind != '{' {
		p.unsure(m.value.offset, fmt.Sprintf("%s must hold an object of keys", m.key), "")
		return
	}
	if len(m.value.members) == 0 {
		p.unsure(m.value.offset, fmt.Sprintf("%s names no key", m.key), "delete the operator")
	}
	seen := map[string]bool{}
	for _, k := range m.value.members {
		folded := strings.ToLower(k.key)
		if seen[folded] {
			p.unsure(k.offset, fmt.Sprintf("the key %q stands twice", k.key), "put its values in one list")
		}
		seen[folded] = true
		p.condition(condition{operator: op, name: m.key, key: k.key, folded: folded}, k.value)
	}
}

func (p *parser) condition(c condition, v value) {
	items := v.items
	if v.kind != '[' {
		items = []value{v}
	}
	for _, item := range items {
		if item.kind != '"' && item.kind != 'n' && item.kind != 'b' {
			p.unsure(item.offset, fmt.Sprintf("the value of %q must be text, a number or a boolean", c.key), "")
			return
		}
		w := newWanted(c.operator, item.text, p.variables)
		if item.kind == 'n' && c.kind != nil && c.kind.family != famNumeric && strings.ContainsAny(item.text, ".eE") {
			w.odd = true // how AWS writes such a number as text is not documented
		}
		if w.odd && c.kind != nil {
			p.problem(item.offset, fmt.Sprintf("%q is no value for %s", item.text, c.name), "")
		}
		c.wanted, c.texts = append(c.wanted, w), append(c.texts, item.text)
	}
	if len(items) == 0 {
		p.unsure(v.offset, fmt.Sprintf("the key %q has no value", c.key), "")
	}
	p.statement.body.conditions = append(p.statement.body.conditions, c)
}
