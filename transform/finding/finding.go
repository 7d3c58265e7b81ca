// Package finding holds the one type that a report renders, its order, and the table of codes.
//
// Facts and decisions are not messages: the rooms that know AWS answer with values, and only the rooms that judge a
// config turn those values into findings.
package finding

// Status is a check's answer.
type Status uint8

// The statuses, from harmless to grave.
const (
	Pass    Status = iota // decided, and it holds
	Skipped               // not decided because nothing asked for it, or --offline
	Unknown               // could not be decided; Cause says why
	Fail                  // decided, and it does not hold
)

// String returns the word used in reports.
func (s Status) String() string {
	return [...]string{"pass", "skipped", "unknown", "fail"}[s]
}

// Level says how much a finding weighs.
type Level uint8

// The levels, from light to heavy. Only an Error stops the filter.
const (
	Note Level = iota
	Warning
	Error
)

// String returns the word used in reports.
func (l Level) String() string {
	return [...]string{"note", "warning", "error"}[l]
}

// Cause says why a finding is Unknown. It decides what --unknown=allow may let through.
type Cause uint8

// The causes of an Unknown.
const (
	NoCause     Cause = iota
	Depends           // the answer hinges on request context that is only known at run time
	Unreadable        // AWS refused to show a fact (AccessDenied, another account) or a snapshot lacks it
	Unreachable       // AWS could not be asked at all (network, credentials, throttling, time-out)
	Budget            // the proof was given up at its budget
)

// Place is where a finding points. A zero Line means that it has no line of its own.
type Place struct {
	File   string // as the user named it, or "<stdin>"; a flag's name ("-p") for an argument
	Line   int    // 1-based
	Column int    // 1-based, in characters (runes), as editors count
	Offset int    // 0-based byte offset in the file
	Length int    // bytes to underline, from Offset; may run past the end of the line
	Text   string // the whole source line, without its line break, for the snippet
}

// Known reports whether the place has a line that can be shown.
func (p Place) Known() bool { return p.Line > 0 }

// Finding is one thing to say about one input.
type Finding struct {
	Code    Code
	Status  Status
	Level   Level
	Cause   Cause // set when Status is Unknown
	Place   Place
	Message string   // one line, lower case, no full stop: what is wrong
	Details []string // evidence: one line each, printed under the snippet
	Hint    string   // what to do about it; may span lines (a document to paste)
	Waiver  *Waiver  // why it doesn't count, where the settings say so
}

// Waiver is what the settings say for letting a check fail.
type Waiver struct {
	Reason string // why it may
	Until  string // the last day on which it may, YYYY-MM-DD
}

// New returns a failing finding at the level that the table gives its code.
func New(code Code, at Place, message string) Finding {
	return Finding{Code: code, Status: Fail, Level: code.Level(), Place: at, Message: message}
}

// Passed returns a passing finding for the code.
func Passed(code Code, message string) Finding {
	return Finding{Code: code, Status: Pass, Level: code.Level(), Message: message}
}

// Skip returns a finding that says why a check was not made.
func Skip(code Code, message string) Finding {
	return Finding{Code: code, Status: Skipped, Level: Note, Message: message}
}

// Unsure returns a finding for a check that could not be decided.
func Unsure(code Code, cause Cause, at Place, message string) Finding {
	return Finding{Code: code, Status: Unknown, Level: code.Level(), Cause: cause, Place: at, Message: message}
}

// WithHint returns f with its hint set.
func (f Finding) WithHint(hint string) Finding {
	f.Hint = hint
	return f
}

// WithDetails returns f with lines of evidence added.
func (f Finding) WithDetails(lines ...string) Finding {
	f.Details = append(f.Details[:len(f.Details):len(f.Details)], lines...)
	return f
}

// AtLevel returns f at another level than its code's own.
func (f Finding) AtLevel(l Level) Finding {
	f.Level = l
	return f
}

// Waived returns f as it counts with a waiver: a note that leads with the waiver's line, and nothing to mend.
func (f Finding) Waived(w Waiver, line string) Finding {
	f.Details = append([]string{line}, f.Details...)
	f.Waiver, f.Level, f.Hint = &w, Note, ""
	return f
}

// Stops reports whether the finding alone keeps the filter from writing: a fail or an unknown of an error-level check.
func (f Finding) Stops() bool {
	return f.Level == Error && (f.Status == Fail || f.Status == Unknown)
}
