package document

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"

	yaml "sigs.k8s.io/yaml/goyaml.v3"
)

// agrees reports whether goyaml.v3 reads a text as d does: the same collections, the same text in every scalar.
func agrees(d *Document) bool {
	if d.masked {
		return true // what a template's expressions stand for, no reader knows
	}
	decoder := yaml.NewDecoder(bytes.NewReader(d.Src))
	for _, root := range d.parts {
		var n yaml.Node
		if err := decoder.Decode(&n); err != nil || len(n.Content) != 1 || !agree(root.tree, n.Content[0]) {
			return false
		}
	}
	return errors.Is(decoder.Decode(new(yaml.Node)), io.EOF)
}

func agree(t *tree, n *yaml.Node) bool {
	switch n.Kind {
	case yaml.AliasNode:
		return t.form == alias && n.Value == t.text
	case yaml.ScalarNode:
		return t.form == scalar && n.Value == t.text
	case yaml.SequenceNode:
		if t.form != sequence || len(n.Content) != len(t.children) {
			return false
		}
		for i, c := range t.children {
			if !agree(c.value, n.Content[i]) {
				return false
			}
		}
		return true
	case yaml.MappingNode:
		if t.form != mapping || len(n.Content) != 2*len(t.children) {
			return false
		}
		for i, c := range t.children {
			if !agree(c.key, n.Content[2*i]) || !agree(c.value, n.Content[2*i+1]) {
				return false
			}
		}
		return true
	}
	return false
}

// equal compares two trees as Node.Value returns them; a number that is none equals itself.
func equal(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for key, value := range x {
			other, ok := y[key]
			if !ok || !equal(value, other) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case float64:
		y, ok := b.(float64)
		return ok && (x == y || math.IsNaN(x) && math.IsNaN(y))
	}
	return reflect.DeepEqual(a, b)
}
