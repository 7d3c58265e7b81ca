package policy

import (
	"strings"

	"ccx/transform/policy/glob"
)

// action is one value of Action or NotAction. Case does not count, in the service's name neither.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
type action struct {
	pattern glob.Pattern // folded
	any     bool         // "*"
	odd     bool         // AWS would refuse it
}

func newAction(text string) action {
	folded := strings.ToLower(text)
	if folded == "*" {
		return action{any: true}
	}
	service, _, ok := strings.Cut(folded, ":")
	a := action{pattern: glob.Compile(folded), odd: !ok || strings.ContainsAny(service, "*?")}
	if bare := strings.Join(strings.Fields(folded), ""); bare != folded {
		a.pattern, a.odd = glob.Compile(bare), true
	}
	if !ok {
		a.pattern = glob.Compile("*") // which action is meant can't be told
	}
	return a
}

// match compares with an action's name, in whatever case.
func (a *action) match(name string) truth {
	switch {
	case a.any:
		return yes
	case !a.pattern.MatchFolded(name):
		return no
	case a.odd:
		return unclear
	}
	return yes
}

// matchAction says whether the statement's Action or NotAction covers the action.
func (b *body) matchAction(name string) truth {
	t := no
	for i := range b.actions {
		if t = or(t, b.actions[i].match(name)); t == yes {
			break
		}
	}
	if b.notAction {
		return not(t)
	}
	return t
}
