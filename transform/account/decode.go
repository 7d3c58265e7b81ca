package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// decoder reads a snapshot by its tokens, as they come. encoding/json would not do: it folds the case of keys, takes the
// last of two equal ones and drops misspelt ones, and a misspelt PermissionsBoundary would be a boundary that is not there.
type decoder struct {
	*jsontext.Decoder
	from  *origin
	base  int64 // where the decoder's text begins in the file
	start int64 // where the last key, value or delimiter begins, in the file
	dry   bool  // only looks whether all is well: the texts of policies are not kept
}

// reader reads one value; present is false for null.
type reader func() (present bool, err error)

// fields are the keys that an object may have.
type fields map[string]reader

// again is what to do about a file that ccx did not write like this.
const again = "take the snapshot again with `ccx snapshot -o FILE`"

// object reads an object of AWS's with the given keys. Another key is passed over, unless it looks like a slip of the pen.
func (d *decoder) object(fs fields) (bool, error) { return d.objectBut("", fs) }

// objectBut is object, for one in which a key about a certain thing must not go by: its absence would say something.
func (d *decoder) objectBut(about string, fs fields) (bool, error) {
	return d.entries(func(key string) error {
		if read, ok := fs[key]; ok {
			_, err := read()
			return err
		}
		if nearest(key, fs) != "" || about != "" && strings.Contains(strings.ToLower(key), about) {
			return d.unknownKey(key, fs)
		}
		return d.SkipValue()
	})
}

// closed reads an object of the snapshot's own, of which all keys are known: any other is an error.
func (d *decoder) closed(fs fields) (bool, error) {
	return d.entries(func(key string) error {
		read, ok := fs[key]
		if !ok {
			return d.unknownKey(key, fs)
		}
		_, err := read()
		return err
	})
}

func (d *decoder) unknownKey(key string, fs fields) error {
	hint := "take it out, or write one of: " + strings.Join(slices.Sorted(maps.Keys(fs)), ", ")
	if meant := nearest(key, fs); meant != "" {
		hint = fmt.Sprintf("write %q", meant)
	}
	return d.fail(fmt.Sprintf("unknown key %q", key), hint)
}

// nearest returns the key that an unknown one is likely to be a slip of the pen for, or "".
func nearest(key string, fs fields) string {
	found := ""
	for meant := range fs {
		if slip(key, meant) && (found == "" || meant < found) {
			found = meant
		}
	}
	return found
}

// entries reads an object with any keys, of which no two may be equal.
func (d *decoder) entries(one func(key string) error) (bool, error) {
	present, err := d.open('{', "an object")
	if !present || err != nil {
		return false, err
	}
	var seen keySet
	for d.PeekKind() != '}' {
		raw, err := d.value()
		if err != nil {
			return true, err
		}
		key := unquote(raw)
		if !seen.add(key) {
			return true, d.fail(fmt.Sprintf("key %q stands twice", key), "keep one of them")
		}
		if err := d.syntax(one(key)); err != nil {
			return true, err
		}
	}
	return true, d.delimiter()
}

// list reads an array; null leaves it empty.
func list[T any](d *decoder, into *[]T, one func(*T) reader) reader {
	return func() (bool, error) {
		present, err := d.open('[', "a list")
		if !present || err != nil {
			return false, err
		}
		for d.PeekKind() != ']' {
			var v T
			if present, err := one(&v)(); err != nil {
				return true, err
			} else if !present {
				return true, d.fail("null in a list", "take it out")
			}
			*into = append(*into, v)
		}
		return true, d.delimiter()
	}
}

// open reads the opening delimiter, or null.
func (d *decoder) open(want jsontext.Kind, what string) (bool, error) {
	switch kind := d.PeekKind(); kind {
	case want:
		return true, d.delimiter()
	case '{', '[':
		if err := d.delimiter(); err != nil {
			return false, err
		}
		return false, d.fail("this must be "+what, again)
	}
	raw, err := d.value()
	if err == nil && raw.Kind() != 'n' {
		err = d.fail("this must be "+what, again)
	}
	return false, err
}

// delimiter reads a bracket or a brace.
func (d *decoder) delimiter() error {
	_, err := d.ReadToken()
	d.start = d.base + d.InputOffset() - 1
	return d.syntax(err)
}

// value reads any value whole. It holds until the next one is read.
func (d *decoder) value() (jsontext.Value, error) {
	raw, err := d.ReadValue()
	d.start = d.base + d.InputOffset() - int64(len(raw))
	return raw, d.syntax(err)
}

// scalar reads a value of the given kinds.
func (d *decoder) scalar(kinds, what string, take func(jsontext.Value)) reader {
	return func() (bool, error) {
		if kind := d.PeekKind(); kind == '{' || kind == '[' {
			return d.open('n', what)
		}
		raw, err := d.value()
		switch {
		case err != nil || raw.Kind() == 'n':
			return false, err
		case !bytes.ContainsRune([]byte(kinds), rune(raw.Kind())):
			return true, d.fail("this must be "+what, again)
		}
		take(raw)
		return true, nil
	}
}

func (d *decoder) word(into *string) reader {
	return d.scalar(`"`, "a string", func(raw jsontext.Value) { *into = unquote(raw) })
}

func (d *decoder) flag(into *bool) reader {
	return d.scalar("tf", "true or false", func(raw jsontext.Value) { *into = raw.Kind() == 't' })
}

func (d *decoder) number(into *string) reader {
	return d.scalar("0", "a number", func(raw jsontext.Value) { *into = string(raw) })
}

// unquote returns the text of a JSON string.
func unquote(raw jsontext.Value) string {
	text, _ := jsontext.AppendUnquote(nil, raw) // the decoder has let it through
	return string(text)
}

// raw reads any value as it stands.
func (d *decoder) raw(into *json.RawMessage) reader {
	return func() (bool, error) {
		raw, err := d.value()
		*into = bytes.Clone(raw)
		return raw.Kind() != 'n', err
	}
}

// document reads a policy: an object, or a string that holds one, percent-encoded or plain.
func (d *decoder) document(into **Document) reader {
	return func() (bool, error) {
		raw, err := d.value()
		switch kind := raw.Kind(); {
		case err != nil || kind == 'n':
			return false, err
		case d.dry && (kind == '{' || kind == '"'):
			*into = new(Document)
		case kind == '{':
			*into = &Document{raw: string(raw)}
		case kind == '"':
			*into = NewDocument(unquote(raw))
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
