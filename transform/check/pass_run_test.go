package check

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

const (
	ourRun   = `{"Effect": "Allow", "Action": ["iam:PassRole", "iam:GetInstanceProfile"], "Resource": "*"}`
	runOn    = `"Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:*:*:instance/*"`
	runAll   = `{"Sid": "Run", "Effect": "Allow", "Action": ["ec2:RunInstances"], "Resource": "*"}`
	tagged   = `"StringEquals": {"aws:RequestTag/anyscale-cloud-id": "cld_abc123"}, "ForAnyValue:StringEquals": {"aws:TagKeys": ["anyscale-cloud-id"]}`
	ofOthers = `"ArnLike": {"ec2:InstanceProfile": "arn:aws:iam::111122223333:instance-profile/approved-*"}`
	notOurs  = `"ArnNotLike": {"ec2:InstanceProfile": "arn:aws:iam::111122223333:instance-profile/approved-*"}`
	isOurs   = `"ArnEquals": {"ec2:InstanceProfile": "` + nodeARN + `"}`
)

// TestRunInstances: a rule on the profile counts; what one asks of tags, machine or time is Anyscale's affair.
func TestRunInstances(t *testing.T) {
	deny := func(condition string) string {
		return `{"Sid": "Fence", "Effect": "Deny", ` + runOn + `, "Condition": {` + condition + `}}`
	}
	allow := func(condition string) string {
		return `{"Sid": "Some", "Effect": "Allow", ` + runOn + `, "Condition": {` + condition + `}}`
	}
	for _, c := range []struct {
		name       string
		statements []string
		want       finding.Status
		says       []string
	}{
		{"as `anyscale cloud setup` makes it", []string{runAll}, finding.Pass, nil},
		{"by tags, as Terraform makes it", []string{allow(tagged)}, finding.Pass, []string{"aws:RequestTag/anyscale-cloud-id", "noted"}},
		{"a fence around this profile", []string{runAll, deny(notOurs)}, finding.Fail, []string{`"Fence"`, "ec2:InstanceProfile is " + nodeARN, "exempt this profile"}},
		{"a fence around others", []string{runAll, deny(ofOthers)}, finding.Pass, nil},
		{"a fence by tags and this profile", []string{runAll, deny(notOurs + `, "StringNotEquals": {"aws:RequestTag/owner": "ml"}`)}, finding.Unknown, []string{"aws:RequestTag/owner", `"Fence"`}},
		{"a fence by the machine", []string{runAll, deny(`"StringNotLike": {"ec2:InstanceType": "m5.*"}`)}, finding.Pass, []string{"ec2:InstanceType", "noted"}},
		{"other profiles only", []string{allow(ofOthers)}, finding.Fail, []string{`"Some"`, "must add " + nodeARN}},
		{"other profiles only, by tags", []string{allow(ofOthers + "," + tagged)}, finding.Fail, []string{`"Some"`}},
		{"this profile only", []string{allow(isOurs)}, finding.Pass, nil},
		{"this profile only, by tags", []string{allow(isOurs + "," + tagged)}, finding.Pass, []string{"aws:RequestTag/anyscale-cloud-id"}},
		{"another region", []string{`{"Effect": "Allow", "Action": "ec2:*", "Resource": "arn:aws:ec2:eu-central-1:*:*"}`}, finding.Skipped, []string{"no profile at all"}},
		{"nothing at all", nil, finding.Skipped, []string{"no profile at all"}},
		{"denied whole", []string{runAll, `{"Sid": "Stop", "Effect": "Deny", "Action": "ec2:Run*", "Resource": "*"}`}, finding.Fail, []string{`"Stop"`}},
		{"an operator that nobody knows", []string{runAll, deny(`"ArnResembles": {"ec2:InstanceProfile": "x"}`)}, finding.Unknown, []string{`"Fence"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.inline("anyscale-iam-role-1a2b3c4d", append([]string{ourRun}, c.statements...)...)
			got := w.expect(subject(), map[finding.Code]finding.Status{finding.PassRoleRun: c.want, finding.PassRolePass: finding.Pass})
			says(t, got[finding.PassRoleRun], c.says...)
			if f := got[finding.PassRoleRun]; f.Status != finding.Skipped && f.Level != finding.Error {
				t.Errorf("level %v", f.Level)
			}
		})
	}
	s := subject()
	s.Region = ""
	newWorld(t).expect(s, map[finding.Code]finding.Status{finding.PassRoleRun: finding.Skipped})
	w := newWorld(t)
	w.iam()["Whole"] = []any{}
	s = subject()
	s.ControlPlaneRole = strings.Replace(plane, "1a2b3c4d", "none", 1)
	w.expect(s, map[finding.Code]finding.Status{finding.PassRoleRun: finding.Unknown})
}
