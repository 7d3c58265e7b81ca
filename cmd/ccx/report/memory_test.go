package report

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

// TestWhatIsElsewhereIsSaidOnce: a finding in the settings stands once, with the inputs that it is about; one in an input
// stands with each.
func TestWhatIsElsewhereIsSaidOnce(t *testing.T) {
	settings := finding.Place{File: "ccx.yaml", Line: 4, Column: 3, Text: "  prod: {}"}
	run := func(names ...string) Run {
		var r Run
		for _, name := range names {
			own := finding.Place{File: name, Line: 1, Column: 1, Text: "a: b"}
			r.Outcomes = append(r.Outcomes, Outcome{Name: name, Exit: 3, Findings: []finding.Finding{
				finding.Unsure(finding.ProfileExists, finding.Unreadable, settings, "which profile"),
				finding.New(finding.ConfigShape, own, "no config"),
			}})
		}
		return r
	}
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{[]string{"a.yaml"}, "this is about a.yaml"},
		{[]string{"a.yaml", "b.yaml"}, "this is about a.yaml and b.yaml"},
		{[]string{"a.yaml", "b.yaml", "c.yaml"}, "this is about a.yaml, b.yaml and c.yaml"},
		{[]string{"a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml"}, "this is about a.yaml, b.yaml and 3 more"},
	} {
		var b strings.Builder
		if err := (Text{}).WriteRun(&b, run(tt.names...)); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if strings.Count(text, "which profile") != 1 || !strings.Contains(text, "= "+tt.want+"\n") || strings.Count(text, "no config") != len(tt.names) {
			t.Errorf("%d inputs, want %q:\n%s", len(tt.names), tt.want, text)
		}
		format, _ := New("github", Text{})
		b.Reset()
		if err := format.WriteRun(&b, run(tt.names...)); err != nil {
			t.Fatal(err)
		}
		if text = b.String(); strings.Count(text, "which profile") != 1 || strings.Count(text, "no config") != len(tt.names) {
			t.Errorf("github, %d inputs:\n%s", len(tt.names), text)
		}
	}
}
