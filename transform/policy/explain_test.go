package policy

import (
	"testing"

	"ccx/transform/policy/glob"

	"github.com/google/go-cmp/cmp"
)

// TestReasons: each verdict names the statements and silences that decide, and no others.
func TestReasons(t *testing.T) {
	fence := `"Sid":"FenceModels","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::acme/models/*",` +
		`"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}`
	bucket := &Set{Policies: []Named{{Name: "bucket policy of acme", Policy: Parse([]byte("{\"Version\":\"2012-10-17\",\"Statement\":[{" + to(nodeRole, allowAll) + "},\n{" + fence + "}]}"))}}}
	seen := []Seen{{Operator: "StringNotEquals", Key: "s3:x-amz-server-side-encryption", Wanted: []string{"aws:kms"}, Kind: Absent}}
	deny := Reason{LayerResource, "bucket policy of acme", 1, "FenceModels", 2, Deny, seen, false}
	allow := func(l Layer, policy string) Reason { return Reason{l, policy, 0, "", 1, Allow, nil, false} }
	silent := func(l Layer) Reason { return Reason{Layer: l, Statement: -1} }
	for _, c := range []struct {
		name    string
		account string
		layers  Layers
		want    []Reason
	}{
		{"a Deny", own, Layers{Identity: policies(doc(allowAll)), Resource: bucket}, []Reason{deny}},
		{"an identity policy", own, Layers{Identity: policies(doc(allowOther), doc(allowAll), doc(allowAll))}, []Reason{allow(LayerIdentity, "policy 2")}},
		{"identity and its limits", own, Layers{Identity: policies(doc(allowAll)), Boundary: policies(doc(allowAll)), SCPs: []*Set{policies(doc(allowAll)), policies(doc(allowOther), doc(allowAll))}},
			[]Reason{allow(LayerSCP, "policy 1"), allow(LayerSCP, "policy 2"), allow(LayerIdentity, "policy 1"), allow(LayerBoundary, "policy 1")}},
		{"the bucket policy alone", own, Layers{Resource: policies(doc(to("*", allowAll))), Boundary: policies(doc(allowOther))}, []Reason{allow(LayerResource, "policy 1")}},
		{"the role by the bucket policy", own, Layers{Resource: policies(doc(to(nodeRole, allowAll))), Boundary: policies(doc(allowAll))}, []Reason{allow(LayerResource, "policy 1"), allow(LayerBoundary, "policy 1")}},
		{"both accounts", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to(own, allowAll)))}, []Reason{allow(LayerResource, "policy 1"), allow(LayerIdentity, "policy 1")}},
		{"nobody allows", own, Layers{Identity: policies(doc(allowOther)), Resource: policies(doc(to(own, allowAll)))}, []Reason{silent(LayerResource), silent(LayerIdentity)}},
		{"the boundary is silent", own, Layers{Identity: policies(doc(allowAll)), Boundary: policies(doc(allowOther))}, []Reason{silent(LayerBoundary)}},
		{"an SCP is silent", own, Layers{Identity: policies(doc(allowAll)), SCPs: []*Set{policies(doc(allowOther))}}, []Reason{silent(LayerSCP)}},
		{"the other account is silent", foreign, Layers{Identity: policies(doc(allowAll)), Resource: &Set{}}, []Reason{silent(LayerResource)}},
		{"the own account is silent", foreign, Layers{Resource: policies(doc(to(nodeRole, allowAll)))}, []Reason{silent(LayerIdentity)}},
		{"a public bucket", foreign, Layers{Identity: policies(doc(allowAll)), Resource: policies(doc(to("*", allowAll))), PublicAccess: PublicAccessRestricted}, []Reason{{Layer: LayerPublicAccess, Statement: -1, Effect: Deny}, allow(LayerResource, "policy 1")}},
	} {
		if diff := cmp.Diff(c.want, Decide(ask(c.account), c.layers).DecidedBy); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestReasonsOfADepends(t *testing.T) {
	r := ask(own)
	r.Context = Context{}
	r.Context.Set("aws:SourceVpce", UnknownValue("the VPC endpoint on the path"))
	d := Decide(r, Layers{Identity: policies(doc(allowAll, denyAll+`,"Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`, allowAll+`,"Condition":{"Bool":{"x":"true"}}`))})
	want := []Reason{{LayerIdentity, "policy 1", 1, "", 1, Deny, []Seen{{"StringNotEquals", "aws:SourceVpce", []string{"vpce-1"}, Unknown, nil}}, false}}
	if diff := cmp.Diff(want, d.DecidedBy); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Dependency{{"key", "aws:SourceVpce", "the VPC endpoint on the path"}}, d.DependsOn); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestProofNamesEveryStatementThatItNeeds: each of them allows some key that no other does.
func TestProofNamesEveryStatementThatItNeeds(t *testing.T) {
	l := Layers{Identity: policies(doc(
		`"Sid":"A","Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::acme/a*"`,
		`"Sid":"NotA","Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::acme/a*"`,
		`"Sid":"B","Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::acme/b*"`))}
	d := Prove(ask(own), glob.Compile("arn:aws:s3:::acme/?*"), l)
	var sids []string
	for _, r := range d.DecidedBy {
		sids = append(sids, r.Sid)
	}
	if diff := cmp.Diff([]string{"NotA", "A"}, sids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTrace(t *testing.T) {
	l := Layers{
		Identity: policies(doc(allowAll)), Boundary: policies(doc(allowOther)), Resource: policies(doc(to("*", denyAll)), `{`),
		SCPs: []*Set{{Missing: []Missing{{What: "service control policies"}}}}, RCPs: []*Set{policies(doc(to("*", allowAll)))},
	}
	got := map[string]string{}
	for _, s := range Trace(ask(own), l) {
		got[s.Layer.String()] = s.Answer
		if s.Layer == LayerIdentity && (len(s.By) != 1 || s.By[0].Effect != Allow) {
			t.Errorf("identity by %v", s.By)
		}
		if s.Layer == LayerResource && len(s.By) != 2 {
			t.Errorf("resource by %v", s.By)
		}
	}
	want := map[string]string{
		"resource control policy": "allows", "service control policy": "unknown", "resource policy": "denies",
		"identity policy": "allows", "permissions boundary": "silent",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPolicyThatNobodyParsed(t *testing.T) {
	l := Layers{Identity: &Set{Policies: []Named{{Name: "inline"}, policies(doc(allowAll)).Policies[0]}}}
	d := Decide(ask(own), l)
	if d.Verdict != Depends || d.DependsOn[0].Name != "inline" || len(Trace(ask(own), l)) != 1 {
		t.Errorf("%v %v", d.Verdict, d.DependsOn)
	}
}

func TestWords(t *testing.T) {
	if Depends.String() != "depends" || Allowed.String() != "allowed" || ImplicitDeny.String() != "implicit_deny" || ExplicitDeny.String() != "explicit_deny" {
		t.Error("the verdicts' words are part of the record shape")
	}
	if Allow.String() != "Allow" || Deny.String() != "Deny" || EffectUnknown.String() != "" || LayerIdentity.String() != "identity policy" {
		t.Error("effects and layers have their words")
	}
	if Depends != 0 || PublicAccessUnknown != 0 || (&Context{}).get("x").Kind != Unknown {
		t.Error("the zero values know nothing and allow nothing")
	}
}
