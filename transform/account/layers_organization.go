package account

import "ccx/transform/policy"

// Organization returns an account's place in its organization; None: it is in no organization.
func (f *Facts) Organization(account string) Fact[Organization] {
	if f == nil {
		return Fact[Organization]{}
	}
	d, ok := f.organization[account]
	switch {
	case !ok:
		return missing[Organization](f, OrganizationKey(account), account)
	case d == nil:
		return none[Organization]()
	}
	return known(Organization{ID: d.ID, Management: d.Management})
}

// scps returns the service control policies of a role's account, a set for each level from the root; nil: none apply.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (f *Facts) scps(roleARN string) []*policy.Set {
	account, _, _ := SplitRole(roleARN)
	return f.guardrails(account, "service control policies", func(l OrganizationLevel) Part[*[]OrgPolicy] { return l.SCPs })
}

// rcps returns the resource control policies of the account that owns the resource.
func (f *Facts) rcps(owner string) []*policy.Set {
	if owner == "" {
		return []*policy.Set{gap("resource control policies", "the account that owns the resource is not known", true)}
	}
	return f.guardrails(owner, "resource control policies", func(l OrganizationLevel) Part[*[]OrgPolicy] { return l.RCPs })
}

// guardrails returns the policies of each level. The management account is not restricted by any. A level whose list
// is null lies in an organization that does not use that type; an empty list allows nothing.
func (f *Facts) guardrails(account, kind string, of func(OrganizationLevel) Part[*[]OrgPolicy]) []*policy.Set {
	what := kind + " of account " + account
	place := f.Organization(account)
	switch {
	case place.State == None:
		return nil
	case place.State != Known:
		reason := place.Reason()
		if place.State == NotAsked || place.Unread.Class == NotRecorded {
			reason = "they were not read" // the same words live and from a snapshot
		}
		return []*policy.Set{gap(what, reason, assumable(place))}
	case place.Value.Management == account:
		return nil
	}
	detail := f.organization[account]
	if len(detail.Levels.Value) == 0 { // an account has at least two levels: the root and itself
		return []*policy.Set{gap(what, "they were not read", true)}
	}
	var sets []*policy.Set
	for _, level := range detail.Levels.Value {
		switch part := of(level); {
		case !part.Read:
			sets = append(sets, gap(kind+" of "+or(level.Target, "a level"), "they were not read", true))
		case part.Value != nil:
			set := &policy.Set{}
			for _, p := range *part.Value {
				add(set, p.Name, p.Content, unread[string](Unread{Class: NotRecorded}))
			}
			sets = append(sets, set)
		}
	}
	return sets
}
