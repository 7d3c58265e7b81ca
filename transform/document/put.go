package document

import "fmt"

// Put changes a tree as Node.Value returns it in the way that Set changes the text, for the want of Apply. It changes
// tree in place, so that what aliases share is changed for all, and returns it (or value for an empty path). value may
// also be such a tree itself, but no Block.
func Put(tree any, path []string, value any) (any, error) {
	if len(path) == 0 {
		if old, ok := tree.(map[string]any); ok {
			if m, ok := plainTree(value).(map[string]any); ok {
				clear(old)
				for k, v := range m {
					old[k] = v
				}
				return old, nil
			}
		}
		return plainTree(value), nil
	}
	if tree == nil {
		tree = map[string]any{}
	}
	m, ok := tree.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("a mapping is needed to put %s in", path[0])
	}
	next, err := Put(m[path[0]], path[1:], value)
	if err != nil {
		return nil, err
	}
	m[path[0]] = next
	return m, nil
}

// plainTree makes a value to write what Node.Value would read.
func plainTree(value any) any {
	switch v := value.(type) {
	case Map:
		m := make(map[string]any, len(v))
		for _, p := range v {
			m[p.Key] = plainTree(p.Value)
		}
		return m
	case []any:
		s := make([]any, len(v))
		for i := range v {
			s[i] = plainTree(v[i])
		}
		return s
	case int:
		return int64(v)
	}
	return value
}
