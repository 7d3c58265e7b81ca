package policy

import (
	"strings"
	"testing"
	"time"
)

func newCondition(t *testing.T, operator, key string, values ...string) *condition {
	t.Helper()
	op, known := newOperator(operator)
	if !known {
		t.Fatalf("AWS has an operator %s", operator)
	}
	c := &condition{operator: op, name: operator, key: key, folded: key, texts: values}
	for _, v := range values {
		c.wanted = append(c.wanted, newWanted(op, v, true))
	}
	return c
}

// TestOperators has, for each operator, values that match and that don't, and what an absent key gives, alone and with
// each prefix and suffix.
func TestOperators(t *testing.T) {
	for _, c := range []struct {
		operator, wanted string
		yes, no          []string
		absent           truth
	}{
		{"StringEquals", "Ab", []string{"Ab"}, []string{"ab", "Abc", ""}, no},
		{"StringNotEquals", "Ab", []string{"ab", "Abc", ""}, []string{"Ab"}, yes},
		{"StringEqualsIgnoreCase", "Ab", []string{"aB", "AB"}, []string{"abc"}, no},
		{"StringNotEqualsIgnoreCase", "Ab", []string{"abc"}, []string{"aB", "AB"}, yes},
		{"StringLike", "a*/?", []string{"a/b", "a//c", "a\n/é"}, []string{"a/", "A/b", "a/bc"}, no},
		{"StringNotLike", "a*/?", []string{"a/", "A/b"}, []string{"a/b"}, yes},
		{"NumericEquals", "10", []string{"10", "10.0", "1e1"}, []string{"11", "9.9"}, no},
		{"NumericNotEquals", "10", []string{"11"}, []string{"10", "10.0"}, yes},
		{"NumericLessThan", "10", []string{"9.99", "-1"}, []string{"10", "11"}, no},
		{"NumericLessThanEquals", "10", []string{"9.99", "10"}, []string{"10.01"}, no},
		{"NumericGreaterThan", "10", []string{"10.01"}, []string{"10", "9"}, no},
		{"NumericGreaterThanEquals", "12345678901234567890", []string{"12345678901234567890", "12345678901234567891"}, []string{"12345678901234567889", "5"}, no},
		{"NumericEquals", "0.1", []string{"0.1", "0.10000000000000000000"}, []string{"0.10000000000000000001"}, no},
		{"DateEquals", "2026-01-01", []string{"2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "1767225600"}, []string{"2026-01-02"}, no},
		{"DateNotEquals", "2026-01-01", []string{"2026-01-02"}, []string{"2026-01-01"}, yes},
		{"DateLessThan", "2026-01-01", []string{"2025-12-31T23:59:59Z"}, []string{"2026-01-01"}, no},
		{"DateLessThanEquals", "2026-01-01", []string{"2026-01-01"}, []string{"2026-01-01T00:00:01Z"}, no},
		{"DateGreaterThan", "1767225600", []string{"2026-01-01T00:00:01Z"}, []string{"2026-01-01"}, no},
		{"DateGreaterThanEquals", "2026-01-01", []string{"2026-01-01"}, []string{"2025-12"}, no},
		{"Bool", "true", []string{"true", "TRUE"}, []string{"false", "yes", ""}, no},
		{"BinaryEquals", "QUJD", []string{"QUJD"}, []string{"QUJE"}, no},
		{"IpAddress", "10.0.0.0/8", []string{"10.1.2.3"}, []string{"11.0.0.0", "::1"}, no},
		{"IpAddress", "2001:db8::/32", []string{"2001:db8::5"}, []string{"2001:db9::", "10.0.0.1"}, no},
		{"IpAddress", "10.1.2.3", []string{"10.1.2.3"}, []string{"10.1.2.4"}, no},
		{"NotIpAddress", "10.0.0.0/8", []string{"11.0.0.0", "::1"}, []string{"10.1.2.3"}, yes},
		{"ArnEquals", "arn:aws:iam::1:role/*", []string{"arn:aws:iam::1:role/a:b/c"}, []string{"arn:aws:iam::2:role/a", "arn:aws:sts::1:role/a"}, no},
		{"ArnLike", "arn:*:iam::1:role/a?", []string{"arn:aws:iam::1:role/ab"}, []string{"arn:aws:x:iam::1:role/ab", "arn:aws:iam::1:ROLE/ab"}, no},
		{"ArnNotEquals", "arn:aws:iam::1:role/*", []string{"arn:aws:iam::2:role/a"}, []string{"arn:aws:iam::1:role/a"}, yes},
		{"ArnNotLike", "arn:aws:iam::1:role/*", []string{"arn:aws:iam::2:role/a"}, []string{"arn:aws:iam::1:role/a"}, yes},
	} {
		ctx := Context{Complete: true}
		plain := newCondition(t, c.operator, "k", c.wanted)
		for want, list := range map[truth][]string{yes: c.yes, no: c.no} {
			for _, v := range list {
				ctx.Set("k", ExactValue(v))
				if got := plain.match(&ctx); got != want {
					t.Errorf("%s %q with %q: %v, want %v", c.operator, c.wanted, v, got, want)
				}
			}
		}
		ctx.Set("k", AbsentValue())
		for name, want := range map[string]truth{
			c.operator: c.absent, c.operator + "IfExists": yes,
			"ForAllValues:" + c.operator: yes, "ForAnyValue:" + c.operator: no, "ForAnyValue:" + c.operator + "IfExists": unclear,
		} {
			if got := newCondition(t, name, "k", c.wanted).match(&ctx); got != want {
				t.Errorf("%s with an absent key: %v, want %v", name, got, want)
			}
		}
		if got := newCondition(t, c.operator, "unknown", c.wanted).match(&Context{}); got != unknown {
			t.Errorf("%s with an unknown key: %v", c.operator, got)
		}
	}
	if len(operators) != 27 {
		t.Errorf("AWS has 27 operators, not %d", len(operators))
	}
}

func TestSeveralValues(t *testing.T) {
	for _, c := range []struct {
		operator string
		wanted   []string
		seen     []string
		want     truth
	}{
		{"StringEquals", []string{"a", "b"}, []string{"b"}, yes},
		{"StringNotEquals", []string{"a", "b"}, []string{"b"}, no},
		{"StringNotEquals", []string{"a", "b"}, []string{"c"}, yes},
		{"StringEquals", []string{"a"}, []string{"a", "b"}, unclear},
		{"ForAllValues:StringEquals", []string{"a", "b"}, []string{"a", "b"}, yes},
		{"ForAllValues:StringEquals", []string{"a", "b"}, []string{"a", "c"}, no},
		{"ForAllValues:StringEquals", []string{"a"}, []string{""}, unclear},
		{"ForAllValues:StringEquals", []string{"a"}, nil, yes},
		{"ForAllValues:StringNotLike", []string{"a*"}, []string{"b", "c"}, yes},
		{"ForAllValues:StringNotLike", []string{"a*"}, []string{"b", "ac"}, no},
		{"ForAnyValue:StringLike", []string{"a*"}, []string{"b", "ac"}, yes},
		{"ForAnyValue:StringLike", []string{"a*"}, []string{"b"}, no},
		{"ForAnyValue:StringNotEquals", []string{"a"}, []string{"a", "b"}, yes},
		{"ForAnyValue:StringNotEquals", []string{"a"}, []string{"a"}, no},
		{"Null", []string{"true"}, []string{"a"}, no},
		{"Null", []string{"false"}, []string{"a"}, yes},
		{"Null", []string{"true", "false"}, nil, yes},
		{"Null", []string{"maybe"}, nil, unclear},
	} {
		ctx := Context{Complete: true}
		ctx.Set("k", ExactValue(c.seen...))
		if got := newCondition(t, c.operator, "k", c.wanted...).match(&ctx); got != c.want {
			t.Errorf("%s %q with %q: %v, want %v", c.operator, c.wanted, c.seen, got, c.want)
		}
	}
}

// TestUnreadableValues: what can't be compared never lets an Allow match, negated or not, and a Deny may.
func TestUnreadableValues(t *testing.T) {
	for _, c := range []struct{ operator, wanted, seen string }{
		{"NumericEquals", "ten", "10"}, {"NumericNotEquals", "10", "ten"}, {"NumericLessThan", "0x10", "1"},
		{"NumericLessThan", "1e99999999999999", "1"}, {"NumericLessThan", "1", strings.Repeat("9", 65)}, {"NumericLessThan", "", "1"},
		{"NumericEquals", "inf", "inf"}, {"NumericGreaterThan", "1", "Infinity"}, {"NumericNotEquals", "1", "NaN"}, {"NumericLessThan", "0x1p4", "1"}, {"NumericEquals", "1_000", "1000"},
		{"DateLessThan", "soon", "2026-01-01"}, {"DateNotEquals", "2026-01-01", "soon"},
		{"IpAddress", "10.0.0.0/8", "host"}, {"NotIpAddress", "everywhere", "10.0.0.1"},
		{"BinaryEquals", "%%%", "QUJD"}, {"BinaryEquals", "QUJD", "%%%"},
		{"ArnLike", "arn:aws:iam", "arn:aws:iam::1:role/a"}, {"ArnNotLike", "arn:aws:iam::1:role/a", "role/a"},
		{"StringEquals", "${aws:username", "x"}, {"Bool", "maybe", "true"},
	} {
		ctx := Context{Complete: true}
		ctx.Set("k", ExactValue(c.seen))
		got := newCondition(t, c.operator, "k", c.wanted).match(&ctx)
		if got != unclear || got.settle(Allow) != no || got.settle(Deny) != unknown {
			t.Errorf("%s %q with %q: %v", c.operator, c.wanted, c.seen, got)
		}
	}
	for _, name := range []string{"StringIs", "stringequals", "NullIfExists", "ForSomeValues:StringEquals", "StringEqualsIfexists", ""} {
		if _, known := newOperator(name); known {
			t.Errorf("AWS has no operator %q", name)
		}
	}
}

func TestVariables(t *testing.T) {
	ctx := Context{Complete: true}
	ctx.Set("aws:username", ExactValue("ana"))
	ctx.Set("aws:PrincipalTag/Team", ExactValue("a*"))
	ctx.Set("aws:PrincipalTag/Account", ExactValue("1"))
	ctx.Set("many", ExactValue("x", "y"))
	ctx.Set("aws:userid", PatternValue("the instance", "AROA:i-*"))
	ctx.Set("open", UnknownValue(""))
	for _, c := range []struct {
		operator, wanted, seen string
		want                   truth
	}{
		{"StringLike", "home/${aws:username}/*", "home/ana/x", yes},
		{"StringLike", "home/${AWS:UserName}/*", "home/bo/x", no},
		{"StringLike", "${aws:principaltag/team}", "ab", no}, // a star in a value is a star
		{"StringLike", "${aws:principaltag/team}", "a*", yes},
		{"StringEquals", "${none}", "", no},
		{"StringNotEquals", "${none}", "x", unclear},
		{"StringLike", "${none, 'x*'}", "x*", yes},
		{"StringLike", "${none, 'x*'}", "xy", no},
		{"StringLike", "${aws:username, 'x'}", "ana", yes},
		{"StringLike", "a${*}", "a*", yes}, {"StringLike", "a${*}", "ab", no}, {"StringLike", "a${?}", "a?", yes}, {"StringLike", "${$}{x}", "${x}", yes},
		{"StringLike", "${many}", "x", unclear},
		{"StringLike", "${open}/x", "y/x", unknown}, {"StringLike", "${open}/x", "y", no},
		{"StringLike", "${aws:userid}/*", "AROA:i-1/x", unknown}, {"StringLike", "${aws:userid}/*", "AROB:i-1/x", no},
		{"StringNotLike", "${aws:userid}/*", "AROB:i-1/x", yes},
		{"StringEqualsIgnoreCase", "${aws:username}", "ANA", yes},
		{"ArnLike", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/ana", yes},
		{"ArnLike", "arn:aws:iam::1:user/${none}", "arn:aws:iam::1:user/ana", no},
		{"ArnLike", "arn:aws:iam::${aws:PrincipalTag/Account}:user/ana", "arn:aws:iam::1:user/ana", yes}, // the colon in it parts no segments
		{"ArnLike", "arn:aws:iam::${aws:PrincipalTag/Account}:user/ana", "arn:aws:iam::2:user/ana", no},
		{"ArnLike", "arn:aws:iam::1:role/${x", "arn:aws:iam::1:role/y", unclear}, {"ArnEquals", "arn:aws:s}:::x", "arn:aws:s}:::x", yes},
		{"ArnEquals", "arn:aws:sns::1:a:b", "arn:aws:sns::1:a:b", yes}, {"ArnEquals", "arn:aws:sns::1:a:b", "arn:aws:sns::1:a:c", no},
		{"Bool", "${flag, 'true'}", "true", yes}, {"Bool", "${flag}", "true", no}, {"Bool", "${open}", "true", unknown}, {"Bool", "${many}", "true", unclear},
	} {
		ctx.Set("k", ExactValue(c.seen))
		if got := newCondition(t, c.operator, "k", c.wanted).match(&ctx); got != c.want {
			t.Errorf("%s %q with %q: %v, want %v", c.operator, c.wanted, c.seen, got, c.want)
		}
	}
}

func TestKindsOfValue(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	ctx := Context{Complete: true}
	ctx.Set("time", IntervalValue("the clock", now, now.AddDate(0, 0, 30)))
	ctx.Set("id", PatternValue("the instance", "AROA:i-*", "AROA:j-*"))
	ctx.Set("prefix", ChosenValue(false, "*"))
	ctx.Set("tls", PatternValue("the client", "1.2", "1.3"))
	for _, c := range []struct {
		operator, key, wanted string
		want                  truth
	}{
		{"DateLessThan", "time", "2027-01-01", yes}, {"DateLessThan", "time", "2026-01-01", no}, {"DateLessThan", "time", "2026-11-15", unknown},
		{"DateNotEquals", "time", "2026-11-15", unknown}, {"DateNotEquals", "time", "2027-01-01", yes}, {"DateGreaterThan", "time", "soon", unclear},
		{"NumericLessThan", "time", "1", unknown}, {"Null", "time", "false", yes},
		{"StringLike", "id", "AROA:*", yes}, {"StringLike", "id", "AROB:*", no}, {"StringLike", "id", "AROA:i-*", unknown},
		{"StringNotLike", "id", "AROB:*", yes}, {"StringNotLike", "id", "AROA:*", no}, {"ArnLike", "id", "arn:*:*:*:*:*", unknown},
		{"NumericLessThan", "tls", "1.2", no}, {"NumericLessThan", "tls", "1.3", unknown}, {"NumericGreaterThanEquals", "tls", "1.2", yes},
		{"StringNotLike", "id", "${none}", unknown}, {"StringLike", "id", "${none}", no},
		{"Null", "id", "true", no}, {"Null", "prefix", "true", no}, {"StringLike", "prefix", "a*", unknown},
	} {
		if got := newCondition(t, c.operator, c.key, c.wanted).match(&ctx); got != c.want {
			t.Errorf("%s %s %q: %v, want %v", c.operator, c.key, c.wanted, got, c.want)
		}
	}
}
