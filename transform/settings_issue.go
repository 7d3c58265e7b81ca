package transform

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ccx/schema"
	"ccx/transform/finding"
)

// ofClouds are keys of single clouds that are likely to be written at the top.
var ofClouds = []string{"allowed_profiles", "bucket", "context", "control_plane_role", "data_buckets", "instance_profile", "region", "requires"}

// issue says in words what breaks the settings' schema.
func (r *settingsReader) issue(i schema.Issue) {
	node := r.root.At(i.Pointer)
	where := strings.ReplaceAll(strings.Trim(i.Pointer, "/"), "/", ".")
	switch i.Keyword {
	case "additionalProperties":
		for _, key := range i.Keys {
			r.unknownKey(i, key)
		}
	case "required":
		at := node.Place()
		if entries := node.Entries(); len(entries) > 0 {
			at = entries[0].KeyNode.Place()
		}
		r.say(at, or(where, "the file")+" lacks "+strings.Join(i.Keys, " and "), "add "+strings.Join(i.Keys, " and ")+map[bool]string{true: ": 1"}[i.Pointer == ""])
	case "type":
		r.say(node.Place(), where+" must be "+kinds(i.Want), "ccx schema settings describes each key")
	case "const":
		r.say(node.Place(), fmt.Sprintf("this version of ccx reads version %v of the settings only", i.Want), fmt.Sprintf("version: %v", i.Want))
	case "enum":
		r.say(node.Place(), where+" must be one of "+alternatives(i.Want), "write one of these")
	case "minLength", "minItems":
		r.say(node.Place(), where+" is empty", "fill it in, or leave the key out")
	case "uniqueItems":
		r.say(node.Place(), where+" has the same entry twice", "leave one of them out")
	default:
		r.say(node.Place(), where+" is not written as it must be", patternHint(i.Pointer))
	}
}

func (r *settingsReader) unknownKey(i schema.Issue, key string) {
	at := r.root.At(i.Pointer).Get(key).KeyPlace()
	hint := "leave it out, or use one of: " + strings.Join(i.Known, ", ")
	if i.Pointer == "" && slices.Contains(ofClouds, key) {
		r.say(at, "unknown key "+strconv.Quote(key), "it belongs under clouds, to one of them: clouds: {prod-usw2: {"+key+": ...}}")
		return
	}
	if guess, ok := finding.Nearest(key, i.Known); ok {
		hint = "did you mean " + guess + "?"
	}
	r.say(at, "unknown key "+strconv.Quote(cut(key)), hint)
}

func cut(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-3]) + "..."
	}
	return s
}

// kindWords says the types of JSON Schema as people do.
var kindWords = map[string]string{
	"string": "a text", "integer": "a whole number", "array": "a list", "object": "a mapping",
}

func kinds(want any) string {
	var words []string
	for _, w := range listOf(want) {
		if word, ok := kindWords[fmt.Sprint(w)]; ok {
			words = append(words, word)
		}
	}
	return strings.Join(words, " or ")
}

func alternatives(want any) string {
	var words []string
	for _, w := range listOf(want) {
		words = append(words, fmt.Sprint(w))
	}
	return strings.Join(words, ", ")
}

func listOf(want any) []any {
	if list, ok := want.([]any); ok {
		return list
	}
	return []any{want}
}

// patternHints say what a text looks like, by its key.
var patternHints = map[string]string{
	"account":          `12 digits in quotes: "444455556666"`,
	"cloud_id":         "it looks like cld_abc123",
	"assume_role":      "it looks like arn:aws:iam::{account}:role/ccx-reader",
	"read_from":        `12 digits in quotes, such as "999900001111": whose credentials see them, accounts says`,
	"profile":          "the name of a profile of the AWS CLI's configuration",
	"until":            "the last day on which the waiver holds: until: 2027-03-31",
	"allowed_profiles": "names or ARNs of instance profiles, with *, ? and {cloud_id}",
}

func patternHint(pointer string) string {
	steps := strings.Split(pointer, "/")
	for _, step := range slices.Backward(steps) {
		if hint, ok := patternHints[step]; ok {
			return hint
		}
	}
	return "ccx schema settings describes each key"
}

// row returns the first row of paths that matches a file; the zero row if none does, or without settings.
func (s *Settings) row(file string) pathSettings {
	if s == nil {
		return pathSettings{}
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.Cwd, file)
	}
	rel, err := filepath.Rel(s.Dir, file)
	rel = filepath.ToSlash(rel)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return pathSettings{}
	}
	for _, p := range s.paths {
		if pathPattern(p.match.Value).MatchString(rel) {
			return p
		}
	}
	return pathSettings{}
}

// pathPattern compiles a pattern of paths: ** stands for any folders, * for any text without a slash, ? for a character.
func pathPattern(match string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("(?s)^")
	for rest := strings.TrimPrefix(match, "./"); rest != ""; {
		n := 1
		switch {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString("(?:[^/]+/)*")
			n = 3
		case strings.HasPrefix(rest, "**"):
			b.WriteString(".*")
			n = 2
		case rest[0] == '*':
			b.WriteString("[^/]*")
		case rest[0] == '?':
			b.WriteString("[^/]")
		default:
			n = strings.IndexAny(rest, "*?")
			if n < 0 {
				n = len(rest)
			}
			b.WriteString(regexp.QuoteMeta(rest[:n]))
		}
		rest = rest[n:]
	}
	return regexp.MustCompile(b.String() + "$")
}

// settingsFault says that the settings contradict themselves or a printout.
func settingsFault(at finding.Place, message, hint string) finding.Finding {
	return finding.New(finding.UsageSettings, at, message).WithHint(hint)
}
