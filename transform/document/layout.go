package document

// lineStart returns the offset of the first byte of the line that holds an offset, after a byte order mark.
func (d *Document) lineStart(offset int) int {
	start := offset - bytesOfColumn(d.Src[:offset])
	if start == 0 && len(d.Src) >= len(byteOrderMark) && string(d.Src[:len(byteOrderMark)]) == byteOrderMark {
		return min(len(byteOrderMark), offset)
	}
	return start
}

// lineEnd returns the offset where the line that holds an offset ends, before its line break.
func (d *Document) lineEnd(offset int) int {
	for offset < len(d.Src) && breakLen(d.Src, offset) == 0 {
		offset++
	}
	return offset
}

// nextLine returns the offset after the line break of the line that holds an offset.
func (d *Document) nextLine(offset int) int {
	end := d.lineEnd(offset)
	return end + breakLen(d.Src, end)
}

// blank reports whether [start, end) holds blanks only.
func (d *Document) blank(start, end int) bool {
	for ; start < end; start++ {
		if !blankByte(d.Src[start]) {
			return false
		}
	}
	return true
}

// startsLine reports whether only blanks stand before an offset on its line.
func (d *Document) startsLine(offset int) bool { return d.blank(d.lineStart(offset), offset) }

// sameLine reports whether no line breaks between two offsets.
func (d *Document) sameLine(a, b int) bool { return d.lineEnd(a) >= b }

// after returns where lines can be put in after something that ends at an offset, and whether the line that holds it
// has no line break, so that one is needed first.
func (d *Document) after(end int) (offset int, atEnd bool) {
	if end > 0 && breakEndLen(d.Src[:end]) > 0 {
		return end, false // a block scalar with + ends at the start of a line
	}
	offset = d.nextLine(end)
	return offset, d.lineEnd(end) == offset
}

// breakAt returns the line break to use at an offset: that of its line or of the one above, else the text's first.
func (d *Document) breakAt(offset int) string {
	end := d.lineEnd(offset)
	if b := plainBreak(d.Src[end : end+breakLen(d.Src, end)]); b != "" {
		return b
	}
	start := d.lineStart(offset)
	if b := plainBreak(d.Src[start-breakEndLen(d.Src[:start]) : start]); b != "" {
		return b
	}
	for i := 0; i < len(d.Src); i++ {
		if b := plainBreak(d.Src[i : i+breakLen(d.Src, i)]); b != "" {
			return b
		}
	}
	return "\n"
}

// plainBreak returns a line break that every program knows as one, or "".
func plainBreak(b []byte) string {
	switch string(b) {
	case "\n", "\r\n", "\r":
		return string(b)
	}
	return ""
}

// step returns how far the text indents the keys below a key of m: as its neighbours do, else as m itself is indented,
// else as the first mapping of the text, else 2.
func (d *Document) step(m *tree) int {
	for t := m; t != nil; t = t.parent {
		if n := stepBelow(t); n > 0 {
			return n
		}
	}
	for _, r := range d.parts {
		if n := anyStep(r.tree); n > 0 {
			return n
		}
	}
	return 2
}

// stepBelow returns the indentation of the first block mapping that is a value in m.
func stepBelow(m *tree) int {
	if m.form != mapping || m.style != block {
		return 0
	}
	for _, c := range m.children {
		if c.value.form == mapping && c.value.style == block && c.value.column > m.column {
			return c.value.column - m.column
		}
	}
	return 0
}

func anyStep(t *tree) int {
	if n := stepBelow(t); n > 0 {
		return n
	}
	for _, c := range t.children {
		if n := anyStep(c.value); n > 0 {
			return n
		}
	}
	return 0
}

// writerFor returns a writer for new entries of m.
func (d *Document) writerFor(m *tree) writer {
	w := writer{style: plain, lineBreak: d.breakAt(m.end), step: d.step(m)}
	for t := m; t != nil && t.style == flow; t = t.parent {
		if t.form == mapping && len(t.children) > 0 {
			if t.children[0].key.style == double {
				w.style = double
			}
			break
		}
	}
	return w
}
