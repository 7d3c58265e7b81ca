package account

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"ccx/transform/policy"
)

// The types of an organization's policies, as AWS Organizations names them.
const (
	ServiceControl  = "SERVICE_CONTROL_POLICY"
	ResourceControl = "RESOURCE_CONTROL_POLICY"
)

// billingOnly is the feature set of an organization that has no policies.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html
const billingOnly = "CONSOLIDATED_BILLING"

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
	return known(Organization{ID: d.ID, Management: d.Management, Path: d.path()})
}

// path returns the place as aws:PrincipalOrgPaths writes it, or "" where a part of it is not known.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html#access_policies_last-accessed-viewing-orgs-entity-path
func (d *OrganizationDetail) path() string {
	levels := d.Levels.Value
	if d.ID == "" || len(levels) < 2 {
		return ""
	}
	out := d.ID + "/"
	for _, level := range levels[:len(levels)-1] {
		if !strings.HasPrefix(level.Target, "r-") && !strings.HasPrefix(level.Target, "ou-") {
			return ""
		}
		out += level.Target + "/"
	}
	return out
}

// guardrail is one type of an organization's policies.
type guardrail struct {
	kind, words string
	of          func(OrganizationLevel) Part[*[]OrgPolicy]
}

// scps returns the service control policies of a role's account, a set for each level from the root; nil: none apply.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (f *Facts) scps(roleARN string) []*policy.Set {
	account, _, _ := SplitRole(roleARN)
	return f.guardrails(account, guardrail{ServiceControl, "service control policies", func(l OrganizationLevel) Part[*[]OrgPolicy] { return l.SCPs }})
}

// rcps returns the resource control policies of the account that owns the resource.
func (f *Facts) rcps(resource arn.ARN, roleARN string) []*policy.Set {
	owner, may := f.ownerOf(resource, roleARN)
	if owner == "" {
		return []*policy.Set{gap("resource control policies", "the account that owns the resource is not known", may)}
	}
	return f.guardrails(owner, guardrail{ResourceControl, "resource control policies", func(l OrganizationLevel) Part[*[]OrgPolicy] { return l.RCPs }})
}

// guardrails returns the policies of each level. Neither type restricts the management account, its principals or its
// resources. A level whose list is null lies in an organization that does not use that type; an empty list allows nothing.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func (f *Facts) guardrails(account string, g guardrail) []*policy.Set {
	what := g.words + " of account " + account
	place := f.Organization(account)
	switch {
	case place.State == None:
		return nil
	case place.State != Known:
		return []*policy.Set{notAtHand(what, place)}
	}
	detail := f.organization[account]
	switch {
	case detail.Management == account, detail.FeatureSet == billingOnly:
		return nil
	case len(detail.Levels.Value) == 0: // an account has at least two levels: the root and itself
		return []*policy.Set{notAtHand(what, missing[string](f, LevelsKey(account), account))}
	}
	var sets []*policy.Set
	for _, level := range detail.Levels.Value {
		switch part := g.of(level); {
		case !part.Read:
			why := missing[string](f, LevelKey(account, level.Target, g.kind), account)
			sets = append(sets, notAtHand(g.words+" of "+or(level.Target, "a level"), why))
		case part.Value != nil:
			sets = append(sets, f.levelOf(account, *part.Value))
		}
	}
	return sets
}

// levelOf returns the policies that are attached to one level.
func (f *Facts) levelOf(account string, policies []OrgPolicy) *policy.Set {
	set := &policy.Set{}
	for _, p := range policies {
		why := missing[string](f, OrgPolicyKey(account, or(p.ID, p.Name)), account)
		add(set, p.Name, p.Content, why)
		if p.Content == nil {
			set.Missing[len(set.Missing)-1].Assumable = assumable(why) && why.Unread.Class != NotRecorded
		}
	}
	return set
}

// notAtHand returns a layer that was not read, with the same words live and from a snapshot where nobody asked.
func notAtHand[T any](what string, why Fact[T]) *policy.Set {
	reason := why.Reason()
	if why.State == NotAsked || why.Unread.Class == NotRecorded {
		reason = "they were not read"
	}
	return gap(what, reason, assumable(why))
}
