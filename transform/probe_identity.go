package transform

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"ccx/transform/account"
	"ccx/transform/check"
	"ccx/transform/finding"
	"ccx/transform/live"
)

// promise is the role that the nodes are to have.
type promise struct {
	name, arn, account string // of the role; arn and account may be unknown
	words              string // how the promise was made, for a person
	guess              bool   // made from the cloud's id alone: another role proves nothing
}

// identity asks who the caller is and compares the answer with what was promised. It returns why nothing more may be
// tried; "" for go on.
func (j *probing) identity() string {
	caller, t := j.p.Identity()
	if t.Outcome != live.Works {
		f := finding.Unsure(finding.ProbeIdentity, finding.Unreachable, finding.Place{}, "whose credentials these are")
		if t.Outcome == live.Refused {
			f = f.WithDetails(said(t)...)
		} else {
			f = f.WithDetails(t.Why.Reason())
		}
		j.add(f.WithDetails(sourceWords(caller.Source)...).WithHint(probeHint(t.Code)))
		return "nothing is known of the caller"
	}
	j.caller = caller
	role, isRole := sessionRole(caller.ARN)
	j.Role = caller.ARN
	s := j.opts.Subject
	if s.Profile == "" && s.Role == "" {
		j.add(finding.Passed(finding.ProbeIdentity, "the caller is "+caller.ARN).WithDetails(sourceWords(caller.Source)...).
			WithDetails("no role was promised, so that any caller will do: -r ROLE or -p PROFILE says which one it must be"))
		return ""
	}
	want, done := j.promised()
	switch {
	case done:
		j.pass(finding.ProbeIdentity, fmt.Sprintf("the caller is the role of the promised profile: %s", caller.ARN), sourceWords(caller.Source)...)
		return ""
	case want == nil:
		return "it is not known whether the caller is the promised role"
	case isRole && want.is(role):
		j.pass(finding.ProbeIdentity, fmt.Sprintf("the caller is %s: %s", want.words, caller.ARN), append(pathLost(want), sourceWords(caller.Source)...)...)
		return ""
	}
	j.add(j.wrongCaller(want, role, isRole))
	return "the caller is not the promised role"
}

// session is what a role session's ARN tells: arn:P:sts::ACCOUNT:assumed-role/NAME/SESSION. The role's path is not
// part of it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
type session struct{ partition, account, role, name string }

// sessionRole takes a role session's ARN apart; false for that of a user, the root or anything else.
func sessionRole(text string) (session, bool) {
	a, err := arn.Parse(text)
	parts := strings.Split(a.Resource, "/")
	if err != nil || a.Service != "sts" || len(parts) != 3 || parts[0] != "assumed-role" {
		return session{}, false
	}
	return session{a.Partition, a.AccountID, parts[1], parts[2]}, true
}

// is reports whether the promise is kept by a session. A role's name is unique in its account, whatever its path.
func (p *promise) is(s session) bool {
	if p.name != s.role || p.account != "" && p.account != s.account {
		return false
	}
	a, err := arn.Parse(p.arn)
	return p.arn == "" || err == nil && a.Partition == s.partition
}

// pathLost says what can't be seen of a role that has a path.
func pathLost(p *promise) []string {
	a, err := arn.Parse(p.arn)
	if err != nil || strings.Count(a.Resource, "/") < 2 {
		return nil
	}
	return []string{"a session's ARN does not show the role's path; a role's name is unique in its account, so that it is the same role"}
}

// promised finds the role that was promised. A nil promise: it can't be told, and a finding says why. done: instance
// metadata says that this machine has the promised profile, and the credentials are from there.
func (j *probing) promised() (want *promise, done bool) {
	s := j.opts.Subject
	if s.Role != "" || j.opts.ClusterRole != "" {
		ref, _ := check.ParseRole(or(s.Role, j.opts.ClusterRole))
		return &promise{name: ref.Name, arn: ref.ARN, account: or(ref.Account, s.Account), words: "the promised role " + or(ref.ARN, ref.Name)}, false
	}
	ref, _ := check.ParseProfile(s.Profile)
	if id := or(ref.Account, s.Account); id != "" && id != j.caller.Account {
		return &promise{name: "of " + ref.Name, account: id, words: fmt.Sprintf("the role of the profile %s, in account %s", s.Profile, id)}, false
	}
	t, why := j.profileRole()
	words := fmt.Sprintf("the role %s of the promised profile %s", t.RoleARN, ref.Name)
	if t.RoleARN != "" {
		owner, name, _ := account.SplitRole(t.RoleARN)
		return &promise{name: name, arn: t.RoleARN, account: owner, words: words}, false
	}
	if j.Stopped() {
		return nil, false // the profile is not there, or holds no role
	}
	if machine := j.p.Machine(j.ctx); machine != "" {
		return j.byMachine(ref, machine)
	}
	if s.Guess {
		return &promise{name: s.Profile, account: s.Account, words: fmt.Sprintf("the role %s, which `anyscale cloud setup` makes", s.Profile), guess: true}, false
	}
	j.add(finding.Unsure(finding.ProbeIdentity, finding.Unreadable, s.Given, fmt.Sprintf("whether the caller %s is the role of the profile %s", j.caller.ARN, ref.Name)).
		WithDetails(why...).WithDetails(sourceWords(j.caller.Source)...).
		WithHint("name the role itself: -r ROLE; or take the facts along: ccx snapshot -p " + s.Profile + " -o facts.json elsewhere, then --snapshot facts.json"))
	return nil, false
}

