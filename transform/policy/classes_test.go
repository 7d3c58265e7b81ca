package policy

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sampler draws wanted values for a policy and seen values for a request.
type sampler struct {
	operators    []string
	wanted, seen func(*rand.Rand) string
}

func address(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return fmt.Sprintf("2001:db8::%x", r.IntN(16))
	}
	return fmt.Sprintf("10.%d.%d.%d", r.IntN(2), r.IntN(3), r.IntN(4))
}

func arnText(r *rand.Rand, star bool) string {
	seg := func(of ...string) string {
		if star && r.IntN(3) == 0 {
			return "*"
		}
		return pick(r, of...)
	}
	last := []string{"role/a", "role/b:c", "user/a"}
	if star {
		last = append(last, "role/*", "*:c", "*/?")
	}
	return strings.Join([]string{"arn", seg("aws", "aws-cn"), seg("iam", "sts"), "", seg("1", "2"), seg(last...)}, ":")
}

func day(r *rand.Rand) string {
	return time.Date(2026, 1, 1+r.IntN(9), r.IntN(3)*8, 0, 0, 0, time.UTC).Format(time.RFC3339)
}

var samplers = map[string]sampler{
	"string": {
		[]string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLikeIfExists"},
		func(r *rand.Rand) string { return pick(r, "a", "B", "a*", "*b", "A?", "ab*a") },
		func(r *rand.Rand) string {
			return pick(r, "a", "b", "B", "A", "ab", "aB", "abba", "xb", "a*", "A?", "", "zz")
		},
	},
	"numeric": {
		[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEqualsIfExists"},
		func(r *rand.Rand) string {
			return pick(r, "1", "1.2", "1.20", "-3", "1e2", "12345678901234567890", "0")
		},
		func(r *rand.Rand) string {
			return pick(r, "1", "1.2", "1.1", "1.3", "-4", "-3", "100", "99", "0.5", "12345678901234567890", "12345678901234567891")
		},
	},
	"date": {
		[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		day, func(r *rand.Rand) string {
			return pick(r, day(r), day(r), strconv.Itoa(1_700_000_000+r.IntN(90_000_000)))
		},
	},
	"bool": {
		[]string{"Bool", "BoolIfExists"},
		func(r *rand.Rand) string { return pick(r, "true", "false", "True") },
		func(r *rand.Rand) string { return pick(r, "true", "false") },
	},
	"ip": {
		[]string{"IpAddress", "NotIpAddress", "NotIpAddressIfExists"},
		func(r *rand.Rand) string {
			if a := address(r); strings.Contains(a, ":") {
				return a + pick(r, "/128", "/32", "/124")
			} else {
				return a + pick(r, "/32", "/24", "/16", "/31", "/8", "")
			}
		},
		address,
	},
	"arn": {
		[]string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"},
		func(r *rand.Rand) string { return arnText(r, true) }, func(r *rand.Rand) string { return arnText(r, false) },
	},
}

// TestClassesStandForEveryValue: for any value there is a class on which all conditions answer alike. Without that, a
// proof over the completions would be no proof.
func TestClassesStandForEveryValue(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for name, s := range samplers {
		found := 0
		for range 800 {
			conds := randomConditions(r, s)
			ctx := Context{Complete: true}
			values, ok := classes(UnknownValue(""), conds, &ctx)
			if !ok {
				continue
			}
			found++
			for range 10 {
				v := ExactValue(s.seen(r))
				if r.IntN(6) == 0 {
					v = AbsentValue()
				}
				want := answers(conds, &v)
				if !hasAnswers(conds, values, want) {
					t.Fatalf("%s: no class answers %v as %v does: %v", name, want, v, describe(conds))
				}
			}
		}
		if found < 50 {
			t.Errorf("%s: classes in %d cases only", name, found)
		}
	}
}

func randomConditions(r *rand.Rand, s sampler) []*condition {
	var out []*condition
	for range 1 + r.IntN(3) {
		name, n := pick(r, s.operators...), 1+r.IntN(2)
		if r.IntN(6) == 0 {
			name, n = "Null", 0
		}
		op, _ := newOperator(name)
		c := &condition{operator: op, name: name, key: "k", folded: "k"}
		for range n {
			w := s.wanted(r)
			c.wanted, c.texts = append(c.wanted, newWanted(op, w, true)), append(c.texts, w)
		}
		if n == 0 {
			c.wanted = append(c.wanted, newWanted(op, pick(r, "true", "false"), true))
		}
		out = append(out, c)
	}
	return out
}

func answers(conds []*condition, v *Value) []truth {
	ctx := Context{Complete: true}
	ctx = ctx.trying("k", v)
	var out []truth
	for _, c := range conds {
		out = append(out, c.match(&ctx))
	}
	return out
}

func hasAnswers(conds []*condition, values []Value, want []truth) bool {
	for i := range values {
		if fmt.Sprint(answers(conds, &values[i])) == fmt.Sprint(want) {
			return true
		}
	}
	return false
}

func describe(conds []*condition) (out []string) {
	for _, c := range conds {
		out = append(out, c.name+" "+strings.Join(c.texts, ","))
	}
	return out
}

// TestIntervalClasses: the same for a time between two others, for operators of dates and of numbers.
func TestIntervalClasses(t *testing.T) {
	from, to := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 7, 0, 0, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(33, 34))
	for range 1_000 {
		conds := randomConditions(r, samplers["date"])
		ctx := Context{Complete: true}
		values, ok := classes(IntervalValue("", from, to), conds, &ctx)
		if !ok {
			t.Fatalf("no classes for %v", describe(conds))
		}
		for range 10 {
			at := ExactValue(strconv.FormatInt(from.Unix()+r.Int64N(to.Unix()-from.Unix()+1), 10))
			if want := answers(conds, &at); !hasAnswers(conds, values, want) {
				t.Fatalf("no class answers %v as %v does: %v", want, at, describe(conds))
			}
		}
		for i := range values {
			if at, _ := newMoment(values[i].Values[0]); at.Before(from) || at.After(to) {
				t.Fatalf("class %v lies outside of the interval", values[i])
			}
		}
	}
}

// TestPartialAnswersAgreeWithClasses: an answer given without going through the classes must be that of all of them.
func TestPartialAnswersAgreeWithClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	from, to := time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC)
	settled := 0
	for range 3_000 {
		v, s := PatternValue("", pick(r, "a*", "*b", "ab", "?", "b*a")), samplers["string"]
		if r.IntN(2) == 0 {
			v, s = IntervalValue("", from, to), samplers["date"]
		}
		conds := randomConditions(r, s)[:1]
		ctx := Context{Complete: true}
		values, ok := classes(v, conds, &ctx)
		partial := answers(conds, &v)[0]
		if !ok || partial == unknown {
			continue
		}
		settled++
		for i := range values {
			if got := answers(conds, &values[i])[0]; got != partial {
				t.Fatalf("%v for %v, but %v for %v: %v", partial, v, got, values[i], describe(conds))
			}
		}
	}
	if settled < 500 {
		t.Errorf("only %d answers were settled", settled)
	}
}
