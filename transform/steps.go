package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// read parses and validates the text and finds its sites.
func (j *job) read() {
	parse := document.Parse
	if j.opts.Text.Template {
		parse = document.ParseTemplate
	}
	doc, found := parse(j.Name, j.Input)
	j.add(found...)
	if doc == nil {
		return
	}
	if j.opts.Clouds.Any() {
		j.opts.Text.Provider = j.provider
	}
	j.file, found = anyscale.Read(doc, j.opts.Text)
	j.add(found...)
	if j.file != nil {
		j.Shape = string(j.file.Shape)
	}
}

// grammar checks how the profiles are written.
func (j *job) grammar() {
	for _, s := range j.subjects {
		for _, f := range check.Grammar(s) {
			if !j.saidAt(f.Place) {
				j.add(f)
			}
		}
	}
}

// saidAt reports whether another finding marks the same text already: a <placeholder> is no name, and one finding
// about it is enough.
func (j *job) saidAt(p finding.Place) bool {
	return p.Known() && slices.ContainsFunc(j.Findings, func(f finding.Finding) bool {
		return f.Place.Offset == p.Offset && f.Place.Length == p.Length && f.Code == finding.ConfigPlaceholder
	})
}

// judge resolves each profile and makes the checks.
func (j *job) judge(facts *account.Facts, known *judgements) {
	if len(j.subjects) == 0 {
		return
	}
	j.Scope = j.scope()
	if facts == nil {
		j.judgeOffline()
		return
	}
	assumed := map[string]bool{}
	for _, s := range j.subjects {
		found := known.of(s, facts, j.opts.Now)
		j.targets = append(j.targets, found.target)
		j.addNew(j.waive(s.Cloud, found.target.Findings))
		j.addNew(j.waive(s.Cloud, found.answer.Findings))
		for _, a := range found.answer.Assumed {
			assumed[a] = true
		}
	}
	j.Assumed = slices.Sorted(maps.Keys(assumed))
	if len(j.targets) == 1 {
		j.Profile, j.Role = j.targets[0].Name, j.targets[0].RoleARN
	}
}

// scope is what the S3 checks speak of: a bucket and prefix for each cloud resource, and the data buckets.
func (j *job) scope() string {
	var all []string
	for _, s := range j.subjects {
		for _, one := range s.Scopes() {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return strings.Join(all, " and ")
}

// addNew adds findings that were not made for another subject of the same config.
func (j *job) addNew(fs []finding.Finding) {
	for _, f := range fs {
		same := func(o finding.Finding) bool {
			return o.Code == f.Code && o.Status == f.Status && o.Message == f.Message && o.Place == f.Place && (o.Waiver == nil) == (f.Waiver == nil)
		}
		if !slices.ContainsFunc(j.Findings, same) {
			j.add(f)
		}
	}
}

// judgeOffline takes the profile as written. A role's profile, or the ARN of a name, can't be known without facts.
func (j *job) judgeOffline() {
	for i, s := range j.subjects {
		ref, _ := check.ParseProfile(s.Profile)
		t := check.Target{ARN: ref.ARN, Name: ref.Name, Account: ref.Account}
		if s.Role != "" {
			ref, _ = check.ParseRole(s.Role)
			j.add(finding.Unsure(finding.ProfileExists, finding.Unreachable, s.Given, fmt.Sprintf("which instance profile holds the role %q", ref.Name)).
				WithDetails("--offline asks nothing").WithHint("name the profile: -p ARN, or leave --offline out"))
		} else if t.ARN == "" && slices.Contains(j.asked, i) && j.opts.Form == ByARN {
			j.add(finding.Unsure(finding.ProfileExists, finding.Unreachable, s.Given, fmt.Sprintf("the ARN of the instance profile %q", ref.Name)).
				WithDetails("--offline asks nothing").WithHint("give the ARN, or inject the name: --as name"))
		}
		j.targets = append(j.targets, t)
		j.addNew(j.waive(s.Cloud, []finding.Finding{check.Allowed(s, t)}))
	}
	for _, row := range finding.Table() {
		if inAWS(row.Code) {
			j.add(finding.Skip(row.Code, "not checked: "+row.Summary+" (--offline)"))
		}
	}
}

// inAWS reports whether a check needs facts.
func inAWS(code finding.Code) bool {
	group, _, _ := strings.Cut(string(code), "/")
	return code != finding.ProfileARN && code != finding.ProfileAllowed && slices.Contains([]string{"profile", "role", "bucket", "s3", "kms", "ecr", "require", "pass-role"}, group)
}
