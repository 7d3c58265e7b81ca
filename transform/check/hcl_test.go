package check

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"ccx/transform/finding"
)

// blocks parses HCL as Terraform does.
func blocks(t *testing.T, text string) hclsyntax.Blocks {
	t.Helper()
	file, diagnostics := hclparse.NewParser().ParseHCL([]byte(text+"\n"), "main.tf")
	if diagnostics.HasErrors() {
		t.Fatalf("%v\n%s", diagnostics, text)
	}
	return file.Body.(*hclsyntax.Body).Blocks
}

// valueOf is an attribute's value, as Terraform computes it.
func valueOf(t *testing.T, b *hclsyntax.Block, attribute string) string {
	t.Helper()
	at := b.Body.Attributes[attribute]
	if at == nil {
		t.Fatalf("%s has no %s", b.Labels, attribute)
	}
	value, diagnostics := at.Expr.Value(&hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}})
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	if value.Type().IsPrimitiveType() {
		return value.AsString()
	}
	var words []string
	for _, v := range value.AsValueSlice() {
		words = append(words, v.AsString())
	}
	return strings.Join(words, " ")
}

func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(want), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &b); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}

// TestHCL: each document in HCL is one resource, whose policy is the document in JSON.
func TestHCL(t *testing.T) {
	w := lakeWorld(t, home, lakeShare)
	w.encrypt("aws:kms", keyARN, true)
	w.key(keyARN, forRoot)
	w.repository(home, letPull)
	s := withImage(imageHere)
	s.DataBuckets = []DataBucket{{Name: "lake", Write: true}}
	facts := w.facts()
	for name, where := range map[string][2]string{
		"identity": {"aws_iam_role_policy", "role=ml-train"}, "bucket": {"aws_s3_bucket_policy", "bucket=acme-anyscale"},
		"key": {"aws_kms_key_policy", "key_id=" + keyARN}, "repository": {"aws_ecr_repository_policy", "repository=ml/train"},
		"pass-role": {"aws_iam_role_policy", "role=anyscale-iam-role-1a2b3c4d"}, "reader": {"aws_iam_policy", "name=ccx-reader"},
	} {
		t.Run(name, func(t *testing.T) {
			plain, found := Document(name, s, facts, Form{})
			text, more := Document(name, s, facts, Form{HCL: true})
			if len(found)+len(more) > 0 {
				t.Fatal(found, more)
			}
			all := blocks(t, text)
			if len(all) != 1 || all[0].Type != "resource" || all[0].Labels[0] != where[0] {
				t.Fatalf("not %s: %s", where[0], text)
			}
			attribute, value, _ := strings.Cut(where[1], "=")
			if got := valueOf(t, all[0], attribute); got != value {
				t.Errorf("%s is %s", attribute, got)
			}
			sameJSON(t, plain, valueOf(t, all[0], "policy"))
		})
	}
	s.ControlPlaneRole = ""
	text, _ := Document("pass-role", s, facts, Form{HCL: true})
	if all := blocks(t, text); all[0].Labels[0] != "aws_iam_policy" {
		t.Errorf("without a control-plane role: %s", text)
	}
}

// TestHCLStatements: new statements alone are a data source of Terraform's.
func TestHCLStatements(t *testing.T) {
	w := newWorld(t)
	s := subject()
	s.Prefix = "org/"
	text, _ := Document("bucket", s, w.facts(), Form{StatementOnly: true, HCL: true})
	all := blocks(t, text)
	if len(all) != 1 || all[0].Type != "data" || all[0].Labels[0] != "aws_iam_policy_document" {
		t.Fatal(text)
	}
	statements := all[0].Body.Blocks
	if len(statements) != 2 || valueOf(t, statements[0], "actions") != listAction || valueOf(t, statements[0], "resources") != bucketARN {
		t.Fatal(text)
	}
	seen := map[string]string{}
	for _, b := range statements[0].Body.Blocks {
		for name := range b.Body.Attributes {
			seen[b.Type+"."+name] = valueOf(t, b, name)
		}
	}
	want := map[string]string{"principals.type": "AWS", "principals.identifiers": nodeRole, "condition.test": "StringLike", "condition.variable": "s3:prefix", "condition.values": "org/*"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("%s\n%s", diff, text)
	}
	text, _ = Document("repository", withImage(imageHere), w.facts(), Form{StatementOnly: true, HCL: true})
	if one := blocks(t, text)[0].Body.Blocks; len(one) != 1 || one[0].Body.Attributes["resources"] != nil {
		t.Error(text)
	}
}

// TestHCLKeepsEverything: whatever stands in a policy comes through as it is.
func TestHCLKeepsEverything(t *testing.T) {
	for _, text := range []string{
		`{"Version": "2012-10-17", "Statement": []}`,
		`{"Statement": {"Sid": "a\"b\\c\nd\te\u0001\u2028é😀", "Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}/$${x}/%{if}/$$$/%%{/$"}}`,
		`{"Id": null, "Statement": [{"Condition": {"Bool": {"aws:SecureTransport": [false, "true"]}, "NumericLessThan": {"s3:TlsVersion": 1.2, "x": 10}}, "for": {"a-b": {}}, "null": [[]]}]}`,
	} {
		out, err := new(hclText).convert(text)
		if err != nil {
			t.Fatal(err)
		}
		all := blocks(t, "resource \"x\" \"y\" {\n  policy = jsonencode("+out+")\n}")
		sameJSON(t, text, valueOf(t, all[0], "policy"))
	}
	for _, broken := range []string{`{"a": 1, "a": 2}`, `{"a": `, ``} {
		if out, err := new(hclText).convert(broken); err == nil {
			t.Errorf("%s became %s", broken, out)
		}
	}
	w := newWorld(t)
	delete(w.root["resource_policies"].(map[string]any), bucketARN)
	text, found := Document("bucket", subject(), w.facts(), Form{HCL: true})
	if text != "" || len(found) != 1 || found[0].Status != finding.Unknown {
		t.Errorf("a policy that was not read would be lost: %s %+v", text, found)
	}
	if text, found = Document("bucket", subject(), w.facts(), Form{HCL: true, StatementOnly: true}); text == "" || len(found) > 0 {
		t.Errorf("%+v", found)
	}
}
