package policy

import (
	"strings"
	"testing"
	"time"

	"ccx/transform/policy/glob"
)

// onInstance is the context of an EC2 instance-profile session that calls S3 with an SDK, as far as it is known before
// launch.
func onInstance() Context {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var c Context
	c.Set("aws:PrincipalArn", ExactValue(nodeRole))
	c.Set("aws:PrincipalAccount", ExactValue(own))
	c.Set("aws:PrincipalType", ExactValue("AssumedRole"))
	c.Set("aws:userid", PatternValue("the instance", "AROAEXAMPLEEXAMPLE123:i-*"))
	c.Set("aws:username", AbsentValue())
	c.Set("aws:SecureTransport", ExactValue("true"))
	c.Set("s3:TlsVersion", ExactValue("1.3"))
	c.Set("aws:PrincipalIsAWSService", ExactValue("false"))
	c.Set("aws:ViaAWSService", ExactValue("false"))
	c.Set("aws:MultiFactorAuthPresent", AbsentValue())
	c.Set("aws:CurrentTime", IntervalValue("the clock", now, now.AddDate(0, 0, 30)))
	c.Set("aws:RequestedRegion", ExactValue("us-west-2"))
	c.Set("s3:x-amz-server-side-encryption", AbsentValue())
	c.Set("s3:x-amz-acl", AbsentValue())
	c.Set("aws:SourceVpce", UnknownValue("the VPC endpoint on the path"))
	c.Set("aws:SourceIp", UnknownValue("the address that AWS sees"))
	c.Set("aws:PrincipalOrgID", UnknownValue("the organization"))
	return c
}

// TestDeniesAsPeopleWriteThem: the Deny statements of bucket policies in the field, for PutObject on every key.
func TestDeniesAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		name, condition string
		want            Verdict
		depends         string
	}{
		{"TLS", `"Bool":{"aws:SecureTransport":"false"}`, Allowed, ""},
		{"old TLS", `"NumericLessThan":{"s3:TlsVersion":"1.2"}`, Allowed, ""},
		{"not through the endpoint", `"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`, Depends, "aws:SourceVpce"},
		{"not the organization", `"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}`, Depends, "aws:PrincipalOrgID"},
		{"another organization, if any", `"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}`, Depends, "aws:PrincipalOrgID"},
		{"encryption header", `"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}`, ExplicitDeny, ""},
		{"encryption header missing", `"Null":{"s3:x-amz-server-side-encryption":"true"}`, ExplicitDeny, ""},
		{"encryption header, if there is one", `"StringNotEqualsIfExists":{"s3:x-amz-server-side-encryption":"aws:kms"}`, ExplicitDeny, ""}, // IfExists is true without the key
		{"canned ACL", `"StringNotEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}`, ExplicitDeny, ""},
		{"other roles by id", `"StringNotLike":{"aws:userid":["AROAEXAMPLEEXAMPLE123:*","AIDAEXAMPLE"]}`, Allowed, ""},
		{"this role by id", `"StringNotLike":{"aws:userid":["AROAOTHEROTHEROTHER12:*"]}`, ExplicitDeny, ""},
		{"one instance by id", `"StringNotLike":{"aws:userid":"AROAEXAMPLEEXAMPLE123:i-1"}`, Depends, "aws:userid"},
		{"other roles by ARN", `"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/ml/*"]}`, Allowed, ""},
		{"this role by ARN", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/train"}`, ExplicitDeny, ""},
		{"outside of the office", `"NotIpAddress":{"aws:SourceIp":["192.0.2.0/24"]}`, Depends, "aws:SourceIp"},
		{"without MFA", `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`, ExplicitDeny, ""},
		{"without MFA, if it says so", `"Bool":{"aws:MultiFactorAuthPresent":"false"}`, Allowed, ""},
		{"another region", `"StringNotEquals":{"aws:RequestedRegion":["us-east-1","us-west-2"]}`, Allowed, ""},
		{"after a date to come", `"DateGreaterThan":{"aws:CurrentTime":"2026-11-20T00:00:00Z"}`, Depends, "aws:CurrentTime"},
		{"after a date far off", `"DateGreaterThan":{"aws:CurrentTime":"2028-01-01T00:00:00Z"}`, Allowed, ""},
		{"two unknowns, one that excludes", `"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:SecureTransport":"false"}`, Allowed, ""},
		{"two unknowns that both count", `"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}`, Depends, "aws:SourceIp,aws:SourceVpce"},
	} {
		r := Request{Principal: NewRole(nodeRole, "AROAEXAMPLEEXAMPLE123"), Action: "s3:PutObject", ResourceAccount: own, Context: onInstance()}
		l := Layers{
			Identity: policies(doc(`"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::acme","arn:aws:s3:::acme/*"]`)),
			Resource: policies(doc(`"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme/*","Condition":{` + c.condition + `}`)),
		}
		d := Prove(r, everyKey, l)
		if d.Verdict != c.want || strings.Join(names(d.DependsOn), ",") != c.depends {
			t.Errorf("%s: %v, depends on %v; want %v, %q", c.name, d.Verdict, d.DependsOn, c.want, c.depends)
		}
	}
}

