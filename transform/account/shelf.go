package account

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// shelf holds named entries: those of a live run at hand, those of a snapshot in its file until somebody asks for them.
type shelf[T any] map[string]func() (*T, error)

// put keeps an entry at hand.
func (s shelf[T]) put(name string, v *T) { s[name] = func() (*T, error) { return v, nil } }

// leave keeps an entry where get reads it from, once.
func (s shelf[T]) leave(name string, get func() (*T, error)) { s[name] = sync.OnceValues(get) }

func (s shelf[T]) has(name string) bool { return s[name] != nil }

// get returns an entry, or nil when there is none of that name. An error says that it is there and can't be read any more.
func (s shelf[T]) get(name string) (*T, error) {
	if entry := s[name]; entry != nil {
		return entry()
	}
	return nil, nil
}

// sorted returns the entries in the order of their names.
func (s shelf[T]) sorted() ([]T, error) {
	out := make([]T, 0, len(s))
	for _, name := range slices.Sorted(maps.Keys(s)) {
		v, err := s[name]()
		if err != nil {
			return nil, err
		}
		out = append(out, *v)
	}
	return out, nil
}

// spelled returns the name under which a map has an entry: name itself, or, unless AWS said that there is none of it, one
// that differs in case only. IAM does not tell names apart by case.
func spelled[T any](m map[string]T, name string, notFound bool) string {
	if _, ok := m[name]; ok || notFound {
		return name
	}
	for _, n := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(n, name) {
			return n
		}
	}
	return name
}
