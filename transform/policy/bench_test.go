package policy

import (
	"strconv"
	"testing"

	"ccx/transform/policy/glob"
)

// everyday is the case of all layers: two identity policies, a boundary, two levels of SCPs, an RCP, a bucket policy.
func everyday() Layers {
	full := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	return Layers{
		Identity: policies(
			`{"Version":"2012-10-17","Statement":[
				{"Sid":"List","Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":"arn:aws:s3:::acme-data"},
				{"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::acme-data/*"}]}`,
			`{"Version":"2012-10-17","Statement":[
				{"Effect":"Allow","Action":["ecr:GetAuthorizationToken","ecr:BatchGetImage"],"Resource":"*"},
				{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}`),
		Boundary: policies(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","ecr:*","kms:*"],"Resource":"*"}]}`),
		SCPs: []*Set{
			policies(full),
			policies(full, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-west-2","us-east-1"]}}}]}`),
		},
		RCPs: []*Set{policies(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-acme"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}]}`)},
		Resource: policies(`{"Version":"2012-10-17","Statement":[
			{"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::acme-data","arn:aws:s3:::acme-data/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}},
			{"Sid":"Fence","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::acme-data/frozen/*"},
			{"Sid":"Secret","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::acme-data/*/secret/*"},
			{"Sid":"Nodes","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/nodes","arn:aws:iam::111122223333:role/other"]},"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::acme-data/*"}]}`),
		PublicAccess: PublicAccessRestricted,
	}
}

func nodes(action, resource string) Request {
	r := Request{
		Principal: NewRole("arn:aws:iam::111122223333:role/nodes", "AROAEXAMPLEEXAMPLE12"),
		Action:    action, Resource: resource, ResourceAccount: "111122223333",
	}
	r.Context.Complete = true
	r.Context.Set("aws:RequestedRegion", ExactValue("us-west-2"))
	r.Context.Set("aws:PrincipalOrgID", ExactValue("o-acme"))
	r.Context.Set("aws:SecureTransport", ExactValue("true"))
	r.Context.Set("aws:PrincipalIsAWSService", ExactValue("false"))
	return r
}

func keys(n int) []string {
	out := make([]string, n)
	for i := range out {
		dir := "models/"
		if i%10 == 0 {
			dir = "frozen/"
		}
		out[i] = "arn:aws:s3:::acme-data/" + dir + strconv.Itoa(i)
	}
	return out
}

func BenchmarkDecideAllLayers(b *testing.B) {
	l, r, names := everyday(), nodes("s3:PutObject", ""), keys(10_000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Resource = names[i%len(names)]
		if d := Decide(r, l); d.Verdict == Depends {
			b.Fatal(d)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

func BenchmarkDecideSimple(b *testing.B) {
	all := everyday()
	l := Layers{Identity: &Set{Policies: all.Identity.Policies[:1]}, Resource: all.Resource, PublicAccess: PublicAccessOpen}
	r, names := nodes("s3:GetObject", ""), keys(10_000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Resource = names[i%len(names)]
		Decide(r, l)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

func BenchmarkProveEveryday(b *testing.B) {
	l, r := everyday(), nodes("s3:GetObject", "")
	l.Resource = policies(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::acme-data/frozen/*"}]}`)
	within := glob.Compile("arn:aws:s3:::acme-data/?*")
	b.ReportAllocs()
	for b.Loop() {
		if d := Prove(r, within, l); d.Verdict != Allowed {
			b.Fatal(d)
		}
	}
}

func BenchmarkProveCounterexample(b *testing.B) {
	l, r := everyday(), nodes("s3:PutObject", "")
	within := glob.Compile("arn:aws:s3:::acme-data/?*")
	b.ReportAllocs()
	for b.Loop() {
		if d := Prove(r, within, l); d.Verdict != ExplicitDeny {
			b.Fatal(d)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := []byte(`{"Version":"2012-10-17","Statement":[{"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::acme-data/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-acme"}}}]}`)
	b.ReportAllocs()
	for b.Loop() {
		Parse(text)
	}
}

// BenchmarkProofs has a case for each kind of question: everyday, many patterns, patterns made to be hard.
func BenchmarkProofs(b *testing.B) {
	statement := func(effect, resource string) string {
		return `"Effect":"` + effect + `","Action":"s3:*","Resource":"arn:aws:s3:::acme/` + resource + `"`
	}
	var teams, all, hard, wild []string
	for i := range 50 {
		n := strconv.Itoa(10 + i)
		teams = append(teams, statement("Allow", "team-"+n+"/*"))
		all = append(all, statement("Allow", "team-"+n+"/*"), statement("Deny", "*/private-"+n+"/*"))
	}
	for i := range 16 {
		hard = append(hard, statement("Deny", "*"+string(rune('a'+i))+"*0"))
		wild = append(wild, statement("Deny", "*"+string(rune('a'+i))+"*"))
	}
	for _, c := range []struct {
		name, within string
		statements   []string
		want         Verdict
	}{
		{"allow all", "?*", []string{statement("Allow", "*")}, Allowed},
		{"one denied prefix", "?*", []string{statement("Allow", "*"), statement("Deny", "secret/*")}, ExplicitDeny},
		{"4 allows and 4 denies", "team-10/public/*", append(teams[:4:4], statement("Deny", "a/*"), statement("Deny", "b/*"), statement("Deny", "*/secret"), statement("Deny", "c/*/d")), ExplicitDeny},
		{"50 prefixes", "team-17/public/*", teams, Allowed},
		{"50 allows and 50 denies, one team", "team-17/*", all, ExplicitDeny},
		{"50 allows and 50 denies, all", "?*", all, ImplicitDeny},
		{"16 hard patterns, disjoint", "*1", append(hard, statement("Allow", "*")), Allowed},
		{"16 hard patterns that deny nothing together", "*", append(wild[:0:0], append(wild, statement("Allow", "*"))...), ExplicitDeny},
		{"long memory", "*b", []string{statement("Allow", "*"), statement("Deny", "*a????????????????c")}, Allowed},
	} {
		l := Layers{Identity: policies(doc(c.statements...))}
		r := ask(own)
		within := glob.Compile("arn:aws:s3:::acme/" + c.within)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if d := Prove(r, within, l); d.Verdict != c.want {
					b.Fatal(d.Verdict, d.Counterexample, d.DependsOn)
				}
			}
		})
	}
}
