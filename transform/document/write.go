package document

import (
	"fmt"
	"strconv"
	"strings"
)

// Map is an ordered mapping to write.
type Map []Pair

// Pair is one entry of a Map. Value is a string, bool, int, int64, nil, Map, []any of these, or Block.
type Pair struct {
	Key   string
	Value any
}

// Block is YAML source of a value, to be moved to another place: what stands after its key's colon, the further lines
// indented as if the key stood at column 1, with LF line ends. Node.Block makes one.
type Block string

// plainWords are strings that some reader of YAML 1.1 or 1.2 takes for something else.
var plainWords = map[string]bool{"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true, "true": true, "false": true, "null": true}

// safePlain reports whether PyYAML, goyaml.v3 and yaml/v2 all read text without quotes as that string, in any place.
// It says so only for what begins with a letter or a slash and holds no character that means anything.
func safePlain(text string) bool {
	if text == "" || plainWords[strings.ToLower(text)] || strings.HasSuffix(text, ":") {
		return false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '/':
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '+' || c == '@'):
		case i > 0 && c == ':' && i+1 < len(text) && text[i+1] != ' ':
		case i > 0 && c == '=':
		default:
			return false
		}
	}
	return resolvePlain(text) == tagStr
}

// quoteString writes a string in a style: plain where that is safe, else in double quotes.
func quoteString(text string, s style) string {
	if s == single && isASCII(text) {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	if s != double && safePlain(text) {
		return text
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r >= 0x20 && r < 0x7F || r > 0xFFFF:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// isASCII reports whether a text has printable ASCII only.
func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 || text[i] > 0x7E {
			return false
		}
	}
	return true
}

// writer renders values in a text's own style.
type writer struct {
	style     style  // of keys and strings: plain or double
	lineBreak string // the text's own
	step      int    // columns from a key to the keys below it
	pretty    bool   // in brackets, one entry a line
}

// flowValue renders a value on the line of its key. column is where the entry starts, for a pretty mapping.
func (w writer) flowValue(value any, column int) (string, error) {
	switch v := value.(type) {
	case nil:
		return "null", nil
	case string:
		return quoteString(v, w.style), nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case Map:
		var parts []string
		for _, p := range v {
			part, err := w.flowEntry(p.Key, p.Value, column+w.step)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return w.brackets("{", parts, "}", column), nil
	case []any:
		var parts []string
		for _, item := range v {
			part, err := w.flowValue(item, column+w.step)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return w.brackets("[", parts, "]", column), nil
	case Block:
		if strings.ContainsAny(string(v), "\n") {
			return "", fmt.Errorf("a value of several lines can't be moved into brackets")
		}
		return strings.TrimSpace(string(v)), nil
	}
	return "", fmt.Errorf("a %T can't be written as YAML", value)
}

func (w writer) brackets(open string, parts []string, closing string, column int) string {
	if !w.pretty || len(parts) == 0 {
		return open + strings.Join(parts, ", ") + closing
	}
	line := w.lineBreak + strings.Repeat(" ", column)
	inner := line + strings.Repeat(" ", w.step)
	return open + inner + strings.Join(parts, ","+inner) + line + closing
}

func (w writer) flowEntry(key string, value any, column int) (string, error) {
	text, err := w.flowValue(value, column)
	return quoteString(key, w.style) + ": " + text, err
}

// blockEntries renders the lines of a mapping at a column, each with its line break.
func (w writer) blockEntries(m Map, column int) (string, error) {
	var b strings.Builder
	for _, p := range m {
		b.WriteString(strings.Repeat(" ", column) + quoteString(p.Key, w.style) + ":")
		text, err := w.blockValue(p.Value, column)
		if err != nil {
			return "", err
		}
		b.WriteString(text + w.lineBreak)
	}
	return b.String(), nil
}

// blockValue renders what stands after a key's colon, without the last line break. column is the key's.
func (w writer) blockValue(value any, column int) (string, error) {
	switch v := value.(type) {
	case Map:
		if len(v) > 0 {
			text, err := w.blockEntries(v, column+w.step)
			return w.lineBreak + strings.TrimSuffix(text, w.lineBreak), err
		}
	case Block:
		lines := strings.Split(strings.TrimSuffix(string(v), "\n"), "\n")
		for i := 1; i < len(lines); i++ {
			if lines[i] != "" {
				lines[i] = strings.Repeat(" ", column) + lines[i]
			}
		}
		return strings.Join(lines, w.lineBreak), nil
	}
	text, err := w.flowValue(value, column)
	return " " + text, err
}
