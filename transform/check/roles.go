package check

import (
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
		j.add(finding.Unsure(finding.RoleTrust, j.causeOfDepends(best), j.Given, question).
			WithDetails(dependsOn("sts:AssumeRole", best)...).WithHint(j.dependsHint(best)))
	default:
		j.add(finding.New(finding.RoleTrust, j.Given, "EC2 may not assume the role "+j.target.RoleARN).
			WithDetails(trustDenial(best)...).WithHint(j.mendTrust(trust, best)))
	}
}

// mendTrust is the statement that AWS writes into the trust policy of a role for EC2, where that is enough.
func (j *judge) mendTrust(trust policy.Named, d policy.Decision) string {
	s := statement{Sid: "LetEC2AssumeIt", Effect: "Allow", Principal: map[string][]string{"Service": {j.ec2Names()[0]}}, Action: []string{"sts:AssumeRole"}}
	set := &policy.Set{Policies: []policy.Named{trust}}
	mended := policy.Decide(j.assumeRequest(j.ec2Names()[0]), policy.Layers{Resource: with(set, []statement{s}), PublicAccess: policy.PublicAccessOpen, Assume: j.Assume})
	if mended.Verdict != policy.Allowed {
		return strings.ReplaceAll(j.noRemedy(d), ownerOf(policy.LayerResource)+" must exempt this role", ownerOf(policy.LayerIdentity)+" must exempt EC2")
	}
	return "add this statement to the role's trust policy, beside those that are there:\n" + pretty(freeSids([]statement{s}, set, "")[0])
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

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
