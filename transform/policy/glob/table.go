package glob

import "slices"

// table numbers rows of the same width in the order in which they are added, each once. It keeps them in one slice and
// finds them by open addressing: a map of strings would cost an allocation a row.
type table struct {
	width int
	cells []uint16
	slots []int32 // row number + 1; 0 is free
}

func newTable(width int) table {
	return table{width: width, slots: make([]int32, 64)}
}

func (t *table) len() int { return len(t.cells) / t.width }

func (t *table) row(i int) []uint16 { return t.cells[i*t.width : (i+1)*t.width] }

// add adds a row and reports whether it was new.
func (t *table) add(row []uint16) bool {
	i := t.slot(row)
	if t.slots[i] != 0 {
		return false
	}
	t.cells = append(t.cells, row...)
	t.slots[i] = int32(t.len())
	if t.len()*2 > len(t.slots) {
		t.grow()
	}
	return true
}

// slot returns the place of a row: the one that holds it, or a free one.
func (t *table) slot(row []uint16) int {
	h := uint64(14695981039346656037) // FNV-1a
	for _, c := range row {
		h = (h ^ uint64(c)) * 1099511628211
	}
	mask := len(t.slots) - 1
	i := int((h ^ h>>32) & uint64(mask))
	for t.slots[i] != 0 && !slices.Equal(t.row(int(t.slots[i])-1), row) {
		i = (i + 1) & mask
	}
	return i
}

func (t *table) grow() {
	t.slots = make([]int32, 2*len(t.slots))
	for i := range t.len() {
		t.slots[t.slot(t.row(i))] = int32(i) + 1
	}
}
