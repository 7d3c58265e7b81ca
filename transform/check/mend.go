package check

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/finding"
	"ccx/transform/policy"
)

// remedy is one change that may mend what failed: statements for the role's own policies, for the resource's, for the
// role's permissions boundary. Statements only allow, and only what is asked for.
type remedy struct {
	identity, shared, boundary []statement
	name                       string // of the inline policy
	on                         place
}

// place is the resource policy that the shared statements go into.
type place struct {
	arn     string // of the resource
	words   string // "the policy of the bucket acme"
	service string
	limit   int // of the policy, in bytes
}

// apply returns the layers as they are with the remedy in place.
func (r remedy) apply(layers policy.Layers) policy.Layers {
	layers.Identity = with(layers.Identity, r.identity)
	layers.Resource = with(layers.Resource, r.shared)
	layers.Boundary = with(layers.Boundary, r.boundary)
	return layers
}

func with(set *policy.Set, add []statement) *policy.Set {
	if len(add) == 0 {
		return set
	}
	out := &policy.Set{}
	if set != nil {
		out.Missing = set.Missing
		out.Policies = append(out.Policies, set.Policies...)
	}
	text := pretty(document{"2012-10-17", add})
	out.Policies = append(out.Policies, policy.Named{Name: "the mend", Policy: policy.Parse([]byte(text))})
	return out
}

// find returns the first remedy that is enough, by deciding again with it applied, with no element more than is needed.
// One whose policy would be larger than AWS takes counts only where no other is enough.
func (j *judge) find(role string, layers policy.Layers, tries []remedy, enough func(policy.Layers) bool) (remedy, bool) {
	var large []remedy
	for _, r := range tries {
		good := func(r remedy) bool { return enough(r.apply(layers)) }
		if !good(r) {
			continue
		}
		r = r.shrink(good)
		if j.tooLarge(role, r) == "" {
			return r.unclash(layers), true
		}
		large = append(large, r)
	}
	if len(large) > 0 {
		return large[0].unclash(layers), true
	}
	return remedy{}, false
}

// widened adds the remedies that widen the role's permissions boundary as well, if it has one. The last grants the most.
func widened(layers policy.Layers, tries []remedy) []remedy {
	if layers.Boundary == nil {
		return tries
	}
	out := slices.Clone(tries)
	for _, r := range slices.Insert(slices.Clone(tries), 0, remedy{}) {
		r.boundary = needed(tries)
		out = append(out, r)
	}
	return out
}

// needed is what a permissions boundary has to allow for a remedy to count: the same as the role's own policies.
func needed(tries []remedy) []statement {
	for _, r := range tries {
		if len(r.identity) > 0 {
			return r.identity
		}
	}
	return nil
}

// unclash gives the statements that go into a policy beside others a Sid that is not taken there: it stands once in a policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
func (r remedy) unclash(layers policy.Layers) remedy {
	r.shared = freeSids(r.shared, layers.Resource, "-")
	r.boundary = freeSids(r.boundary, layers.Boundary, "") // of IAM's own policies: letters and digits only
	return r
}

func freeSids(add []statement, beside *policy.Set, dash string) []statement {
	taken := map[string]bool{}
	if beside != nil {
		for _, p := range beside.Policies {
			for _, s := range statementsOf(p) {
				taken[s.Sid] = true
			}
		}
	}
	out := slices.Clone(add)
	for i, s := range out {
		for n := 2; taken[out[i].Sid]; n++ {
			out[i].Sid = fmt.Sprintf("%s%s%d", s.Sid, dash, n)
		}
		taken[out[i].Sid] = true
	}
	return out
}

// statementsOf are a policy's statements, as far as it could be read.
func statementsOf(p policy.Named) []policy.Statement {
	if p.Policy == nil {
		return nil
	}
	return p.Policy.Statements
}

