package check

import (
	"fmt"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
	"ccx/transform/policy/glob"
)

// Require is something else that nodes must be able to do: `--require`.
type Require struct {
	Actions []string      // one service's: secretsmanager:GetSecretValue
	ARN     string        // of the resource; with * or ? every resource that matches; "*" for actions without one
	Given   finding.Place // where it was written
}

// access is what nodes must be able to do to one resource outside the cloud's bucket. It is as bad as its worst action.
type access struct {
	code     finding.Code
	does     string // follows "nodes can": "pull the image X"
	actions  []string
	resource string // ARN, pattern or "*"
	owner    string // 12 digits; "" = not known
	at       finding.Place
	rows     func(action string) []contextRow // on top of what holds for every call by a node
	layers   policy.Layers
	whose    string // the resource's own policy in words: "the key's policy"
	admin    string // who can change it: "the key's administrator"
	// assumable: the resource's own policy was not read and may be taken to say nothing, since ccx has no client for it.
	assumable bool
}

// answer is an access decided.
type answer struct {
	action   string
	decision policy.Decision
	assuming bool // the resource's policy, which was not read, is taken to say nothing
}

// decide decides every action of an access and returns the worst.
func (j *judge) decide(a access, layers policy.Layers) answer {
	worst := j.worst(a, layers)
	if worst.decision.Verdict != policy.Depends || !a.assumable {
		return worst
	}
	layers.Resource = nil
	worst = j.worst(a, layers)
	worst.assuming = true
	return worst
}

func (j *judge) worst(a access, layers policy.Layers) answer {
	var worst answer
	role := j.roleFact()
	for i, action := range a.actions {
		request := policy.Request{Principal: policy.NewRole(role.ARN, role.ID), Action: action, Resource: a.resource, ResourceAccount: a.owner}
		request.Context = j.contextOf(common(role, j.now), pathRows(), a.rows(action))
		within := glob.Literal(a.resource)
		if a.resource != "*" && strings.ContainsAny(a.resource, "*?") {
			within = glob.Compile(a.resource)
		}
		d := policy.Prove(request, within, layers)
		if i == 0 || gravity(d.Verdict) > gravity(worst.decision.Verdict) {
			worst = answer{action: action, decision: d}
		}
	}
	return worst
}

// settle turns an answer into a finding; remedies are tried in their order.
func (j *judge) settle(a access, got answer, remedies []remedy) finding.Finding {
	d := got.decision
	switch d.Verdict {
	case policy.Allowed:
		j.assume(d)
		f := finding.Passed(a.code, "nodes can "+a.does)
		for _, reason := range d.DecidedBy {
			f = f.WithDetails("by " + where(reason))
		}
		return f
	case policy.Depends:
		return finding.Unsure(a.code, j.causeOfDepends(d), a.at, "whether nodes can "+a.does).
			WithDetails(dependsOn(got.action, d)...).WithHint(j.dependsHint(d))
	}
	lines := append(denial(got.action, counterexample(d), d), j.nearLines(d.Counterexample, d)...)
	lines = append(lines, j.acrossAccounts(d, "it", a.owner)...)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], layerWords[policy.LayerResource], a.whose)
	}
	if got.assuming {
		lines = append(lines, a.whose+" was not read: it is taken to allow nothing")
	}
	return finding.New(a.code, a.at, "nodes can't "+a.does).WithDetails(lines...).WithHint(j.mend(a, remedies))
}

// counterexample names what is denied, with what the caller chose where that matters.
func counterexample(d policy.Decision) string {
	what := d.Counterexample
	for _, seen := range d.Choice {
		if len(seen.Values) > 0 {
			what += fmt.Sprintf(" with %s %q", seen.Key, seen.Values[0])
		}
	}
	return what
}

// mend returns the first remedy with which the access is allowed, by deciding again with it applied.
func (j *judge) mend(a access, remedies []remedy) string {
	enough := func(layers policy.Layers) bool { return j.decide(a, layers).decision.Verdict == policy.Allowed }
	tries := widened(a.layers, remedies)
	if r, found := j.find(j.target.RoleARN, a.layers, tries, enough); found {
		return j.reenter(a.resource, a.layers, enough) + j.paste(j.target.RoleARN, r, a.code.Level() != finding.Error)
	}
	with := j.decide(a, tries[len(tries)-1].apply(a.layers)).decision
	return strings.ReplaceAll(j.noRemedy(with), ownerOf(policy.LayerResource), a.admin)
}

// layersOf returns the layers of a resource with the subject's assumptions.
func (j *judge) layersOf(resource string) policy.Layers {
	layers := j.facts.Layers(j.target.RoleARN, resource)
	layers.Assume, layers.Session = j.Assume, nil // an instance profile's session has no session policy
	return layers
}

// roleAccount is the account of the nodes' role.
func (j *judge) roleAccount() string {
	id, _, _ := account.SplitRole(j.target.RoleARN)
	return id
}

// roleName is the role's name without its path.
func (j *judge) roleName() string {
	return j.target.RoleARN[strings.LastIndexByte(j.target.RoleARN, '/')+1:]
}

// grants lists the remedies for an access: a statement in the resource's own policy, one in the role's, or both.
func grants(own, shared statement, name string, on place) []remedy {
	identity := remedy{identity: []statement{own}, name: name}
	if on.arn == "" {
		return []remedy{identity}
	}
	return []remedy{
		{shared: []statement{shared}, on: on},
		identity,
		{identity: []statement{own}, shared: []statement{shared}, name: name, on: on},
	}
}

// principal names the role in a statement.
func (j *judge) principal() map[string][]string {
	return map[string][]string{"AWS": {j.target.RoleARN}}
}
