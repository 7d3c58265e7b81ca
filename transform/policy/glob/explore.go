package glob

import "slices"

// Budget is the number of product states that Explore visits before it gives up. Real policies need about a hundred.
const Budget = 1 << 12

// maxCells bounds the memory of a walk: states times patterns, two bytes each.
const maxCells = 1 << 21

// maxTransitions bounds the memory of the automata of one walk, two bytes each.
const maxTransitions = 1 << 22

// maxLength is the longest pattern, in characters, that a walk takes: AWS's policies end at 20,480.
const maxLength = 1 << 15

// Signature says which atoms a string matches.
type Signature []bool

// Explore finds every combination of atoms that some string of within can match. It calls visit once for each, with
// the shortest such string, in the order of their lengths; where characters can be chosen it prefers printable ones.
// It stops early when visit returns false. It returns false when it gave up at its budget: combinations may then be
// missing, but those already visited are true.
//
// It walks breadth first through the product of the patterns' automata.
// Signature is reused: visit must copy what it keeps.
func Explore(within Pattern, atoms []Pattern, visit func(Signature, string) bool) bool {
	for _, p := range append(atoms[:len(atoms):len(atoms)], within) {
		if len(p.prefix)+len(p.rest) > maxLength {
			return false
		}
	}
	return newWalk(within, atoms, visit).run()
}

// walk is one breadth-first search. A product state is a row of cells: the state of within, then of each live atom.
type walk struct {
	alpha *alphabet
	auto  []*dfa // 0 is within, then the live atoms
	live  []int  // live[i] is the atom that auto[i+1] belongs to
	lead  string // what every string of within begins with
	first []uint16

	rows   table
	parent []int32
	symbol []uint16

	seen  map[string]bool
	sig   Signature
	key   []byte
	visit func(Signature, string) bool

	next, relevant []uint16
	stamp          []int32
}

// newWalk reads the literal beginning of within once for all atoms, so that the walk starts where they can differ.
func newWalk(within Pattern, atoms []Pattern, visit func(Signature, string) bool) *walk {
	w := &walk{lead: within.prefix, sig: make(Signature, len(atoms)), seen: map[string]bool{}, visit: visit}
	rest := within.rest
	parts := [][]elem{rest}
	starts := [][]bool{{true}}
	for i, a := range atoms {
		elems, at := read(a.elems(), w.lead)
		n := len(elems)
		switch {
		case elems == nil:
		case n > 0 && elems[n-1].kind == star && at[n]:
			w.sig[i] = true
		case overlap(rest, elems, append([]bool(nil), at...)):
			w.live = append(w.live, i)
			parts, starts = append(parts, elems), append(starts, at)
		}
	}
	w.alpha = newAlphabet(parts...)
	cells := maxTransitions
	for i, elems := range parts {
		d := newDFA(elems, &cells)
		w.auto = append(w.auto, d)
		w.first = append(w.first, d.start(starts[i], w.alpha))
	}
	w.rows = newTable(len(w.auto))
	w.next = make([]uint16, len(w.auto))
	w.stamp = make([]int32, len(w.alpha.runes))
	return w
}

// read returns the part of a pattern that still matters after it has read lead, and the positions in it that lead can
// have reached; nil when none.
func read(elems []elem, lead string) ([]elem, []bool) {
	d := newDFA(elems, nil)
	at := make([]bool, len(elems)+1)
	d.reach(0)
	copy(at, d.seen)
	for _, r := range lead {
		clear(d.seen)
		for p, live := range at[:len(elems)] {
			if e := elems[p]; live && e.kind == star {
				d.reach(p)
			} else if live && e.takes(r) {
				d.reach(p + 1)
			}
		}
		copy(at, d.seen)
	}
	for p, live := range at {
		if live {
			return elems[p:], at[p:]
		}
	}
	return nil, nil
}

// run walks until every product state was seen, the budget is used up, or visit has had enough.
func (w *walk) run() bool {
	w.rows.add(w.first)
	w.parent, w.symbol = append(w.parent, -1), append(w.symbol, 0)
	for i := 0; i < w.rows.len(); i++ {
		if !w.report(i) {
			return true
		}
		if !w.expand(i) {
			return false
		}
	}
	return true
}

// expand adds the states one symbol further; it returns false at the budget.
func (w *walk) expand(i int) bool {
	for _, sym := range w.symbols(i) {
		row := w.rows.row(i)
		for a, d := range w.auto {
			to, ok := d.step(row[a], sym, w.alpha)
			if !ok {
				return false
			}
			w.next[a] = to
		}
		if w.next[0] == deadState {
			continue
		}
		if w.rows.add(w.next) {
			w.parent, w.symbol = append(w.parent, int32(i)), append(w.symbol, sym)
			if n := w.rows.len(); n > Budget || n*len(w.auto) > maxCells {
				return false
			}
		}
	}
	return true
}

// symbols returns the symbols that can lead to different states: those that some automaton waits for, and the
// stand-in for all others.
func (w *walk) symbols(i int) []uint16 {
	w.relevant = append(w.relevant[:0], 0)
	for a, id := range w.rows.row(i) {
		for _, s := range w.auto[a].states[id].symbols {
			if w.stamp[s] != int32(i)+1 {
				w.stamp[s] = int32(i) + 1
				w.relevant = append(w.relevant, s)
			}
		}
	}
	slices.Sort(w.relevant)
	return w.relevant
}

// report visits the signature of a state in which a string of within ends, unless it was visited before.
func (w *walk) report(i int) bool {
	row := w.rows.row(i)
	if !w.auto[0].states[row[0]].accepts {
		return true
	}
	w.key = w.key[:0]
	for a, atom := range w.live {
		accepts := w.auto[a+1].states[row[a+1]].accepts
		w.sig[atom] = accepts
		if accepts {
			w.key = append(w.key, byte(a), byte(a>>8))
		}
	}
	if w.seen[string(w.key)] {
		return true
	}
	w.seen[string(w.key)] = true
	return w.visit(w.sig, w.lead+w.witness(i))
}

// witness spells the path to a state.
func (w *walk) witness(i int) string {
	var runes []rune
	for ; w.parent[i] >= 0; i = int(w.parent[i]) {
		runes = append(runes, w.alpha.runes[w.symbol[i]])
	}
	slices.Reverse(runes)
	return string(runes)
}
