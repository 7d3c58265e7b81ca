package document

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// indexAbove is how many entries a mapping has before it is worth an index.
const indexAbove = 16

// lookup returns the last entry of a string key that stands in the mapping itself.
func (t *tree) lookup(key string) *child {
	if t.index != nil {
		if i, ok := t.index[key]; ok {
			return &t.children[i]
		}
		return nil
	}
	for i := len(t.children) - 1; i >= 0; i-- {
		if k := t.children[i].key.real(); k.text == key && k.isString() {
			return &t.children[i]
		}
	}
	return nil
}

func (t *tree) indexKeys() {
	if len(t.children) <= indexAbove {
		return
	}
	t.index = make(map[string]int, len(t.children))
	for i, e := range t.children {
		if k := e.key.real(); k.isString() {
			t.index[k.text] = i
		}
	}
}

// isString reports whether a node is a string; as a key, a lone = is one too.
func (t *tree) isString() bool { return t.form == scalar && (t.tag == tagStr || t.tag == tagValue) }

// isEmpty reports whether a node is a null that was left out.
func (t *tree) isEmpty() bool { return t.form == scalar && t.start == t.end && t.style == plain }

// scalarValue returns the value of a scalar, and false when PyYAML can't make one of its tag or JSON can't hold it.
func scalarValue(t *tree) (any, bool) {
	switch t.tag {
	case tagNull:
		return nil, true
	case tagBool:
		value, ok := boolOf(strings.ToLower(t.text))
		return value, ok
	case tagInt:
		if t.text == "" {
			return nil, false
		}
		return intOf(t.text)
	case tagFloat:
		value, ok := floatOf(t.text)
		f, _ := value.(float64)
		return value, ok && !math.IsInf(f, 0) && !math.IsNaN(f)
	case tagDate:
		return t.text, isDate(t.text)
	}
	return t.text, true
}

var dateParts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})` +
		`(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+]([0-9]{1,2})(?::([0-9]{2}))?))?)?$`)
})

// isDate reports whether there is such a date, as PyYAML's constructor finds out by an exception.
func isDate(text string) bool {
	m := dateParts().FindStringSubmatch(text)
	if m == nil {
		return false
	}
	var part [9]int
	for i := 1; i < len(m); i++ {
		part[i], _ = strconv.Atoi(m[i])
	}
	day := time.Date(part[1], time.Month(part[2]), part[3], 0, 0, 0, 0, time.UTC)
	return part[1] > 0 && day.Day() == part[3] && int(day.Month()) == part[2] &&
		part[4] < 24 && part[5] < 60 && part[6] < 60 && part[7]*60+part[8] < 24*60
}

// Value returns what the client reads: map[string]any, []any, string, bool, int64, json.Number (integers past 64
// bits), float64 or nil. Dates are strings. A key that is no string is spelled as JSON would spell it. What Parse has a
// finding for (an infinite number, a tag that does not fit) is the scalar's text. One target reached by two aliases is
// one shared map or slice; each call builds new ones.
func (n *Node) Value() any {
	if n == nil {
		return nil
	}
	return n.value(map[*tree]any{})
}

func (n *Node) value(made map[*tree]any) any {
	t := n.real()
	if v, ok := made[t]; ok {
		return v
	}
	switch t.form {
	case mapping:
		m := make(map[string]any, len(t.children))
		made[t] = m
		for _, e := range n.Entries() {
			m[e.Key] = e.Value.value(made)
		}
		return m
	case sequence:
		s := make([]any, len(t.children))
		made[t] = s
		for i, item := range n.Items() {
			s[i] = item.value(made)
		}
		return s
	}
	if v, ok := scalarValue(t); ok {
		return v
	}
	return t.text
}

// Text returns a string's value, and false if n is not a string for the client.
func (n *Node) Text() (string, bool) {
	if !n.is(scalar) || !n.real().isString() {
		return "", false
	}
	return n.real().text, true
}

// Scalar returns a scalar's text, whatever type the client gives it (unquoted and unescaped), and false for collections.
func (n *Node) Scalar() (string, bool) {
	if !n.is(scalar) {
		return "", false
	}
	return n.real().text, true
}

// jsonKey spells a scalar key as Python's json.dumps would.
func jsonKey(t *tree) string {
	value, _ := scalarValue(t)
	switch v := value.(type) {
	case nil:
		if t.tag == tagNull {
			return "null"
		}
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case json.Number:
		return v.String()
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return t.text
}

// keyIdentities returns what a key must not have in common with another key of its mapping: its JSON spelling and,
// since 1 == True == 1.0 in Python, its number, behind a NUL so that it is no spelling.
func keyIdentities(t *tree) (spelling, number string) {
	if t.isString() {
		return t.text, t.text
	}
	spelling = jsonKey(t)
	value, _ := scalarValue(t)
	switch v := value.(type) {
	case bool:
		return spelling, map[bool]string{true: "\x001", false: "\x000"}[v]
	case int64:
		return spelling, "\x00" + strconv.FormatInt(v, 10)
	case float64:
		return spelling, "\x00" + strconv.FormatFloat(v, 'f', -1, 64)
	}
	return spelling, spelling
}
