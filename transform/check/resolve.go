package check

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
)

// Target is the one instance profile that a subject means, as far as facts tell.
type Target struct {
	ARN, Name string // of the profile; ARN is "" when it is not known
	Account   string // 12 digits; "" when not known
	RoleARN   string // the role in the profile; "" when not known
	Findings  []finding.Finding
}

// Wants lists the facts that Resolve and Run need of a subject.
func Wants(s Subject) account.Wants {
	var w account.Wants
	w.Region = s.Region
	profile, faults := ParseProfile(s.Profile)
	if s.Profile != "" && len(faults) == 0 {
		w.Profiles = append(w.Profiles, account.ProfileWant{Account: or(profile.Account, s.Account), Name: profile.Name})
		w.Partition = profile.Partition
	}
	role, faults := ParseRole(s.Role)
	if s.Role != "" && len(faults) == 0 {
		want := account.RoleWant{Account: or(role.Account, s.Account), Name: role.Name}
		w.RoleNames, w.ProfilesOf = append(w.RoleNames, want), append(w.ProfilesOf, want)
		w.Partition = role.Partition
	}
	if s.Bucket != "" {
		w.Buckets = append(w.Buckets, account.BucketWant{Name: s.Bucket, Owner: s.BucketOwner, Region: s.Region})
	}
	for _, b := range s.DataBuckets {
		w.Buckets = append(w.Buckets, account.BucketWant{Name: b.Name, Owner: b.Account, Region: s.Region})
	}
	if s.ControlPlaneRole != "" {
		w.Roles = append(w.Roles, s.ControlPlaneRole)
	}
	s.wantElse(&w)
	return w
}

// Resolve finds the profile: by its ARN or name, or as the one profile of a role. Codes: profile/exists, profile/role.
func Resolve(s Subject, f *account.Facts) Target {
	if s.Role != "" {
		return resolveRole(s, f)
	}
	ref, faults := ParseProfile(s.Profile)
	if len(faults) > 0 {
		return Target{}
	}
	return resolveProfile(s, f, ref)
}

func resolveProfile(s Subject, f *account.Facts, ref ProfileRef) Target {
	t := Target{ARN: ref.ARN, Name: ref.Name, Account: or(ref.Account, s.Account)}
	if t.Account == "" {
		t.Account = f.Home()
	}
	fact := f.Profile(t.Account, ref.Name)
	switch fact.State {
	case account.Known:
		return takeProfile(s, t, fact.Value, ref)
	case account.None:
		message := fmt.Sprintf("there is no instance profile %q in account %s", ref.Name, t.Account)
		if s.Guess {
			t.Findings = append(t.Findings, unguessed(s, ref.Name, message))
			return t
		}
		t.Findings = append(t.Findings, finding.New(finding.ProfileExists, s.Given, message).
			WithHint(profileHint(f, t.Account, ref.Name)))
	default:
		message := fmt.Sprintf("whether the instance profile %q exists", ref.Name)
		t.Findings = append(t.Findings, unread(finding.ProfileExists, s.Given, message, fact.State, fact.Unread))
	}
	return t
}

// profileHint says what to do about a profile that is not there. A role of its name may be: the console makes a profile
// beside a role, the API and Terraform don't.
func profileHint(f *account.Facts, id, name string) string {
	role := f.RoleByName(id, name)
	if role.State != account.Known {
		return "aws iam list-instance-profiles shows what there is; if the name is a role's, use -r " + name
	}
	profiles := f.ProfilesOf(role.Value.ARN)
	switch {
	case profiles.State != account.Known && profiles.State != account.None:
		return "there is a role of that name: use -r " + name
	case len(profiles.Value) > 0:
		return fmt.Sprintf("the role of that name is in the profile %s", profiles.Value[0].ARN)
	}
	return "there is a role of that name, in no profile: " + makeProfile(name)
}

// makeProfile is the command that makes a profile for a role, of its name.
func makeProfile(role string) string {
	return fmt.Sprintf("aws iam create-instance-profile --instance-profile-name %[1]s && aws iam add-role-to-instance-profile --instance-profile-name %[1]s --role-name %[1]s", role)
}

