package check

import (
	"testing"

	"ccx/transform/finding"
)

func TestAllowedProfiles(t *testing.T) {
	named := Target{Name: "ml-train", ARN: nodeARN}
	for _, c := range []struct {
		name     string
		patterns []string
		target   Target
		want     finding.Status
		says     string
	}{
		{"no list", nil, named, finding.Skipped, "no allowed_profiles"},
		{"by name", []string{"vision", "ml-train"}, named, finding.Pass, `"ml-train"`},
		{"by glob", []string{"ml-*"}, named, finding.Pass, `"ml-*"`},
		{"one character", []string{"ml-trai?"}, named, finding.Pass, ""},
		{"by ARN", []string{nodeARN}, named, finding.Pass, ""},
		{"by a glob of ARNs", []string{"arn:aws:iam::*:instance-profile/ml-*"}, named, finding.Pass, ""},
		{"another", []string{"vision-*"}, named, finding.Fail, "allowed: vision-*"},
		{"letter case counts", []string{"ML-*"}, named, finding.Fail, ""},
		{"the whole name", []string{"ml"}, named, finding.Fail, ""},
		{"another account's ARN", []string{"arn:aws:iam::444455556666:instance-profile/ml-train"}, named, finding.Fail, ""},
		{"a name where ARNs are listed", []string{nodeARN}, Target{Name: "ml-train"}, finding.Unknown, "give its ARN"},
		{"a name that another pattern fits", []string{nodeARN, "ml-*"}, Target{Name: "ml-train"}, finding.Pass, ""},
		{"not known", []string{"ml-*"}, Target{}, finding.Skipped, "not known"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Allowed(Subject{AllowedProfiles: c.patterns}, c.target)
			if f.Status != c.want || f.Code != finding.ProfileAllowed {
				t.Errorf("%v, want %v: %+v", f.Status, c.want, f)
			}
			says(t, f, c.says)
			if (c.want == finding.Fail || c.want == finding.Unknown) && !f.Stops() {
				t.Error("it does not stop the filter")
			}
		})
	}
}

func TestNameDiffersFromRole(t *testing.T) {
	w := newWorld(t)
	profile := w.role("ml-train")["InstanceProfileList"].([]any)[0].(map[string]any)
	profile["InstanceProfileName"], profile["Arn"] = "ml-gpu", "arn:aws:iam::111122223333:instance-profile/ml-gpu"
	s := subject()
	s.Profile = "ml-gpu"
	got := w.expect(s, map[finding.Code]finding.Status{finding.ProfileName: finding.Fail, finding.ProfileExists: finding.Pass, finding.S3Write: finding.Pass})
	says(t, got[finding.ProfileName], `"ml-gpu"`, `"ml-train"`, "aws iam create-instance-profile --instance-profile-name ml-train")
	if got[finding.ProfileName].Level != finding.Warning || got[finding.ProfileName].Stops() {
		t.Error("other names are a warning")
	}
}

// The path is no part of a name.
func TestNameOfRoleWithPath(t *testing.T) {
	j := &judge{target: Target{Name: "ml-train", RoleARN: "arn:aws:iam::111122223333:role/teams/ml/ml-train"}}
	j.checkName()
	if j.out[0].Status != finding.Pass {
		t.Errorf("%+v", j.out)
	}
	j = &judge{}
	if j.checkName(); j.out[0].Status != finding.Skipped {
		t.Errorf("%+v", j.out)
	}
}

func TestAccountOfTheCloudFile(t *testing.T) {
	s := subject()
	s.ControlPlaneRole, s.Account = "", home
	newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileAccount: finding.Pass})
	s.Account = other
	got := newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileAccount: finding.Fail})
	says(t, got[finding.ProfileAccount], "account "+home, "the cloud in "+other)
	s.Account = ""
	newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileAccount: finding.Skipped})
}

// A bare name is looked for in the cloud's account, whoever asks: what is not there in another one proves nothing.
func TestNameIsLookedForInTheCloudsAccount(t *testing.T) {
	s := subject()
	s.Profile, s.ControlPlaneRole, s.Account = "ml-train", "", other
	if w := Wants(s); w.Profiles[0].Account != other {
		t.Errorf("asked in %q", w.Profiles[0].Account)
	}
	got := newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileExists: finding.Unknown})
	says(t, got[finding.ProfileExists], "take the snapshot again")
	s.Profile, s.Role = "", "ml-train"
	if w := Wants(s); w.RoleNames[0].Account != other || w.ProfilesOf[0].Account != other {
		t.Errorf("%+v", w)
	}
	newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileExists: finding.Unknown})
	s.Account = home
	newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileExists: finding.Pass, finding.ProfileAccount: finding.Pass})
}

// A guess that is not there is no fault of the config.
func TestGuessedProfile(t *testing.T) {
	s := subject()
	s.Profile, s.Guess = "cld_abc123-cluster_node_role", true
	got := newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileExists: finding.Unknown})
	says(t, got[finding.ProfileExists], "anyscale cloud get -n CLOUD")
	if got[finding.ProfileExists].Cause != finding.Unreachable {
		t.Error("--unknown allow must not let it pass")
	}
	s.Guess = false
	newWorld(t).expect(s, map[finding.Code]finding.Status{finding.ProfileExists: finding.Fail})
}

func TestKeyTellsSubjectsApart(t *testing.T) {
	a := subject()
	for name, change := range map[string]func(*Subject){
		"profile": func(s *Subject) { s.Profile = "x" }, "role": func(s *Subject) { s.Role = "x" }, "bucket": func(s *Subject) { s.Bucket = "x" },
		"prefix": func(s *Subject) { s.Prefix = "x" }, "owner": func(s *Subject) { s.BucketOwner = other }, "region": func(s *Subject) { s.Region = "x" },
		"control plane": func(s *Subject) { s.ControlPlaneRole = "x" }, "account": func(s *Subject) { s.Account = other },
	} {
		b := a
		if change(&b); a.Key() == b.Key() {
			t.Errorf("%s makes no difference", name)
		}
	}
}
