package glob

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// slow is the obvious matcher that the quick one is held against.
func slow(p, s []rune) bool {
	if len(p) == 0 {
		return len(s) == 0
	}
	switch p[0] {
	case '*':
		return slow(p[1:], s) || len(s) > 0 && slow(p, s[1:])
	case '?':
		return len(s) > 0 && slow(p[1:], s[1:])
	}
	return len(s) > 0 && p[0] == s[0] && slow(p[1:], s[1:])
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "a/b:c\nd", true}, {"?", "", false}, {"?", "é", true},
		{"?", "😀", true}, {"b/*", "b/", true}, {"b/?*", "b/", false}, {"b/*/x", "b/a/c/x", true}, {"b/*x", "b/xxa", false},
		{"a*b*c", "abbc", true}, {"a*b*c", "acb", false}, {"*secret*", "top\nsecret\n", true}, {"a**b", "ab", true},
		{"arn:aws:s3:*", "arn:aws:s3:::b/k", true}, {"B", "b", false}, {"a?c", "a*c", true}, {"??", "é", false},
	} {
		if got := Compile(c.pattern).Match(c.text); got != c.want {
			t.Errorf("Compile(%q).Match(%q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

func TestLiteralHoldsStars(t *testing.T) {
	p := Concat(Compile("b/"), Literal("a*?"), Compile("/*"))
	if !p.Match("b/a*?/x") || p.Match("b/abc/x") {
		t.Errorf("%s must match its literal star only", p)
	}
	if got := p.String(); got != "b/a${*}${?}/*" {
		t.Errorf("String() = %q", got)
	}
	if got := Literal("${x").String(); got != "${$}{x" {
		t.Errorf("String() = %q", got)
	}
}

func TestFold(t *testing.T) {
	p := Fold(Compile("Ab*É"))
	if !p.Match("aBxxé") || !p.Match("ABÉ") || p.Match("ACÉ") {
		t.Error("a folded pattern must match in either case, and nothing else")
	}
}

func random(r *rand.Rand, letters string, n int) string {
	var b strings.Builder
	for range r.IntN(n + 1) {
		b.WriteByte(letters[r.IntN(len(letters))])
	}
	return b.String()
}

func TestMatchAgainstSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		p, s := random(r, "ab*?", 8), random(r, "ab", 10)
		if got, want := Compile(p).Match(s), slow([]rune(p), []rune(s)); got != want {
			t.Fatalf("Compile(%q).Match(%q) = %v, want %v", p, s, got, want)
		}
	}
}

// texts returns every text over letters of at most n characters.
func texts(letters string, n int) []string {
	out, last := []string{""}, []string{""}
	for range n {
		var next []string
		for _, s := range last {
			for _, l := range letters {
				next = append(next, s+string(l))
			}
		}
		out, last = append(out, next...), next
	}
	return out
}

func TestOverlapAndCoversAgainstAllTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	all := texts("abz", 6)
	for range 1500 {
		x, y := random(r, "ab*?", 4), random(r, "ab*?", 4)
		a, b := Compile(x), Compile(y)
		overlap, covers := false, true
		for _, s := range all {
			inA, inB := a.Match(s), b.Match(s)
			overlap = overlap || inA && inB
			covers = covers && (inA || !inB)
		}
		if got := Overlap(a, b); got != overlap {
			t.Fatalf("Overlap(%q, %q) = %v, want %v", x, y, got, overlap)
		}
		if got := Covers(a, b); got != covers {
			t.Fatalf("Covers(%q, %q) = %v, want %v", x, y, got, covers)
		}
	}
}

// TestExploreAgainstAllTexts checks that every signature is found, that each witness has it, and that none is shorter.
func TestExploreAgainstAllTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	all := texts("abz", 6)
	for range 400 {
		within := random(r, "ab*?", 4) + "*"
		var globs []string
		var atoms []Pattern
		for range 3 {
			g := random(r, "ab*?", 4)
			globs, atoms = append(globs, g), append(atoms, Compile(g))
		}
		want := map[string]int{}
		for _, s := range all {
			if Compile(within).Match(s) {
				if k := sign(atoms, s); want[k] == 0 || want[k] > len(s)+1 {
					want[k] = len(s) + 1
				}
			}
		}
		got := map[string]int{}
		if !Explore(Compile(within), atoms, func(sig Signature, w string) bool {
			k := sign(atoms, w)
			for i, set := range sig {
				if set != (k[i] == '1') {
					t.Fatalf("within %q, atoms %q: signature %v, but witness %q has %s", within, globs, sig, w, k)
				}
			}
			if !Compile(within).Match(w) {
				t.Fatalf("witness %q is not in %q", w, within)
			}
			got[k] = len(w) + 1
			return true
		}) {
			t.Fatalf("within %q, atoms %q: budget", within, globs)
		}
		for k, n := range want {
			if got[k] != n {
				t.Fatalf("within %q, atoms %q: signature %s has length %d, want %d", within, globs, k, got[k]-1, n-1)
			}
		}
	}
}

