package policy

import (
	"strings"

	"ccx/transform/policy/glob"
)

// form is the way in which a Principal element names someone. What a resource policy grants depends on it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type form uint8

const (
	formOdd       form = iota // AWS would refuse it
	formEveryone              // "*"
	formAccount               // an account id or its root ARN: delegates to the account
	formUser                  // an IAM user
	formRole                  // a role
	formSession               // one session of a role
	formFederated             // an STS federated user
	formID                    // a unique id: what AWS shows once the role or user was deleted
	formService               // an AWS service
	formProvider              // an identity provider, in trust policies
	formCanonical             // an account's canonical user id
)

// principal is one value of Principal or NotPrincipal.
type principal struct {
	form  form
	value string
}

func newPrincipal(kind, value string) principal {
	p := principal{value: value}
	switch {
	case kind == "*" || kind == "AWS" && value == "*":
		p.form = formEveryone
	case strings.ContainsAny(value, "*?"):
		p.form = formOdd
	case kind == "Service":
		p.form = formService
	case kind == "Federated":
		p.form = formProvider
	case kind == "CanonicalUser":
		p.form = formCanonical
	case kind == "AWS":
		p.form, p.value = awsPrincipal(value)
	}
	return p
}

// awsPrincipal reads a value of type AWS; an account's value is its id.
func awsPrincipal(value string) (form, string) {
	if isAccount(value) {
		return formAccount, value
	}
	if isUniqueID(value) {
		return formID, value
	}
	s := strings.SplitN(value, ":", arnSegments)
	if len(s) < arnSegments || s[0] != "arn" {
		return formOdd, value
	}
	name := s[5]
	switch {
	case name == "root" && s[2] == "iam":
		return formAccount, s[4]
	case strings.HasPrefix(name, "user/") && s[2] == "iam":
		return formUser, value
	case strings.HasPrefix(name, "role/") && s[2] == "iam":
		return formRole, value
	case strings.HasPrefix(name, "assumed-role/") && s[2] == "sts":
		return formSession, value
	case strings.HasPrefix(name, "federated-user/") && s[2] == "sts":
		return formFederated, value
	}
	return formOdd, value
}

func isAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isUniqueID reports whether s looks like AROA..., AIDA... and the like, as opposed to an ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func isUniqueID(s string) bool {
	if len(s) < 16 || len(s) > 128 || s[0] != 'A' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// names says whether the value names the caller, in its own form.
func (p *principal) names(who *Principal) truth {
	switch p.form {
	case formEveryone:
		return yes
	case formAccount:
		return truthOf(who.Account != "" && p.value == who.Account)
	case formUser:
		return who.isARN(User, p.value)
	case formRole:
		return who.isARN(Role, p.value)
	case formSession:
		return who.isSession(p.value)
	case formFederated:
		return who.isARN(Federated, p.value)
	case formID:
		return who.isID(p.value)
	case formService:
		return truthOf(who.Kind == Service && p.value == who.ARN)
	case formProvider:
		return no
	case formCanonical:
		// It stands for an account (or a CloudFront identity); which one can't be read from it.
		return and(truthOf(who.Account != ""), unknown)
	}
	return unclear
}

// isARN compares ARNs. AWS keeps names unique whatever their case and refuses to save a principal that does not exist,
// so that one written in another case can only be the same.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
func (who *Principal) isARN(kind PrincipalKind, arn string) truth {
	if who.Kind != kind {
		return no
	}
	if who.ARN == "" && who.SessionARN == "" {
		return unknown
	}
	if who.ARN == "" {
		return truthOf(strings.EqualFold(anySession(arn), roleOf(who.SessionARN)))
	}
	return truthOf(strings.EqualFold(who.ARN, arn))
}

// roleOf returns a session's ARN with a star for the session's name.
func roleOf(session string) string {
	return session[:strings.LastIndexByte(session, '/')+1] + "*"
}

// isSession compares a session's ARN: the role's path is not part of it, and the session's name may not be known.
func (who *Principal) isSession(arn string) truth {
	if who.Kind != Role {
		return no
	}
	mine := who.SessionARN
	if mine == "" {
		mine = anySession(who.ARN)
	}
	if !strings.Contains(mine, "*") {
		return truthOf(mine == arn)
	}
	return and(truthOf(glob.Compile(mine).Match(arn)), unknown)
}

// anySession returns the ARN of a role's sessions with a star for the session's name.
func anySession(role string) string {
	s := strings.SplitN(role, ":", arnSegments)
	if len(s) < arnSegments {
		return "*"
	}
	name := s[5][strings.LastIndexByte(s[5], '/')+1:]
	return strings.Join([]string{s[0], s[1], "sts", s[3], s[4], "assumed-role/" + name + "/*"}, ":")
}

// isID compares unique ids. An id in a policy that is not the caller's is the rest of a deleted role or user.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
func (who *Principal) isID(id string) truth {
	switch {
	case who.Kind != Role && who.Kind != User:
		return no
	case who.ID == "":
		return unknown
	}
	return truthOf(who.ID == id)
}
