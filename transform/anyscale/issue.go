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

// issue says in our own words what breaks the schema, at the key or value that does.
func (r *reader) issue(i schema.Issue) {
	node := r.at(i.Pointer)
	if r.unrendered(node) {
		return
	}
	switch i.Keyword {
	case "additionalProperties":
		for _, key := range i.Keys {
			r.unknownKey(i.Pointer, key, i.Known)
		}
	case "required":
		r.missingKeys(i, node)
	case "type":
		r.wrongType(i, node)
	case "enum":
		r.notListed(i, node)
	default:
		r.limit(i, node)
	}
}

// unknownKey says that the client refuses a key, and which one was most likely meant.
func (r *reader) unknownKey(pointer, key string, known []string) {
	holder := r.at(pointer)
	for _, e := range holder.Entries() {
		if e.Key == key && r.unseenKey(e) {
			return
		}
	}
	place := holder.Get(key).KeyPlace()
	code, hint := finding.ConfigSchema, ""
	if mend, ok := r.mend(pointer, key); ok {
		hint = mend
	} else if guess, ok := finding.Nearest(key, known); ok {
		hint = "did you mean " + guess + "?"
	} else {
		hint = r.knownHere(known)
	}
	level := code.Level()
	if r.opts.UnknownKeys {
		level = finding.Warning
	}
	message := fmt.Sprintf("unknown key %s%s", shorten(key), within(pointer))
	if other, ok := r.fromLegacy(pointer, key); ok {
		code, message, level = finding.ConfigConflict, fmt.Sprintf("%s belongs to the legacy schema, but %s makes this a config of the new one", key, other), finding.Error
	}
	r.sayAt(level, code, place, message, hint)
}

// knownHere lists the keys of a place while they can be taken in at a glance.
func (r *reader) knownHere(known []string) string {
	if len(known) > 6 {
		return "remove it; `ccx schema " + r.file.Shape.SchemaName() + "` shows the keys that there are"
	}
	return "remove it, or use one of: " + strings.Join(known, ", ")
}

// fromLegacy reports whether a key at the top of a new-schema config is one of the legacy schema's, and which key says
// that the config is a new one.
func (r *reader) fromLegacy(pointer, key string) (string, bool) {
	c := r.configAt(pointer)
	if c == nil || c.Schema != New || !slices.Contains(append(legacyNodeKeys, legacyKeys...), key) {
		return "", false
	}
	for _, other := range append(slices.Clone(newNodeKeys), newKeys...) {
		if c.Node.Get(other) != nil {
			return other, true
		}
	}
	return "", false
}

// configAt returns the compute config that stands at a pointer.
func (r *reader) configAt(pointer string) *Config {
	if i, ok := r.places[pointer]; ok {
		return &r.file.Configs[i]
	}
	return nil
}

// configAround returns the compute config that a pointer leads into.
func (r *reader) configAround(pointer string) *Config {
	for {
		if c := r.configAt(pointer); c != nil || pointer == "" {
			return c
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
}

func (r *reader) missingKeys(i schema.Issue, node *document.Node) {
	place := node.KeyPlace()
	if i.Pointer == "" {
		place = firstKey(node)
	}
	hint := "add " + strings.Join(i.Keys, " and ")
	for _, key := range i.Keys {
		for _, e := range node.Entries() {
			if guess, ok := finding.Nearest(e.Key, []string{key}); ok {
				place, hint = e.Value.KeyPlace(), "did you mean "+guess+" for "+e.Key+"?"
			}
		}
	}
	subject := r.file.Shape.noun()
	if i.Pointer != "" {
		subject = spoken(i.Pointer)
	}
	r.say(finding.ConfigSchema, place, subject+" lacks "+strings.Join(i.Keys, " and "), hint)
}

// noun names the document in a sentence.
func (s Shape) noun() string { return "this " + string(s) }

func (r *reader) notListed(i schema.Issue, node *document.Node) {
	list, _ := i.Want.([]any)
	var words []string
	for _, w := range list {
		if text, ok := w.(string); ok {
			words = append(words, text)
		}
	}
	hint := "write one of these"
	if text, ok := node.Scalar(); ok {
		if guess, ok := finding.Nearest(text, words); ok {
			hint = "did you mean " + guess + "?"
		}
	}
	r.say(finding.ConfigSchema, node.Place(), fmt.Sprintf("%s must be %s, not %s", spoken(i.Pointer), either(words), describe(node, i.Pointer)), hint)
}

// either joins alternatives: a, b or c.
func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// patternHints say what a text of the key looks like.
var patternHints = map[string]string{
	"image_uri":   "it looks like registry/repository:tag",
	"import_path": "it looks like module.submodule:app",
	"ray_version": "it looks like 2.9.0",
	"type":        "the only type is DATABRICKS",
}

// limit speaks of numbers, lengths and patterns.
func (r *reader) limit(i schema.Issue, node *document.Node) {
	subject, hint := spoken(i.Pointer), ""
	want := fmt.Sprint(i.Want)
	if n, ok := i.Want.(float64); ok {
		want = strconv.FormatFloat(n, 'f', -1, 64)
	}
	var message string
	switch i.Keyword {
	case "minimum":
		message = fmt.Sprintf("%s must be %s or more, not %s", subject, want, describe(node, i.Pointer))
	case "maximum":
		message = fmt.Sprintf("%s must be %s or less, not %s", subject, want, describe(node, i.Pointer))
	case "minItems":
		message, hint = subject+" must not be empty", "add at least one"
		if strings.HasSuffix(i.Pointer, "/zones") {
			hint = "leave the key out to take all zones"
		}
	case "minLength":
		message = subject + " must not be empty"
	case "not":
		message, hint = subject+" is not allowed in Anyscale", "remove it"
	default:
		if text, ok := node.Text(); ok && strings.HasSuffix(i.Pointer, "/image_uri") && !strings.Contains(text, "@") && blanks().MatchString(text) {
			return // the placeholder is said by itself
		}
		message = fmt.Sprintf("%s is not what the client takes: %s", subject, describe(node, i.Pointer))
		hint = patternHints[subject[strings.LastIndexByte(subject, '.')+1:]]
	}
	r.say(finding.ConfigSchema, node.Place(), message, hint)
}
