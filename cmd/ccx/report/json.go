package report

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"ccx/transform/finding"
)

// jsonFormat is ccx's own JSON, described by schema/report.json. Its shape follows `terraform validate -json`: a
// consumer reads any format_version with the same major number and ignores keys that it doesn't know.
type jsonFormat struct{}

// formatVersion grows in its minor number when a key is added and in its major number when one changes or goes.
const formatVersion = "1.1"

type jsonRun struct {
	FormatVersion string        `json:"format_version"`
	Tool          jsonTool      `json:"tool"`
	Verb          string        `json:"verb"`
	StartedAt     string        `json:"started_at"`
	ExitStatus    int           `json:"exit_status"`
	Valid         bool          `json:"valid"`
	Summary       string        `json:"summary"`
	Counts        jsonCounts    `json:"counts"`
	Facts         jsonFacts     `json:"facts"`
	Assumptions   jsonAssumed   `json:"assumptions"`
	Files         []jsonFile    `json:"files"`
	Skipped       []jsonSkipped `json:"skipped"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonCounts struct {
	Files     int `json:"files"`
	Passed    int `json:"passed"`
	Failed    int `json:"failed"`
	Undecided int `json:"undecided"`
	Unusable  int `json:"unusable"`
	Skipped   int `json:"skipped"`
	Errors    int `json:"errors"`
	Warnings  int `json:"warnings"`
	Notes     int `json:"notes"`
	Unknown   int `json:"unknown"`
	Waived    int `json:"waived"`
}

type jsonFacts struct {
	Source   string `json:"source"`
	Snapshot string `json:"snapshot,omitempty"`
	SHA256   string `json:"sha256,omitempty"`
	TakenAt  string `json:"taken_at,omitempty"`
	Account  string `json:"account,omitempty"`
	Caller   string `json:"caller,omitempty"`
	Endpoint string `json:"endpoint,omitempty"`
}

type jsonAssumed struct {
	Guardrails []string `json:"guardrails"`
	Model      []string `json:"model"`
}

type jsonFile struct {
	Name         string        `json:"name"`
	Shape        string        `json:"shape,omitempty"`
	Status       string        `json:"status"`
	Access       string        `json:"access"`
	Profile      string        `json:"instance_profile,omitempty"`
	Role         string        `json:"role,omitempty"`
	Scope        string        `json:"scope,omitempty"`
	Sites        int           `json:"sites"`
	LinesAdded   int           `json:"lines_added"`
	LinesChanged int           `json:"lines_changed"`
	Assumed      []string      `json:"assumed"`
	Findings     []jsonFinding `json:"findings"`
}

type jsonFinding struct {
	Code     string       `json:"code"`
	Status   string       `json:"status"`
	Level    string       `json:"level"`
	Cause    string       `json:"cause,omitempty"`
	Stops    bool         `json:"stops"`
	Message  string       `json:"message"`
	Details  []string     `json:"details"`
	Hint     string       `json:"hint,omitempty"`
	Argument string       `json:"argument,omitempty"`
	Waived   *jsonWaived  `json:"waived,omitempty"`
	Range    *jsonRange   `json:"range,omitempty"`
	Snippet  *jsonSnippet `json:"snippet,omitempty"`
}

type jsonWaived struct {
	Reason string `json:"reason"`
	Until  string `json:"until"`
}

type jsonRange struct {
	Filename string       `json:"filename"`
	Start    jsonPosition `json:"start"`
	End      jsonPosition `json:"end"`
}

type jsonPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

type jsonSnippet struct {
	Before string `json:"before"`
	Marked string `json:"marked"`
	After  string `json:"after"`
}

type jsonSkipped struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// WriteRun implements Format.
func (jsonFormat) WriteRun(w io.Writer, r Run) error { return writeJSON(w, jsonRunOf(r)) }

func jsonRunOf(r Run) jsonRun {
	out := jsonRun{
		FormatVersion: formatVersion, Tool: jsonTool{"ccx", printable(r.Version)}, Verb: r.Verb, StartedAt: stamp(r.Began),
		ExitStatus: r.Exit, Valid: r.Exit == 0, Summary: printable(r.Summary), Counts: counts(r), Facts: jsonFactsOf(r.Facts),
		Assumptions: jsonAssumed{printables(r.assumed()), model}, Files: []jsonFile{}, Skipped: []jsonSkipped{},
	}
	for _, o := range r.Outcomes {
		out.Files = append(out.Files, jsonFileOf(o))
	}
	for _, s := range r.Skipped {
		out.Skipped = append(out.Skipped, jsonSkipped{printable(s.Name), printable(s.Reason)})
	}
	return out
}

// writeJSON indents for people. Go's encoder writes <, > and & as escapes, so that the text may stand within HTML.
func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

func counts(r Run) jsonCounts {
	c := jsonCounts{Files: len(r.Outcomes), Skipped: len(r.Skipped)}
	for _, o := range r.Outcomes {
		switch o.Status() {
		case passed:
			c.Passed++
		case failed:
			c.Failed++
		case undecided:
			c.Undecided++
		default:
			c.Unusable++
		}
		for _, f := range o.Findings {
			switch {
			case f.Waiver != nil:
				c.Waived++
			case f.Status == finding.Unknown:
				c.Unknown++
			case f.Status != finding.Fail:
			case f.Level == finding.Error:
				c.Errors++
			case f.Level == finding.Warning:
				c.Warnings++
			default:
				c.Notes++
			}
		}
	}
	return c
}

func jsonFactsOf(f Facts) jsonFacts {
	return jsonFacts{
		Source: f.source(), Snapshot: printable(f.Snapshot), SHA256: f.SHA256, TakenAt: stamp(f.TakenAt),
		Account: printable(f.Account), Caller: printable(f.Caller), Endpoint: printable(f.Endpoint),
	}
}

// source is the word for where the facts come from; none when nobody said.
func (f Facts) source() string {
	if f.Source == "" {
		return "none"
	}
	return f.Source
}

// stamp is a time as RFC 3339 in UTC; "" for no time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func jsonFileOf(o Outcome) jsonFile {
	out := jsonFile{
		Name: printable(o.Name), Shape: printable(o.Shape), Status: o.Status(), Access: o.Access(), Profile: printable(o.Profile),
		Role: printable(o.Role), Scope: printable(o.Scope), Sites: o.Sites, LinesAdded: o.Added, LinesChanged: o.Changed,
		Assumed: printables(o.Assumed), Findings: []jsonFinding{},
	}
	for _, f := range o.Findings {
		out.Findings = append(out.Findings, jsonFindingOf(o, f))
	}
	return out
}

func jsonFindingOf(o Outcome, f finding.Finding) jsonFinding {
	out := jsonFinding{
		Code: string(f.Code), Status: f.Status.String(), Level: f.Level.String(), Cause: causeWord(f.Cause), Stops: o.stops(f),
		Message: printable(f.Message), Details: printables(f.Details), Hint: strings.Join(hintLines(f), "\n"),
	}
	if f.Waiver != nil {
		out.Waived = &jsonWaived{printable(f.Waiver.Reason), printable(f.Waiver.Until)}
	}
	if isFlag(f.Place) {
		out.Argument = printable(f.Place.File)
	}
	s, known := o.spanOf(f.Place)
	if !known {
		return out
	}
	out.Range = &jsonRange{printable(f.Place.File), jsonPosition{s.line, s.column, s.start}, jsonPosition{s.endLine, s.endColumn, s.end}}
	if before, marked, after := clipped(f.Place, maxCells); before+marked+after != "" {
		out.Snippet = &jsonSnippet{before, marked, after}
	}
	return out
}

// causeWord says why something is unknown.
func causeWord(c finding.Cause) string {
	return [...]string{"", "depends", "unreadable", "unreachable", "budget"}[c]
}
