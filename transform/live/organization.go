package live

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"ccx/transform/account"
)

// What AWS Organizations tells, and to whom: every member account may ask which organization it is in; what hangs above an
// account, the management account alone or one to which it has delegated that.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html

// The grammar of what an organization's ids are made of.
var (
	organizationGrammar = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	levelGrammar        = regexp.MustCompile(`^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$`)
)

// startMembership asks which organization the account of the credentials is in. None: in no organization.
func (r *run) startMembership(s *session) future[account.OrganizationDetail] {
	op := operation{"organizations:DescribeOrganization", []string{"AWSOrganizationsNotInUseException"}}
	return about(s, op, "", func(ctx context.Context, c *clients) (account.OrganizationDetail, error) {
		out, err := c.organizations().DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
		if err != nil {
			return account.OrganizationDetail{}, err
		}
		if out.Organization == nil {
			return account.OrganizationDetail{}, unexpected("the answer of AWS Organizations holds no organization")
		}
		d := account.OrganizationDetail{ID: aws.ToString(out.Organization.Id), Management: aws.ToString(out.Organization.MasterAccountId),
			FeatureSet: string(out.Organization.FeatureSet)}
		if !organizationGrammar.MatchString(d.ID) || !accountGrammar.MatchString(d.Management) || d.FeatureSet == "" {
			return d, unexpected("AWS Organizations does not say which organization it is")
		}
		return d, nil
	})
}

// policyTypes says of each type of policy whether the organization uses it; a type that is being switched is in neither list.
type policyTypes struct{ enabled, pending []string }

// uses reports whether the lists of a type must be read: also where nobody may say.
func uses(types account.Fact[policyTypes], kind string) bool {
	return types.State != account.Known || slices.Contains(types.Value.enabled, kind) || slices.Contains(types.Value.pending, kind)
}

// startTypes asks which types of policy the organization uses: where one is switched off, its lists are empty, and an
// empty list of SCPs would otherwise allow nothing.
func (r *run) startTypes(s *session) future[policyTypes] {
	return about(s, operation{name: "organizations:ListRoots"}, "", func(ctx context.Context, c *clients) (policyTypes, error) {
		roots, err := pages(func(token *string) (page[types.Root], error) {
			out, err := c.organizations().ListRoots(ctx, &organizations.ListRootsInput{NextToken: token})
			if err != nil {
				return page[types.Root]{}, err
			}
			return page[types.Root]{out.Roots, aws.ToString(out.NextToken) != "", out.NextToken}, nil
		})
		if err != nil {
			return policyTypes{}, err
		}
		if len(roots) != 1 {
			return policyTypes{}, unexpected("the answer of AWS Organizations does not hold its one root")
		}
		var out policyTypes
		for _, t := range roots[0].PolicyTypes {
			if t.Status == types.PolicyTypeStatusEnabled {
				out.enabled = append(out.enabled, string(t.Type))
			} else {
				out.pending = append(out.pending, string(t.Type))
			}
		}
		return out, nil
	})
}

// startPath asks for the levels above an account, the root first and the account last, and then for what is attached to
// each. None: the account is not in the organization that these credentials see.
func (r *run) startPath(s *session, id string) future[[]string] {
	s.identity()
	r.startTypes(s)
	return start(r, s.name()+"path/"+id, func() account.Fact[[]string] {
		op := operation{"organizations:DescribeAccount", []string{"AccountNotFoundException"}}
		answer := call(s, op, func(ctx context.Context, c *clients) ([]string, error) {
			out, err := c.organizations().DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &id})
			switch {
			case err != nil:
				return nil, err
			case out.Account == nil || aws.ToString(out.Account.Id) != id:
				return nil, unexpected("the answer of AWS Organizations is about another account")
			}
			return levelsIn(out.Account.Paths, id), nil
		})
		if answer.State == account.NotRead || answer.State == account.Known && answer.Value == nil {
			answer = r.climb(s, id)
		}
		for _, target := range answer.Value {
			r.startLevel(s, target)
		}
		return answer
	})
}

