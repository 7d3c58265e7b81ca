package policy

// grant says what an Allow gives by the form in which it names the caller.
type grant uint8

const (
	grantAccount grant = iota // delegation: the account's own policies must allow too
	grantRole                 // no identity policy needed, but limited by boundary and session policy
	grantDirect               // limited by explicit denies only
	numGrants
)

// grant returns what being named by p gives to the caller.
func (p *principal) grant(who *Principal) grant {
	switch p.form {
	case formAccount, formCanonical:
		if who.Kind == Root {
			return grantDirect
		}
		return grantAccount
	case formRole:
		return grantRole
	case formID:
		if who.Kind == Role {
			return grantRole
		}
	}
	return grantDirect
}

// matchPrincipal says whether a Principal element names the caller, by what that grants.
func (b *body) matchPrincipal(who *Principal) (named [numGrants]truth) {
	for i := range b.principals {
		p := &b.principals[i]
		g := p.grant(who)
		named[g] = or(named[g], p.names(who))
	}
	return named
}

// namesService reports whether a Principal element names a service caller by its own name.
func (b *body) namesService(who *Principal) bool {
	for i := range b.principals {
		if p := &b.principals[i]; p.form == formService && p.names(who) == yes {
			return true
		}
	}
	return false
}

// matchEndpoint says whether a VPC endpoint policy's Principal covers the caller. Gateway endpoints take "*" only: an
// account there means its root user. Which kind of endpoint it is can't be read from the policy.
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#vpc-endpoint-policies-gateway
func (b *body) matchEndpoint(who *Principal) truth {
	t := no
	for i := range b.principals {
		p := &b.principals[i]
		if p.form == formEveryone {
			return yes
		}
		t = or(t, and(p.names(who), unknown))
	}
	return t
}

// matchNotPrincipal says whether a NotPrincipal element leaves the caller under its statement.
//
// With Deny, AWS asks for the caller's account beside its ARN, else it may deny the whole account, and, by some of its
// pages, for a role's session as well; a caller with a permissions boundary is denied whatever is listed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (b *body) matchNotPrincipal(who *Principal, e Effect, bounded bool) truth {
	account, self, session, any := no, no, no, no
	for i := range b.principals {
		switch p := &b.principals[i]; {
		case p.form == formEveryone:
			any = yes
		case p.form == formAccount || p.form == formCanonical:
			account = or(account, p.names(who))
		case p.form == formSession:
			session = or(session, p.names(who))
		default:
			self = or(self, p.names(who))
		}
	}
	if any == yes {
		return no
	}
	named := or(or(account, self), session)
	if e == Allow || named == no {
		return not(named)
	}
	if bounded {
		return yes
	}
	if who.Kind == Service || who.Kind == Anonymous || who.Kind == Root {
		return not(named)
	}
	listed := and(account, self)
	if who.Kind == Role {
		listed = and(listed, session) // "and the ARN of the assumed role's session", by AWS's knowledge center
	}
	switch listed {
	case yes:
		return no
	case no:
		return unclear // only some of them are listed
	default:
		return listed
	}
}
