package policy

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ccx/transform/policy/glob"
)

// domain are the values that stand for all in the reference: each literal, one that a glob matches, one that none does.
var domain = []string{"a", "b", "ab", "zb", "azz", "zzz", "", "a*", "?b", "azb"}

// contexts calls f with every context over the reference's keys: each is absent or has a value of the domain.
func contexts(keys []string, f func(map[string]string)) {
	ctx := map[string]string{}
	var next func(int)
	next = func(i int) {
		if i == len(keys) {
			f(ctx)
			return
		}
		k := strings.ToLower(keys[i])
		delete(ctx, k)
		next(i + 1)
		for _, v := range domain {
			ctx[k] = v
			next(i + 1)
		}
		delete(ctx, k)
	}
	next(0)
}

func concrete(r Request, ctx map[string]string) Request {
	r.Context = Context{Complete: true}
	for k, v := range ctx {
		r.Context.Set(k, ExactValue(v))
	}
	return r
}

// TestDecideAgainstReference: with everything known, the verdict is the reference's.
func TestDecideAgainstReference(t *testing.T) { decideAgainstReference(t, 10_000, 11) }

func decideAgainstReference(t *testing.T, cases int, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 12))
	count := map[Verdict]int{}
	for range cases {
		l := refRandom(r, 2)
		resource := "arn:aws:s3:::b/" + pick(r, "a", "ab", "b", "zab", "xa", "a/b:c", "\n")
		ctx := map[string]string{}
		for _, k := range refKeys {
			if r.IntN(2) == 0 {
				ctx[strings.ToLower(k)] = pick(r, domain...)
			}
		}
		d := Decide(concrete(l.request(resource), ctx), l.layers())
		allowed, explicit := refDecide(l, "s3:GetObject", resource, ctx)
		want := ImplicitDeny
		if allowed {
			want = Allowed
		} else if explicit {
			want = ExplicitDeny
		}
		if d.Verdict != want {
			t.Fatalf("got %v, want %v for %q in %v: %v", d.Verdict, want, resource, ctx, l)
		}
		count[want]++
	}
	for _, v := range []Verdict{Allowed, ImplicitDeny, ExplicitDeny} {
		if count[v] < 500 {
			t.Errorf("only %d cases of %v", count[v], v)
		}
	}
}

// TestUnknownKeys: an allowed or denied holds in every completion, a depends has both outcomes among them, and it names
// exactly the keys whose value alone can turn the outcome.
func TestUnknownKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	count := map[Verdict]int{}
	for range 600 {
		l := generous(r, 1)
		q := l.request("arn:aws:s3:::b/ab")
		d := Decide(q, l.layers())
		outcome := map[string]bool{}
		var all, none = true, true
		contexts(refKeys, func(ctx map[string]string) {
			allowed, _ := refDecide(l, "s3:GetObject", q.Resource, ctx)
			all, none = all && allowed, none && !allowed
			outcome[spell(ctx)] = allowed
		})
		want := Depends
		if all {
			want = Allowed
		} else if none {
			want = ImplicitDeny
		}
		got := d.Verdict
		if got == ExplicitDeny {
			got = ImplicitDeny
		}
		if got != want {
			t.Fatalf("got %v, want %v: %v", d.Verdict, want, l)
		}
		if want == Depends {
			if got, want := names(d.DependsOn), hinges(outcome); !slices.Equal(got, want) {
				t.Fatalf("depends on %v, want %v: %v", got, want, l)
			}
		}
		count[want]++
	}
	for _, v := range []Verdict{Allowed, ImplicitDeny, Depends} {
		if count[v] < 40 {
			t.Errorf("only %d cases of %v", count[v], v)
		}
	}
}

// generous returns layers that allow more often than not.
func generous(r *rand.Rand, conditions int) *refLayers {
	l := refRandom(r, conditions)
	if r.IntN(3) > 0 {
		l.identity = append(l.identity, refStatement{actions: []string{"*"}, resources: []string{"arn:aws:s3:::b/*"}})
		l.hasBoundary = l.hasBoundary && r.IntN(2) == 0
		l.same = true
	}
	return l
}

