package anyscale

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// shorten cuts a text from the document to a length that fits a line of a message.
func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-3]) + "..."
}

// describe says in words what a node holds. A place that may hold a secret is never described.
func describe(n *document.Node, pointer string) string {
	switch {
	case n.IsMapping():
		return "a mapping"
	case n.IsSequence():
		return "a list"
	case n.IsNull():
		return "null"
	}
	if isSecret(pointer) {
		return "its value"
	}
	if n.IsDate() {
		text, _ := n.Scalar()
		return "the date " + shorten(text)
	}
	switch v := n.Value().(type) {
	case string:
		return strconv.Quote(shorten(v))
	case bool:
		return boolWords(n, v)
	}
	text, _ := n.Scalar()
	return shorten(text)
}

// boolWords tells a boolean that was spelt otherwise apart from true and false: YAML 1.1 reads yes, no, on and off so.
func boolWords(n *document.Node, v bool) string {
	text, _ := n.Scalar()
	if strings.EqualFold(text, strconv.FormatBool(v)) {
		return strconv.FormatBool(v)
	}
	return fmt.Sprintf("%v (as YAML reads %s)", v, text)
}

// spoken turns a pointer into the way people write a place: /worker_nodes/1/min_nodes is worker_nodes[1].min_nodes.
func spoken(pointer string) string {
	if pointer == "" {
		return ""
	}
	var b strings.Builder
	for _, step := range strings.Split(pointer[1:], "/") {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		if _, err := strconv.Atoi(step); err == nil {
			fmt.Fprintf(&b, "[%s]", step)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(shorten(step))
	}
	return b.String()
}

// within says where a key stands, for the end of a sentence; "" at the top of the document.
func within(pointer string) string {
	if pointer == "" {
		return ""
	}
	return " in " + spoken(pointer)
}

// step escapes a key for use in a pointer (RFC 6901).
func step(key string) string {
	return "/" + strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}

// firstKey returns the place that stands for a whole mapping: its first key.
func firstKey(n *document.Node) finding.Place {
	if entries := n.Entries(); len(entries) > 0 {
		return entries[0].Value.KeyPlace()
	}
	return n.Place()
}

// pattern compiles a regular expression when it is first asked for, since most runs need few of them.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
