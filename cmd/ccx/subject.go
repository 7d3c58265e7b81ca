package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"ccx/transform"
	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// transform turns the flags into the pipeline's options.
func (o *options) transform() (transform.Options, *finding.Finding) {
	opts := transform.Options{AllowUnknown: o.unknown == "allow", Now: time.Now().UTC()}
	opts.Existing = map[string]anyscale.Mode{"refuse": anyscale.Refuse, "keep": anyscale.Keep, "replace": anyscale.Replace}[o.existing]
	if o.as == "name" {
		opts.Form = transform.ByName
	}
	s, bad := o.subject()
	opts.Subject = s
	return opts, bad
}

// subject reads what the flags say of the profile and its cloud.
func (o *options) subject() (check.Subject, *finding.Finding) {
	s := check.Subject{
		Profile: o.profile, Role: o.role, Region: o.region,
		BucketOwner: o.bucketOwner, ControlPlaneRole: o.controlPlane, Context: map[string][]string{},
	}
	switch {
	case o.profile != "":
		s.Given = check.Argument("-p", o.profile)
	case o.role != "":
		s.Given = check.Argument("-r", o.role)
	}
	steps := []func(*check.Subject) *finding.Finding{o.readBucket, o.readRegion, o.readOwner, o.readControlPlane, o.readContext, o.readAssume}
	for _, step := range steps {
		if bad := step(&s); bad != nil {
			return s, bad
		}
	}
	return s, nil
}

// bucketName is S3's grammar for general purpose buckets.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func (o *options) readBucket(s *check.Subject) *finding.Finding {
	if o.bucket == "" {
		return nil
	}
	value := strings.TrimPrefix(o.bucket, "s3://")
	s.Bucket, s.Prefix, _ = strings.Cut(value, "/")
	switch {
	case strings.HasPrefix(value, "arn:"):
		return badFlag("-b", o.bucket, "a bucket is named, not given by its ARN", "-b "+value[strings.LastIndexByte(value, ':')+1:])
	case !bucketName.MatchString(s.Bucket):
		return badFlag("-b", o.bucket, fmt.Sprintf("%q is no bucket name", s.Bucket), "3 to 63 lower-case letters, digits, dots and hyphens: -b acme-anyscale or -b s3://acme-anyscale/prefix")
	case strings.ContainsAny(s.Prefix, "*?$"):
		return badFlag("-b", o.bucket, "a prefix with *, ? or $ can't be checked", "give the prefix up to there")
	}
	return nil
}

var regionName = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$`)

// readRegion refuses what is no region: it becomes a part of a host's name.
func (o *options) readRegion(*check.Subject) *finding.Finding {
	if o.region != "" && !regionName.MatchString(o.region) {
		return badFlag("--region", o.region, fmt.Sprintf("%q is no AWS region", o.region), "--region us-west-2 (not a zone such as us-west-2a)")
	}
	return nil
}

func (o *options) readOwner(*check.Subject) *finding.Finding {
	if o.bucketOwner != "" && (len(o.bucketOwner) != 12 || strings.Trim(o.bucketOwner, "0123456789") != "") {
		return badFlag("--bucket-owner", o.bucketOwner, "an account id has 12 digits", "--bucket-owner 111122223333")
	}
	return nil
}

func (o *options) readControlPlane(*check.Subject) *finding.Finding {
	if o.controlPlane == "" {
		return nil
	}
	ref, faults := check.ParseRole(o.controlPlane)
	if len(faults) > 0 {
		return badFlag("--control-plane-role", o.controlPlane, faults[0].Message, faults[0].Hint)
	}
	if ref.ARN == "" {
		return badFlag("--control-plane-role", o.controlPlane, "the control-plane role must be given by its ARN", "anyscale cloud get shows it as anyscale_iam_role_id")
	}
	return nil
}

func (o *options) readContext(s *check.Subject) *finding.Finding {
	for _, row := range o.context {
		key, value, ok := strings.Cut(row, "=")
		if !ok || !strings.Contains(key, ":") {
			return badFlag("--context", row, "this is not KEY=VALUE with a context key", "--context aws:SourceVpce=vpce-0a1b2c3d")
		}
		s.Context[key] = append(s.Context[key], value)
	}
	return nil
}

// guardrails are the words of --assume.
var guardrails = map[string]policy.Layer{
	"scp": policy.LayerSCP, "rcp": policy.LayerRCP, "vpc-endpoint": policy.LayerEndpoint, "session": policy.LayerSession,
}

func (o *options) readAssume(s *check.Subject) *finding.Finding {
	s.Assume = policy.DefaultAssume
	if len(o.assume) == 0 {
		return nil
	}
	words := strings.Split(strings.Join(o.assume, ","), ",")
	var layers []policy.Layer
	for _, word := range words {
		layer, ok := guardrails[strings.TrimSpace(word)]
		switch {
		case ok:
			layers = append(layers, layer)
		case word == "none" && len(words) == 1:
		default:
			return badFlag("--assume", word, fmt.Sprintf("%q is nothing that can be assumed", word), "--assume scp,rcp,vpc-endpoint,session or --assume none")
		}
	}
	s.Assume = policy.AssumeLayers(layers...)
	return nil
}

func badFlag(flag, value, message, hint string) *finding.Finding {
	f := finding.New(finding.UsageFlag, check.Argument(flag, value), message).WithHint(hint)
	return &f
}
