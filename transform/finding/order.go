package finding

import (
	"cmp"
	"slices"
)

// Sort puts findings in their one total order: by file, place, weight (errors first), code as in the table, and text, so that the
// same facts always give the same report.
func Sort(fs []Finding) {
	slices.SortStableFunc(fs, compare)
}

func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Place.File, b.Place.File),
		cmp.Compare(a.Place.Line, b.Place.Line),
		cmp.Compare(a.Place.Column, b.Place.Column),
		cmp.Compare(b.Level, a.Level),
		cmp.Compare(b.Status, a.Status),
		cmp.Compare(rank(a.Code), rank(b.Code)),
		cmp.Compare(a.Message, b.Message),
	)
}

func rank(c Code) int { return slices.IndexFunc(table, func(r Row) bool { return r.Code == c }) }
