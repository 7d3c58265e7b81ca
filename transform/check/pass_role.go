package check

import (
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// checkPassRole: the control-plane role launches the nodes, so it must be able to pass their role to EC2 and to read
// the profile. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func (j *judge) checkPassRole() {
	if j.ControlPlaneRole == "" || j.target.RoleARN == "" {
		reason := "the control-plane role is not known: --control-plane-role says it"
		if j.ControlPlaneRole != "" {
			reason = "the role is not known"
		}
		j.skip(finding.PassRolePass, "%s", reason)
		j.skip(finding.PassRoleGet, "%s", reason)
		j.skip(finding.PassRoleRun, "%s", reason)
		return
	}
	if cloud, _ := ParseRole(j.ControlPlaneRole); j.target.Account != "" && j.target.Account != cloud.Account {
		reason := "the control-plane role can't pass a role of another account, see profile/account"
		for _, code := range []finding.Code{finding.PassRolePass, finding.PassRoleGet, finding.PassRoleRun} {
			j.skip(code, "%s", reason)
		}
		return
	}
	fact := j.facts.Role(j.ControlPlaneRole)
	role, known := fact.Get()
	if !known {
		j.controlPlaneUnread(fact)
		return
	}
	pass := j.controlRequest(role, "iam:PassRole", j.target.RoleARN)
	pass.Context.Set("iam:PassedToService", policy.ExactValue(j.ec2Names()[0]))
	pass.Context.Set("iam:AssociatedResourceArn", policy.PatternValue(fromInstance, "arn:"+j.partition()+":ec2:*:"+pass.Principal.Account+":instance/*"))
	get := j.controlRequest(role, "iam:GetInstanceProfile", j.target.ARN)
	j.judgeControls([]control{
		{finding.PassRolePass, "pass the role " + j.target.RoleARN + " to EC2", pass, j.passStatement()},
		{finding.PassRoleGet, "read the instance profile " + j.target.ARN, get, j.getStatement()},
	})
	j.checkRun(role)
}

func (j *judge) controlPlaneUnread(fact account.Fact[account.Role]) {
	for _, code := range []finding.Code{finding.PassRolePass, finding.PassRoleGet, finding.PassRoleRun} {
		question := "what the control-plane role " + j.ControlPlaneRole + " may do"
		if fact.State == account.None {
			j.add(finding.New(code, j.At, "the control-plane role "+j.ControlPlaneRole+" does not exist").
				WithHint("anyscale cloud get shows it as anyscale_iam_role_id"))
			continue
		}
		j.add(unread(code, j.At, question, fact.State, fact.Unread))
	}
}

// controlRequest is a call by Anyscale's control plane; what its session carries is its own affair.
func (j *judge) controlRequest(role account.Role, action, resource string) policy.Request {
	context := j.contextOf(common(role, j.now), []contextRow{{"aws:ResourceAccount", policy.ExactValue(j.target.Account)}})
	for _, key := range []string{"aws:SourceIp", "aws:UserAgent", "aws:RequestedRegion", "aws:SourceIdentity", "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"} {
		context.Set(key, policy.UnknownValue(fromCaller))
	}
	parsed, _ := ParseRole(role.ARN)
	return policy.Request{
		Principal: policy.NewRole(role.ARN, role.ID), Action: action, Resource: resource,
		ResourceAccount: or(j.target.Account, parsed.Account), Context: context,
	}
}

// control is one thing that the control-plane role must be able to do, with the statement that lets it.
type control struct {
	code    finding.Code
	does    string // follows "may"
	request policy.Request
	lets    statement
}

// judgeControls decides each; one remedy mends all that an Allow is missing for.
func (j *judge) judgeControls(all []control) {
	layers := j.facts.Layers(all[0].request.Principal.ARN, j.target.RoleARN)
	layers.Assume = j.Assume
	mend := j.mendControls(all, layers)
	for _, c := range all {
		d := policy.Decide(c.request, layers)
		switch d.Verdict {
		case policy.Allowed:
			j.assume(d)
			j.pass(c.code, "the control-plane role may %s", c.does)
		case policy.Depends:
			j.add(finding.Unsure(c.code, j.causeOfDepends(d), j.At, "whether the control-plane role may "+c.does).
				WithDetails(dependsOn(c.request.Action, d)...).WithHint(j.dependsHint(d)))
		default:
			lines := denial(c.request.Action, c.request.Resource, d)
			for i := range lines {
				lines[i] = strings.ReplaceAll(lines[i], "the role's ", "the control-plane role's ")
			}
			j.add(finding.New(c.code, j.At, "the control-plane role may not "+c.does).
				WithDetails(lines...).WithDetails(j.nearLines(c.request.Resource, d)...).WithHint(mend[c.code]))
		}
	}
}

// mendControls is a policy for the control-plane role, for this node role and profile only, or whose affair it is.
func (j *judge) mendControls(all []control, layers policy.Layers) map[finding.Code]string {
	hints := map[finding.Code]string{}
	try := func(cs ...control) []remedy {
		lets := remedy{name: "pass-node-role"}
		for _, c := range cs {
			lets.identity = append(lets.identity, c.lets)
		}
		return widened(layers, []remedy{lets})
	}
	var open []control
	for _, c := range all {
		tries := try(c)
		switch with := policy.Decide(c.request, tries[len(tries)-1].apply(layers)); {
		case !policy.Decide(c.request, layers).Verdict.Denied():
		case with.Verdict != policy.Allowed:
			hints[c.code] = j.noRemedy(with)
		default:
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return hints
	}
	enough := func(layers policy.Layers) bool {
		return !slices.ContainsFunc(open, func(c control) bool { return policy.Decide(c.request, layers).Verdict != policy.Allowed })
	}
	r, _ := j.find(j.ControlPlaneRole, layers, try(open...), enough) // what grants the most is enough
	for _, c := range open {
		hints[c.code] = j.paste(j.ControlPlaneRole, r, false)
	}
	return hints
}

// passStatement lets the control plane hand this role to EC2, and to nothing else.
func (j *judge) passStatement() statement {
	return statement{
		Sid: "PassNodeRole", Effect: "Allow", Action: []string{"iam:PassRole"}, Resource: []string{j.target.RoleARN},
		Condition: map[string]map[string][]string{"StringEquals": {"iam:PassedToService": j.ec2Names()}},
	}
}

func (j *judge) getStatement() statement {
	return statement{Sid: "ReadNodeProfile", Effect: "Allow", Action: []string{"iam:GetInstanceProfile"}, Resource: []string{j.target.ARN}}
}
