package policy

import (
	"testing"

	"ccx/transform/policy/glob"
)

// Faults that an attack on the decision found, each as it was found: none may allow again.
func TestFoundByAttack(t *testing.T) {
	const allow = `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`
	node := Principal{Kind: Role, ARN: "arn:aws:iam::111122223333:role/app", SessionARN: "arn:aws:sts::111122223333:assumed-role/app/i-0abc", Account: "111122223333"}
	tests := []struct {
		name       string
		statements string
		context    map[string]Value
		open       bool // keys that are not given are unknown, not absent
		want       Verdict
	}{
		{"two doubts, one turned round by NotResource", allow + `,{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*","Condition":{"StringEquals":{"aws:TagKeys":"x"}}}`,
			map[string]Value{"aws:TagKeys": ExactValue("x", "y")}, false, Depends},
		{"ForAnyValue with IfExists on an absent key", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"team"}}}`, nil, false, ImplicitDeny},
		{"NotResource with a variable that may have no value", `{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}`, nil, true, Depends},
		{"an odd number and its negation", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":"abc"}}},{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericNotEquals":{"s3:max-keys":"abc"}}}`, nil, true, Depends},
		{"a variable and its negation", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${aws:PrincipalTag/t}"}}},{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"s3:prefix":"${aws:PrincipalTag/t}"}}}`, nil, true, Depends},
		{"an empty resource in a Deny", allow + `,{"Effect":"Deny","Action":"s3:*","Resource":""}`, nil, false, Depends},
		{"an empty action in a Deny", allow + `,{"Effect":"Deny","Action":[""],"Resource":"*"}`, nil, false, Depends},
		{"an IPv4 address in IPv6's clothes", allow + `,{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`, map[string]Value{"aws:SourceIp": ExactValue("::ffff:10.0.0.1")}, false, ExplicitDeny},
		{"IPv4 ranges written as IPv6", allow + `,{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"::ffff:10.0.0.0/104"}}}`, map[string]Value{"aws:SourceIp": ExactValue("10.0.0.1")}, false, Depends},
		{"all but an IPv4 address written as IPv6", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"::ffff:10.0.0.1"}}}`, map[string]Value{"aws:SourceIp": ExactValue("10.0.0.1")}, false, ImplicitDeny},
		{"a time in milliseconds, which as seconds never comes", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"1700000000000"}}}`, map[string]Value{"aws:CurrentTime": ExactValue("2026-11-27T12:00:00Z")}, false, ImplicitDeny},
		{"a wildcard for the service", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:*:::b/*"}`, nil, false, ImplicitDeny},
		{"a wildcard in the service, and a variable", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s?:::b/${k:One}/*"}`, map[string]Value{"k:One": ExactValue("y")}, false, ImplicitDeny},
		{"a Deny of what is no ARN", allow + `,{"Effect":"Deny","Action":"s3:*","Resource":"b/*"}`, nil, false, Depends},
		{"a Deny of all but what is no ARN", allow + `,{"Effect":"Deny","Action":"s3:*","NotResource":"b/*"}`, nil, false, Depends},
		{"a Deny of an action without a service", allow + `,{"Effect":"Deny","Action":"GetObject","Resource":"*"}`, nil, false, Depends},
		{"a Deny of a number that is written another way", allow + `,{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"k:a":1.0}}}`, map[string]Value{"k:a": ExactValue("1")}, false, Depends},
		{"an operator without a key", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{}}}`, nil, false, Depends},
		{"one variable with two defaults", `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/t, 'x'}/*"},{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b/${aws:PrincipalTag/t, 'y'}/*"}`, nil, true, Depends},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Layers{Identity: &Set{Policies: []Named{{Name: "p", Policy: Parse([]byte(`{"Version":"2012-10-17","Statement":[` + tt.statements + `]}`))}}}, PublicAccess: PublicAccessOpen}
			q := Request{Principal: node, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/y/1", ResourceAccount: "111122223333", Context: Context{Complete: !tt.open}}
			for key, value := range tt.context {
				q.Context.Set(key, value)
			}
			for how, got := range map[string]Verdict{"one key": Decide(q, l).Verdict, "every key": Prove(q, glob.Compile("arn:aws:s3:::b/?*"), l).Verdict} {
				if got == Allowed || how == "one key" && got != tt.want && tt.want != Depends {
					t.Errorf("%s: %v, want %v", how, got, tt.want)
				}
			}
		})
	}
}

func TestWildcardTrustNamesNoService(t *testing.T) {
	for policy, want := range map[string]Verdict{
		`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`:                                                                                                                     ImplicitDeny,
		`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}`:                                                                                                             ImplicitDeny,
		`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`:                                                                                         Allowed,
		`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com","AWS":"*"},"Action":"sts:AssumeRole"}`:                                                                               Allowed,
		`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`: ExplicitDeny,
	} {
		l := Layers{Resource: &Set{Policies: []Named{{Name: "trust", Policy: Parse([]byte(`{"Version":"2012-10-17","Statement":[` + policy + `]}`))}}}, PublicAccess: PublicAccessOpen}
		if got := Decide(NewTrust("ec2.amazonaws.com", "arn:aws:iam::111122223333:role/r", Context{Complete: true}), l).Verdict; got != want {
			t.Errorf("%s: %v, want %v", policy, got, want)
		}
	}
}

func TestHugeExponentIsNoNumber(t *testing.T) {
	for _, text := range []string{"1e-9999999", "1e9999999"} {
		c := newCondition(t, "NumericEquals", "k", "1234567890123456789")
		ctx := Context{Complete: true}
		ctx.Set("k", ExactValue(text))
		if got := c.match(&ctx); got == yes {
			t.Errorf("%s equals a number of 19 digits", text)
		}
	}
}

// TestNotPrincipalOvercomesNoBoundary: whoever an Allow with NotPrincipal leaves over is limited as one who is named.
func TestNotPrincipalOvercomesNoBoundary(t *testing.T) {
	all := policies(doc(`"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/other"},"Action":"s3:*","Resource":"*"`))
	for want, boundary := range map[Verdict]*Set{Allowed: nil, ImplicitDeny: policies(doc(allowOther))} {
		if got := Decide(ask(own), Layers{Resource: all, Boundary: boundary, PublicAccess: PublicAccessOpen}).Verdict; got != want {
			t.Errorf("boundary %v: %v, want %v", boundary, got, want)
		}
	}
}

// TestOddResourceWithAStarInASegment: a wildcard where none may stand is no sure match, whatever else is in the pattern.
func TestOddResourceWithAStarInASegment(t *testing.T) {
	r := ask(own)
	r.Action, r.Resource = "ecr:BatchGetImage", "arn:aws:ecr:us-east-1:111122223333:repository/x"
	for resource, want := range map[string]Verdict{
		"arn:aws:ecr:us*1:111122223333:repository/x":      Allowed,
		"arn:aws:ecr:us*1:111122223333:repo*/x":           ImplicitDeny,
		"arn:aws:ecr:us-east-1:111122223333:repository/*": Allowed,
		"arn:aws:ecr:us-east-1:111122223333:*/x":          ImplicitDeny,
	} {
		if got := Decide(r, Layers{Identity: policies(doc(`"Effect":"Allow","Action":"ecr:*","Resource":"` + resource + `"`))}).Verdict; got != want {
			t.Errorf("%s: %v, want %v", resource, got, want)
		}
	}
}
