package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/policy/glob"
)

// TestNear: a near miss covers the action and misses by one element; what misses by two, denies, or is not understood is none.
func TestNear(t *testing.T) {
	const elsewhere = `"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::acme-staging/*"`
	when := func(op, key, value string) string {
		return `,"Condition":{"` + op + `":{"` + key + `":"` + value + `"}}`
	}
	other := "arn:aws:iam::111122223333:role/other"
	for _, c := range []struct {
		name     string
		identity []string
		bucket   []string
		want     []Near
	}{
		{"another resource", []string{elsewhere}, nil, []Near{{Element: "Resource", Written: []string{"arn:aws:s3:::acme-staging/*"}}}},
		{"another principal", nil, []string{to(other, allowAll)}, []Near{{Element: "Principal", Written: []string{other}}}},
		{"the account", nil, []string{to(own, allowAll)}, []Near{{Element: "Account", Written: []string{own}}}},
		{"a condition", []string{allowAll + when("Bool", "aws:SecureTransport", "false")}, nil, []Near{{Element: "Condition"}}},
		{"another action", []string{`"Effect":"Allow","Action":"ec2:*","Resource":"*"`}, nil, nil},
		{"two misses", []string{elsewhere + when("Bool", "aws:SecureTransport", "false")}, []string{to(other, elsewhere)}, nil},
		{"a Deny elsewhere", []string{`"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::acme-staging/*"`}, nil, nil},
		{"not understood", []string{elsewhere + `,"Conditon":{}`}, nil, nil},
	} {
		r := ask(own)
		r.Context.Set("aws:SecureTransport", ExactValue("true"))
		l := Layers{Identity: &Set{}}
		if c.identity != nil {
			l.Identity = policies(doc(c.identity...))
		}
		if c.bucket != nil {
			l.Resource = policies(doc(c.bucket...))
		}
		d := Decide(r, l)
		if c.name != "not understood" && d.Verdict != ImplicitDeny {
			t.Errorf("%s: %v", c.name, d.Verdict)
		}
		for i := range d.Near {
			if c.name == "a condition" && (len(d.Near[i].Conditions) != 1 || d.Near[i].Conditions[0].Key != "aws:SecureTransport") {
				t.Errorf("the condition that is not met is missing: %v", d.Near[i].Conditions)
			}
			if d.Near[i].Policy != "policy 1" || d.Near[i].Statement != 0 {
				t.Errorf("%s: %v", c.name, d.Near[i].Reason)
			}
			d.Near[i].Reason = Reason{}
		}
		if diff := cmp.Diff(c.want, d.Near); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestNearOfAProof: the near misses are those of the counterexample, and a bounded NotPrincipal is told.
func TestNearOfAProof(t *testing.T) {
	r := ask(own)
	part := `"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::acme/models/*"`
	d := Prove(r, glob.Compile("arn:aws:s3:::acme/?*"), Layers{Identity: policies(doc(part))})
	if len(d.Near) != 1 || d.Near[0].Element != "Resource" {
		t.Errorf("%+v", d)
	}
	not := `"Effect":"Deny","NotPrincipal":{"AWS":["` + nodeRole + `","` + own + `"]},"Action":"*","Resource":"*"`
	d = Prove(r, glob.Compile("arn:aws:s3:::acme/?*"), Layers{Identity: policies(doc(allowAll)), Boundary: policies(doc(allowAll)), Resource: policies(doc(not))})
	if d.Verdict != ExplicitDeny || !d.DecidedBy[0].Bounded {
		t.Errorf("%+v", d)
	}
	d = Prove(r, glob.Compile("arn:aws:s3:::acme/?*"), Layers{Identity: policies(doc(allowAll)), Boundary: policies(doc(allowAll)), Resource: policies(doc(to("*", denyAll)))})
	if d.Verdict != ExplicitDeny || d.DecidedBy[0].Bounded {
		t.Errorf("%+v", d)
	}
}
