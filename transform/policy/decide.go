package policy

import "ccx/transform/policy/glob"

// This file follows AWS's page "How AWS enforcement code logic evaluates requests to allow or deny access", step by
// step and in its order, to be read beside it:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
// and, for two accounts, "Cross-account policy evaluation logic":
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
//
// Every answer has three values. A step that hinges on something unknown passes the unknown on, and a later definite
// answer still decides.

// Decide decides one request on one resource. The zero Layers allow nothing.
func Decide(r Request, l Layers) Decision {
	q := newQuestion(&r, &l)
	c := count(&q, &l)
	v := c.verdict()
	if v == Depends {
		return complete(r, l)
	}
	return explained(&c, &l, v)
}

// complete goes through the completions of one request. It takes copies, so that the common decision stays off the heap.
func complete(r Request, l Layers) Decision {
	return newProof(&r, &l, glob.Literal(r.Resource)).decision()
}

// verdict weighs what the layers say.
func (c *counts) verdict() Verdict {
	if needsNoPermission(c.action) && c.Principal.Kind != Anonymous {
		return Allowed
	}
	denied := c.denyEvaluation()
	if denied == yes {
		return ExplicitDeny
	}
	switch allowed := c.allowed(); {
	case allowed == no:
		return ImplicitDeny
	case allowed == yes && denied == no:
		return Allowed
	}
	return Depends
}

// denyEvaluation is the first step: "By default, all requests are denied ... an explicit deny in any of these policies
// overrides the allow". Block Public Access and what AWS reserves for itself count as one: no policy can overcome them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html
func (c *counts) denyEvaluation() truth {
	t := no
	for l := range c.said {
		t = or(t, c.said[l].deny)
	}
	return t
}

// allowed is what remains: every guardrail must allow, and so must the account or, across accounts, both.
func (c *counts) allowed() truth {
	t := and(c.resourceControlPolicies(), c.serviceControlPolicies())
	t = and(t, c.endpointPolicy())
	switch {
	case t == no:
		return no
	case c.Principal.Kind == Anonymous || c.Principal.Kind == Service:
		return and(t, c.resourceAlone())
	case c.same == yes:
		return and(t, c.withinAccount())
	case c.same == no:
		return and(t, c.acrossAccounts())
	}
	within, across := c.withinAccount(), c.acrossAccounts()
	if within != across {
		return and(t, unknown)
	}
	return and(t, within)
}

// resourceControlPolicies is the step "Organizations RCPs": an Allow is needed where RCPs apply.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func (c *counts) resourceControlPolicies() truth { return c.allowedBy(LayerRCP) }

// serviceControlPolicies is the step "Organizations SCPs": an Allow is needed at every level, from the root to the
// account.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (c *counts) serviceControlPolicies() truth { return c.allowedBy(LayerSCP) }

// endpointPolicy: a request that passes a VPC endpoint needs an Allow of its policy as well.
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
func (c *counts) endpointPolicy() truth { return c.allowedBy(LayerEndpoint) }

// withinAccount joins the steps "Resource-based policies", "Identity-based policies", "IAM permissions boundaries" and
// "Session policies" for a principal and a resource of the same account.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
func (c *counts) withinAccount() truth {
	granted := c.resourceBasedPolicies()
	identity := or(c.identityBasedPolicies(), c.granted[grantRole])
	limited := and(and(identity, c.permissionsBoundary()), c.sessionPolicies())
	return or(granted, limited)
}

// resourceBasedPolicies is the step in which a resource policy decides at once: it names the user, the session, or
// everyone. One that names the role is limited by boundary and session policy; one that names the account delegates.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session
func (c *counts) resourceBasedPolicies() truth { return c.granted[grantDirect] }

// identityBasedPolicies is the step in which the principal's own policies must allow. For the resources that need a
// grant of their own policy (KMS keys, roles to assume) that policy must have delegated to the account.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
func (c *counts) identityBasedPolicies() truth {
	t := c.identityAllows()
	if c.byPolicy {
		t = and(t, c.granted[grantAccount])
	}
	return t
}

// identityAllows: an account's root user is allowed everything in its account.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
func (c *counts) identityAllows() truth {
	if c.Principal.Kind == Root {
		return yes
	}
	return c.said[LayerIdentity].allow
}

// permissionsBoundary is the step "IAM permissions boundaries": without an Allow there, an implicit deny.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func (c *counts) permissionsBoundary() truth { return c.allowedBy(LayerBoundary) }

// sessionPolicies is the last step: a session policy passed to AssumeRole must allow as well.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
func (c *counts) sessionPolicies() truth { return c.allowedBy(LayerSession) }

// acrossAccounts: "the request is allowed only if both evaluations return a decision of Allow": the resource's account
// by its policy, in whatever form it names the caller, and the caller's by its own.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
func (c *counts) acrossAccounts() truth {
	own := and(and(c.identityAllows(), c.permissionsBoundary()), c.sessionPolicies())
	return and(own, c.granted.any())
}

// resourceAlone: an unsigned request, or one by an AWS service, has no account whose policies could allow it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
func (c *counts) resourceAlone() truth { return c.granted[grantDirect] }

// allowedBy returns what a layer says that may only restrict: one that does not apply restricts nothing.
func (c *counts) allowedBy(l Layer) truth {
	if !c.applies[l] {
		return yes
	}
	return c.said[l].allow
}
