package check

import (
	"fmt"
	"regexp"
	"strings"

	"ccx/transform/account"
	"ccx/transform/policy"
)

// IAM's limits, in characters without white space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
const (
	maxManagedPolicy  = 6144
	maxInlinePolicies = 10240 // of all inline policies of a role together
	maxTrustPolicy    = 2048  // can be raised to twice that
)

// paste says what to do, with the documents to paste; brief puts each on one line.
func (j *judge) paste(role string, r remedy, brief bool) string {
	write := pretty
	if brief {
		write = compact
	}
	var words, documents []string
	light := ""
	if brief {
		light = "nodes run without; Anyscale's own bucket policy allows it all the same: "
	}
	if len(r.boundary) > 0 {
		words = append(words, "whoever set the permissions boundary of the role "+role[strings.LastIndexByte(role, '/')+1:]+" must widen it by "+these(r.boundary))
		documents = append(documents, list(r.boundary, write)...)
	}
	if len(r.identity) > 0 {
		doc := document{"2012-10-17", r.identity}
		words = append(words, j.give(role, r.name, doc))
		documents = append(documents, write(doc))
	}
	if len(r.shared) > 0 {
		words = append(words, "add "+these(r.shared)+" to "+r.on.words+", beside those that are there")
		documents = append(documents, list(r.shared, write)...)
	}
	if large := j.tooLarge(role, r); large != "" {
		words[len(words)-1] += " (" + large + ")"
	}
	if len(r.identity) > 0 && len(r.shared) > 0 {
		words[0] = "the role and " + r.on.words + " both need it: " + words[0]
	}
	return light + strings.Join(words, ", and ") + ":\n" + strings.Join(documents, "\n")
}

func these(s []statement) string {
	if len(s) == 1 {
		return "this statement"
	}
	return "these statements"
}

func list(statements []statement, write func(any) string) []string {
	var out []string
	for _, s := range statements {
		out = append(out, write(s))
	}
	return out
}

// give says how to give a role a policy: inline, or as a managed one where its inline policies are full.
func (j *judge) give(role, name string, doc document) string {
	short := role[strings.LastIndexByte(role, '/')+1:]
	name = j.freeName(role, name, compact(doc))
	if j.inlineSize(role)+account.Size(compact(doc)) > maxInlinePolicies {
		return fmt.Sprintf("attach this managed policy to the role %s, whose inline policies are full (aws iam create-policy --policy-name %s, then aws iam attach-role-policy --role-name %s)", short, name, short)
	}
	return fmt.Sprintf("give the role %s this inline policy (aws iam put-role-policy --role-name %s --policy-name %s)", short, short, name)
}

// freeName is the name for an inline policy that replaces none: neither one that the role has nor another mend's.
func (j *judge) freeName(role, name, text string) string {
	identity := j.facts.Layers(role, role).Identity
	for n, base := 2, name; ; n++ {
		name = freeName(identity, name)
		key := role + "/" + name
		if was, used := j.names[key]; !used || was == text {
			j.names[key] = text
			return name
		}
		name = fmt.Sprintf("%s-%d", base, n)
	}
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

// inlineSize is the size of a role's inline policies, as far as they are known.
func (j *judge) inlineSize(role string) int {
	total := 0
	have, _ := j.facts.Inline(role)
	for _, t := range have {
		total += t.Size
	}
	return total
}

// tooLarge says which policy the remedy would make larger than AWS takes; "" when each fits, as far as its text is known.
func (j *judge) tooLarge(role string, r remedy) string {
	if n := account.Size(compact(document{"2012-10-17", r.identity})); n > maxManagedPolicy {
		return fmt.Sprintf("too large for one policy: it has %d characters, and IAM takes %d", n, maxManagedPolicy)
	}
	if n := grown(j.textOf(r.on.arn), r.shared); len(r.shared) > 0 && n > r.on.limit {
		return fmt.Sprintf("%s would have %d bytes with it, and %s takes %d: statements must be put together first", r.on.words, n, r.on.service, r.on.limit)
	}
	if n := grown(j.facts.BoundaryText(role), r.boundary); len(r.boundary) > 0 && n > maxManagedPolicy {
		return fmt.Sprintf("the boundary would have %d characters with it, and IAM takes %d: statements must be put together first", n, maxManagedPolicy)
	}
	return ""
}

// textOf returns the text of a resource's policy, a role's trust policy included; "" when there is none or it was not read.
func (j *judge) textOf(arn string) string {
	if _, _, ok := account.SplitRole(arn); ok {
		return j.facts.TrustText(arn)
	}
	return j.facts.PolicyText(arn)
}

// grown is the size of a policy with more statements in it.
func grown(text string, more []statement) int {
	size := account.Size(text)
	for _, s := range more {
		size += 1 + len(compact(s))
	}
	return size
}

// reenter says that a role's ARN has to be entered again, where that alone is enough: an id in place of an ARN is all that
// is left of a role that was deleted, and a new role of the same name has another id.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
func (j *judge) reenter(resource string, layers policy.Layers, enough func(policy.Layers) bool) string {
	text := j.textOf(resource)
	for _, dead := range j.dead(layers.Resource) {
		mended := strings.ReplaceAll(text, `"`+dead.id+`"`, `"`+j.target.RoleARN+`"`)
		with := layers
		with.Resource = &policy.Set{Policies: []policy.Named{{Name: "the mend", Policy: policy.Parse([]byte(mended))}}}
		if mended != text && enough(with) {
			return fmt.Sprintf("if %s is all that is left of %s, enter its ARN again in %s; else ", dead.id, j.roleName(), where(dead.in))
		}
	}
	return ""
}

// uniqueID is a role's or a user's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
var uniqueID = regexp.MustCompile(`^A(ROA|IDA)[A-Z0-9]{12,}$`)

// deadID is a unique id in place of a role's or user's ARN, in a statement that allows something.
type deadID struct {
	id string
	in policy.Reason
}

// dead lists the ids in a resource's policy that are not the role's own.
func (j *judge) dead(set *policy.Set) []deadID {
	if set == nil {
		return nil
	}
	own := j.roleFact().ID
	var out []deadID
	for _, p := range set.Policies {
		for i, s := range statementsOf(p) {
			for _, who := range s.Principals {
				if s.Effect == policy.Allow && who.Type == "AWS" && own != "" && who.Value != own && uniqueID.MatchString(who.Value) {
					out = append(out, deadID{who.Value, policy.Reason{Layer: policy.LayerResource, Policy: p.Name, Statement: i, Sid: s.Sid, Line: s.Line}})
				}
			}
		}
	}
	return out
}
