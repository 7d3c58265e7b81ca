package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// terraform writes a policy document as the Terraform resource that puts it.
// https://developer.hashicorp.com/terraform/language/syntax/configuration
func (j *judge) terraform(name, text string) (string, error) {
	value, err := new(hclText).convert(text)
	if err != nil {
		return "", err
	}
	kind, label, attributes := j.resourceOf(name)
	var b strings.Builder
	fmt.Fprintf(&b, "resource %s %s {\n", quoteHCL(kind), quoteHCL(label))
	for _, a := range attributes {
		fmt.Fprintf(&b, "  %s = %s\n", a[0], quoteHCL(a[1]))
	}
	fmt.Fprintf(&b, "  policy = jsonencode(%s)\n}", value)
	return b.String(), nil
}

// dataSource writes new statements as a data source, to be merged with what is there (source_policy_documents).
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
func dataSource(statements []statement) string {
	var b strings.Builder
	b.WriteString("data \"aws_iam_policy_document\" \"anyscale\" {")
	for _, s := range statements {
		fmt.Fprintf(&b, "\n  statement {\n    sid = %s\n    effect = %s\n    actions = %s\n", quoteHCL(s.Sid), quoteHCL(s.Effect), listHCL(s.Action))
		if len(s.Resource) > 0 {
			fmt.Fprintf(&b, "    resources = %s\n", listHCL(s.Resource))
		}
		for _, kind := range slices.Sorted(maps.Keys(s.Principal)) {
			fmt.Fprintf(&b, "    principals {\n      type = %s\n      identifiers = %s\n    }\n", quoteHCL(kind), listHCL(s.Principal[kind]))
		}
		for _, test := range slices.Sorted(maps.Keys(s.Condition)) {
			for _, key := range slices.Sorted(maps.Keys(s.Condition[test])) {
				fmt.Fprintf(&b, "    condition {\n      test = %s\n      variable = %s\n      values = %s\n    }\n", quoteHCL(test), quoteHCL(key), listHCL(s.Condition[test][key]))
			}
		}
		b.WriteString("  }")
	}
	b.WriteString("\n}")
	return b.String()
}

func listHCL(words []string) string {
	var out []string
	for _, w := range words {
		out = append(out, quoteHCL(w))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// resourceOf names the resource that puts a document, with the attributes that say where.
func (j *judge) resourceOf(name string) (kind, label string, attributes [][2]string) {
	switch name {
	case "bucket":
		return "aws_s3_bucket_policy", "anyscale", [][2]string{{"bucket", j.Bucket}}
	case "key":
		arn, _ := j.bucketKey()
		return "aws_kms_key_policy", "anyscale", [][2]string{{"key_id", arn}}
	case "repository":
		ref, _, _ := ParseImage(j.Images[0].URI)
		return "aws_ecr_repository_policy", "anyscale", [][2]string{{"repository", ref.Repository}}
	case "identity":
		return "aws_iam_role_policy", "anyscale_nodes", [][2]string{{"name", "anyscale-nodes"}, {"role", j.roleName()}}
	case "pass-role":
		if j.ControlPlaneRole != "" {
			short := j.ControlPlaneRole[strings.LastIndexByte(j.ControlPlaneRole, '/')+1:]
			return "aws_iam_role_policy", "pass_node_role", [][2]string{{"name", "pass-node-role"}, {"role", short}}
		}
		return "aws_iam_policy", "pass_node_role", [][2]string{{"name", "pass-node-role"}}
	}
	return "aws_iam_policy", "ccx_reader", [][2]string{{"name", "ccx-reader"}}
}

// hclText turns JSON into an HCL expression, in the order of the JSON.
type hclText struct{ decoder *json.Decoder }

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (h *hclText) convert(text string) (string, error) {
	h.decoder = json.NewDecoder(strings.NewReader(text))
	h.decoder.UseNumber()
	return h.value("  ")
}

func (h *hclText) value(indent string) (string, error) {
	token, err := h.decoder.Token()
	if err != nil {
		return "", err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			return h.list(indent)
		}
		return h.object(indent)
	case string:
		return quoteHCL(t), nil
	case nil:
		return "null", nil
	}
	return fmt.Sprint(token), nil
}

func (h *hclText) list(indent string) (string, error) {
	var b bytes.Buffer
	b.WriteString("[")
	for h.decoder.More() {
		item, err := h.value(indent + "  ")
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n%s  %s,", indent, item)
	}
	if b.Len() > 1 {
		b.WriteString("\n" + indent)
	}
	b.WriteString("]")
	_, err := h.decoder.Token()
	return b.String(), err
}

func (h *hclText) object(indent string) (string, error) {
	var b bytes.Buffer
	seen := map[string]bool{}
	b.WriteString("{")
	for h.decoder.More() {
		key, err := h.decoder.Token()
		if err != nil {
			return "", err
		}
		name := key.(string)
		if seen[name] {
			return "", fmt.Errorf("the key %q stands twice", name)
		}
		seen[name] = true
		value, err := h.value(indent + "  ")
		if err != nil {
			return "", err
		}
		if !plainKey.MatchString(name) || name == "for" {
			name = quoteHCL(name)
		}
		fmt.Fprintf(&b, "\n%s  %s = %s", indent, name, value)
	}
	if b.Len() > 1 {
		b.WriteString("\n" + indent)
	}
	b.WriteString("}")
	_, err := h.decoder.Token()
	return b.String(), err
}

// quoteHCL writes a text so that HCL reads it as it is: `${` and `%{` would begin a template.
// https://developer.hashicorp.com/terraform/language/expressions/strings
func quoteHCL(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029:
			fmt.Fprintf(&b, `\u%04x`, r)
		case (r == '$' || r == '%') && strings.HasPrefix(s[i+size:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	b.WriteByte('"')
	return b.String()
}
