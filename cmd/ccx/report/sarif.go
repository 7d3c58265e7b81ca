package report

import (
	"io"
	"strings"

	"ccx/transform/finding"
)

// sarifFormat is SARIF 2.1.0 for code scanning.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
//
// A check that could not be decided is a result of kind fail as well: what a rule asks for is a proof, and code
// scanning hides other kinds. What passed and what was skipped is no result.
type sarifFormat struct{}

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Automation  sarifAutomation   `json:"automationDetails"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
	Properties  sarifRunBag       `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string       `json:"id"`
	Short   sarifMessage `json:"shortDescription"`
	Full    sarifMessage `json:"fullDescription"`
	Help    sarifMessage `json:"help"`
	Default sarifConfig  `json:"defaultConfiguration"`
}

type sarifConfig struct {
	Level string `json:"level"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	ExitCode      int                 `json:"exitCode"`
	StartTime     string              `json:"startTimeUtc,omitempty"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level      string          `json:"level"`
	Message    sarifMessage    `json:"message"`
	Descriptor sarifDescriptor `json:"descriptor"`
}

type sarifDescriptor struct {
	ID string `json:"id"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifMessage      `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Suppressions []sarifSuppressed `json:"suppressions,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   sarifResultBag    `json:"properties"`
}

// sarifSuppressed is a waiver (section 3.35): accepted outside of the file that the result is about.
type sarifSuppressed struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
	ByteOffset  int `json:"byteOffset"`
	ByteLength  int `json:"byteLength"`
}

type sarifRunBag struct {
	Verb        string      `json:"verb"`
	Summary     string      `json:"summary"`
	Counts      jsonCounts  `json:"counts"`
	Facts       jsonFacts   `json:"facts"`
	Assumptions jsonAssumed `json:"assumptions"`
}

type sarifResultBag struct {
	Status string `json:"status"`
	Cause  string `json:"cause,omitempty"`
	Stops  bool   `json:"stops"`
	Mend   string `json:"mend,omitempty"`
}

// WriteRun implements Format.
func (sarifFormat) WriteRun(w io.Writer, r Run) error {
	rules, index := sarifRules(r)
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "ccx", Version: printable(r.Version), Rules: rules}},
		Automation: sarifAutomation{"ccx/" + r.Verb + "/"}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
		Properties: sarifRunBag{r.Verb, printable(r.Summary), counts(r), jsonFactsOf(r.Facts), jsonAssumed{printables(r.assumed()), model}},
	}
	call := sarifInvocation{Successful: r.Exit != 2, ExitCode: r.Exit, StartTime: stamp(r.Began)}
	seen := fingerprints{}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			switch file := o.file(f); {
			case !spoken(f):
			case file == "":
				call.Notifications = append(call.Notifications, sarifNotification{sarifLevel(f), sarifText(f), sarifDescriptor{string(f.Code)}})
			default:
				run.Results = append(run.Results, sarifResultOf(o, f, file, index[f.Code], seen))
			}
		}
	}
	run.Invocations = []sarifInvocation{call}
	return writeJSON(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// sarifRules lists the codes that the run has something to say about, as the table does, and where each stands.
func sarifRules(r Run) ([]sarifRule, map[finding.Code]int) {
	used := map[finding.Code]bool{}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			used[f.Code] = used[f.Code] || spoken(f)
		}
	}
	rules, index := []sarifRule{}, map[finding.Code]int{}
	for _, row := range finding.Table() {
		if !used[row.Code] {
			continue
		}
		index[row.Code] = len(rules)
		help := sarifEscape(strings.ReplaceAll(row.Help, "\n", " "))
		rules = append(rules, sarifRule{string(row.Code), sarifMessage{sarifEscape(row.Summary)}, sarifMessage{help}, sarifMessage{help}, sarifConfig{row.Level.String()}})
	}
	return rules, index
}

func sarifResultOf(o Outcome, f finding.Finding, file string, rule int, seen fingerprints) sarifResult {
	at := sarifPhysical{Artifact: sarifArtifact{URI: uri(file)}}
	if !strings.HasPrefix(at.Artifact.URI, "file:") {
		at.Artifact.Base = "%SRCROOT%"
	}
	if s, ok := o.spanOf(f.Place); ok {
		at.Region = &sarifRegion{s.line, s.column, s.endLine, s.endColumn, s.start, s.end - s.start}
	}
	var suppressed []sarifSuppressed
	if f.Waiver != nil {
		suppressed = []sarifSuppressed{{"external", "accepted", printable("until " + f.Waiver.Until + ": " + f.Waiver.Reason)}}
	}
	return sarifResult{
		RuleID: string(f.Code), RuleIndex: rule, Level: sarifLevel(f), Message: sarifText(f),
		Locations: []sarifLocation{{at}}, Suppressions: suppressed, Fingerprints: map[string]string{"ccx/v1": seen.of(slashed(file), f)},
		Properties: sarifResultBag{f.Status.String(), causeWord(f.Cause), o.stops(f), strings.Join(hintLines(f), "\n")},
	}
}

func sarifLevel(f finding.Finding) string { return f.Level.String() }

// sarifText is the message with its evidence and the first line of the mend. The rest of the mend is a document to
// paste, and braces in a message must be doubled: it stands whole in the result's properties.
func sarifText(f finding.Finding) sarifMessage {
	lines := []string{complaint(f)}
	for _, d := range f.Details {
		lines = append(lines, printable(d))
	}
	if hint := hintLines(f); len(hint) > 0 {
		lines = append(lines, "mend: "+hint[0])
	}
	return sarifMessage{sarifEscape(strings.Join(lines, "\n"))}
}

// sarifEscape keeps text from being read as a placeholder ({0}, section 3.11.5) or as a link ([text](target), section
// 3.11.6).
func sarifEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(s)
}
