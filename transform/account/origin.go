package account

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// The bounds of what is read.
const (
	maxValue = 8 << 20 // bytes of one value that is kept whole: a role, a policy, a string. IAM's own limits are far below
	maxPipe  = 1 << 30 // bytes of a snapshot that comes from a pipe and so must be kept in memory
)

var (
	errHuge    = errors.New("a value is larger than 8 MB")
	errChanged = errors.New("the snapshot changed while it was read")
)

// origin is the file of a snapshot. It is read once from end to end, and once more wherever a fact is asked for: of an
// account with thousands of roles a run needs a few.
type origin struct {
	name  string
	text  io.ReaderAt
	begin int64 // after the byte order mark
	size  int64
	seed  maphash.Seed
}

// openOrigin takes a file as it is, and what can't be read twice into memory.
func openOrigin(name string, r io.Reader) (*origin, error) {
	o := &origin{name: name, seed: maphash.MakeSeed()}
	if file, ok := r.(interface {
		io.ReaderAt
		io.Seeker
	}); ok {
		if size, err := file.Seek(0, io.SeekEnd); err == nil && size > 0 {
			o.text, o.size = file, size
			return o, nil
		}
	}
	text, err := io.ReadAll(io.LimitReader(r, maxPipe+1))
	if err == nil && len(text) > maxPipe {
		err = errors.New("larger than 1 GB")
	}
	if err != nil {
		return nil, o.unreadable(err)
	}
	o.text, o.size = bytes.NewReader(text), int64(len(text))
	return o, nil
}

func (o *origin) unreadable(err error) error {
	return &LoadError{Name: o.name, Message: "can't be read: " + cause(err), Hint: "name a readable file"}
}

// sniff names the mistakes that a JSON error would not explain, and passes over a byte order mark.
func (o *origin) sniff() error {
	head := make([]byte, min(o.size, 4096))
	if n, err := o.text.ReadAt(head, 0); n < len(head) {
		return o.unreadable(err)
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		o.begin, head = 3, head[3:]
	}
	switch trimmed := bytes.TrimSpace(head); {
	case len(trimmed) == 0 && o.size <= 4096:
		return &LoadError{Name: o.name, Message: "the file is empty", Hint: "take a snapshot with `ccx snapshot -o FILE`"}
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return &LoadError{Name: o.name, Line: 1, Column: 1, Message: "the file is UTF-16, as PowerShell's > writes it",
			Hint: "take the snapshot with -o FILE instead of >"}
	case len(trimmed) > 0 && trimmed[0] != '{':
		return &LoadError{Name: o.name, Line: 1, Column: 1, Message: "this is not a snapshot: it must be a JSON object",
			Hint: "take a snapshot with `ccx snapshot -o FILE`"}
	}
	return nil
}

// place returns the line and the column, in bytes, of an offset in the file.
func (o *origin) place(offset int64) (line, column int) {
	line, column = 1, 1
	before, buf := io.NewSectionReader(o.text, o.begin, offset-o.begin), make([]byte, 64<<10)
	for {
		n, err := before.Read(buf)
		line += bytes.Count(buf[:n], []byte("\n"))
		if last := bytes.LastIndexByte(buf[:n], '\n'); last >= 0 {
			column = n - last
		} else {
			column += n
		}
		if err != nil {
			return line, column
		}
	}
}

// newDecoder reads a text that begins at base in the file.
func newDecoder(from *origin, text io.Reader, base int64) *decoder {
	// Keys that stand twice are found by entries, and kept within policies, where they are the policy's own affair.
	return &decoder{Decoder: jsontext.NewDecoder(text, jsontext.AllowDuplicateNames(true)), from: from, base: base, start: base}
}

// meter reads the whole file: it computes its digest and stops at a value that is too large to be true.
type meter struct {
	io.Reader
	sum  hash.Hash
	read int64
	at   func() int64 // how far the decoder is
}

func (m *meter) Read(p []byte) (int, error) {
	room := maxValue - (m.read - m.at())
	if room <= 0 {
		return 0, errHuge
	}
	n, err := m.Reader.Read(p[:min(int64(len(p)), room)])
	m.sum.Write(p[:n])
	m.read += int64(n)
	return n, err
}

// whole returns a decoder for the file from its beginning to its end, and the digest of what that has read.
func (o *origin) whole() (*decoder, func() string) {
	m := &meter{Reader: io.NewSectionReader(o.text, o.begin, o.size-o.begin), sum: sha256.New()}
	io.Copy(m.sum, io.NewSectionReader(o.text, 0, o.begin))
	d := newDecoder(o, m, o.begin)
	m.at = d.InputOffset
	return d, func() string { return hex.EncodeToString(m.sum.Sum(nil)) }
}

// span is where an entry stands in the file.
type span struct {
	offset int64
	length int
	sum    uint64
}

func (o *origin) span(offset int64, raw []byte) span {
	return span{offset, len(raw), maphash.Bytes(o.seed, raw)}
}

// fetch reads an entry again.
func fetch[T any](o *origin, at span, one func(*decoder, *T) reader) (*T, error) {
	raw := make([]byte, at.length)
	if n, _ := o.text.ReadAt(raw, at.offset); n < len(raw) || maphash.Bytes(o.seed, raw) != at.sum {
		return nil, errChanged
	}
	v, err := entry(newDecoder(o, bytes.NewBuffer(raw), at.offset), one)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errChanged, err)
	}
	return v, nil
}

// entry decodes an entry.
func entry[T any](d *decoder, one func(*decoder, *T) reader) (*T, error) {
	v := new(T)
	_, err := one(d, v)()
	return v, err
}
