package transform

import (
	"context"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// Asked is one request to simulate, in words: the values of the flags.
type Asked struct {
	Principal, Action, Resource string
	Region                      string
	Context, Assume             []string
}

// Simulated is the answer to one request.
type Simulated struct {
	RecordAnswer
	Why     []string // the reasons in words, a line each
	Assumed []string // guardrails that the answer takes to deny nothing
}

// Simulate decides one request from facts, or says which word of it is wrong.
func Simulate(ctx context.Context, a Asked, source Source) (Simulated, *finding.Finding) {
	aim := Aim{Context: a.Context, Assume: a.Assume, Region: a.Region}
	opts, bad := aim.Options()
	if bad == nil {
		bad = a.check()
	}
	if bad != nil {
		return Simulated{}, bad
	}
	q := check.Question{Principal: a.Principal, Action: a.Action, Resource: a.Resource, Region: a.Region, Context: opts.Subject.Context, Assume: opts.Subject.Assume}
	var facts *account.Facts
	if source != nil {
		facts = source.Gather(ctx, q.Wants())
	}
	d := q.Decide(facts, opts.Now)
	out := Simulated{RecordAnswer: answer("", d), Why: check.Why(a.Action, d), Assumed: []string{}}
	for _, x := range d.Assumed {
		if words := x.What + " (" + x.Reason + ")"; !slices.Contains(out.Assumed, words) {
			out.Assumed = append(out.Assumed, words)
		}
	}
	return out, nil
}

func (a Asked) check() *finding.Finding {
	role, faults := check.ParseRole(a.Principal)
	switch {
	case len(faults) > 0:
		return badFlag("--principal", a.Principal, faults[0].Message, faults[0].Hint)
	case role.ARN == "":
		return badFlag("--principal", a.Principal, "the principal must be a role's ARN", "--principal arn:aws:iam::111122223333:role/NAME")
	case !strings.Contains(a.Action, ":") || strings.ContainsAny(a.Action, "*? "):
		return badFlag("--action", a.Action, "this is not one action of a service", "--action s3:GetObject")
	case a.Resource == "":
		return badFlag("--resource", a.Resource, "no resource is named", "--resource 'arn:aws:s3:::BUCKET/*'")
	}
	return nil
}