// TestClusterRole: the role that Anyscale's template makes has no S3 policy of its own: the bucket policy names it.
func TestClusterRole(t *testing.T) {
	bucket := policies(doc(
		`"Effect":"Allow","Principal":{"AWS":["` + nodeRole + `","arn:aws:iam::111122223333:role/control"]},"Action":["s3:PutObject","s3:DeleteObject","s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::acme/*","arn:aws:s3:::acme"]`))
	registry := `"Effect":"Allow","Action":"ecr:*","Resource":"*"`
	r := Request{Principal: NewRole(nodeRole, ""), ResourceAccount: own, Context: onInstance()}
	for _, c := range []struct {
		name, role, action string
		account            string
		layers             Layers
		want               Verdict
	}{
		{"its own role", nodeRole, "s3:GetObject", own, Layers{Identity: policies(doc(registry)), Resource: bucket}, Allowed},
		{"an action that is not listed", nodeRole, "s3:AbortMultipartUpload", own, Layers{Identity: policies(doc(registry)), Resource: bucket}, ImplicitDeny},
		{"a different role", nodeRole + "-2", "s3:GetObject", own, Layers{Identity: policies(doc(registry)), Resource: bucket}, ImplicitDeny},
		{"a boundary without S3", nodeRole, "s3:GetObject", own, Layers{Identity: policies(doc(registry)), Boundary: policies(doc(registry)), Resource: bucket}, ImplicitDeny},
		{"the bucket of another account", nodeRole, "s3:GetObject", foreign, Layers{Identity: policies(doc(registry)), Resource: bucket}, ImplicitDeny},
		{"a deleted role's id", nodeRole, "s3:GetObject", own, Layers{Identity: policies(doc(registry)), Resource: policies(doc(to("AROADELETEDDELETED123", allowAll)))}, Depends},
	} {
		r.Principal.ARN, r.Action, r.ResourceAccount = c.role, c.action, c.account
		if d := Prove(r, everyKey, c.layers); d.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, d.Verdict, c.want)
		}
	}
	r.Principal = NewRole(nodeRole, "AROAEXAMPLEEXAMPLE123")
	if d := Prove(r, everyKey, Layers{Resource: policies(doc(to("AROADELETEDDELETED123", allowAll)))}); d.Verdict != ImplicitDeny {
		t.Errorf("another id is another role: %v", d.Verdict)
	}
}

// TestProofSurvivesSampledKeys: 1,000 keys of odd shapes, one of them of the greatest length.
func TestProofSurvivesSampledKeys(t *testing.T) {
	l := everyday()
	r := nodes("s3:GetObject", "")
	l.Resource = policies(doc(to("*", `"Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::acme-data","arn:aws:s3:::other/*"]`)))
	if d := Prove(r, glob.Compile("arn:aws:s3:::acme-data/?*"), l); d.Verdict != Allowed {
		t.Fatalf("%v at %q", d.Verdict, d.Counterexample)
	}
	odd := []string{"/", ":", "*", "?", "${*}", "\n", "é", "😀", "a", "..", " ", "%2F", "secret", "\u202e"}
	for i := range 1_000 {
		key := ""
		for n := i; n > 0 || key == ""; n /= len(odd) {
			key += odd[n%len(odd)]
		}
		if i == 999 {
			key = strings.Repeat("k", 1024)
		}
		r.Resource = "arn:aws:s3:::acme-data/" + key
		if d := Decide(r, l); d.Verdict != Allowed {
			t.Fatalf("%q: %v", key, d.Verdict)
		}
	}
}
