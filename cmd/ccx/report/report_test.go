package report

import (
	"bytes"
	"strings"
	"testing"

	"ccx/transform/finding"
)

func TestPrintable(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "train.yaml", "train.yaml"},
		{"accents and CJK stay", "modèle 模型", "modèle 模型"},
		{"escape sequence", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"C1 control", "a\u009b31m", `a\x9b31m`},
		{"line breaks", "a\nb\rc\td", `a\nb\rc\td`},
		{"bidi override", "a\u202eb", `a\u202eb`},
		{"zero width", "a\u200bb", `a\u200bb`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"not UTF-8", "a\xffb", `a\xffb`},
		{"GitHub command", "::error::boom", ": :error::boom"},
		{"GitHub command with parameters", "x ::set-output name=a::b", "x : :set-output name=a::b"},
		{"Azure command", "##[error]boom", "# #[error]boom"},
		{"Azure logging command", "x ##vso[task.setvariable variable=a]b ##VSO[", "x # #vso[task.setvariable variable=a]b # #VSO["},
		{"TeamCity message", "###teamcity[x]", "## #teamcity[x]"},
		{"a comment", "## heading ##x", "## heading ##x"},
		{"profile ARN", "arn:aws:iam::111122223333:instance-profile/p", "arn:aws:iam::111122223333:instance-profile/p"},
		{"managed policy ARN", "arn:aws:iam::aws:policy/X", "arn:aws:iam::aws:policy/X"},
		{"bucket ARN", "arn:aws:s3:::acme and arn:aws:s3:::other", "arn:aws:s3:::acme and arn:aws:s3:::other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := printable(tt.in); got != tt.want {
				t.Errorf("printable(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func place(text, mark string) finding.Place {
	i := strings.Index(text, mark)
	return finding.Place{File: "f.yaml", Line: 7, Column: len([]rune(text[:i])) + 1, Offset: i, Length: len(mark), Text: text}
}

func TestSnippetPutsTheCaretUnderTheMark(t *testing.T) {
	tests := []struct{ name, text, mark string }{
		{"ascii", "  Arn: here", "here"},
		{"accents before", "é: ü: here", "here"},
		{"wide characters before", "模型: here", "here"},
		{"wide characters marked", "a: 模型", "模型"},
		{"tabs before", "\ta:\there", "here"},
		{"combining mark before", "e\u0301: here", "here"},
		{"escape before", "\x1b[0m: here", "here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := snippet(place(tt.text, tt.mark), painter{})
			if len(lines) != 3 {
				t.Fatalf("%d lines: %q", len(lines), lines)
			}
			at := strings.Index(lines[1], tt.mark)
			wantCell, wantLen := cells(lines[1][:at]), cells(tt.mark)
			caret := strings.Index(lines[2], "^")
			if caret != wantCell || strings.Count(lines[2], "^") != wantLen {
				t.Errorf("caret at %d x%d, want %d x%d\n%s\n%s", caret, strings.Count(lines[2], "^"), wantCell, wantLen, lines[1], lines[2])
			}
		})
	}
}

func TestSnippetOfALongLineKeepsTheMark(t *testing.T) {
	text := `{"a": "` + strings.Repeat("x", 5000) + `", "bad": 1, "c": "` + strings.Repeat("y", 5000) + `"}`
	lines := snippet(place(text, `"bad"`), painter{})
	if len(lines[1]) > 200 || !strings.Contains(lines[1], `"bad"`) {
		t.Fatalf("snippet of a long line: %q", lines[1])
	}
	if strings.Index(lines[1], `"bad"`) != strings.Index(lines[2], "^^^^^") {
		t.Errorf("caret is off:\n%s\n%s", lines[1], lines[2])
	}
}

// TestSnippetFitsTheTerminal: a long line is cut to the terminal's width, around the mark, and never to nothing.
func TestSnippetFitsTheTerminal(t *testing.T) {
	text := strings.Repeat("x", 300) + `"bad"` + strings.Repeat("y", 300)
	for _, width := range []int{0, 1, 30, 60, 80, 100, 400} {
		lines := snippet(place(text, `"bad"`), painter{width: width})
		most := width
		switch {
		case width == 0 || width > maxCells:
			most = maxCells + len("7 | ...")
		case width < minCells:
			most = minCells + len("7 | ...")
		}
		for _, line := range lines {
			if cells(line) > most {
				t.Errorf("width %d: %d cells: %q", width, cells(line), line)
			}
		}
		if at := strings.Index(lines[1], `"bad"`); at < 0 || at != strings.Index(lines[2], "^^^^^") {
			t.Errorf("width %d:\n%s\n%s", width, lines[1], lines[2])
		}
	}
}

func TestSnippetAtTheEndOfTheLine(t *testing.T) {
	p := finding.Place{File: "f", Line: 1, Column: 5, Length: 0, Text: "aws:"}
	if got := snippet(p, painter{})[2]; got != "  |     ^" {
		t.Errorf("caret line %q", got)
	}
}

