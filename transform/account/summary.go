package account

import (
	"maps"
	"slices"
)

// Count says how many things of a kind the facts hold, those included that are known not to exist.
type Count struct {
	N         int
	One, Many string // the kind, in words
}

// Counts returns what the facts hold, in the order of the snapshot.
func (f *Facts) Counts() []Count {
	roles, profiles := Count{One: "role", Many: "roles"}, Count{One: "instance profile", Many: "instance profiles"}
	policies := Count{One: "managed policy", Many: "managed policies"}
	for _, part := range f.contents.iam {
		roles.N += len(part.roles)
		profiles.N += len(part.profiles)
		policies.N += len(part.policies)
	}
	absent := 0
	for _, part := range f.contents.iam {
		absent += len(part.notFound)
	}
	return []Count{
		roles, profiles, policies, {absent, "name that IAM does not know", "names that IAM does not know"},
		{len(f.buckets), "bucket", "buckets"}, {len(f.keys), "key", "keys"}, {len(f.repositories), "repository", "repositories"},
		{len(f.resource), "resource policy", "resource policies"}, {len(f.organization), "place in an organization", "places in organizations"},
	}
}

// Empty reports whether nothing at all is known; who asked does not count.
func (f *Facts) Empty() bool {
	if f == nil {
		return true
	}
	for _, c := range f.Counts() {
		if c.N > 0 {
			return false
		}
	}
	return len(f.blocks)+len(f.endpoints) == 0
}

// UnreadFact is a fact that was not read, by its key in the snapshot.
type UnreadFact struct {
	Key string
	Unread
}

// Unreads lists what was asked for and not read, sorted by key.
func (f *Facts) Unreads() []UnreadFact {
	if f == nil {
		return nil
	}
	var out []UnreadFact
	for _, key := range slices.Sorted(maps.Keys(f.unread)) {
		out = append(out, UnreadFact{key, f.unread[key]})
	}
	return out
}
