package glob

import "strings"

// Leads reports whether a is a text with one star behind it, and that text begins every string that matches b: then a
// covers b. It costs next to nothing.
func Leads(a, b Pattern) bool {
	return a.open && !a.fold && strings.HasPrefix(b.prefix, a.prefix)
}

// Covers reports whether every string that matches b also matches a. It may say false for a pair too large to decide.
func Covers(a, b Pattern) bool {
	if Leads(a, b) {
		return true
	}
	if s, ok := b.IsLiteral(); ok {
		return a.Match(s)
	}
	covered := true
	complete := Explore(b, []Pattern{a}, func(sig Signature, _ string) bool {
		covered = covered && sig[0]
		return covered
	})
	return covered && complete
}

// Shortest returns the shortest string that matches p, printable where there is a choice.
func Shortest(p Pattern) string {
	shortest := ""
	Explore(p, nil, func(_ Signature, s string) bool {
		shortest = s
		return false
	})
	return shortest
}
