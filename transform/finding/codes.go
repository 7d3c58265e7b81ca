package finding

import "slices"

// Code names a check. Codes are stable: scripts, waivers and the README's anchors rely on them.
type Code string

// Row describes a code: one row a code, the only list of them.
type Row struct {
	Code    Code
	Level   Level  // the level of a fail or unknown
	Summary string // what holds when the check passes
	Help    string // `ccx help CODE`: why it matters and how to mend it
}

// Level returns the code's level; an unknown code is an Error, which a test rules out.
func (c Code) Level() Level {
	if row, ok := Lookup(c); ok {
		return row.Level
	}
	return Error
}

// Lookup finds a code's row.
func Lookup(c Code) (Row, bool) {
	i := slices.IndexFunc(table, func(r Row) bool { return r.Code == c })
	if i < 0 {
		return Row{}, false
	}
	return table[i], true
}

// Table returns all rows in the order of the documentation.
func Table() []Row { return slices.Clone(table) }

// Names returns all codes as texts, in the same order.
func Names() []string {
	names := make([]string, len(table))
	for i, row := range table {
		names[i] = string(row.Code)
	}
	return names
}
