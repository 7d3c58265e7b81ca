package check

import (
	"fmt"
	"strings"

	"ccx/transform/finding"
	"ccx/transform/policy/glob"
)

// Allowed says whether the profile is among those that the cloud's settings allow, which needs no facts but its name:
// profile/allowed. A pattern with a colon is compared with the ARN, any other with the name.
func Allowed(s Subject, t Target) finding.Finding {
	switch {
	case len(s.AllowedProfiles) == 0:
		return finding.Skip(finding.ProfileAllowed, "the settings name no allowed_profiles for this cloud")
	case t.Name == "":
		return finding.Skip(finding.ProfileAllowed, "the profile is not known")
	}
	open := false
	for _, pattern := range s.AllowedProfiles {
		value := t.Name
		if strings.Contains(pattern, ":") {
			value = t.ARN
		}
		switch {
		case value == "":
			open = true // an ARN is asked for, and only the name is known
		case glob.Compile(pattern).Match(value):
			return finding.Passed(finding.ProfileAllowed, fmt.Sprintf("%s is allowed by %q", t.Name, pattern))
		}
	}
	list := "allowed: " + strings.Join(s.AllowedProfiles, ", ")
	if open {
		return finding.Unsure(finding.ProfileAllowed, finding.Unreachable, s.Given, fmt.Sprintf("whether the cloud may use the profile %q", t.Name)).
			WithDetails(list, "the profile's ARN is not known").WithHint("give its ARN")
	}
	return finding.New(finding.ProfileAllowed, s.Given, fmt.Sprintf("the profile %q is not among those that the cloud may use", t.Name)).
		WithDetails(list).WithHint("use one of these, or add it to allowed_profiles in the settings")
}

// checkName: Anyscale's docs ask that the profile has the same name as its role; where only the role is known, Anyscale
// looks for a profile of that name. https://docs.anyscale.com/configuration/compute/aws#iam
func (j *judge) checkName() {
	if j.target.RoleARN == "" {
		j.skip(finding.ProfileName, "the role is not known")
		return
	}
	role := j.target.RoleARN[strings.LastIndexByte(j.target.RoleARN, '/')+1:]
	if role == j.target.Name {
		j.pass(finding.ProfileName, "profile and role are both named %s", role)
		return
	}
	j.add(finding.New(finding.ProfileName, j.Given, fmt.Sprintf("the profile is named %q, its role %q", j.target.Name, role)).
		WithDetails("Anyscale asks that an instance profile has the same name as its role").
		WithHint(makeProfile(role)))
}

// cloudAccount is the account in which nodes are launched: the control-plane role's, or what the cloud file tells.
func (j *judge) cloudAccount() (id, because string) {
	if j.ControlPlaneRole != "" {
		cloud, _ := ParseRole(j.ControlPlaneRole)
		return cloud.Account, "the control-plane role " + j.ControlPlaneRole + " launches the nodes, and can use profiles of its own account only"
	}
	return j.Account, "the cloud's nodes are launched in its own account, with profiles of that account only"
}

// unguessed: a profile that was only guessed from the cloud's id is not there, so the cloud has another one.
func unguessed(s Subject, name, because string) finding.Finding {
	return finding.Unsure(finding.ProfileExists, finding.Unreachable, s.Given, "which instance profile the cloud's nodes get by default").
		WithDetails(because, name+" is what `anyscale cloud setup` makes, so this cloud was made otherwise").
		WithHint("give the cloud's printout: anyscale cloud get -n CLOUD > cloud.yaml, then --cloud-file cloud.yaml")
}
