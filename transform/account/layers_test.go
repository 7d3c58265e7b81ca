package account_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/account"
	"ccx/transform/policy"
)

const node = "arn:aws:iam::" + ours + ":role/teams/ml/node"

// shown writes a layer down: its policies by name, what is missing with "!", what of that may be
// assumed with "?", what could only allow with "+".
func shown(s *policy.Set) string {
	if s == nil {
		return "nil"
	}
	var out []string
	for _, p := range s.Policies {
		if p.Policy == nil {
			out = append(out, "EMPTY")
		}
		out = append(out, p.Name)
	}
	for _, m := range s.Missing {
		mark := map[bool]string{true: "?", false: "!"}[m.Assumable]
		if m.OnlyAllows {
			mark = "+"
		}
		out = append(out, mark+m.What+": "+m.Reason)
	}
	return strings.Join(out, "\n")
}

func levels(sets []*policy.Set) (out []string) {
	for _, s := range sets {
		out = append(out, shown(s))
	}
	return out
}

// TestLayers: who has a say when a node reads a bucket, and what of it is not known.
func TestLayers(t *testing.T) {
	f := load(t, everything)
	got := f.Layers(node, "arn:aws:s3:::acme/models/a")
	want := map[string]string{
		"identity": `inline "broken"` + "\n" + `inline "s3"` + "\n" + `inline "slips"` + "\nown\nAmazonS3FullAccess\n" +
			`!inline "unread": arn:aws:iam::111122223333:user/ci may not call iam:GetRolePolicy (AccessDenied)` + "\n!lost: it does not exist",
		"boundary": "fence", "session": "nil", "resource": "bucket policy of acme",
		"endpoint": "?the policy of a VPC endpoint on the node's path: it was not asked for",
		"scps":     "FullAWSAccess|!cut: the snapshot does not hold it", "rcps": "",
	}
	have := map[string]string{
		"identity": shown(got.Identity), "boundary": shown(got.Boundary), "session": shown(got.Session), "resource": shown(got.Resource),
		"endpoint": shown(got.Endpoint), "scps": strings.Join(levels(got.SCPs), "|"), "rcps": strings.Join(levels(got.RCPs), "|"),
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
	if got.PublicAccess != policy.PublicAccessRestricted || got.Assume != policy.DefaultAssume {
		t.Errorf("public access %d, assume %d", got.PublicAccess, got.Assume)
	}
}

// TestResourceLayer: which policy stands at each kind of resource.
func TestResourceLayer(t *testing.T) {
	f := load(t, everything)
	for resource, want := range map[string]string{
		"arn:aws:s3:::acme":   "bucket policy of acme",
		"arn:aws:s3:::bare/*": "nil",
		"arn:aws:s3:::quiet":  "!the bucket policy of quiet: the bucket does not exist",
		"arn:aws:s3:::shy":    "!the bucket policy of shy: no credentials for account 444455556666: the caller is arn:aws:iam::111122223333:user/ci",
		"arn:aws:s3:::late":   "!the bucket policy of late: s3:ListBucket: AWS asks to slow down",
		"arn:aws:s3:::gone":   "!the bucket policy of gone: the snapshot does not hold it",
		"arn:aws:s3:us-west-2:111122223333:accesspoint/p/object/k": "!the policies of access point arn:aws:s3:us-west-2:111122223333:accesspoint/p/object/k: ccx does not read access points",
		"arn:aws:sqs:us-west-2:111122223333:jobs":                  "resource policy of arn:aws:sqs:us-west-2:111122223333:jobs",
		"arn:aws:sqs:us-west-2:111122223333:other":                 "?the resource policy of arn:aws:sqs:us-west-2:111122223333:other: the snapshot does not hold it",
		"arn:aws:sqs:us-west-2:111122223333:j*":                    "!the resource policies under arn:aws:sqs:us-west-2:111122223333:j*: the one of arn:aws:sqs:us-west-2:111122223333:jobs covers a part of it",
		"arn:aws:kms:us-west-2:111122223333:key/1":                 "key policy of arn:aws:kms:us-west-2:111122223333:key/1",
		"arn:aws:kms:us-west-2:111122223333:key/2": "!the key policy of arn:aws:kms:us-west-2:111122223333:key/2: the snapshot does not hold it\n" +
			"+the grants of arn:aws:kms:us-west-2:111122223333:key/2: the snapshot does not hold it",
		"arn:aws:kms:us-west-2:444455556666:key/gone":            "!the policy of arn:aws:kms:us-west-2:444455556666:key/gone: the key does not exist",
		"arn:aws:ecr:us-west-2:111122223333:repository/ml/train": "nil",
		"arn:aws:ecr:us-west-2:111122223333:repository/r":        "!the policy of arn:aws:ecr:us-west-2:111122223333:repository/r: the repository does not exist",
		"arn:aws:ecr:us-west-2:444455556666:repository/x": "!the repository policy of x: the snapshot does not hold it\n" +
			"!the registry policy of 444455556666: the snapshot does not hold it",
		"*":    "nil",
		"nope": "!the policy of the resource: its ARN is not known",
	} {
		if got := shown(f.Layers(node, resource).Resource); got != want {
			t.Errorf("%s: got %q, want %q", resource, got, want)
		}
	}
}

// TestPassRoleLayers: a control plane that passes a role meets no resource policy, and may have a session policy.
func TestPassRoleLayers(t *testing.T) {
	l := load(t, everything).Layers("arn:aws:iam::"+ours+":role/free", node)
	if l.Resource != nil || l.RCPs != nil || l.Boundary != nil || shown(l.Identity) != "" || l.Identity == nil {
		t.Errorf("got %+v", l)
	}
	for _, s := range []*policy.Set{l.Session, l.Endpoint} {
		if s == nil || len(s.Missing) != 1 || !s.Missing[0].Assumable {
			t.Errorf("got %s", shown(s))
		}
	}
}

// TestUnknownRole: of a role that is not known, nothing may be assumed.
func TestUnknownRole(t *testing.T) {
	for name, f := range map[string]*account.Facts{"offline": nil, "snapshot": load(t, everything)} {
		l := f.Layers("arn:aws:iam::"+theirs+":role/gone", "arn:aws:s3:::gone")
		for _, s := range []*policy.Set{l.Identity, l.Boundary, l.Resource} {
			if s == nil || len(s.Missing) != 1 || s.Missing[0].Assumable {
				t.Errorf("%s: got %s", name, shown(s))
			}
		}
	}
	listed := load(t, everything).Layers("arn:aws:iam::"+ours+":role/listed", "*")
	if got := shown(listed.Identity); !strings.Contains(got, "!the inline policies of role listed") || !strings.Contains(got, "!the managed policies of role listed") {
		t.Errorf("got %s", got)
	}
	if got := shown(listed.Boundary); !strings.HasPrefix(got, "!the permissions boundary of role listed") {
		t.Errorf("got %s", got)
	}
}

// TestGuardrails: what stands for SCPs and RCPs in each place an account may have.
func TestGuardrails(t *testing.T) {
	organization := func(text string) *account.Facts {
		return load(t, fmt.Sprintf(`{"version": 1, "organization": {%s}, "buckets": {"b": {"Account": "111122223333"}},
			"unread": {"organization/444455556666": {"code": "AccessDenied", "operation": "organizations:DescribeOrganization"},
			"organization/999900001111": {"code": "Throttling", "message": "slow down"}}}`, text))
	}
	level := `"ServiceControlPolicies": [{"Name": "s", "Content": {}}], "ResourceControlPolicies": [{"Name": "r", "Content": {}}]`
	for name, c := range map[string]struct {
		text, role string
		scps, rcps []string
	}{
		"not recorded": {``, ours, []string{"?service control policies of account 111122223333: they were not read"},
			[]string{"?resource control policies of account 111122223333: they were not read"}},
		"denied": {``, theirs, []string{"?service control policies of account 444455556666: the caller may not call organizations:DescribeOrganization (AccessDenied)"},
			[]string{"?resource control policies of account 111122223333: they were not read"}},
		"throttled": {``, "999900001111", []string{"!service control policies of account 999900001111: slow down"},
			[]string{"?resource control policies of account 111122223333: they were not read"}},
		"no organization":    {`"111122223333": null`, ours, nil, nil},
		"management account": {`"111122223333": {"MasterAccountId": "111122223333", "Levels": [{` + level + `}]}`, ours, nil, nil},
		"two levels":         {`"111122223333": {"Levels": [{` + level + `}, {` + level + `}]}`, ours, []string{"s", "s"}, []string{"r", "r"}},
		"empty list":         {`"111122223333": {"Levels": [{"ServiceControlPolicies": [], "ResourceControlPolicies": null}]}`, ours, []string{""}, nil},
		"unread list": {`"111122223333": {"Levels": [{"TargetId": "r-1"}]}`, ours,
			[]string{"?service control policies of r-1: they were not read"}, []string{"?resource control policies of r-1: they were not read"}},
		"unread levels": {`"111122223333": {"Id": "o-1"}`, ours, []string{"?service control policies of account 111122223333: they were not read"},
			[]string{"?resource control policies of account 111122223333: they were not read"}},
	} {
		l := organization(c.text).Layers("arn:aws:iam::"+c.role+":role/r", "arn:aws:s3:::b/k")
		if diff := cmp.Diff(c.scps, levels(l.SCPs)); diff != "" {
			t.Errorf("%s: SCPs: %s", name, diff)
		}
		if diff := cmp.Diff(c.rcps, levels(l.RCPs)); diff != "" {
			t.Errorf("%s: RCPs: %s", name, diff)
		}
	}
	nobody := load(t, `{"version": 1, "buckets": {"b": {}}}`).Layers(node, "arn:aws:s3:::b")
	if got := levels(nobody.RCPs); len(got) != 1 || got[0] != "?resource control policies: the account that owns the resource is not known" {
		t.Errorf("got %q", got)
	}
}

// TestPublicAccess: the stricter of the bucket's and its account's block; open only when both are known.
func TestPublicAccess(t *testing.T) {
	on := `{"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}`
	off := strings.ReplaceAll(on, "true", "false")
	for _, c := range []struct {
		bucket, account string // "" = not read
		want            policy.PublicAccess
	}{
		{on, "", policy.PublicAccessRestricted}, {off, on, policy.PublicAccessRestricted}, {"", on, policy.PublicAccessRestricted},
		{off, "", policy.PublicAccessUnknown}, {"", off, policy.PublicAccessUnknown}, {"", "", policy.PublicAccessUnknown}, {"null", "", policy.PublicAccessUnknown},
		{off, off, policy.PublicAccessOpen}, {"null", "null", policy.PublicAccessOpen}, {off, "null", policy.PublicAccessOpen},
	} {
		text := `{"version": 1, "buckets": {"b": {"Account": "111122223333"`
		if c.bucket != "" {
			text += `, "PublicAccessBlockConfiguration": ` + c.bucket
		}
		text += `}}`
		if c.account != "" {
			text += `, "public_access_blocks": {"111122223333": ` + c.account + `}`
		}
		if got := load(t, text+"}").Layers(node, "arn:aws:s3:::b").PublicAccess; got != c.want {
			t.Errorf("bucket %s, account %s: got %d, want %d", c.bucket, c.account, got, c.want)
		}
	}
}

// TestEndpointPolicies: policies of endpoints that are at hand can't be assumed away.
func TestEndpointPolicies(t *testing.T) {
	f := load(t, `{"version": 1, "vpc_endpoints": {"vpce-1": {"PolicyDocument": {}}}}`)
	if got := shown(f.Layers(node, "arn:aws:s3:::b").Endpoint); !strings.HasPrefix(got, "!") {
		t.Errorf("got %s", got)
	}
}

// TestManagedPolicies: AWS's own policies read the same through every account; a customer's do not.
func TestManagedPolicies(t *testing.T) {
	snapshot := func(attached, under string) string {
		return fmt.Sprintf(`{"version": 1, "iam": {
			"111122223333": {"RoleDetailList": [{"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r", "RolePolicyList": [],
				"AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": %q}]}], "Whole": ["Policies"]},
			"444455556666": {"Policies": [%s]}}}`, attached, under)
	}
	detail := func(arn, inForce string) string {
		return fmt.Sprintf(`{"Arn": %q, "DefaultVersionId": "v2", "PolicyVersionList": [
			{"VersionId": %q, "IsDefaultVersion": true, "Document": {"Statement": []}}]}`, arn, inForce)
	}
	const aws, own = "arn:aws:iam::aws:policy/p", "arn:aws:iam::444455556666:policy/p"
	for name, c := range map[string]struct{ text, want string }{
		"AWS's, read elsewhere":     {snapshot(aws, detail(aws, "v2")), "p"},
		"AWS's, not read":           {snapshot(aws, ""), "!p: the snapshot does not hold it"},
		"AWS's, an old version":     {snapshot(aws, detail(aws, "v1")), "!p: the snapshot does not hold it"},
		"a customer's of elsewhere": {snapshot(own, detail(own, "v2")), "!p: it does not exist"},
	} {
		if got := shown(load(t, c.text).Layers("arn:aws:iam::111122223333:role/r", "*").Identity); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
