package policy

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ccx/transform/policy/glob"
)

// What is odd: resources and conditions at the edges of the language: stars inside a segment, short ARNs, variables.
// Each kind of operator has a key of its own, and so have the variables: where kinds meet on one key, more may be left
// open than is.
var (
	oddResources = []string{"*", "arn:aws:s3:::b/*", "arn:aws:s3*b/*", "arn:aws:s*:::b/*", "arn:*s3:::b/a*", "arn:a?s:s3:::b/*", "arn:aws*::b/*", "arn:aws:s3:*",
		"arn:aws:s3", "arn:aws:*:*:b/*", "*:b/a*", "arn:aws:s3:::b/${k:Variable}/*", "arn:aws:s3:::b/${k:Variable, 'a'}*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b/*b", "arn:aws:s3:us*:111122223333:b/*"}
	oddConditions = []string{"", "", "", "", "", "", `"StringEquals":{"k:Text":"a"}`, `"StringNotEquals":{"k:Text":"a"}`, `"StringLike":{"k:Text":["a*","b"]}`, `"StringNotEqualsIfExists":{"k:Text":"b"}`,
		`"Null":{"k:Text":"true"}`, `"Bool":{"k:Bool":"true"}`, `"BoolIfExists":{"k:Bool":"false"}`, `"ForAnyValue:StringEquals":{"k:Set":["a","b"]}`,
		`"NumericLessThan":{"k:Number":"10"}`, `"IpAddress":{"k:Address":"10.0.0.0/8"}`, `"NotIpAddress":{"k:Address":"10.0.0.0/8"}`, `"ArnLike":{"k:Arn":"arn:aws:iam::*:role/a*"}`, `"DateGreaterThan":{"k:Date":"2026-01-01T00:00:00Z"}`}
	oddValues = map[string][]string{"k:text": {"a", "b", "ab", "zz"}, "k:bool": {"true", "false", "neither"}, "k:set": {"a", "zz"}, "k:number": {"7", "12"}, "k:address": {"10.0.0.1", "192.0.2.1"},
		"k:arn": {"arn:aws:iam::1:role/ab", "arn:aws:iam::1:role/x"}, "k:date": {"2020-01-01T00:00:00Z", "2027-01-01T00:00:00Z"}, "k:variable": {"", "x"}}
)

func oddStatement(r *rand.Rand, principal bool) string {
	s := `"Effect":"` + pick(r, "Allow", "Allow", "Deny") + `","Action":"s3:*",`
	if principal {
		s += `"Principal":` + pick(r, `"*"`, `{"AWS":"`+nodeRole+`"}`, `{"AWS":"111122223333"}`, `{"AWS":"arn:aws:sts::111122223333:assumed-role/train/i-0abc"}`) + `,`
	}
	s += pick(r, `"Resource"`, `"Resource"`, `"Resource"`, `"NotResource"`) + `:["` + strings.Join(some(r, 2, oddResources...), `","`) + `"]`
	if c := pick(r, oddConditions...); c != "" {
		s += `,"Condition":{` + c + `}`
	}
	return s
}

func oddLayers(r *rand.Rand) Layers {
	set := func(principal bool) *Set {
		var all []string
		for range 1 + r.IntN(3) {
			all = append(all, oddStatement(r, principal))
		}
		return policies(doc(all...))
	}
	l := Layers{Identity: set(false), PublicAccess: PublicAccessOpen}
	if r.IntN(2) == 0 {
		l.Resource = set(true)
	}
	if r.IntN(4) == 0 {
		l.Boundary = set(false)
	}
	return l
}

// TestEveryDependsHasBothOutcomes: what a proof for every key leaves open is open for the key that it shows, and what
// hinges on context keys alone has values for them that allow and others that deny.
func TestEveryDependsHasBothOutcomes(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	within := glob.Compile("arn:aws:s3:::b/?*")
	open, byKeys := 0, 0
	for range 6_000 {
		l := oddLayers(r)
		q := ask(own)
		q.Resource, q.Context = "", Context{}
		d := Prove(q, within, l)
		if d.Verdict != Depends {
			continue
		}
		open++
		q.Resource = d.Counterexample
		one := Decide(q, l)
		if one.Verdict != Depends {
			t.Fatalf("the proof depends on %v at %q, which alone is %v: %v", d.DependsOn, d.Counterexample, one.Verdict, oddText(l))
		}
		if slices.ContainsFunc(one.DependsOn, func(d Dependency) bool { return d.Kind != "key" }) {
			continue
		}
		byKeys++
		if allowed, denied := outcomes(q, l, one.DependsOn); !allowed || !denied {
			t.Fatalf("depends on %v at %q, but allowed %v, denied %v: %v", one.DependsOn, q.Resource, allowed, denied, oddText(l))
		}
	}
	if open < 500 || byKeys < 200 {
		t.Errorf("only %d open verdicts, %d by keys", open, byKeys)
	}
}

// outcomes goes through the values of the keys, all others being absent, and says whether some allow and some deny.
func outcomes(q Request, l Layers, keys []Dependency) (allowed, denied bool) {
	first, _, _ := strings.Cut(strings.TrimPrefix(q.Resource, "arn:aws:s3:::b/"), "/")
	ctx := Context{Complete: true}
	var walk func(int)
	walk = func(i int) {
		if i == len(keys) {
			q.Context = ctx.Clone()
			v := Decide(q, l).Verdict
			allowed, denied = allowed || v == Allowed, denied || v.Denied()
			return
		}
		values := []Value{AbsentValue()}
		for _, v := range oddValues[strings.ToLower(keys[i].Name)] {
			values = append(values, ExactValue(v))
		}
		if strings.EqualFold(keys[i].Name, "k:Variable") {
			values = append(values, ExactValue(first)) // which makes it match
		}
		for _, v := range values {
			ctx.Set(keys[i].Name, v)
			walk(i + 1)
		}
		ctx.Set(keys[i].Name, AbsentValue())
	}
	walk(0)
	return
}

func oddText(l Layers) (out []string) {
	for i, set := range []*Set{l.Identity, l.Boundary, l.Resource} {
		if set == nil {
			continue
		}
		out = append(out, []string{"\nidentity: ", "\nboundary: ", "\nresource: "}[i])
		for _, s := range set.Policies[0].Policy.Statements {
			line := s.Effect.String() + " "
			if s.body.notResource {
				line += "not "
			}
			line += strings.Join(s.Resources, " ")
			for _, p := range s.Principals {
				line += " for " + p.Value
			}
			for _, c := range s.body.conditions {
				line += " if " + c.name + " " + c.key + " " + strings.Join(c.texts, " ")
			}
			out = append(out, line)
		}
	}
	return out
}
