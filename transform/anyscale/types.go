package anyscale

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ccx/schema"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// typeWords says the types of JSON Schema as people do.
var typeWords = map[string]string{
	"string": "a string", "integer": "a whole number", "number": "a number", "boolean": "true or false",
	"array": "a list", "object": "a mapping", "null": "null",
}

// wrongType says that a value is of another type than the client takes. What the client converts by itself is a warning.
func (r *reader) wrongType(i schema.Issue, node *document.Node) {
	want := wanted(i.Want)
	if hint, ok := r.renamed(i.Pointer); ok {
		r.say(finding.ConfigSchema, node.KeyPlace(), spoken(i.Pointer)+" has another name today", hint)
		return
	}
	level, hint := finding.Error, r.typeHint(node, want)
	if r.converts(i.Pointer, want, node) {
		level, hint = finding.Warning, "the client converts it; write "+phrase(want)
	}
	if len(want) == 1 && want[0] == "null" {
		r.say(finding.ConfigSchema, node.KeyPlace(), spoken(i.Pointer)+" is not allowed here", "remove it")
		return
	}
	if i.Pointer == "" {
		r.say(finding.ConfigShape, node.Place(), r.file.Shape.noun()+" must be "+phrase(want), hint)
		return
	}
	if node.IsNull() && len(want) > 3 {
		r.say(finding.ConfigSchema, node.Place(), spoken(i.Pointer)+" must not be null", hint)
		return
	}
	if isSecret(i.Pointer) {
		r.sayAt(level, finding.ConfigSchema, keyOnly(node.KeyPlace()), fmt.Sprintf("%s must be %s", spoken(i.Pointer), phrase(want)), "put quotes around the value")
		return
	}
	r.sayAt(level, finding.ConfigSchema, node.Place(), fmt.Sprintf("%s must be %s, not %s", spoken(i.Pointer), phrase(want), describe(node, i.Pointer)), hint)
}

// isSecret reports whether a place may hold a secret: the value of an environment variable is never shown.
func isSecret(pointer string) bool { return strings.Contains(pointer, "/env_vars/") }

// keyOnly cuts a place's line after the key that it underlines.
func keyOnly(p finding.Place) finding.Place {
	start := len(string([]rune(p.Text)[:max(0, p.Column-1)]))
	p.Text = p.Text[:min(len(p.Text), start+p.Length)]
	return p
}

func wanted(want any) []string {
	switch w := want.(type) {
	case string:
		return []string{w}
	case []any:
		var all []string
		for _, t := range w {
			all = append(all, fmt.Sprint(t))
		}
		return all
	}
	return nil
}

// phrase says a list of types; that a key may be null, and so might be left out, is not worth saying.
func phrase(want []string) string {
	var words []string
	for _, t := range want {
		if t != "null" || len(want) == 1 {
			words = append(words, typeWords[t])
		}
	}
	return either(words)
}

func (r *reader) renamed(pointer string) (string, bool) {
	if strings.HasSuffix(pointer, "/physical_resources") {
		return "rename it to required_resources", true
	}
	return "", false
}

// typeHint gives the thing to type where the mistake is a common one.
func (r *reader) typeHint(node *document.Node, want []string) string {
	text, scalar := node.Scalar()
	_, isText := node.Value().(string)
	switch {
	case node.IsNull():
		return "give it a value, or remove the key"
	case node.IsDate():
		return fmt.Sprintf("YAML reads this as a date; put quotes around it: %q", text)
	case scalar && slices.Contains(want, "string") && !strings.Contains(text, "\n"):
		return fmt.Sprintf("put quotes around it: %q", shorten(text))
	case isText && slices.Contains(want, "boolean") && slices.Contains([]string{"yes", "no", "on", "off", "true", "false"}, strings.ToLower(text)):
		return "remove the quotes"
	case isText && wantsNumber(want) && isNumeral(text):
		return "remove the quotes"
	case slices.Contains(want, "integer") && strings.HasSuffix(text, ".0"):
		return "write " + strings.TrimSuffix(text, ".0")
	case isText && slices.Contains(want, "array"):
		return "write a list: [" + shorten(text) + "]"
	case node.IsMapping() && slices.Contains(want, "array"):
		return "put a dash in front of each entry: `- `"
	case node.IsSequence() && slices.Contains(want, "object"):
		return "remove the dash in front of its keys"
	}
	return ""
}

func wantsNumber(want []string) bool {
	return slices.Contains(want, "integer") || slices.Contains(want, "number")
}

func isNumeral(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// converts reports whether the client takes a value of the wrong type all the same: Python counts true and false as
// whole numbers, and the legacy commands' models (pydantic, version 1) turn numbers and texts into one another.
func (r *reader) converts(pointer string, want []string, node *document.Node) bool {
	value := node.Value()
	if _, ok := value.(bool); ok && wantsNumber(want) {
		return true
	}
	if !r.file.Shape.coerced(pointer) || node.IsDate() || value == nil {
		return false
	}
	text, isText := value.(string)
	_, isBool := value.(bool)
	_, isMap := value.(map[string]any)
	_, isList := value.([]any)
	number := !isText && !isBool && !isMap && !isList
	list, _ := value.([]any)
	switch {
	case slices.Contains(want, "object"):
		return isText && text == "" || isList && len(list) == 0 // dict("") and dict([]) are empty
	case slices.Contains(want, "string"):
		return number || isBool
	case slices.Contains(want, "integer"):
		_, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		return number || isText && err == nil
	case slices.Contains(want, "boolean"):
		plain := strings.ToLower(fmt.Sprint(value))
		return (number || isText) && slices.Contains([]string{"0", "1", "on", "off", "t", "f", "y", "n", "yes", "no", "true", "false"}, plain)
	}
	return false
}

// coerced reports whether a place is read by a model that converts: the top levels of the legacy documents.
func (s Shape) coerced(pointer string) bool {
	legacy := s == ShapeLegacy || s == ShapeLegacyJob || s == ShapeLegacyService
	return legacy && !strings.HasPrefix(pointer, "/compute_config/")
}