func write(t *testing.T, voice Text, o Outcome) string {
	t.Helper()
	var b bytes.Buffer
	if err := voice.Write(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextWrite(t *testing.T) {
	fail := finding.New(finding.S3Write, place("    Arn: arn", "arn"), "nodes can't write").WithDetails("because").WithHint("add this\n{\n  \"a\": 1\n}")
	got := write(t, Text{}, Outcome{Findings: []finding.Finding{fail, finding.Passed(finding.S3Read, "ok")}, Summary: "no config written"})
	want := `f.yaml:7:10: error: nodes can't write [s3/write]
  |
7 |     Arn: arn
  |          ^^^
  = because
  = mend: add this
          {
            "a": 1
          }
ccx: no config written
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestTextQuietAndVerbose(t *testing.T) {
	fs := []finding.Finding{
		finding.New(finding.ConfigSite, finding.Place{}, "a note"),
		finding.New(finding.BucketRegion, finding.Place{}, "a warning"),
		finding.Passed(finding.S3Read, "it reads"),
		finding.Skip(finding.S3Write, "not asked"),
		finding.New(finding.S3List, finding.Place{}, "an error"),
	}
	tests := []struct {
		voice Text
		want  []string
	}{
		{Text{Quiet: true}, []string{"an error"}},
		{Text{}, []string{"a note", "a warning", "an error", "sum"}},
		{Text{Verbose: true}, []string{"a note", "a warning", "it reads", "not asked", "an error", "sum"}},
	}
	for _, tt := range tests {
		got := write(t, tt.voice, Outcome{Findings: fs, Summary: "sum"})
		if n := strings.Count(got, "\n"); n != len(tt.want) {
			t.Errorf("%+v: %d lines, want %d:\n%s", tt.voice, n, len(tt.want), got)
		}
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%+v lacks %q:\n%s", tt.voice, w, got)
			}
		}
	}
}

func TestSameMendIsPrintedOnce(t *testing.T) {
	a := finding.New(finding.S3Read, finding.Place{}, "read").WithHint("paste this")
	b := finding.New(finding.S3Write, finding.Place{}, "write").WithHint("paste this")
	got := write(t, Text{}, Outcome{Findings: []finding.Finding{a, b}})
	if strings.Count(got, "paste this") != 1 || !strings.HasSuffix(got, "paste this\n") {
		t.Errorf("the mend belongs once, after the last:\n%s", got)
	}
}

func TestUnknownIsNeverCalledAnError(t *testing.T) {
	got := write(t, Text{}, Outcome{Findings: []finding.Finding{
		finding.Unsure(finding.S3Read, finding.Unreadable, finding.Place{}, "whether nodes can read"),
		finding.Unsure(finding.S3Multipart, finding.Depends, finding.Place{}, "whether uploads can be listed"),
	}})
	want := "ccx: cannot tell: whether nodes can read [s3/read]\nccx: warning: cannot tell: whether uploads can be listed [s3/multipart]\n"
	if got != want {
		t.Errorf("got %q", got)
	}
}

func TestNothingHostileReachesTheScreen(t *testing.T) {
	evil := "x\x1b[2J\n::error::pwn\u202e##[group]"
	f := finding.New(finding.ConfigSchema, finding.Place{File: evil, Line: 1, Column: 1, Length: 3, Text: evil}, evil).WithDetails(evil).WithHint(evil)
	got := write(t, Text{}, Outcome{Findings: []finding.Finding{f}, Summary: evil})
	for _, bad := range []string{"\x1b", "::error::", "\u202e", "##["} {
		if strings.Contains(got, bad) {
			t.Errorf("%q got through:\n%q", bad, got)
		}
	}
}

func TestColor(t *testing.T) {
	f := finding.New(finding.S3Read, finding.Place{}, "x")
	if got := write(t, Text{Color: true}, Outcome{Findings: []finding.Finding{f}}); !strings.Contains(got, "\x1b[1;31merror\x1b[0m") {
		t.Errorf("no colour: %q", got)
	}
	if got := write(t, Text{}, Outcome{Findings: []finding.Finding{f}}); strings.Contains(got, "\x1b") {
		t.Errorf("colour without being asked: %q", got)
	}
}

// Six checks may fail for one reason: it stands once at a place, and again at the next place.
func TestTextSaysAReasonOnce(t *testing.T) {
	at := func(line int) finding.Place {
		return finding.Place{File: "a.yaml", Line: line, Column: 1, Length: 5, Text: "cloud: x"}
	}
	f := func(code finding.Code, line int) finding.Finding {
		return finding.New(code, at(line), "no").WithDetails(string(code)+" is denied", "because it rains")
	}
	var b bytes.Buffer
	o := Outcome{Findings: []finding.Finding{f(finding.S3Read, 1), f(finding.S3Write, 1), f(finding.S3Delete, 2)}}
	if err := (Text{}).Write(&b, o); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "because it rains"); n != 2 {
		t.Errorf("the reason stands %d times:\n%s", n, b.String())
	}
	if n := strings.Count(b.String(), "is denied"); n != 3 {
		t.Errorf("%d denials:\n%s", n, b.String())
	}
}