func sign(atoms []Pattern, s string) string {
	b := make([]byte, len(atoms))
	for i, a := range atoms {
		b[i] = '0'
		if a.Match(s) {
			b[i] = '1'
		}
	}
	return string(b)
}

func TestExploreEndsAtItsBudget(t *testing.T) {
	var atoms []Pattern
	for i := range 16 {
		atoms = append(atoms, Compile("*"+string(rune('a'+i))+strings.Repeat("?", 16)+"z"))
	}
	if Explore(Compile("*z"), atoms, func(Signature, string) bool { return true }) {
		t.Error("a product of millions of states must end at the budget")
	}
	if Explore(Compile("*"), []Pattern{Compile(strings.Repeat("a", maxLength+1) + "*")}, nil) {
		t.Error("a pattern beyond the length limit must end at the budget")
	}
}

func BenchmarkExplore100(b *testing.B) {
	var atoms []Pattern
	for i := range 50 {
		n := string(rune('0'+i/10)) + string(rune('0'+i%10))
		atoms = append(atoms, Compile("arn:aws:s3:::b/team-"+n+"/*"), Compile("arn:aws:s3:::b/*/private-"+n+"/*"))
	}
	for b.Loop() {
		Explore(Compile("arn:aws:s3:::b/?*"), atoms, func(Signature, string) bool { return true })
	}
}

func BenchmarkExploreEveryday(b *testing.B) {
	atoms := []Pattern{Compile("arn:aws:s3:::b/*"), Compile("arn:aws:s3:::b/secret/*")}
	for b.Loop() {
		Explore(Compile("arn:aws:s3:::b/?*"), atoms, func(Signature, string) bool { return true })
	}
}

func BenchmarkExploreAdversarial(b *testing.B) {
	var atoms []Pattern
	for i := range 16 {
		atoms = append(atoms, Compile("b/*"+string(rune('a'+i))+"*0"))
	}
	b.Run("disjoint", func(b *testing.B) {
		for b.Loop() {
			Explore(Compile("b/*1"), atoms, func(Signature, string) bool { return true })
		}
	})
	b.Run("joint", func(b *testing.B) {
		for b.Loop() {
			Explore(Compile("b/*"), atoms, func(Signature, string) bool { return true })
		}
	})
}

// FuzzMatch: the matcher agrees with the slow one, a pattern overlaps what it matches, and covers itself.
func FuzzMatch(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("*é?\n*", "xé😀\ny")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 12 || len(text) > 24 || !utf8.ValidString(pattern) || !utf8.ValidString(text) {
			return // the slow one is exponential; policies and ARNs are UTF-8
		}
		p := Compile(pattern)
		got := p.Match(text)
		if want := slow([]rune(pattern), []rune(text)); got != want {
			t.Fatalf("Compile(%q).Match(%q) = %v", pattern, text, got)
		}
		if Overlap(p, Literal(text)) != got || Covers(p, Literal(text)) != got {
			t.Fatalf("%q and %q: overlap or cover disagrees with match", pattern, text)
		}
		if !Covers(p, p) || !Overlap(p, p) || !p.Match(Shortest(p)) {
			t.Fatalf("%q must cover itself", pattern)
		}
	})
}

// TestMatchFolded: a text in any case matches as its small letters do, outside ASCII too.
func TestMatchFolded(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 50_000 {
		p, s := Compile(strings.ToLower(random(r, "ab:*?", 8))), random(r, "aAbB:", 8)
		if r.IntN(20) == 0 {
			s += "É\u212a" // the sign for kelvin is no K, but its small letter is a k
		}
		if got, want := p.MatchFolded(s), p.Match(strings.ToLower(s)); got != want {
			t.Fatalf("%s.MatchFolded(%q) = %v, want %v", p, s, got, want)
		}
	}
}
