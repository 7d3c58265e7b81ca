package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// decoder reads a snapshot by its tokens. encoding/json alone would not do: it folds the case of keys, takes the last
// of two equal ones and drops misspelt ones, and a misspelt PermissionsBoundary would be a boundary that is not there.
type decoder struct {
	*json.Decoder
	name string
	text []byte
}

// reader reads one value; present is false for null.
type reader func() (present bool, err error)

// fields are the keys that an object may have.
type fields map[string]reader

func newDecoder(name string, text []byte) *decoder {
	return &decoder{Decoder: json.NewDecoder(bytes.NewReader(text)), name: name, text: text}
}

// object reads an object with the given keys. Another key is passed over, unless it looks like a slip of the pen.
func (d *decoder) object(fs fields) (bool, error) {
	return d.entries(func(key string) error {
		if read, ok := fs[key]; ok {
			_, err := read()
			return err
		}
		for _, meant := range slices.Sorted(maps.Keys(fs)) {
			if slip(key, meant) {
				return d.fail(fmt.Sprintf("unknown key %q", key), fmt.Sprintf("write %q", meant))
			}
		}
		return d.skip()
	})
}

// entries reads an object with any keys, of which no two may be equal.
func (d *decoder) entries(one func(key string) error) (bool, error) {
	present, err := d.open('{', "an object")
	if !present || err != nil {
		return false, err
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return true, d.syntax(err)
		}
		key, _ := token.(string)
		if seen[key] {
			return true, d.fail(fmt.Sprintf("key %q stands twice", key), "keep one of them")
		}
		seen[key] = true
		if err := one(key); err != nil {
			return true, err
		}
	}
	_, err = d.Token()
	return true, d.syntax(err)
}

// list reads an array; null leaves it empty.
func list[T any](d *decoder, into *[]T, one func(*T) reader) reader {
	return func() (bool, error) {
		present, err := d.open('[', "a list")
		if !present || err != nil {
			return false, err
		}
		for d.More() {
			var v T
			if present, err := one(&v)(); err != nil {
				return true, err
			} else if !present {
				return true, d.fail("null in a list", "take it out")
			}
			*into = append(*into, v)
		}
		_, err = d.Token()
		return true, d.syntax(err)
	}
}

// open reads the opening delimiter, or null.
func (d *decoder) open(want json.Delim, what string) (bool, error) {
	token, err := d.Token()
	switch {
	case err != nil:
		return false, d.syntax(err)
	case token == nil:
		return false, nil
	case token != want:
		return false, d.fail("this must be "+what, "take the snapshot again with `ccx snapshot -o FILE`")
	}
	return true, nil
}

// scalar reads a string, number or boolean.
func scalar[T any](d *decoder, into *T, what string) reader {
	return func() (bool, error) {
		token, err := d.Token()
		if err != nil || token == nil {
			return false, d.syntax(err)
		}
		v, ok := token.(T)
		if !ok {
			return true, d.fail("this must be "+what, "take the snapshot again with `ccx snapshot -o FILE`")
		}
		*into = v
		return true, nil
	}
}

func (d *decoder) word(into *string) reader { return scalar(d, into, "a string") }
func (d *decoder) flag(into *bool) reader   { return scalar(d, into, "true or false") }

// raw reads any value as it stands.
func (d *decoder) raw(into *json.RawMessage) reader {
	return func() (bool, error) {
		err := d.Decode(into)
		return string(*into) != "null", d.syntax(err)
	}
}

func (d *decoder) skip() error {
	var any json.RawMessage
	_, err := d.raw(&any)()
	return err
}

// document reads a policy: an object, or a string that holds one, percent-encoded or plain.
func (d *decoder) document(into **Document) reader {
	return func() (bool, error) {
		var raw json.RawMessage
		if present, err := d.raw(&raw)(); !present || err != nil {
			return false, err
		}
		switch raw[0] {
		case '{':
			*into = &Document{raw: string(raw)}
		case '"':
			var text string
			if err := json.Unmarshal(raw, &text); err != nil {
				return true, d.syntax(err)
			}
			*into = NewDocument(text)
		default:
			return true, d.fail("this must be a policy: an object or a string", "paste the policy as the AWS CLI prints it")
		}
		return true, nil
	}
}

// optional reads a part: null means read, and nothing there.
func optional[T any](p *Part[*T], value func(*T) reader) reader {
	return func() (bool, error) {
		var v T
		present, err := value(&v)()
		p.Read = true
		if present {
			p.Value = &v
		}
		return present, err
	}
}

// optionalList reads a list that may be absent: null means read, and empty.
func optionalList[T any](d *decoder, p *Part[[]T], one func(*T) reader) reader {
	return func() (bool, error) {
		p.Read, p.Value = true, []T{}
		return list(d, &p.Value, one)()
	}
}

// fail returns an error at the last token.
func (d *decoder) fail(message, hint string) error {
	return d.failAt(int(d.InputOffset())-1, message, hint)
}

func (d *decoder) failAt(offset int, message, hint string) error {
	offset = max(0, min(offset, len(d.text)))
	before := d.text[:offset]
	return &LoadError{
		Name: d.name, Line: 1 + bytes.Count(before, []byte("\n")), Column: offset - bytes.LastIndexByte(before, '\n'),
		Message: message, Hint: hint,
	}
}

// syntax turns an error of encoding/json into one with a place; nil stays nil.
func (d *decoder) syntax(err error) error {
	const again = "take the snapshot again with `ccx snapshot -o FILE`"
	if err == nil {
		return nil
	}
	var ours *LoadError
	if errors.As(err, &ours) {
		return err
	}
	var whole json.RawMessage
	var bad *json.SyntaxError
	exact := json.Unmarshal(d.text, &whole) // finds the exact place, which the decoder does not
	if errors.As(exact, &bad) && int(bad.Offset) < len(bytes.TrimSpace(d.text)) {
		return d.failAt(int(bad.Offset)-1, "this is not JSON", again)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || exact != nil {
		return d.failAt(len(d.text), "the file ends too early: it is cut", again)
	}
	return d.fail("this is not JSON", again)
}

// slip reports whether an unknown key is likely to be a slip of the pen for a known one.
func slip(key, meant string) bool {
	return strings.EqualFold(key, meant) || len(meant) > 5 && distance(key, meant) <= 2
}

// distance is the Levenshtein distance of two short keys, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
