package anyscale

import (
	"fmt"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// blanks finds what people leave for others to fill in: <...>, CHANGE_ME, REPLACE_ME, REPLACE_WITH_ARN, YOUR_ROLE.
var blanks = pattern(`<[^<>\n]*>|\b(?:CHANGE[_-]?ME|REPLACE[_-]?ME|REPLACE[_-]WITH[A-Z0-9_-]*|(?:YOUR|your)[_-][A-Za-z0-9_-]+)\b`)

// braces finds {name} as the documentation writes it, but not the {{ }} of a template nor ${ }.
var braces = pattern(`(?:^|[^{$])(\{[A-Za-z][A-Za-z0-9 _-]*\})(?:[^}]|$)`)

// mostBlanks bounds what is said about one text: after a few, the rest is no news.
const mostBlanks = 5

// exampleAccount is the account that AWS's and Anyscale's documentation use.
const exampleAccount = "123456789012"

// placeholders finds what was never filled in, in a compute config and in what its carrier says about cloud and image.
// flags and env_vars are free text and left alone.
func (r *reader) placeholders(c *Config) {
	seen := map[any]bool{}
	r.blanksIn(c.Node, seen)
	if r.file.folded != nil {
		r.blanksIn(r.file.folded, seen)
	}
	for _, s := range c.Sites {
		if s.Existing != nil {
			r.profileText(s.Existing.At, seen)
		}
	}
	for _, key := range []string{"cloud", "image_uri", "docker", "registry_login_secret"} {
		r.blanksIn(c.holder.Get(key), seen)
	}
}

// blanksIn walks a node; what several aliases share is walked once.
func (r *reader) blanksIn(n *document.Node, seen map[any]bool) {
	if n == nil || seen[n.Identity()] {
		return
	}
	seen[n.Identity()] = true
	for _, e := range n.Entries() {
		if e.Key != "flags" && e.Key != "env_vars" {
			r.blanksIn(e.Value, seen)
		}
	}
	for _, item := range n.Items() {
		r.blanksIn(item, seen)
	}
	text, ok := n.Text()
	if !ok || n.Templated() {
		return
	}
	for _, m := range blanks().FindAllStringIndex(text, mostBlanks) {
		if word := text[m[0]:m[1]]; !strings.Contains(word, "@") { // Name <name@example.com> in a tag
			r.blank(n, word, m[0], m[1])
		}
	}
}

func (r *reader) blank(n *document.Node, word string, start, end int) {
	r.say(finding.ConfigPlaceholder, n.PlaceOf(start, end), fmt.Sprintf("%s is a placeholder that was never filled in", shorten(word)), "write the real value in its place")
}

// profileText looks at the text that names a profile, where a single pair of braces can only be a placeholder.
func (r *reader) profileText(n *document.Node, seen map[any]bool) {
	key := [2]any{"profile", n.Identity()}
	text, ok := n.Text()
	if !ok || n.Templated() || seen[key] {
		return
	}
	seen[key] = true
	for _, m := range braces().FindAllStringSubmatchIndex(text, mostBlanks) {
		r.blank(n, text[m[2]:m[3]], m[2], m[3])
	}
	if i := strings.Index(text, ":"+exampleAccount+":"); i >= 0 {
		r.sayAt(finding.Note, finding.ConfigPlaceholder, n.PlaceOf(i+1, i+1+len(exampleAccount)),
			exampleAccount+" is the account of the documentation's examples", "")
	}
}
