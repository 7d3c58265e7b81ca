package main

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// shared is a buffer that two goroutines may use.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func wide(n int) func() int { return func() int { return n } }

func TestProgressLine(t *testing.T) {
	tests := []struct {
		what        string
		done, total int
		since       time.Duration
		width       int
		utf8        bool
		want        string
	}{
		{"asking AWS", 0, 0, 3400 * time.Millisecond, 79, false, "ccx: asking AWS... 3s"},
		{"judging", 5, 10, time.Second, 79, false, "ccx: judging ##########---------- 5/10, 1s"},
		{"judging", 5, 10, time.Second, 79, true, "ccx: judging ██████████░░░░░░░░░░ 5/10, 1s"},
		{"judging", 0, 10, 0, 79, false, "ccx: judging -------------------- 0/10, 0s"},
		{"judging", 11, 10, 62 * time.Second, 79, false, "ccx: judging #################### 11/10, 1m2s"},
		{"judging", 5, 10, time.Second, 30, false, "ccx: judging 5/10, 1s"},
		{"judging", 5, 10, time.Second, 9, false, "ccx: judg"},
		{"judging", 5, 10, time.Second, -1, false, ""},
	}
	for _, tt := range tests {
		p := newProgress(nil, nil, tt.utf8)
		p.Stage(tt.what, tt.total)
		for range tt.done {
			p.Step()
		}
		if got := p.line(tt.since, tt.width); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// A run that is over soon shows nothing; a longer one erases what it showed, also when it is stopped twice.
func TestProgressLeavesNothing(t *testing.T) {
	var soon, late shared
	p := newProgress(&soon, wide(80), false)
	go p.show(time.Hour, time.Hour)
	p.Stage("asking AWS", 0)
	p.stop()
	if soon.String() != "" {
		t.Errorf("shown: %q", soon.String())
	}
	p = newProgress(&late, wide(80), false)
	p.Stage("asking AWS", 0)
	go p.show(time.Millisecond, time.Millisecond)
	for end := time.Now().Add(5 * time.Second); strings.Count(late.String(), "\r") < 3 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	p.stop()
	p.stop()
	got := late.String()
	if !strings.HasPrefix(got, "\rccx: asking AWS... 0s\x1b[K") || !strings.HasSuffix(got, "\x1b[K\r\x1b[K") || strings.Contains(got, "\n") {
		t.Errorf("%q", got)
	}
	time.Sleep(5 * time.Millisecond)
	if late.String() != got {
		t.Errorf("drawn after the end: %q", late.String()[len(got):])
	}
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	var none *progress
	none.Stage("x", 1)
	none.Step()
	none.stop()
	var errs bytes.Buffer
	if p := (&app{getenv: os.Getenv, stderr: &errs}).startProgress(); p != nil {
		t.Error("progress on a stream that is no terminal")
	}
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if p := (&app{getenv: os.Getenv, stderr: file}).startProgress(); p != nil {
		t.Error("progress in a file")
	}
}

func TestUTF8ByLocale(t *testing.T) {
	for env, want := range map[string]bool{
		"": false, "LANG=C": false, "LANG=POSIX": false, "LANG=de_DE.UTF-8": true, "LANG=C.utf8": true, "LANG=de_DE.ISO-8859-1": false,
		"LC_ALL=C LANG=en_US.UTF-8": false, "LC_CTYPE=en_US.UTF-8 LANG=C": true, "LC_ALL=en_US.UTF-8 LC_CTYPE=C": true, "LC_ALL= LANG=en_US.UTF-8": true,
	} {
		vars := map[string]string{}
		for _, pair := range strings.Fields(env) {
			key, value, _ := strings.Cut(pair, "=")
			vars[key] = value
		}
		if got := (&app{getenv: func(name string) string { return vars[name] }}).utf8(); got != want {
			t.Errorf("%q: %v", env, got)
		}
	}
}
