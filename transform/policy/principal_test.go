package policy

import "testing"

// TestPrincipalForms: every form of Principal, with whom it names and what that grants.
func TestPrincipalForms(t *testing.T) {
	run := NewRole(nodeRole, "AROAEXAMPLEEXAMPLE123")
	run.SessionARN = nodeRun
	open := NewRole(nodeRole, "")
	some := NewRole(nodeRole, "")
	some.SessionARN = "arn:aws:sts::111122223333:assumed-role/train/i-*"
	bare := Principal{Kind: Role, SessionARN: nodeRun, Account: own}
	user := Principal{Kind: User, ARN: "arn:aws:iam::111122223333:user/ml/ana", Account: own, ID: "AIDAEXAMPLEEXAMPLE123"}
	root := Principal{Kind: Root, ARN: "arn:aws:iam::111122223333:root", Account: own}
	for _, c := range []struct {
		kind, value string
		who         Principal
		want        truth
		grant       grant
	}{
		{"*", "*", run, yes, grantDirect}, {"AWS", "*", Principal{}, yes, grantDirect}, {"AWS", "*", NewService("x.amazonaws.com"), yes, grantDirect},
		{"AWS", "999900001111", Principal{Kind: User, Account: "999900001111"}, yes, grantAccount},
		{"AWS", own, run, yes, grantAccount}, {"AWS", foreign, run, no, grantAccount}, {"AWS", own, Principal{}, no, grantAccount},
		{"AWS", "arn:aws:iam::111122223333:root", user, yes, grantAccount}, {"AWS", "arn:aws:iam::111122223333:root", root, yes, grantDirect},
		{"AWS", nodeRole, run, yes, grantRole}, {"AWS", nodeRole, user, no, grantRole}, {"AWS", nodeRole + "2", run, no, grantRole},
		{"AWS", "arn:aws:iam::111122223333:role/train", run, no, grantRole}, // another path is another role
		{"AWS", "arn:aws:iam::111122223333:role/any/path/train", bare, yes, grantRole}, {"AWS", "arn:aws:iam::111122223333:role/trai", bare, no, grantRole},
		{"AWS", nodeRole, Principal{Kind: Role, Account: own}, unknown, grantRole},
		{"AWS", nodeRun, run, yes, grantDirect}, {"AWS", nodeRun, open, unknown, grantDirect}, {"AWS", nodeRun, some, unknown, grantDirect}, {"AWS", nodeRun, bare, yes, grantDirect},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/train/me", run, no, grantDirect},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/train/me", some, no, grantDirect},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/other/me", open, no, grantDirect},
		{"AWS", "arn:aws:sts::444455556666:assumed-role/train/me", open, no, grantDirect},
		{"AWS", nodeRun, user, no, grantDirect},
		{"AWS", user.ARN, user, yes, grantDirect}, {"AWS", user.ARN, run, no, grantDirect},
		{"AWS", "AROAEXAMPLEEXAMPLE123", run, yes, grantRole}, {"AWS", "AROAEXAMPLEEXAMPLE999", run, no, grantRole},
		{"AWS", "AROAEXAMPLEEXAMPLE123", open, unknown, grantRole}, {"AWS", "AIDAEXAMPLEEXAMPLE123", user, yes, grantDirect},
		{"AWS", "AIDAEXAMPLEEXAMPLE123", root, no, grantDirect},
		{"Service", "ec2.amazonaws.com", NewService("ec2.amazonaws.com"), yes, grantDirect}, {"Service", "ec2.amazonaws.com", run, no, grantDirect},
		{"Federated", "cognito-identity.amazonaws.com", run, no, grantDirect},
		{"AWS", "arn:aws:sts::111122223333:federated-user/bo", Principal{Kind: Federated, ARN: "arn:aws:sts::111122223333:federated-user/bo", Account: own}, yes, grantDirect},
		{"CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", run, unknown, grantAccount},
		{"CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", Principal{}, no, grantAccount},
		{"AWS", "arn:aws:iam::111122223333:role/*", run, unclear, grantDirect}, {"AWS", "train", run, unclear, grantDirect}, {"AWS", "ADMIN", run, unclear, grantDirect}, {"AWS", "AROAEXAMPLEEXAMPLe123", run, unclear, grantDirect},
		{"AWS", "urn:aws:iam::111122223333:root", run, unclear, grantDirect}, {"AWS", "arn:aws:iam::111122223333:federated-user/bo", run, unclear, grantDirect},
		{"AWS", "11112222333x", run, unclear, grantDirect}, {"AWS", "11112222333/", run, unclear, grantDirect},
		{"AWS", "AROA09AZEXAMPLE1", Principal{Kind: Role, ID: "AROA09AZEXAMPLE1"}, yes, grantRole}, {"AWS", "AROA09AZEXAMPLE", Principal{Kind: Role, ID: "AROA09AZEXAMPLE"}, unclear, grantDirect},
		{"AWS", nodeRun, Principal{Kind: Role, ARN: "role/train", Account: own}, unknown, grantDirect},
		{"AWS", "arn:aws:iam::111122223333:group/x", run, unclear, grantDirect}, {"AWS", "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", run, no, grantDirect},
	} {
		p := newPrincipal(c.kind, c.value)
		if got := p.names(&c.who); got != c.want {
			t.Errorf("%s %s for %s %s: %v, want %v", c.kind, c.value, c.who.ARN, c.who.SessionARN, got, c.want)
		}
		if got := p.grant(&c.who); got != c.grant {
			t.Errorf("%s %s grants %v, want %v", c.kind, c.value, got, c.grant)
		}
	}
}

