package glob

// Pattern is a compiled glob. The zero value matches only the empty string. It is immutable.
type Pattern struct {
	elems []elem
}

type elem struct {
	r    rune // the character, or a wildcard
	kind uint8
}

// Compile reads s with '*' and '?' as wildcards.
func Compile(s string) Pattern { return Pattern{} }

// Literal returns the pattern that matches exactly s, stars and question marks included.
func Literal(s string) Pattern { return Pattern{} }

// Concat returns the pattern that matches the strings of ps one after the other.
func Concat(ps ...Pattern) Pattern { return Pattern{} }

// Match reports whether the whole of s matches.
func (p Pattern) Match(s string) bool { return false }

// String returns the pattern as written; a literal star is shown as ${*}.
func (p Pattern) String() string { return "" }

// Overlap reports whether some string matches both a and b.
func Overlap(a, b Pattern) bool { return false }
