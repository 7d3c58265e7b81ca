package policy

import (
	"slices"
	"strconv"
	"strings"

	"ccx/transform/policy/glob"
)

// maxWitnesses bounds the resources whose deciding statements an Allowed proof gathers.
const maxWitnesses = 16

// answer is what a proof has found so far.
type answer struct {
	verdict  Verdict
	resource string
	choice   []int16 // classes of the chosen dims
	found    bool    // resource and choice are a counterexample
	hinges   []bool  // by dim
	givenUp  bool
	allowed  []string
}

// decision walks through all choices, shortest resource first, and stops at one that is denied whatever is not known.
func (p *proof) decision() Decision {
	a := answer{verdict: Allowed, hinges: make([]bool, len(p.dims))}
	choices, all := p.choices()
	complete := glob.Explore(p.within, p.atoms, func(sig glob.Signature, resource string) bool {
		p.sig = sig
		if p.effort > 4*maxEffort {
			a.givenUp = true
			return false
		}
		for _, c := range choices {
			if p.settle(&a, resource, c) {
				return false
			}
		}
		if len(a.allowed) < maxWitnesses {
			a.allowed = append(a.allowed, resource)
		}
		return true
	})
	if a.verdict.Denied() {
		return p.explain(&a)
	}
	if !complete || !all {
		a.givenUp = true
	}
	if a.givenUp {
		a.verdict = Depends
	}
	return p.explain(&a)
}

// settle answers for one resource and one choice; it returns true when that is denied under every completion.
func (p *proof) settle(a *answer, resource string, choice []int16) bool {
	i := 0
	for d := range p.dims {
		if p.assign[d] = -1; p.dims[d].chosen {
			p.assign[d] = choice[i]
			i++
		}
	}
	p.tree = tree{ids: map[string]int32{}}
	root := p.grow()
	found := &p.tree.found
	if found[Depends] {
		a.givenUp = true
	}
	if root == leafAllowed {
		return false
	}
	denied := root == leafDenied && !found[Depends]
	if denied || !a.found {
		a.resource, a.choice, a.found = resource, slices.Clone(choice), true
	}
	if denied {
		a.verdict = ExplicitDeny
		if found[ImplicitDeny] {
			a.verdict = ImplicitDeny
		}
		return true
	}
	a.verdict = Depends
	p.tree.hinges(root, func(d int) { a.hinges[d] = true })
	return false
}

// choices returns every combination of the chosen keys' classes; all is false when there are too many to go through.
func (p *proof) choices() (out [][]int16, all bool) {
	out = [][]int16{nil}
	for _, d := range p.dims {
		if !d.chosen {
			continue
		}
		if len(out)*d.size > maxChoices {
			return out[:0], false
		}
		var next [][]int16
		for class := range d.size {
			for _, c := range out {
				next = append(next, append(slices.Clone(c), int16(class)))
			}
		}
		out = next
	}
	return out, true
}

// explain turns an answer into a decision.
func (p *proof) explain(a *answer) Decision {
	d := Decision{Verdict: a.verdict}
	if a.verdict == Allowed {
		for _, resource := range a.allowed {
			reasons, _ := p.reasons(a.verdict, resource, nil)
			for _, r := range reasons {
				if !slices.ContainsFunc(d.DecidedBy, r.same) {
					d.DecidedBy = append(d.DecidedBy, r)
				}
			}
		}
	} else if a.found { // else the proof was given up before it had met a resource
		d.DecidedBy, d.Near = p.reasons(a.verdict, a.resource, a.choice)
		d.Counterexample = a.resource
		d.Choice = p.chosen(a.choice)
	}
	if a.verdict == Depends {
		d.DependsOn = p.dependencies(a)
	}
	if !a.verdict.Denied() {
		d.Assumed = p.l.assumptions(&p.base)
	}
	return d
}

// reasons explains one resource and choice as if they were the request.
func (p *proof) reasons(v Verdict, resource string, choice []int16) ([]Reason, []Near) {
	r := *p.r
	r.Resource = resource
	r.Context = p.concrete(choice)
	q := newQuestion(&r, p.l)
	c := count(&q, p.l)
	decided := reasons(&c, p.l, v)
	if v != ImplicitDeny {
		return decided, nil
	}
	return decided, nears(&c, p.l, decided)
}

// concrete returns the context with the chosen keys set.
func (p *proof) concrete(choice []int16) Context {
	if len(choice) == 0 {
		return p.r.Context
	}
	ctx := p.r.Context.Clone()
	i := 0
	for _, d := range p.dims {
		if d.chosen {
			ctx.values[d.key] = d.values[choice[i]]
			i++
		}
	}
	return ctx
}

// chosen lists the chosen keys' values.
func (p *proof) chosen(choice []int16) []Seen {
	var out []Seen
	i := 0
	for _, d := range p.dims {
		if d.chosen && i < len(choice) {
			v := d.values[choice[i]]
			out = append(out, Seen{Key: d.depends[0].Name, Kind: v.Kind, Values: v.Values})
			i++
		}
	}
	return out
}

// dependencies names what the verdict hinges on.
func (p *proof) dependencies(a *answer) []Dependency {
	var out []Dependency
	for d, hinges := range a.hinges {
		if hinges {
			out = append(out, p.dims[d].depends...)
		}
	}
	if a.givenUp {
		out = append(out, Dependency{"budget", strconv.Itoa(glob.Budget) + " states", "the policies are too involved to decide for every case"})
	}
	slices.SortFunc(out, func(x, y Dependency) int {
		return strings.Compare(x.Kind+"\x00"+strings.ToLower(x.Name)+"\x00"+x.Origin, y.Kind+"\x00"+strings.ToLower(y.Name)+"\x00"+y.Origin)
	})
	return slices.CompactFunc(out, func(x, y Dependency) bool { return x.Kind == y.Kind && strings.EqualFold(x.Name, y.Name) })
}
