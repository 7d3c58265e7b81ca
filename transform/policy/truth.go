package policy

// truth is the answer to "does it match?".
type truth uint8

const (
	no      truth = iota
	unclear       // AWS's documentation does not settle it: a Deny may match, an Allow does not
	unknown       // it hinges on something that is not known
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// and returns the weakest of its operands; unclear outweighs unknown, since an Allow must not match then.
func and(a, b truth) truth { return min(a, b) }

// or returns the strongest of its operands.
func or(a, b truth) truth { return max(a, b) }

func not(a truth) truth {
	switch a {
	case no:
		return yes
	case yes:
		return no
	}
	return a
}

// settle turns an unclear match into what is safe for the effect: an Allow does not match, a Deny may.
func (a truth) settle(e Effect) truth {
	if a != unclear {
		return a
	}
	if e == Allow {
		return no
	}
	return unknown
}
