package check

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"ccx/transform/account"
	"ccx/transform/finding"
)

// judge holds what the checks of one subject share.
type judge struct {
	Subject
	target Target
	facts  *account.Facts
	now    time.Time
	role   account.Fact[account.Role]
	bucket account.Fact[account.Bucket]
	out    []finding.Finding
	// assumed collects the guardrails that some pass took to deny nothing.
	assumed map[string]bool
	names   map[string]string // the inline policies that mends have named: role/NAME, and the text
	data    *DataBucket       // the data bucket that this judge is about; nil: the cloud's own
}

// Answer is what Run found.
type Answer struct {
	Findings []finding.Finding
	Assumed  []string // guardrails that a pass rests on, in words, sorted
}

// Run makes every check of the subject whose profile Resolve found.
func Run(s Subject, t Target, f *account.Facts, now time.Time) Answer {
	j := &judge{Subject: s, target: t, facts: f, now: now, assumed: map[string]bool{}, names: map[string]string{}}
	if t.RoleARN != "" {
		j.role = f.Role(t.RoleARN)
	}
	j.checkAccount()
	j.checkName()
	j.add(Allowed(s, t))
	j.checkTrust()
	j.checkBucket()
	j.checkS3()
	j.checkKey()
	j.checkData()
	j.checkImages()
	j.checkRequires()
	j.checkPassRole()
	j.checkSimulator()
	return Answer{Findings: j.out, Assumed: slices.Sorted(maps.Keys(j.assumed))}
}

func (j *judge) add(f finding.Finding) { j.out = append(j.out, f) }

func (j *judge) pass(code finding.Code, format string, args ...any) {
	j.add(finding.Passed(code, fmt.Sprintf(format, args...)))
}

func (j *judge) skip(code finding.Code, format string, args ...any) {
	j.add(finding.Skip(code, fmt.Sprintf(format, args...)))
}

// checkAccount: the control plane launches in its own account, so the profile must be there.
func (j *judge) checkAccount() {
	cloud, because := j.cloudAccount()
	switch {
	case cloud == "":
		j.skip(finding.ProfileAccount, "the cloud's account is not known: --control-plane-role says it")
	case j.target.Account == "":
		j.add(finding.Unsure(finding.ProfileAccount, finding.Unreadable, j.Given, "which account the profile is in").
			WithHint("name the profile by its ARN"))
	case j.target.Account != cloud:
		j.add(finding.New(finding.ProfileAccount, j.Given, fmt.Sprintf("the profile is in account %s, the cloud in %s", j.target.Account, cloud)).
			WithDetails(because).WithHint("use a profile of account " + cloud))
	default:
		j.pass(finding.ProfileAccount, "profile and cloud are in account %s", cloud)
	}
}
