package policy

import (
	"strings"

	"ccx/transform/policy/glob"
)

// template is a text that may hold policy variables.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
type template struct {
	fixed glob.Pattern // what it stands for when it holds no variable
	parts []part       // nil without variables
	odd   bool         // a variable is not closed or has no name
}

// part is a run of text or a variable.
type part struct {
	text       glob.Pattern
	key        string // folded name of the context key; "" for text
	fallback   string
	hasDefault bool
}

// newTemplate reads s. wild says that '*' and '?' are wildcards, variables that the policy's version has variables.
func newTemplate(s string, wild, variables bool) template {
	text := glob.Literal
	if wild {
		text = glob.Compile
	}
	if !variables || !strings.Contains(s, "${") {
		return template{fixed: text(s)}
	}
	var t template
	found := false
	for s != "" {
		i := strings.Index(s, "${")
		end := -1
		if i >= 0 {
			end = strings.IndexByte(s[i:], '}')
		}
		if i >= 0 && end < 0 {
			t.odd = true // what it means is anyone's guess
			t.parts = append(t.parts, part{text: text(s[:i])}, part{text: glob.Compile("*")})
			break
		}
		if i < 0 {
			t.parts = append(t.parts, part{text: text(s)})
			break
		}
		t.parts = append(t.parts, part{text: text(s[:i])})
		p, ok := newVariable(s[i+2 : i+end])
		t.parts = append(t.parts, p)
		t.odd = t.odd || !ok
		found = found || p.key != ""
		s = s[i+end+1:]
	}
	if !found && !t.odd {
		t.fixed, t.parts = concat(t.parts), nil
	}
	return t
}

// newVariable reads what stands between the braces: a key with or without a default, or one of the three characters
// that would otherwise be special.
func newVariable(s string) (part, bool) {
	if s == "*" || s == "?" || s == "$" {
		return part{text: glob.Literal(s)}, true
	}
	name, fallback, hasDefault := strings.Cut(s, ",")
	p := part{key: strings.ToLower(strings.TrimSpace(name)), hasDefault: hasDefault}
	if hasDefault {
		d := strings.TrimSpace(fallback)
		if len(d) < 2 || d[0] != '\'' || d[len(d)-1] != '\'' {
			return p, false
		}
		p.fallback = d[1 : len(d)-1]
	}
	return p, p.key != ""
}

func concat(parts []part) glob.Pattern {
	ps := make([]glob.Pattern, len(parts))
	for i, p := range parts {
		ps[i] = p.text
	}
	return glob.Concat(ps...)
}

// resolution says how far a template's variables could be replaced.
type resolution uint8

const (
	resolved   resolution = iota
	absent                // a variable has no value and no default: the text matches nothing
	unresolved            // a value is not known: the pattern covers every text it may become
	ambiguous             // a variable has several values: AWS allows single-valued keys only
)

// resolve replaces the variables by their values in the context. A value stands for itself, stars included.
func (t *template) resolve(c *Context) (glob.Pattern, resolution) {
	if t.odd {
		return t.cover(), ambiguous
	}
	if t.parts == nil {
		return t.fixed, resolved
	}
	ps := make([]glob.Pattern, len(t.parts))
	worst := resolved
	for i, p := range t.parts {
		how := resolved
		ps[i], how = p.resolve(c)
		worst = max(worst, how)
		if how == absent {
			return glob.Pattern{}, absent
		}
	}
	return glob.Concat(ps...), worst
}

func (p *part) resolve(c *Context) (glob.Pattern, resolution) {
	if p.key == "" {
		return p.text, resolved
	}
	v := c.get(p.key)
	switch v.Kind {
	case Exact:
		if len(v.Values) == 1 {
			return glob.Literal(v.Values[0]), resolved
		}
		return glob.Compile("*"), ambiguous
	case Absent:
		if p.hasDefault {
			return glob.Literal(p.fallback), resolved
		}
		return glob.Pattern{}, absent
	case Pattern:
		if len(v.Values) == 1 {
			return glob.Compile(v.Values[0]), unresolved
		}
	}
	return glob.Compile("*"), unresolved
}

// cover returns a pattern of every text that the template may become, whatever its variables are.
func (t *template) cover() glob.Pattern {
	ps := make([]glob.Pattern, len(t.parts))
	for i, p := range t.parts {
		ps[i] = p.text
		if p.key != "" {
			ps[i] = glob.Compile("*")
		}
	}
	return glob.Concat(ps...)
}

// keys calls f with each context key that the template names.
func (t *template) keys(f func(string)) {
	for _, p := range t.parts {
		if p.key != "" {
			f(p.key)
		}
	}
}

// mayBeValueless reports whether a variable's key may turn out to be absent, so that the text matches nothing.
func (t *template) mayBeValueless(c *Context) bool {
	for _, p := range t.parts {
		if p.key != "" && !p.hasDefault && c.get(p.key).Kind == Unknown {
			return true
		}
	}
	return false
}