// takeProfile compares what was asked with what IAM returned: it finds a profile by its name alone, while EC2 takes the
// whole ARN, path and letter case included.
func takeProfile(s Subject, t Target, p account.InstanceProfile, ref ProfileRef) Target {
	t.ARN, t.Name = p.ARN, p.Name
	wrong := ref.ARN != "" && ref.ARN != p.ARN || ref.ARN == "" && ref.Name != p.Name
	if wrong {
		t.Findings = append(t.Findings, finding.New(finding.ProfileExists, s.Given, "the instance profile is written differently in AWS").
			WithDetails("given: "+s.Profile, "found: "+p.ARN).WithHint("write "+p.ARN))
		return t
	}
	t.Findings = append(t.Findings, finding.Passed(finding.ProfileExists, p.ARN+" exists"))
	return takeRole(s, t, p)
}

func takeRole(s Subject, t Target, p account.InstanceProfile) Target {
	switch len(p.Roles) {
	case 1:
		t.RoleARN = p.Roles[0]
		t.Findings = append(t.Findings, finding.Passed(finding.ProfileRole, "it holds the role "+t.RoleARN))
	case 0:
		t.Findings = append(t.Findings, finding.New(finding.ProfileRole, s.Given, fmt.Sprintf("the instance profile %q holds no role, so nothing can be launched with it", p.Name)).
			WithHint(fmt.Sprintf("aws iam add-role-to-instance-profile --instance-profile-name %s --role-name ROLE", p.Name)))
	default:
		t.Findings = append(t.Findings, finding.New(finding.ProfileRole, s.Given, fmt.Sprintf("the instance profile %q holds %d roles, AWS allows one", p.Name, len(p.Roles))).
			WithHint("is the snapshot made by hand?"))
	}
	return t
}

// resolveRole looks for the role's profiles: the only one, or the one of the same name.
func resolveRole(s Subject, f *account.Facts) Target {
	ref, faults := ParseRole(s.Role)
	if len(faults) > 0 {
		return Target{}
	}
	t := Target{Account: or(ref.Account, s.Account)}
	if t.Account == "" {
		t.Account = f.Home()
	}
	role := f.RoleByName(t.Account, ref.Name)
	switch role.State {
	case account.Known:
		if ref.ARN != "" && ref.ARN != role.Value.ARN {
			t.Findings = append(t.Findings, finding.New(finding.ProfileExists, s.Given, "the role is written differently in AWS").
				WithDetails("given: "+ref.ARN, "found: "+role.Value.ARN).WithHint("write "+role.Value.ARN))
			return t
		}
	case account.None:
		t.Findings = append(t.Findings, finding.New(finding.ProfileExists, s.Given, fmt.Sprintf("there is no role %q in account %s", ref.Name, t.Account)).
			WithHint("aws iam list-roles shows what there is"))
		return t
	default:
		t.Findings = append(t.Findings, unread(finding.ProfileExists, s.Given, fmt.Sprintf("which instance profile holds the role %q", ref.Name), role.State, role.Unread))
		return t
	}
	return chooseProfile(s, t, f.ProfilesOf(role.Value.ARN), ref.Name)
}

func chooseProfile(s Subject, t Target, fact account.Fact[[]account.InstanceProfile], role string) Target {
	if fact.State != account.Known && fact.State != account.None {
		t.Findings = append(t.Findings, unread(finding.ProfileExists, s.Given, fmt.Sprintf("which instance profile holds the role %q", role), fact.State, fact.Unread))
		return t
	}
	profiles := fact.Value
	pick := slices.IndexFunc(profiles, func(p account.InstanceProfile) bool { return p.Name == role })
	switch {
	case len(profiles) == 0:
		t.Findings = append(t.Findings, finding.New(finding.ProfileExists, s.Given, fmt.Sprintf("no instance profile holds the role %q", role)).
			WithHint(makeProfile(role)))
		return t
	case len(profiles) == 1:
		pick = 0
	case pick < 0:
		var names []string
		for _, p := range profiles {
			names = append(names, p.Name)
		}
		slices.Sort(names)
		t.Findings = append(t.Findings, finding.New(finding.ProfileExists, s.Given, fmt.Sprintf("%d instance profiles hold the role %q, and none has its name", len(names), role)).
			WithDetails("they are: "+strings.Join(names, ", ")).WithHint("name one: -p "+names[0]))
		return t
	}
	p := profiles[pick]
	t.ARN, t.Name = p.ARN, p.Name
	t.Findings = append(t.Findings, finding.Passed(finding.ProfileExists, p.ARN+" exists"))
	return takeRole(s, t, p)
}
