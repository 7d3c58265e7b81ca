package live

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"ccx/transform/account"
)

// noEntity is IAM's code for what is not there.
var noEntity = []string{"NoSuchEntity"}

// startProfile asks for an instance profile, and side by side for the role of the same name, which most profiles hold.
func (r *run) startProfile(s *session, name string) future[types.InstanceProfile] {
	if !nameGrammar.MatchString(name) {
		return refused[types.InstanceProfile]("the name of an instance profile", name)
	}
	return start(r, s.name()+"profile/"+name, func() account.Fact[types.InstanceProfile] {
		r.startRole(s, name)
		op := operation{name: "iam:GetInstanceProfile", none: noEntity}
		answer := call(s, op, func(ctx context.Context, c *clients) (types.InstanceProfile, error) {
			out, err := c.iam.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &name})
			if err != nil {
				return types.InstanceProfile{}, err
			}
			return checkProfile(out.InstanceProfile, name)
		})
		for _, role := range answer.Value.Roles {
			r.startRole(s, aws.ToString(role.RoleName))
		}
		return answer
	})
}

// checkProfile refuses a profile that is not the one that was asked for. IAM may fold the case of names.
func checkProfile(p *types.InstanceProfile, name string) (types.InstanceProfile, error) {
	if p == nil {
		return types.InstanceProfile{}, unexpected("IAM's answer holds no instance profile")
	}
	owner, last, ok := account.SplitProfile(aws.ToString(p.Arn))
	if !ok || last != aws.ToString(p.InstanceProfileName) || !strings.EqualFold(last, name) {
		return types.InstanceProfile{}, unexpected("IAM's answer is about another instance profile")
	}
	for _, role := range p.Roles {
		if of, last, ok := account.SplitRole(aws.ToString(role.Arn)); !ok || of != owner || last != aws.ToString(role.RoleName) {
			return types.InstanceProfile{}, unexpected("IAM's answer holds a role without an ARN of its own")
		}
	}
	return *p, nil
}

// startProfilesOf asks for the instance profiles that hold a role.
func (r *run) startProfilesOf(s *session, role string) future[[]types.InstanceProfile] {
	if !nameGrammar.MatchString(role) {
		return refused[[]types.InstanceProfile]("the name of a role", role)
	}
	return start(r, s.name()+"profiles-of/"+role, func() account.Fact[[]types.InstanceProfile] {
		op := operation{name: "iam:ListInstanceProfilesForRole", none: noEntity}
		return call(s, op, func(ctx context.Context, c *clients) ([]types.InstanceProfile, error) {
			return pages(func(marker *string) (page[types.InstanceProfile], error) {
				out, err := c.iam.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: &role, Marker: marker})
				if err != nil {
					return page[types.InstanceProfile]{}, err
				}
				for _, p := range out.InstanceProfiles {
					if _, err := checkProfile(&p, aws.ToString(p.InstanceProfileName)); err != nil {
						return page[types.InstanceProfile]{}, err
					}
				}
				return page[types.InstanceProfile]{out.InstanceProfiles, out.IsTruncated, out.Marker}, nil
			})
		})
	})
}

// startRole asks for a role, and for its policies and boundary as soon as they are known by name.
func (r *run) startRole(s *session, name string) {
	r.startGetRole(s, name)
	r.startAttached(s, name)
	r.startInline(s, name)
}

func (r *run) startGetRole(s *session, name string) future[types.Role] {
	if !nameGrammar.MatchString(name) {
		return refused[types.Role]("the name of a role", name)
	}
	return start(r, s.name()+"role/"+name, func() account.Fact[types.Role] {
		op := operation{name: "iam:GetRole", none: noEntity}
		answer := call(s, op, func(ctx context.Context, c *clients) (types.Role, error) {
			out, err := c.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
			if err != nil {
				return types.Role{}, err
			}
			if out.Role == nil {
				return types.Role{}, unexpected("IAM's answer holds no role")
			}
			_, last, ok := account.SplitRole(aws.ToString(out.Role.Arn))
			if !ok || last != aws.ToString(out.Role.RoleName) || !strings.EqualFold(last, name) {
				return types.Role{}, unexpected("IAM's answer is about another role")
			}
			return *out.Role, nil
		})
		if b := answer.Value.PermissionsBoundary; b != nil {
			r.startPolicy(s, aws.ToString(b.PermissionsBoundaryArn))
		}
		return answer
	})
}

