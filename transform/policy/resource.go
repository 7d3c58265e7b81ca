package policy

import (
	"strings"

	"ccx/transform/policy/glob"
)

// resource is one value of Resource or NotResource.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
type resource struct {
	template
	odd string // what AWS would refuse; "" when nothing
	// short is the ARN with its missing segments filled by wildcards; nil when none are missing.
	short *glob.Pattern
	// loose: a star within one of the first five segments does not end it, so that it is not documented whether it
	// reaches past the colon. The segments are then compared one by one as well.
	loose []glob.Pattern
}

const arnSegments = 6

func newResource(text string, variables bool) resource {
	r := resource{template: newTemplate(text, true, variables)}
	if text == "*" {
		return r
	}
	segments := strings.SplitN(text, ":", arnSegments)
	if segments[0] != "arn" {
		r.odd = "a resource must be an ARN or \"*\""
		r.template = template{fixed: glob.Compile("*")} // which resource is meant can't be told
		return r
	}
	if r.template.odd {
		r.odd = "a policy variable is not closed or has no name"
		return r
	}
	if len(segments) > 2 && strings.ContainsAny(segments[2], "*?") {
		r.odd = "a wildcard can't stand for the service"
	}
	if r.parts != nil {
		return r
	}
	if n := len(segments); n < arnSegments && !strings.HasSuffix(text, "*") {
		p := glob.Compile(text + strings.Repeat(":*", arnSegments-n))
		r.short = &p
	}
	for _, s := range segments[:min(len(segments), arnSegments-1)] {
		if i := strings.IndexByte(s, '*'); i >= 0 && i < len(s)-1 {
			r.loose = compileAll(segments)
		}
	}
	if len(segments) == arnSegments && resourceTyped(segments[2]) {
		i := strings.IndexAny(segments[5], "/:")
		if i > 0 && strings.ContainsAny(segments[5][:i], "*?") {
			r.odd = "a wildcard can't stand for a resource's type"
		}
	}
	return r
}

func compileAll(texts []string) []glob.Pattern {
	ps := make([]glob.Pattern, len(texts))
	for i, s := range texts {
		ps[i] = glob.Compile(s)
	}
	return ps
}

// match compares with a resource ARN. The whole string counts, so that '*' crosses '/' and ':'.
func (r *resource) match(arn string, l Layer, c *Context) truth {
	if r.parts != nil {
		t := r.matchVariables(arn, c)
		if r.odd != "" {
			return and(t, unclear)
		}
		return t
	}
	if r.fixed.Match(arn) {
		return or(truthOf(r.odd == "" && (r.loose == nil || matchSegments(r.loose, arn))), unclear)
	}
	switch {
	case r.short == nil || !r.short.Match(arn):
		return no
	case filled(l):
		return yes
	}
	return unclear
}

// filled reports whether AWS fills up short ARNs in the layer's policies: "in an identity-based policy, AWS
// automatically completes the ARN by adding wildcard characters to all missing fields".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
func filled(l Layer) bool {
	return l == LayerIdentity || l == LayerBoundary || l == LayerSession
}

func (r *resource) matchVariables(arn string, c *Context) truth {
	p, how := r.resolve(c)
	switch {
	case how == absent || !p.Match(arn):
		return no
	case how == unresolved:
		return unknown
	case how == ambiguous:
		return unclear
	}
	return yes
}

// matchSegments compares the colon-separated segments one by one.
func matchSegments(ps []glob.Pattern, arn string) bool {
	segments := strings.SplitN(arn, ":", arnSegments)
	if len(segments) != len(ps) {
		return false
	}
	for i, p := range ps {
		if !p.Match(segments[i]) {
			return false
		}
	}
	return true
}

// matchResource says whether the statement's Resource or NotResource covers the ARN.
func (b *body) matchResource(arn string, l Layer, c *Context) truth {
	t := no
	for i := range b.resources {
		r := &b.resources[i]
		m := r.match(arn, l, c)
		if b.notResource && m == no && r.parts != nil {
			// A variable without a value: AWS says it matches no resource, not that it exempts none.
			if _, how := r.resolve(c); how == absent {
				m = unclear
			} else if how == unresolved && r.mayBeValueless(c) {
				m = unknown
			}
		}
		if t = or(t, m); t == yes {
			break
		}
	}
	if b.notResource {
		return not(t)
	}
	return t
}

// arnPart returns the i-th colon-separated segment of an ARN, or ""; the last is all that is left.
func arnPart(arn string, i int) string {
	for range i {
		_, rest, ok := strings.Cut(arn, ":")
		if !ok {
			return ""
		}
		arn = rest
	}
	if i == arnSegments-1 {
		return arn
	}
	part, _, _ := strings.Cut(arn, ":")
	return part
}
