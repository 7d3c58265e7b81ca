package policy

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"testing"

	"ccx/transform/policy/glob"
)

//go:embed testdata/everyday.json
var everydayRecord []byte

// everyday is the case of all layers: two identity policies, a boundary, two levels of SCPs, an RCP, a bucket policy.
func everyday() Layers {
	var r struct {
		Identity, Boundary []json.RawMessage
		SCPs, RCPs         []struct{ Policies []json.RawMessage }
		Resource           json.RawMessage `json:"resource_policy"`
	}
	if err := json.Unmarshal(everydayRecord, &r); err != nil {
		panic(err)
	}
	set := func(texts ...json.RawMessage) *Set {
		var out []string
		for _, t := range texts {
			out = append(out, string(t))
		}
		return policies(out...)
	}
	l := Layers{Identity: set(r.Identity...), Boundary: set(r.Boundary...), Resource: set(r.Resource), PublicAccess: PublicAccessRestricted}
	for _, level := range r.SCPs {
		l.SCPs = append(l.SCPs, set(level.Policies...))
	}
	for _, level := range r.RCPs {
		l.RCPs = append(l.RCPs, set(level.Policies...))
	}
	return l
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

// proofCase is one question over all keys.
type proofCase struct {
	name, within string
	statements   []string
	want         Verdict
	peers        string // the same question elsewhere, as facts that were measured once: a prototype in Go, and Z3
}

// proofCases has a case for each kind of question: everyday, many patterns, patterns made to be hard.
func proofCases() []proofCase {
	statement := func(effect, resource string) string {
		return `"Effect":"` + effect + `","Action":"s3:*","Resource":"arn:aws:s3:::acme/` + resource + `"`
	}
	var teams, all, hard, wild, spread []string
	for i := range 50 {
		n := strconv.Itoa(10 + i)
		teams = append(teams, statement("Allow", "team-"+n+"/*"))
		all = append(all, statement("Allow", "team-"+n+"/*"), statement("Deny", "*/private-"+n+"/*"))
	}
	for i := range 16 {
		letter := string(rune('a' + i))
		hard = append(hard, statement("Deny", "*"+letter+"*0"))
		wild = append(wild, statement("Deny", "*"+letter+"*"))
		spread = append(spread, `"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::acme/*`+letter+`*"`)
	}
	return []proofCase{
		{"allow all", "?*", []string{statement("Allow", "*")}, Allowed, "29 us, 620 us"},
		{"one denied prefix", "?*", []string{statement("Allow", "*"), statement("Deny", "secret/*")}, ExplicitDeny, "61 us, 3 ms"},
		{"4 allows and 4 denies", "team-10/public/*", append(teams[:4:4], statement("Deny", "a/*"), statement("Deny", "b/*"), statement("Deny", "*/secret"), statement("Deny", "c/*/d")), ExplicitDeny, "82 us, 444 ms"},
		{"50 prefixes", "team-17/public/*", teams, Allowed, "413 us, no answer in 20 s"},
		{"50 allows and 50 denies, one team", "team-17/*", all, ExplicitDeny, "11.6 ms, 11.8 s"},
		{"50 allows and 50 denies, all", "?*", all, ImplicitDeny, "326 us, no answer in 20 s"},
		{"16 hard patterns, disjoint", "*1", append(hard, statement("Allow", "*")), Allowed, "5.3 s, -"},
		{"16 hard patterns, one hit", "*", append(wild, statement("Allow", "*")), ExplicitDeny, "-"},
		{"16 hard patterns, given up", "?*", spread, Depends, "-"},
		{"long memory", "*b", []string{statement("Allow", "*"), statement("Deny", "*a????????????????c")}, Allowed, "1.4 s, 1.3 s"},
	}
}

func (c *proofCase) run(b *testing.B) {
	l := Layers{Identity: policies(doc(c.statements...))}
	r := ask(own)
	within := glob.Compile("arn:aws:s3:::acme/" + c.within)
	for b.Loop() {
		if d := Prove(r, within, l); d.Verdict != c.want {
			b.Fatal(d.Verdict, d.Counterexample, d.DependsOn)
		}
	}
}

func BenchmarkProofs(b *testing.B) {
	for _, c := range proofCases() {
		b.Run(c.name, c.run)
	}
}
