package check

import (
	"fmt"
	"strings"

	"ccx/transform/policy"
)

// maxNear is how many near misses a finding shows: more would hide the one that was meant.
const maxNear = 2

// nearLines say which Allow was perhaps meant to cover what is denied, and by what it misses. resource is the ARN that is
// denied, role what is known of the caller.
func (j *judge) nearLines(resource string, d policy.Decision) []string {
	var lines []string
	for _, n := range d.Near {
		if len(lines) == maxNear {
			break
		}
		if miss := j.nearMiss(resource, n); miss != "" {
			lines = append(lines, where(n.Reason)+" "+miss)
		}
	}
	return lines
}

func (j *judge) nearMiss(resource string, n policy.Near) string {
	switch n.Element {
	case "Account":
		return "allows it to the account, which only lets the role's own policies decide"
	case "Principal":
		return j.nearPrincipal(n.Written)
	case "Condition":
		var asks []string
		for _, c := range n.Conditions {
			asks = append(asks, fmt.Sprintf("%s %s %s, and %s", c.Key, c.Operator, strings.Join(c.Wanted, ", "), seen(c)))
		}
		return "allows it where " + strings.Join(asks, "; ")
	}
	for _, written := range n.Written {
		why := nearResource(resource, written)
		if why == "" {
			continue
		}
		if all := len(n.Written); all == 2 {
			written = strings.Join(n.Written, " and ")
		} else if all > 2 {
			written = fmt.Sprintf("%s and %d more", written, all-1)
		}
		return fmt.Sprintf("allows it on %s only%s", written, why)
	}
	return ""
}

// nearPrincipal knows a deleted role's id, and names that are easily taken for one another.
func (j *judge) nearPrincipal(written []string) string {
	for _, w := range written {
		if strings.HasPrefix(w, "AROA") && !strings.Contains(w, ":") {
			return fmt.Sprintf("allows it to %s, the id of a role that was deleted or made again: this role's id is %s", w, or(j.roleFact().ID, "another"))
		}
	}
	mine := j.roleName()
	for _, w := range written {
		name := w[strings.LastIndexByte(w, '/')+1:]
		if strings.Contains(w, ":role/") && (strings.HasPrefix(name, mine) || strings.HasPrefix(mine, name)) {
			return fmt.Sprintf("allows it to %s, which is another role", w)
		}
	}
	return ""
}

// nearResource says by what a resource in a policy misses the one that is denied; "" when it has nothing to do with it.
func nearResource(resource, written string) string {
	want, got := arnParts(resource), arnParts(written)
	if want[2] != got[2] || want[2] == "" {
		return ""
	}
	if strings.Contains(written, "${aws:username}") {
		return ", and a role's session has no aws:username"
	}
	if want[2] != "s3" {
		return ": not on " + resource
	}
	bucket, _, isObject := strings.Cut(want[5], "/")
	other, key, onKeys := strings.Cut(got[5], "/")
	switch {
	case other != bucket && (strings.HasPrefix(other, bucket) || strings.HasPrefix(bucket, other)):
		return ", which is another bucket"
	case other != bucket:
		return ""
	case isObject && !onKeys:
		return ": that is the bucket, and the action is one on its keys (" + written + "/*)"
	case !isObject && onKeys:
		return ": these are its keys, and the action is one on the bucket (" + strings.TrimSuffix(written, "/"+key) + ")"
	}
	return ", which leaves out other keys"
}