// twoKeys leaves only the first two keys in the conditions, so that fewer contexts need to be gone through.
func twoKeys(l *refLayers) {
	for _, list := range append([][]refStatement{l.identity, l.boundary, l.resource}, l.scps...) {
		for i := range list {
			if s := &list[i]; s.key == refKeys[2] {
				s.operator = ""
			}
			if s := &list[i]; s.secondKey == refKeys[2] {
				s.second = ""
			}
		}
	}
}

func spell(ctx map[string]string) string {
	var parts []string
	for _, k := range refKeys {
		v, ok := ctx[strings.ToLower(k)]
		if !ok {
			v = "(absent)"
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, "|")
}

// hinges returns the keys for which two contexts that differ in that key alone have different outcomes.
func hinges(outcome map[string]bool) []string {
	var out []string
	for i, k := range refKeys {
		group := map[string]bool{}
		for ctx, allowed := range outcome {
			parts := strings.Split(ctx, "|")
			parts[i] = ""
			rest := strings.Join(parts, "|")
			if other, seen := group[rest]; seen && other != allowed {
				out = append(out, k)
				break
			}
			group[rest] = allowed
		}
	}
	slices.Sort(out)
	return out
}

func names(deps []Dependency) []string {
	var out []string
	for _, d := range deps {
		out = append(out, d.Name)
	}
	slices.Sort(out)
	return out
}

// texts returns every text over letters of 1 to n characters, shortest first.
func texts1(letters string, n int) []string {
	var out []string
	last := []string{""}
	for range n {
		var next []string
		for _, s := range last {
			for _, c := range letters {
				next = append(next, s+string(c))
			}
		}
		out, last = append(out, next...), next
	}
	return out
}

// TestProveAgainstReference: over all short keys, a proof holds, and a counterexample is denied and the shortest.
func TestProveAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	count := map[Verdict]int{}
	all := texts1("abz", 4)
	for range 2_000 {
		l := refRandom(r, 1000)
		d := Prove(concrete(l.request(""), nil), glob.Compile("arn:aws:s3:::b/?*"), l.layers())
		count[d.Verdict]++
		shortest := ""
		for _, k := range all {
			if ok, _ := refDecide(l, "s3:GetObject", "arn:aws:s3:::b/"+k, nil); !ok {
				shortest = k
				break
			}
		}
		switch {
		case d.Verdict == Allowed:
			if shortest != "" {
				t.Fatalf("a proof, but %q is denied: %v", shortest, l)
			}
		case d.Verdict == Depends:
			t.Fatalf("nothing is unknown: %v: %v", d.DependsOn, l)
		default:
			key := strings.TrimPrefix(d.Counterexample, "arn:aws:s3:::b/")
			if ok, _ := refDecide(l, "s3:GetObject", d.Counterexample, nil); ok {
				t.Fatalf("counterexample %q is allowed: %v", key, l)
			}
			if shortest != "" && len(key) > len(shortest) {
				t.Fatalf("counterexample %q is longer than %q: %v", key, shortest, l)
			}
		}
	}
	if count[Allowed] < 100 || count[ImplicitDeny] < 100 || count[ExplicitDeny] < 100 {
		t.Errorf("too few cases of a kind: %v", count)
	}
}

