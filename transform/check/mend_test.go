package check

import (
	"strings"
	"testing"

	"ccx/transform/finding"
	"ccx/transform/policy"
)

// put-role-policy replaces a policy of the same name: a mend under a name that is taken would take rights away.
func TestFreeName(t *testing.T) {
	set := func(names ...string) *policy.Set {
		s := &policy.Set{}
		for _, n := range names {
			s.Policies = append(s.Policies, policy.Named{Name: n})
		}
		return s
	}
	unread := &policy.Set{Missing: []policy.Missing{{What: `inline "own"`}}}
	for _, c := range []struct {
		set  *policy.Set
		want string
	}{
		{nil, "own"}, {set(), "own"}, {set(`inline "other"`), "own"}, {set("own"), "own"}, // a managed policy is named otherwise
		{set(`inline "own"`), "own-2"}, {set(`inline "OWN"`), "own-2"}, {set(`inline "own"`, `inline "own-2"`), "own-3"}, {unread, "own-2"},
	} {
		if got := freeName(c.set, "own"); got != c.want {
			t.Errorf("%v: %q, not %q", c.set, got, c.want)
		}
	}
}

func TestNamed(t *testing.T) {
	for _, c := range []struct {
		reason policy.Reason
		want   string
	}{
		{policy.Reason{Layer: policy.LayerSCP, Policy: "Fence", Statement: 0, Line: 4}, "statement 1 of the service control policy Fence (line 4)"},
		{policy.Reason{Layer: policy.LayerRCP, Policy: "Fence", Statement: 1, Sid: "A"}, `statement 2 "A" of the resource control policy Fence`},
		{policy.Reason{Layer: policy.LayerIdentity, Policy: "AmazonS3FullAccess"}, "statement 1 of the managed policy AmazonS3FullAccess"},
		{policy.Reason{Layer: policy.LayerIdentity, Policy: `inline "own"`}, `statement 1 of the inline policy "own"`},
		{policy.Reason{Layer: policy.LayerBoundary, Policy: "team"}, "statement 1 of the permissions boundary team"},
		{policy.Reason{Layer: policy.LayerResource, Policy: "bucket policy of acme"}, "statement 1 of the bucket policy of acme"},
		{policy.Reason{Layer: policy.LayerBoundary, Policy: "team", Statement: -1}, "the permissions boundary team, which can't be understood"},
		{policy.Reason{Layer: policy.LayerBoundary, Statement: -1}, "the role's permissions boundary"},
	} {
		if got := where(c.reason); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

// A trust policy that denies is not mended by one more Allow, and nobody passes another account's role.
func TestNoMendThatCannotWork(t *testing.T) {
	w := newWorld(t)
	w.role("ml-train")["AssumeRolePolicyDocument"] = map[string]any{"Version": "2012-10-17", "Statement": []any{
		map[string]any{"Effect": "Allow", "Principal": map[string]any{"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
		map[string]any{"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"},
	}}
	found := w.judged(Subject{Profile: "ml-train", Bucket: "acme-anyscale", ControlPlaneRole: "arn:aws:iam::444455556666:role/anyscale"})
	if f := found[finding.RoleTrust]; f.Status != finding.Fail || !strings.Contains(f.Hint, `exempt EC2 from statement 2 "No"`) {
		t.Errorf("%+v", f)
	}
	for _, code := range []finding.Code{finding.PassRolePass, finding.PassRoleGet} {
		if f := found[code]; f.Status != finding.Skipped {
			t.Errorf("%+v", f)
		}
	}
	if f := found[finding.ProfileAccount]; f.Status != finding.Fail {
		t.Errorf("%+v", f)
	}
}
