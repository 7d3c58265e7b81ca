package check

import "ccx/transform/policy"

// noRemedy names who must change what no added Allow can, from the decision as it would be with every Allow added.
func (j *judge) noRemedy(d policy.Decision) string {
	if d.Verdict == policy.Depends {
		return "no Allow makes it sure; " + j.dependsHint(d)
	}
	for _, r := range d.DecidedBy {
		switch {
		case r.Layer == policy.LayerPublicAccess:
			return closePublic(d)
		case r.Bounded:
			return ownerOf(r.Layer) + " must write " + where(r) + ` with Principal "*" and ArnNotEquals on aws:PrincipalArn instead of NotPrincipal`
		case r.Effect == policy.Deny:
			return ownerOf(r.Layer) + " must exempt this role from " + where(r) + ": a Deny can't be outvoted"
		case r.Statement < 0 && (r.Layer == policy.LayerSCP || r.Layer == policy.LayerRCP || r.Layer == policy.LayerEndpoint || r.Layer == policy.LayerSession):
			return ownerOf(r.Layer) + " must allow it: " + layerWords[r.Layer] + " do not"
		}
	}
	return "ccx found no policies that would mend this: more than one layer stands in the way"
}

// closePublic says how a bucket that Block Public Access closed to other accounts is opened to them again.
func closePublic(d policy.Decision) string {
	what := "the bucket's policy"
	for _, r := range d.DecidedBy {
		if r.Effect == policy.Allow {
			what = where(r)
			break
		}
	}
	return "the bucket's owner must pin down whom " + what + " allows (aws:PrincipalOrgID, aws:SourceVpce), or drop it: no further Allow opens a public bucket"
}

func ownerOf(l policy.Layer) string {
	switch l {
	case policy.LayerResource, policy.LayerPublicAccess:
		return "the bucket's owner"
	case policy.LayerSCP, policy.LayerRCP:
		return "the organization's administrator"
	case policy.LayerEndpoint:
		return "the VPC's administrator"
	}
	return "the role's administrator"
}
