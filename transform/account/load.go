package account

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Version is the version of the snapshot format.
const Version = 1

// Load reads a snapshot. name stands in messages and in Provenance. Of a file, an *os.File say, the IAM entries are left
// in it and read when they are asked for, so r must stay open and unchanged; anything else is taken into memory. An error
// is a *LoadError.
func Load(name string, r io.Reader) (*Facts, error) {
	from, err := openOrigin(name, r)
	if err == nil {
		err = from.sniff()
	}
	if err != nil {
		return nil, err
	}
	d, digest := from.whole()
	l := loader{decoder: d, contents: newContents()}
	if err := l.load(); err != nil {
		return nil, err
	}
	return &Facts{name: or(name, "snapshot"), digest: digest(), contents: l.contents}, nil
}

// loader fills contents from a file.
type loader struct {
	*decoder
	contents
	version string // as it is written; empty: not met yet
}

func (l *loader) load() error {
	taken := ""
	top := fields{
		"version": l.number(&l.version), "taken_at": l.word(&taken), "endpoint": l.word(&l.endpoint),
		"taken_by": func() (bool, error) {
			var id Identity
			present, err := l.identity(&id)()
			if present {
				l.takenBy = &id
			}
			return present, err
		},
		"iam":                  l.accounts,
		"resource_policies":    table(l.decoder, l.resource, arnKey, func(d **Document) reader { return l.document(d) }),
		"buckets":              pointers(l.decoder, l.buckets, anyKey, l.bucket),
		"organization":         pointers(l.decoder, l.organization, accountKey, l.organizationOf),
		"public_access_blocks": pointers(l.decoder, l.blocks, accountKey, l.block),
		"keys":                 byARN(l, l.keys, l.key, func(k *KeyDetail) string { return k.Metadata.ARN }, SplitKey),
		"repositories":         byARN(l, l.repositories, l.repository, func(r *RepositoryDetail) string { return r.ARN }, SplitRepository),
		"vpc_endpoints":        table(l.decoder, l.endpoints, anyKey, l.raw),
		"unread":               table(l.decoder, l.unread, anyKey, l.reason),
	}
	_, err := l.entries(func(key string) error {
		read, ok := top[key]
		if !ok {
			return l.unknown(key, top)
		}
		_, err := read()
		return err
	})
	if err == nil {
		err = l.end()
	}
	if err == nil || l.version != "" {
		return first(l.checkVersion(), err, l.checkTaken(taken), l.checkUnread())
	}
	return err
}

// unknown explains a key at the top. A misspelt one is told apart from a file of a newer version, and from something else.
func (l *loader) unknown(key string, top fields) error {
	misspelt := l.unknownKey(key, top)
	message, hint := fmt.Sprintf("unknown key %q", key), again
	if slices.Contains([]string{"RoleDetailList", "UserDetailList", "GroupDetailList", "Policies"}, key) {
		hint = `put what get-account-authorization-details prints under "iam": {"ACCOUNT": ...}`
	}
	other := l.fail(message, hint)
	for l.version == "" && l.SkipValue() == nil && l.PeekKind() == '"' {
		if name, _ := l.value(); unquote(name) == "version" && l.PeekKind() == '0' {
			number, _ := l.value()
			l.version = string(number)
		}
	}
	if l.version == "" && nearest(key, top) == "" {
		return other
	}
	return misspelt
}

// end makes sure that nothing follows the object.
func (l *loader) end() error {
	if l.PeekKind() == 0 {
		if _, err := l.ReadToken(); err == io.EOF {
			return nil
		}
	}
	return l.failAt(l.upcoming(), "something follows the end of the snapshot", "keep one snapshot a file")
}

func (l *loader) checkVersion() error {
	switch l.version {
	case "1":
		return nil
	case "":
		return &LoadError{Name: l.from.name, Message: "no version: this is not a snapshot",
			Hint: "take one with `ccx snapshot -o FILE`; one made by hand starts with \"version\": 1"}
	}
	return &LoadError{Name: l.from.name, Message: fmt.Sprintf("version %s: this ccx reads version %d", l.version, Version),
		Hint: "take the snapshot again with this ccx, or update ccx"}
}

// checkUnread refuses a fact that stands in its place and under unread, too: nobody could say which of the two is true.
func (l *loader) checkUnread() error {
	for _, key := range slices.Sorted(maps.Keys(l.unread)) {
		resource, isPolicy := strings.CutPrefix(key, ResourcePolicyKey(""))
		name, part, isPart := strings.Cut(strings.TrimPrefix(key, BucketKey("")), "/")
		_, read := l.resource[resource]
		twice := isPolicy && read
		if b := l.buckets[name]; b != nil && isPart && strings.HasPrefix(key, BucketKey("")) {
			twice = map[string]bool{
				OwnerPart: b.Account != "", EncryptionPart: b.Encryption.Read, OwnershipPart: b.Ownership.Read, PublicAccessBlockPart: b.Block.Read,
			}["/"+part]
		}
		if twice {
			return &LoadError{Name: l.from.name, Message: fmt.Sprintf("%s stands in its place and under unread", key), Hint: "take one of them out"}
		}
	}
	return nil
}

func (l *loader) checkTaken(text string) error {
	if text == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return &LoadError{Name: l.from.name, Message: fmt.Sprintf("taken_at %q is not a time", text),
			Hint: "write it as 2026-01-31T12:00:00Z"}
	}
	l.takenAt = at.UTC()
	return nil
}

// keyCheck says what is wrong with the key of a table: under a name of another kind nobody would find the fact.
type keyCheck func(key string) (message, hint string)

func anyKey(string) (message, hint string) { return "", "" }

func accountKey(key string) (message, hint string) {
	if len(key) != 12 || strings.Trim(key, "0123456789") != "" {
		return fmt.Sprintf("%q is not an account id", key), "write its 12 digits"
	}
	return "", ""
}

func arnKey(key string) (message, hint string) {
	if !arn.IsARN(key) {
		return fmt.Sprintf("%q is not an ARN", key), "write it in full, such as arn:aws:s3:::NAME for a bucket"
	}
	return "", ""
}

// table reads an object whose keys are names; null stays in the table as a zero value.
func table[T any](d *decoder, into map[string]T, check keyCheck, one func(*T) reader) reader {
	return func() (bool, error) {
		return d.entries(func(key string) error {
			if message, hint := check(key); message != "" {
				return d.fail(message, hint)
			}
			var v T
			_, err := one(&v)()
			into[key] = v
			return err
		})
	}
}

// pointers reads an object whose keys are names; null stays in the table as nil.
func pointers[T any](d *decoder, into map[string]*T, check keyCheck, one func(*T) reader) reader {
	return func() (bool, error) {
		return d.entries(func(key string) error {
			if message, hint := check(key); message != "" {
				return d.fail(message, hint)
			}
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
