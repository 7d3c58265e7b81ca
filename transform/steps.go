package transform

import (
	"fmt"
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
	j.file, found = anyscale.Read(doc, j.opts.Text)
	j.add(found...)
	if j.file != nil {
		j.Shape = string(j.file.Shape)
	}
}

// aim finds what is to be judged: the profile or role of the flags, else what the config names already. How that is
// written can be told even of a config that is wrong elsewhere; nothing more is asked about such a one.
func (j *job) aim() {
	if j.file == nil || j.opts.Remove {
		return
	}
	broken := j.Stopped()
	subject := j.opts.Subject
	subject.At = j.where()
	asked := subject.Profile != "" || subject.Role != ""
	if asked {
		j.subjects = append(j.subjects, subject)
	}
	if !asked || j.opts.Existing == anyscale.Keep {
		j.aimAtExisting(subject)
	}
	j.wanted = asked || len(j.subjects) == 1 && len(j.opts.Nodes) == 0
	j.aimAtNodes(subject)
	if len(j.subjects) == 0 && !broken {
		j.add(finding.New(finding.UsageFlag, finding.Place{}, "no profile: none was asked for, and the config names none").
			WithHint("name one: -p PROFILE, or -r ROLE for a role's own"))
	}
	j.grammar()
	if j.Stopped() {
		j.subjects = nil
	}
}

// aimAtNodes adds the profiles that single node groups get.
func (j *job) aimAtNodes(subject check.Subject) {
	j.byNode = map[string]int{}
	for _, n := range j.opts.Nodes {
		s := subject
		s.Profile, s.Role, s.Given = n.Profile, "", n.Given
		for _, site := range j.file.Sites() {
			if site.Name == n.Name && !site.Cluster {
				s.At = site.Place()
			}
		}
		j.byNode[n.Name] = len(j.subjects)
		j.subjects = append(j.subjects, s)
	}
}

// aimAtExisting adds each profile that the config names: it stays there, so it is judged.
func (j *job) aimAtExisting(subject check.Subject) {
	for _, site := range j.file.Sites() {
		if site.Existing == nil || slices.Contains(j.opts.Text.Nodes, site.Name) && !site.Cluster {
			continue
		}
		s := subject
		s.Profile, s.Role = site.Existing.String(), ""
		s.Given = site.Existing.At.Place()
		s.At = s.Given
		if !slices.ContainsFunc(j.subjects, func(o check.Subject) bool { return o.Key() == s.Key() }) {
			j.subjects = append(j.subjects, s)
		}
	}
}

// where is the line that AWS findings point to: the profile that is there, else the first site.
func (j *job) where() finding.Place {
	sites := j.file.Sites()
	for _, s := range sites {
		if s.Existing != nil {
			return s.Existing.At.Place()
		}
	}
	if len(sites) > 0 {
		return sites[0].Place()
	}
	return finding.Place{File: j.Name}
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
func (j *job) judge(facts *account.Facts) {
	if len(j.subjects) == 0 {
		return
	}
	j.Scope = j.opts.Subject.Scope()
	if facts == nil {
		j.judgeOffline()
		return
	}
	assumed := map[string]bool{}
	for _, s := range j.subjects {
		t := check.Resolve(s, facts)
		j.targets = append(j.targets, t)
		j.addNew(t.Findings)
		answer := check.Run(s, t, facts, j.opts.Now)
		j.addNew(answer.Findings)
		for _, a := range answer.Assumed {
			assumed[a] = true
		}
	}
	for a := range assumed {
		j.Assumed = append(j.Assumed, a)
	}
	slices.Sort(j.Assumed)
	if len(j.targets) == 1 {
		j.Profile, j.Role = j.targets[0].Name, j.targets[0].RoleARN
	}
}

// addNew adds findings that were not made for another subject of the same config.
func (j *job) addNew(fs []finding.Finding) {
	for _, f := range fs {
		same := func(o finding.Finding) bool {
			return o.Code == f.Code && o.Status == f.Status && o.Message == f.Message && o.Place == f.Place
		}
		if !slices.ContainsFunc(j.Findings, same) {
			j.add(f)
		}
	}
}

// judgeOffline takes the profile as written. A role's profile, or the ARN of a name, can't be known without facts.
func (j *job) judgeOffline() {
	for _, s := range j.subjects {
		ref, _ := check.ParseProfile(s.Profile)
		t := check.Target{ARN: ref.ARN, Name: ref.Name, Account: ref.Account}
		if s.Role != "" {
			ref, _ = check.ParseRole(s.Role)
			j.add(finding.Unsure(finding.ProfileExists, finding.Unreachable, s.Given, fmt.Sprintf("which instance profile holds the role %q", ref.Name)).
				WithDetails("--offline asks nothing").WithHint("name the profile: -p ARN, or leave --offline out"))
		} else if t.ARN == "" && s.Profile == j.opts.Subject.Profile && j.opts.Form == ByARN {
			j.add(finding.Unsure(finding.ProfileExists, finding.Unreachable, s.Given, fmt.Sprintf("the ARN of the instance profile %q", ref.Name)).
				WithDetails("--offline asks nothing").WithHint("give the ARN, or inject the name: --as name"))
		}
		j.targets = append(j.targets, t)
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
	return code != finding.ProfileARN && slices.Contains([]string{"profile", "role", "bucket", "s3", "kms", "pass-role"}, group)
}
