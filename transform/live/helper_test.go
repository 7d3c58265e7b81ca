package live

import (
	"maps"
	"slices"

	"ccx/transform/live/fakeaws"
)

// The fake's names, in short.
const (
	ours, theirs, management       = fakeaws.Ours, fakeaws.Theirs, fakeaws.Management
	orgID, rootID, unitID, innerID = fakeaws.OrgID, fakeaws.RootID, fakeaws.UnitID, fakeaws.InnerID
	keyOurs, keyTheirs             = fakeaws.KeyOurs, fakeaws.KeyTheirs
	repoOurs, repoTheirs           = fakeaws.RepoOurs, fakeaws.RepoTheirs
)

// operations are all calls of this package.
var operations = fakeaws.Operations

// keys returns the sorted keys of a set.
func keys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
