package schema

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Issue is one way in which a value breaks its schema.
type Issue struct {
	Pointer string   // the place in the value (RFC 6901); "" is the whole
	Keyword string   // the draft-07 keyword that is broken: type, enum, minimum, required, additionalProperties, ...
	Keys    []string // required: the missing keys; additionalProperties: the unknown ones; sorted
	Known   []string // additionalProperties: the keys that the place may have, sorted
	Want    any      // the keyword's value as JSON: a string or []any for type, []any for enum, float64 for minimum, ...
}

// reader turns the library's errors about one value into issues. The library says which keyword failed where; what the
// keyword asks is read from the schema, since the library gives it, and the names of keys, only in prose.
type reader struct {
	schema any // the decoded schema
	value  any // the value that was validated
	issues []Issue
}

// read takes the leaves of the causes: the outer errors only say that something inside is wrong.
func (r *reader) read(e *jsonschema.ValidationError) {
	for _, c := range e.Causes {
		r.read(c)
	}
	if len(e.Causes) > 0 {
		return
	}
	_, location, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	location, pointer := decoded(location), decoded(e.InstanceLocation)
	holder, keyword := cut(location)
	issue := Issue{Pointer: pointer, Keyword: keyword, Want: lookup(r.schema, location)}
	parent, _ := lookup(r.schema, holder).(map[string]any)
	got, _ := lookup(r.value, pointer).(map[string]any)
	switch {
	case keyword == "required":
		issue.Keys = missing(parent["required"], got)
	case keyword == "additionalProperties":
		issue.Known, issue.Keys = unknown(parent, got)
	case keyword == "type" && strings.HasSuffix(holder, "/additionalProperties") && parent["type"] == "null":
		// A key that nobody knows but that the client lets pass when it is null.
		issue = r.unknownUnlessNull(pointer, holder)
	}
	r.issues = append(r.issues, issue)
}

func (r *reader) unknownUnlessNull(pointer, holder string) Issue {
	place, key := cut(pointer)
	owner, _ := cut(holder)
	node, _ := lookup(r.schema, owner).(map[string]any)
	known, _ := unknown(node, nil)
	return Issue{Pointer: place, Keyword: "additionalProperties", Keys: []string{unescape(key)}, Known: known}
}

// missing returns the keys of a `required` list that got lacks.
func missing(required any, got map[string]any) []string {
	var keys []string
	list, _ := required.([]any)
	for _, k := range list {
		name, _ := k.(string)
		if _, has := got[name]; !has {
			keys = append(keys, name)
		}
	}
	slices.Sort(keys)
	return keys
}

// unknown returns the keys that a schema node describes, and those of got that it doesn't.
func unknown(node, got map[string]any) (known, extra []string) {
	properties, _ := node["properties"].(map[string]any)
	for k := range properties {
		known = append(known, k)
	}
	for k := range got {
		if _, has := properties[k]; !has {
			extra = append(extra, k)
		}
	}
	slices.Sort(known)
	slices.Sort(extra)
	return known, extra
}

// sorted orders issues and drops repeats: a value may be reached by two ways through a schema.
func sorted(issues []Issue) []Issue {
	slices.SortFunc(issues, func(a, b Issue) int {
		return cmp.Or(comparePointers(a.Pointer, b.Pointer), cmp.Compare(a.Keyword, b.Keyword), slices.Compare(a.Keys, b.Keys))
	})
	return slices.CompactFunc(issues, func(a, b Issue) bool {
		return a.Pointer == b.Pointer && a.Keyword == b.Keyword && slices.Equal(a.Keys, b.Keys)
	})
}

// comparePointers orders pointers step by step, indices by number: /a/2 stands before /a/10.
func comparePointers(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "/"), strings.Split(b, "/"), func(x, y string) int {
		m, errX := strconv.Atoi(x)
		n, errY := strconv.Atoi(y)
		if errX == nil && errY == nil {
			return cmp.Compare(m, n)
		}
		return cmp.Compare(x, y)
	})
}
