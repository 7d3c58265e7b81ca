package document

import (
	"fmt"
	"strings"
)

// Block returns the source of n's value as a Block: dedented, comments and quotes kept. A root's is a block of lines.
func (n *Node) Block() (Block, error) {
	if n == nil {
		return "", fmt.Errorf("there is no value to move")
	}
	t, d := n.tree, n.doc
	c := t.entry()
	if c == nil {
		return d.rootBlock(t), nil
	}
	if c.mark < 0 || c.key == nil {
		return Block(" " + string(d.Src[t.props:t.end])), nil
	}
	end := t.end
	if t.parent.style == block {
		end = d.lineEnd(max(c.end()-breakEndLen(d.Src[:c.end()]), c.mark))
		end = max(end, c.end())
	}
	if t.parent.style == flow {
		return Block(" " + string(d.Src[t.props:end])), nil
	}
	return Block(d.dedent(c.mark, end, t.parent.column)), nil
}

// rootBlock returns a root's lines, indented by two columns.
func (d *Document) rootBlock(t *tree) Block {
	if t.style != block || t.form == scalar {
		return Block(" " + string(d.Src[t.start:t.end]))
	}
	end := max(d.lineEnd(t.end-breakEndLen(d.Src[:t.end])), t.end)
	text := d.dedent(d.lineStart(t.start), end, t.column)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "  " + line
		}
	}
	return Block("\n" + strings.Join(lines, "\n"))
}

// dedent returns a piece of the text with up to column blanks less at the start of each line and LF line ends.
func (d *Document) dedent(start, end, column int) string {
	var b strings.Builder
	for i := start; i < end; {
		if i > start || i == d.lineStart(i) {
			for n := 0; n < column && i < end && d.Src[i] == ' '; n++ {
				i++
			}
		}
		stop := min(d.lineEnd(i), end)
		b.Write(d.Src[i:stop])
		i = stop + breakLen(d.Src, stop)
		if stop < end {
			if plainBreak(d.Src[stop:i]) != "" {
				b.WriteByte('\n')
			} else {
				b.Write(d.Src[stop:i])
			}
		}
	}
	return b.String()
}

// RemoveRoot returns the edits that take document i out of the text, with the --- that opens it and its comments.
func (d *Document) RemoveRoot(i int) ([]Edit, error) {
	if len(d.parts) < 2 || i < 0 || i >= len(d.parts) {
		return nil, fmt.Errorf("only one of several YAML documents can be taken out")
	}
	e := editor{doc: d}
	start := d.parts[i].start
	e.add(start, d.parts[i].end-start, "", 0)
	return e.edits, nil
}

// Unwrap returns the edits that make n the whole of its document: everything around it goes, its lines move to the
// left. Comments above the document stay.
func (n *Node) Unwrap() ([]Edit, error) {
	if n == nil || n.tree.parent == nil {
		return nil, fmt.Errorf("there is nothing to unwrap")
	}
	t, d := n.tree, n.doc
	if t.form == alias {
		return nil, fmt.Errorf("line %d: an alias can't stand alone", lineOf(d.Src, t.start))
	}
	top := t
	for top.parent != nil {
		top = top.parent
	}
	e := editor{doc: d}
	if t.style != block {
		e.add(top.props, t.start-top.props, "", 0)
		e.add(t.end, max(top.end-t.end, 0), "", 0)
		return e.edits, nil
	}
	line := d.lineStart(t.start)
	if d.startsLine(t.start) {
		e.add(d.lineStart(top.props), line-d.lineStart(top.props), "", 0)
	} else { // behind a dash
		e.add(d.lineStart(top.props), t.start-d.lineStart(top.props), "", 0)
		line = d.nextLine(t.start)
	}
	last, _ := d.after(t.end)
	for ; line < last; line = d.nextLine(line) {
		e.add(line, min(d.indentOf(line), t.column), "", 0)
	}
	if stop, _ := d.after(top.end); stop > last {
		e.add(last, stop-last, "", 0)
	}
	return e.edits, nil
}
