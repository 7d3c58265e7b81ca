package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"ccx/transform/finding"
)

// fleet is a run over n files of which each bad-th fails with a long report.
func fleet(n, bad int) Run {
	r := Run{Verb: "check", Summary: "the last line"}
	for i := range n {
		o := Outcome{Name: fmt.Sprintf("configs/%04d.yaml", i), Findings: []finding.Finding{finding.Passed(finding.S3Read, "x")}}
		if bad > 0 && i%bad == 0 {
			o.Exit, r.Exit = 1, 1
			o.Findings = append(o.Findings, finding.New(finding.S3Write, finding.Place{File: o.Name}, "nodes can't write").WithHint(strings.Repeat("line\n", 100)))
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	return r
}

func TestMarkdownFitsIntoAComment(t *testing.T) {
	got := render(t, "markdown", fleet(3000, 2))
	if len(got) > 65_536 {
		t.Errorf("%d bytes; GitHub takes 65,536 characters", len(got))
	}
	for _, want := range []string{"❌ ccx: 1500 of 3000 configs fail", "| | and 1400 more | | | |", "configs did not fit into this comment.", "the last line"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if strings.Count(got, "<details") != strings.Count(got, "</details>") {
		t.Error("a section was cut")
	}
	outsideFences(t, got)
}

func TestMarkdownOfAFleetThatPasses(t *testing.T) {
	got := render(t, "markdown", fleet(300, 0))
	if strings.Contains(got, "0001.yaml") || !strings.Contains(got, "### ✅ ccx: 300 configs without a fault\n") {
		t.Errorf("300 rows of passes help nobody:\n%s", got)
	}
	if few := render(t, "markdown", fleet(3, 0)); strings.Count(few, "✅ pass") != 3 {
		t.Errorf("three are shown:\n%s", few)
	}
}

func TestHeadline(t *testing.T) {
	file := func(exit int, fs ...finding.Finding) Outcome { return Outcome{Exit: exit, Findings: fs} }
	proved := finding.Passed(finding.S3Read, "x")
	tests := []struct {
		exit     int
		outcomes []Outcome
		want     string
	}{
		{0, []Outcome{file(0, proved)}, "✅ ccx: 1 config without a fault"},
		{0, []Outcome{file(0, proved), file(0)}, "✅ ccx: 2 configs without a fault, 1 of them without a look at AWS"},
		{1, []Outcome{file(1)}, "❌ ccx: the config fails"},
		{1, []Outcome{file(1), file(3), file(0)}, "❌ ccx: 1 of 3 configs fail"},
		{2, []Outcome{file(2), file(1), file(0)}, "❌ ccx: 2 of 3 configs fail"},
		{3, []Outcome{file(3), file(0)}, "⚠️ ccx: 1 of 2 configs can't be decided"},
		{2, nil, "❌ ccx: nothing was checked"},
	}
	for _, tt := range tests {
		status, words := headline(Run{Exit: tt.exit, Outcomes: tt.outcomes})
		if got := marks[status] + " ccx: " + words; got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// TestHeadlineOfAProbe: it judged no config, and says none.
func TestHeadlineOfAProbe(t *testing.T) {
	for exit, want := range map[int]string{0: "all that was tried works", 1: "not all that nodes do works here", 2: "nothing was tried", 3: "it can't be told whether all that nodes do works here", 130: "not all that nodes do works here"} {
		r := Run{Verb: "probe", Exit: exit, Outcomes: []Outcome{{Name: "probe", Exit: exit, Findings: []finding.Finding{finding.Passed(finding.ProbeList, "it can list")}}}}
		if _, words := headline(r); words != want {
			t.Errorf("exit status %d: %q, want %q", exit, words, want)
		}
		var b bytes.Buffer
		format, _ := New("markdown", Text{})
		if err := format.WriteRun(&b, r); err != nil || !strings.Contains(b.String(), "it can list") {
			t.Errorf("%v: what works is not shown:\n%s", err, b.String())
		}
	}
}

func TestFence(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain", "```text\nplain\n```"},
		{"a ``` b", "````text\na ``` b\n````"},
		{"`````", "``````text\n`````\n``````"},
		{"``", "```text\n``\n```"},
	}
	for _, tt := range tests {
		if got := fenced(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestCodeSpan(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"configs/train-1.yaml", "<code>configs/train-1.yaml</code>"},
		{"a|b", "<code>a&#124;b</code>"},
		{"</code>", "<code>&#60;/code&#62;</code>"},
		{"me@acme.example", "<code>me<!-- -->&#64;acme.example</code>"},
		{"www.acme.example", "<code>www&#46;acme.example</code>"},
		{"模型.yaml", "<code>模型.yaml</code>"},
		{"a\nb", `<code>a&#92;nb</code>`},
	}
	for _, tt := range tests {
		if got := codeSpan(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
