package policy

import (
	"encoding/base64"
	"net/netip"
	"strings"
	"time"

	"ccx/transform/policy/glob"
)

const operatorPage = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"

// family groups the operators that compare alike.
type family uint8

const (
	famString family = iota
	famNumeric
	famDate
	famBool
	famBinary
	famIP
	famARN
	famNull
)

// comparison says how two numbers or dates are compared, or how a text is.
type comparison uint8

const (
	equal comparison = iota
	equalFold
	like
	less
	lessEqual
	greater
	greaterEqual
)

// kindOf is an operator without its prefix and suffix.
type kindOf struct {
	family  family
	compare comparison
	negated bool
}

// operators are all of AWS's condition operators.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
var operators = map[string]*kindOf{
	"StringEquals":              {famString, equal, false},
	"StringNotEquals":           {famString, equal, true},
	"StringEqualsIgnoreCase":    {famString, equalFold, false},
	"StringNotEqualsIgnoreCase": {famString, equalFold, true},
	"StringLike":                {famString, like, false},
	"StringNotLike":             {famString, like, true},
	"NumericEquals":             {famNumeric, equal, false},
	"NumericNotEquals":          {famNumeric, equal, true},
	"NumericLessThan":           {famNumeric, less, false},
	"NumericLessThanEquals":     {famNumeric, lessEqual, false},
	"NumericGreaterThan":        {famNumeric, greater, false},
	"NumericGreaterThanEquals":  {famNumeric, greaterEqual, false},
	"DateEquals":                {famDate, equal, false},
	"DateNotEquals":             {famDate, equal, true},
	"DateLessThan":              {famDate, less, false},
	"DateLessThanEquals":        {famDate, lessEqual, false},
	"DateGreaterThan":           {famDate, greater, false},
	"DateGreaterThanEquals":     {famDate, greaterEqual, false},
	"Bool":                      {famBool, equalFold, false},
	"BinaryEquals":              {famBinary, equal, false},
	"IpAddress":                 {famIP, equal, false},
	"NotIpAddress":              {famIP, equal, true},
	"ArnEquals":                 {famARN, like, false},
	"ArnNotEquals":              {famARN, like, true},
	"ArnLike":                   {famARN, like, false},
	"ArnNotLike":                {famARN, like, true},
	"Null":                      {famNull, equal, false},
}

// quantifier is the set operator before an operator's name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
type quantifier uint8

const (
	single quantifier = iota
	forAll
	forAny
)

// operator is a condition operator as written, read.
type operator struct {
	kind       *kindOf // nil: AWS has no such operator
	quantifier quantifier
	ifExists   bool
}

// newOperator reads an operator's name; known is false when AWS has no such operator.
func newOperator(name string) (op operator, known bool) {
	if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		op.quantifier, name = forAll, rest
	} else if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		op.quantifier, name = forAny, rest
	}
	name, op.ifExists = strings.CutSuffix(name, "IfExists")
	op.kind = operators[name]
	if op.kind != nil && op.kind.family == famNull && op.ifExists {
		op.kind = nil
	}
	return op, op.kind != nil
}

// wanted is one value of a condition in a policy, read for its operator.
type wanted struct {
	template
	text     string
	odd      bool // AWS would refuse it, or it can't be compared
	number   number
	moment   time.Time
	prefix   netip.Prefix
	binary   []byte
	segments []template // of an ARN
}

func newWanted(op operator, text string, variables bool) wanted {
	w := wanted{text: text}
	if op.kind == nil {
		w.odd = true
		return w
	}
	ok := true
	switch op.kind.family {
	case famString:
		w.template = newTemplate(text, op.kind.compare == like, variables)
		ok = !w.template.odd
	case famBool:
		w.template = newTemplate(text, false, variables)
		ok = w.parts != nil || isBool(text)
	case famARN:
		w.segments, ok = newARN(text, variables)
	case famNumeric:
		w.number, ok = newNumber(text)
	case famDate:
		w.moment, ok = newMoment(text)
	case famIP:
		w.prefix, ok = newPrefix(text)
	case famBinary:
		var err error
		w.binary, err = base64.StdEncoding.DecodeString(text)
		ok = err == nil
	case famNull:
		ok = isBool(text)
	}
	w.odd = !ok
	return w
}

func isBool(s string) bool {
	return strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
}

// newARN splits an ARN pattern at the colons that stand outside of variables.
func newARN(text string, variables bool) ([]template, bool) {
	var out []template
	start, depth := 0, 0
	for i := 0; i < len(text) && len(out) < arnSegments-1; i++ {
		switch {
		case variables && strings.HasPrefix(text[i:], "${"):
			depth++
		case text[i] == '}' && depth > 0:
			depth--
		case text[i] == ':' && depth == 0:
			out = append(out, newTemplate(text[start:i], true, variables))
			start = i + 1
		}
	}
	out = append(out, newTemplate(text[start:], true, variables))
	for _, t := range out {
		if t.odd {
			return nil, false
		}
	}
	return out, len(out) == arnSegments
}

// newPrefix reads an address range, or one address; an IPv4 address written as IPv6 is neither for sure.
func newPrefix(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), !p.Addr().Is4In6()
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" || a.Is4In6() {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// patternOf returns the pattern that a wanted text means for a string operator.
func patternOf(k *kindOf, p glob.Pattern) glob.Pattern {
	if k.compare == equalFold {
		return glob.Fold(p)
	}
	return p
}
