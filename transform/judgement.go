package transform

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"ccx/transform/account"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// judgements remembers what was found out about a subject: the configs of a fleet share few profiles and clouds, and what
// holds of one holds wherever it is asked. Only the places differ, to which its findings point. The zero value is ready.
type judgements struct {
	mu  sync.Mutex
	all map[string]func() judgement
}

// judgement is what is known of one subject.
type judgement struct {
	target check.Target
	answer check.Answer
}

// The places that stand for a subject's own until they are known.
var (
	someGiven = finding.Place{File: "\x00given"}
	someAt    = finding.Place{File: "\x00at"}
)

// of judges a subject, once for all that differ in nothing but their places.
func (m *judgements) of(s check.Subject, facts *account.Facts, now time.Time) judgement {
	same := s
	same.Given, same.At = someGiven, someAt
	key := fmt.Sprintf("%#v", same) // every part of it, those included that a later version adds
	m.mu.Lock()
	if m.all == nil {
		m.all = map[string]func() judgement{}
	}
	judge, met := m.all[key]
	if !met {
		judge = sync.OnceValue(func() judgement {
			t := check.Resolve(same, facts)
			return judgement{t, check.Run(same, t, facts, now)}
		})
		m.all[key] = judge
	}
	m.mu.Unlock()
	found := judge()
	found.target.Findings = placed(found.target.Findings, s)
	found.answer.Findings = placed(found.answer.Findings, s)
	return found
}

// placed returns findings that point to the places of a subject.
func placed(fs []finding.Finding, s check.Subject) []finding.Finding {
	out := slices.Clone(fs)
	for i := range out {
		switch out[i].Place {
		case someGiven:
			out[i].Place = s.Given
		case someAt:
			out[i].Place = s.At
		}
	}
	return out
}
