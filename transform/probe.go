package transform

import (
	"context"
	"fmt"

	"ccx/transform/check"
	"ccx/transform/finding"
	"ccx/transform/live"
)

// ProbeOptions says how far a probe goes.
type ProbeOptions struct {
	// Write lets it write one small object and begin one multipart upload, and take both back.
	Write bool
	// AcceptLock is the user's word that the object may stay where Object Lock keeps it, or may keep it.
	AcceptLock bool
	// Announce is told what is about to be written, before it is; nil: nobody.
	Announce func(line string)
}

// Probe asks AWS with the credentials at hand whether they are those of the promised role, and then tries what nodes
// do. The promise is the profile or role of the options; which role a profile holds is told by source, or asked of AWS
// where source is nil. Nothing but that and the identity is asked for when the caller is another, or may be. Codes:
// probe/*, profile/exists, profile/role.
func Probe(ctx context.Context, opts Options, ask ProbeOptions, source Source, p *live.Probe) Result {
	if source == nil {
		source = p
	}
	j := &probing{ctx: ctx, opts: opts, ask: ask, source: source, p: p}
	j.Result = Result{Name: "probe", Scope: opts.Subject.Scope()}
	if j.Findings = check.Grammar(opts.Subject); j.Stopped() {
		return j.Result
	}
	j.Findings = nil // how the names are written is no action
	if why := j.identity(); why != "" {
		j.add(finding.Skip(finding.ProbeList, "nothing else is tried: "+why))
	} else {
		j.bucket()
		j.images()
	}
	j.Provenance = p.Provenance()
	return j.Result // in the order of trying
}

// probing is one probe under way.
type probing struct {
	Result
	ctx    context.Context
	opts   Options
	ask    ProbeOptions
	source Source
	p      *live.Probe

	caller  live.Caller
	located live.Tried // HeadBucket
	listed  live.Tried
}

func (j *probing) add(f finding.Finding) { j.Findings = append(j.Findings, f) }

func (j *probing) pass(code finding.Code, message string, details ...string) {
	j.add(finding.Passed(code, message).WithDetails(details...))
}

// cut reports whether the user, or --timeout, has ended the probe.
func (j *probing) cut() bool { return j.ctx.Err() != nil }

// settle turns an action's outcome into a finding: can says what nodes can then do, "list s3://acme-anyscale".
func (j *probing) settle(code finding.Code, t live.Tried, can string) {
	switch t.Outcome {
	case live.Works:
		j.pass(code, "the caller can "+can)
	case live.Refused:
		j.add(j.refused(code, t, can))
	case live.Missing:
		j.add(finding.New(code, finding.Place{}, fmt.Sprintf("the caller can't %s: there is no bucket %s", can, j.opts.Subject.Bucket)).
			WithDetails(said(t)...).WithHint("check the bucket's name: " + j.bucketFrom()))
	case live.Broken:
		j.add(j.broken(t, can))
	default:
		j.add(unanswered(code, t, can))
	}
}

// refused is a finding about what AWS says that the caller may not.
func (j *probing) refused(code finding.Code, t live.Tried, can string) finding.Finding {
	if isKMS(t.Action) {
		return finding.New(finding.ProbeKey, finding.Place{}, fmt.Sprintf("the caller can't %s: %s is denied on the bucket's KMS key", can, t.Action)).
			WithDetails(said(t)...).WithDetails("S3 itself allows it: the bucket's default encryption needs the key as well").
			WithHint("ccx policy key " + j.flags() + " prints the statement that the key's policy lacks")
	}
	f := finding.New(code, finding.Place{}, fmt.Sprintf("the caller can't %s: %s is denied", can, t.Action)).WithDetails(said(t)...)
	if owner := j.opts.Subject.BucketOwner; owner != "" && !t.Names() && code != finding.ProbeLogin && code != finding.ProbePull {
		f = f.WithDetails("S3 gives the same answer when the bucket belongs to another account than " + owner + ", which was asked for")
	}
	return f.WithHint(j.mend(code, t))
}

// broken is a finding about a KMS key that keeps S3 from doing what it allows.
func (j *probing) broken(t live.Tried, can string) finding.Finding {
	return finding.New(finding.ProbeKey, finding.Place{}, fmt.Sprintf("the caller can't %s: the bucket's KMS key can't be used", can)).
		WithDetails(said(t)...).WithHint("enable the key, or give the bucket another default encryption: aws kms describe-key --key-id KEY")
}

// unanswered is a finding about an action of which nothing is known.
func unanswered(code finding.Code, t live.Tried, can string) finding.Finding {
	f := finding.Unsure(code, finding.Unreachable, finding.Place{}, "whether the caller can "+can)
	return f.WithDetails(t.Why.Reason()).WithHint(probeHint(t.Code))
}

// said is AWS's answer, in its own words where it gave some.
func said(t live.Tried) []string {
	if t.Because != "" {
		return []string{fmt.Sprintf("AWS says %s: %s", t.Code, t.Because)}
	}
	if t.Code != "" {
		return []string{"AWS says " + t.Code}
	}
	return nil
}

func isKMS(action string) bool { return len(action) > 4 && action[:4] == "kms:" }

// probeHint is what to do where AWS gave no usable answer.
func probeHint(code string) string {
	switch code {
	case "NoCredentials":
		return "on a node the credentials come from instance metadata: is an instance profile attached, and AWS_EC2_METADATA_DISABLED unset? In a container the hop limit of IMDSv2 must be 2"
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired":
		return "renew them, or unset those that hide the node's own: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE"
	case "InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException", "InvalidToken", "SignatureDoesNotMatch", "AuthFailure":
		return "is something set that hides the node's own credentials? unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE"
	case "Timeout", "UnknownHost", "ConnectionRefused", "ConnectionLost":
		return "can the node reach AWS? a private subnet needs a NAT gateway, or VPC endpoints for STS, S3 and ECR; behind a proxy set HTTPS_PROXY"
	case "Interrupted":
		return "run it again"
	}
	return "run it again; ccx probe --help lists what can be said"
}
