package glob

// dfa is a pattern made deterministic step by step. A state is the set of positions that the text read so far can have
// reached. Once a later star is reached, everything before it is redundant: that star can absorb whatever the earlier
// positions still wait for. So a pattern without '?' has at most one state a position.
type dfa struct {
	elems  []elem
	states []state
	index  map[string]uint16
	cells  *int // transitions that may still be stored, shared by all automata of a walk
	scratch
}

// state is one set of positions with what is known of its future.
type state struct {
	set     []uint16 // positions, ascending, from the last star reached on
	next    []uint16 // by symbol; unset where not yet computed
	accepts bool
	symbols []uint16 // the symbols that some position waits for: any other symbol acts like "other"
}

type scratch struct {
	seen []bool
	set  []uint16
	key  []byte
}

const (
	unset     = 0xffff
	deadState = 0 // nothing matches any more
	fullState = 1 // everything matches from here on
	maxStates = 1 << 13
)

func newDFA(elems []elem, cells *int) *dfa {
	d := &dfa{elems: elems, index: map[string]uint16{}, cells: cells}
	d.seen = make([]bool, len(elems)+1)
	d.states = append(d.states, state{}, state{accepts: true})
	return d
}

// start returns the state of the given positions.
func (d *dfa) start(positions []bool, alpha *alphabet) uint16 {
	clear(d.seen)
	for i, live := range positions {
		if live {
			d.reach(i)
		}
	}
	return d.intern(alpha)
}

// reach marks a position and those that a star lets be reached without reading.
func (d *dfa) reach(i int) {
	for {
		d.seen[i] = true
		if i == len(d.elems) || d.elems[i].kind != star {
			return
		}
		i++
	}
}

// step returns the state after one more symbol; ok is false when there are too many states.
func (d *dfa) step(from uint16, sym uint16, alpha *alphabet) (to uint16, ok bool) {
	if from <= fullState {
		return from, true
	}
	if to = d.states[from].next[sym]; to != unset {
		return to, true
	}
	if len(d.states) >= maxStates || *d.cells < 0 {
		return 0, false
	}
	clear(d.seen)
	r := alpha.runes[sym]
	for _, p := range d.states[from].set {
		if int(p) == len(d.elems) {
			continue
		}
		switch e := d.elems[p]; {
		case e.kind == star:
			d.reach(int(p))
		case e.takes(r):
			d.reach(int(p) + 1)
		}
	}
	to = d.intern(alpha)
	d.states[from].next[sym] = to
	return to, true
}

// intern returns the state of the marked positions, making it when it is new.
func (d *dfa) intern(alpha *alphabet) uint16 {
	last := 0
	for i := len(d.elems) - 1; i >= 0; i-- {
		if d.seen[i] && d.elems[i].kind == star {
			last = i
			break
		}
	}
	d.set, d.key = d.set[:0], d.key[:0]
	for i := last; i <= len(d.elems); i++ {
		if d.seen[i] {
			d.set = append(d.set, uint16(i))
			d.key = append(d.key, byte(i), byte(i>>8))
		}
	}
	if len(d.set) == 0 {
		return deadState
	}
	if last == len(d.elems)-1 && d.elems[last].kind == star {
		return fullState
	}
	if id, ok := d.index[string(d.key)]; ok {
		return id
	}
	return d.add(alpha)
}

// add makes a new state of the positions in d.set.
func (d *dfa) add(alpha *alphabet) uint16 {
	id := uint16(len(d.states))
	*d.cells -= len(alpha.runes)
	s := state{set: append([]uint16(nil), d.set...), next: make([]uint16, len(alpha.runes))}
	for i := range s.next {
		s.next[i] = unset
	}
	for _, p := range s.set {
		if int(p) == len(d.elems) {
			s.accepts = true
		} else if e := d.elems[p]; e.kind == literal {
			s.symbols = append(s.symbols, alpha.symbol(e.r))
			if e.alt != e.r {
				s.symbols = append(s.symbols, alpha.symbol(e.alt))
			}
		}
	}
	d.states = append(d.states, s)
	d.index[string(d.key)] = id
	return id
}
