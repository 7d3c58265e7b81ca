package schema

import (
	"net/url"
	"strconv"
	"strings"
)

// cut splits a pointer before its last step.
func cut(pointer string) (holder, last string) {
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 {
		return "", pointer
	}
	return pointer[:i], pointer[i+1:]
}

// unescape reads one step of a pointer (RFC 6901, section 4).
func unescape(step string) string {
	return strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
}

// decoded takes the percent-encoding off a pointer as the library writes it, as the fragment of a URL.
func decoded(fragment string) string {
	if pointer, err := url.PathUnescape(fragment); err == nil {
		return pointer
	}
	return fragment
}

// lookup follows a pointer through decoded JSON; nil where it leads nowhere.
func lookup(v any, pointer string) any {
	if pointer == "" {
		return v
	}
	for _, step := range strings.Split(pointer[1:], "/") {
		switch at := v.(type) {
		case map[string]any:
			v = at[unescape(step)]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}
