package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"ccx/transform/finding"
)

// junitFormat is JUnit's XML: a suite a file, a case a check. There is no one standard; this fits both of the schemas
// in use, Ant's (windyroad/JUnit-Schema) and that of Jenkins' xunit plug-in (junit-10.xsd). A check that could not be
// decided is an error, one that does not hold a failure. What stops nothing is told in the suite's output.
type junitFormat struct{}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

// junitSuite has its elements in the order that Ant's schema asks for; none of them may be left out.
type junitSuite struct {
	Package    string          `xml:"package,attr"`
	ID         int             `xml:"id,attr"`
	Name       string          `xml:"name,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        string          `xml:"system-out"`
	Err        string          `xml:"system-err"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Skipped *junitSkipped `xml:"skipped"`
	Error   *junitProblem `xml:"error"`
	Failure *junitProblem `xml:"failure"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// noTime is what checks take: they are not timed.
const noTime = "0"

// WriteRun implements Format.
func (junitFormat) WriteRun(w io.Writer, r Run) error {
	var all junitSuites
	for i, o := range r.Outcomes {
		all.Suites = append(all.Suites, junitSuiteOf(r, i, o))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitSuiteOf(r Run, id int, o Outcome) junitSuite {
	name := printable(o.Name)
	if name == "" {
		name = "ccx"
	}
	suite := junitSuite{
		Package: "ccx", ID: id, Name: name, Timestamp: r.Began.UTC().Format("2006-01-02T15:04:05"), Hostname: "localhost",
		Time: noTime, Properties: junitProperties(r, o),
	}
	var notes []string
	for _, f := range o.Findings {
		c := junitCase{Name: caseName(f), Class: name, Time: noTime}
		text := strings.Join(append([]string{where(f) + sentence(f)}, evidence(f)...), "\n")
		switch {
		case f.Status == finding.Skipped:
			c.Skipped = &junitSkipped{printable(f.Message)}
			suite.Skipped++
		case f.Waiver != nil:
			c.Skipped = &junitSkipped{strings.ReplaceAll(text, "\n", "; ")}
			suite.Skipped++
		case f.Status == finding.Pass:
		case !o.stops(f):
			notes = append(notes, f.Level.String()+": "+text+" ["+string(f.Code)+"]")
		case f.Status == finding.Unknown:
			c.Error = &junitProblem{sentence(f), string(f.Code), text}
			suite.Errors++
		default:
			c.Failure = &junitProblem{sentence(f), string(f.Code), text}
			suite.Failures++
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Tests, suite.Out = len(suite.Cases), strings.Join(notes, "\n")
	return suite
}

// caseName is the check's code, with its place where a file may have several findings of one code.
func caseName(f finding.Finding) string {
	if f.Place.Known() && spoken(f) {
		return fmt.Sprintf("%s at %d:%d", f.Code, f.Place.Line, f.Place.Column)
	}
	return string(f.Code)
}

// where is a place as a prefix of a message.
func where(f finding.Finding) string {
	if f.Place == (finding.Place{}) {
		return ""
	}
	return head(f.Place) + ": "
}

func junitProperties(r Run, o Outcome) []junitProperty {
	all := []junitProperty{
		{"ccx.version", printable(r.Version)}, {"ccx.verb", r.Verb}, {"ccx.status", o.Status()}, {"ccx.access", o.Access()},
		{"ccx.instance_profile", printable(o.Profile)}, {"ccx.scope", printable(o.Scope)}, {"ccx.facts", r.Facts.describe()},
		{"ccx.assumed", printable(strings.Join(o.Assumed, ", "))},
	}
	out := []junitProperty{}
	for _, p := range all {
		if p.Value != "" {
			out = append(out, p)
		}
	}
	return out
}