// TestNotPrincipal: who is left under a Deny.
func TestNotPrincipal(t *testing.T) {
	list := func(principals string) Layers {
		return Layers{
			Identity: policies(doc(allowAll)),
			Resource: policies(doc(`"NotPrincipal":{"AWS":[` + principals + `]},` + denyAll)),
		}
	}
	role, account, session := `"`+nodeRole+`"`, `"`+own+`"`, `"`+nodeRun+`"`
	for _, c := range []struct {
		name   string
		layers Layers
		want   Verdict
	}{
		{"role and account", list(role + "," + account), Depends}, // the session is not listed
		{"role, session and account", list(role + "," + session + "," + account), Allowed},
		{"role only", list(role), Depends},
		{"account only", list(account), Depends},
		{"neither", list(`"` + foreign + `"`), ExplicitDeny},
		{"everyone", list(`"*"`), Allowed},
	} {
		if d := Decide(ask(own), c.layers); d.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, d.Verdict, c.want)
		}
	}
	user := Principal{Kind: User, ARN: "arn:aws:iam::111122223333:user/ana", Account: own}
	me := `"` + user.ARN + `"`
	for _, c := range []struct {
		who  Principal
		list string
		want Verdict
	}{
		{user, me + "," + account, Allowed}, {user, me, Depends}, {user, account, Depends}, {user, role, ExplicitDeny},
		{Principal{Kind: Root, ARN: "arn:aws:iam::111122223333:root", Account: own}, account, Allowed},
		{Principal{Kind: Root, ARN: "arn:aws:iam::111122223333:root", Account: own}, me, ExplicitDeny},
	} {
		r := ask(own)
		r.Principal = c.who
		if d := Decide(r, list(c.list)); d.Verdict != c.want {
			t.Errorf("%v, with NotPrincipal %s: %v, want %v", c.who.ARN, c.list, d.Verdict, c.want)
		}
	}
	service := Layers{Resource: policies(doc(`"Principal":{"Service":"x.amazonaws.com"},`+allowAll, `"NotPrincipal":{"Service":"x.amazonaws.com"},`+denyAll))}
	r := ask(own)
	r.Principal = NewService("x.amazonaws.com")
	if d := Decide(r, service); d.Verdict != Allowed {
		t.Errorf("a service that NotPrincipal lists: %v", d.Verdict)
	}
	r.Principal = Principal{}
	if d := Decide(r, list(account)); d.Verdict != ExplicitDeny {
		t.Errorf("an unsigned request that NotPrincipal can't list: %v", d.Verdict)
	}
	l := list(role + "," + account)
	l.Boundary = policies(doc(allowAll))
	if d := Decide(ask(own), l); d.Verdict != ExplicitDeny {
		t.Errorf("a principal with a boundary is always denied: %v", d.Verdict)
	}
	allow := func(principals string) Layers {
		return Layers{Resource: policies(doc(`"NotPrincipal":{"AWS":[` + principals + `]},` + allowAll))}
	}
	if d := Decide(ask(own), allow(`"`+foreign+`"`)); d.Verdict != Allowed {
		t.Errorf("an Allow for all but another account: %v", d.Verdict)
	}
	if d := Decide(ask(own), allow(account)); d.Verdict != ImplicitDeny {
		t.Errorf("an Allow for all but this account: %v", d.Verdict)
	}
}
