package transform

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"ccx/transform/anyscale"
	"ccx/transform/finding"
)

// WriteSettings writes a ccx.yaml that reads the given printouts. Their names are slashed and start at the folder that
// the settings will stand in. Codes: usage/cloud.
func WriteSettings(files []Input) ([]byte, []finding.Finding) {
	known, fs := ReadClouds(files, nil)
	for _, file := range files {
		if path.IsAbs(file.Name) || slices.Contains(strings.Split(file.Name, "/"), "..") {
			fs = append(fs, cloudFault(finding.Place{File: file.Name}, "is outside of the folder of the settings", "copy it into that folder: settings can name no other file"))
		}
	}
	if len(fs) > 0 {
		return nil, fs
	}
	var b strings.Builder
	b.WriteString("# Settings of ccx; `ccx schema settings` describes every key.\nversion: 1\ncloud_files:\n")
	for _, file := range files {
		fmt.Fprintf(&b, "  - %s\n", quote(globless(file.Name)))
	}
	writeDefault(&b, known)
	b.WriteString("clouds:\n")
	for _, c := range known.known {
		writeCloud(&b, c.Cloud, c.word(known))
	}
	text := []byte(b.String())
	if s, bad := ReadSettings("ccx.yaml", text); s == nil { // not to be reached: it would be our own mistake
		return nil, bad
	}
	return text, nil
}

// writeDefault names the cloud of configs that name none: the organization's, or the only one.
func writeDefault(b *strings.Builder, known *Clouds) {
	var name string
	for _, c := range known.known {
		if c.Default || len(known.known) == 1 {
			name = c.word(known)
		}
	}
	if name == "" {
		b.WriteString("# default_cloud: NAME   # the cloud of configs that name none\n")
		return
	}
	fmt.Fprintf(b, "default_cloud: %s\n", quote(name))
}

// word is what the settings call a cloud: its name, or its id where another one has that name too.
func (c *cloud) word(known *Clouds) string {
	if known.find(c.String()) == c {
		return c.String()
	}
	return c.ID.Value
}

// writeCloud writes an entry that changes nothing, and says in a comment what it could.
func writeCloud(b *strings.Builder, c anyscale.Cloud, word string) {
	fmt.Fprintf(b, "  %s:\n", quote(word))
	fmt.Fprint(b, "    # instance_profile: NAME   # what configs get, unless they or -p name another\n")
	fmt.Fprint(b, "    # allowed_profiles: [NAME, \"team-*\", \"{cloud_id}-cluster_node_role\"]\n")
	for _, r := range c.Resources {
		if f := c.Fallback(r); f.Profile.Value != "" && !f.Guess {
			fmt.Fprintf(b, "    # nodes in %s get %s by themselves\n", plainWords(r.String()), plainWords(f.Profile.Value))
		}
	}
}

// plainWords keeps a text of the printout on the line of its comment.
func plainWords(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 {
			return '?'
		}
		return r
	}, cut(s))
}

// quote writes a text so that YAML reads it as one: JSON's strings are YAML's.
func quote(s string) string {
	text, _ := json.Marshal(s) // a string can always be written
	return string(text)
}

// globless keeps a file's name from being read as a pattern.
func globless(name string) string {
	return strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`, `\`, `\\`).Replace(name)
}
