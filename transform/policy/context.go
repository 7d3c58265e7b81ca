package policy

import (
	"strings"
	"time"
)

// ValueKind says what is known of a context key's value.
type ValueKind uint8

// The kinds of value.
const (
	Absent   ValueKind = iota // known not to be in the request
	Exact                     // present with the given values (several: a multivalued key)
	Pattern                   // present, one value that matches one of the given globs
	Interval                  // present, a time from From to To
	Chosen                    // the caller may send any one value that matches one of the globs, or (Optional) none: all must do
	Unknown                   // nothing is known, not even whether it is present
)

// Value is what is known of one context key.
type Value struct {
	Kind     ValueKind
	Values   []string  // Exact: the values; Pattern and Chosen: globs ('*' and '?')
	From, To time.Time // Interval
	Optional bool      // Chosen: may be left out
	Origin   string    // where the value would come from, for a verdict that depends on it: "the VPC endpoint on the path"
}

// ExactValue returns a value that is known. Several values make a multivalued key.
func ExactValue(values ...string) Value { return Value{Kind: Exact, Values: values} }

// AbsentValue returns the value of a key that is known not to be in the request.
func AbsentValue() Value { return Value{} }

// PatternValue returns the value of a key that is present and matches one of the globs.
func PatternValue(origin string, globs ...string) Value {
	return Value{Kind: Pattern, Values: globs, Origin: origin}
}

// IntervalValue returns a time that lies between from and to, both included.
func IntervalValue(origin string, from, to time.Time) Value {
	return Value{Kind: Interval, From: from, To: to, Origin: origin}
}

// ChosenValue returns the value of a key that the caller chooses: the verdict must hold for every value that matches
// one of the globs and, when optional, for a request without the key.
func ChosenValue(optional bool, globs ...string) Value {
	return Value{Kind: Chosen, Values: globs, Optional: optional}
}

// UnknownValue returns the value of a key of which nothing is known, not even whether it is in the request.
func UnknownValue(origin string) Value { return Value{Kind: Unknown, Origin: origin} }

// Context holds the request context. Key names fold case, as AWS's do. The zero value knows nothing.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
type Context struct {
	// Complete says that a key that is not listed is absent from the request; otherwise it is unknown.
	Complete bool
	values   map[string]Value

	// One key may be looked at with another value, when all the values that it can have are gone through.
	tried string
	try   *Value
}

// Set sets the value of a key. A key that ends in "/*" stands for all keys of its family that are not set by
// themselves: "aws:PrincipalTag/*". A pattern or a choice without globs is any value.
func (c *Context) Set(key string, v Value) {
	if (v.Kind == Pattern || v.Kind == Chosen) && len(v.Values) == 0 {
		v.Values = []string{"*"}
	}
	if v.Kind == Interval && v.To.Before(v.From) {
		v.From, v.To = v.To, v.From
	}
	if c.values == nil {
		c.values = map[string]Value{}
	}
	c.values[strings.ToLower(key)] = v
}

// Get returns what is known of a key: a key that was never set is Absent in a complete context, else Unknown.
func (c *Context) Get(key string) Value { return c.get(strings.ToLower(key)) }

// Clone returns a copy that can be changed without changing c.
func (c *Context) Clone() Context {
	d := Context{Complete: c.Complete, values: make(map[string]Value, len(c.values))}
	for k, v := range c.values {
		d.values[k] = v
	}
	return d
}

// trying returns the context with another value for one key.
func (c *Context) trying(folded string, v *Value) Context {
	d := *c
	d.tried, d.try = folded, v
	return d
}

func (c *Context) get(folded string) Value {
	if c.try != nil && folded == c.tried {
		return *c.try
	}
	if v, ok := c.values[folded]; ok {
		return v
	}
	if i := strings.IndexByte(folded, '/'); i >= 0 {
		if v, ok := c.values[folded[:i+1]+"*"]; ok {
			return v // what is known of all keys of the family: aws:PrincipalTag/*
		}
	}
	if c.Complete {
		return Value{}
	}
	return Value{Kind: Unknown}
}
