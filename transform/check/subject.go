// Package check says what must hold for nodes to do their work, and whether it does.
//
// A Subject is what is judged: an instance profile with its cloud. Wants lists the facts that the checks need, Resolve
// finds the one profile that is meant, and Run answers with a finding a check, passes included, so that a report can
// say what was proved. A check is one file, with its code in package finding and its facts in package account.
package check

import (
	"fmt"
	"strings"

	"ccx/transform/finding"
	"ccx/transform/policy"
)

// Subject is what is judged. Its parts come from flags and from the config; an empty part is not known.
type Subject struct {
	Profile string        // ARN or name of the instance profile
	Role    string        // ARN or name of a role whose profile is looked for; Profile is then empty
	Given   finding.Place // where Profile or Role was written: a flag or a place in a file
	At      finding.Place // where the profile takes effect in the config: what AWS findings point to

	Cloud            string // the cloud's id, or its name where that is all that is known; "" when no cloud is
	Bucket           string // name of the cloud's bucket
	Prefix           string // key prefix inside it; "" is the whole bucket
	BucketOwner      string // 12 digits, when the user says so
	Region           string // the cloud's region
	ControlPlaneRole string // ARN of the role that Anyscale assumes
	Account          string // the cloud's account, as its roles tell: a bare name is looked for there

	AllowedProfiles []string // patterns of the profiles that the cloud's nodes may have; none: any
	Guess           bool     // Profile is a guess from the cloud's id: that it isn't there proves nothing

	Images   []Image   // container images that the nodes pull
	Requires []Require // what else the nodes must be able to do

	DataBuckets []DataBucket // further buckets that the nodes work on

	Context map[string][]string // request context that the user knows, by key
	Assume  policy.Assume       // guardrails that may be assumed where they can't be read
}

// scope is the bucket as a person writes it: s3://acme-anyscale/prefix.
func (s Subject) scope() string {
	return strings.TrimSuffix("s3://"+s.Bucket+"/"+s.Prefix, "/")
}

// Scope says what the checks of the cloud's bucket speak of, "" when no bucket is known.
func (s Subject) Scope() string {
	if s.Bucket == "" {
		return ""
	}
	return s.scope()
}

// Scopes says what the S3 checks speak of: the cloud's bucket, if it is known, and the data buckets.
func (s Subject) Scopes() []string {
	var all []string
	if s.Bucket != "" {
		all = append(all, s.scope())
	}
	for _, b := range s.DataBuckets {
		all = append(all, b.String())
	}
	return all
}

// Key identifies what the subject asks of AWS; two subjects with one key have the same findings
// and the same waivers.
func (s Subject) Key() string {
	return strings.Join([]string{
		s.Cloud, s.Profile, s.Role, s.scope(), s.BucketOwner, s.Region, s.ControlPlaneRole, s.Account,
		fmt.Sprint(s.Context, s.AllowedProfiles, s.Images, s.Requires, s.DataBuckets),
	}, "\x00")
}
