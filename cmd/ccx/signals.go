package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long ccx may take to end after a signal. What blocks it then, such as a pipe that nobody opens for
// writing, can't be told to stop.
const grace = 2 * time.Second

// watchSignals ends the context on SIGINT and SIGTERM, so that the refusal can still be written; interrupted tells which
// of them came, or 0. A second signal, or the end of the grace, ends the process.
func (a *app) watchSignals(parent context.Context) (ctx context.Context, interrupted func() syscall.Signal, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals, ended := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	pipes := make(chan os.Signal, 1) // caught, so that a reader that has gone is an error of writing and ends nothing
	signal.Notify(pipes, syscall.SIGPIPE)
	go func() {
		select {
		case sig := <-signals:
			cancel(signalError{sig.(syscall.Signal)})
			a.end(sig.(syscall.Signal), signals, ended)
		case <-ctx.Done():
		}
	}()
	interrupted = func() syscall.Signal {
		var s signalError
		if errors.As(context.Cause(ctx), &s) {
			return s.Signal
		}
		return 0
	}
	return ctx, interrupted, func() { signal.Stop(signals); signal.Stop(pipes); close(ended); cancel(nil) }
}

// end ends the process if it doesn't end by itself: never while it waits for what must not be cut, unless the user insists.
func (a *app) end(sig syscall.Signal, again <-chan os.Signal, ended <-chan struct{}) {
	for waiting := true; waiting; {
		select {
		case <-ended:
			return
		case <-again:
			waiting = false
		case <-time.After(grace):
			waiting = a.waits.Load()
		}
	}
	if a.refuse.Load() {
		io.WriteString(a.stdout, refusal)
	}
	os.Exit(exitSignal + int(sig))
}

type signalError struct{ syscall.Signal }

func (s signalError) Error() string { return "interrupted: " + s.Signal.String() }
