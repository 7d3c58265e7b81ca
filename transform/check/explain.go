package check

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// where names a statement: `statement 3 "FenceModels" of the bucket policy of acme (line 41)`.
func where(r policy.Reason) string {
	if r.Statement < 0 {
		if r.Policy != "" {
			return fmt.Sprintf("%s, which can't be understood", named(r))
		}
		return layerWords[r.Layer]
	}
	text := fmt.Sprintf("statement %d", r.Statement+1)
	if r.Sid != "" {
		text += fmt.Sprintf(" %q", r.Sid)
	}
	text += " of " + named(r)
	if r.Line > 0 {
		text += fmt.Sprintf(" (line %d)", r.Line)
	}
	return text
}

// named says what kind of policy it is, where its name alone does not.
func named(r policy.Reason) string {
	if strings.HasPrefix(r.Policy, "inline ") {
		return "the inline policy" + strings.TrimPrefix(r.Policy, "inline")
	}
	if kind, ok := kindWords[r.Layer]; ok {
		return fmt.Sprintf("the %s %s", kind, r.Policy)
	}
	return "the " + r.Policy // bucket policy of acme
}

// kindWords are the policies that have a name of their own.
var kindWords = map[policy.Layer]string{
	policy.LayerSCP: "service control policy", policy.LayerRCP: "resource control policy", policy.LayerIdentity: "managed policy",
	policy.LayerBoundary: "permissions boundary", policy.LayerSession: "session policy", policy.LayerEndpoint: "endpoint policy",
}

// layerWords are the layers as the findings of a node call them.
var layerWords = map[policy.Layer]string{
	policy.LayerRCP: "the resource control policies", policy.LayerSCP: "the service control policies",
	policy.LayerEndpoint: "the VPC endpoint's policy", policy.LayerResource: "the bucket's policy",
	policy.LayerIdentity: "the role's own policies", policy.LayerBoundary: "the role's permissions boundary",
	policy.LayerSession: "the session policy", policy.LayerPublicAccess: "Block Public Access",
}

// denial says why an action is denied: the statement that denies, or the layers that do not allow.
func denial(action, what string, d policy.Decision) []string {
	var lines, silent []string
	for _, r := range d.DecidedBy {
		switch {
		case r.Layer == policy.LayerPublicAccess:
			lines = append(lines, fmt.Sprintf("%s on %s is refused by Block Public Access", action, what),
				"its RestrictPublicBuckets closes a bucket with a public policy to every other account")
		case r.Effect == policy.Allow:
			lines = append(lines, where(r)+" makes the policy public")
		case r.Effect == policy.Deny:
			lines = append(lines, fmt.Sprintf("%s on %s is denied by %s", action, what, where(r)))
			lines = append(lines, because(r)...)
		case r.Statement < 0 && r.Effect == policy.EffectUnknown:
			silent = append(silent, layerWords[r.Layer])
		}
	}
	if len(silent) > 0 {
		lines = append(lines, fmt.Sprintf("%s on %s is allowed by no statement of %s", action, what, strings.Join(silent, " or ")))
	}
	if len(lines) == 0 {
		lines = append(lines, fmt.Sprintf("%s on %s is allowed by no policy", action, what))
	}
	return lines
}

// acrossAccounts says why one side's Allow is not enough; nil within one account, and where a Deny decides.
func (j *judge) acrossAccounts(d policy.Decision, what, owner string) []string {
	if d.Verdict != policy.ImplicitDeny || owner == "" || owner == j.roleAccount() {
		return nil
	}
	return []string{fmt.Sprintf("%s is in account %s, the role in %s: both sides must allow it", what, owner, j.roleAccount())}
}

// because shows the conditions of a statement with the values that they met.
func because(r policy.Reason) []string {
	var lines []string
	if r.Bounded {
		lines = append(lines, "because the role has a permissions boundary: NotPrincipal then denies it, though it is on the list")
	}
	for _, c := range r.Conditions {
		lines = append(lines, fmt.Sprintf("because %s, and it asks %s %s", seen(c), c.Operator, strings.Join(c.Wanted, ", ")))
	}
	return lines
}

