package schema

import (
	"bytes"
	"regexp"
	"slices"
)

// outward finds a reference to another schema of this folder.
var outward = regexp.MustCompile(`"\$ref": "([a-z-]+)\.json(#/definitions/([A-Za-z]+))?"`)

// bundle puts each schema that text refers to under its definitions and turns the references inward, since an editor
// that is handed one file can't follow a reference to another. It works on the text, so that the order of the keys,
// which people read, stays. Every schema of this folder has one line `  "definitions": {`.
func bundle(name string, text []byte) []byte {
	var added []string
	text = inward(text, &added)
	for i := 0; i < len(added); i++ {
		other, err := files.ReadFile(added[i] + ".json")
		if err != nil || added[i] == name {
			continue // a test holds that every reference has its file
		}
		body := local(inward(other, &added), added[i])
		text = bytes.Replace(text, []byte("\n  \"definitions\": {"),
			[]byte("\n  \"definitions\": {\n    \""+added[i]+"\": "+indented(body)+","), 1)
	}
	return text
}

// inward rewrites references to other files as references to the definitions that will hold them, and notes which.
func inward(text []byte, added *[]string) []byte {
	return outward.ReplaceAllFunc(text, func(ref []byte) []byte {
		m := outward.FindSubmatch(ref)
		if !slices.Contains(*added, string(m[1])) {
			*added = append(*added, string(m[1]))
		}
		to := "#/definitions/" + string(m[1])
		if len(m[3]) > 0 {
			to += "/definitions/" + string(m[3])
		}
		return []byte(`"$ref": "` + to + `"`)
	})
}

var (
	head = regexp.MustCompile(`\n  "\$(id|schema)": "[^"]*",`)
	own  = regexp.MustCompile(`"\$ref": "#/definitions/([A-Z][A-Za-z]*)"`)
)

// local makes a whole schema fit to stand inside another: without its own address, its references led to its new place.
// A schema's own definitions begin with a capital, those that bundle adds with a small letter.
func local(text []byte, name string) []byte {
	text = head.ReplaceAll(text, nil)
	return own.ReplaceAll(text, []byte(`"$$ref": "#/definitions/`+name+`/definitions/$1"`))
}

func indented(text []byte) string {
	return string(bytes.ReplaceAll(bytes.TrimSpace(text), []byte("\n"), []byte("\n    ")))
}