func (r *run) startAttached(s *session, role string) future[[]types.AttachedPolicy] {
	if !nameGrammar.MatchString(role) {
		return refused[[]types.AttachedPolicy]("the name of a role", role)
	}
	return start(r, s.name()+"attached/"+role, func() account.Fact[[]types.AttachedPolicy] {
		op := operation{name: "iam:ListAttachedRolePolicies", none: noEntity}
		answer := call(s, op, func(ctx context.Context, c *clients) ([]types.AttachedPolicy, error) {
			return pages(func(marker *string) (page[types.AttachedPolicy], error) {
				out, err := c.iam.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &role, Marker: marker})
				if err != nil {
					return page[types.AttachedPolicy]{}, err
				}
				return page[types.AttachedPolicy]{out.AttachedPolicies, out.IsTruncated, out.Marker}, nil
			})
		})
		for _, p := range answer.Value {
			r.startPolicy(s, aws.ToString(p.PolicyArn))
		}
		return answer
	})
}

func (r *run) startInline(s *session, role string) future[[]string] {
	if !nameGrammar.MatchString(role) {
		return refused[[]string]("the name of a role", role)
	}
	return start(r, s.name()+"inline/"+role, func() account.Fact[[]string] {
		op := operation{name: "iam:ListRolePolicies", none: noEntity}
		answer := call(s, op, func(ctx context.Context, c *clients) ([]string, error) {
			return pages(func(marker *string) (page[string], error) {
				out, err := c.iam.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &role, Marker: marker})
				if err != nil {
					return page[string]{}, err
				}
				return page[string]{out.PolicyNames, out.IsTruncated, out.Marker}, nil
			})
		})
		for _, name := range answer.Value {
			r.startInlinePolicy(s, role, name)
		}
		return answer
	})
}

func (r *run) startInlinePolicy(s *session, role, name string) future[*account.Document] {
	return start(r, s.name()+"inline/"+role+"/"+name, func() account.Fact[*account.Document] {
		op := operation{name: "iam:GetRolePolicy"}
		return call(s, op, func(ctx context.Context, c *clients) (*account.Document, error) {
			out, err := c.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
			if err != nil {
				return nil, err
			}
			return document(out.PolicyDocument)
		})
	})
}

// startPolicy asks for a managed policy and then for the version that is in force.
func (r *run) startPolicy(s *session, arn string) future[account.PolicyDetail] {
	return start(r, s.name()+arn, func() account.Fact[account.PolicyDetail] {
		op := operation{name: "iam:GetPolicy", none: noEntity}
		head := call(s, op, func(ctx context.Context, c *clients) (account.PolicyDetail, error) {
			out, err := c.iam.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
			if err != nil {
				return account.PolicyDetail{}, err
			}
			if out.Policy == nil || aws.ToString(out.Policy.Arn) != arn || aws.ToString(out.Policy.DefaultVersionId) == "" {
				return account.PolicyDetail{}, unexpected("IAM's answer is about another policy")
			}
			return account.PolicyDetail{Name: aws.ToString(out.Policy.PolicyName), ARN: arn,
				DefaultVersion: aws.ToString(out.Policy.DefaultVersionId)}, nil
		})
		if head.State != account.Known {
			return head
		}
		return r.version(s, head.Value)
	})
}

func (r *run) version(s *session, p account.PolicyDetail) account.Fact[account.PolicyDetail] {
	return call(s, operation{name: "iam:GetPolicyVersion"}, func(ctx context.Context, c *clients) (account.PolicyDetail, error) {
		out, err := c.iam.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &p.ARN, VersionId: &p.DefaultVersion})
		if err != nil {
			return p, err
		}
		if out.PolicyVersion == nil || aws.ToString(out.PolicyVersion.VersionId) != p.DefaultVersion {
			return p, unexpected("IAM's answer is about another version of the policy")
		}
		text, err := document(out.PolicyVersion.Document)
		p.Versions = []account.PolicyVersion{{ID: p.DefaultVersion, IsDefault: true, Document: text}}
		return p, err
	})
}

// document takes a policy as AWS returns it. AWS stores none that is not a JSON object: what comes as anything else was
// broken on the way.
func document(text *string) (*account.Document, error) {
	d := account.NewDocument(aws.ToString(text))
	if !strings.HasPrefix(d.Text(), "{") || !json.Valid([]byte(d.Text())) {
		return nil, unexpected("the answer holds no whole policy")
	}
	return d, nil
}

// refused is the answer for a name that is not sent to AWS.
func refused[T any](what, name string) future[T] {
	return func(context.Context) account.Fact[T] { return notRead[T](invalid(what, url.PathEscape(name))) }
}
