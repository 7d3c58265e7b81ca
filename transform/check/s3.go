package check

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
	"ccx/transform/policy/glob"
)

// requirement is what nodes must be able to do to the bucket: each action for every key, or on the bucket itself. It
// is as bad as its worst action.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
type requirement struct {
	code    finding.Code
	does    string   // what nodes do: "write every key under"
	objects []string // actions on every object under the prefix
	bucket  []string // actions on the bucket
}

const listAction = "s3:ListBucket"

// requirements are the eight actions of Anyscale's bucket policy; the minimum in its documentation has the first four.
var requirements = []requirement{
	{finding.S3List, "list", nil, []string{"s3:ListBucket"}},
	{finding.S3Read, "read every key in", []string{"s3:GetObject"}, nil},
	{finding.S3Write, "write every key in", []string{"s3:PutObject"}, nil},
	{finding.S3Delete, "delete every key in", []string{"s3:DeleteObject"}, nil},
	{finding.S3Multipart, "manage multipart uploads in", []string{"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"}, []string{"s3:ListBucketMultipartUploads"}},
	{finding.S3Location, "ask for the location of", nil, []string{"s3:GetBucketLocation"}},
}

// checkS3 proves each requirement for every key under the prefix.
func (j *judge) checkS3() {
	if reason := j.whyNotS3(); reason != "" {
		for _, r := range j.requirements() {
			j.skip(r.code, "%s", reason)
		}
		return
	}
	var failed []ruling
	setUp := false
	for _, r := range j.requirements() {
		worst := j.rule(r, j.layers())
		setUp = setUp || r.code == finding.S3Write && j.asSetUp(worst.decision)
		switch {
		case setUp && r.code.Level() == finding.Warning && worst.decision.Verdict == policy.ImplicitDeny:
			j.skip(r.code, "nodes can't %s %s, as in every cloud that `anyscale cloud setup` makes: its bucket policy leaves that out", r.does, j.scope())
		case worst.decision.Verdict != policy.Allowed:
			failed = append(failed, worst)
		case r.code == finding.S3Read && j.objectsMayBeForeign():
			j.add(j.foreignObjects())
		default:
			j.assume(worst.decision)
			j.add(j.passed(r, worst))
		}
	}
	mends := j.mendS3(failed)
	for _, f := range failed {
		j.add(j.explain(f, mends[f.code]))
	}
}

// whyNotS3 says why there is nothing to decide; another finding has then stopped the filter already.
func (j *judge) whyNotS3() string {
	switch {
	case j.Bucket == "":
		return "no bucket is known"
	case j.target.RoleARN == "":
		return "the role is not known"
	case j.bucket.State != account.Known:
		return "the bucket is not known"
	}
	return ""
}

// objectsMayBeForeign: across accounts, an object belongs to the account that wrote it unless the bucket enforces its
// owner's, and the bucket's policy says nothing about objects that are not its owner's.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func (j *judge) objectsMayBeForeign() bool {
	owner, known := j.bucket.Value.Owner.Get()
	if known && strings.Contains(j.target.RoleARN, "::"+owner+":") {
		return false
	}
	ownership, known := j.bucket.Value.Ownership.Get()
	return !known || ownership != "BucketOwnerEnforced"
}

func (j *judge) foreignObjects() finding.Finding {
	fact := j.bucket.Value.Ownership
	question := fmt.Sprintf("whether nodes can read every key in %s", j.scope())
	if fact.State == account.NotRead || fact.State == account.NotAsked {
		return unread(finding.S3Read, j.At, question, fact.State, fact.Unread).
			WithDetails("the bucket is in another account: who owns its objects depends on its object ownership")
	}
	return finding.Unsure(finding.S3Read, finding.Depends, j.At, question).
		WithDetails(fmt.Sprintf("the bucket is in another account and its object ownership is %s: an object that another account wrote may be closed to both", or(fact.Value, "not set"))).
		WithHint("set the bucket's object ownership to BucketOwnerEnforced")
}

// ruling is the worst decision of a requirement, with the action that it is about.
type ruling struct {
	requirement
	action   string
	decision policy.Decision
}

// rule decides every action of a requirement and returns the worst: denied, else undecided, else allowed.
func (j *judge) rule(r requirement, layers policy.Layers) ruling {
	var worst ruling
	first := true
	consider := func(action string, d policy.Decision) {
		if first || gravity(d.Verdict) > gravity(worst.decision.Verdict) {
			worst, first = ruling{r, action, d}, false
		}
	}
	for _, action := range r.objects {
		keys := glob.Concat(glob.Literal(j.objectARN("")+j.Prefix), j.anyKey())
		consider(action, policy.Prove(j.request(action, false), keys, layers))
	}
	for _, action := range r.bucket {
		consider(action, policy.Prove(j.request(action, true), glob.Literal(j.bucketARN()), layers))
	}
	return worst
}

// anyKey matches what may follow the prefix. The empty key does not exist in S3.
func (j *judge) anyKey() glob.Pattern {
	if j.Prefix == "" {
		return glob.Compile("?*")
	}
	return glob.Compile("*")
}

