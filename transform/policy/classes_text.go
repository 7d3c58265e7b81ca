package policy

import (
	"ccx/transform/policy/glob"
)

// stringClasses goes through every combination of the patterns that some text can match, by its shortest text.
func stringClasses(v Value, conds []*condition, ctx *Context) ([]string, bool) {
	var atoms []glob.Pattern
	for _, c := range conds {
		for i := range c.wanted {
			w := &c.wanted[i]
			if c.kind.family != famString {
				continue
			}
			if p, how := w.resolve(ctx); how == resolved {
				atoms = append(atoms, patternOf(c.kind, p))
			}
		}
	}
	globs := v.Values
	if v.Kind == Unknown {
		globs = []string{"*"}
	}
	var out []string
	complete := true
	for _, g := range globs {
		ok := glob.Explore(glob.Compile(g), atoms, func(_ glob.Signature, s string) bool {
			out = append(out, s)
			return len(out) <= maxClasses
		})
		complete = complete && ok
	}
	return out, complete
}

// arnClasses combines the classes of the six segments.
func arnClasses(conds []*condition, ctx *Context) ([]string, bool) {
	out := []string{""}
	for s := range arnSegments {
		var atoms []glob.Pattern
		for _, c := range conds {
			for i := range c.wanted {
				if c.kind.family != famARN {
					continue
				}
				if p, how := c.wanted[i].segments[s].resolve(ctx); how == resolved {
					atoms = append(atoms, p)
				}
			}
		}
		var next []string
		complete := glob.Explore(glob.Compile("*"), atoms, func(_ glob.Signature, w string) bool {
			for _, before := range out {
				if s > 0 {
					before += ":"
				}
				next = append(next, before+w)
			}
			return len(next) <= maxClasses
		})
		if !complete || len(next) > maxClasses {
			return nil, false
		}
		out = next
	}
	return out, true
}
