package live

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"ccx/transform/account"
)

// roleSet holds the roles to record, each once, in the order in which they were met.
type roleSet struct {
	byName map[string]*wantedRole
	list   []*wantedRole
}

// wantedRole is a role to record.
type wantedRole struct {
	owner, name string
	nested      *types.Role // as GetInstanceProfile shows it: ARN, id and trust, for when GetRole is denied
	profiles    bool        // its instance profiles are wanted, too
}

func newRoleSet() *roleSet { return &roleSet{byName: map[string]*wantedRole{}} }

func (s *roleSet) add(owner, name string) *wantedRole {
	key := owner + "/" + name
	if s.byName[key] == nil {
		s.byName[key] = &wantedRole{owner: owner, name: name}
		s.list = append(s.list, s.byName[key])
	}
	return s.byName[key]
}

// recordProfile records an instance profile and adds its role to those to record.
func (r *run) recordProfile(rec *account.Recorder, roles *roleSet, want account.ProfileWant) {
	s := r.session(want.Account)
	answer := r.startProfile(s, want.Name)(r.ctx)
	owner, why, ok := s.owner(want.Account)
	if !ok {
		unread(rec, want.Account, account.ProfileKey(want.Account, want.Name), why)
		return
	}
	answer = inAccount(answer, owner, aws.ToString(answer.Value.Arn))
	switch answer.State {
	case account.None:
		rec.NoProfile(owner, want.Name)
		return
	case account.NotRead:
		rec.Unread(account.ProfileKey(owner, want.Name), answer.Unread)
		return
	}
	rec.Profile(owner, profileDetail(answer.Value))
	for _, role := range answer.Value.Roles {
		roles.add(owner, aws.ToString(role.RoleName)).nested = &role
	}
}

// unread records a reason, unless nobody can say which account the fact is of: then the caller's own reason says it.
func unread(rec *account.Recorder, owner, key string, why account.Unread) {
	if owner != "" {
		rec.Unread(key, why)
	}
}

// inAccount refuses an answer about a thing of another account than the one that was asked.
func inAccount[T any](answer account.Fact[T], owner, arn string) account.Fact[T] {
	if answer.State != account.Known {
		return answer
	}
	if of, _, ok := account.SplitRole(arn); ok && of == owner {
		return answer
	}
	if of, _, ok := account.SplitProfile(arn); ok && of == owner {
		return answer
	}
	return notRead[T](foreign(owner))
}

func foreign(owner string) account.Unread {
	return account.Unread{Class: account.Unreachable, Code: "UnexpectedAnswer", Account: owner, Message: "IAM's answer is about another account"}
}

func profileDetail(p types.InstanceProfile) account.ProfileDetail {
	out := account.ProfileDetail{Path: aws.ToString(p.Path), Name: aws.ToString(p.InstanceProfileName),
		ID: aws.ToString(p.InstanceProfileId), ARN: aws.ToString(p.Arn), Roles: []account.ProfileRole{}}
	for _, role := range p.Roles {
		out.Roles = append(out.Roles, account.ProfileRole{Name: aws.ToString(role.RoleName), ARN: aws.ToString(role.Arn)})
	}
	return out
}

// recordRole records a role with its policies.
func (r *run) recordRole(rec *account.Recorder, want *wantedRole) {
	s := r.session(want.owner)
	answer := r.startGetRole(s, want.name)(r.ctx)
	owner, why, ok := s.owner(want.owner)
	if !ok {
		unread(rec, want.owner, account.RoleKey(want.owner, want.name), why)
		return
	}
	r.owners = append(r.owners, owner)
	answer = inAccount(answer, owner, aws.ToString(answer.Value.Arn))
	switch {
	case answer.State == account.None:
		rec.NoRole(owner, want.name)
		return
	case answer.State == account.NotRead && want.nested == nil:
		rec.Unread(account.RoleKey(owner, want.name), answer.Unread)
		return
	}
	var detail account.RoleDetail
	if answer.State == account.NotRead {
		rec.Unread(account.RoleKey(owner, want.name), answer.Unread)
		detail = roleDetail(*want.nested)
	} else {
		detail = roleDetail(answer.Value)
		detail.Boundary = account.Have(boundary(answer.Value.PermissionsBoundary))
		detail.Tags = account.Have(tags(answer.Value.Tags))
	}
	detail.Inline = r.recordInline(rec, s, owner, detail.Name, want.name)
	detail.Attached = r.recordAttached(rec, s, owner, detail.Name, want.name)
	if detail.Boundary.Value != nil {
		r.recordPolicy(rec, s, owner, detail.Boundary.Value.ARN)
	}
	if want.profiles {
		detail.Profiles = r.recordProfilesOf(rec, s, owner, detail.Name, want.name)
	}
	rec.Role(owner, detail)
}

