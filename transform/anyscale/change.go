package anyscale

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// change is a set of changes to a tree of values, by path: one walk carries all of them out, and whatever the tree's
// aliases share is copied before it is changed.
type change struct {
	here  bool // this place gets value; nil takes it away
	value any
	below map[string]*change
}

// put notes that the place at a pointer, which is not the whole, gets a value; nil takes its key away.
func (c *change) put(pointer string, value any) {
	for _, s := range strings.Split(pointer[1:], "/") {
		key := unstep(s)
		if c.below == nil {
			c.below = map[string]*change{}
		}
		if c.below[key] == nil {
			c.below[key] = &change{}
		}
		c = c.below[key]
	}
	c.here, c.value = true, value
}

// apply returns tree with the changes made; tree itself stays.
func (c *change) apply(tree any) any {
	if c.here {
		return c.value
	}
	if len(c.below) == 0 {
		return tree
	}
	if list, ok := tree.([]any); ok {
		list = slices.Clone(list)
		for key, sub := range c.below {
			if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(list) {
				list[i] = sub.apply(list[i])
			}
		}
		return list
	}
	old, _ := tree.(map[string]any)
	m := maps.Clone(old)
	if m == nil {
		m = map[string]any{}
	}
	for key, sub := range c.below {
		if sub.here && sub.value == nil {
			delete(m, key)
			continue
		}
		m[key] = sub.apply(m[key])
	}
	return m
}

// unstep reads one step of a pointer (RFC 6901, section 4).
func unstep(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}
