package transform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// Aim is what a person asks for, in words: the values of the flags. Empty means not said.
type Aim struct {
	Profile, Role    string   // ARN or name
	Bucket           string   // NAME or s3://NAME/PREFIX
	BucketOwner      string   // 12 digits
	Region           string   // us-west-2
	ControlPlaneRole string   // ARN
	Images           []string // URIs
	Requires         []string // ACTION[,ACTION]=ARN each
	DataBuckets      []string // NAME=read or NAME=write each; NAME may be s3://NAME/PREFIX
	Context          []string // KEY=VALUE each
	Assume           []string // words of guardrails, or none
	Nodes            []string // NAME=PROFILE each: another profile for one node group
	Existing         string   // refuse, keep or replace
	As               string   // arn or name
	Remove           bool
	AllowUnknown     bool
	Target           string
	Template         bool
	WarnUnknownKeys  bool
	Cloud            string               // name or id
	Clouds           *Clouds              // what is known of clouds; nil: nothing
	Mapping          *anyscale.IAMMapping // the cloud's IAM mapping; nil: none was given
}

// modes are the words of --existing.
var modes = map[string]anyscale.Mode{"": anyscale.Refuse, "refuse": anyscale.Refuse, "keep": anyscale.Keep, "replace": anyscale.Replace}

// Options turns words into options, or says which word is wrong: usage/flag.
func (a Aim) Options() (Options, *finding.Finding) {
	opts := Options{
		AllowUnknown: a.AllowUnknown, Now: time.Now().UTC(), Existing: modes[a.Existing], Remove: a.Remove,
		Text: anyscale.Options{Target: a.Target, Template: a.Template, UnknownKeys: a.WarnUnknownKeys},
	}
	opts.Cloud, opts.Clouds, opts.Mapping = a.Cloud, a.Clouds, a.Mapping
	if a.As == "name" {
		opts.Form = ByName
	}
	s, bad := a.subject()
	opts.Subject = s
	if bad == nil {
		bad = a.readNodes(&opts)
	}
	return opts, bad
}

// subject reads what is said of the profile and its cloud.
func (a Aim) subject() (check.Subject, *finding.Finding) {
	s := check.Subject{
		Profile: a.Profile, Role: a.Role, Region: a.Region,
		BucketOwner: a.BucketOwner, ControlPlaneRole: a.ControlPlaneRole, Context: map[string][]string{},
	}
	switch {
	case a.Profile != "":
		s.Given = check.Argument("-p", a.Profile)
	case a.Role != "":
		s.Given = check.Argument("-r", a.Role)
	}
	steps := []func(*check.Subject) *finding.Finding{a.readBucket, a.readRegion, a.readOwner, a.readControlPlane, a.readImages, a.readRequires, a.readData, a.readContext, a.readAssume, a.readCloud}
	for _, step := range steps {
		if bad := step(&s); bad != nil {
			return s, bad
		}
	}
	return s, nil
}

func (a Aim) readNodes(opts *Options) *finding.Finding {
	for _, row := range a.Nodes {
		name, profile, ok := strings.Cut(row, "=")
		switch {
		case !ok || name == "" || profile == "":
			return badFlag("--node", row, "this is not NAME=PROFILE", "--node gpu=ml-gpu, or --node head=ml-head")
		case slices.Contains(opts.Text.Nodes, name):
			return badFlag("--node", row, fmt.Sprintf("the node group %q has a profile already", name), "one --node a group")
		}
		opts.Text.Nodes = append(opts.Text.Nodes, name)
		given := check.Argument("--node", row)
		given.Column, given.Offset, given.Length = given.Column+len(name)+1, given.Offset+len(name)+1, len(profile)
		opts.Nodes = append(opts.Nodes, NodeAim{Name: name, Profile: profile, Given: given})
	}
	return nil
}

// bucketName is S3's grammar for general purpose buckets.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func (a Aim) readBucket(s *check.Subject) *finding.Finding {
	if a.Bucket == "" {
		return nil
	}
	value := strings.TrimPrefix(a.Bucket, "s3://")
	s.Bucket, s.Prefix, _ = strings.Cut(value, "/")
	switch {
	case strings.HasPrefix(value, "arn:"):
		return badFlag("-b", a.Bucket, "a bucket is named, not given by its ARN", "-b "+value[strings.LastIndexByte(value, ':')+1:])
	case !bucketName.MatchString(s.Bucket):
		return badFlag("-b", a.Bucket, fmt.Sprintf("%q is no bucket name", s.Bucket), "3 to 63 lower-case letters, digits, dots and hyphens: -b acme-anyscale or -b s3://acme-anyscale/prefix")
	case strings.ContainsAny(s.Prefix, "*?$"):
		return badFlag("-b", a.Bucket, "a prefix with *, ? or $ can't be checked", "give the prefix up to there")
	}
	return nil
}

var regionName = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$`)

// readRegion refuses what is no region: it becomes a part of a host's name.
func (a Aim) readRegion(*check.Subject) *finding.Finding {
	if a.Region != "" && !regionName.MatchString(a.Region) {
		return badFlag("--region", a.Region, fmt.Sprintf("%q is no AWS region", a.Region), "--region us-west-2 (not a zone such as us-west-2a)")
	}
	return nil
}

func (a Aim) readOwner(*check.Subject) *finding.Finding {
	if a.BucketOwner != "" && (len(a.BucketOwner) != 12 || strings.Trim(a.BucketOwner, "0123456789") != "") {
		return badFlag("--bucket-owner", a.BucketOwner, "an account id has 12 digits", "--bucket-owner 111122223333")
	}
	return nil
}

func (a Aim) readControlPlane(*check.Subject) *finding.Finding {
	if a.ControlPlaneRole == "" {
		return nil
	}
	ref, faults := check.ParseRole(a.ControlPlaneRole)
	if len(faults) > 0 {
		return badFlag("--control-plane-role", a.ControlPlaneRole, faults[0].Message, faults[0].Hint)
	}
	if ref.ARN == "" {
		return badFlag("--control-plane-role", a.ControlPlaneRole, "the control-plane role must be given by its ARN", "anyscale cloud get shows it as anyscale_iam_role_id")
	}
	return nil
}

func (a Aim) readContext(s *check.Subject) *finding.Finding {
	for _, row := range a.Context {
		key, value, ok := strings.Cut(row, "=")
		if !ok || !strings.Contains(key, ":") {
			return badFlag("--context", row, "this is not KEY=VALUE with a context key", "--context aws:SourceVpce=vpce-0a1b2c3d")
		}
		s.Context[key] = append(s.Context[key], value)
	}
	return nil
}

func (a Aim) readCloud(*check.Subject) *finding.Finding {
	if a.Cloud != "" && a.Clouds.Any() && a.Clouds.find(a.Cloud) == nil {
		return badFlag("--cloud", a.Cloud, fmt.Sprintf("nothing is known of the cloud %q", cut(a.Cloud)), a.Clouds.meant(a.Cloud))
	}
	return nil
}

// guardrails are the words of --assume.
var guardrails = map[string]policy.Layer{
	"scp": policy.LayerSCP, "rcp": policy.LayerRCP, "vpc-endpoint": policy.LayerEndpoint, "session": policy.LayerSession,
}

func (a Aim) readAssume(s *check.Subject) *finding.Finding {
	s.Assume = policy.DefaultAssume
	if len(a.Assume) == 0 {
		return nil
	}
	words := strings.Split(strings.Join(a.Assume, ","), ",")
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
