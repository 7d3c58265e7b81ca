package account

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Version is the version of the snapshot format.
const Version = 1

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

// Load reads a snapshot. name stands in messages and in Provenance. An error is a *LoadError.
func Load(name string, r io.Reader) (*Facts, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, &LoadError{Name: name, Message: "can't be read: " + cause(err), Hint: "name a readable file"}
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if err := sniff(name, text); err != nil {
		return nil, err
	}
	l := loader{decoder: newDecoder(name, text), contents: newContents()}
	if err := l.load(); err != nil {
		return nil, err
	}
	return &Facts{name: or(name, "snapshot"), contents: l.contents}, nil
}

// sniff names the mistakes that a JSON error would not explain.
func sniff(name string, text []byte) error {
	switch trimmed := bytes.TrimSpace(text); {
	case len(trimmed) == 0:
		return &LoadError{Name: name, Message: "the file is empty", Hint: "take a snapshot with `ccx snapshot -o FILE`"}
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return &LoadError{Name: name, Line: 1, Column: 1, Message: "the file is UTF-16, as PowerShell's > writes it",
			Hint: "take the snapshot with -o FILE instead of >"}
	case trimmed[0] != '{':
		return &LoadError{Name: name, Line: 1, Column: 1, Message: "this is not a snapshot: it must be a JSON object",
			Hint: "take a snapshot with `ccx snapshot -o FILE`"}
	}
	return nil
}

// loader fills contents from a file.
type loader struct {
	*decoder
	contents
}

func (l *loader) load() error {
	version, taken := json.Number(""), ""
	l.UseNumber()
	top := fields{
		"version": scalar(l.decoder, &version, "a number"), "taken_at": l.word(&taken), "endpoint": l.word(&l.endpoint),
		"taken_by": func() (bool, error) {
			var id Identity
			present, err := l.identity(&id)()
			if present {
				l.takenBy = &id
			}
			return present, err
		},
		"iam":                  l.accounts,
		"resource_policies":    table(l.decoder, l.resource, func(d **Document) reader { return l.document(d) }),
		"buckets":              pointers(l.decoder, l.buckets, l.bucket),
		"organization":         pointers(l.decoder, l.organization, l.organizationOf),
		"public_access_blocks": pointers(l.decoder, l.blocks, l.block),
		"keys":                 byARN(l, l.keys, l.key, func(k *KeyDetail) string { return k.Metadata.ARN }, SplitKey),
		"repositories":         byARN(l, l.repositories, l.repository, func(r *RepositoryDetail) string { return r.ARN }, SplitRepository),
		"vpc_endpoints":        table(l.decoder, l.endpoints, l.raw),
		"unread":               table(l.decoder, l.unread, l.reason),
	}
	_, err := l.entries(func(key string) error {
		read, ok := top[key]
		if !ok {
			return l.unknown(key)
		}
		_, err := read()
		return err
	})
	if err == nil {
		err = l.end()
	}
	if err == nil || version != "" {
		return first(l.checkVersion(version), err, l.checkTaken(taken))
	}
	return err
}

// unknown explains a key at the top. A file of a newer version is told apart from a misspelt one.
func (l *loader) unknown(key string) error {
	var head struct {
		Version json.Number `json:"version"`
	}
	if json.Unmarshal(l.text, &head) == nil && head.Version != "" {
		if err := l.checkVersion(head.Version); err != nil {
			return err
		}
	}
	hint := "take the snapshot again with `ccx snapshot -o FILE`"
	if slices.Contains([]string{"RoleDetailList", "UserDetailList", "GroupDetailList", "Policies"}, key) {
		hint = `put what get-account-authorization-details prints under "iam": {"ACCOUNT": ...}`
	}
	return l.fail(fmt.Sprintf("unknown key %q", key), hint)
}

// end makes sure that nothing follows the object.
func (l *loader) end() error {
	if _, err := l.Token(); err != io.EOF {
		return l.fail("something follows the end of the snapshot", "keep one snapshot a file")
	}
	return nil
}

func (l *loader) checkVersion(v json.Number) error {
	switch v {
	case "1":
		return nil
	case "":
		return &LoadError{Name: l.name, Message: "no version: this is not a snapshot",
			Hint: "take one with `ccx snapshot -o FILE`; one made by hand starts with \"version\": 1"}
	}
	return &LoadError{Name: l.name, Message: fmt.Sprintf("version %s: this ccx reads version %d", v, Version),
		Hint: "take the snapshot again with this ccx, or update ccx"}
}

func (l *loader) checkTaken(text string) error {
	if text == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return &LoadError{Name: l.name, Message: fmt.Sprintf("taken_at %q is not a time", text),
			Hint: "write it as 2026-01-31T12:00:00Z"}
	}
	l.takenAt = at.UTC()
	return nil
}

// table reads an object whose keys are names; null stays in the table as a zero value.
func table[T any](d *decoder, into map[string]T, one func(*T) reader) reader {
	return func() (bool, error) {
		return d.entries(func(key string) error {
			var v T
			_, err := one(&v)()
			into[key] = v
			return err
		})
	}
}

// pointers reads an object whose keys are names; null stays in the table as nil.
func pointers[T any](d *decoder, into map[string]*T, one func(*T) reader) reader {
	return func() (bool, error) {
		return d.entries(func(key string) error {
			var v T
			present, err := one(&v)()
			into[key] = nil
			if present {
				into[key] = &v
			}
			return err
		})
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
