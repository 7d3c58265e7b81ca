package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/finding"
)

var update = flag.Bool("update", false, "write what the formats print into their golden files")

const trainText = "cloud: prod\nworker_nodes:\n- name: é\n  advanced_instance_config:\n    IamInstanceProfile: {Arn: arn}\n"

// markIn is a place in a text.
func markIn(file, text, mark string) finding.Place {
	i := strings.Index(text, mark)
	start := strings.LastIndexByte(text[:i], '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	return finding.Place{
		File: file, Line: strings.Count(text[:i], "\n") + 1, Column: len([]rune(text[start:i])) + 1, Offset: i, Length: len(mark), Text: line,
	}
}

// sample is a run with a finding of every kind.
func sample() Run {
	const mend = "add this statement:\n{\n  \"Effect\": \"Allow\"\n}"
	at := markIn("configs/train.yaml", trainText, "{Arn: arn}")
	flagged := finding.Place{File: "-p", Column: 4, Offset: 3, Length: 5, Text: "-p ghost"}
	return Run{
		Version: "v1.2.3", Verb: "check", Began: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC), Exit: 1,
		Summary: "4 files checked: 1 passes, 2 fail, 1 is undecided; 1 skipped (-v says why)",
		Facts: Facts{
			Source: "snapshot", Snapshot: "facts.json", SHA256: strings.Repeat("0123abcd", 8), Account: "111122223333",
			TakenAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Caller: "arn:aws:sts::111122223333:assumed-role/ci/build-17",
		},
		Skipped: []Skipped{{"configs/pod.yaml", "this is a Kubernetes object"}},
		Outcomes: []Outcome{
			{
				Name: "configs/train.yaml", Input: []byte(trainText), Shape: "compute config", Profile: "ml-train", Scope: "s3://acme", Exit: 1,
				Findings: []finding.Finding{
					finding.Passed(finding.ProfileExists, "it exists"),
					finding.New(finding.S3Read, at, "nodes can't read every key").WithDetails(`denied by statement 3 "Fence"`, "because it is absent").WithHint(mend),
					finding.New(finding.S3Write, at, "nodes can't write every key").WithHint(mend),
					finding.New(finding.S3Multipart, at, "nodes can't manage uploads").WithHint("ask, or not"),
					finding.New(finding.ConfigSite, markIn("configs/train.yaml", trainText, "advanced_instance_config:\n    IamInstanceProfile: {Arn: arn}\n"), "worker has its own"),
					finding.Skip(finding.KMSUse, "no key"),
					finding.New(finding.ProfileAccount, flagged, "no such profile"),
				},
			},
			{
				Name: "configs/flag.yaml", Profile: "ghost", Exit: 1,
				Findings: []finding.Finding{finding.New(finding.ProfileAccount, flagged, "no such profile")},
			},
			{
				Name: "configs/other.yaml", Profile: "vision", Scope: "s3://acme", Exit: 3, Assumed: []string{"SCPs", "RCPs"},
				Findings: []finding.Finding{
					finding.Unsure(finding.S3List, finding.Unreadable, finding.Place{File: "configs/other.yaml"}, "whether nodes can list").WithHint(mend),
				},
			},
			{
				Name: "configs/good.yaml", Shape: "job", Profile: "ml-train", Assumed: []string{"SCPs"}, Summary: "configs/good.yaml: 2 checks pass",
				Findings: []finding.Finding{finding.Passed(finding.S3Read, "nodes can read"), finding.Passed(finding.S3Write, "nodes can write")},
			},
		},
	}
}