// roleDetail takes what GetRole and GetInstanceProfile both show.
func roleDetail(role types.Role) account.RoleDetail {
	d := account.RoleDetail{Path: aws.ToString(role.Path), Name: aws.ToString(role.RoleName),
		ID: aws.ToString(role.RoleId), ARN: aws.ToString(role.Arn)}
	if text, err := document(role.AssumeRolePolicyDocument); err == nil {
		d.Trust = text
	}
	return d
}

func boundary(b *types.AttachedPermissionsBoundary) *account.Boundary {
	if b == nil {
		return nil
	}
	return &account.Boundary{Type: string(b.PermissionsBoundaryType), ARN: aws.ToString(b.PermissionsBoundaryArn)}
}

func tags(ts []types.Tag) []account.Tag {
	out := []account.Tag{}
	for _, t := range ts {
		out = append(out, account.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return out
}

// recordInline records a role's inline policies. The role was there a moment ago: that it is not any more is no answer.
func (r *run) recordInline(rec *account.Recorder, s *session, owner, name, asked string) account.Part[[]account.InlinePolicy] {
	answer := r.startInline(s, asked)(r.ctx)
	if answer.State != account.Known {
		rec.Unread(account.InlineKey(owner, name), gone(answer, "iam:ListRolePolicies"))
		return account.Part[[]account.InlinePolicy]{}
	}
	out := []account.InlinePolicy{}
	for _, policy := range answer.Value {
		text := r.startInlinePolicy(s, asked, policy)(r.ctx)
		if text.State != account.Known {
			rec.Unread(account.InlinePolicyKey(owner, name, policy), gone(text, "iam:GetRolePolicy"))
		}
		out = append(out, account.InlinePolicy{Name: policy, Document: text.Value})
	}
	return account.Have(out)
}

func (r *run) recordAttached(rec *account.Recorder, s *session, owner, name, asked string) account.Part[[]account.Attachment] {
	answer := r.startAttached(s, asked)(r.ctx)
	if answer.State != account.Known {
		rec.Unread(account.AttachedKey(owner, name), gone(answer, "iam:ListAttachedRolePolicies"))
		return account.Part[[]account.Attachment]{}
	}
	out := []account.Attachment{}
	for _, p := range answer.Value {
		arn := aws.ToString(p.PolicyArn)
		out = append(out, account.Attachment{Name: aws.ToString(p.PolicyName), ARN: arn})
		r.recordPolicy(rec, s, owner, arn)
	}
	return account.Have(out)
}

func (r *run) recordPolicy(rec *account.Recorder, s *session, owner, arn string) {
	switch answer := r.startPolicy(s, arn)(r.ctx); answer.State {
	case account.Known:
		rec.Policy(owner, answer.Value)
	case account.None:
		rec.NoPolicy(owner, arn)
	default:
		rec.Unread(account.PolicyKey(owner, arn), answer.Unread)
	}
}

func (r *run) recordProfilesOf(rec *account.Recorder, s *session, owner, name, asked string) account.Part[[]account.ProfileDetail] {
	answer := r.startProfilesOf(s, asked)(r.ctx)
	if answer.State != account.Known {
		rec.Unread(account.ProfilesKey(owner, name), gone(answer, "iam:ListInstanceProfilesForRole"))
		return account.Part[[]account.ProfileDetail]{}
	}
	out := []account.ProfileDetail{}
	for _, p := range answer.Value {
		if of, _, _ := account.SplitProfile(aws.ToString(p.Arn)); of != owner {
			rec.Unread(account.ProfilesKey(owner, name), foreign(owner))
			return account.Part[[]account.ProfileDetail]{}
		}
		out = append(out, profileDetail(p))
	}
	return account.Have(out)
}

// gone returns why a part of a role was not read; NoSuchEntity means that the role went away while it was being read.
func gone[T any](answer account.Fact[T], operation string) account.Unread {
	if answer.State == account.None {
		return account.Unread{Class: account.Unreachable, Operation: operation, Code: "NoSuchEntity", Message: "it went away while it was read"}
	}
	return answer.Unread
}
