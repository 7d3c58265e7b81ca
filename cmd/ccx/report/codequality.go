package report

import (
	"io"
	"strings"

	"ccx/transform/finding"
)

// codeQualityFormat is GitLab's code quality report, a list of issues: it has no place for where the facts come from.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type codeQualityFormat struct{}

type codeQualityIssue struct {
	Type        string              `json:"type"`
	Check       string              `json:"check_name"`
	Description string              `json:"description"`
	Content     *codeQualityContent `json:"content,omitempty"`
	Categories  []string            `json:"categories"`
	Severity    string              `json:"severity"`
	Fingerprint string              `json:"fingerprint"`
	Location    codeQualityPlace    `json:"location"`
}

type codeQualityContent struct {
	Body string `json:"body"`
}

type codeQualityPlace struct {
	Path  string           `json:"path"`
	Lines codeQualityLines `json:"lines"`
}

type codeQualityLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// WriteRun implements Format.
func (codeQualityFormat) WriteRun(w io.Writer, r Run) error {
	issues, seen := []codeQualityIssue{}, fingerprints{}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			if spoken(f) {
				issues = append(issues, codeQualityIssueOf(o, f, seen))
			}
		}
	}
	return writeJSON(w, issues)
}

func codeQualityIssueOf(o Outcome, f finding.Finding, seen fingerprints) codeQualityIssue {
	file := o.file(f)
	if file == "" {
		file = "ccx" // GitLab drops an issue without a path
	}
	at := codeQualityPlace{printable(slashed(file)), codeQualityLines{1, 1}}
	if s, ok := o.spanOf(f.Place); ok {
		at.Lines = codeQualityLines{s.line, s.endLine}
	}
	issue := codeQualityIssue{
		Type: "issue", Check: string(f.Code), Description: complaint(f), Categories: []string{"Security"},
		Severity: severity(o, f), Fingerprint: seen.of(slashed(file), f), Location: at,
	}
	if lines := evidence(f); len(lines) > 0 {
		issue.Content = &codeQualityContent{fenced(strings.Join(lines, "\n"))}
	}
	return issue
}

// severity is one of GitLab's five words.
func severity(o Outcome, f finding.Finding) string {
	switch {
	case o.stops(f) && f.Status == finding.Fail:
		return "critical"
	case o.stops(f):
		return "major"
	case f.Level == finding.Note:
		return "info"
	}
	return "minor"
}
