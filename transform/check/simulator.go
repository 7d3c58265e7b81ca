package check

import (
	"fmt"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// simulatorKnows says what a second opinion is worth.
const simulatorKnows = "the simulator knows the role's policies, its boundary and SCPs; it takes no bucket policy for a role, no RCP, no VPC endpoint policy, and only the context that it is told"

// checkSimulator compares the role's own side with what AWS's policy simulator says of it, where that was asked.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
func (j *judge) checkSimulator() {
	opinion := j.facts.Simulation(j.target.RoleARN, j.Bucket)
	switch opinion.State {
	case account.NotAsked:
		return
	case account.Known:
	default:
		j.add(finding.New(finding.SimulatorOpinion, j.Given, "AWS's policy simulator gave no second opinion").
			WithDetails(opinion.Reason()).WithHint(unreadHint(opinion.Unread)))
		return
	}
	var differs, same []string
	for _, s := range opinion.Value {
		d := j.ownSide(s)
		if agrees(d.Verdict, s.Decision) {
			same = append(same, s.Action)
			continue
		}
		line := fmt.Sprintf("%s on %s: the simulator says %s, ccx says of the role's own side: %s", s.Action, s.Resource, s.Decision, words(d.Verdict))
		if len(s.Missing) > 0 {
			line += "; nobody told the simulator " + strings.Join(s.Missing, ", ")
		}
		differs = append(differs, line)
	}
	if len(differs) == 0 {
		j.add(finding.New(finding.SimulatorOpinion, j.Given, fmt.Sprintf("AWS's policy simulator agrees on the role's own side, for %s", strings.Join(same, ", "))).
			WithDetails(simulatorKnows))
		return
	}
	j.add(finding.New(finding.SimulatorOpinion, j.Given, "AWS's policy simulator differs on the role's own side").
		WithDetails(append(differs, simulatorKnows)...).WithHint("tell which of the two is wrong: ccx simulate --principal " + j.target.RoleARN + " asks ccx for one request"))
}

// ownSide decides one request by what the simulator knows as well.
func (j *judge) ownSide(s account.Simulated) policy.Decision {
	layers := j.facts.Layers(j.target.RoleARN, s.Resource)
	own := policy.Layers{Identity: layers.Identity, Boundary: layers.Boundary, SCPs: layers.SCPs, Assume: j.Assume}
	role := j.roleFact()
	request := policy.Request{Principal: policy.NewRole(role.ARN, role.ID), Action: s.Action, Resource: s.Resource,
		ResourceAccount: j.roleAccount(), Context: j.contextOf(common(role, j.now), nodeRows(j.bucket.Value), j.listing(s.Action))}
	return policy.Decide(request, own)
}

// agrees reports whether the two say the same. What depends on what only a node knows is no disagreement.
func agrees(ours policy.Verdict, theirs string) bool {
	switch ours {
	case policy.Allowed:
		return theirs == "allowed"
	case policy.ExplicitDeny:
		return theirs == "explicitDeny"
	case policy.ImplicitDeny:
		return theirs == "implicitDeny"
	}
	return true
}

func words(v policy.Verdict) string { return strings.ReplaceAll(v.String(), "_", " ") }
