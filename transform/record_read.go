package transform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// recordKeys are the keys of a record, exactly as written: encoding/json would take Identity for identity, the last of
// two, and pass over a misspelt one, and each of these may turn a deny into an allowed. What a question's collection
// says beside it (suite, expect) has no say.
var recordKeys = []string{
	"id", "tier", "request", "resource_account", "identity", "session", "boundary", "scps", "rcps", "resource_policy", "vpce", "settings",
	"suite", "name", "license", "source", "features", "principal_account", "same_account", "expect",
}

// requestKeys are those of its request.
var requestKeys = []string{"principal", "action", "resource", "context", "context_is_complete", "wildcard_only_action"}

// tiers are the words of Record.Tier.
var tiers = []string{"", "exact", "unit", "wildcard", "discovery"}

// ParseRecord reads one line. An error says what is wrong in a few words.
func ParseRecord(line []byte) (*Record, error) {
	if err := strictKeys(line, recordKeys, "the record"); err != nil {
		return nil, err
	}
	var r Record
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, plainJSON(err)
	}
	var parts struct{ Request json.RawMessage }
	var inner struct{ Context json.RawMessage }
	if json.Unmarshal(line, &parts) != nil || isNull(parts.Request) {
		return nil, errors.New("the record has no request")
	}
	if err := strictKeys(parts.Request, requestKeys, "the request"); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(parts.Request, &inner); err != nil {
		return nil, plainJSON(err)
	}
	switch {
	case !slices.Contains(tiers, r.Tier):
		return nil, fmt.Errorf("there is no tier %q", r.Tier)
	case r.Request.Action == "":
		return nil, errors.New("the request has no action")
	case !strings.Contains(r.Request.Action, ":") || strings.ContainsAny(r.Request.Action, "*? "):
		return nil, fmt.Errorf("%q is not one action of a service", r.Request.Action)
	case r.Request.Resource == "":
		return nil, errors.New("the request has no resource")
	case isNull(r.Request.Principal):
		return nil, errors.New("the request has no principal")
	}
	return &r, r.checkContext(inner.Context)
}

// checkContext refuses keys that are one key in other letters, and values that are no text.
func (r *Record) checkContext(raw json.RawMessage) error {
	if !isNull(raw) {
		if err := strictKeys(raw, nil, "the context"); err != nil {
			return err
		}
	}
	for key, value := range r.Request.Context {
		if _, ok := values(value); !ok {
			return fmt.Errorf("the context's %s must be a text or a list of texts", key)
		}
	}
	return nil
}

// strictKeys refuses an object with a key twice, in whatever letters, or, where known is given, one that is not in it.
func strictKeys(text []byte, known []string, what string) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if t, err := decoder.Token(); err != nil || t != json.Delim('{') {
		return errors.New(what + " must be an object")
	}
	seen := map[string]bool{}
	for decoder.More() {
		t, err := decoder.Token()
		if err != nil {
			return plainJSON(err)
		}
		key, _ := t.(string)
		folded := strings.ToLower(key)
		switch {
		case known != nil && !slices.Contains(known, key):
			return fmt.Errorf("%s has no key %q", what, key)
		case seen[folded]:
			return fmt.Errorf("%s has the key %q twice", what, key)
		}
		seen[folded] = true
		var skip json.RawMessage
		if err := decoder.Decode(&skip); err != nil {
			return plainJSON(err)
		}
	}
	return nil
}

// plainJSON puts encoding/json's errors into words.
func plainJSON(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("%s can't be a %s", or(kind.Field, "the record"), kind.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d", syntax.Offset)
	}
	return errors.New("not JSON: the line is cut")
}

// values reads a text, a number or a bool, or a list of these.
func values(raw json.RawMessage) ([]string, bool) {
	var list []json.RawMessage
	if isNull(raw) || json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var out []string
	for _, item := range list {
		var text string
		switch {
		case isNull(item) || item[0] == '{' || item[0] == '[':
			return nil, false
		case json.Unmarshal(item, &text) != nil:
			text = string(item) // a number or a bool, as AWS compares it: by its text
		}
		out = append(out, text)
	}
	return out, true
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }
