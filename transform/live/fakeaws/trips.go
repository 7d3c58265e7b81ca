package fakeaws

import (
	"sync"
	"time"
)

// quiet is how long no request must come before all that wait are answered. It is far above what a request takes to
// arrive that needs no other's answer, on a busy machine as well.
const quiet = 120 * time.Millisecond

// Trips counts sequential round Trips: requests wait for each other, and are answered all at once when none comes any
// more. What then comes needed one of the answers.
type Trips struct {
	mu      sync.Mutex
	timer   *time.Timer
	release chan struct{} // of the requests that wait; nil: none does
	count   int
}

// wait holds a request until its round trip is over.
func (t *Trips) wait() {
	if t == nil {
		return
	}
	t.mu.Lock()
	if t.release == nil {
		t.release = make(chan struct{})
		t.timer = time.AfterFunc(quiet, t.answer)
	} else {
		t.timer.Reset(quiet)
	}
	release := t.release
	t.mu.Unlock()
	<-release
}

// answer ends a round trip.
func (t *Trips) answer() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.release != nil {
		close(t.release)
		t.release = nil
		t.count++
	}
}

// Count returns how many round trips there were.
func (t *Trips) Count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count
}
