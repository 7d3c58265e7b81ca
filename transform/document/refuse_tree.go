package document

import (
	"strconv"
	"strings"
)

// word names a token for a person.
func (t *token) word() string {
	switch t.kind {
	case streamEnd:
		return "the end of the text"
	case documentStart:
		return "`---`"
	case documentEnd:
		return "`...`"
	case flowSequenceEnd:
		return "`]`"
	case flowMappingEnd:
		return "`}`"
	case flowSequenceStart:
		return "`[`"
	case flowMappingStart:
		return "`{`"
	case flowComma:
		return "`,`"
	case valueMark:
		return "`:`"
	case blockEntry, blockSequenceStart:
		return "a list item"
	case keyMark, blockMappingStart:
		return "a key"
	case anchorName:
		return "an anchor"
	case aliasName:
		return "an alias"
	case tagName:
		return "a tag"
	case directive:
		return "a directive"
	}
	return "text"
}

// refuseContent refuses a token that stands where a value is due.
func (c *composer) refuseContent(inBlock bool) {
	t := c.peek()
	hint := ""
	if !inBlock && (t.kind == flowComma || t.kind == valueMark) {
		hint = "delete one of the commas, or write the value"
	}
	refuse(t.start, t.end, "expected a value, but here is "+t.word(), hint)
}

// refuseLine refuses a token that stands where the next entry of the block collection n is due, or its end.
func (c *composer) refuseLine(n *tree) {
	t := c.peek()
	line := strconv.Itoa(lineOf(c.src, n.start))
	before := c.src[t.start-bytesOfColumn(c.src[:t.start]) : t.start]
	switch {
	case t.kind != streamEnd && strings.TrimLeft(string(before), " -?") != "":
		refuse(t.start, c.trimmedEnd(t), "text after the end of the value on this line",
			"quote the whole value; inside single quotes, write a quote twice")
	case n.form == mapping && (t.kind == blockEntry || t.kind == blockSequenceStart):
		refuse(t.start, t.end, "a list item among the keys of the mapping that starts on line "+line,
			"indent it under the key whose list it belongs to")
	case t.kind == scalarText || t.kind == blockMappingStart || t.kind == keyMark || t.kind == flowMappingStart || t.kind == flowSequenceStart:
		what := "the mapping"
		if n.form == sequence {
			what = "the list"
		}
		refuse(t.start, c.trimmedEnd(t), "this does not line up with "+what+" that starts on line "+line,
			"its lines start at column "+strconv.Itoa(n.column+1)+": indent this one like them, or quote a value that holds quotes or brackets")
	}
	refuse(t.start, t.end, t.word()+" can't stand here", "quote the value if it is part of one")
}

// refuseFlow refuses a token that stands where a comma or the end of the brackets is due.
func (c *composer) refuseFlow(open token, last kind) {
	t := c.peek()
	closing := token{kind: last}
	line := strconv.Itoa(lineOf(c.src, open.start))
	if t.kind == streamEnd || t.kind == documentStart || t.kind == documentEnd {
		refuse(open.start, open.end, "this bracket is never closed", "add the closing "+closing.word())
	}
	if t.kind == valueMark && lineOf(c.src, t.start) != lineOf(c.src, open.start) {
		refuse(t.start, t.end, "the bracket of line "+line+" is still open here", "add the closing "+closing.word()+" above, or the missing `,`")
	}
	refuse(t.start, max(t.end, t.start+1), "expected `,` or "+closing.word()+" for the bracket of line "+line+", but here is "+t.word(),
		"add what is missing, or quote a value that holds brackets, commas or `: `")
}

// trimmedEnd returns the end of the line that a token stands on, without blanks.
func (c *composer) trimmedEnd(t *token) int {
	end := t.start
	for i := t.start; !c.lineEndAt(i); i++ {
		if !c.gapAt(i) {
			end = i + 1
		}
	}
	return end
}

// refuseAfterEnd refuses text after the whole document, or after directives.
func (c *composer) refuseAfterEnd(directives bool) {
	t := c.peek()
	if directives {
		refuse(t.start, c.trimmedEnd(t), "a line that starts with % needs a `---` below it", "add a line `---`, or delete the % line")
	}
	refuse(t.start, c.trimmedEnd(t), "the document has ended, and here is "+t.word(),
		"check the indentation: a line that starts further left than the first one ends the document")
}

// lineOf returns the line, from 1, that holds an offset.
func lineOf(src []byte, offset int) int {
	line := 1
	for i := 0; i < offset; {
		n := breakLen(src, i)
		if n > 0 {
			line++
		}
		i += max(n, 1)
	}
	return line
}
