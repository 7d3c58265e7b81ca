package policy

import (
	"strings"
	"time"

	"ccx/transform/policy/glob"
)

// condition is one operator with one key and its values.
type condition struct {
	operator
	name, key string // as written
	folded    string // the key's name, folded
	wanted    []wanted
	texts     []string // of wanted, as written
}

// match says whether the condition holds, as far as the context is known.
func (c *condition) match(ctx *Context) truth {
	if c.kind == nil {
		return unclear
	}
	v := ctx.get(c.folded)
	switch v.Kind {
	case Absent:
		return c.whenAbsent()
	case Exact:
		if len(v.Values) == 0 {
			return c.whenAbsent()
		}
		return c.whenExact(v.Values, ctx)
	case Pattern:
		return c.whenPattern(v.Values, ctx)
	case Interval:
		return c.whenInterval(v.From, v.To)
	case Chosen:
		if c.kind.family == famNull && !v.Optional {
			return not(c.whenAbsent())
		}
	}
	return unknown
}

// whenAbsent: an absent key makes an operator false and its negation true; IfExists and ForAllValues make it true,
// ForAnyValue false.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (c *condition) whenAbsent() truth {
	switch {
	case c.kind.family == famNull:
		return c.null(true)
	case c.quantifier == forAny && c.ifExists:
		return unclear // the one says false, the other true; users saw AWS take the first
	case c.ifExists || c.quantifier == forAll:
		return yes
	case c.quantifier == forAny:
		return no
	}
	return truthOf(c.kind.negated)
}

// null compares the key's absence with the values of a Null operator.
func (c *condition) null(isAbsent bool) truth {
	t := no
	for i := range c.wanted {
		w := &c.wanted[i]
		if w.odd {
			t = or(t, unclear)
			continue
		}
		t = or(t, truthOf(strings.EqualFold(w.text, "true") == isAbsent))
	}
	return t
}

func (c *condition) whenExact(values []string, ctx *Context) truth {
	if c.kind.family == famNull {
		return c.null(false)
	}
	if c.quantifier == single && len(values) > 1 {
		return unclear // AWS asks for a set operator where a key has several values
	}
	t := truthOf(c.quantifier != forAny)
	for _, v := range values {
		if one := c.one(v, ctx); c.quantifier == forAny {
			t = or(t, one)
		} else {
			t = and(t, one)
		}
	}
	if c.quantifier == forAll && t != yes && len(values) == 1 && values[0] == "" {
		return unclear // "resolves to a null data set, such as an empty string"
	}
	return t
}

// one compares one value of the request with all of the policy: any of them will do, and for a negated operator none.
func (c *condition) one(value string, ctx *Context) truth {
	t := no
	for i := range c.wanted {
		if t = or(t, c.wanted[i].test(c.kind, value, ctx)); t == yes {
			break
		}
	}
	if c.kind.negated {
		return not(t)
	}
	return t
}

// whenPattern answers for a value of which only globs are known: where one of the policy's patterns covers them, or
// none shares a text with them, it need not be known better.
func (c *condition) whenPattern(globs []string, ctx *Context) truth {
	if c.kind.family == famNull {
		return c.null(false)
	}
	if !strings.ContainsAny(strings.Join(globs, ""), "*?") {
		return c.whenOneOf(globs, ctx)
	}
	if c.kind.family != famString {
		return unknown
	}
	all, any := true, false
	for _, g := range globs {
		p := glob.Compile(g)
		covered := false
		for i := range c.wanted {
			w := &c.wanted[i]
			q, how := w.resolve(ctx)
			if how == absent {
				any = any || c.kind.negated // see kindOf.valueless
				continue
			}
			q = patternOf(c.kind, q)
			any = any || glob.Overlap(p, q)
			covered = covered || how == resolved && glob.Covers(q, p)
		}
		all = all && covered
	}
	t := unknown
	if !any {
		t = no
	} else if all {
		t = yes
	}
	if c.kind.negated {
		return not(t)
	}
	return t
}

// whenOneOf answers for a value that is one of a few: where all of them give the same answer, it need not be known
// which (TLS 1.2 or 1.3 is not below 1.2).
func (c *condition) whenOneOf(values []string, ctx *Context) truth {
	t := c.whenExact(values[:1], ctx)
	for _, v := range values[1:] {
		if c.whenExact([]string{v}, ctx) != t {
			return unknown
		}
	}
	return t
}

// whenInterval answers for a time between two others: where both ends agree and no wanted time lies between.
func (c *condition) whenInterval(from, to time.Time) truth {
	switch c.kind.family {
	case famNull:
		return c.null(false)
	case famDate:
	default:
		return unknown
	}
	t := no
	for i := range c.wanted {
		w := &c.wanted[i]
		one := unclear
		if !w.odd {
			one = within(c.kind.compare, from, to, w.moment)
		}
		t = or(t, one)
	}
	if c.kind.negated {
		return not(t)
	}
	return t
}

func within(op comparison, from, to, wanted time.Time) truth {
	first := compared(true, op, func() int { return from.Compare(wanted) })
	last := compared(true, op, func() int { return to.Compare(wanted) })
	if first != last || op == equal && wanted.After(from) && wanted.Before(to) {
		return unknown
	}
	return first
}

// matchConditions says whether all conditions hold.
func (b *body) matchConditions(ctx *Context) truth {
	t := yes
	for i := range b.conditions {
		if t = and(t, b.conditions[i].match(ctx)); t == no {
			break
		}
	}
	return t
}
