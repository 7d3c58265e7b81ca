package document

// blockSequence reads the items of a sequence whose start (or, when dense, first dash) is t.
func (c *composer) blockSequence(n *tree, t token) {
	n.form, n.style, n.start, n.column = sequence, block, t.start, t.column
	for {
		dash, ok := c.take(blockEntry)
		if !ok {
			break
		}
		item := child{mark: dash.start, begin: dash.start}
		switch k := c.peek().kind; {
		case k == blockEntry, k == blockEnd, n.dense && (k == keyMark || k == valueMark):
			item.value = c.empty(dash.end, true)
		default:
			item.value = c.node(true, false)
		}
		n.end = item.value.end
		n.children = append(n.children, item)
	}
	if n.dense {
		return
	}
	if _, ok := c.take(blockEnd); !ok {
		c.refuseLine(n)
	}
}

// blockMapping reads the entries of a mapping.
func (c *composer) blockMapping(n *tree, t token) {
	n.form, n.style, n.start, n.column = mapping, block, t.start, t.column
	for {
		entry := child{mark: -1}
		switch t := c.peek(); t.kind {
		case keyMark:
			entry.begin = t.start
			end := c.next().end
			entry.key = c.blockPart(end)
		case blockEnd:
			c.next()
			return
		default:
			// PyYAML lets a value without a key in only after a key, so it ends up here too.
			c.refuseLine(n)
		}
		if t, ok := c.take(valueMark); ok {
			entry.mark = t.end
			entry.value = c.blockPart(t.end)
		} else {
			entry.value = c.empty(entry.key.end, false)
		}
		n.end = max(entry.key.end, entry.mark, entry.value.end)
		n.children = append(n.children, entry)
	}
}

// blockPart reads a key or a value of a block mapping, which may be left out.
func (c *composer) blockPart(at int) *tree {
	switch c.peek().kind {
	case keyMark, valueMark, blockEnd:
		return c.empty(at, true)
	}
	return c.node(true, true)
}

// flowSequence reads what stands between [ and ].
func (c *composer) flowSequence(n *tree, t token) {
	n.form, n.style, n.start, n.column = sequence, flow, t.start, t.column
	for first := true; ; first = false {
		if end, ok := c.take(flowSequenceEnd); ok {
			n.end = end.end
			return
		}
		if !first {
			c.comma(t, flowSequenceEnd)
			if end, ok := c.take(flowSequenceEnd); ok {
				n.end = end.end
				return
			}
		}
		item := child{mark: -1, begin: c.peek().start}
		if c.peek().kind == keyMark {
			item.value = c.flowPair()
		} else {
			item.value = c.node(false, false)
		}
		n.children = append(n.children, item)
	}
}

// flowPair reads the one entry of a mapping without braces: [a: b].
func (c *composer) flowPair() *tree {
	t := *c.peek()
	n := &tree{form: mapping, style: flow, start: t.start, props: t.start, column: t.column, pair: true}
	c.enter(t.start)
	entry := c.flowEntry(flowSequenceEnd)
	c.level--
	n.end = max(entry.key.end, entry.mark, entry.value.end)
	n.children = []child{entry}
	return c.finish(n)
}

// flowMapping reads what stands between { and }.
func (c *composer) flowMapping(n *tree, t token) {
	n.form, n.style, n.start, n.column = mapping, flow, t.start, t.column
	for first := true; ; first = false {
		if end, ok := c.take(flowMappingEnd); ok {
			n.end = end.end
			return
		}
		if !first {
			c.comma(t, flowMappingEnd)
			if end, ok := c.take(flowMappingEnd); ok {
				n.end = end.end
				return
			}
		}
		n.children = append(n.children, c.flowEntry(flowMappingEnd))
	}
}

// flowEntry reads a key and value in brackets that end with the token last. Either may be left out.
func (c *composer) flowEntry(last kind) child {
	entry := child{mark: -1, begin: c.peek().start}
	t, ok := c.take(keyMark)
	if !ok {
		entry.key = c.node(false, false)
		entry.value = c.empty(entry.key.end, false)
		return entry
	}
	entry.key = c.flowPart(t.end, last, true)
	if t, ok := c.take(valueMark); ok {
		entry.mark = t.end
		entry.value = c.flowPart(t.end, last, false)
	} else {
		entry.value = c.empty(entry.key.end, false)
	}
	return entry
}

func (c *composer) flowPart(at int, last kind, isKey bool) *tree {
	if k := c.peek().kind; k == flowComma || k == last || isKey && k == valueMark {
		return c.empty(at, true)
	}
	return c.node(false, false)
}

// comma takes the comma between two entries of the brackets that open opened.
func (c *composer) comma(open token, last kind) {
	if _, ok := c.take(flowComma); !ok {
		c.refuseFlow(open, last)
	}
}
