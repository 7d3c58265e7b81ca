package document

import (
	"regexp"
	"strings"
	"sync"
)

// tag is a YAML tag without its tag:yaml.org,2002: prefix.
type tag string

const (
	yamlTag = "tag:yaml.org,2002:"

	tagNull    tag = "null"
	tagBool    tag = "bool"
	tagInt     tag = "int"
	tagFloat   tag = "float"
	tagDate    tag = "timestamp"
	tagStr     tag = "str"
	tagSeq     tag = "seq"
	tagMap     tag = "map"
	tagMerge   tag = "merge" // <<
	tagValue   tag = "value" // =
	tagUnknown tag = ""
)

// resolve gives a node without a written tag the tag that PyYAML gives it.
func resolve(n *tree) tag {
	switch {
	case n.form == sequence:
		return tagSeq
	case n.form == mapping:
		return tagMap
	case n.style == plain || n.bang:
		return resolvePlain(n.text)
	}
	return tagStr
}

// patterns are PyYAML's implicit resolvers (resolver.py), in its order. Python's $ also matches before a last line
// break, but no plain scalar ends in one.
var patterns = sync.OnceValue(func() (p struct{ float, integer, date *regexp.Regexp }) {
	p.float = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?` +
		`|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	p.integer = regexp.MustCompile(`^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+` +
		`|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	p.date = regexp.MustCompile(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)` +
		`[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$`)
	return p
})

// resolvePlain returns the tag of a scalar without quotes.
func resolvePlain(text string) tag {
	if text == "" {
		return tagNull
	}
	switch c := text[0]; {
	case strings.IndexByte("yYnNtTfFoO", c) >= 0:
		if _, ok := boolOf(text); ok {
			return tagBool
		}
	case c == '<' && text == "<<":
		return tagMerge
	case c == '=' && text == "=":
		return tagValue
	case strings.IndexByte("-+0123456789.", c) >= 0:
		return resolveNumber(text)
	}
	switch text {
	case "~", "null", "Null", "NULL":
		return tagNull
	}
	return tagStr
}

func resolveNumber(text string) tag {
	p := patterns()
	switch {
	case p.float.MatchString(text):
		return tagFloat
	case text[0] != '.' && p.integer.MatchString(text):
		return tagInt
	case text[0] >= '0' && text[0] <= '9' && p.date.MatchString(text):
		return tagDate
	}
	return tagStr
}

// boolOf reads the words that are bools in YAML 1.1, in the three spellings that PyYAML knows: yes, Yes, YES.
func boolOf(text string) (value, ok bool) {
	lower := strings.ToLower(text)
	if text != lower && text != strings.ToUpper(text) && text != strings.ToUpper(text[:1])+lower[1:] {
		return false, false
	}
	switch lower {
	case "yes", "true", "on":
		return true, true
	case "no", "false", "off":
		return false, true
	}
	return false, false
}
