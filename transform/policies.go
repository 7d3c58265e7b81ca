package transform

import (
	"context"
	"slices"

	"ccx/transform/account"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// PolicyNames are the names that Policy knows.
func PolicyNames() []string { return slices.Clone(check.Documents) }

// PolicyForm is how a document is written: see check.Form.
type PolicyForm = check.Form

// Policy writes a policy document that lets the profile or role of the options do its work: see check.Document. The
// text is "" when a finding stops it.
func Policy(ctx context.Context, name string, opts Options, form PolicyForm, source Source) (string, Result) {
	r := Result{Name: "ccx policy " + name}
	s := opts.Subject
	if bad := lacking(name, s); bad != nil {
		r.Findings = append(r.Findings, *bad)
		return "", r
	}
	if r.Findings = check.Grammar(s); r.Stopped() {
		return "", r
	}
	var facts *account.Facts
	if source != nil {
		facts = source.Gather(ctx, check.Wants(s))
	}
	text, found := check.Document(name, s, facts, form)
	r.Findings = found
	return text, r
}

// lacking says which part of the subject a document needs and nobody named.
func lacking(name string, s check.Subject) *finding.Finding {
	var f finding.Finding
	switch {
	case !slices.Contains(check.Documents, name):
		hint := "identity, bucket, key, repository, pass-role or reader"
		if guess, ok := finding.Nearest(name, check.Documents); ok {
			hint = "did you mean " + guess + "?"
		}
		return badFlag("policy", name, "there is no such policy", hint)
	case name == "reader":
		return nil
	case s.Profile == "" && s.Role == "":
		f = finding.New(finding.UsageFlag, finding.Place{}, "for which role?").WithHint("-r ROLE, or -p PROFILE for the role in it; a role that doesn't exist yet by its ARN")
	case name == "repository" && !check.OneRepository(s):
		f = finding.New(finding.UsageFlag, finding.Place{}, "for which repository?").WithHint("--image 111122223333.dkr.ecr.us-west-2.amazonaws.com/REPOSITORY, one at a time")
	case (name == "bucket" || name == "key") && manyData(s):
		f = finding.New(finding.UsageFlag, finding.Place{}, "for which bucket?").WithHint("one --data-bucket at a time")
	case s.Bucket == "" && name != "pass-role" && name != "repository" && !hasData(s):
		f = finding.New(finding.UsageFlag, finding.Place{}, "for which bucket?").WithHint("-b BUCKET")
	default:
		return nil
	}
	return &f
}

// hasData and manyData report whether flags name a data bucket, or several: a bucket's own document is about one of them.
func hasData(s check.Subject) bool { return dataFlags(s) > 0 }

func manyData(s check.Subject) bool { return dataFlags(s) > 1 }

func dataFlags(s check.Subject) int {
	n := 0
	for _, b := range s.DataBuckets {
		if b.Given.File == check.DataFlag {
			n++
		}
	}
	return n
}