// shrink takes away every action and resource without which the remedy is still enough.
func (r remedy) shrink(enough func(remedy) bool) remedy {
	for _, of := range []func(*remedy) *[]statement{
		func(r *remedy) *[]statement { return &r.boundary },
		func(r *remedy) *[]statement { return &r.identity },
		func(r *remedy) *[]statement { return &r.shared },
	} {
		for i := len(*of(&r)) - 1; i >= 0; i-- {
			if s := (*of(&r))[i]; !s.whole {
				r = r.shrinkOne(of, i, s, enough)
			}
		}
	}
	return r
}

// shrinkOne shrinks one statement of a list, or takes it out.
func (r remedy) shrinkOne(of func(*remedy) *[]statement, i int, s statement, enough func(remedy) bool) remedy {
	put := func(with ...statement) bool {
		less := r
		*of(&less) = slices.Replace(slices.Clone(*of(&r)), i, i+1, with...)
		if !enough(less) {
			return false
		}
		r = less
		return true
	}
	if put() {
		return r
	}
	for _, part := range []func(*statement) *[]string{
		func(s *statement) *[]string { return &s.Action }, func(s *statement) *[]string { return &s.Resource },
	} {
		for k := len(*part(&s)) - 1; k >= 0 && len(*part(&s)) > 1; k-- {
			less := s
			*part(&less) = slices.Delete(slices.Clone(*part(&s)), k, k+1)
			if put(less) {
				s = less
			}
		}
	}
	return r
}

// mendS3 says what mends each requirement that failed. What a Deny forbids is mended by its owner only; one remedy is
// looked for that mends all the rest.
func (j *judge) mendS3(failed []ruling) map[finding.Code]string {
	hints := map[finding.Code]string{}
	var open []ruling
	layers := j.layers()
	tries := widened(layers, j.remedies(failed))
	most := tries[len(tries)-1].apply(layers)
	for _, f := range failed {
		if !f.decision.Verdict.Denied() {
			continue // what is not known is not mended by granting more
		}
		if with := j.rule(f.requirement, most).decision; with.Verdict != policy.Allowed {
			hints[f.code] = j.noRemedy(with)
			continue
		}
		open = append(open, f)
	}
	if len(open) == 0 {
		return hints
	}
	enough := func(layers policy.Layers) bool {
		return !slices.ContainsFunc(open, func(f ruling) bool { return j.rule(f.requirement, layers).decision.Verdict != policy.Allowed })
	}
	r, _ := j.find(j.target.RoleARN, layers, widened(layers, j.remedies(open)), enough) // what grants the most is enough
	brief := !slices.ContainsFunc(open, func(f ruling) bool { return f.code.Level() == finding.Error })
	text := j.reenter(j.bucketARN(), layers, enough) + j.paste(j.target.RoleARN, r, brief)
	for _, f := range open {
		hints[f.code] = text
	}
	return hints
}

// remedies lists the changes to try for the bucket, smallest first: in the bucket's policy where this account grants access
// there (as `anyscale cloud setup` does), else in the role's own; both where the accounts differ.
func (j *judge) remedies(failed []ruling) []remedy {
	on := place{j.bucketARN(), "the policy of the bucket " + j.Bucket, "S3", maxBucketPolicy}
	name := j.policyName("")
	own := remedy{identity: j.identityStatements(failed), name: name}
	shared := remedy{shared: j.bucketStatements(failed), on: on}
	both := remedy{identity: own.identity, shared: shared.shared, name: name, on: on}
	if j.grantsInBucketPolicy() {
		return []remedy{shared, own, both}
	}
	return []remedy{own, shared, both}
}

// grantsInBucketPolicy reports whether the bucket's policy allows some role by name already.
func (j *judge) grantsInBucketPolicy() bool {
	named, ok := j.bucket.Value.Policy.Get()
	if !ok {
		return false
	}
	for _, s := range named.Policy.Statements {
		for _, p := range s.Principals {
			if s.Effect == policy.Allow && p.Type == "AWS" && strings.Contains(p.Value, ":role/") {
				return true
			}
		}
	}
	return false
}
