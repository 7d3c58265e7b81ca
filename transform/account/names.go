package account

import (
	"slices"
	"strings"
)

// keySet holds the keys of an object, of which there are few in most.
type keySet struct {
	few  []string
	many map[string]bool
}

// add reports whether the key is a new one.
func (s *keySet) add(key string) bool {
	if s.many[key] || slices.Contains(s.few, key) {
		return false
	}
	if len(s.few) < 16 {
		s.few = append(s.few, key)
		return true
	}
	if s.many == nil {
		s.many = map[string]bool{}
	}
	s.many[key] = true
	return true
}

// slip reports whether an unknown key is likely to be a slip of the pen for a known one.
func slip(key, meant string) bool {
	apart := len(key) - len(meant)
	return strings.EqualFold(key, meant) || len(meant) > 5 && -2 <= apart && apart <= 2 && distance(key, meant) <= 2
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
