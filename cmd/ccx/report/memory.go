package report

import (
	"fmt"
	"strings"

	"ccx/transform/finding"
)

// memory is what a report on many inputs has said already: nil remembers nothing.
type memory struct {
	said  map[string]bool
	mends map[string]string   // documents to paste, and the place under which each stands
	names map[string][]string // the inputs that a finding elsewhere is about
}

// maxNamed bounds the inputs that a line names.
const maxNamed = 3

func newMemory(outcomes []Outcome) *memory {
	m := &memory{said: map[string]bool{}, mends: map[string]string{}, names: map[string][]string{}}
	for _, o := range outcomes {
		for _, f := range o.Findings {
			if key := sameness(f); elsewhere(o, f) && spoken(f) {
				m.names[key] = append(m.names[key], o.Name)
			}
		}
	}
	return m
}

// elsewhere reports whether a finding points out of its input: to a flag, the settings, a cloud's printout. What is wrong
// there is wrong for every input, and once is enough.
func elsewhere(o Outcome, f finding.Finding) bool {
	return f.Place.File != "" && f.Place.File != o.Name
}

// sameness tells findings elsewhere apart.
func sameness(f finding.Finding) string {
	return strings.Join([]string{head(f.Place), string(f.Code), f.Status.String(), f.Message}, "\x00")
}

// again reports whether a finding that points out of its input was printed for another one.
func (m *memory) again(o Outcome, f finding.Finding) bool {
	if m == nil || !elsewhere(o, f) {
		return false
	}
	key := sameness(f)
	was := m.said[key]
	m.said[key] = true
	return was
}

// concerns names the inputs that a finding in a file of its own is about. A flag is there for all of them.
func (m *memory) concerns(o Outcome, f finding.Finding) []string {
	if m == nil || !elsewhere(o, f) || !f.Place.Known() {
		return nil
	}
	names := m.names[sameness(f)]
	switch n := len(names); {
	case n == 0:
		return nil
	case n == 1:
		return []string{"this is about " + names[0]}
	case n <= maxNamed:
		return []string{fmt.Sprintf("this is about %s and %s", strings.Join(names[:n-1], ", "), names[n-1])}
	}
	return []string{fmt.Sprintf("this is about %s and %d more", strings.Join(names[:maxNamed-1], ", "), len(names)-maxNamed+1)}
}

// mend is the hint, or where it stands already if it is a document.
func (m *memory) mend(f finding.Finding, hint string) string {
	if m == nil || !strings.Contains(hint, "\n") {
		return hint
	}
	if at, was := m.mends[hint]; was {
		return "as for " + at
	}
	m.mends[hint] = head(f.Place)
	return hint
}