// levelsIn takes the path of an account apart: o-.../r-.../ou-.../111122223333/. nil: it is not told, or not in one piece.
func levelsIn(paths []string, id string) []string {
	if len(paths) != 1 {
		return nil
	}
	parts := strings.Split(strings.Trim(paths[0], "/"), "/")
	if organizationGrammar.MatchString(parts[0]) {
		parts = parts[1:]
	}
	if len(parts) > 0 && parts[len(parts)-1] == id {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 || !strings.HasPrefix(parts[0], "r-") {
		return nil
	}
	for i, part := range parts {
		if !levelGrammar.MatchString(part) || i > 0 && strings.HasPrefix(part, "r-") {
			return nil
		}
	}
	return append(parts, id)
}

// highest is more levels than an organization may have: a root and units nested five deep.
const highest = 12

// climb asks for each level's parent, one after the other, where DescribeAccount does not tell the path.
func (r *run) climb(s *session, id string) account.Fact[[]string] {
	path := []string{id}
	op := operation{"organizations:ListParents", []string{"ChildNotFoundException"}}
	for len(path) < highest {
		child := path[0]
		answer := about(s, op, child, func(ctx context.Context, c *clients) (string, error) { return parent(ctx, c, child) })(r.ctx)
		switch {
		case answer.State == account.None && len(path) == 1:
			return account.Fact[[]string]{State: account.None}
		case answer.State != account.Known:
			return notRead[[]string](gone(answer, op.name))
		}
		path = append([]string{answer.Value}, path...)
		if strings.HasPrefix(answer.Value, "r-") {
			return account.Fact[[]string]{State: account.Known, Value: path}
		}
		r.startLevel(s, answer.Value)
	}
	return notRead[[]string](account.Unread{Class: account.Unreachable, Operation: op.name, Code: "UnexpectedAnswer", Message: "the organization's levels do not end"})
}

func parent(ctx context.Context, c *clients, child string) (string, error) {
	parents, err := pages(func(token *string) (page[types.Parent], error) {
		out, err := c.organizations().ListParents(ctx, &organizations.ListParentsInput{ChildId: &child, NextToken: token})
		if err != nil {
			return page[types.Parent]{}, err
		}
		return page[types.Parent]{out.Parents, aws.ToString(out.NextToken) != "", out.NextToken}, nil
	})
	if err != nil {
		return "", err
	}
	if len(parents) != 1 || !levelGrammar.MatchString(aws.ToString(parents[0].Id)) {
		return "", unexpected("the answer of AWS Organizations does not hold the one parent")
	}
	return aws.ToString(parents[0].Id), nil
}

// startLevel asks what is attached to a root, a unit or an account, of each type that the organization uses.
func (r *run) startLevel(s *session, target string) {
	used := r.startTypes(s)(r.ctx)
	for _, kind := range []string{account.ServiceControl, account.ResourceControl} {
		if uses(used, kind) {
			r.startAttachedTo(s, target, kind)
		}
	}
}

func (r *run) startAttachedTo(s *session, target, kind string) future[[]types.PolicySummary] {
	return start(r, s.name()+"attached/"+target+"/"+kind, func() account.Fact[[]types.PolicySummary] {
		op := operation{name: "organizations:ListPoliciesForTarget"}
		answer := call(s, op, func(ctx context.Context, c *clients) ([]types.PolicySummary, error) {
			return pages(func(token *string) (page[types.PolicySummary], error) {
				out, err := c.organizations().ListPoliciesForTarget(ctx, &organizations.ListPoliciesForTargetInput{
					TargetId: &target, Filter: types.PolicyType(kind), NextToken: token})
				switch {
				case err != nil:
					return page[types.PolicySummary]{}, err
				case out.Policies == nil:
					return page[types.PolicySummary]{}, unexpected("the answer of AWS Organizations holds no list of policies")
				}
				for _, p := range out.Policies {
					if aws.ToString(p.Id) == "" || string(p.Type) != kind {
						return page[types.PolicySummary]{}, unexpected("the answer of AWS Organizations is about another type of policy")
					}
				}
				return page[types.PolicySummary]{out.Policies, aws.ToString(out.NextToken) != "", out.NextToken}, nil
			})
		})
		for _, p := range answer.Value {
			r.startOrgPolicy(s, aws.ToString(p.Id))
		}
		return answer
	})
}

func (r *run) startOrgPolicy(s *session, id string) future[*account.Document] {
	return about(s, operation{name: "organizations:DescribePolicy"}, id, func(ctx context.Context, c *clients) (*account.Document, error) {
		out, err := c.organizations().DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
		switch {
		case err != nil:
			return nil, err
		case out.Policy == nil || out.Policy.PolicySummary == nil || aws.ToString(out.Policy.PolicySummary.Id) != id:
			return nil, unexpected("the answer of AWS Organizations is about another policy")
		}
		return document(out.Policy.Content)
	})
}
