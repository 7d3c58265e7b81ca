package policy

import (
	"testing"

	"ccx/transform/policy/glob"
)

const keyARN = "arn:aws:kms:us-west-2:111122223333:key/0a1b"

func TestKeyPolicyMustGrant(t *testing.T) {
	identity := policies(doc(`"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"`))
	for _, c := range []struct {
		name, resource, account string
		action                  string
		layers                  Layers
		want                    Verdict
	}{
		{"no key policy", keyARN, own, "kms:Decrypt", Layers{Identity: identity}, ImplicitDeny},
		{"delegated and identity", keyARN, own, "kms:Decrypt", Layers{Identity: identity, Resource: policies(doc(to("arn:aws:iam::111122223333:root", allowAll)))}, Allowed},
		{"delegated, no identity", keyARN, own, "kms:Decrypt", Layers{Resource: policies(doc(to(own, allowAll)))}, ImplicitDeny},
		{"names the role", keyARN, own, "kms:Decrypt", Layers{Resource: policies(doc(to(nodeRole, allowAll)))}, Allowed},
		{"names another role only", keyARN, own, "kms:Decrypt", Layers{Identity: identity, Resource: policies(doc(to("arn:aws:iam::111122223333:role/x", allowAll)))}, ImplicitDeny},
		{"across accounts, both", keyARN, foreign, "kms:Decrypt", Layers{Identity: identity, Resource: policies(doc(to(own, allowAll)))}, Allowed},
		{"across accounts, one", keyARN, foreign, "kms:Decrypt", Layers{Identity: identity, Resource: policies(doc(to(foreign, allowAll)))}, ImplicitDeny},
		{"listing keys needs no key policy", "*", own, "kms:ListKeys", Layers{Identity: policies(doc(allowAll))}, Allowed},
		{"an alias has no policy", "arn:aws:kms:us-west-2:111122223333:alias/x", own, "kms:CreateAlias", Layers{Identity: policies(doc(allowAll))}, Allowed},
		{"AWS's own alias", "arn:aws:kms:us-west-2:111122223333:alias/aws/s3", own, "kms:CreateAlias", Layers{Identity: policies(doc(allowAll))}, ExplicitDeny},
	} {
		r := ask(c.account)
		r.Action, r.Resource = c.action, c.resource
		if d := Decide(r, c.layers); d.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, d.Verdict, c.want)
		}
	}
	broken := ask(own)
	broken.Action, broken.Resource = "kms:Decrypt", keyARN
	if d := Decide(broken, Layers{Identity: identity, Resource: policies(`{`)}); d.Verdict != Depends {
		t.Errorf("a key policy that can't be read may or may not delegate: %v", d.Verdict)
	}
	for _, name := range []string{"ConnectCustomKeyStore", "CreateCustomKeyStore", "CreateKey", "DeleteCustomKeyStore", "DescribeCustomKeyStores",
		"DisconnectCustomKeyStore", "GenerateRandom", "ListAliases", "ListKeys", "ListRetirableGrants", "UpdateCustomKeyStore"} {
		r := ask(own)
		r.Action, r.Resource = "kms:"+name, "*"
		if d := Decide(r, Layers{Identity: policies(doc(allowAll))}); d.Verdict != Allowed {
			t.Errorf("%s acts on no key: %v", name, d.Verdict)
		}
	}
	r := ask(own)
	r.Action = "kms:Decrypt"
	for _, within := range []string{"*", "arn:aws:kms:*", "arn:aws:kms:us-west-2:111122223333:key/*"} {
		if d := Prove(r, glob.Compile(within), Layers{Identity: identity}); !d.Verdict.Denied() {
			t.Errorf("all of %s without a key policy: %v", within, d.Verdict)
		}
	}
}

