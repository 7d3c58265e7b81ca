package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// How long a run may take before anything is shown, and how often what is shown is renewed.
const (
	progressAfter = 300 * time.Millisecond
	progressEvery = 100 * time.Millisecond
)

// progress is the line that a person at a terminal sees while ccx is at work: what it does, how far it is, for how long.
// It stands on stderr, shows nothing in the first 300 ms, and leaves nothing behind. A nil *progress shows nothing, so
// that no caller has to ask whether there is a terminal:
//
//	p := a.startProgress()
//	defer p.stop()
//	p.Stage("asking AWS", 0)
//
// It must be stopped before anything else is written to the terminal. Its methods may be called by several goroutines.
type progress struct {
	w     io.Writer
	width func() int // of the terminal, in cells
	bar   string     // what is done and what is not, a character each

	mu          sync.Mutex
	what        string
	done, total int
	began       time.Time
	drawn       bool

	once sync.Once
	quit chan struct{}
	gone chan struct{}
}

// startProgress begins to show progress where somebody may look at it: nil without a terminal, with -q, or on a terminal
// that can't rewrite a line.
func (a *app) startProgress() *progress {
	a.watched = true
	_, ok := terminal(a.stderr)
	if !ok || a.opts.quiet || a.getenv("TERM") == "dumb" {
		return nil
	}
	width := func() int {
		if w := columns(a.stderr); w > 0 {
			return w
		}
		return 80
	}
	p := newProgress(a.stderr, width, a.utf8())
	go p.show(progressAfter, progressEvery)
	return p
}

func newProgress(w io.Writer, width func() int, utf8 bool) *progress {
	bar := "#-"
	if utf8 {
		bar = "█░"
	}
	return &progress{w: w, width: width, bar: bar, began: time.Now(), quit: make(chan struct{}), gone: make(chan struct{})}
}

// terminal returns the file descriptor of a stream that is a terminal.
func terminal(stream any) (fd int, ok bool) {
	f, ok := stream.(interface{ Fd() uintptr })
	if !ok {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}

// utf8 reports whether the locale has more than ASCII: the first of LC_ALL, LC_CTYPE and LANG that is set counts.
func (a *app) utf8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := a.getenv(name); value != "" {
			return strings.Contains(strings.ReplaceAll(strings.ToLower(value), "-", ""), "utf8")
		}
	}
	return false
}

// Stage says what is done from now on, in a word or two, and how many steps that has; 0: nobody knows.
func (p *progress) Stage(what string, total int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what, p.done, p.total = what, 0, total
}

// Step says that one more step is done.
func (p *progress) Step() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
}

// show draws until it is stopped.
func (p *progress) show(after, every time.Duration) {
	defer close(p.gone)
	wait := time.NewTimer(after)
	defer wait.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-wait.C:
			p.draw()
			wait.Reset(every)
		}
	}
}

// stop erases the line. It may be called more than once.
func (p *progress) stop() {
	if p == nil {
		return
	}
	p.once.Do(func() {
		close(p.quit)
		<-p.gone
		if p.drawn {
			io.WriteString(p.w, "\r\x1b[K")
		}
	})
}

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.what == "" {
		return
	}
	p.drawn = true
	io.WriteString(p.w, "\r"+p.line(time.Since(p.began), p.width()-1)+"\x1b[K")
}

// line is what is shown, in at most width cells.
func (p *progress) line(since time.Duration, width int) string {
	line := "ccx: " + p.what
	if p.total == 0 {
		line += "..."
	} else {
		const cells = 20
		bar, full := []rune(p.bar), cells*min(p.done, p.total)/p.total
		count := fmt.Sprintf(" %d/%d,", p.done, p.total)
		if len(line)+len(count)+cells < width-10 {
			line += " " + strings.Repeat(string(bar[0]), full) + strings.Repeat(string(bar[1]), cells-full)
		}
		line += count
	}
	line += " " + since.Truncate(time.Second).String()
	if runes := []rune(line); len(runes) > width {
		line = string(runes[:max(0, width)])
	}
	return line
}

// columns is the width of a stream's terminal; 0 when it is none, or when the terminal does not say.
func columns(stream any) int {
	fd, ok := terminal(stream)
	if !ok {
		return 0
	}
	w, _, err := term.GetSize(fd)
	if err != nil {
		return 0
	}
	return max(w, 0)
}
