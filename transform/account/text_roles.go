package account

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// InlineText is one of a role's inline policies: its name and its size in characters, which does not count white space.
type InlineText struct {
	Name string
	Size int
}

// Inline returns a role's inline policies in the order in which they were read; false when not all of their texts were.
func (f *Facts) Inline(roleARN string) ([]InlineText, bool) {
	d, _ := f.detail(roleARN)
	if d == nil || !d.Inline.Read {
		return nil, false
	}
	var out []InlineText
	whole := true
	for _, p := range d.Inline.Value {
		one := InlineText{Name: p.Name}
		if p.Document != nil {
			one.Size = Size(p.Document.raw)
		}
		whole = whole && p.Document != nil
		out = append(out, one)
	}
	return out, whole
}

// TrustText returns the text of a role's trust policy in the common layout; "" when it was not read.
func (f *Facts) TrustText(roleARN string) string {
	d, _ := f.detail(roleARN)
	if d == nil || d.Trust == nil {
		return ""
	}
	return d.Trust.Text()
}

// BoundaryText returns the text of a role's permissions boundary in the common layout; "" when there is none or it was not
// read.
func (f *Facts) BoundaryText(roleARN string) string {
	d, _ := f.detail(roleARN)
	if d == nil || d.Boundary.Value == nil {
		return ""
	}
	account, _, _ := SplitRole(roleARN)
	doc, _ := f.managed(account, d.Boundary.Value.ARN)
	if doc == nil {
		return ""
	}
	return doc.Text()
}

// Size is a policy's size as IAM counts it: characters, without white space between the elements.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func Size(text string) int {
	var out bytes.Buffer
	if json.Compact(&out, []byte(text)) != nil {
		return utf8.RuneCountInString(text)
	}
	return utf8.RuneCount(out.Bytes())
}