// profileRole looks up the profile's role in the facts. What the facts say to be wrong is a finding; why they say
// nothing is returned.
func (j *probing) profileRole() (t check.Target, why []string) {
	s := j.opts.Subject
	only := check.Subject{Profile: s.Profile, Account: s.Account, Given: s.Given, Region: s.Region}
	t = check.Resolve(only, j.source.Gather(j.ctx, check.Wants(only)))
	for _, f := range t.Findings {
		switch f.Status {
		case finding.Fail:
			j.add(f)
		case finding.Unknown:
			why = append(why, f.Details...)
		}
	}
	return t, why
}

// byMachine compares the promised profile with the one that this machine has.
func (j *probing) byMachine(ref check.ProfileRef, machine string) (*promise, bool) {
	_, name, _ := account.SplitProfile(machine)
	if ref.ARN == machine || ref.ARN == "" && ref.Name == name {
		return nil, true
	}
	return &promise{name: "of " + ref.Name, words: fmt.Sprintf("the role of the promised profile %s: this machine has the profile %s", or(ref.ARN, ref.Name), machine)}, false
}

// wrongCaller says that the caller is another than was promised, and where its credentials come from.
func (j *probing) wrongCaller(want *promise, role session, isRole bool) finding.Finding {
	message := "the caller is not " + want.words
	at := j.opts.Subject.Given
	f := finding.New(finding.ProbeIdentity, at, message)
	if want.guess {
		f = finding.Unsure(finding.ProbeIdentity, finding.Unreadable, at, "whether the caller is the role of this cloud's nodes")
	}
	f = f.WithDetails("the caller is " + j.caller.ARN)
	switch {
	case !isRole:
		f = f.WithDetails("these are not the credentials of a role")
	case strings.EqualFold(role.role, want.name) && role.role != want.name:
		f = f.WithDetails("the letter case differs: " + role.role)
	case want.account != "" && want.account != role.account && want.name == role.role:
		f = f.WithDetails("it has the same name, in account " + role.account + " instead of " + want.account)
	}
	return f.WithDetails(sourceWords(j.caller.Source)...).WithHint(sourceHint(j.caller.Source))
}

// sourceWords says where the SDK has found the credentials.
func sourceWords(source string) []string {
	file, shared := strings.CutPrefix(source, "SharedConfigCredentials: ")
	switch {
	case source == "":
		return nil
	case shared:
		return []string{"the credentials come from the file " + file + ", which wins over the instance profile"}
	}
	words := map[string]string{
		"EnvConfigCredentials":        "the credentials come from the environment (AWS_ACCESS_KEY_ID), which wins over the instance profile",
		"EC2RoleProvider":             "the credentials come from the instance profile, by instance metadata",
		"WebIdentityCredentials":      "the credentials come from a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE), which wins over the instance profile",
		"AssumeRoleProvider":          "the credentials come from a role that the AWS profile assumes",
		"CredentialsEndpointProvider": "the credentials come from the container's endpoint, which wins over the instance profile",
		"ProcessProvider":             "the credentials come from the credential_process of the AWS profile",
		"SSOProvider":                 "the credentials come from an SSO session",
	}[source]
	return []string{or(words, "the credentials come from "+source)}
}

func sourceHint(source string) string {
	switch {
	case source == "EC2RoleProvider":
		return "the node was launched with another profile: look at its compute config (ccx check FILE), and at the cloud's IAM mapping (--mapping)"
	case source == "EnvConfigCredentials":
		return "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, in the job's env_vars as well"
	case strings.HasPrefix(source, "SharedConfigCredentials"):
		return "move that file away, or unset AWS_PROFILE"
	}
	return "run it on a node, or with the role's own credentials"
}
