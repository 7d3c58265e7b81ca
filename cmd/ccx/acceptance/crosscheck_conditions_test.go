//go:build acceptance && (crosscheck || bench)

package acceptance

import "strings"

// subject is a condition key with the values that requests have for it and that policies ask for, and the operators
// that fit them.
type subject struct {
	key       string
	values    []any // of a request
	wanted    []string
	operators []string
}

var (
	textOperators = []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
	setOperators  = []string{"ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringLike", "ForAnyValue:StringLike", "ForAllValues:StringNotEquals", "ForAnyValue:StringNotEquals"}
	numbers       = []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}
	dates         = []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}
	arns          = []string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"}
)

var subjects = []subject{
	{"aws:PrincipalOrgID", []any{"o-acme", "o-other", "O-ACME"}, []string{"o-acme", "o-*", "o-acm?", "x"}, textOperators},
	{"aws:SourceVpce", []any{"vpce-1", "vpce-2"}, []string{"vpce-1", "vpce-*", "*"}, textOperators},
	{"aws:PrincipalTag/team", []any{"blue", "models", "a*"}, []string{"blue", "b*", "Blue", "${aws:SourceVpce}", "a${*}"}, textOperators},
	{"aws:PrincipalOrgPaths", []any{[]string{"o-acme/r-1/ou-1/"}, []string{"o-acme/r-1/ou-1/", "o-acme/r-1/ou-2/"}}, []string{"o-acme/r-1/*", "o-acme/r-1/ou-1/", "o-other/*"}, setOperators},
	{"aws:SecureTransport", []any{"true", "false"}, []string{"true", "false"}, []string{"Bool"}},
	{"aws:MultiFactorAuthPresent", []any{"true", "false"}, []string{"true", "false"}, []string{"Bool"}},
	{"aws:SourceIp", []any{"10.1.2.3", "192.0.2.7", "2001:db8::7"}, []string{"10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "0.0.0.0/0"}, []string{"IpAddress", "NotIpAddress"}},
	{"aws:MultiFactorAuthAge", []any{"60", "3600"}, []string{"60", "300", "3600"}, numbers},
	{"aws:CurrentTime", []any{"2026-11-27T12:00:00Z"}, []string{"2026-11-27T12:00:00Z", "2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"}, dates},
	{"aws:PrincipalArn", nil, []string{"arn:aws:iam::111122223333:role/nodes", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/ada", "arn:aws:iam::444455556666:*"}, arns},
	{"aws:userid", nil, []string{"AROAEXAMPLEEXAMPLE12:*", "AIDAEXAMPLEEXAMPLE12", "x"}, []string{"StringLike", "StringNotLike"}},
}

// context makes what is known of a request: what AWS always says of the caller, and some of the rest.
func (g *generator) context(who someone) map[string]any {
	out := map[string]any{}
	for key, value := range who.context {
		out[key] = value
	}
	for _, s := range g.subjects {
		if len(s.values) > 0 && g.IntN(3) > 0 {
			key := s.key
			if g.one(8) {
				key = strings.ToLower(key)
			}
			out[key] = oneOf(g, s.values)
		}
	}
	return out
}

// condition adds one operator on one key.
func (g *generator) condition(to map[string]map[string]any, who someone) {
	s := oneOf(g, g.subjects)
	operator, wanted := oneOf(g, s.operators), fewOf(g, s.wanted)
	switch {
	case g.one(10):
		operator, wanted = "Null", []string{oneOf(g, []string{"true", "false"})}
	case g.one(4) && !strings.HasPrefix(operator, "For"):
		operator += "IfExists"
	}
	if to[operator] == nil {
		to[operator] = map[string]any{}
	}
	key := s.key
	if g.one(8) {
		key = strings.ToUpper(key[:3]) + key[3:]
	}
	for written := range to[operator] {
		if strings.EqualFold(written, key) {
			return
		}
	}
	to[operator][key] = wanted
}
