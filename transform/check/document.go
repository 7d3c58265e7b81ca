package check

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// Documents are the names of the policies that Document writes.
var Documents = []string{"identity", "bucket", "key", "repository", "pass-role", "reader"}

// Form is how a document is written.
type Form struct {
	StatementOnly bool // the new statements alone, without those that are there
	HCL           bool // as Terraform's resource instead of JSON
}

// Document writes the policy that lets the subject do its work, whole and ready to be put: for a bucket, what is there
// already with the new statement after it, since PutBucketPolicy replaces everything. The findings say what is missing; a
// note stands beside a document.
func Document(name string, s Subject, f *account.Facts, form Form) (string, []finding.Finding) {
	j := &judge{Subject: s, facts: f, bucket: f.Bucket(s.Bucket)}
	if name == "reader" {
		return j.written(name, form, readerDocument(s), nil)
	}
	var found []finding.Finding
	if j.target, found = roleOf(s, f); j.target.RoleARN == "" {
		return "", found
	}
	if b, one := s.oneData(); one && (name == "bucket" || name == "key") {
		j = j.about(b)
	}
	if add := j.added(name); form.StatementOnly && add != nil {
		if form.HCL {
			return dataSource(add), nil
		}
		return strings.Join(list(add, pretty), "\n"), nil
	}
	text, found := j.whole(name)
	return j.written(name, form, text, found)
}

// oneData returns the data bucket that the document is about: the only one that a flag names.
func (s Subject) oneData() (DataBucket, bool) {
	var flags []DataBucket
	for _, b := range s.DataBuckets {
		if b.Given.File == DataFlag {
			flags = append(flags, b)
		}
	}
	if len(flags) != 1 {
		return DataBucket{}, false
	}
	return flags[0], true
}

// DataFlag is the flag that names data buckets.
const DataFlag = "--data-bucket"

// added are the statements of a document that goes beside others; nil for a document that stands by itself.
func (j *judge) added(name string) []statement {
	switch name {
	case "bucket":
		return j.bucketStatements(j.everything())
	case "key":
		return []statement{j.keyStatement()}
	case "repository":
		return []statement{j.pullStatement()}
	}
	return nil
}

// whole writes a document with what is there already.
func (j *judge) whole(name string) (string, []finding.Finding) {
	switch name {
	case "identity":
		var own []statement
		if j.Bucket != "" { // else a data bucket alone is asked for
			own = j.identityStatements(j.everything())
		}
		return pretty(document{"2012-10-17", slices.Concat(own, j.elseStatements(), j.dataStatements())}), nil
	case "key":
		return j.keyDocument()
	case "repository":
		return j.repositoryDocument()
	case "pass-role":
		return pretty(document{"2012-10-17", []statement{j.passStatement(), j.getStatement()}}), nil
	}
	return j.bucketDocument(j.added(name))
}

// written puts a document into the form that is asked for, and says where it would not fit.
func (j *judge) written(name string, form Form, text string, found []finding.Finding) (string, []finding.Finding) {
	if text == "" {
		return "", found
	}
	if j.added(name) == nil {
		if f, bad := j.fits(name, text); bad {
			found = append(found, f)
		}
	}
	if !form.HCL {
		return text, found
	}
	out, err := j.terraform(name, text)
	if err != nil {
		return "", append(found, finding.New(finding.UsageFlag, finding.Place{}, "the policy can't be written as HCL: "+err.Error()).WithHint("leave --hcl out"))
	}
	return out, found
}

// fits compares a policy of a role with IAM's limits: a note where it may be put in one way only, an error where in none.
func (j *judge) fits(name, text string) (finding.Finding, bool) {
	n := account.Size(text)
	say := func(message, hint string) (finding.Finding, bool) {
		return finding.New(finding.UsageFlag, finding.Place{}, message).WithHint(hint), true
	}
	inline := n
	if name == "identity" {
		inline += j.inlineSize(j.target.RoleARN)
	}
	switch {
	case n > maxManagedPolicy && inline > maxInlinePolicies:
		return say(fmt.Sprintf("the policy has %d characters: IAM takes %d in a managed policy, and %d in all inline policies of a role", n, maxManagedPolicy, maxInlinePolicies), "ask for fewer things at a time, and put a policy for each")
	case inline > maxInlinePolicies:
		f, _ := say(fmt.Sprintf("it fits as a managed policy only: with it the role's inline policies would have %d characters, and IAM takes %d", inline, maxInlinePolicies), "aws iam create-policy, then aws iam attach-role-policy")
		return f.AtLevel(finding.Note), true
	case n > maxManagedPolicy:
		f, _ := say(fmt.Sprintf("it fits as an inline policy only: it has %d characters, and IAM takes %d in a managed one", n, maxManagedPolicy), "aws iam put-role-policy")
		return f.AtLevel(finding.Note), true
	}
	return finding.Finding{}, false
}

// everything is each requirement as if it had failed: the document then grants all of them.
func (j *judge) everything() []ruling {
	var all []ruling
	for _, r := range j.requirements() {
		all = append(all, ruling{requirement: r, decision: policy.Decision{Verdict: policy.ImplicitDeny}})
	}
	return all
}

// roleOf finds the role to grant to. One that is given by its ARN need not exist yet: its profile will have its name.
func roleOf(s Subject, f *account.Facts) (Target, []finding.Finding) {
	t := Resolve(s, f)
	role, faults := ParseRole(s.Role)
	if t.RoleARN != "" || s.Role == "" || len(faults) > 0 || role.ARN == "" {
		return t, t.Findings
	}
	return Target{RoleARN: role.ARN, Account: role.Account, Name: role.Name, ARN: strings.Replace(role.ARN, ":role/", ":instance-profile/", 1)}, nil
}

// bucketDocument adds the statements to the bucket's policy as it is.
func (j *judge) bucketDocument(add []statement) (string, []finding.Finding) {
	question := fmt.Sprintf("the policy that the bucket %q has now", j.Bucket)
	fact := j.bucket.Value.Policy
	if j.bucket.State != account.Known {
		return "", []finding.Finding{unread(finding.BucketExists, finding.Place{}, question, j.bucket.State, j.bucket.Unread)}
	}
	switch fact.State {
	case account.None:
		return pretty(document{"2012-10-17", add}), nil
	case account.Known:
		return extend(j.facts.BucketPolicyText(j.Bucket), add, putHere{finding.BucketExists, "the bucket's policy", "S3", maxBucketPolicy})
	}
	return "", []finding.Finding{unread(finding.BucketExists, finding.Place{}, question, fact.State, fact.Unread).
		WithHint("--statement-only prints the new statement alone")}
}