func TestTrust(t *testing.T) {
	service := `"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}`
	for _, c := range []struct {
		name, trust string
		want        Verdict
	}{
		{"EC2", doc(service), Allowed},
		{"EC2 among others", doc(`"Effect":"Allow","Action":["sts:TagSession","sts:AssumeRole"],"Principal":{"Service":["ecs.amazonaws.com","ec2.amazonaws.com"]}`), Allowed},
		{"another service", doc(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ecs.amazonaws.com"}`), ImplicitDeny},
		{"the account only", doc(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}`), ImplicitDeny},
		{"another action", doc(`"Effect":"Allow","Action":"sts:TagSession","Principal":{"Service":"ec2.amazonaws.com"}`), ImplicitDeny},
		{"denied", doc(service, `"Effect":"Deny","Action":"sts:*","Principal":"*"`), ExplicitDeny},
		{"a condition that is not known", doc(service + `,"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}`), Depends},
		{"a misspelt condition", doc(service + `,"Conditions":{"Bool":{"x":"true"}}`), Depends},
	} {
		set := &Set{Policies: []Named{{Name: "trust policy", Policy: Parse([]byte(c.trust))}}}
		r := NewTrust("ec2.amazonaws.com", nodeRole, Context{})
		if d := Decide(r, Layers{Resource: set}); d.Verdict != c.want {
			t.Errorf("%s: %v, want %v (%v)", c.name, d.Verdict, c.want, d.DependsOn)
		}
	}
}

func TestAssumeRoleNeedsTheTrustPolicy(t *testing.T) {
	r := ask(own)
	r.Action, r.Resource = "sts:AssumeRole", "arn:aws:iam::111122223333:role/other"
	trust := func(who string) *Set {
		return policies(doc(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"` + who + `"}`))
	}
	identity := policies(doc(allowAll))
	for _, c := range []struct {
		name   string
		layers Layers
		want   Verdict
	}{
		{"identity alone", Layers{Identity: identity}, ImplicitDeny},
		{"trust names the account", Layers{Identity: identity, Resource: trust(own)}, Allowed},
		{"trust names the role", Layers{Resource: trust(nodeRole)}, Allowed},
		{"trust names the account, no identity", Layers{Resource: trust(own)}, ImplicitDeny},
	} {
		if d := Decide(r, c.layers); d.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, d.Verdict, c.want)
		}
	}
	r.Action, r.Resource = "sts:TagSession", "arn:aws:iam::111122223333:role/other"
	if d := Decide(r, Layers{Identity: identity}); d.Verdict != ImplicitDeny {
		t.Errorf("tagging a role's session needs its trust policy: %v", d.Verdict)
	}
	r.Action, r.Resource = "sts:GetFederationToken", "arn:aws:iam::111122223333:user/x"
	if d := Decide(r, Layers{Identity: identity}); d.Verdict != Allowed {
		t.Errorf("a user has no policy of its own: %v", d.Verdict)
	}
	r.Action, r.Resource = "sts:GetCallerIdentity", "*"
	if d := Decide(r, Layers{Identity: policies(doc(denyAll))}); d.Verdict != Allowed {
		t.Errorf("GetCallerIdentity is always allowed: %v", d.Verdict)
	}
}

func TestPassRole(t *testing.T) {
	r := ask(own)
	r.Action, r.Resource = "iam:PassRole", "arn:aws:iam::111122223333:role/ml/train"
	r.Context.Set("iam:PassedToService", ExactValue("ec2.amazonaws.com"))
	pass := `"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/ml/*"`
	for _, c := range []struct {
		name, policy string
		want         Verdict
	}{
		{"by path", doc(pass), Allowed},
		{"to EC2", doc(pass + `,"Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`), Allowed},
		{"to another service", doc(pass + `,"Condition":{"StringEquals":{"iam:PassedToService":"ecs.amazonaws.com"}}`), ImplicitDeny},
		{"another role", doc(`"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/train"`), ImplicitDeny},
	} {
		if d := Decide(r, Layers{Identity: policies(c.policy)}); d.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, d.Verdict, c.want)
		}
	}
	rcp := []*Set{policies(doc(to("*", denyAll)))}
	if d := Decide(r, Layers{Identity: policies(doc(pass)), RCPs: rcp}); d.Verdict != Allowed {
		t.Errorf("RCPs do not govern IAM: %v", d.Verdict)
	}
	for action, want := range map[string]Verdict{"ecr:BatchGetImage": ExplicitDeny, "s3:GetObject": ExplicitDeny, "ec2:RunInstances": Allowed, "newservice:Do": Depends} {
		q := ask(own)
		q.Action = action
		d := Decide(q, Layers{Identity: policies(doc(allowAll)), RCPs: rcp})
		if d.Verdict != want || want == Depends && d.DependsOn[0].Name != "resource control policy" {
			t.Errorf("%s under an RCP that denies: %v %v", action, d.Verdict, d.DependsOn)
		}
	}
	r.Resource = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/X"
	if d := Decide(r, Layers{Identity: policies(doc(allowAll))}); d.Verdict != ExplicitDeny || d.DecidedBy[0].Layer != LayerService {
		t.Errorf("AWS's own role can't be passed: %v %v", d.Verdict, d.DecidedBy)
	}
	d := Prove(r, glob.Compile("arn:aws:iam::111122223333:role/*"), Layers{Identity: policies(doc(allowAll))})
	if d.Verdict != ExplicitDeny || d.Counterexample != "arn:aws:iam::111122223333:role/aws-reserved/" {
		t.Errorf("not all roles can be passed: %v at %q", d.Verdict, d.Counterexample)
	}
}

func TestRepositoryPolicyWithoutResource(t *testing.T) {
	r := ask(foreign)
	r.Action, r.Resource = "ecr:BatchGetImage", "arn:aws:ecr:us-west-2:444455556666:repository/ml/train"
	pull := policies(doc(`"Sid":"Pull","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["ecr:BatchGetImage"]`))
	if d := Decide(r, Layers{Identity: policies(doc(allowAll)), Resource: pull}); d.Verdict != Allowed {
		t.Errorf("a repository policy has no Resource: %v", d.Verdict)
	}
	r.Action = "s3:GetObject"
	bucket := policies(doc(`"Effect":"Allow","Principal":"*","Action":"s3:GetObject"`))
	if d := Decide(r, Layers{Identity: policies(doc(allowAll)), Resource: bucket, PublicAccess: PublicAccessOpen}); d.Verdict == Allowed {
		t.Error("a bucket policy without Resource allows nothing for sure")
	}
	r.Action, r.Resource, r.ResourceAccount = "ecr:GetAuthorizationToken", "*", ""
	if d := Decide(r, Layers{Identity: policies(doc(`"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"`))}); d.Verdict != Allowed {
		t.Errorf("an action without a resource: %v", d.Verdict)
	}
	if d := Decide(r, Layers{Identity: policies(doc(`"Effect":"Allow","Action":"ecr:*","Resource":"arn:aws:ecr:*:*:repository/*"`))}); d.Verdict != ImplicitDeny {
		t.Errorf("an action without a resource needs Resource *: %v", d.Verdict)
	}
}

func TestPublic(t *testing.T) {
	read := `"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":"*"`
	condition := func(c string) string { return doc(read + `,"Condition":{` + c + `}`) }
	for _, c := range []struct {
		name, policy string
		want         truth
	}{
		{"everyone", doc(read), yes},
		{"a role", doc(to(nodeRole, allowAll)), no},
		{"everyone but one", doc(`"NotPrincipal":{"AWS":"` + own + `"},` + allowAll), yes},
		{"denied", doc(to("*", denyAll)), no},
		{"one organization", condition(`"StringEquals":{"aws:PrincipalOrgID":"o-1"}`), no},
		{"one endpoint", condition(`"StringEquals":{"aws:SourceVpce":"vpce-1"}`), no},
		{"some endpoints", condition(`"StringLike":{"aws:SourceVpce":"vpce-*"}`), unknown},
		{"not one endpoint", condition(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`), unknown},
		{"a network", condition(`"IpAddress":{"aws:SourceIp":"54.240.143.0/24"}`), no},
		{"as large a network as may be", condition(`"IpAddress":{"aws:SourceIp":"54.0.0.0/8"}`), no},
		{"a larger one", condition(`"IpAddress":{"aws:SourceIp":"54.0.0.0/7"}`), unknown},
		{"as large a network as may be, IPv6", condition(`"IpAddress":{"aws:SourceIp":"2001:db8::/32"}`), no},
		{"a larger one, IPv6", condition(`"IpAddress":{"aws:SourceIp":"2001:db8::/31"}`), unknown},
		{"a variable", condition(`"StringEquals":{"aws:SourceVpce":"${aws:PrincipalTag/vpce}"}`), unknown},
		{"an ARN", condition(`"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-west-2:111122223333:x"}`), no},
		{"a number", condition(`"NumericEquals":{"aws:SourceAccount":"111122223333"}`), unknown},
		{"most networks", condition(`"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}`), unknown},
		{"one organization, if any", condition(`"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}`), unknown},
		{"all of an organization's paths", condition(`"ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-1/*"}`), unknown},
		{"some organization", condition(`"Null":{"aws:PrincipalOrgID":"false"}`), unknown},
		{"TLS", condition(`"Bool":{"aws:SecureTransport":"true"}`), yes},
		{"TLS and an organization", condition(`"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:PrincipalOrgID":"o-1"}`), no},
		{"an operator that AWS lacks", condition(`"StringIs":{"aws:PrincipalOrgID":"o-1"}`), unknown},
		{"not understood", `{"Statement":[{"Effect":"Allow","Effect":"Deny"}]}`, unknown},
		{"not JSON", `{`, unknown},
	} {
		if got := policies(c.policy).public(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for key := range unsettledPins {
		if got := policies(condition(`"StringEquals":{"` + key + `":"x"}`)).public(); got != unknown {
			t.Errorf("whether %s pins is not settled: %v", key, got)
		}
	}
	for _, key := range []string{"aws:PrincipalOrgID", "aws:SourceArn", "aws:SourceVpc", "aws:SourceVpce",
		"aws:SourceOwner", "aws:SourceAccount", "aws:userid", "s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:x-amz-server-side-encryption-aws-kms-key-id"} {
		if got := policies(condition(`"StringEquals":{"` + key + `":"x"}`)).public(); got != no {
			t.Errorf("%s pins down who it is: %v", key, got)
		}
	}
	var nothing *Set
	if nothing.public() != no || (&Set{Missing: []Missing{{}}}).public() != unknown {
		t.Error("no policy is not public, an unread one may be")
	}
}

// TestRulesByName: what a service does differently for an action holds in whatever case the action is written.
func TestRulesByName(t *testing.T) {
	managed := "arn:aws:iam::aws:policy/AmazonS3FullAccess"
	for action, want := range map[string]Verdict{
		"iam:GetPolicy": Allowed, "iam:ListPolicyVersions": Allowed, "iam:GenerateServiceLastAccessedDetails": Allowed, "iam:SimulatePrincipalPolicy": Allowed,
		"iam:DeletePolicy": ExplicitDeny, "IAM:deletepolicy": ExplicitDeny,
	} {
		r := ask(own)
		r.Action, r.Resource = action, managed
		if got := Decide(r, Layers{Identity: policies(doc(allowAll))}).Verdict; got != want {
			t.Errorf("%s: %v, want %v", action, got, want)
		}
	}
	key, alias := "arn:aws:kms:us-west-2:111122223333:key/1", "arn:aws:kms:us-west-2:111122223333:alias/x"
	for _, c := range []struct {
		action, resource string
		want             bool
	}{
		{"kms:decrypt", key, true}, {"kms:decrypt", alias, true}, {"kms:createalias", key, true}, {"kms:createalias", alias, false}, {"kms:listkeys", "*", false},
		{"sts:assumerole", "*", true}, {"sts:tagsession", "arn:aws:iam::111122223333:role/x", true}, {"sts:getfederationtoken", "*", false}, {"s3:getobject", objectKey, false},
	} {
		if got := needsResourcePolicy(c.action, c.resource); got != c.want {
			t.Errorf("%s on %s: %v, want %v", c.action, c.resource, got, c.want)
		}
	}
	unsigned := Request{Action: "sts:AssumeRoleWithWebIdentity", Resource: nodeRole, ResourceAccount: own, Context: Context{Complete: true}}
	if got := Decide(unsigned, Layers{Resource: policies(doc(`"Effect":"Allow","Principal":"*","Action":"sts:*"`))}).Verdict; got != ImplicitDeny {
		t.Errorf("an unsigned request to assume a role that trusts everyone: %v", got)
	}
}

// TestUnreadGrantsOfAKey: grants that were not read may delegate, and are no delegation.
func TestUnreadGrantsOfAKey(t *testing.T) {
	r := ask(own)
	r.Action, r.Resource = "kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/1"
	silent := policies(doc(to(nodeRole, allowOther)))
	silent.Missing = []Missing{{What: "grants", Reason: "access denied", OnlyAllows: true}}
	if got := Decide(r, Layers{Identity: policies(doc(allowAll)), Resource: silent}).Verdict; got != Depends {
		t.Errorf("%v, want depends", got)
	}
}

// TestServiceLists: the services that a rule names, and one that it does not.
func TestServiceLists(t *testing.T) {
	for service, want := range map[string]truth{
		"s3": yes, "sts": yes, "kms": yes, "sqs": yes, "secretsmanager": yes, "ecr": yes, "aoss": yes, "iam": no, "ec2": no, "organizations": no, "account": no, "batch": unknown,
	} {
		if got := rcpApplies(service + ":x"); got != want {
			t.Errorf("RCPs of %s: %v, want %v", service, got, want)
		}
	}
	for service, want := range map[string]bool{"iam": true, "sts": true, "kms": true, "ecr": true, "ec2": true, "lambda": true, "secretsmanager": true, "s3": false, "sqs": false} {
		if got := resourceTyped(service); got != want {
			t.Errorf("types of %s: %v, want %v", service, got, want)
		}
	}
	for service, want := range map[string]bool{"ecr": true, "ecr-public": true, "sts": true, "s3": false, "kms": false} {
		if got := resourceImplied(service + ":x"); got != want {
			t.Errorf("policies of %s without Resource: %v, want %v", service, got, want)
		}
	}
}

// TestDates: the forms of a date that AWS reads.
func TestDates(t *testing.T) {
	for text, want := range map[string]int64{
		"2026-11-27T12:00:00Z": 1795780800, "2026-11-27T12:00Z": 1795780800, "2026-11-27T13:00+01:00": 1795780800, "2026-11-27": 1795737600, "2026-11": 1793491200, "2026": 1767225600, "1795780800": 1795780800, "99999999999": lastMoment,
	} {
		if got, ok := newMoment(text); !ok || got.Unix() != want {
			t.Errorf("%s: %v %v, want %v", text, got.Unix(), ok, want)
		}
	}
	for _, text := range []string{"100000000000", "", "26-11-27", "2026-11-27 12:00"} {
		if got, ok := newMoment(text); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}
