package check

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

const (
	runAction  = "ec2:RunInstances"
	profileKey = "ec2:InstanceProfile"
	fromLaunch = "Anyscale, when it launches a node"
)

// checkRun: no rule on the profile keeps the control-plane role from launching a node with it. What a rule asks of the tags
// or of the machine is not known here, and is Anyscale's own affair: it is noted.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
func (j *judge) checkRun(role account.Role) {
	if j.Region == "" {
		j.skip(finding.PassRoleRun, "the cloud's region is not known: --region says it")
		return
	}
	layers := j.facts.Layers(role.ARN, j.target.RoleARN) // no resource policy has a say on an instance to come
	layers.Assume = j.Assume
	d := policy.Decide(j.runRequest(role, policy.ExactValue(j.target.ARN)), layers)
	question := "launch nodes with the profile " + j.target.ARN
	switch d.Verdict {
	case policy.Allowed:
		j.assume(d)
		j.pass(finding.PassRoleRun, "the control-plane role may %s", question)
	case policy.ExplicitDeny:
		j.add(finding.New(finding.PassRoleRun, j.At, "the control-plane role may not "+question).
			WithDetails(denial(runAction, "an instance", d)...).WithHint(strings.Replace(j.noRemedy(d), "exempt this role", "exempt this profile", 1)))
	case policy.ImplicitDeny:
		j.runSilent(role, layers, d, question)
	default:
		j.runDepends(d, question)
	}
}

// runRequest is the launch of an instance: its ARN ends in a star, since it has no id yet.
func (j *judge) runRequest(role account.Role, profile policy.Value) policy.Request {
	r := j.controlRequest(role, runAction, "arn:"+j.partition()+":ec2:"+j.Region+":"+j.target.Account+":instance/*")
	r.Context.Set(profileKey, profile)
	r.Context.Set("aws:RequestedRegion", policy.ExactValue(j.Region))
	r.Context.Set("ec2:Region", policy.ExactValue(j.Region))
	for _, key := range []string{"aws:RequestTag/*", "aws:TagKeys", "ec2:InstanceType", "ec2:Tenancy", "ec2:MetadataHttpTokens"} {
		r.Context.Set(key, policy.UnknownValue(fromLaunch))
	}
	return r
}

// runSilent: no statement allows it with this profile. If one would with another, that one is the reason.
func (j *judge) runSilent(role account.Role, layers policy.Layers, d policy.Decision, question string) {
	other := policy.Decide(j.runRequest(role, policy.UnknownValue(fromLaunch)), layers)
	if other.Verdict.Denied() {
		j.skip(finding.PassRoleRun, "the control-plane role's policies allow %s with no profile at all", runAction)
		return
	}
	f := finding.New(finding.PassRoleRun, j.At, "the control-plane role may not "+question).WithDetails(denial(runAction, "an instance with this profile", d)...)
	for _, r := range other.DecidedBy {
		if onProfile(r) {
			f = f.WithDetails("other profiles are named in " + where(r)).
				WithHint(fmt.Sprintf("whoever manages the control-plane role must add %s to %s", j.target.ARN, where(r)))
		}
	}
	j.add(f)
}

// runDepends: what the verdict hinges on, and whether the profile has a part in it.
func (j *judge) runDepends(d policy.Decision, question string) {
	keyed := slices.ContainsFunc(d.DecidedBy, func(r policy.Reason) bool { return r.Effect != policy.Allow && onProfile(r) })
	keyed = keyed || j.causeOfDepends(d) != finding.Depends
	if keyed {
		j.add(finding.Unsure(finding.PassRoleRun, j.causeOfDepends(d), j.At, "whether the control-plane role may "+question).
			WithDetails(dependsOn(runAction, d)...).WithHint(j.dependsHint(d)))
		return
	}
	j.add(finding.Passed(finding.PassRoleRun, "no rule on the profile keeps the control-plane role from launching nodes").
		WithDetails("noted, since Anyscale sets it at the launch:").WithDetails(dependsOn(runAction, d)...))
}

// onProfile reports whether a statement asks for the profile.
func onProfile(r policy.Reason) bool {
	return slices.ContainsFunc(r.Conditions, func(c policy.Seen) bool { return strings.EqualFold(c.Key, profileKey) })
}
