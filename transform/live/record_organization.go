package live

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"ccx/transform/account"
)

// startOrganization asks for the place of an account in its organization; id "" stands for the account of the credentials.
func (r *run) startOrganization(id string) {
	s := r.session(id)
	r.startMembership(s)
	start(r, "organization/"+id, func() account.Fact[bool] {
		if r.options.Organization != "" && id != "" {
			r.startPath(r.session(r.options.Organization), id)
		}
		own := r.startMembership(s)(r.ctx)
		owner, _, ours := s.owner(id)
		if !ours || restricted(own, owner) == nil {
			return account.Fact[bool]{}
		}
		if reader := r.reader(s, own); reader != nil {
			r.startPath(reader, owner)
		}
		return account.Fact[bool]{}
	})
}

// reader returns the credentials that see what hangs above an account: those that the user names, else those that
// turn out to be the management account's; nil: none.
func (r *run) reader(s *session, own account.Fact[account.OrganizationDetail]) *session {
	if r.options.Organization != "" {
		return r.session(r.options.Organization)
	}
	for _, s := range []*session{s, r.own()} {
		if caller := s.identity()(r.ctx); own.State == account.Known && caller.State == account.Known && caller.Value.Account == own.Value.Management {
			return s
		}
	}
	return nil
}

// restricted returns the organization if its policies restrict the account; nil where AWS tells that none does.
func restricted(own account.Fact[account.OrganizationDetail], id string) *account.OrganizationDetail {
	d := own.Value
	if own.State != account.Known || d.Management == id || d.FeatureSet == string(types.OrganizationFeatureSetConsolidatedBilling) {
		return nil
	}
	return &d
}

// recordOrganization records an account's place in its organization, as far as it may be known.
func (r *run) recordOrganization(rec *account.Recorder, id string) {
	if !accountGrammar.MatchString(id) {
		return
	}
	r.startOrganization(id)
	s := r.session(id)
	own := r.startMembership(s)(r.ctx)
	if _, why, ours := s.owner(id); !ours {
		own = notRead[account.OrganizationDetail](why)
	}
	switch {
	case own.State == account.None:
		rec.Organization(id, nil)
		return
	case own.State == account.Known && restricted(own, id) == nil:
		rec.Organization(id, &own.Value)
		return
	}
	reader := r.reader(s, own)
	if reader == nil {
		r.recordPlace(rec, id, own, r.nobody(s, own.Value.Management))
		return
	}
	if _, why, ours := reader.owner(r.options.Organization); !ours {
		r.recordPlace(rec, id, own, why)
		return
	}
	path := r.startPath(reader, id)(r.ctx)
	if own.State != account.Known && path.State == account.Known {
		own = r.startMembership(reader)(r.ctx) // an account is in one organization: the one that shows its path
	}
	switch {
	case path.State == account.None:
		r.recordPlace(rec, id, own, r.nobody(reader, own.Value.Management))
	case path.State == account.NotRead:
		r.recordPlace(rec, id, own, path.Unread)
	case own.State == account.Known:
		own.Value.Levels = account.Have(r.recordLevels(rec, reader, id, path.Value))
		rec.Organization(id, &own.Value)
	default:
		r.recordPlace(rec, id, own, own.Unread)
	}
}

// nobody is the reason where there are no credentials that see what hangs above an account.
func (r *run) nobody(s *session, management string) account.Unread {
	why := account.Unread{Class: account.Elsewhere, Account: management}
	if caller := s.identity()(r.ctx); caller.State == account.Known {
		why.Caller = caller.Value.ARN
	}
	return why
}

// recordPlace records an organization without its levels, or why it is not known. Of two reasons, the one that nothing
// may be assumed from counts.
func (r *run) recordPlace(rec *account.Recorder, id string, own account.Fact[account.OrganizationDetail], why account.Unread) {
	if own.State == account.Known {
		rec.Organization(id, &own.Value)
		rec.Unread(account.LevelsKey(id), why)
		return
	}
	if own.State == account.NotRead && (own.Unread.Class == account.Unreachable || why.Class != account.Unreachable) {
		why = own.Unread
	}
	rec.Unread(account.OrganizationKey(id), why)
}

// recordLevels records what is attached to each level, the root's first.
func (r *run) recordLevels(rec *account.Recorder, s *session, id string, path []string) []account.OrganizationLevel {
	used := r.startTypes(s)(r.ctx)
	var out []account.OrganizationLevel
	for _, target := range path {
		level := account.OrganizationLevel{Target: target}
		level.SCPs = r.recordAttachedTo(rec, s, id, target, account.ServiceControl, used)
		level.RCPs = r.recordAttachedTo(rec, s, id, target, account.ResourceControl, used)
		out = append(out, level)
	}
	return out
}

// recordAttachedTo records the policies of one type at one level. AWS lets nobody take the last one away, so that an
// empty list of a type in use is a type that is just being switched, or no answer.
func (r *run) recordAttachedTo(rec *account.Recorder, s *session, id, target, kind string, used account.Fact[policyTypes]) account.Part[*[]account.OrgPolicy] {
	if !uses(used, kind) {
		return account.Have[*[]account.OrgPolicy](nil)
	}
	key := account.LevelKey(id, target, kind)
	list := r.startAttachedTo(s, target, kind)(r.ctx)
	switch {
	case list.State != account.Known:
		rec.Unread(key, list.Unread)
		return account.Part[*[]account.OrgPolicy]{}
	case len(list.Value) > 0 && !slices.Contains(used.Value.pending, kind):
	case used.State != account.Known:
		rec.Unread(key, used.Unread)
		return account.Part[*[]account.OrgPolicy]{}
	default:
		rec.Unread(key, account.Unread{Class: account.Unreachable, Operation: "organizations:ListPoliciesForTarget", Code: "UnexpectedAnswer",
			Message: "no policy is attached to " + target + ", or the organization is just switching the type on or off"})
		return account.Part[*[]account.OrgPolicy]{}
	}
	policies := []account.OrgPolicy{}
	for _, p := range list.Value {
		policy := account.OrgPolicy{ID: aws.ToString(p.Id), Name: aws.ToString(p.Name)}
		text := r.startOrgPolicy(s, policy.ID)(r.ctx)
		if text.State != account.Known {
			rec.Unread(account.OrgPolicyKey(id, policy.ID), gone(text, "organizations:DescribePolicy"))
		}
		policy.Content = text.Value
		policies = append(policies, policy)
	}
	slices.SortFunc(policies, func(a, b account.OrgPolicy) int { return strings.Compare(a.ID, b.ID) })
	return account.Have(&policies)
}
