package policy

import (
	"ccx/transform/policy/glob"
)

// A proof decides a request for many resources and for everything that is not known at once.
//
// Two kinds of thing vary. What the caller chooses (the resource, chosen context keys): the request must be allowed for
// all of it. And what is not known (context keys, unread policies, statements that could not be understood): each way
// in which it may turn out is a completion. With U for a choice and E for a completion, the questions are, in order:
//
//	(a) is there a U that is denied under every E?  then the verdict is a deny, and the shortest U is shown
//	(b) is there a U that is denied under some E?   then the verdict depends
//	(c) otherwise it is allowed
//
// The completions are classes of values: a class more than there really is can make a verdict less certain, but never
// wrong. The choices must be real: each is a text that was found.

// maxEffort bounds how often statements are weighed in one proof: after it, completions are no longer gone through, and
// after four times as much nothing is. maxChoices bounds the combinations of chosen keys.
const (
	maxEffort  = 1 << 17
	maxChoices = 1 << 10
)

// dim is one thing that varies, with the classes that it falls into.
type dim struct {
	size    int
	key     string  // folded; "" for what is simply true or false
	values  []Value // by class, of a key
	chosen  bool
	depends []Dependency
}

// opened is a statement that is not surely silent, with what is left to find out about it. Unread parts of a layer
// are opened statements as well.
type opened struct {
	layer  Layer
	level  int
	effect Effect
	named  named
	who    int // dim that settles an unknown name; -1 when none is
	tests  []test
	conds  []*condition // those that are not known, until their tests are made
}

// proof holds one proof.
type proof struct {
	r      *Request
	l      *Layers
	q      question
	base   counts
	within glob.Pattern
	exact  bool // within is the request's resource alone

	dims   []dim
	assign []int16 // class by dim; -1 while open
	atoms  []glob.Pattern
	index  map[string]int // atoms, free dims and presence dims by name
	sig    glob.Signature
	opened []opened
	levels [numLayers]int
	same   int // dim of the resource's account; -1 when it is known
	closed int // dim of Block Public Access; -1 when it is known

	allows [numLayers][]truth // scratch: what each level allows
	effort int
	wait   int // the first open dim that the last weighing waited for
	tree   tree
}

// Prove decides the request for every resource ARN that matches within; r.Resource is not used. Where the context
// has chosen keys, it decides for all their values too. Leave the empty key out of within: "arn:aws:s3:::bucket/?*".
// Keys longer than S3's 1,024 bytes are not told from shorter ones.
func Prove(r Request, within glob.Pattern, l Layers) Decision {
	if s, ok := within.IsLiteral(); ok {
		r.Resource = s
	} else {
		r.Resource = glob.Shortest(within)
	}
	return newProof(&r, &l, within).decision()
}

func newProof(r *Request, l *Layers, within glob.Pattern) *proof {
	p := &proof{r: r, l: l, q: newQuestion(r, l), within: within, index: map[string]int{}, same: -1, closed: -1}
	_, p.exact = within.IsLiteral()
	p.base = newCounts(&p.q, l)
	for layer := range numLayers {
		if layer < LayerPublicAccess && p.base.applies[layer] {
			p.openLayer(layer)
		}
	}
	p.openReserved()
	p.prune()
	p.openConditions()
	if p.q.same == unknown {
		p.same = p.free("same account", Dependency{"key", "aws:ResourceAccount", "the account that owns the resource"})
	}
	if p.base.applies[LayerPublicAccess] {
		p.base.said[LayerPublicAccess].deny = l.restricted()
		if l.restricted() == unknown {
			p.closed = p.free("public access", Dependency{"layer", LayerPublicAccess.String(), "not read"})
		}
	}
	for layer, n := range p.levels {
		p.allows[layer] = make([]truth, n)
	}
	p.assign = make([]int16, len(p.dims))
	for i := range p.assign {
		p.assign[i] = -1
	}
	return p
}

// free returns the dim of something that may be true or false. The same name gives the same dim.
func (p *proof) free(name string, depends ...Dependency) int {
	if d, ok := p.index[name]; ok {
		return d
	}
	p.dims = append(p.dims, dim{size: 2, depends: depends})
	p.index[name] = len(p.dims) - 1
	return len(p.dims) - 1
}
