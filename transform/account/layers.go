package account

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"ccx/transform/policy"
)

// Layers returns every policy that has a say when a role acts on a resource: a bucket or an object (with the bucket's
// policy), a role (for iam:PassRole, which knows no resource policy), or any other resource by its ARN or pattern.
// What was not read is in the layer as policy.Missing, with the reason; it is never left out.
//
// A role that acts on IAM is taken for a control plane's, whose session policy nobody here can read; any other is taken
// for a node's, and an instance profile's session has no session policy
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html).
func (f *Facts) Layers(roleARN, resourceARN string) policy.Layers {
	resource := parseResource(resourceARN)
	l := policy.Layers{
		Identity: f.identity(roleARN), Boundary: f.boundary(roleARN), SCPs: f.scps(roleARN),
		Assume: policy.DefaultAssume, PublicAccess: policy.PublicAccessOpen,
	}
	if resource.Service == "iam" {
		l.Session = gap("the control plane's session policy", "AWS shows it to nobody", true)
		l.Endpoint = gap("the policy of a VPC endpoint on the control plane's path", "it was not asked for", true)
		return l
	}
	l.Endpoint = f.endpointPolicy()
	l.Resource = f.resourcePolicy(resource, roleARN)
	l.RCPs = f.rcps(resource, roleARN)
	if resource.Service == "s3" {
		l.PublicAccess = f.publicAccess(bucketName(resource))
	}
	return l
}

// gap returns a layer of which one thing is missing.
func gap(what, reason string, assumable bool) *policy.Set {
	return &policy.Set{Missing: []policy.Missing{{What: what, Reason: reason, Assumable: assumable}}}
}

// assumable reports whether a fact is unread for lack of permission, or because nobody asked. What failed for another
// reason (throttled, timed out, expired) could have been read, so that nothing may be assumed of it.
func assumable[T any](fact Fact[T]) bool {
	return fact.State == NotAsked || fact.State == NotRead && fact.Unread.Class != Unreachable
}

// absent says why a fact gives no value.
func absent[T any](fact Fact[T]) string {
	if fact.State == None {
		return "it does not exist"
	}
	return fact.Reason()
}

// identity returns the role's inline and managed policies.
func (f *Facts) identity(roleARN string) *policy.Set {
	d, why := f.detail(roleARN)
	if d == nil {
		return gap("the policies of "+roleARN, absent(why), false)
	}
	account, name, _ := SplitRole(roleARN)
	set := &policy.Set{}
	if !d.Inline.Read {
		set.Missing = append(set.Missing, policy.Missing{What: "the inline policies of role " + name,
			Reason: missing[string](f, InlineKey(account, name), account).Reason()})
	}
	for _, p := range d.Inline.Value {
		add(set, `inline "`+p.Name+`"`, p.Document, missing[string](f, InlinePolicyKey(account, name, p.Name), account))
	}
	if !d.Attached.Read {
		set.Missing = append(set.Missing, policy.Missing{What: "the managed policies of role " + name,
			Reason: missing[string](f, AttachedKey(account, name), account).Reason()})
	}
	for _, a := range d.Attached.Value {
		doc, why := f.managed(account, a.ARN)
		add(set, policyName(a.ARN), doc, why)
	}
	return set
}

// add puts a policy into a set, or the reason why its text is missing.
func add(set *policy.Set, name string, doc *Document, why Fact[string]) {
	if doc != nil {
		set.Policies = append(set.Policies, policy.Named{Name: name, Policy: doc.Policy()})
		return
	}
	set.Missing = append(set.Missing, policy.Missing{What: name, Reason: absent(why)})
}

// managed returns the text in force of a managed policy. AWS's own policies read the same through every account.
func (f *Facts) managed(account, policyARN string) (*Document, Fact[string]) {
	accounts := []string{account}
	if strings.Contains(policyARN, ":iam::aws:policy/") {
		accounts = append(accounts, slices.Sorted(maps.Keys(f.iam))...)
	}
	for _, a := range accounts {
		switch p, err := f.part(a).policies.get(policyARN); {
		case err != nil:
			return nil, unread[string](lost(a, err))
		case p != nil && p.inForce() != nil:
			return p.inForce(), Fact[string]{}
		}
	}
	if part := f.part(account); part.notFound[policyARN] || part.whole["Policies"] && !part.policies.has(policyARN) && !strings.Contains(policyARN, ":iam::aws:") {
		return nil, none[string]()
	}
	return nil, missing[string](f, PolicyKey(account, policyARN), account)
}

// policyName is the last part of a managed policy's ARN.
func policyName(policyARN string) string {
	return policyARN[strings.LastIndexByte(policyARN, '/')+1:]
}

// boundary returns the permissions boundary; nil: the role has none.
func (f *Facts) boundary(roleARN string) *policy.Set {
	d, why := f.detail(roleARN)
	if d == nil {
		return gap("the permissions boundary of "+roleARN, absent(why), false)
	}
	account, name, _ := SplitRole(roleARN)
	fact := f.boundaryOf(account, d)
	switch fact.State {
	case None:
		return nil
	case Known:
		set := &policy.Set{}
		doc, why := f.managed(account, fact.Value)
		add(set, policyName(fact.Value), doc, why)
		return set
	}
	return gap("the permissions boundary of role "+name, fact.Reason(), false)
}

// parseResource takes an ARN or a pattern apart; a pattern that is no ARN ("*") comes back empty.
func parseResource(text string) arn.ARN {
	a, err := arn.Parse(text)
	if err != nil {
		return arn.ARN{Resource: text}
	}
	return a
}
