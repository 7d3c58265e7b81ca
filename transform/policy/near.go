package policy

// Near is an Allow in a layer that was silent, which covers the action and misses the request by one element alone: what
// someone meant, perhaps.
type Near struct {
	Reason           // of a "Condition", with those conditions alone that were not met
	Element string   // "Resource", "Principal", "Condition"; "Account": it names the caller's account, which only delegates
	Written []string // the values of Resource or of Principal's AWS, as they stand in the policy
}

// nears returns the near misses in the layers whose silence decides.
func nears(c *counts, l *Layers, decided []Reason) []Near {
	var out []Near
	for _, r := range decided {
		if r.Statement >= 0 || r.Policy != "" || r.Effect != EffectUnknown {
			continue
		}
		var one [1]*Set
		for _, set := range l.levels(r.Layer, &one) {
			if set == nil {
				continue
			}
			for i := range set.Policies {
				out = append(out, c.nearsIn(r.Layer, &set.Policies[i])...)
			}
		}
	}
	return out
}

func (c *counts) nearsIn(l Layer, n *Named) []Near {
	var out []Near
	if n.policy().broken != "" {
		return nil
	}
	for j := range n.Policy.Statements {
		s := &n.Policy.Statements[j]
		if s.Effect != Allow || s.Unknown != "" || s.misplaced(l, c.action) != "" || s.body.matchAction(c.action) != yes {
			continue
		}
		near := Near{Reason: newReason(l, ref{n, j}, &c.Context)}
		if c.misses(s, l, &near) == 1 {
			out = append(out, near)
		}
	}
	return out
}

// misses counts the elements by which an Allow misses the request, and keeps the last in near.
func (c *counts) misses(s *Statement, l Layer, near *Near) int {
	b, n := &s.body, 0
	if b.hasResource && b.matchResource(c.Resource, l, &c.Context) == no {
		n++
		near.Element, near.Written = "Resource", s.Resources
	}
	switch who := s.who(&c.question, l); {
	case who.any() == no:
		n++
		near.Element, near.Written = "Principal", awsValues(s.Principals)
	case l == LayerResource && who[grantRole] == no && who[grantDirect] == no:
		n++
		near.Element, near.Written = "Account", awsValues(s.Principals)
	}
	if b.matchConditions(&c.Context) == no {
		n++
		near.Element, near.Written = "Condition", nil
		all := near.Conditions
		near.Conditions = nil
		for i := range b.conditions {
			if b.conditions[i].match(&c.Context) == no {
				near.Conditions = append(near.Conditions, all[i])
			}
		}
	}
	return n
}

func awsValues(ps []Principals) []string {
	var out []string
	for _, p := range ps {
		if p.Type == "AWS" {
			out = append(out, p.Value)
		}
	}
	return out
}
