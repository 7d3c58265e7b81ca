// Package policy is the decision core: the IAM policy language and AWS's evaluation logic, three-valued.
//
// It parses policies with their places, decides one request ([Decide]) or proves one for every resource that matches
// a pattern ([Prove]), and explains the answer as data. What is not known (a context key, a policy that could not be
// read, a statement that could not be understood) never turns into an allowed: the verdict is then [Depends], and it
// names what it hinges on. Names of AWS services stand only in service.go.
package policy

// Effect says what a statement does when it matches.
type Effect uint8

// The effects. A statement whose effect could not be understood may do either.
const (
	EffectUnknown Effect = iota
	Allow
	Deny
)

// String returns the word of the policy language, "" for an effect that is not known.
func (e Effect) String() string {
	return [...]string{"", "Allow", "Deny"}[e]
}

// Policy is one policy document as written. Parse makes it; it is read-only afterwards and safe for concurrent use.
type Policy struct {
	Version    string // as written; "" when absent, which AWS reads as 2008-10-17
	ID         string
	Statements []Statement
	Problems   []Problem // what AWS would refuse, in the order of the text

	broken string // why the document as a whole can't be understood; "" when it can
}

// Broken says why the document as a whole could not be understood, in a few words; it returns "" when it could.
// A broken policy may allow or deny anything.
func (p *Policy) Broken() string { return p.broken }

// Statement is one statement. One that could not be understood has Unknown set: its Allow never counts and its Deny may.
type Statement struct {
	Sid          string
	Effect       Effect
	Line, Column int    // 1-based place of the statement's opening brace; column in characters
	Unknown      string // why the statement can't be understood; "" when it can

	Principals    []Principals // as written, for those who look for names in it; nil without the element
	NotPrincipals []Principals
	Actions       []string // as written, of Action or NotAction
	Resources     []string // as written, of Resource or NotResource

	body body
}

// Principals is one entry of a Principal element: its type ("AWS", "Service", "Federated", "CanonicalUser", or "*"
// for the bare wildcard) and one value.
type Principals struct {
	Type, Value string
	Line        int
}

// Problem is something in a policy document that AWS would refuse, with its place.
type Problem struct {
	Line, Column, Offset int // 1-based line and column (characters), 0-based byte offset
	Message, Hint        string
}

// Named is a policy with the name that a person knows it by: `inline "s3"`, `AmazonS3FullAccess`, `bucket policy of acme`.
type Named struct {
	Name   string
	Policy *Policy
}

// notParsed stands in for a policy that nobody parsed: it may say anything.
var notParsed = Policy{broken: "it was not parsed"}

func (n *Named) policy() *Policy {
	if n.Policy == nil {
		return &notParsed
	}
	return n.Policy
}

// Missing is a part of a layer that could not be read.
type Missing struct {
	What   string // what it is, as a person knows it: `AmazonS3FullAccess`, `service control policies`
	Reason string // why it was not read: `access denied`, `not asked`
	// Assumable says that it was not readable for lack of permission, or not asked for. Only then may
	// [Layers.Assume] stand in for it: something throttled or timed out is always unknown.
	Assumable bool
	// OnlyAllows says that it can add permissions but take none away, as KMS grants and S3 access control lists do.
	OnlyAllows bool
}

// Set is one layer's policies. A layer that applies but has no policies is an empty Set; a layer that does not apply is nil.
type Set struct {
	Policies []Named
	Missing  []Missing
}
