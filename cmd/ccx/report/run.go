package report

import (
	"io"
	"slices"
	"strings"
	"time"

	"ccx/transform/finding"
)

// Run is all there is to say about one run of ccx: what every format renders.
type Run struct {
	Version  string    // of ccx
	Verb     string    // filter, run, check or probe
	Began    time.Time // when the run began, UTC
	Outcomes []Outcome // an input each, in the order in which they were named or found
	Skipped  []Skipped // files that were looked at and not judged
	Facts    Facts
	Exit     int    // the exit status
	Summary  string // the last line, without the "ccx: " before it
}

// tries reports whether the run is a probe: it judges no config, and what works is worth as many words as what does not.
func (r Run) tries() bool { return r.Verb == "probe" }

// Outcome is what there is to say about one input.
type Outcome struct {
	Name     string            // the input's name, as findings show it
	Findings []finding.Finding // in order
	Summary  string            // the last line, without the "ccx: " before it; "" for none

	Input   []byte // the text that the findings point into; nil when there was none
	Shape   string // what the document is, in words; "" when that is not known
	Profile string // name of the instance profile, "" when not known
	Role    string // ARN of the role in the profile, "" when not known
	Scope   string // what the S3 checks speak of: s3://bucket/prefix
	Sites   int    // places that have the profile in the output
	Added   int    // lines of the output that the input has not
	Changed int    // lines of the input that the output shows differently or lacks
	Assumed []string
	Exit    int // the exit status that this input alone would give
	// Stops reports whether a finding counts against the input, given the flags; nil is finding.Finding.Stops.
	Stops func(finding.Finding) bool
}

// Skipped is a file that was not judged.
type Skipped struct{ Name, Reason string }

// Facts says where the facts come from. It stands in every machine format that has a place for it.
type Facts struct {
	Source   string    // aws, snapshot or none
	Snapshot string    // the snapshot's file
	SHA256   string    // of the snapshot, in hexadecimal
	TakenAt  time.Time // when the facts were read; zero when that is not known
	Account  string    // the caller's account
	Caller   string    // the caller's ARN
	Endpoint string    // AWS_ENDPOINT_URL, if one was set
}

// Format turns a run into bytes.
type Format interface {
	WriteRun(w io.Writer, r Run) error
}

// Formats returns the names of all formats, in the order of the help.
func Formats() []string {
	return []string{"text", "json", "sarif", "github", "junit", "codequality", "markdown", "html"}
}

// New returns the format of that name; text is how the text format speaks.
func New(name string, text Text) (Format, bool) {
	switch name {
	case "text":
		return text, true
	case "json":
		return jsonFormat{}, true
	case "sarif":
		return sarifFormat{}, true
	case "github":
		return githubFormat{}, true
	case "junit":
		return junitFormat{}, true
	case "codequality":
		return codeQualityFormat{}, true
	case "markdown":
		return markdownFormat{text}, true
	case "html":
		return htmlFormat{}, true
	}
	return nil, false
}

// model is what every verdict takes for granted, whatever the facts: the requests that nodes send.
var model = []string{
	"nodes send requests over HTTPS, signed with Signature Version 4",
	"nodes send no optional request headers",
	"nodes use no multi-factor authentication",
	"objects belong to the bucket's owner",
	"the facts still hold as they were read",
}

// assumed returns the guardrails that some pass of the run takes to deny nothing, sorted.
func (r Run) assumed() []string {
	all := []string{}
	for _, o := range r.Outcomes {
		all = append(all, o.Assumed...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (o Outcome) stops(f finding.Finding) bool {
	if o.Stops != nil {
		return o.Stops(f)
	}
	return f.Stops()
}

// The words for what an input came to, by its exit status.
const (
	passed    = "pass"
	failed    = "fail"
	undecided = "unknown"
	unusable  = "error" // usage: it was not judged
)

// Status says what the input came to: pass, fail, unknown, or error when it could not be judged at all.
func (o Outcome) Status() string {
	switch o.Exit {
	case 0:
		return passed
	case 2:
		return unusable
	case 3:
		return undecided
	}
	return failed
}

// Access says what is known of the profile's access to its bucket: proved, refused, unknown, or not checked. A config that
// passes without facts is sound and no more.
func (o Outcome) Access() string {
	answer := "not checked"
	for _, f := range o.Findings {
		if !grants(f.Code) {
			continue
		}
		switch {
		case f.Status == finding.Fail && (o.stops(f) || f.Waiver != nil && f.Code.Level() == finding.Error):
			return "refused"
		case f.Status == finding.Unknown && (f.Level == finding.Error || f.Waiver != nil && f.Code.Level() == finding.Error):
			answer = undecided
		case f.Status == finding.Pass && strings.HasPrefix(string(f.Code), "s3/") && answer != undecided:
			answer = "proved"
		}
	}
	return answer
}

// grants reports whether a check is a step on the way from the profile to the bucket: not what the text or the command
// line says, whose profile it may be, or whether the control plane may launch nodes with it.
func grants(c finding.Code) bool {
	group, _, _ := strings.Cut(string(c), "/")
	return slices.Contains([]string{"role", "bucket", "s3", "kms"}, group) || c == finding.ProfileExists || c == finding.ProfileRole
}

// spoken reports whether a finding says something that a reader should act on or know of: not what passed, not what was
// skipped.
func spoken(f finding.Finding) bool {
	return f.Status != finding.Pass && f.Status != finding.Skipped
}

// sentence is a finding's message with what its status adds to it, safe to show.
func sentence(f finding.Finding) string {
	text := printable(f.Message)
	if f.Status == finding.Unknown {
		text = "cannot tell: " + text
	}
	if f.Waiver != nil {
		text = "waived: " + text
	}
	return text
}

// complaint is the sentence of a finding for a format that shows no place beside it for a flag.
func complaint(f finding.Finding) string {
	if isFlag(f.Place) {
		return printable(f.Place.File) + ": " + sentence(f)
	}
	return sentence(f)
}

// evidence is what a finding has to say beyond its message, a line each, safe to show: the details and the mend.
func evidence(f finding.Finding) []string {
	var lines []string
	for _, d := range f.Details {
		lines = append(lines, printable(d))
	}
	for i, line := range hintLines(f) {
		if i == 0 {
			line = "mend: " + line
		}
		lines = append(lines, line)
	}
	return lines
}

// hintLines is the hint, safe to show; what follows its first line is a document to paste.
func hintLines(f finding.Finding) []string {
	if f.Hint == "" {
		return nil
	}
	lines := strings.Split(f.Hint, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return lines
}

func printables(in []string) []string {
	out := []string{}
	for _, s := range in {
		out = append(out, printable(s))
	}
	return out
}
