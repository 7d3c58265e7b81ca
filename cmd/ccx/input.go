package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"ccx/transform"
	"ccx/transform/finding"
)

// maxInput bounds what is read: the largest public compute config has 30 kB.
const maxInput = 10 << 20

// readInput reads one input: a FILE, or stdin for "-".
func (a *app) readInput(ctx context.Context, file string) (transform.Input, *finding.Finding) {
	if file == "-" {
		return a.readStdin(ctx)
	}
	return a.readInTime(ctx, file, func() ([]byte, error) { return readFile(file) })
}

func (a *app) readStdin(ctx context.Context) (transform.Input, *finding.Finding) {
	if bad := a.typedStdin("ccx -p PROFILE -b BUCKET < train.yaml, or ccx --help"); bad != nil {
		return transform.Input{}, bad
	}
	return a.readInTime(ctx, a.opts.stdinName, func() ([]byte, error) { return readBounded(a.stdin) })
}

// typedStdin refuses a stdin that is a terminal: nobody means to type what is read there, and ccx would seem to hang.
func (a *app) typedStdin(instead string) *finding.Finding {
	if _, ok := terminal(a.stdin); !ok {
		return nil
	}
	bad := usageFinding("nothing to read: stdin is a terminal", instead)
	return &bad
}

// readInTime reads to the end, unless a signal or the time-out comes first: a pipe may never end.
func (a *app) readInTime(ctx context.Context, name string, read func() ([]byte, error)) (transform.Input, *finding.Finding) {
	type answer struct {
		text []byte
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		text, err := read()
		done <- answer{text, err}
	}()
	ctx, cancel := context.WithTimeout(ctx, a.opts.timeout)
	defer cancel()
	select {
	case got := <-done:
		if got.err != nil {
			f := fileFinding(name, got.err)
			return transform.Input{}, &f
		}
		return transform.Input{Name: name, Text: got.text}, nil
	case <-ctx.Done():
	}
	f := finding.New(finding.UsageFile, finding.Place{File: name}, "interrupted while reading")
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		f = finding.New(finding.UsageFile, finding.Place{File: name}, fmt.Sprintf("has not come to its end within %s", a.opts.timeout)).
			WithHint("does what writes it still run? --timeout 5m waits longer")
	}
	return transform.Input{}, &f
}

var errTooLarge = errors.New("larger than 10 MB")

func readBounded(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err == nil && len(text) > maxInput {
		return nil, errTooLarge
	}
	return text, err
}

func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("is a folder")
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readBounded(file)
}

// fileFinding says what is wrong with a file in few words, and whether it may have been meant as a verb.
func fileFinding(name string, err error) finding.Finding {
	f := finding.New(finding.UsageFile, finding.Place{File: name}, plainError(err))
	if verb := nearVerb(name); verb != "" && errors.Is(err, fs.ErrNotExist) {
		return f.WithHint(fmt.Sprintf("did you mean ccx %s?", verb))
	}
	if errors.Is(err, errTooLarge) {
		return f.WithHint("a compute config is a few kilobytes: is this the right file?")
	}
	return f.WithHint("check the path: ccx [flags] FILE, or ccx < FILE")
}

// plainError strips what a person doesn't need: the system call and the path, which the finding already names.
func plainError(err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "may not be read or written: permission denied"
	case errors.As(err, &path):
		return path.Err.Error()
	}
	return err.Error()
}
