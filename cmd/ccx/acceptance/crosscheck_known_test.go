//go:build acceptance && (crosscheck || bench)

package acceptance

import "strings"

const (
	userGuide     = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	variablesPage = userGuide + "reference_policies_variables.html"
	operatorsPage = userGuide + "reference_policies_elements_condition_operators.html"
	resourcePage  = userGuide + "reference_policies_elements_resource.html"
	basicsPage    = userGuide + "reference_policies_evaluation-logic_policy-eval-basics.html"
	blockPage     = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
)

func denied(verdict string) bool { return strings.HasSuffix(verdict, "_deny") }

// simulateDifferences are those between ccx and iam-simulate.
var simulateDifferences = []difference{
	{name: "a star stands for a newline, too", page: resourcePage + ": a wildcard is any combination of characters", allows: true,
		fits: func(q *asked, ccx, peer string) bool { return strings.Contains(q.Request.Resource, "\n") }},
	{name: "Block Public Access that no Allow needs counts as an explicit deny", page: blockPage,
		fits: func(q *asked, ccx, peer string) bool {
			return denied(ccx) && denied(peer) && q.publicAccessBlocked()
		}},
	{name: "whether the policy is public is left open, where the page does not say", page: blockPage,
		fits: func(q *asked, ccx, peer string) bool { return ccx == "depends" && q.publicAccessBlocked() }},
	{name: "0.0.0.0/0 is every IPv4 address, not none", page: operatorsPage + "#Conditions_IPAddress: CIDR, RFC 4632", allows: true,
		fits: func(q *asked, ccx, peer string) bool { return q.says(`"0.0.0.0/0"`) && q.has("aws:SourceIp") }},
	{name: "an IPv6 address is outside every IPv4 range, so NotIpAddress holds", page: operatorsPage + "#Conditions_IPAddress: all but the specified range", allows: true,
		fits: func(q *asked, ccx, peer string) bool {
			return q.says(`"2001:db8::7"`) && q.says("NotIpAddress")
		}},
	{name: "${*} is a star, in StringEquals too", page: variablesPage + "#policy-vars-specialchars", allows: true,
		fits: func(q *asked, ccx, peer string) bool {
			return q.says("a${*}") && q.says(`"aws:PrincipalTag/team":"a*"`)
		}},
	{name: "a session that the resource policy names by itself or by a star is not limited by what its session policy leaves out",
		page: basicsPage + "; reference_policies_elements_principal.html#principal-roles: session policies do not limit permissions granted with a wildcard in Principal", allows: true,
		fits: func(q *asked, ccx, peer string) bool {
			named := q.says(`"AWS":"arn:aws:sts::`) || q.says(`"Principal":"*"`) || q.says(`"AWS":"*"`)
			return ccx == "allowed" && peer == "implicit_deny" && q.Session != nil && q.ResourceAccount == ours && named
		}},
	{name: "a variable without a value in NotResource or a negated operator: may be invalid as a whole", page: variablesPage,
		fits: func(q *asked, ccx, peer string) bool { return ccx == "depends" && q.says("${aws:") }},
	{name: "NotPrincipal that lists the role without its account or session may deny it", page: userGuide + "reference_policies_elements_notprincipal.html",
		fits: func(q *asked, ccx, peer string) bool { return ccx == "depends" && q.orders(`"NotPrincipal":`) }},
}

// publicAccessBlocked reports whether Block Public Access may matter: for callers from outside the bucket's account.
func (q *asked) publicAccessBlocked() bool {
	_, session := q.Request.Principal.(string)
	return q.Settings["BlockPublicAccess"] && q.ResourcePolicy != nil && (!session || q.ResourceAccount != ours)
}

// versityDifferences are those between ccx and versitygw, whose policies are of identities only.
var versityDifferences = []difference{
	{name: "tags, defaults and ${*} are policy variables, too", page: variablesPage, allows: true,
		fits: func(q *asked, ccx, peer string) bool { return q.says("${") }},
	{name: "a question mark is one character, not one byte", page: resourcePage, allows: true,
		fits: func(q *asked, ccx, peer string) bool { return q.says("/é") && q.says("ls/?") }},
	{name: "ForAnyValue is false where the key is absent, negated or not", page: userGuide + "reference_policies_condition-single-vs-multi-valued-context-keys.html", allows: true,
		fits: func(q *asked, ccx, peer string) bool {
			return q.says("ForAnyValue:StringNotEquals") && !q.has("aws:PrincipalOrgPaths")
		}},
}

// miniStackDifferences are those between ccx and MiniStack.
var miniStackDifferences = []difference{
	{name: "policy variables stand for their values", page: variablesPage, allows: true,
		fits: func(q *asked, ccx, peer string) bool { return q.orders("${") }},
	{name: "aws:PrincipalArn is the role's ARN, not its session's", page: userGuide + "reference_policies_condition-keys.html#condition-keys-principalarn", allows: true,
		fits: func(q *asked, ccx, peer string) bool { return q.orders("aws:PrincipalArn") }},
	{name: "a session that the bucket policy covers by a star is not limited by what a boundary or session policy leaves out",
		page: userGuide + "reference_policies_elements_principal.html#principal-roles", allows: true,
		fits: func(q *asked, ccx, peer string) bool {
			return ccx == "allowed" && (q.Session != nil || q.Boundary != nil) && (q.orders(`"Principal":"*"`) || q.orders(`"AWS":"*"`))
		}},
}
