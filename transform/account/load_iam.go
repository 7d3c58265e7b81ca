package account

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// accounts reads iam: an entry for each account.
func (l *loader) accounts() (bool, error) {
	return l.entries(func(account string) error {
		if len(account) != 12 || strings.Trim(account, "0123456789") != "" {
			return l.fail(fmt.Sprintf("%q is not an account id", account), "write its 12 digits")
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
	present, err := l.object(fields{
		"RoleDetailList":   each(l, l.role, func(r *RoleDetail) string { return part.addRole(account, r) }),
		"Policies":         each(l, l.policy, func(p *PolicyDetail) string { return part.addPolicy(account, p) }),
		"InstanceProfiles": each(l, l.profile, func(p *ProfileDetail) string { return part.addProfile(account, p) }),
		"NotFound":         list(l.decoder, &notFound, l.word),
		"Whole":            list(l.decoder, &whole, l.word),
	})
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

// wholeLists are the lists that an account's part may call whole.
var wholeLists = [...]string{"RoleDetailList", "Policies", "InstanceProfiles"}

// each reads a list of objects and hands each to add, which answers with what is wrong with it.
func each[T any](l *loader, one func(*T) reader, add func(*T) string) reader {
	return func() (bool, error) {
		var none []struct{}
		return list(l.decoder, &none, func(*struct{}) reader {
			return func() (bool, error) {
				start := l.next()
				v := new(T)
				present, err := one(v)()
				if err != nil || !present {
					return present, err
				}
				if wrong := add(v); wrong != "" {
					return true, l.failAt(start, wrong, "take the snapshot again, or mend the entry")
				}
				return true, nil
			}
		})()
	}
}

// next returns the offset of the next value.
func (d *decoder) next() int {
	rest := d.text[d.InputOffset():]
	return len(d.text) - len(bytes.TrimLeft(rest, " \t\r\n,"))
}

func (p *iamPart) addRole(account string, r *RoleDetail) string {
	if wrong := misplaced(account, "role", r.Name, r.ARN, SplitRole); wrong != "" {
		return wrong
	}
	if p.roles[r.Name] != nil {
		return fmt.Sprintf("role %s stands twice", r.Name)
	}
	r.sort()
	p.roles[r.Name] = r
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

func (p *iamPart) addPolicy(account string, d *PolicyDetail) string {
	a, err := arn.Parse(d.ARN)
	switch {
	case err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, "policy/"):
		return fmt.Sprintf("%q is not the ARN of a managed policy", d.ARN)
	case a.AccountID != account && a.AccountID != "aws":
		return fmt.Sprintf("policy %s stands under account %s", d.ARN, account)
	case p.policies[d.ARN] != nil:
		return fmt.Sprintf("policy %s stands twice", d.ARN)
	}
	p.policies[d.ARN] = d
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

// cause returns an I/O error's own words, without the path that it repeats.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
