package policy

import "fmt"

var principalTypes = map[string]bool{"AWS": true, "Service": true, "Federated": true, "CanonicalUser": true}

// principals reads Principal or NotPrincipal: "*", or an object of lists by type.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (p *parser) principals(seen map[string]value) {
	v, negated, ok := p.either(seen, "Principal", "NotPrincipal")
	if !ok {
		return
	}
	s := p.statement
	s.body.hasPrincipal, s.body.notPrincipal = true, negated
	var list []Principals
	switch {
	case v.kind == '"' && v.text == "*":
		list = p.principal(list, "*", v)
	case v.kind == '{' && len(v.members) > 0:
		list = p.principalObject(list, v)
	default:
		p.unsure(v.offset, `Principal must be "*" or an object`, `write {"AWS": "arn:aws:iam::111122223333:role/name"}`)
	}
	if negated {
		s.NotPrincipals = list
	} else {
		s.Principals = list
	}
}

func (p *parser) principalObject(list []Principals, v value) []Principals {
	seen := map[string]bool{}
	for _, m := range v.members {
		if seen[m.key] {
			p.unsure(m.offset, fmt.Sprintf("the key %q stands twice", m.key), "put both values in one list")
		}
		seen[m.key] = true
		if !principalTypes[m.key] {
			p.unsure(m.offset, fmt.Sprintf("a Principal has no type %q", m.key), meant(m.key, "AWS", "Service", "Federated", "CanonicalUser"))
		}
		for _, item := range p.texts(m.value, "Principal") {
			list = p.principal(list, m.key, item)
		}
	}
	return list
}

func (p *parser) principal(list []Principals, kind string, v value) []Principals {
	line, _ := p.place(v.offset)
	pattern := newPrincipal(kind, v.text)
	if pattern.form == formOdd {
		p.problem(v.offset, fmt.Sprintf("%q is no principal", v.text), "a wildcard can't stand for a part of a name; name the role's ARN, or an account")
	}
	p.statement.body.principals = append(p.statement.body.principals, pattern)
	return append(list, Principals{kind, v.text, line})
}