// asked is what a statement that may decide wants of a value that is not known.
func asked(r policy.Reason) string {
	for _, c := range r.Conditions {
		if c.Kind == policy.Unknown {
			return fmt.Sprintf(", which asks %s %s %s", c.Key, c.Operator, strings.Join(c.Wanted, ", "))
		}
	}
	return ""
}

func seen(c policy.Seen) string {
	switch c.Kind {
	case policy.Absent:
		return c.Key + " is absent"
	case policy.Exact:
		return fmt.Sprintf("%s is %s", c.Key, strings.Join(c.Values, ", "))
	case policy.Unknown:
		return c.Key + " is not known"
	case policy.Interval:
		return c.Key + " is a time in the next 30 days"
	}
	return fmt.Sprintf("%s is like %s", c.Key, strings.Join(c.Values, ", "))
}

// dependsOn says what an undecided verdict hinges on.
func dependsOn(action string, d policy.Decision) []string {
	var lines, unread, reasons []string
	for _, dep := range d.DependsOn {
		line := fmt.Sprintf("%s depends on %s", action, dep.Name)
		switch dep.Kind {
		case "layer": // several checks hinge on the same: the reason stands on a line of its own
			unread = append(unread, dep.Name)
			reasons = append(reasons, strings.TrimSuffix("not read: "+dep.Name+": "+dep.Origin, ": "))
			continue
		case "statement":
			line += " (not understood)"
		case "budget":
			line = fmt.Sprintf("the proof for %s was given up at its budget (%s)", action, dep.Name)
		}
		if dep.Origin != "" && dep.Origin != "not read" {
			line += ": " + dep.Origin
		}
		lines = append(lines, line)
	}
	if len(unread) > 0 {
		lines = append(append(lines, action+" depends on "+strings.Join(unread, ", ")), reasons...)
	}
	for _, r := range d.DecidedBy {
		if r.Statement >= 0 {
			lines = append(lines, "it is decided by "+where(r)+asked(r))
		}
	}
	return lines
}

// causeOfDepends tells what --unknown allow may let through: not what could have been asked, had the network or AWS
// answered.
func (j *judge) causeOfDepends(d policy.Decision) finding.Cause {
	cause := finding.Depends
	for _, dep := range d.DependsOn {
		switch why, found := j.facts.WhyUnread(dep.Origin); {
		case dep.Kind == "budget":
			return finding.Budget
		case dep.Kind == "layer" && found && why.Class == account.Unreachable:
			cause = finding.Unreachable
		case (dep.Kind == "layer" || dep.Kind == "statement") && cause != finding.Unreachable:
			cause = finding.Unreadable
		}
	}
	return cause
}

// dependsHint says how to learn what is missing.
func (j *judge) dependsHint(d policy.Decision) string {
	hint, denied := "", []string{}
	for _, dep := range d.DependsOn {
		why, found := j.facts.WhyUnread(dep.Origin)
		switch {
		case !found || dep.Kind != "layer":
		case why.Class == account.Unreachable:
			return unreadHint(why) // before all else: once it answers, the rest may not be open at all
		case hint == "" && why.Class == account.Elsewhere && strings.Contains(dep.Name, "control policies"):
			hint = "organization: {read_from: ...} in ccx.yaml names the account that may read them, and accounts its credentials"
		case why.Class == account.Denied && why.Operation != "" && !slices.Contains(denied, why.Operation):
			denied = append(denied, why.Operation)
			why.Operation = strings.Join(denied, " and ")
			hint = unreadHint(why)
		case hint == "":
			hint = unreadHint(why)
		}
	}
	for _, dep := range d.DependsOn {
		if dep.Name == "aws:ResourceAccount" {
			return "say who owns the bucket: --bucket-owner ID, with credentials of that account"
		}
		if dep.Kind == "key" {
			return fmt.Sprintf("say what is known: --context %s=VALUE", dep.Name)
		}
	}
	if hint != "" {
		return hint
	}
	for _, dep := range d.DependsOn {
		if dep.Kind == "layer" {
			return "let the caller read it (`ccx policy reader` prints the rights that ccx needs), or use credentials that may"
		}
	}
	return "simplify the policy, or accept it with --unknown allow"
}
