package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"ccx/transform/finding"
)

// writeOutput writes the whole text once: to -o's file, or to stdout.
func (a *app) writeOutput(text []byte) error {
	if a.opts.output != "" {
		return writeAtomic(a.opts.output, text)
	}
	a.refuse.Store(false) // what is out is out: a refusal after it would be read as a part of it
	_, err := a.stdout.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		return nil // the reader has gone, and says so itself
	}
	return err
}

// unwritten says that the output could not be written.
func (a *app) unwritten(err error) finding.Finding {
	name := a.opts.output
	if name == "" {
		name = "stdout"
	}
	return finding.New(finding.UsageFile, finding.Place{File: name}, "could not be written: "+plainError(err)).
		WithHint("make room or choose another place, and run it again")
}

// writeAtomic is writeAtomicMode for what everybody may read.
func writeAtomic(path string, text []byte) error { return writeAtomicMode(path, text, 0o644) }

// writeAtomicMode puts text at path as a whole or leaves what was there: a temporary file beside it, then a rename. A
// symbolic link is followed. An existing file's mode is kept; a new one gets mode.
func writeAtomicMode(path string, text []byte, mode fs.FileMode) (err error) {
	if isDevice(path) {
		return errors.New("is not a regular file")
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return errors.New("is not a regular file")
		}
		mode = info.Mode().Perm()
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			temp.Close()
			os.Remove(temp.Name())
		}
	}()
	if _, err = temp.Write(text); err != nil {
		return err
	}
	if err = temp.Chmod(mode); err != nil {
		return err
	}
	if err = temp.Sync(); err != nil {
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// isDevice reports whether a path means a device or an open stream: what /dev/stdout leads to may well be a file, and to
// put another in its place would lose what others have written there.
func isDevice(path string) bool {
	abs, err := filepath.Abs(path)
	return err == nil && (strings.HasPrefix(abs, "/dev/") || strings.HasPrefix(abs, "/proc/"))
}
