package check

import (
	"slices"
	"testing"

	"ccx/transform/policy"
)

// What several checks hinge on is told apart from why it was not read, so that the reason can stand once.
func TestDependsOn(t *testing.T) {
	d := policy.Decision{DependsOn: []policy.Dependency{
		{Kind: "key", Name: "aws:SourceVpce", Origin: fromNetwork}, {Kind: "layer", Name: "SCPs", Origin: "they were not asked for"}, {Kind: "layer", Name: "RCPs"},
	}, DecidedBy: []policy.Reason{{Layer: policy.LayerResource, Policy: "bucket policy of acme", Effect: policy.Deny,
		Conditions: []policy.Seen{{Operator: "StringNotEquals", Key: "aws:SourceVpce", Wanted: []string{"vpce-1"}, Kind: policy.Unknown}}}}}
	want := []string{
		"s3:GetObject depends on aws:SourceVpce: " + fromNetwork,
		"s3:GetObject depends on SCPs, RCPs", "not read: SCPs: they were not asked for", "not read: RCPs",
		"it is decided by statement 1 of the bucket policy of acme, which asks aws:SourceVpce StringNotEquals vpce-1",
	}
	if got := dependsOn("s3:GetObject", d); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestAcrossAccounts(t *testing.T) {
	j := &judge{target: Target{RoleARN: nodeRole}}
	for _, c := range []struct {
		verdict policy.Verdict
		owner   string
		want    int
	}{{policy.ImplicitDeny, other, 1}, {policy.ImplicitDeny, home, 0}, {policy.ImplicitDeny, "", 0}, {policy.ExplicitDeny, other, 0}} {
		if got := j.acrossAccounts(policy.Decision{Verdict: c.verdict}, "the bucket", c.owner); len(got) != c.want {
			t.Errorf("%v: %q", c, got)
		}
	}
}