// gravity orders verdicts from good to bad.
func gravity(v policy.Verdict) int {
	return map[policy.Verdict]int{policy.Allowed: 0, policy.Depends: 1, policy.ImplicitDeny: 2, policy.ExplicitDeny: 3}[v]
}

// request is the call that a node makes.
func (j *judge) request(action string, onBucket bool) policy.Request {
	bucket, role := j.bucket.Value, j.roleFact()
	context := j.contextOf(common(role, j.now), nodeRows(bucket), j.listing(action))
	owner, _ := bucket.Owner.Get()
	return policy.Request{Principal: policy.NewRole(role.ARN, role.ID), Action: action, ResourceAccount: owner, Context: context}
}

// roleFact is what is known of the role; its ARN is known even when nothing else could be read.
func (j *judge) roleFact() account.Role {
	if role, ok := j.role.Get(); ok {
		return role
	}
	return account.Role{ARN: j.target.RoleARN}
}

// listing holds the parameters of list requests: a node may ask for any prefix under the subject's, and for none when
// the subject is the whole bucket. Other requests have no such parameter.
func (j *judge) listing(action string) []contextRow {
	if action == listAction {
		return []contextRow{{"s3:prefix", policy.ChosenValue(j.Prefix == "", j.Prefix+"*")}}
	}
	if strings.HasPrefix(action, "s3:List") {
		return []contextRow{{"s3:prefix", policy.UnknownValue(fromClient)}}
	}
	return []contextRow{{"s3:prefix", policy.AbsentValue()}, {"s3:delimiter", policy.AbsentValue()}, {"s3:max-keys", policy.AbsentValue()}}
}

func (j *judge) layers() policy.Layers {
	layers := j.facts.Layers(j.target.RoleARN, j.bucketARN())
	layers.Assume = j.Assume
	return layers
}

func (j *judge) bucketARN() string { return "arn:" + j.partition() + ":s3:::" + j.Bucket }

func (j *judge) objectARN(key string) string { return j.bucketARN() + "/" + key }

// partition is the role's: a role can't reach a bucket of another one.
func (j *judge) partition() string {
	parts := strings.SplitN(j.target.RoleARN, ":", 3)
	if len(parts) < 3 {
		return "aws"
	}
	return parts[1]
}

func (j *judge) passed(r requirement, w ruling) finding.Finding {
	var by []string
	for _, reason := range w.decision.DecidedBy {
		by = append(by, "by "+where(reason))
	}
	return finding.Passed(r.code, fmt.Sprintf("nodes can %s %s", r.does, j.scope())).WithDetails(by...)
}

// explain turns a ruling that is no pass into a finding.
func (j *judge) explain(w ruling, mend string) finding.Finding {
	d := w.decision
	var f finding.Finding
	if d.Verdict == policy.Depends {
		f = finding.Unsure(w.code, j.causeOfDepends(d), j.At, fmt.Sprintf("whether nodes can %s %s", w.does, j.scope())).
			WithDetails(dependsOn(w.action, d)...)
		return f.WithHint(j.dependsHint(d))
	}
	f = finding.New(w.code, j.At, fmt.Sprintf("nodes can't %s %s", w.does, j.scope()))
	lines := append(denial(w.action, j.what(d), d), j.nearLines(d.Counterexample, d)...)
	lines = append(lines, j.acrossAccounts(d, "the bucket", j.bucket.Value.Owner.Value)...)
	if j.bucket.Value.Policy.State == account.None {
		for i := range lines {
			lines[i] = strings.ReplaceAll(lines[i], layerWords[policy.LayerResource], "the bucket's policy (it has none)")
		}
	}
	return f.WithDetails(lines...).WithHint(mend)
}

// what names the counterexample as a person would: the key, or the bucket.
func (j *judge) what(d policy.Decision) string {
	if key, ok := strings.CutPrefix(d.Counterexample, j.objectARN("")); ok {
		return fmt.Sprintf("the key %q", key)
	}
	for _, seen := range d.Choice {
		if len(seen.Values) > 0 {
			return fmt.Sprintf("s3://%s with %s %q", j.Bucket, seen.Key, seen.Values[0])
		}
		if seen.Kind == policy.Absent && slices.ContainsFunc(d.Near, func(n policy.Near) bool { return n.Element == "Condition" }) {
			return fmt.Sprintf("s3://%s without %s", j.Bucket, seen.Key)
		}
	}
	return "s3://" + j.Bucket
}

func (j *judge) assume(d policy.Decision) {
	for _, a := range d.Assumed {
		j.assumed[guardrailWords[a.Layer]] = true
	}
}

// guardrailWords name what a pass may assume, in the plural.
var guardrailWords = map[policy.Layer]string{
	policy.LayerSCP: "SCPs", policy.LayerRCP: "RCPs", policy.LayerEndpoint: "VPC endpoint policies", policy.LayerSession: "session policies",
}
