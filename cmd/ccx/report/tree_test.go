package report

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

// TestTree: the way from profile to bucket has a branch for each reason, and a check that was not made has none.
func TestTree(t *testing.T) {
	pass := func(code finding.Code, why ...string) finding.Finding {
		return finding.Passed(code, "it holds").WithDetails(why...)
	}
	o := Outcome{
		Profile: "ml", Role: "arn:aws:iam::111122223333:role/ml", Scope: "s3://acme/runs",
		Findings: []finding.Finding{
			pass(finding.ProfileExists), pass(finding.RoleTrust), pass(finding.S3List, "by statement 1"),
			pass(finding.S3Read, "by statement 2"), pass(finding.S3Delete, "by statement 2"),
			finding.New(finding.S3Write, finding.Place{}, "nodes can't write").WithDetails("denied by statement 3", "because"),
			finding.Unsure(finding.KMSUse, finding.Unreadable, finding.Place{}, "whether"), finding.Skip(finding.ECRPull, "no image"),
		},
	}
	want := strings.Join([]string{
		"ccx: how nodes reach s3://acme/runs:",
		"  profile ml",
		"  `- role arn:aws:iam::111122223333:role/ml",
		"     |- pass role/trust: it holds",
		"     |- pass s3/list: by statement 1",
		"     |- pass s3/read, s3/delete: by statement 2",
		"     |- fail s3/write: denied by statement 3",
		"     |- unknown kms/use: whether",
		"     `- bucket acme/runs",
	}, "\n")
	if got := strings.Join(treeOf(o, painter{}), "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	o.Role = ""
	if got := treeOf(o, painter{}); got != nil {
		t.Errorf("a tree without a role: %q", got)
	}
}

// TestTreeSaysReasonsOnce: with the tree, the findings leave out what they rest on; without one they keep it.
func TestTreeSaysReasonsOnce(t *testing.T) {
	o := Outcome{
		Profile: "ml", Role: "arn:aws:iam::111122223333:role/ml", Scope: "s3://acme",
		Findings: []finding.Finding{finding.Passed(finding.S3List, "nodes can list").WithDetails("by statement 1")},
	}
	for _, role := range []string{o.Role, ""} {
		o.Role = role
		var b strings.Builder
		if err := (Text{Verbose: true}).Write(&b, o); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "by statement 1"); n != 1 {
			t.Errorf("role %q: the reason stands %d times:\n%s", role, n, b.String())
		}
	}
	var b strings.Builder
	(Text{}).Write(&b, o)
	if strings.Contains(b.String(), "profile ml") {
		t.Errorf("a tree that nobody asked for:\n%s", b.String())
	}
}
