package account

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"ccx/transform/policy"
)

// Document is the text of one policy, in one layout: an element a line, indented by four spaces, as the AWS CLI and
// console print it. AWS returns most policies on one line; only a common layout makes line numbers mean the same in a
// live run, in a snapshot and to the reader. Nothing else is touched: the order of keys, doubled keys and misspelt
// ones survive. Text that is no JSON object is kept byte for byte.
type Document struct {
	raw string // without white space around it

	once   sync.Once // a snapshot may hold thousands of policies of which a run needs ten
	text   string
	parsed *policy.Policy
}

// NewDocument takes a policy as AWS returns it: plain JSON, or percent-encoded by RFC 3986 (IAM does either:
// GetRolePolicy encodes, and some servers do not). A '+' stays a '+'.
func NewDocument(text string) *Document {
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "{") {
		return &Document{raw: trimmed}
	}
	plain, err := url.PathUnescape(text)
	if err != nil {
		return &Document{raw: text}
	}
	if trimmed := strings.TrimSpace(plain); strings.HasPrefix(trimmed, "{") {
		return &Document{raw: trimmed}
	}
	return &Document{raw: plain}
}

// Text returns the policy in the common layout.
func (d *Document) Text() string {
	d.read()
	return d.text
}

// Policy returns the parsed policy.
func (d *Document) Policy() *policy.Policy {
	d.read()
	return d.parsed
}

func (d *Document) read() {
	d.once.Do(func() {
		d.text = layout(d.raw)
		d.parsed = policy.Parse([]byte(d.text))
	})
}

// MarshalJSON writes the policy as a JSON object, or, where it is none, as a percent-encoded string, which keeps every byte.
func (d *Document) MarshalJSON() ([]byte, error) {
	if strings.HasPrefix(d.raw, "{") && jsontext.Value(d.raw).IsValid(jsontext.AllowDuplicateNames(true)) {
		return []byte(d.raw), nil
	}
	return json.Marshal(url.PathEscape(d.raw))
}

// layout puts JSON into the common layout; what is no JSON comes back as it is.
func layout(text string) string {
	var out bytes.Buffer
	if !strings.HasPrefix(text, "{") || json.Indent(&out, []byte(text), "", "    ") != nil {
		return text
	}
	return out.String()
}
