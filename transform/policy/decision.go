package policy

// Verdict is a decision's answer.
type Verdict uint8

// The verdicts. The zero value is Depends, so that a forgotten field never allows.
const (
	Depends      Verdict = iota // it hinges on something that is not known
	Allowed                     // surely allowed, whatever is not known
	ImplicitDeny                // surely denied: no policy allows it
	ExplicitDeny                // surely denied: a Deny statement matches
)

// String returns the word of the record shape: "depends", "allowed", "implicit_deny", "explicit_deny".
func (v Verdict) String() string {
	return [...]string{"depends", "allowed", "implicit_deny", "explicit_deny"}[v]
}

// Denied reports whether v is one of the two denies.
func (v Verdict) Denied() bool { return v == ImplicitDeny || v == ExplicitDeny }

// Decision is an answer with its reasons, as data.
type Decision struct {
	Verdict Verdict
	// DecidedBy holds the smallest set of reasons: the deciding Deny, the layers that stay silent, or the statement of
	// each layer that allows. For Depends, the statements that would decide.
	DecidedBy []Reason
	// Near holds, for an ImplicitDeny, the Allows that miss the request by one element alone.
	Near []Near
	// DependsOn names exactly what a Depends hinges on, sorted by kind and name.
	DependsOn []Dependency
	// Counterexample is a resource for which the request is denied (or, for Depends, not surely allowed): the shortest
	// there is, in Prove; the request's own, in Decide. Empty for Allowed, and for a proof that ran out of its budget
	// before it met one.
	Counterexample string
	// Choice is the value of each chosen context key in the counterexample.
	Choice []Seen
	// Assumed names the unread layers that an Allowed or Depends takes to deny nothing, in the order of the layers.
	Assumed []Assumption
}

// Assumption is an unread part of a layer that a verdict takes to deny nothing.
type Assumption struct {
	Layer        Layer
	What, Reason string
}

// Reason is a statement, or a layer's silence, that decides.
type Reason struct {
	Layer  Layer
	Policy string // the policy's name; "" for a layer's silence
	// Statement is the 0-based index in the policy; -1 for a layer's silence or a policy that is broken as a whole.
	Statement  int
	Sid        string
	Line       int    // 1-based line of the statement in its own document; 0 without a statement
	Effect     Effect // EffectUnknown: the layer has no Allow that matches
	Conditions []Seen // each condition of the statement with the value that it met
	// Bounded: a Deny whose NotPrincipal lists the caller, and denies it all the same for its permissions boundary.
	Bounded bool
}

// Seen is a condition with the value that it met.
type Seen struct {
	Operator string   // "StringNotEquals"; "" in Decision.Choice
	Key      string   // as written in the policy
	Wanted   []string // the policy's values
	Kind     ValueKind
	Values   []string // the request's values (globs for Pattern and Chosen)
}

// Dependency is something not known on which a verdict hinges.
type Dependency struct {
	// Kind is "key" (a context key), "layer" (policies that were not read), "statement" (a statement or document that
	// could not be understood), or "budget" (the proof was given up: Name says at how many states).
	Kind   string
	Name   string
	Origin string // where a key's value would come from, why a layer was not read, what was not understood
}

// Step is one step of AWS's evaluation and what it said.
type Step struct {
	Layer  Layer
	Answer string // "allows", "denies", "silent" or "unknown"
	By     []Reason
}
