package policy

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// test compares one value of the request with one of the policy, by the operator without its negation.
func (w *wanted) test(k *kindOf, seen string, c *Context) truth {
	if w.odd {
		return unclear
	}
	switch k.family {
	case famString:
		return w.testString(k, seen, c)
	case famBool:
		return w.testBool(k, seen, c)
	case famARN:
		return w.testARN(k, seen, c)
	case famNumeric:
		n, ok := newNumber(seen)
		return compared(ok, k.compare, func() int { return n.cmp(w.number) })
	case famDate:
		t, ok := newMoment(seen)
		return compared(ok, k.compare, func() int { return t.Compare(w.moment) })
	case famIP:
		a, err := netip.ParseAddr(seen)
		if err != nil {
			return unclear
		}
		return truthOf(w.prefix.Contains(a.Unmap().WithZone("")))
	case famBinary:
		b, err := base64.StdEncoding.DecodeString(seen)
		if err != nil {
			return unclear
		}
		return truthOf(bytes.Equal(b, w.binary))
	}
	return unclear
}

func (w *wanted) testString(k *kindOf, seen string, c *Context) truth {
	if w.parts == nil {
		if k.compare == equalFold {
			text, _ := w.fixed.IsLiteral()
			return truthOf(strings.EqualFold(text, seen))
		}
		return truthOf(w.fixed.Match(seen))
	}
	p, how := w.resolve(c)
	if how == absent {
		return k.valueless()
	}
	return certain(patternOf(k, p).Match(seen), how)
}

// valueless is what a wanted value says whose variable has no value in the request: it matches nothing. Whether its
// negation then holds is not agreed: AWS's page says that the statement may be invalid as a whole.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (k *kindOf) valueless() truth {
	if k.negated {
		return unclear
	}
	return no
}

// certain weighs a match with a pattern whose variables may not all be known: no match then is no match whatever they
// are, since the pattern covers every text it may become.
func certain(match bool, how resolution) truth {
	switch {
	case !match:
		return no
	case how == unresolved:
		return unknown
	case how == ambiguous:
		return unclear
	}
	return yes
}

func (w *wanted) testBool(k *kindOf, seen string, c *Context) truth {
	text := w.text
	if w.parts != nil {
		p, how := w.resolve(c)
		switch how {
		case absent:
			return k.valueless()
		case unresolved:
			return unknown
		case ambiguous:
			return unclear
		}
		text, _ = p.IsLiteral()
	}
	return truthOf(isBool(text) && strings.EqualFold(text, seen))
}

// testARN compares the six segments one by one; case counts, and the two pairs of operators are the same.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func (w *wanted) testARN(k *kindOf, seen string, c *Context) truth {
	t := yes
	for i := range w.segments {
		s := &w.segments[i]
		segment := seen
		if i < len(w.segments)-1 {
			before, after, ok := strings.Cut(seen, ":")
			if !ok {
				return unclear // the request's value is no ARN
			}
			segment, seen = before, after
		}
		p, how := s.resolve(c)
		if how == absent {
			t = and(t, k.valueless())
			continue
		}
		t = and(t, certain(p.Match(segment), how))
	}
	return t
}

// compared turns an order into the operator's answer; a value of the request that can't be read is unclear.
func compared(ok bool, c comparison, cmp func() int) truth {
	if !ok {
		return unclear
	}
	d := cmp()
	switch c {
	case less:
		return truthOf(d < 0)
	case lessEqual:
		return truthOf(d <= 0)
	case greater:
		return truthOf(d > 0)
	case greaterEqual:
		return truthOf(d >= 0)
	}
	return truthOf(d == 0)
}

// number is a decimal, exact: fast holds those of up to 15 characters.
type number struct {
	fast float64
	text string
	big  *big.Rat
}

func newNumber(s string) (number, bool) {
	if len(s) == 0 || strings.ContainsAny(s, "/xXpPiInN_") {
		return number{}, false
	}
	if len(s) <= 15 {
		f, err := strconv.ParseFloat(s, 64)
		if strings.ContainsAny(s, "eE") && err == nil { // the exponent may be too large to compare exactly
			_, ok := new(big.Rat).SetString(s)
			return number{fast: f, text: s}, ok
		}
		return number{fast: f, text: s}, err == nil
	}
	if len(s) > 64 || strings.ContainsAny(s, "eE") {
		return number{}, false
	}
	r, ok := new(big.Rat).SetString(s)
	return number{big: r}, ok
}

func (n number) rat() *big.Rat {
	if n.big != nil {
		return n.big
	}
	r, _ := new(big.Rat).SetString(n.text)
	return r
}

func (n number) cmp(m number) int {
	if n.big != nil || m.big != nil {
		return n.rat().Cmp(m.rat())
	}
	switch {
	case n.fast < m.fast:
		return -1
	case n.fast > m.fast:
		return 1
	}
	return 0
}

// plus returns a decimal text of n + d.
func (n number) plus(d int64) string {
	return decimal(new(big.Rat).Add(n.rat(), big.NewRat(d, 1)))
}

// halfway returns a decimal text of the number between n and m.
func (n number) halfway(m number) string {
	sum := new(big.Rat).Add(n.rat(), m.rat())
	return decimal(sum.Mul(sum, big.NewRat(1, 2)))
}

func decimal(r *big.Rat) string {
	return strings.TrimRight(strings.TrimRight(r.FloatString(20), "0"), ".")
}

// layouts are the forms of ISO 8601 that the W3C note allows.
// https://www.w3.org/TR/NOTE-datetime
var layouts = [...]string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"}

// newMoment reads a date, or seconds since 1970. So many digits that they must be milliseconds are not understood.
func newMoment(s string) (time.Time, bool) {
	if len(s) > 11 && strings.Trim(s, "0123456789") == "" {
		return time.Time{}, false
	}
	if len(s) > 4 && strings.Trim(s, "0123456789") == "" {
		n, err := strconv.ParseInt(s, 10, 64)
		return time.Unix(n, 0), err == nil
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
