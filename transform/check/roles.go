package check

import (
	"fmt"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// checkTrust: EC2 may assume the role.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
func (j *judge) checkTrust() {
	if j.target.RoleARN == "" {
		j.skip(finding.RoleTrust, "the role is not known")
		return
	}
	question := "whether EC2 may assume the role " + j.target.RoleARN
	switch j.role.State {
	case account.Known:
	case account.None:
		j.add(finding.New(finding.RoleTrust, j.Given, "the role "+j.target.RoleARN+" in the profile does not exist").
			WithHint("put an existing role into the profile"))
		return
	default:
		j.add(unread(finding.RoleTrust, j.Given, question, j.role.State, j.role.Unread))
		return
	}
	trust := j.role.Value.Trust
	if trust.State != account.Known {
		j.add(unread(finding.RoleTrust, j.Given, question, trust.State, trust.Unread))
		return
	}
	j.judgeTrust(question, trust.Value)
}

func (j *judge) judgeTrust(question string, trust policy.Named) {
	best := policy.Decision{}
	for i, service := range j.ec2Names() {
		d := policy.Decide(j.assumeRequest(service), policy.Layers{
			Resource: &policy.Set{Policies: []policy.Named{trust}}, PublicAccess: policy.PublicAccessOpen, Assume: j.Assume,
		})
		if i == 0 || gravity(d.Verdict) < gravity(best.Verdict) {
			best = d
		}
	}
	switch best.Verdict {
	case policy.Allowed:
		j.pass(finding.RoleTrust, "EC2 may assume %s", j.target.RoleARN)
	case policy.Depends:
		j.add(finding.Unsure(finding.RoleTrust, causeOfDepends(best), j.Given, question).
			WithDetails(dependsOn("sts:AssumeRole", best)...).WithHint(dependsHint(best)))
	default:
		j.add(finding.New(finding.RoleTrust, j.Given, "EC2 may not assume the role "+j.target.RoleARN).
			WithDetails(trustDenial(best)...).
			WithHint("add this statement to the role's trust policy:\n" + pretty(map[string]any{
				"Effect": "Allow", "Principal": map[string]string{"Service": j.ec2Names()[0]}, "Action": "sts:AssumeRole",
			})))
	}
}

// trustDenial is denial in the words of a trust policy.
func trustDenial(d policy.Decision) []string {
	lines := denial("sts:AssumeRole", "the role", d)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], layerWords[policy.LayerResource], "its trust policy")
	}
	return lines
}

// ec2Names are EC2's service principals; in China the old name with .cn is accepted as well.
func (j *judge) ec2Names() []string {
	if j.partition() == "aws-cn" {
		return []string{"ec2.amazonaws.com", "ec2.amazonaws.com.cn"}
	}
	return []string{"ec2.amazonaws.com"}
}

func (j *judge) assumeRequest(service string) policy.Request {
	var context policy.Context
	for _, key := range []string{"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "sts:ExternalId", "sts:RoleSessionName"} {
		context.Set(key, policy.UnknownValue("EC2, when it assumes the role"))
	}
	context.Set("aws:PrincipalIsAWSService", policy.ExactValue("true"))
	context.Set("aws:PrincipalServiceName", policy.ExactValue(service))
	context.Set("aws:SecureTransport", policy.ExactValue("true"))
	return policy.NewTrust(service, j.target.RoleARN, context)
}

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
	j.judgeControl(finding.PassRolePass, "pass the role "+j.target.RoleARN+" to EC2", pass)
	j.judgeControl(finding.PassRoleGet, "read the instance profile "+j.target.ARN, j.controlRequest(role, "iam:GetInstanceProfile", j.target.ARN))
}

func (j *judge) controlPlaneUnread(fact account.Fact[account.Role]) {
	for _, code := range []finding.Code{finding.PassRolePass, finding.PassRoleGet} {
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
	context := j.contextOf(common(role, j.now))
	for _, key := range []string{"aws:SourceIp", "aws:UserAgent", "aws:RequestedRegion", "aws:SourceIdentity", "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"} {
		context.Set(key, policy.UnknownValue(fromCaller))
	}
	parsed, _ := ParseRole(role.ARN)
	context.Set("aws:ResourceAccount", policy.ExactValue(j.target.Account))
	return policy.Request{
		Principal: policy.NewRole(role.ARN, role.ID), Action: action, Resource: resource,
		ResourceAccount: or(j.target.Account, parsed.Account), Context: context,
	}
}

func (j *judge) judgeControl(code finding.Code, does string, r policy.Request) {
	layers := j.facts.Layers(r.Principal.ARN, r.Resource)
	layers.Assume = j.Assume
	d := policy.Decide(r, layers)
	switch d.Verdict {
	case policy.Allowed:
		j.assume(d)
		j.pass(code, "the control-plane role may %s", does)
	case policy.Depends:
		j.add(finding.Unsure(code, causeOfDepends(d), j.At, "whether the control-plane role may "+does).
			WithDetails(dependsOn(r.Action, d)...).WithHint(dependsHint(d)))
	default:
		j.add(finding.New(code, j.At, "the control-plane role may not "+does).
			WithDetails(denial(r.Action, r.Resource, d)...).WithDetails(j.nearLines(r.Resource, d)...).WithHint(j.mendControl(d)))
	}
}

// mendControl is the statement of Anyscale's own control-plane policy, for this role and profile only.
func (j *judge) mendControl(d policy.Decision) string {
	for _, r := range d.DecidedBy {
		if r.Effect == policy.Deny {
			return fmt.Sprintf("%s must exempt this role from %s: a Deny can't be outvoted", ownerOf(r.Layer), where(r))
		}
	}
	name := j.ControlPlaneRole[strings.LastIndexByte(j.ControlPlaneRole, '/')+1:]
	identity := j.facts.Layers(j.ControlPlaneRole, j.target.RoleARN).Identity
	return giveInline(name, freeName(identity, "pass-node-role")) +
		pretty(document{"2012-10-17", []statement{j.passStatement()}})
}

// passStatement lets the control plane use this role and profile, and no other.
func (j *judge) passStatement() statement {
	return statement{
		Sid: "PassNodeRole", Effect: "Allow", Action: []string{"iam:PassRole", "iam:GetInstanceProfile"},
		Resource: []string{j.target.RoleARN, j.target.ARN},
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
