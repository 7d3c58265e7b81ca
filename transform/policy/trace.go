package policy

// Trace says what each layer that applies answers to one request, in the order of AWS's page. A step's reasons are all
// its statements that match or may match.
func Trace(r Request, l Layers) []Step {
	q := newQuestion(&r, &l)
	c := count(&q, &l)
	var out []Step
	for layer := range numLayers {
		if !c.applies[layer] {
			continue
		}
		var by []Reason
		e := explainer{&c, &l, &by}
		var one [1]*Set
		for _, set := range l.levels(layer, &one) {
			if set != nil {
				e.all(layer, set)
			}
		}
		out = append(out, Step{Layer: layer, Answer: c.said[layer].answer(), By: by})
	}
	return out
}

func (s said) answer() string {
	switch {
	case s.deny == yes:
		return "denies"
	case s.deny == unknown || s.allow == unknown:
		return "unknown"
	case s.allow == yes:
		return "allows"
	}
	return "silent"
}

func (e *explainer) all(l Layer, set *Set) {
	for i := range set.Policies {
		n := &set.Policies[i]
		if n.policy().broken != "" {
			*e.out = append(*e.out, Reason{Layer: l, Policy: n.Name, Statement: -1})
			continue
		}
		for j := range n.Policy.Statements {
			if m := n.Policy.Statements[j].match(&e.c.question, l); m.any() != no {
				e.add(l, ref{n, j})
			}
		}
	}
}
