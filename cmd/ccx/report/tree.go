package report

import (
	"fmt"
	"strings"

	"ccx/transform/finding"
)

// branch is the answers that have one reason: the codes of all checks that a statement decides stand together.
type branch struct {
	status finding.Status
	reason string
	codes  []string
}

// treeOf draws the way from the profile to the bucket, a line each: the role that the profile holds, what each of the
// role's checks rests on, and the bucket at the end. It is nil when it is not known, or not one, whose way it is.
func treeOf(o Outcome, paint painter) []string {
	branches := branchesOf(o.Findings)
	if o.Profile == "" || o.Role == "" || len(branches) == 0 {
		return nil
	}
	lines := []string{
		fmt.Sprintf("ccx: how nodes reach %s:", printable(o.Scope)),
		"  profile " + printable(o.Profile),
		"  `- role " + printable(o.Role),
	}
	for _, one := range branches {
		word := paint.level(finding.Finding{Status: one.status, Level: finding.Error}, one.status.String())
		lines = append(lines, fmt.Sprintf("     |- %s %s: %s", word, strings.Join(one.codes, ", "), printable(one.reason)))
	}
	return append(lines, "     `- bucket "+printable(strings.TrimPrefix(o.Scope, "s3://")))
}

// branchesOf groups the checks on the way by what they rest on, in the order of the findings.
func branchesOf(fs []finding.Finding) []branch {
	var all []branch
	at := map[string]int{}
	for _, f := range fs {
		if !onTheWay(f) {
			continue
		}
		reason := restsOn(f)
		key := f.Status.String() + "\x00" + reason
		i, met := at[key]
		if !met {
			i = len(all)
			at[key] = i
			all = append(all, branch{status: f.Status, reason: reason})
		}
		all[i].codes = append(all[i].codes, string(f.Code))
	}
	return all
}

// onTheWay holds for the answers about the role, the bucket and its keys. What was skipped leads nowhere.
func onTheWay(f finding.Finding) bool {
	return grants(f.Code) && f.Code != finding.ProfileExists && f.Code != finding.ProfileRole && f.Status != finding.Skipped
}

// restsOn is why a check has its answer: the evidence where there is some, else the answer itself.
func restsOn(f finding.Finding) string {
	switch {
	case len(f.Details) == 0:
		return f.Message
	case f.Status == finding.Pass:
		return strings.Join(f.Details, "; ")
	}
	return f.Details[0]
}
