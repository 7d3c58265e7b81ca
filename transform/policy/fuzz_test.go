package policy

import (
	"slices"
	"strings"
	"testing"

	"ccx/transform/policy/glob"
)

// FuzzParse: any text gives a policy, places lie within the text, and what AWS would refuse allows nothing for sure.
func FuzzParse(f *testing.F) {
	f.Add(doc(allowAll))
	f.Add(doc(to(nodeRole, denyAll+`,"Condition":{"StringLike":{"s3:prefix":["${aws:username}/*",1,true]}}`)))
	f.Add("{\"Statement\": [\n  {\"Effect\": \"Allow\",},\n]}")
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Effect":"Deny"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		p := Parse([]byte(text))
		for _, problem := range p.Problems {
			if problem.Line < 1 || problem.Column < 0 || problem.Offset < 0 || problem.Offset > len(text) || problem.Message == "" {
				t.Fatalf("%+v", problem)
			}
		}
		d := Decide(ask(own), Layers{Identity: &Set{Policies: []Named{{Name: "p", Policy: p}}}})
		if d.Verdict == Allowed && (p.Broken() != "" || !strings.Contains(text, "Allow") && !strings.Contains(text, `\u`)) {
			t.Fatalf("allowed by %q", text)
		}
		sure := Decide(ask(own), Layers{Identity: &Set{Policies: []Named{{Name: "p", Policy: p}, policies(doc(allowAll)).Policies[0]}}})
		if p.Broken() != "" && sure.Verdict != Depends {
			t.Fatalf("%v although %s", sure.Verdict, p.Broken())
		}
	})
}

// FuzzProve: a proof survives every key that the fuzzer thinks of, and a counterexample is not allowed.
func FuzzProve(f *testing.F) {
	f.Add("a*", "*b?", "secret/*", "?*", "secret/x")
	f.Add("*", "", "*:*", "a*", "a:b")
	f.Add("${*}*", "*", "é?", "*", "é\n")
	f.Fuzz(func(t *testing.T, allow, deny, other, within, key string) {
		quote := func(s string) string {
			return `"arn:aws:s3:::acme/` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
		}
		l := Layers{Identity: policies(doc(
			`"Effect":"Allow","Action":"*","Resource":[`+quote(allow)+`,`+quote(other)+`]`,
			`"Effect":"Deny","Action":"*","Resource":`+quote(deny)+`,"Condition":{"StringNotLike":{"k":`+quote(other)+`}}`))}
		r := ask(own)
		r.Context = Context{}
		pattern := glob.Concat(glob.Literal("arn:aws:s3:::acme/"), glob.Compile(within))
		d := Prove(r, pattern, l)
		if d.Verdict != Allowed {
			r.Resource = d.Counterexample
			if got := Decide(r, l).Verdict; got != d.Verdict && d.DependsOn == nil {
				t.Fatalf("%v at %q, but deciding it gives %v", d.Verdict, d.Counterexample, got)
			}
			if !pattern.Match(d.Counterexample) && !(d.Counterexample == "" && outOfBudget(d)) {
				t.Fatalf("counterexample %q does not match %v", d.Counterexample, pattern)
			}
			return
		}
		r.Resource = "arn:aws:s3:::acme/" + key
		if pattern.Match(r.Resource) {
			if got := Decide(r, l); got.Verdict != Allowed {
				t.Fatalf("proved for %v, but %q: %v", pattern, key, got.Verdict)
			}
		}
	})
}

// outOfBudget reports whether a proof was given up: it may have no counterexample then.
func outOfBudget(d Decision) bool {
	return slices.ContainsFunc(d.DependsOn, func(dep Dependency) bool { return dep.Kind == "budget" })
}
