package check

import (
	"testing"

	"ccx/transform/finding"
)

// What is known of the organization settles the conditions that ask for it.
func TestConditionsOnTheOrganization(t *testing.T) {
	deny := func(condition string) string {
		return `{"Principal": "*", "Action": "s3:*", "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"], "Effect": "Deny", "Condition": ` + condition + `}`
	}
	member := map[string]any{"Id": "o-exampleorg1", "MasterAccountId": "999900001111"}
	placed := map[string]any{"Id": "o-exampleorg1", "MasterAccountId": "999900001111", "Levels": []any{
		map[string]any{"TargetId": "r-ab12", "ServiceControlPolicies": nil, "ResourceControlPolicies": nil},
		map[string]any{"TargetId": "ou-ab12-11111111", "ServiceControlPolicies": nil, "ResourceControlPolicies": nil},
		map[string]any{"TargetId": home, "ServiceControlPolicies": nil, "ResourceControlPolicies": nil},
	}}
	for _, c := range []struct {
		name, condition string
		place           any // under organization; "-": not recorded
		want            finding.Status
	}{
		{"not read", `{"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}`, "-", finding.Unknown},
		{"its own", `{"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}`, member, finding.Pass},
		{"another", `{"StringNotEquals": {"aws:PrincipalOrgID": "o-anotherorg1"}}`, member, finding.Fail},
		{"in none", `{"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}`, nil, finding.Fail},
		{"in none, if it is there", `{"StringEquals": {"aws:PrincipalOrgID": "o-anotherorg1"}}`, nil, finding.Pass},
		{"the resource's own", `{"StringNotEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}`, member, finding.Pass},
		{"the resource's, another", `{"StringNotEquals": {"aws:ResourceOrgID": "o-anotherorg1"}}`, member, finding.Fail},
		{"its path, not read", `{"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/r-ab12/ou-ab12-11111111/*"}}`, member, finding.Unknown},
		{"its path", `{"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/r-ab12/ou-ab12-11111111/*"}}`, placed, finding.Pass},
		{"another path", `{"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/r-ab12/ou-ab12-22222222/*"}}`, placed, finding.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.bucketPolicy(deny(c.condition))
			delete(w.root, "organization")
			if c.place != "-" {
				w.root["organization"] = map[string]any{home: c.place}
			}
			w.expect(subject(), map[finding.Code]finding.Status{finding.S3Write: c.want})
		})
	}
}
