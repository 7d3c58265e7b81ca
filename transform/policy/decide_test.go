package policy

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

const (
	nodeRole  = "arn:aws:iam::111122223333:role/ml/train"
	nodeRun   = "arn:aws:sts::111122223333:assumed-role/train/i-0abc"
	own       = "111122223333"
	foreign   = "444455556666"
	objectKey = "arn:aws:s3:::acme/models/a"
)

// doc makes a policy of statements, each written as JSON without its outer braces.
func doc(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[{` + strings.Join(statements, "},{") + `}]}`
}

const (
	allowAll   = `"Effect":"Allow","Action":"*","Resource":"*"`
	denyAll    = `"Effect":"Deny","Action":"*","Resource":"*"`
	allowOther = `"Effect":"Allow","Action":"ec2:*","Resource":"*"`
)

// to returns a statement of a resource policy for an AWS principal.
func to(principal, statement string) string {
	if principal == "*" {
		return `"Principal":"*",` + statement
	}
	return `"Principal":{"AWS":"` + principal + `"},` + statement
}

// ask is a request of the node role for an object of an account's bucket, with everything known.
func ask(account string) Request {
	r := Request{Principal: NewRole(nodeRole, "AROAEXAMPLEEXAMPLE123"), Action: "s3:GetObject", Resource: objectKey, ResourceAccount: account}
	r.Principal.SessionARN = nodeRun
	r.Context.Complete = true
	return r
}

// TestSteps has a case or more for each step of AWS's page.
func TestSteps(t *testing.T) {
	none := &Set{}
	unread := func(assumable bool) *Set {
		return &Set{Missing: []Missing{{What: "the policies", Reason: "access denied", Assumable: assumable}}}
	}
	shown := map[string]int{}
	for _, c := range []struct {
		step    string // the function of decide.go that decides
		name    string
		account string
		layers  Layers
		want    Verdict
	}{
		{"identityBasedPolicies", "nothing allows", own, Layers{}, ImplicitDeny},
		{"identityBasedPolicies", "identity allows", own, Layers{Identity: policies(doc(allowAll))}, Allowed},
		{"denyEvaluation", "identity denies", own, Layers{Identity: policies(doc(allowAll, denyAll))}, ExplicitDeny},
		{"denyEvaluation", "a Deny in any policy", own, Layers{Identity: policies(doc(allowAll), doc(denyAll))}, ExplicitDeny},

		{"resourceControlPolicies", "RCP without Allow", own, Layers{Identity: policies(doc(allowAll)), RCPs: []*Set{none}}, ImplicitDeny},
		{"resourceControlPolicies", "RCP allows", own, Layers{Identity: policies(doc(allowAll)), RCPs: []*Set{policies(doc(to("*", allowAll)))}}, Allowed},
		{"resourceControlPolicies", "RCP denies", own, Layers{Identity: policies(doc(allowAll)), RCPs: []*Set{policies(doc(to("*", allowAll), to("*", denyAll)))}}, ExplicitDeny},

		{"serviceControlPolicies", "every SCP level allows", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{policies(doc(allowAll)), policies(doc(allowAll))}}, Allowed},
		{"serviceControlPolicies", "one SCP level is silent", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{policies(doc(allowAll)), policies(doc(allowOther))}}, ImplicitDeny},
		{"serviceControlPolicies", "one SCP level denies", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{policies(doc(allowAll, denyAll)), policies(doc(allowAll))}}, ExplicitDeny},
		{"serviceControlPolicies", "an SCP alone gives nothing", own, Layers{SCPs: []*Set{policies(doc(allowAll))}}, ImplicitDeny},

		{"endpointPolicy", "endpoint policy is silent", own, Layers{Identity: policies(doc(allowAll)), Endpoint: policies(doc(to("*", allowOther)))}, ImplicitDeny},
		{"endpointPolicy", "endpoint policy denies", own, Layers{Identity: policies(doc(allowAll)), Endpoint: policies(doc(to("*", denyAll)))}, ExplicitDeny},

		{"endpointPolicy", "endpoint policy names the account", own, Layers{Identity: policies(doc(allowAll)), Endpoint: policies(doc(to(own, allowAll)))}, Depends},
		{"endpointPolicy", "endpoint policy denies the role", own, Layers{Identity: policies(doc(allowAll)), Endpoint: policies(doc(to("*", allowAll), to(nodeRole, denyAll)))}, Depends},

		{"resourceBasedPolicies", "bucket policy names the role", own, Layers{Resource: policies(doc(to(nodeRole, allowAll)))}, Allowed},
		{"resourceBasedPolicies", "bucket policy names the session", own, Layers{Resource: policies(doc(to(nodeRun, allowAll)))}, Allowed},
		{"resourceBasedPolicies", "bucket policy names everyone", own, Layers{Resource: policies(doc(to("*", allowAll)))}, Allowed},
		{"resourceBasedPolicies", "bucket policy delegates", own, Layers{Resource: policies(doc(to(own, allowAll)))}, ImplicitDeny},
		{"resourceBasedPolicies", "bucket policy delegates to the root ARN", own, Layers{Resource: policies(doc(to("arn:aws:iam::111122223333:root", allowAll)))}, ImplicitDeny},
		{"resourceBasedPolicies", "bucket policy names another role", own, Layers{Resource: policies(doc(to("arn:aws:iam::111122223333:role/ml/train-2", allowAll)))}, ImplicitDeny},
		{"resourceBasedPolicies", "bucket policy denies everyone", own, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to("*", denyAll)))}, ExplicitDeny},

		{"permissionsBoundary", "boundary allows too", own, Layers{Identity: policies(doc(allowAll)), Boundary: policies(doc(allowAll))}, Allowed},
		{"permissionsBoundary", "boundary alone gives nothing", own, Layers{Boundary: policies(doc(allowAll))}, ImplicitDeny},
		{"permissionsBoundary", "boundary is silent", own, Layers{Identity: policies(doc(allowAll)), Boundary: policies(doc(allowOther))}, ImplicitDeny},
		{"permissionsBoundary", "boundary limits a role's grant", own, Layers{Resource: policies(doc(to(nodeRole, allowAll))), Boundary: policies(doc(allowOther))}, ImplicitDeny},
		{"permissionsBoundary", "boundary does not limit a session's grant", own, Layers{Resource: policies(doc(to(nodeRun, allowAll))), Boundary: policies(doc(allowOther))}, Allowed},
		{"permissionsBoundary", "boundary does not limit everyone's grant", own, Layers{Resource: policies(doc(to("*", allowAll))), Boundary: policies(doc(allowOther))}, Allowed},
		{"permissionsBoundary", "boundary denies", own, Layers{Resource: policies(doc(to(nodeRun, allowAll))), Boundary: policies(doc(denyAll))}, ExplicitDeny},

		{"sessionPolicies", "session policy is silent", own, Layers{Identity: policies(doc(allowAll)), Session: policies(doc(allowOther))}, ImplicitDeny},
		{"sessionPolicies", "session policy limits a role's grant", own, Layers{Resource: policies(doc(to(nodeRole, allowAll))), Session: policies(doc(allowOther))}, ImplicitDeny},
		{"sessionPolicies", "session policy does not limit a session's grant", own, Layers{Resource: policies(doc(to(nodeRun, allowAll))), Session: policies(doc(allowOther))}, Allowed},

		{"acrossAccounts", "across accounts: own side only", foreign, Layers{Identity: policies(doc(allowAll)), Resource: none}, ImplicitDeny},
		{"acrossAccounts", "across accounts: other side only", foreign, Layers{Resource: policies(doc(to(nodeRole, allowAll)))}, ImplicitDeny},
		{"acrossAccounts", "across accounts: both, by role", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to(nodeRole, allowAll))), PublicAccess: PublicAccessRestricted}, Allowed},
		{"acrossAccounts", "across accounts: both, by account", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to(own, allowAll)))}, Allowed},
		{"acrossAccounts", "across accounts: both, by session", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to(nodeRun, allowAll)))}, Allowed},
		{"acrossAccounts", "across accounts: session's grant is not enough", foreign, Layers{Resource: policies(doc(to(nodeRun, allowAll)))}, ImplicitDeny},
		{"acrossAccounts", "across accounts: boundary is silent", foreign, Layers{Identity: policies(doc(allowAll)), Boundary: policies(doc(allowOther)), Resource: policies(doc(to(nodeRun, allowAll)))}, ImplicitDeny},

		{"denyEvaluation", "public bucket, open", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to("*", allowAll))), PublicAccess: PublicAccessOpen}, Allowed},
		{"denyEvaluation", "public bucket, restricted", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to("*", allowAll))), PublicAccess: PublicAccessRestricted}, ExplicitDeny},
		{"denyEvaluation", "public bucket, not known", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to("*", allowAll)))}, Depends},
		{"denyEvaluation", "public bucket of the same account", own, Layers{Resource: policies(doc(to("*", allowAll))), PublicAccess: PublicAccessRestricted}, Allowed},

		{"allowed", "account not known, both ways allow", "", Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to(nodeRole, allowAll)))}, Allowed},
		{"allowed", "account not known, only within", "", Layers{Resource: policies(doc(to(nodeRole, allowAll)))}, Depends},
		{"allowed", "account not known, neither", "", Layers{Identity: policies(doc(allowOther))}, ImplicitDeny},

		{"identityBasedPolicies", "identity unread", own, Layers{Identity: unread(true), Assume: DefaultAssume}, Depends},
		{"identityBasedPolicies", "identity unread, bucket policy denies", own, Layers{Identity: unread(true), Resource: policies(doc(to("*", denyAll)))}, ExplicitDeny},
		{"permissionsBoundary", "boundary unread", own, Layers{Identity: policies(doc(allowAll)), Boundary: unread(true), Assume: DefaultAssume}, Depends},
		{"permissionsBoundary", "boundary unread, nothing allows", own, Layers{Boundary: unread(true)}, ImplicitDeny},
		{"resourceBasedPolicies", "bucket policy unread", own, Layers{Identity: policies(doc(allowAll)), Resource: unread(true), Assume: DefaultAssume}, Depends},
		{"serviceControlPolicies", "SCP unread, assumed", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{unread(true)}, Assume: DefaultAssume}, Allowed},
		{"serviceControlPolicies", "SCP unread, not assumed", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{unread(true)}}, Depends},
		{"serviceControlPolicies", "SCP throttled", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{unread(false)}, Assume: DefaultAssume}, Depends},
		{"resourceControlPolicies", "RCP unread, not assumed", own, Layers{Identity: policies(doc(allowAll)), RCPs: []*Set{unread(true)}}, Depends},
		{"resourceControlPolicies", "RCP unread, assumed", own, Layers{Identity: policies(doc(allowAll)), RCPs: []*Set{unread(true)}, Assume: AssumeLayers(LayerRCP)}, Allowed},
		{"endpointPolicy", "endpoint unread, assumed", own, Layers{Identity: policies(doc(allowAll)), Endpoint: unread(true), Assume: DefaultAssume}, Allowed},
		{"sessionPolicies", "session unread, assumed", own, Layers{Identity: policies(doc(allowAll)), Session: unread(true), Assume: DefaultAssume}, Allowed},
		{"serviceControlPolicies", "SCP assumed, but a known level denies", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{unread(true), policies(doc(denyAll))}, Assume: DefaultAssume}, ExplicitDeny},
	} {
		shown[c.step]++
		d := Decide(ask(c.account), c.layers)
		if d.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, d.Verdict, c.want)
		}
		if len(d.DecidedBy) == 0 && d.Verdict != Depends {
			t.Errorf("%s: no reason is given", c.name)
		}
		if (d.Verdict == Depends) != (len(d.DependsOn) > 0) {
			t.Errorf("%s: depends on %v", c.name, d.DependsOn)
		}
		if len(d.DependsOn) > 0 && d.DependsOn[0].Kind == "budget" {
			t.Errorf("%s: given up", c.name)
		}
	}
	for _, step := range steps {
		if shown[step] < 3 {
			t.Errorf("only %d rows show %s", shown[step], step)
		}
	}
}

// steps are the functions of decide.go that a reader finds on AWS's page, in its order.
var steps = []string{
	"denyEvaluation", "resourceControlPolicies", "serviceControlPolicies", "endpointPolicy", "resourceBasedPolicies",
	"identityBasedPolicies", "permissionsBoundary", "sessionPolicies", "acrossAccounts",
}

// TestStepsAreInAWSsOrder: one function a step, in the order of AWS's page, each with the address of the page that says so.
func TestStepsAreInAWSsOrder(t *testing.T) {
	file, err := goparser.ParseFile(token.NewFileSet(), "decide.go", nil, goparser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || !slices.Contains(steps, f.Name.Name) {
			continue
		}
		found = append(found, f.Name.Name)
		if !strings.Contains(f.Doc.Text(), "https://docs.aws.amazon.com/") {
			t.Errorf("%s cites no page", f.Name.Name)
		}
	}
	if !slices.Equal(found, steps) {
		t.Errorf("the steps stand as %v, want %v", found, steps)
	}
}

func TestAssumedIsNamedOnlyWhereItCounts(t *testing.T) {
	l := Layers{
		Identity: policies(doc(allowAll)),
		SCPs:     []*Set{{Missing: []Missing{{What: "service control policies", Reason: "access denied", Assumable: true}}}},
		Endpoint: &Set{Missing: []Missing{{Reason: "not asked", Assumable: true}}},
		Assume:   DefaultAssume,
	}
	d := Decide(ask(own), l)
	if len(d.Assumed) != 2 || d.Assumed[0].What != "service control policies" || d.Assumed[1].What != "VPC endpoint policy" {
		t.Errorf("assumed %v", d.Assumed)
	}
	l.Identity = policies(doc(denyAll))
	if d = Decide(ask(own), l); len(d.Assumed) != 0 {
		t.Errorf("a deny assumes nothing, but %v", d.Assumed)
	}
	if AssumeLayers(LayerIdentity, LayerBoundary, LayerResource) != 0 {
		t.Error("only guardrails can be assumed")
	}
}

func TestOnlyAllows(t *testing.T) {
	grants := []Missing{{What: "KMS grants", Reason: "access denied", OnlyAllows: true}}
	key := policies(doc(to(own, allowAll)))
	key.Missing = grants
	r := ask(own)
	r.Action, r.Resource = "kms:Decrypt", "arn:aws:kms:us-west-2:111122223333:key/k"
	if d := Decide(r, Layers{Identity: policies(doc(allowAll)), Resource: key}); d.Verdict != Allowed {
		t.Errorf("unread grants take nothing away: %v", d.Verdict)
	}
	d := Decide(r, Layers{Resource: key})
	if d.Verdict != Depends || d.DependsOn[0] != (Dependency{"layer", "KMS grants", "access denied"}) {
		t.Errorf("unread grants may allow: %v %v", d.Verdict, d.DependsOn)
	}
	if d = Decide(r, Layers{Identity: policies(doc(denyAll)), Resource: key}); d.Verdict != ExplicitDeny {
		t.Errorf("a Deny outweighs unread grants: %v", d.Verdict)
	}
}

func TestOtherCallers(t *testing.T) {
	user := Principal{Kind: User, ARN: "arn:aws:iam::111122223333:user/ana", Account: own}
	root := Principal{Kind: Root, ARN: "arn:aws:iam::111122223333:root", Account: own}
	for _, c := range []struct {
		name    string
		who     Principal
		account string
		layers  Layers
		want    Verdict
	}{
		{"user named, boundary silent", user, own, Layers{Resource: policies(doc(to(user.ARN, allowAll))), Boundary: policies(doc(allowOther))}, Allowed},
		{"user's account named", user, own, Layers{Resource: policies(doc(to(own, allowAll)))}, ImplicitDeny},
		{"root needs no policy", root, own, Layers{}, Allowed},
		{"root is bound by SCPs", root, own, Layers{SCPs: []*Set{policies(doc(allowOther))}}, ImplicitDeny},
		{"root is bound by the bucket policy", root, own, Layers{Resource: policies(doc(to("*", denyAll)))}, ExplicitDeny},
		{"root across accounts", root, foreign, Layers{Resource: policies(doc(to(own, allowAll)))}, Allowed},
		{"anonymous, public", Principal{}, own, Layers{Resource: policies(doc(to("*", allowAll))), PublicAccess: PublicAccessOpen}, Allowed},
		{"anonymous, restricted", Principal{}, own, Layers{Resource: policies(doc(to("*", allowAll))), PublicAccess: PublicAccessRestricted}, ExplicitDeny},
		{"anonymous, account named", Principal{}, own, Layers{Resource: policies(doc(to(own, allowAll)))}, ImplicitDeny},
		{"anonymous, no policy", Principal{}, own, Layers{Identity: policies(doc(allowAll))}, ImplicitDeny},
		{"service named", NewService("logs.amazonaws.com"), own, Layers{Resource: policies(doc(`"Principal":{"Service":"logs.amazonaws.com"},` + allowAll))}, Allowed},
		{"another service named", NewService("logs.amazonaws.com"), own, Layers{Resource: policies(doc(`"Principal":{"Service":"ec2.amazonaws.com"},` + allowAll))}, ImplicitDeny},
		{"SCPs don't bind a service", NewService("logs.amazonaws.com"), own, Layers{Resource: policies(doc(`"Principal":{"Service":"logs.amazonaws.com"},` + allowAll)), SCPs: []*Set{{}}}, Allowed},
		{"a role's policies don't bind a service", NewService("logs.amazonaws.com"), own, Layers{Identity: policies(doc(denyAll)), Boundary: policies(doc(denyAll)), Resource: policies(doc(to("*", allowAll)))}, Allowed},
		{"federated user named", Principal{Kind: Federated, ARN: "arn:aws:sts::111122223333:federated-user/bo", Account: own}, own,
			Layers{Resource: policies(doc(to("arn:aws:sts::111122223333:federated-user/bo", allowAll)))}, Allowed},
		{"service-linked roles are free of SCPs and RCPs", NewRole("arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/X", ""), own,
			Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{{}}, RCPs: []*Set{{}}}, Allowed},
	} {
		r := ask(c.account)
		r.Principal = c.who
		if d := Decide(r, c.layers); d.Verdict != c.want {
			t.Errorf("%s: %v, want %v", c.name, d.Verdict, c.want)
		}
	}
}

// TestDependsNamesLayers: exactly the unread parts that can turn the verdict are named.
func TestDependsNamesLayers(t *testing.T) {
	missing := func(what string, assumable bool) *Set {
		return &Set{Missing: []Missing{{What: what, Reason: "access denied", Assumable: assumable}}}
	}
	fence := to("*", denyAll+`,"Condition":{"Bool":{"k":"true"}}`)
	for _, c := range []struct {
		name   string
		layers Layers
		want   string
	}{
		{"the role's own policies may deny", Layers{Identity: missing("role policies", true), Resource: policies(doc(to("*", allowAll)))}, "role policies"},
		{"and a key decides too", Layers{Identity: missing("role policies", true), Resource: policies(doc(to("*", allowAll), fence))}, "k,role policies"},
		{"a boundary over an Allow", Layers{Identity: policies(doc(allowAll)), Boundary: missing("boundary", true)}, "boundary"},
		{"a boundary beside a direct grant", Layers{Resource: policies(doc(to("*", allowAll))), Boundary: missing("boundary", true)}, "boundary"},
		{"what is assumed is not named", Layers{Identity: policies(doc(allowAll)), Endpoint: missing("endpoint", true), SCPs: []*Set{missing("SCPs", false)}, Assume: DefaultAssume}, "SCPs"},
		{"two levels", Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{missing("root", true), missing("account", true)}}, "account,root"},
		{"one part of a layer", Layers{Identity: &Set{Policies: policies(doc(allowAll)).Policies, Missing: []Missing{{What: "AmazonS3FullAccess"}}}}, "AmazonS3FullAccess"},
		{"a layer without a name", Layers{Identity: policies(doc(allowAll)), Session: &Set{Missing: []Missing{{}}}}, "session policy"},
	} {
		r := ask(own)
		r.Context = Context{}
		d := Decide(r, c.layers)
		if got := strings.Join(names(d.DependsOn), ","); d.Verdict != Depends || got != c.want {
			t.Errorf("%s: %v on %q, want %q", c.name, d.Verdict, got, c.want)
		}
	}
}

// TestDecidingAllocatesNothing: with the policies parsed, only the answer's reasons are new.
func TestDecidingAllocatesNothing(t *testing.T) {
	for _, all := range []Layers{everyday(), {Identity: everyday().Identity}} {
		for _, r := range []Request{nodes("s3:PutObject", "arn:aws:s3:::acme-data/models/1"), nodes("s3:PutObject", "arn:aws:s3:::acme-data/frozen/1"), nodes("ecr:BatchGetImage", "arn:aws:ecr:us-west-2:111122223333:repository/ray")} {
			if n := testing.AllocsPerRun(100, func() {
				q := newQuestion(&r, &all)
				c := count(&q, &all)
				if c.verdict() == Depends {
					t.Error("a question that depends on something")
				}
			}); n != 0 {
				t.Errorf("%s on %s: weighing makes %v allocations", r.Action, r.Resource, n)
			}
			if n := testing.AllocsPerRun(100, func() { Decide(r, all) }); Decide(r, all).Verdict == Allowed && n > 1 {
				t.Errorf("%s on %s: deciding makes %v allocations", r.Action, r.Resource, n)
			}
		}
	}
}
