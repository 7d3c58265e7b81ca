package schema

import (
	"maps"
	"math"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Date is a text that the client's YAML reader takes for a date or a time: no string for its checks. It may stand in a
// value for Validate in place of a string.
type Date string

// exact returns v with the values replaced that the client's Python refuses although JSON Schema takes them: 2.0 where an
// integer is due (isinstance(2.0, int) is false), a Date, and infinities and NaN, for which JSON has no word and the
// library no answer. The second result says whether anything was replaced. Only what s describes is walked, so that a
// free-form part, however large or often aliased, costs nothing; v itself is never changed.
func exact(s *jsonschema.Schema, v any) (any, bool) {
	changed := false
	for _, part := range parts(s) {
		next, did := exactIn(part, v)
		v, changed = next, changed || did
	}
	if day, still := v.(Date); still && s != nil {
		return string(day), true // nothing is said about its type
	}
	return v, changed
}

// parts returns the schemas that speak about one value: s, what it refers to, and its branches.
func parts(s *jsonschema.Schema) []*jsonschema.Schema {
	if s == nil {
		return nil
	}
	all := []*jsonschema.Schema{s}
	for _, other := range append([]*jsonschema.Schema{s.Ref, s.Then, s.Else}, s.AllOf...) {
		all = append(all, parts(other)...)
	}
	return all
}

func exactIn(s *jsonschema.Schema, v any) (any, bool) {
	switch at := v.(type) {
	case Date:
		if len(s.Types) > 0 {
			return foreign(s.Types), true
		}
	case float64:
		if len(s.Types) > 0 && (odd(at) || !slices.Contains(s.Types, "number") && slices.Contains(s.Types, "integer")) {
			return foreign(s.Types), true
		}
	case map[string]any:
		return exactMap(s, at)
	case []any:
		if item, ok := s.Items.(*jsonschema.Schema); ok {
			return exactList(item, at)
		}
	}
	return v, false
}

// foreign returns a value that none of the types takes.
func foreign(types []string) any {
	switch {
	case !slices.Contains(types, "number"):
		return 0.5 // no integer either
	case !slices.Contains(types, "string"):
		return ""
	}
	return true
}

func odd(f float64) bool { return math.IsInf(f, 0) || math.IsNaN(f) }

func exactMap(s *jsonschema.Schema, at map[string]any) (any, bool) {
	out, changed := at, false
	for key, value := range at {
		sub := s.Properties[key]
		if sub == nil {
			sub, _ = s.AdditionalProperties.(*jsonschema.Schema)
		}
		next, did := exact(sub, value)
		if did && !changed {
			out, changed = maps.Clone(at), true
		}
		if did {
			out[key] = next
		}
	}
	return out, changed
}

func exactList(item *jsonschema.Schema, at []any) (any, bool) {
	out, changed := at, false
	for i, value := range at {
		next, did := exact(item, value)
		if did && !changed {
			out, changed = slices.Clone(at), true
		}
		if did {
			out[i] = next
		}
	}
	return out, changed
}