// TestProveWithUnknownKeys: the three questions in their order, against all keys and all completions.
func TestProveWithUnknownKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	count := map[Verdict]int{}
	all := texts1("abz", 3)
	for range 300 {
		l := generous(r, 2)
		twoKeys(l)
		d := Prove(l.request(""), glob.Compile("arn:aws:s3:::b/?*"), l.layers())
		count[d.Verdict]++
		denied, doubtful := "", ""
		for _, k := range all {
			some, every := false, true
			contexts(refKeys[:2], func(ctx map[string]string) {
				ok, _ := refDecide(l, "s3:GetObject", "arn:aws:s3:::b/"+k, ctx)
				some, every = some || ok, every && ok
			})
			if !some && denied == "" {
				denied = k
			}
			if !every && doubtful == "" {
				doubtful = k
			}
		}
		want := Allowed
		if denied != "" {
			want = ImplicitDeny
		} else if doubtful != "" {
			want = Depends
		}
		got := d.Verdict
		if got == ExplicitDeny {
			got = ImplicitDeny
		}
		if got != want {
			t.Fatalf("got %v at %q, want %v (denied %q, doubtful %q): %v", d.Verdict, d.Counterexample, want, denied, doubtful, l)
		}
		key := strings.TrimPrefix(d.Counterexample, "arn:aws:s3:::b/")
		if want == ImplicitDeny && len(key) != len(denied) || want == Depends && len(key) != len(doubtful) {
			t.Fatalf("counterexample %q, want the length of %q or %q: %v", key, denied, doubtful, l)
		}
	}
	if count[Depends] < 15 || count[Allowed] < 20 {
		t.Errorf("too few cases of a kind: %v", count)
	}
}

// TestMoreStatements: a further Deny never allows, a further Allow never denies, and the order never matters.
func TestMoreStatements(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for range 2_000 {
		l := refRandom(r, 2)
		q := l.request("arn:aws:s3:::b/ab")
		before := Decide(q, l.layers()).Verdict
		extra := refRandomStatement(r, false, 2)
		more := *l
		more.identity = append(slices.Clone(l.identity), extra)
		after := Decide(q, more.layers()).Verdict
		switch {
		case extra.deny && after == Allowed && before != Allowed:
			t.Fatalf("a further Deny turned %v into %v: %v", before, after, &more)
		case !extra.deny && before == Allowed && after != Allowed:
			t.Fatalf("a further Allow turned %v into %v: %v", before, after, &more)
		case !extra.deny && before == Depends && after.Denied():
			t.Fatalf("a further Allow turned %v into %v: %v", before, after, &more)
		}
		mixed := more
		mixed.identity = slices.Clone(more.identity)
		r.Shuffle(len(mixed.identity), func(i, j int) {
			mixed.identity[i], mixed.identity[j] = mixed.identity[j], mixed.identity[i]
		})
		if again := Decide(q, mixed.layers()).Verdict; again != after {
			t.Fatalf("order matters: %v, then %v: %v", after, again, &mixed)
		}
	}
}

// TestKnownBecomesUnknown: forgetting a value gives the same verdict or a depends.
func TestKnownBecomesUnknown(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for range 2_000 {
		l := refRandom(r, 1)
		ctx := map[string]string{}
		for _, k := range refKeys {
			ctx[strings.ToLower(k)] = pick(r, domain...)
		}
		q := concrete(l.request("arn:aws:s3:::b/ab"), ctx)
		known := Decide(q, l.layers()).Verdict
		q.Context = q.Context.Clone()
		q.Context.Set(pick(r, refKeys...), UnknownValue("somewhere"))
		got := Decide(q, l.layers()).Verdict
		if got != known && got != Depends && !(got.Denied() && known.Denied()) {
			t.Fatalf("%v became %v: %v in %v", known, got, l, ctx)
		}
	}
}

// TestListsAreStatements: Resource [a, b] is two statements.
func TestListsAreStatements(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for range 3_000 {
		l := refRandom(r, 2)
		split := *l
		split.identity = nil
		for _, s := range l.identity {
			if s.notResource {
				split.identity = append(split.identity, s)
				continue
			}
			for _, resource := range s.resources {
				one := s
				one.resources = []string{resource}
				split.identity = append(split.identity, one)
			}
		}
		within := glob.Compile("arn:aws:s3:::b/?*")
		a, b := Prove(l.request(""), within, l.layers()), Prove(l.request(""), within, split.layers())
		if a.Verdict != b.Verdict || len(a.Counterexample) != len(b.Counterexample) {
			t.Fatalf("%v at %q, but split %v at %q: %v", a.Verdict, a.Counterexample, b.Verdict, b.Counterexample, l)
		}
	}
}
