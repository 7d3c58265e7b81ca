package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ccx/transform/finding"
	"ccx/transform/policy"
)

// statement is a policy statement to paste, in the order in which AWS's documents print its elements.
type statement struct {
	Sid       string
	Effect    string
	Principal map[string][]string `json:",omitempty"`
	Action    []string
	Resource  []string `json:",omitempty"`
}

type document struct {
	Version   string
	Statement []statement
}

func pretty(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic("check: a policy of strings can't be written: " + err.Error()) // never: strings only
	}
	return string(text)
}

// remedy is one change that may mend what failed: policies added to the role or to the bucket.
type remedy struct {
	identity, bucket []statement
	words            string
}

// mendS3 finds the first remedy with which everything that failed is allowed, by deciding again with it applied. A Deny
// can't be outvoted, so there may be none; the text then names its owner.
func (j *judge) mendS3(failed []ruling) string {
	light := ""
	if !slices.ContainsFunc(failed, ruling.grave) {
		light = "nodes run without; Anyscale's own bucket policy allows it all the same: "
	}
	for _, r := range j.remedies(failed) {
		if j.mends(r, failed) {
			return light + r.words + r.paste()
		}
	}
	return j.noRemedy(failed)
}

// grave reports whether a ruling is a denial that stops the filter.
func (r ruling) grave() bool { return r.code.Level() == finding.Error && r.decision.Verdict.Denied() }

// mends decides again with the remedy in place.
func (j *judge) mends(r remedy, failed []ruling) bool {
	layers := j.layers()
	layers.Identity = with(layers.Identity, r.identity)
	layers.Resource = with(layers.Resource, r.bucket)
	for _, f := range failed {
		if f.decision.Verdict == policy.Depends {
			continue // what is not known is not mended by granting more
		}
		if j.rule(f.requirement, layers).decision.Verdict != policy.Allowed {
			return false
		}
	}
	return true
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

// remedies lists the changes to try, smallest first: in the bucket's policy where this account grants access there (as
// `anyscale cloud setup` does), else in the role's own; both where the accounts differ.
func (j *judge) remedies(failed []ruling) []remedy {
	identity := j.identityStatements(failed)
	bucket := j.bucketStatement(failed)
	own := remedy{identity: identity, words: giveInline(j.roleName(), freeName(j.layers().Identity, "anyscale-bucket"))}
	shared := remedy{bucket: []statement{bucket}, words: fmt.Sprintf("add this statement to the policy of the bucket %s, beside those that are there:\n", j.Bucket)}
	both := remedy{identity: identity, bucket: []statement{bucket}, words: fmt.Sprintf("the role and the bucket %s are in different accounts, so both need it: this inline policy for the role, and the statement after it for the bucket's policy\n", j.Bucket)}
	if j.grantsInBucketPolicy() {
		return []remedy{shared, own, both}
	}
	return []remedy{own, shared, both}
}

// giveInline says how an inline policy is put.
func giveInline(role, name string) string {
	return fmt.Sprintf("give the role %s this inline policy (aws iam put-role-policy --role-name %s --policy-name %s):\n", role, role, name)
}

// freeName returns a name that no inline policy of the role has: put-role-policy replaces one of the same name whole.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
func freeName(identity *policy.Set, want string) string {
	taken := map[string]bool{}
	if identity != nil {
		for _, p := range identity.Policies {
			taken[strings.ToLower(p.Name)] = true
		}
		for _, m := range identity.Missing {
			taken[strings.ToLower(m.What)] = true
		}
	}
	name := want
	for n := 2; taken[strings.ToLower(`inline "`+name+`"`)]; n++ {
		name = fmt.Sprintf("%s-%d", want, n)
	}
	return name
}

// paste prints the documents of the remedy.
func (r remedy) paste() string {
	var parts []string
	if len(r.identity) > 0 {
		parts = append(parts, pretty(document{"2012-10-17", r.identity}))
	}
	for _, s := range r.bucket {
		parts = append(parts, pretty(s))
	}
	return strings.Join(parts, "\n")
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

// identityStatements are in the shape of the minimum in Anyscale's documentation (Manage AWS IAM roles).
func (j *judge) identityStatements(failed []ruling) []statement {
	var out []statement
	objects, bucket := actionsOf(failed)
	if len(bucket) > 0 {
		out = append(out, statement{Sid: "ListObjectsInBucket", Effect: "Allow", Action: bucket, Resource: []string{j.bucketARN()}})
	}
	if len(objects) > 0 {
		out = append(out, statement{Sid: "AllObjectActions", Effect: "Allow", Action: objects, Resource: []string{j.objectARN(j.Prefix + "*")}})
	}
	return out
}

// bucketStatement is in the shape of the bucket policy in Anyscale's documentation.
func (j *judge) bucketStatement(failed []ruling) statement {
	objects, bucket := actionsOf(failed)
	var on []string
	if len(objects) > 0 {
		on = append(on, j.objectARN(j.Prefix+"*"))
	}
	if len(bucket) > 0 {
		on = append(on, j.bucketARN())
	}
	return statement{Sid: "allow-role-access", Effect: "Allow", Principal: map[string][]string{"AWS": {j.target.RoleARN}}, Action: append(objects, bucket...), Resource: on}
}

// actionsOf lists every action of the requirements that are denied.
func actionsOf(failed []ruling) (objects, bucket []string) {
	for _, f := range failed {
		if f.decision.Verdict.Denied() {
			objects, bucket = append(objects, f.objects...), append(bucket, f.bucket...)
		}
	}
	return objects, bucket
}

// noRemedy names who must change what no added Allow can.
func (j *judge) noRemedy(failed []ruling) string {
	for _, f := range failed {
		for _, r := range f.decision.DecidedBy {
			if r.Layer == policy.LayerPublicAccess {
				return closePublic(f.decision)
			}
			if r.Bounded {
				return fmt.Sprintf("%s must write %s with Principal \"*\" and ArnNotEquals on aws:PrincipalArn instead of NotPrincipal", ownerOf(r.Layer), where(r))
			}
			if r.Effect == policy.Deny {
				return fmt.Sprintf("%s must exempt this role from %s: a Deny can't be outvoted", ownerOf(r.Layer), where(r))
			}
			if r.Statement < 0 && r.Layer == policy.LayerBoundary {
				return "the role's permissions boundary must allow it too: whoever set the boundary has to widen it"
			}
		}
	}
	return "ccx found no single policy that would mend this: more than one layer stands in the way"
}

// closePublic says how a bucket that Block Public Access closed to other accounts is opened to them again.
func closePublic(d policy.Decision) string {
	what := "the bucket's policy"
	for _, r := range d.DecidedBy {
		if r.Effect == policy.Allow {
			what = where(r)
			break
		}
	}
	return "the bucket's owner must pin down whom " + what + " allows (aws:PrincipalOrgID, aws:SourceVpce), or drop it: no further Allow opens a public bucket"
}

func ownerOf(l policy.Layer) string {
	switch l {
	case policy.LayerResource, policy.LayerPublicAccess:
		return "the bucket's owner"
	case policy.LayerSCP, policy.LayerRCP:
		return "the organization's administrator"
	case policy.LayerEndpoint:
		return "the VPC's administrator"
	}
	return "the role's administrator"
}
