// Package account holds the facts: what the checks want to know of AWS, what is known, and the file that keeps it.
//
// A fact has one of four states, and only two of them carry knowledge: Known and None (read, and there is nothing).
// What was not read is never taken for absent. Facts come from a live run (package live fills a Recorder) or from a
// snapshot (Load); both fill the same shapes, so that a live run and a run on its snapshot see the same bytes.
// The package knows no AWS client and no message type.
package account

import "fmt"

// State says what is known of a fact.
type State uint8

// The states. Only None and Known may be concluded from.
const (
	NotAsked State = iota // nobody asked: offline, or the fact was not wanted
	NotRead               // asked, and not answered: Unread says why
	None                  // read in the account that owns it: there is nothing of the kind
	Known                 // read: Value holds it
)

// String returns the words used in reports.
func (s State) String() string {
	if int(s) >= 4 {
		return fmt.Sprintf("state %d", s)
	}
	return [...]string{"not asked", "not read", "none", "known"}[s]
}

// Class says what kind of obstacle kept a fact from being read. It decides what may be assumed.
type Class uint8

// The classes of an Unread.
const (
	NoClass     Class = iota
	Denied            // AWS answered, and the caller may not read it
	Elsewhere         // it belongs to an account for which there are no credentials
	Unreachable       // no usable answer: network, time-out, throttling, no or expired credentials, a broken answer
	NotRecorded       // the snapshot does not hold it
)

// classWords are the words of the snapshot file, by Class.
var classWords = [...]string{"", "denied", "elsewhere", "unreachable", "not recorded"}

// String returns the word used in the snapshot file.
func (c Class) String() string {
	if int(c) >= len(classWords) {
		return fmt.Sprintf("class %d", c)
	}
	return classWords[c]
}

// Unread says why a fact is NotRead.
type Unread struct {
	Operation string // the call as its permission is written, "iam:GetRole"; empty when no call was made
	Code      string // AWS's error code ("AccessDenied"), or ours for what AWS gives none: "Timeout", "NoCredentials", ...
	Account   string // the 12 digits of the account that was asked, or that would have to be asked
	Caller    string // the ARN that asked, when it is known
	Message   string // AWS's or the network's own words, cut and freed of secrets; may be empty
	Class     Class
}

// Reason returns the reason in a few words for a person, without a full stop:
// "arn:aws:iam::111122223333:user/ci may not call iam:GetRole (AccessDenied)".
func (u Unread) Reason() string {
	switch u.Class {
	case Denied:
		return fmt.Sprintf("%s may not call %s (%s)", or(u.Caller, "the caller"), or(u.Operation, "AWS"), or(u.Code, "denied"))
	case Elsewhere:
		return u.elsewhere()
	case Unreachable:
		return u.unreachable()
	case NotRecorded:
		return "the snapshot does not hold it"
	}
	return "it was not asked for"
}

func (u Unread) elsewhere() string {
	owner := "the account that owns it"
	if u.Account != "" {
		owner = "account " + u.Account
	}
	if u.Caller == "" {
		return "no credentials for " + owner
	}
	return fmt.Sprintf("no credentials for %s: the caller is %s", owner, u.Caller)
}

func (u Unread) unreachable() string {
	text := or(u.Message, or(u.Code, "no answer"))
	if u.Operation == "" {
		return text
	}
	return u.Operation + ": " + text
}

func or(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// Fact is one thing that AWS says, or the reason why it is not known.
type Fact[T any] struct {
	State  State
	Value  T      // meaningful when State is Known
	Unread Unread // meaningful when State is NotRead
}

// Get returns the value, and whether it is known.
func (f Fact[T]) Get() (T, bool) { return f.Value, f.State == Known }

// Reason says in a few words why the fact is not known; it is empty for None and Known.
func (f Fact[T]) Reason() string {
	switch f.State {
	case NotAsked:
		return "it was not asked for"
	case NotRead:
		return f.Unread.Reason()
	}
	return ""
}

func known[T any](v T) Fact[T] { return Fact[T]{State: Known, Value: v} }

func none[T any]() Fact[T] { return Fact[T]{State: None} }

func unread[T any](u Unread) Fact[T] { return Fact[T]{State: NotRead, Unread: u} }

// without returns a fact of another type with f's state and reason; f must not be Known.
func without[T, U any](f Fact[U]) Fact[T] { return Fact[T]{State: f.State, Unread: f.Unread} }
