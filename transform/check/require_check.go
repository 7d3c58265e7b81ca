package check

import (
	"fmt"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// checkRequires decides each --require with the context of a node's own calls.
func (j *judge) checkRequires() {
	for _, r := range j.Requires {
		if j.target.RoleARN == "" {
			j.skip(finding.RequireAccess, "the role is not known: %s on %s", strings.Join(r.Actions, ","), r.ARN)
			continue
		}
		j.checkRequire(r)
	}
}

func (j *judge) checkRequire(r Require) {
	a := access{
		code: finding.RequireAccess, does: fmt.Sprintf("call %s on %s", strings.Join(r.Actions, ", "), r.ARN), actions: r.Actions,
		resource: r.ARN, at: r.Given, layers: j.layersOf(r.ARN), whose: "the resource's own policy", admin: "the resource's owner",
	}
	parts := arnParts(r.ARN)
	if r.ARN != "*" && parts[1] != j.partition() {
		j.add(finding.New(a.code, a.at, "nodes can't "+a.does).WithDetails("the role is in the partition " + j.partition() + ", the resource in " + parts[1]).
			WithHint("name a resource of the role's own partition"))
		return
	}
	a.owner = parts[4]
	if r.ARN == "*" {
		a.owner = j.roleAccount()
	}
	a.rows = func(string) []contextRow { return regionRows(parts[3], a.owner) }
	var more *finding.Finding
	switch parts[2] {
	case "s3":
		more = j.requireS3(&a)
	case "kms":
		more = j.requireKMS(&a)
	case "ecr":
		a.whose, a.admin = "the repository's policy", "the repository's owner"
	case "iam":
		j.requireIAM(&a)
	default:
		a.assumable = j.silent(a)
	}
	if more != nil {
		j.add(*more)
		return
	}
	got := j.decide(a, a.layers)
	j.add(j.settle(a, got, j.requireRemedies(r, parts[2])))
	if got.assuming && got.decision.Verdict == policy.Allowed {
		j.add(finding.New(finding.AssumeResource, r.Given, "the resource policy of "+r.ARN+" was not read: it is assumed to deny nothing").
			WithHint("put it into a snapshot under resource_policies, or refuse to assume anything: --assume none"))
	}
}

// arnParts splits an ARN into its six parts, or gives six empty ones.
func arnParts(arn string) []string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts
	}
	return make([]string, 6)
}

// silent reports whether the resource's policy may be taken to say nothing: nobody could ask for it, and the resource is
// in the role's own account, where the role's policies alone can allow. Across accounts they can't.
func (j *judge) silent(a access) bool {
	set := a.layers.Resource
	if j.Assume == 0 || a.owner != j.roleAccount() || set == nil || len(set.Policies) > 0 {
		return false
	}
	for _, m := range set.Missing {
		if !m.Assumable {
			return false
		}
	}
	return true
}

// requireS3 looks at another bucket than the cloud's as at the cloud's own: its region, owner and object ownership count.
func (j *judge) requireS3(a *access) *finding.Finding {
	name, _, object := strings.Cut(arnParts(a.resource)[5], "/")
	if strings.ContainsAny(name, "*?") || arnParts(a.resource)[4] != "" {
		return nil // the layers say that the policies of such a resource are not known
	}
	of := *j
	of.Bucket, of.Prefix, of.bucket = name, "", j.facts.Bucket(name)
	a.whose, a.admin = "the bucket's policy", "the bucket's owner"
	bucket := of.bucket.Value
	a.owner, _ = bucket.Owner.Get()
	a.rows = func(action string) []contextRow { return append(nodeRows(bucket), of.listing(action)...) }
	if of.bucket.State == account.None {
		f := finding.New(a.code, a.at, fmt.Sprintf("there is no bucket %q", name)).WithHint("is the name spelt right?")
		return &f
	}
	if object && of.bucket.State == account.Known && reads(a.actions) && of.objectsMayBeForeign() && j.decide(*a, a.layers).decision.Verdict == policy.Allowed {
		of.At = a.at
		f := of.foreignObjects()
		f.Code, f.Message = a.code, "whether nodes can "+a.does
		return &f
	}
	return nil
}

func reads(actions []string) bool {
	for _, a := range actions {
		if strings.HasPrefix(strings.ToLower(a), "s3:getobject") {
			return true
		}
	}
	return false
}

// requireKMS: a node that calls KMS itself comes through no other service.
func (j *judge) requireKMS(a *access) *finding.Finding {
	rows := append(a.rows(""), contextRow{"kms:ViaService", policy.AbsentValue()}, contextRow{"kms:CallerAccount", policy.ExactValue(j.roleAccount())})
	a.rows = func(string) []contextRow { return rows }
	a.whose, a.admin = "the key's policy", "the key's administrator"
	if fact := j.facts.Key(a.resource); fact.State == account.None {
		f := finding.New(a.code, a.at, "the KMS key "+a.resource+" does not exist").WithHint("aws kms list-keys shows what there is")
		return &f
	}
	return nil
}

// requireIAM: IAM's resources have no policies, but for the role that a node assumes, whose trust policy must allow it.
func (j *judge) requireIAM(a *access) {
	a.whose, a.admin = "the role's trust policy", "the role's owner"
	for _, action := range a.actions {
		if !strings.HasPrefix(strings.ToLower(action), "sts:") {
			return
		}
	}
	fact := j.facts.Role(a.resource)
	trust, known := fact.Value.Trust.Get()
	if known {
		a.layers.Resource = &policy.Set{Policies: []policy.Named{trust}}
		return
	}
	a.layers.Resource = &policy.Set{Missing: []policy.Missing{{What: "the trust policy of " + a.resource, Reason: or(fact.Reason(), "it was not read")}}}
}

// requireRemedies are the smallest statements that grant what is required, in the role's policies and, where ccx knows the
// resource's own, there.
func (j *judge) requireRemedies(r Require, service string) []remedy {
	own := j.requireStatement(r)
	shared := statement{Sid: "allow-role-access", Effect: "Allow", Principal: j.principal(), Action: r.Actions, Resource: []string{r.ARN}}
	switch service {
	case "s3":
		name, _, _ := strings.Cut(arnParts(r.ARN)[5], "/")
		bucket := strings.Join(append(arnParts(r.ARN)[:5], name), ":")
		return ownFirst(grants(own, shared, "anyscale-nodes", place{bucket, "the policy of the bucket " + name, "S3", maxBucketPolicy}))
	case "kms":
		shared.Resource = []string{"*"}
		return ownFirst(grants(own, shared, "anyscale-nodes", place{r.ARN, "the policy of the key " + r.ARN, "KMS", maxKeyPolicy}))
	case "iam":
		shared.Resource = nil
		if _, name, ok := account.SplitRole(r.ARN); ok && strings.HasPrefix(strings.ToLower(r.Actions[0]), "sts:") {
			return grants(own, shared, "anyscale-nodes", place{r.ARN, "the trust policy of the role " + name, "IAM", maxTrustPolicy})
		}
	case "ecr":
		shared.Resource = nil
		if strings.Contains(r.ARN, ":repository/") {
			return ownFirst(grants(own, shared, "anyscale-nodes", place{r.ARN, "the policy of the repository " + r.ARN, "ECR", maxRepositoryPolicy}))
		}
	}
	return grants(own, statement{}, "anyscale-nodes", place{})
}

func ownFirst(r []remedy) []remedy {
	r[0], r[1] = r[1], r[0]
	return r
}

func (j *judge) requireStatement(r Require) statement {
	return statement{Sid: "NodesNeed", Effect: "Allow", Action: r.Actions, Resource: []string{r.ARN}}
}
