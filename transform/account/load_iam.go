package account

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// accounts reads iam: an entry for each account.
func (l *loader) accounts() (bool, error) {
	return l.entries(func(account string) error {
		if message, hint := accountKey(account); message != "" {
			return l.fail(message, hint)
		}
		part := newPart()
		present, err := l.account(account, part)
		if present {
			l.iam[account] = part
		}
		return err
	})
}

func (l *loader) account(account string, part *iamPart) (bool, error) {
	var notFound, whole []string
	var cut bool
	present, err := l.closed(fields{
		"RoleDetailList": each(l, (*decoder).role, func(r *RoleDetail, get func() (*RoleDetail, error)) string { return part.addRole(account, r, get) }),
		"Policies": each(l, (*decoder).policy, func(p *PolicyDetail, get func() (*PolicyDetail, error)) string {
			return part.addPolicy(account, p, get)
		}),
		"InstanceProfiles": each(l, (*decoder).profile, func(p *ProfileDetail, _ func() (*ProfileDetail, error)) string {
			return part.addProfile(account, p)
		}),
		"NotFound": list(l.decoder, &notFound, l.word),
		"Whole":    list(l.decoder, &whole, l.word),
		// The rest of what get-account-authorization-details prints. A cut answer is no whole account.
		"UserDetailList": l.passed, "GroupDetailList": l.passed, "IsTruncated": l.flag(&cut),
	})
	if err == nil && cut && len(whole) > 0 {
		err = l.fail("this account is truncated and called whole", "leave out --no-paginate and --max-items, or take Whole out")
	}
	for _, what := range notFound {
		part.notFound[what] = true
	}
	for _, what := range whole {
		part.whole[what] = true
		if err == nil && !slices.Contains(wholeLists[:], what) {
			err = l.fail(fmt.Sprintf("%q can't be whole", what), "write one of: "+strings.Join(wholeLists[:], ", "))
		}
	}
	return present, err
}

// passed reads a value that nothing is concluded from.
func (l *loader) passed() (bool, error) { return true, l.syntax(l.SkipValue()) }

// wholeLists are the lists that an account's part may call whole.
var wholeLists = [...]string{"RoleDetailList", "Policies", "InstanceProfiles"}

// each reads a list of objects, checks them one by one and hands each to add, which answers with what is wrong with it. get
// reads it from the file again.
func each[T any](l *loader, one func(*decoder, *T) reader, add func(v *T, get func() (*T, error)) string) reader {
	return func() (bool, error) {
		var none []struct{}
		return list(l.decoder, &none, func(*struct{}) reader {
			return func() (bool, error) {
				raw, err := l.value()
				if err != nil || raw.Kind() == 'n' {
					return false, err
				}
				at := l.from.span(l.start, raw)
				look := newDecoder(l.from, bytes.NewBuffer(raw), at.offset)
				look.dry = true
				v, err := entry(look, one)
				if err != nil {
					return true, err
				}
				if wrong := add(v, func() (*T, error) { return fetch(l.from, at, one) }); wrong != "" {
					return true, l.failAt(at.offset, wrong, "take the snapshot again, or mend the entry")
				}
				return true, nil
			}
		})()
	}
}

func (p *iamPart) addRole(account string, r *RoleDetail, get func() (*RoleDetail, error)) string {
	if wrong := misplaced(account, "role", r.Name, r.ARN, SplitRole); wrong != "" {
		return wrong
	}
	if p.roles.has(r.Name) {
		return fmt.Sprintf("role %s stands twice", r.Name)
	}
	p.roles.leave(r.Name, get)
	for i := range r.Profiles.Value {
		if wrong := p.addProfile(account, &r.Profiles.Value[i]); wrong != "" {
			return wrong
		}
	}
	return ""
}

// addProfile adds a profile; it may stand both in InstanceProfiles and at its role, if it is the same in both.
func (p *iamPart) addProfile(account string, d *ProfileDetail) string {
	if wrong := misplaced(account, "instance profile", d.Name, d.ARN, SplitProfile); wrong != "" {
		return wrong
	}
	if old := p.profiles[d.Name]; old != nil && (old.ARN != d.ARN || !slices.Equal(old.Roles, d.Roles)) {
		return fmt.Sprintf("instance profile %s stands twice and differs", d.Name)
	}
	p.profiles[d.Name] = d
	return ""
}

func (p *iamPart) addPolicy(account string, d *PolicyDetail, get func() (*PolicyDetail, error)) string {
	a, err := arn.Parse(d.ARN)
	switch {
	case err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, "policy/"):
		return fmt.Sprintf("%q is not the ARN of a managed policy", d.ARN)
	case a.AccountID != account && a.AccountID != "aws":
		return fmt.Sprintf("policy %s stands under account %s", d.ARN, account)
	case p.policies.has(d.ARN):
		return fmt.Sprintf("policy %s stands twice", d.ARN)
	}
	p.policies.leave(d.ARN, get)
	return ""
}

// misplaced says what is wrong with an entry's name and ARN, or "".
func misplaced(account, kind, name, arn string, split func(string) (string, string, bool)) string {
	owner, last, ok := split(arn)
	switch {
	case !ok:
		return fmt.Sprintf("%q is not the ARN of a %s", arn, strings.TrimPrefix(kind, "instance "))
	case owner != account:
		return fmt.Sprintf("%s %s stands under account %s", kind, arn, account)
	case last != name:
		return fmt.Sprintf("%s %q has the ARN of another: %s", kind, name, arn)
	}
	return ""
}
