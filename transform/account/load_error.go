package account

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/go-json-experiment/json/jsontext"
)

// LoadError says why a file is no usable snapshot.
type LoadError struct {
	Name         string // as Load was given it
	Line, Column int    // 1-based, column in bytes; 0 when the error has no place
	Message      string // what is wrong
	Hint         string // what to do
}

// Error returns "NAME:LINE:COLUMN: MESSAGE".
func (e *LoadError) Error() string {
	if e.Line == 0 {
		return e.Name + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Name, e.Line, e.Column, e.Message)
}

// fail returns an error at the last key or value.
func (d *decoder) fail(message, hint string) error { return d.failAt(d.start, message, hint) }

func (d *decoder) failAt(offset int64, message, hint string) error {
	line, column := d.from.place(offset)
	return &LoadError{Name: d.from.name, Line: line, Column: column, Message: message, Hint: hint}
}

// syntax turns an error of the decoder's into one with a place; others, nil among them, stay as they are.
func (d *decoder) syntax(err error) error {
	var ours *LoadError
	var bad *jsontext.SyntacticError
	switch {
	case err == nil, errors.As(err, &ours):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return d.failAt(d.from.size, "the file ends too early: it is cut", again)
	case errors.Is(err, errHuge):
		return d.failAt(d.upcoming(), "this value is larger than 8 MB", "is this a snapshot? "+again)
	case errors.As(err, &bad):
		return d.failAt(d.base+bad.ByteOffset, "this is not JSON: "+bad.Err.Error(), again)
	}
	return d.from.unreadable(err)
}

// upcoming is where the next value begins.
func (d *decoder) upcoming() int64 {
	rest := d.UnreadBuffer()
	return d.base + d.InputOffset() + int64(len(rest)-len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

// cause returns an I/O error's own words, without the path that it repeats.
func cause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