// render writes a run in a format.
func render(t *testing.T, name string, r Run) string {
	t.Helper()
	format, ok := New(name, Text{})
	if !ok {
		t.Fatalf("no format %q", name)
	}
	var b bytes.Buffer
	if err := format.WriteRun(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoldenFormats(t *testing.T) {
	for _, name := range Formats() {
		t.Run(name, func(t *testing.T) {
			file, got := filepath.Join("testdata", name+".golden"), render(t, name, sample())
			got = strings.NewReplacer(pageStyle, "(page.css)", pageScript, "(page.js)", hashOf(pageStyle), "(its hash)", hashOf(pageScript), "(its hash)").Replace(got)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-update rewrites it (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryFormatIsListedOnce(t *testing.T) {
	names := Formats()
	slices.Sort(names)
	if len(names) != len(slices.Compact(names)) {
		t.Error("a format is listed twice")
	}
	for _, name := range []string{"", "xml", "JSON"} {
		if _, ok := New(name, Text{}); ok {
			t.Errorf("%q is a format", name)
		}
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("closed") }

func TestFormatsTellWhenTheyCannotWrite(t *testing.T) {
	for _, name := range Formats() {
		format, _ := New(name, Text{})
		if format.WriteRun(closed{}, sample()) == nil {
			t.Errorf("%s: a lost report must be an error", name)
		}
	}
}

// TestEmptyRun: a run that judged nothing is still a whole document.
func TestEmptyRun(t *testing.T) {
	for _, name := range Formats() {
		got := render(t, name, Run{Verb: "check", Exit: 2})
		switch name {
		case "json", "sarif", "codequality":
			if !json.Valid([]byte(got)) || strings.Contains(got, "null") {
				t.Errorf("%s: %s", name, got)
			}
		case "junit":
			if err := xml.Unmarshal([]byte(got), new(junitSuites)); err != nil {
				t.Errorf("junit: %v", err)
			}
		}
	}
}

// TestOrderAndBytesAreStable: the same facts give the same report.
func TestOrderAndBytesAreStable(t *testing.T) {
	for _, name := range Formats() {
		if a, b := render(t, name, sample()), render(t, name, sample()); a != b {
			t.Errorf("%s differs from itself:\n%s", name, cmp.Diff(a, b))
		}
	}
}

func TestStatusAndAccess(t *testing.T) {
	fail, unsure := finding.New(finding.S3Read, finding.Place{}, "x"), finding.Unsure(finding.S3Read, finding.Depends, finding.Place{}, "x")
	pass, text := finding.Passed(finding.S3Write, "x"), finding.New(finding.ConfigSchema, finding.Place{}, "x")
	tests := []struct {
		name           string
		exit           int
		findings       []finding.Finding
		status, access string
	}{
		{"nothing", 0, nil, "pass", "not checked"},
		{"sound text, no facts", 0, []finding.Finding{finding.Passed(finding.ProfileARN, "x"), finding.Skip(finding.S3Read, "x")}, "pass", "not checked"},
		{"a profile that exists is no access", 0, []finding.Finding{finding.Passed(finding.ProfileExists, "x")}, "pass", "not checked"},
		{"proved", 0, []finding.Finding{pass}, "pass", "proved"},
		{"a warning does not refuse", 0, []finding.Finding{pass, finding.New(finding.S3Multipart, finding.Place{}, "x")}, "pass", "proved"},
		{"another's profile, with access", 1, []finding.Finding{pass, finding.New(finding.ProfileAccount, finding.Place{}, "x")}, "fail", "proved"},
		{"no such profile", 1, []finding.Finding{finding.New(finding.ProfileExists, finding.Place{}, "x")}, "fail", "refused"},
		{"the control plane may not pass it", 1, []finding.Finding{pass, finding.New(finding.PassRolePass, finding.Place{}, "x")}, "fail", "proved"},
		{"refused", 1, []finding.Finding{pass, fail, unsure}, "fail", "refused"},
		{"undecided, whatever passes", 3, []finding.Finding{pass, unsure, pass}, "unknown", "unknown"},
		{"the text is wrong", 1, []finding.Finding{text}, "fail", "not checked"},
		{"usage", 2, nil, "error", "not checked"},
	}
	for _, tt := range tests {
		o := Outcome{Exit: tt.exit, Findings: tt.findings}
		if o.Status() != tt.status || o.Access() != tt.access {
			t.Errorf("%s: %s, %s; want %s, %s", tt.name, o.Status(), o.Access(), tt.status, tt.access)
		}
	}
}

// TestAllowedUnknownIsNotProved: --unknown allow lets a file pass, but does not make its access known.
func TestAllowedUnknownIsNotProved(t *testing.T) {
	o := Outcome{
		Findings: []finding.Finding{finding.Passed(finding.S3Write, "x"), finding.Unsure(finding.S3Read, finding.Depends, finding.Place{}, "x")},
		Stops:    func(finding.Finding) bool { return false },
	}
	if o.Status() != "pass" || o.Access() != "unknown" {
		t.Errorf("%s, %s", o.Status(), o.Access())
	}
}

func TestSpans(t *testing.T) {
	text := "a: 1\nbé: [x,\n  y]  \nc: 2\n"
	tests := []struct {
		name, mark string
		input      string
		want       span
	}{
		{"one line", "1", text, span{1, 4, 1, 5, 3, 4}},
		{"runes, not bytes", "bé", text, span{2, 1, 2, 3, 5, 8}},
		{"over lines, blanks at the end left out", "[x,\n  y]  \n", text, span{2, 5, 3, 5, 10, 18}},
		{"without the text, to the end of the line", "[x,\n  y]", "", span{2, 5, 2, 8, 10, 13}},
		{"of another text", "1", "short", span{1, 4, 1, 5, 3, 4}},
	}
	for _, tt := range tests {
		o := Outcome{Name: "f", Input: []byte(tt.input)}
		if got, ok := o.spanOf(markIn("f", text, tt.mark)); !ok || got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	other := Outcome{Name: "f", Input: []byte(strings.Repeat("\n", 99))}
	if got, _ := other.spanOf(markIn("snapshot.json", text, "1")); got.endLine != 1 {
		t.Errorf("a place in another file was looked for in this one: %+v", got)
	}
	if _, ok := other.spanOf(finding.Place{File: "f"}); ok {
		t.Error("a place without a line has no span")
	}
	beyond := finding.Place{File: "g", Line: 1, Column: 99, Length: 5, Text: "short"}
	if got, _ := other.spanOf(beyond); got.endColumn != 99 {
		t.Errorf("behind the end of its line: %+v", got)
	}
}

func TestFileOfAFinding(t *testing.T) {
	tests := []struct{ outcome, place, want string }{
		{"a.yaml", "", "a.yaml"},
		{"a.yaml", "-p", "a.yaml"},
		{"a.yaml", "facts.json", "facts.json"},
		{"<stdin>", "<stdin>", ""},
		{"-p", "-p", ""},
		{"--target", "--target", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		f := finding.New(finding.S3Read, finding.Place{File: tt.place}, "x")
		if got := (Outcome{Name: tt.outcome}).file(f); got != tt.want {
			t.Errorf("finding about %q in the outcome of %q: file %q, want %q", tt.place, tt.outcome, got, tt.want)
		}
	}
}

func TestURI(t *testing.T) {
	tests := []struct{ in, want string }{
		{"./configs/a.yaml", "configs/a.yaml"},
		{"a b/é.yaml", "a%20b/%C3%A9.yaml"},
		{"c:d::e.yaml", "c%3Ad%3A%3Ae.yaml"},
		{"100%.yaml", "100%25.yaml"},
		{"x\xff\n.yaml", "x%FF%0A.yaml"},
		{"a?b#c.yaml", "a%3Fb%23c.yaml"},
		{"/srv/a.yaml", "file:///srv/a.yaml"},
		{"../a.yaml", "../a.yaml"},
	}
	for _, tt := range tests {
		if got := uri(tt.in); got != tt.want {
			t.Errorf("uri(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestFingerprintsStayAndDiffer(t *testing.T) {
	f := finding.New(finding.S3Read, finding.Place{File: "a", Line: 3}, "x")
	moved := f
	moved.Place.Line = 30
	one, two := fingerprints{}, fingerprints{}
	a, again := one.of("a", f), one.of("a", f)
	if a == again {
		t.Error("two findings of one run have one fingerprint")
	}
	if b := two.of("a", moved); a != b {
		t.Error("a line that moved must not make a new finding")
	}
	if b := two.of("b", f); a == b {
		t.Error("the file is a part of what a finding is")
	}
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(a) {
		t.Errorf("fingerprint %q", a)
	}
}

func TestCounts(t *testing.T) {
	got := counts(sample())
	want := jsonCounts{Files: 4, Passed: 1, Failed: 2, Undecided: 1, Skipped: 1, Errors: 4, Warnings: 1, Notes: 1, Unknown: 1}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestDescribeFacts(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tests := []struct {
		facts Facts
		want  string
	}{
		{Facts{}, ""},
		{Facts{Source: "none"}, ""},
		{Facts{Source: "aws", TakenAt: at, Caller: "arn:x"}, "facts read from AWS at 2026-01-02T03:04:05Z by arn:x"},
		{Facts{Source: "aws", Endpoint: "http://localhost:1"}, "facts read from AWS through AWS_ENDPOINT_URL=http://localhost:1"},
		{Facts{Source: "snapshot", Snapshot: "f.json", SHA256: "0123456789abcdef"}, "facts from the snapshot f.json (sha256 0123456789ab)"},
		{Facts{Source: "snapshot", Snapshot: "f.json", SHA256: "01"}, "facts from the snapshot f.json (sha256 01)"},
	}
	for _, tt := range tests {
		if got := tt.facts.describe(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestTextOfARunSaysOnceWhatIsShared(t *testing.T) {
	got := render(t, "text", sample())
	if n := strings.Count(got, "no such profile"); n != 1 {
		t.Errorf("a wrong flag is told %d times:\n%s", n, got)
	}
	if n := strings.Count(got, `"Effect": "Allow"`); n != 1 || !strings.Contains(got, "= mend: as for configs/train.yaml:5:25\n") {
		t.Errorf("the document to paste stands there %d times:\n%s", n, got)
	}
	if strings.Contains(got, "2 checks pass") || strings.Contains(got, "pod.yaml") {
		t.Errorf("what passes and what was skipped is for -v:\n%s", got)
	}
	var b bytes.Buffer
	Text{Verbose: true}.WriteRun(&b, sample())
	for _, want := range []string{"ccx: configs/good.yaml: 2 checks pass\n", "ccx: configs/pod.yaml skipped: this is a Kubernetes object\n", "ccx: facts from the snapshot facts.json"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("-v lacks %q:\n%s", want, b.String())
		}
	}
	b.Reset()
	Text{Quiet: true}.WriteRun(&b, sample())
	if strings.Contains(b.String(), "warning") || strings.Contains(b.String(), "files checked") || !strings.Contains(b.String(), "can't read") {
		t.Errorf("-q prints\n%s", b.String())
	}
}

func TestStopsDecidesWhatQuietShows(t *testing.T) {
	o := Outcome{Findings: []finding.Finding{finding.New(finding.S3Multipart, finding.Place{}, "w")}, Stops: func(finding.Finding) bool { return true }}
	if got := write(t, Text{Quiet: true}, o); !strings.Contains(got, "warning: w") {
		t.Errorf("--fail-on warning: %q", got)
	}
}

func ExampleFormats() {
	fmt.Println(strings.Join(Formats(), " "))
	// Output: text json sarif github junit codequality markdown html
}
