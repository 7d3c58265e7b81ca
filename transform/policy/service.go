package policy

import "strings"

// What AWS does differently for single services. No other file of this package names a service.

// service returns the folded service prefix of an action's name.
func service(action string) string {
	s, _, _ := strings.Cut(action, ":")
	return strings.ToLower(s)
}

// rulesByName reports whether the service has a rule below for single actions: their names must then be folded.
func rulesByName(action string) bool {
	switch service(action) {
	case "iam", "kms", "sts":
		return true
	}
	return false
}

// needsResourcePolicy reports whether access must be granted by the resource's own policy, even within one account:
// so it is for KMS keys and for assuming a role.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
func needsResourcePolicy(action, resource string) bool {
	kind, _, _ := strings.Cut(arnPart(resource, 5), "/")
	switch _, name, _ := strings.Cut(action, ":"); service(action) {
	case "kms":
		return !(kind == "alias" && strings.HasSuffix(name, "alias")) && !keyless[name] // an alias has no policy, its key has
	case "sts":
		return strings.HasPrefix(name, "assumerole") || kind == "role"
	}
	return false
}

// needsNamedService reports whether a service, or an unsigned caller, asks to assume a role: a wildcard in the trust
// policy names AWS principals.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
func needsNamedService(q *question) bool {
	return (q.Principal.Kind == Service || q.Principal.Kind == Anonymous) && service(q.action) == "sts"
}

// keyless are the KMS actions that act on no key.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
var keyless = map[string]bool{
	"connectcustomkeystore": true, "createcustomkeystore": true, "createkey": true, "deletecustomkeystore": true,
	"describecustomkeystores": true, "disconnectcustomkeystore": true, "generaterandom": true, "listaliases": true,
	"listkeys": true, "listretirablegrants": true, "updatecustomkeystore": true,
}

// needsNoPermission reports whether AWS always allows the action, whatever policies say.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func needsNoPermission(action string) bool { return action == "sts:getcalleridentity" }

// reserved returns the resources on which AWS refuses the action whatever policies say: its own managed policies, the
// roles that IAM Identity Center makes, and the aliases of its own keys can't be changed or passed on.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies
// https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
func reserved(action string) []string {
	_, name, _ := strings.Cut(action, ":")
	switch service(action) {
	case "iam":
		for _, verb := range [...]string{"get", "list", "generate", "simulate"} {
			if strings.HasPrefix(name, verb) {
				return nil
			}
		}
		return []string{"arn:*:iam::aws:policy/*", "arn:*:iam::*:role/aws-reserved/*"}
	case "kms":
		if strings.HasSuffix(name, "alias") {
			return []string{"arn:*:kms:*:*:alias/aws/*"}
		}
	}
	return nil
}

// resourceImplied reports whether the service's resource policies may leave out the Resource element, because they
// hang on the resource itself.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
func resourceImplied(action string) bool {
	switch service(action) {
	case "ecr", "ecr-public", "sts":
		return true
	}
	return false
}

// rcpApplies says whether resource control policies govern the service. AWS's list of services grows; for one that is
// on neither list here a Deny of an RCP may or may not count.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
func rcpApplies(action string) truth {
	switch service(action) {
	case "s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss":
		return yes
	case "iam", "ec2", "organizations", "account":
		return no
	}
	return unknown
}

// resourceTyped reports whether the service's ARNs name a type before the resource's name; AWS takes no wildcard there.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func resourceTyped(service string) bool {
	switch service {
	case "iam", "sts", "kms", "ecr", "ec2", "lambda", "secretsmanager":
		return true
	}
	return false
}

// linkedRole reports whether the ARN is of a service-linked role, which neither SCPs nor RCPs restrict.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
func linkedRole(arn string) bool {
	return strings.Contains(arn, ":role/aws-service-role/")
}

// blocksPublicAccess reports whether the service has Block Public Access.
func blocksPublicAccess(action string) bool { return service(action) == "s3" }

// pinningKeys are the condition keys that, with fixed values, keep a bucket policy from being public.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
var pinningKeys = map[string]bool{
	"aws:principalorgid": true, "aws:principalorgpaths": true, "aws:principalarn": true, "aws:principalaccount": true,
	"aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true, "aws:sourceowner": true,
	"aws:sourceaccount": true, "aws:userid": true, "aws:sourceip": true, "s3:dataaccesspointarn": true,
	"s3:dataaccesspointaccount": true, "s3:x-amz-server-side-encryption-aws-kms-key-id": true,
}

// unsettledPins are keys of which AWS's list of pinning keys has not always had a word.
var unsettledPins = map[string]bool{"aws:principalorgpaths": true, "aws:principalarn": true, "aws:principalaccount": true}

// NewTrust returns the question whether an AWS service may assume a role, for [Decide] with the role's trust policy as
// [Layers.Resource] and nothing else but RCPs. The service of an EC2 instance profile is ec2.amazonaws.com.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
func NewTrust(service, roleARN string, ctx Context) Request {
	return Request{
		Principal: NewService(service), Action: "sts:AssumeRole",
		Resource: roleARN, ResourceAccount: arnPart(roleARN, 4), Context: ctx,
	}
}
