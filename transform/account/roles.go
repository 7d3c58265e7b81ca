package account

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"ccx/transform/policy"
)

// SplitRole takes a role's ARN apart: arn:P:iam::ACCOUNT:role/[PATH/]NAME. A path may hold any printable character.
func SplitRole(roleARN string) (account, name string, ok bool) {
	return split(roleARN, "role/")
}

// SplitProfile takes an instance profile's ARN apart: arn:P:iam::ACCOUNT:instance-profile/[PATH/]NAME.
func SplitProfile(profileARN string) (account, name string, ok bool) {
	return split(profileARN, "instance-profile/")
}

func split(text, kind string) (account, name string, ok bool) {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, kind) {
		return "", "", false
	}
	name = a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
	return a.AccountID, name, name != "" && a.AccountID != ""
}

// Role returns a role by its ARN. A role of the same name with another path is another role: None.
func (f *Facts) Role(roleARN string) Fact[Role] {
	detail, why := f.detail(roleARN)
	if detail == nil {
		return why
	}
	account, _, _ := SplitRole(roleARN)
	return known(f.role(account, detail))
}

// RoleByName returns a role of an account ("": Home) by its name.
func (f *Facts) RoleByName(account, name string) Fact[Role] {
	if f == nil {
		return Fact[Role]{}
	}
	account, why, ok := home[Role](f, account)
	if !ok {
		return why
	}
	detail, why := f.detailByName(account, name)
	if detail == nil {
		return why
	}
	return known(f.role(account, detail))
}

// detail returns a role's entry, or the reason why there is none.
func (f *Facts) detail(roleARN string) (*RoleDetail, Fact[Role]) {
	if f == nil {
		return nil, Fact[Role]{}
	}
	account, name, ok := SplitRole(roleARN)
	if !ok {
		return nil, unread[Role](Unread{Class: Unreachable, Code: "InvalidName",
			Message: fmt.Sprintf("%q is not the ARN of a role", roleARN)})
	}
	detail, why := f.detailByName(account, name)
	if detail != nil && detail.ARN != roleARN {
		return nil, none[Role]()
	}
	return detail, why
}

func (f *Facts) detailByName(account, name string) (*RoleDetail, Fact[Role]) {
	part := f.part(account)
	switch d, err := part.role(name); {
	case err != nil:
		return nil, unread[Role](lost(account, err))
	case d != nil:
		return d, Fact[Role]{}
	}
	if part.notFound[notFoundRole(name)] || part.whole["RoleDetailList"] {
		return nil, none[Role]()
	}
	return nil, missing[Role](f, RoleKey(account, name), account)
}

func (f *Facts) role(account string, d *RoleDetail) Role {
	key := RoleKey(account, d.Name)
	r := Role{ARN: d.ARN, Name: d.Name, ID: d.ID}
	if d.Trust != nil {
		r.Trust = known(policy.Named{Name: "trust policy of " + d.Name, Policy: d.Trust.Policy()})
	} else {
		r.Trust = missing[policy.Named](f, key, account)
	}
	if d.Tags.Read {
		tags := map[string]string{}
		for _, t := range d.Tags.Value {
			tags[t.Key] = t.Value
		}
		r.Tags = known(tags)
	} else {
		r.Tags = missing[map[string]string](f, key, account)
	}
	r.Boundary = f.boundaryOf(account, d)
	return r
}

// boundaryOf returns the ARN of a role's boundary. The CLI leaves the key out for a role that has none: that counts
// when the entry has both lists of policies, so that it comes from a call that prints boundaries.
func (f *Facts) boundaryOf(account string, d *RoleDetail) Fact[string] {
	if d.Boundary.Value != nil {
		return known(d.Boundary.Value.ARN)
	}
	if u, ok := f.unread[RoleKey(account, d.Name)]; ok {
		return unread[string](u)
	}
	if d.Boundary.Read || f.name != "" && d.Inline.Read && d.Attached.Read {
		return none[string]()
	}
	return missing[string](f, RoleKey(account, d.Name), account)
}
