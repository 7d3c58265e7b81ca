package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"ccx/transform/finding"
)

// markdownFormat is a comment on a pull request: a table of what is not well, and under it the report of each such file,
// folded, as a terminal would show it. Words from configs, policies and AWS stand in code only, where no renderer looks
// for markup, links, mentions or images.
type markdownFormat struct{ text Text }

// GitHub takes comments of up to 65,536 characters. What does not fit is counted, not cut in the middle.
const (
	maxComment = 60_000
	maxRows    = 100
	maxPassing = 20 // with more inputs, those that pass are only counted
)

// marks stand before a status. A word always stands beside them.
var marks = map[string]string{passed: "✅", failed: "❌", undecided: "⚠️", unusable: "❌"}

// WriteRun implements Format.
func (m markdownFormat) WriteRun(w io.Writer, r Run) error {
	var b bytes.Buffer
	status, words := headline(r)
	fmt.Fprintf(&b, "<!-- ccx %s -->\n### %s ccx: %s\n\n", r.Verb, marks[status], words)
	shown := worthShowing(r.Outcomes)
	writeTable(&b, shown)
	left := 0
	for _, o := range shown {
		if section := m.section(o, r.tries()); b.Len()+len(section) <= maxComment {
			b.WriteString(section)
		} else if section != "" {
			left++
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "The reports of %s did not fit into this comment.\n\n", inputs(left))
	}
	var last []string
	for _, line := range closing(r) {
		last = append(last, "<sub>"+codeSpan(line)+"</sub>")
	}
	fmt.Fprintln(&b, strings.Join(last, "<br>\n"))
	_, err := w.Write(b.Bytes())
	return err
}

// headline says in a few words what the run came to, and its status.
func headline(r Run) (status, words string) {
	c := counts(r)
	bad := c.Failed + c.Unusable
	switch {
	case r.tries() && c.Unusable > 0:
		return failed, "nothing was tried"
	case r.tries() && bad > 0:
		return failed, "not all that nodes do works here"
	case r.tries() && r.Exit != 0:
		return undecided, "it can't be told whether all that nodes do works here"
	case r.tries():
		return passed, "all that was tried works"
	case bad > 0 && c.Files == 1:
		return failed, "the config fails"
	case bad > 0:
		return failed, fmt.Sprintf("%d of %s fail", bad, inputs(c.Files))
	case c.Undecided > 0:
		return undecided, fmt.Sprintf("%d of %s can't be decided", c.Undecided, inputs(c.Files))
	case r.Exit != 0:
		return failed, "nothing was checked"
	}
	line := inputs(c.Files) + " without a fault"
	open := 0
	for _, o := range r.Outcomes {
		if o.Access() == "not checked" {
			open++
		}
	}
	if open > 0 {
		line += fmt.Sprintf(", %d of them without a look at AWS", open)
	}
	return passed, line
}

func inputs(n int) string {
	if n == 1 {
		return "1 config"
	}
	return fmt.Sprintf("%d configs", n)
}

// worthShowing leaves out what passes without a word when there are many.
func worthShowing(all []Outcome) []Outcome {
	if len(all) <= maxPassing {
		return all
	}
	var out []Outcome
	for _, o := range all {
		if o.Exit != 0 || slices.ContainsFunc(o.Findings, warns) {
			out = append(out, o)
		}
	}
	return out
}

func warns(f finding.Finding) bool { return spoken(f) && f.Level > finding.Note }

func writeTable(b *bytes.Buffer, outcomes []Outcome) {
	if len(outcomes) == 0 {
		return
	}
	b.WriteString("| | config | instance profile | access | findings |\n|---|---|---|---|---|\n")
	for _, o := range outcomes[:min(len(outcomes), maxRows)] {
		fmt.Fprintf(b, "| %s %s | %s | %s | %s | %s |\n", marks[o.Status()], o.Status(), codeSpan(o.Name), codeSpan(o.Profile), o.Access(), codes(o))
	}
	if more := len(outcomes) - maxRows; more > 0 {
		fmt.Fprintf(b, "| | and %d more | | | |\n", more)
	}
	b.WriteString("\n")
}

// codes lists what was found, by code: the worst first, as the findings of an input are few.
func codes(o Outcome) string {
	var out []string
	for _, level := range []finding.Level{finding.Error, finding.Warning} {
		for _, f := range o.Findings {
			word := string(f.Code)
			if level != finding.Error {
				word += " (" + level.String() + ")"
			}
			if spoken(f) && f.Level == level && !slices.Contains(out, word) {
				out = append(out, word)
			}
		}
	}
	for _, f := range o.Findings {
		if word := string(f.Code) + " (waived)"; f.Waiver != nil && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return strings.Join(out, ", ")
}

// section is the folded report of one input, with what passes if all is to be shown; "" when there is nothing to say.
func (m markdownFormat) section(o Outcome, all bool) string {
	var text bytes.Buffer
	o.Summary = ""
	Text{Quiet: m.text.Quiet, Verbose: all && !m.text.Quiet}.write(&text, o, nil)
	if text.Len() == 0 {
		return ""
	}
	open := ""
	if o.Exit != 0 {
		open = " open"
	}
	return fmt.Sprintf("<details%s><summary>%s %s</summary>\n\n%s\n\n</details>\n\n", open, marks[o.Status()], codeSpan(o.Name), fenced(strings.TrimSuffix(text.String(), "\n")))
}

// fenced puts text into a fenced code block whose fence is longer than any run of backticks in it (CommonMark 4.5).
func fenced(text string) string {
	longest, run := 2, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	return fence + "text\n" + text + "\n" + fence
}

// codeSpan shows text as code in a line, a table or a summary. It is an HTML element with character references, since a
// span of backticks can't hold a pipe in every table, and is not read at all within a summary. An empty comment before
// an @ keeps it from the search for addresses, which comes after references are resolved.
func codeSpan(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("<code>")
	text := []rune(printable(s))
	for i, r := range text {
		switch {
		case r == ' ' || r == '-' || r == '/' || r == ',' || unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case r == '.' && (i == 0 || text[i-1]|0x20 != 'w'): // www. begins a link
			b.WriteRune(r)
		case r == '@':
			b.WriteString("<!-- -->&#64;")
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String() + "</code>"
}
