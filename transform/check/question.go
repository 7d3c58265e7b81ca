package check

import (
	"strings"
	"time"

	"ccx/transform/account"
	"ccx/transform/policy"
	"ccx/transform/policy/glob"
)

// Question is one request to decide from facts: may a role's session, as a node has it, do this?
type Question struct {
	Principal string // a role's ARN
	Action    string // s3:GetObject
	Resource  string // an ARN; with * or ? every resource that matches is asked for
	Region    string
	Context   map[string][]string // request context that the caller knows, by key
	Assume    policy.Assume
}

// Wants lists the facts that Decide needs.
func (q Question) Wants() account.Wants {
	w := account.Wants{Roles: []string{q.Principal}, Region: q.Region}
	if bucket := q.bucket(); bucket != "" {
		w.Buckets = []account.BucketWant{{Name: bucket, Region: q.Region}}
	} else {
		wantResource(&w, q.Resource, q.Region)
	}
	return w
}

// bucket is the S3 bucket of the resource; "" for other services.
func (q Question) bucket() string {
	parts := strings.SplitN(q.Resource, ":", 6)
	if len(parts) < 6 || parts[2] != "s3" {
		return ""
	}
	name, _, _ := strings.Cut(parts[5], "/")
	return name
}

// Decide answers the question with the context of a node's session.
func (q Question) Decide(f *account.Facts, now time.Time) policy.Decision {
	j := &judge{Subject: Subject{Context: q.Context, Assume: q.Assume}, target: Target{RoleARN: q.Principal}, facts: f, now: now}
	j.role = f.Role(q.Principal)
	role := j.roleFact()
	request := policy.Request{Principal: policy.NewRole(role.ARN, role.ID), Action: q.Action, Resource: q.Resource}
	tables := [][]contextRow{common(role, now), pathRows()}
	if name := q.bucket(); name != "" {
		j.Bucket, j.bucket = name, f.Bucket(name)
		request.ResourceAccount, _ = j.bucket.Value.Owner.Get()
		tables = append(tables, nodeRows(j.bucket.Value), j.listing(q.Action))
	} else if parts := strings.SplitN(q.Resource, ":", 6); len(parts) == 6 {
		request.ResourceAccount = parts[4]
	}
	request.Context = j.contextOf(tables...)
	layers := f.Layers(q.Principal, q.Resource)
	layers.Assume = q.Assume
	if strings.ContainsAny(q.Resource, "*?") && q.Resource != "*" {
		return policy.Prove(request, glob.Compile(q.Resource), layers)
	}
	return policy.Decide(request, layers)
}

// Why puts a decision's reasons into words, a line each.
func Why(action string, d policy.Decision) []string {
	what := d.Counterexample
	switch d.Verdict {
	case policy.Allowed:
		var lines []string
		for _, r := range d.DecidedBy {
			lines = append(lines, "by "+where(r))
		}
		return lines
	case policy.Depends:
		return dependsOn(action, d)
	}
	return denial(action, what, d)
}
