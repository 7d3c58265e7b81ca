package policy

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxClasses bounds how many values of one key are tried.
const maxClasses = 256

// firstMoment is the first second since 1970 that can't be mistaken for a year, and lastMoment the last that can't be
// for milliseconds.
const (
	firstMoment = 10_000
	lastMoment  = 99_999_999_999
)

// classes returns values of a context key that stand for all that it can have: for every value there is one among them
// on which all the given conditions, taken together, answer alike. ok is false when no such list is known; each
// condition must then be left free, which can only make a verdict less certain.
func classes(v Value, conds []*condition, ctx *Context) (values []Value, ok bool) {
	if (v.Kind == Pattern || v.Kind == Chosen) && !strings.ContainsAny(strings.Join(v.Values, ""), "*?") {
		return oneOf(v, conds, ctx)
	}
	fam := famNull
	for _, c := range conds {
		if c.entangled(ctx) || v.Kind == Unknown && c.quantifier != single {
			return nil, false
		}
		switch f := c.kind.family; {
		case f == famNull || f == fam:
		case fam == famNull:
			fam = f
		case fam == famString && f == famBool || fam == famBool && f == famString:
			fam = famBool
		case v.Kind == Interval && fam+f == famDate+famNumeric:
			fam = famDate
		default:
			return nil, false
		}
	}
	texts, ok := texts(fam, v, conds, ctx)
	if !ok || len(texts) > maxClasses {
		return nil, false
	}
	if v.Kind == Unknown || v.Kind == Chosen && v.Optional {
		values = append(values, AbsentValue())
	}
	for _, s := range texts {
		values = append(values, ExactValue(s))
	}
	return values, true
}

// oneOf returns the values of a key that has one of a few: each is a class.
func oneOf(v Value, conds []*condition, ctx *Context) (values []Value, ok bool) {
	for _, c := range conds {
		if c.entangled(ctx) {
			return nil, false
		}
	}
	if v.Kind == Chosen && v.Optional {
		values = append(values, AbsentValue())
	}
	for _, s := range v.Values {
		values = append(values, ExactValue(s))
	}
	return values, len(values) <= maxClasses
}

// entangled reports whether the condition's answer hinges on another key than its own, or on nothing that a value of
// its key could settle.
func (c *condition) entangled(ctx *Context) bool {
	bad := c.kind == nil
	look := func(key string) {
		k := ctx.get(key).Kind
		bad = bad || k != Exact && k != Absent
	}
	for i := range c.wanted {
		w := &c.wanted[i]
		w.keys(look)
		for j := range w.segments {
			w.segments[j].keys(look)
		}
		bad = bad || w.odd
	}
	return bad
}

// texts returns values by the family of the operators that look at the key.
func texts(fam family, v Value, conds []*condition, ctx *Context) ([]string, bool) {
	switch {
	case fam == famNull && v.Kind == Interval:
		return []string{strconv.FormatInt(v.From.Unix(), 10)}, true
	case fam == famString || fam == famNull:
		return stringClasses(v, conds, ctx)
	case fam == famBool:
		s, ok := stringClasses(v, conds, ctx)
		return append(s, "true", "false"), ok && v.Kind == Unknown
	case v.Kind == Interval && (fam == famDate || fam == famNumeric):
		return timeClasses(v, conds)
	case v.Kind != Unknown:
		return nil, false
	case fam == famDate:
		return timeClasses(Value{From: time.Unix(firstMoment, 0), To: time.Unix(lastMoment, 0)}, conds)
	case fam == famNumeric:
		return numberClasses(conds)
	case fam == famIP:
		return addressClasses(conds), true
	case fam == famARN:
		return arnClasses(conds, ctx)
	}
	return nil, false
}

// timeClasses returns the ends of an interval, the wanted times within it, and a time between any two of these, as
// seconds since 1970, which operators for dates and for numbers both read.
func timeClasses(v Value, conds []*condition) ([]string, bool) {
	points := []int64{v.From.Unix(), v.To.Unix()}
	for _, c := range conds {
		for i := range c.wanted {
			w := &c.wanted[i]
			t := w.moment
			if c.kind.family == famNumeric {
				t = time.Unix(int64(w.number.fast), 0)
				if w.number.big != nil || w.number.fast != float64(t.Unix()) {
					return nil, false
				}
			}
			if c.kind.family == famNull || t.Before(v.From) || t.After(v.To) {
				continue
			}
			if t.Nanosecond() != 0 {
				return nil, false
			}
			points = append(points, t.Unix())
		}
	}
	slices.Sort(points)
	points = slices.Compact(points)
	var out []string
	for i, p := range points {
		if i > 0 && p-points[i-1] > 1 {
			out = append(out, strconv.FormatInt(points[i-1]+(p-points[i-1])/2, 10))
		}
		out = append(out, strconv.FormatInt(p, 10))
	}
	return out, points[0] >= firstMoment
}

// numberClasses returns the wanted numbers, one below, one above, and one between any two.
func numberClasses(conds []*condition) ([]string, bool) {
	var points []number
	for _, c := range conds {
		for i := range c.wanted {
			if c.kind.family != famNumeric {
				continue
			}
			n := c.wanted[i].number
			if n.big != nil || strings.ContainsAny(n.text, "eE") {
				return nil, false // too long to be halved exactly
			}
			points = append(points, n)
		}
	}
	slices.SortFunc(points, number.cmp)
	points = slices.CompactFunc(points, func(a, b number) bool { return a.cmp(b) == 0 })
	out := make([]string, 0, 2*len(points)+1)
	for i, p := range points {
		switch {
		case i == 0:
			out = append(out, p.plus(-1))
		default:
			out = append(out, p.halfway(points[i-1]))
		}
		out = append(out, p.text)
	}
	return append(out, points[len(points)-1].plus(1)), true
}

// addressClasses returns where every wanted range begins and the address after its end: the answer can change nowhere
// else.
func addressClasses(conds []*condition) []string {
	points := []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	for _, c := range conds {
		for i := range c.wanted {
			if c.kind.family == famIP {
				p := c.wanted[i].prefix
				points = append(points, p.Addr())
				if next := last(p).Next(); next.IsValid() {
					points = append(points, next)
				}
			}
		}
	}
	slices.SortFunc(points, netip.Addr.Compare)
	var out []string
	for _, a := range slices.Compact(points) {
		out = append(out, a.String())
	}
	return out
}

// last returns the last address of a range.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
