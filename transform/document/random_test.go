package document

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// fragments are what random texts are put together from.
var fragments = strings.Split("a|b|key|é|x y|: |:|- |-|\n|\n|\n|\n  |\n    |\n - | |  |{|}|[|]|,|, |'|\"|''|\\n|\\x41|\\u00e9|\\|!!str |!!int |! |!x |&a |&b |*a|*b|"+
	"#|# c|\t|\r\n|\r|\u0085|\u2028|\u2029|? |?|<<: |<<|=|yes|No|oN|~|null|012|08|0o7|0x1f|0b1|1:30|1_0|1e3|1.5e+3|.5|1.|.inf|2020-01-01|2020-1-1 1:2:3|"+
	"%YAML 1.1\n|%|@|`|---\n|--- |---|...\n|...|x: 1\n|y: {a: b}\n|- z\n|\ufeff|<|/|$|a: &a {b: c}\n|*a : |[a: b]|-1|+1|0|- - |-\n|:\n|a:\n", "|")

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(14) {
		switch r.IntN(24) {
		case 0:
			b.WriteString("|")
		case 1:
			b.WriteString([]string{"|\n", ">\n", "|+\n", ">-\n", "|2\n", ">1-\n", "|-3 # c\n"}[r.IntN(7)])
		default:
			b.WriteString(fragments[r.IntN(len(fragments))])
		}
	}
	return b.String()
}

// randomDocument writes a mapping with random content, indentation, styles and line ends: always YAML, often odd.
func randomDocument(r *rand.Rand) string {
	g := generator{r: r, step: 1 + r.IntN(4), dense: r.IntN(2) == 0}
	text := ""
	if r.IntN(8) == 0 {
		text = "{" + g.flowEntries(2) + "}\n"
	} else {
		g.mapping(0, 0)
		text = g.b.String()
	}
	if r.IntN(3) == 0 {
		text = strings.TrimSuffix(text, "\n")
	}
	if r.IntN(8) == 0 {
		text = "--- # start\n" + text
	}
	text = strings.ReplaceAll(text, "\n", []string{"\n", "\n", "\r\n", "\r", "\u0085"}[r.IntN(5)])
	if r.IntN(10) == 0 {
		text = "\ufeff" + text
	}
	return text
}

type generator struct {
	r     *rand.Rand
	b     strings.Builder
	step  int
	dense bool
	keys  int
	names []string // anchors of mappings that are whole
}

func (g *generator) pick(from ...string) string { return from[g.r.IntN(len(from))] }

func (g *generator) key() string {
	g.keys++
	k := fmt.Sprintf("%s%d", g.pick("k", "aws", "é", "long key "), g.keys)
	return g.pick(k, k, k, `"`+k+`"`, "'"+k+"'")
}

func (g *generator) gap(column int) {
	switch g.r.IntN(10) {
	case 0:
		g.b.WriteString("\n")
	case 1:
		g.b.WriteString("# comment: at 0\n")
	case 2:
		g.b.WriteString(strings.Repeat(" ", column) + "# comment\n")
	}
}

func (g *generator) mapping(column, level int) {
	n := 1 + g.r.IntN(4)
	for i := range n {
		if i > 0 {
			g.gap(column)
			g.b.WriteString(strings.Repeat(" ", column))
		}
		g.b.WriteString(g.key() + ":")
		g.value(column, level)
	}
	g.gap(column)
}

func (g *generator) value(column, level int) {
	space := strings.Repeat(" ", column+g.step)
	comment := g.pick("", "", "", " # c", "  #c")
	switch k := g.r.IntN(12); {
	case k < 3 && level < 4:
		anchor := ""
		if g.r.IntN(4) == 0 {
			g.keys++
			anchor = fmt.Sprintf(" &n%d", g.keys)
		}
		g.b.WriteString(anchor + comment + "\n" + space)
		g.mapping(column+g.step, level+1)
		if anchor != "" {
			g.names = append(g.names, anchor[2:])
		}
	case k == 3 && level < 4:
		g.b.WriteString(comment + "\n")
		g.list(column, level)
	case k == 4:
		g.b.WriteString(" " + g.pick("|", "|+", "|-", ">", ">+", ">-") + comment + "\n" + space + "text: a\n\n" + space + "  more\n" + g.pick("", "\n"))
	case k == 5:
		g.b.WriteString(" " + g.pick("plain", "'quo''ted'", `"q\n\"x"`, "a\n"+space+"b", "\"a\n"+space+"b\"", "1:30", "~", "null", "!!str 12") + comment + "\n")
	case k == 6:
		g.b.WriteString(" {" + g.flowEntries(2) + "}" + comment + "\n")
	case k == 7:
		g.b.WriteString(g.pick("", " {}", " []", " { }", " {\n # c\n}", " {}") + comment + "\n")
	case k == 8 && len(g.names) > 0:
		g.b.WriteString(" *" + g.names[g.r.IntN(len(g.names))] + comment + "\n")
	case k == 9:
		g.b.WriteString("\n" + space + g.pick("next line", "null", "{}", "'q'") + comment + "\n")
	default:
		g.b.WriteString(" v" + comment + "\n")
	}
}

func (g *generator) list(column, level int) {
	if !g.dense {
		column += g.step
	}
	for range 1 + g.r.IntN(3) {
		g.gap(column)
		g.b.WriteString(strings.Repeat(" ", column) + "- ")
		if g.r.IntN(3) > 0 {
			g.mapping(column+2, level+1)
			continue
		}
		g.b.WriteString(g.pick("x", "{a: b}", "~", "[]") + "\n")
	}
}

func (g *generator) flowEntries(level int) string {
	var parts []string
	for range g.r.IntN(4) {
		value := g.pick("v", "1", `"x"`, "{}", "[a, b]", "", "\n 2")
		if level > 0 && g.r.IntN(3) == 0 {
			value = "{" + g.flowEntries(level-1) + "}"
		}
		parts = append(parts, g.key()+": "+value)
	}
	text := strings.Join(parts, g.pick(", ", ",\n ", " , ", ",# c\n "))
	if len(parts) > 0 {
		text += g.pick("", "", ",", " # c\n ")
	}
	return text
}

// paths and values that the random tests put in.
var (
	setPaths  = [][]string{{"aws"}, {"aws", "IamInstanceProfile"}, {"k1"}, {"aws1", "x"}, {"é2"}, {"k2", "k3"}, {"k1", "a", "b"}}
	setValues = []any{Map{{Key: "Arn", Value: testARN}}, "plain", "0123: #", nil, Map{}, []any{"a", true, 7},
		Map{{Key: "a", Value: Map{{Key: "b", Value: "1:30"}}}, {Key: "k4", Value: "y"}}}
)

// setEverywhere puts every value at every path of every mapping, under the laws, and returns how many took.
func setEverywhere(t *testing.T, text string) int {
	t.Helper()
	d, found := Parse("random", []byte(text))
	if d == nil || len(found) > 0 || len(d.Roots) != 1 || hasMerges(d) {
		return 0
	}
	n := 0
	everyMapping(d, func(m *Node, pointer string) {
		for _, path := range setPaths {
			for _, value := range setValues {
				if out := checkSet(t, d, m, path, value); out != nil {
					n++
					checkAgain(t, out, pointer, path, value)
				}
			}
		}
	})
	return n
}

func TestSetRandomDocuments(t *testing.T) {
	r := rand.New(rand.NewPCG(envInt("CCX_SEED", 1), 3))
	sets, docs := 0, int(envInt("CCX_TEXTS", 12))
	for range docs {
		text := randomDocument(r)
		if _, found := Parse("random", []byte(text)); len(found) > 0 {
			t.Fatalf("the generator wrote no YAML: %s at line %d\n%q", found[0].Message, found[0].Place.Line, text)
		}
		sets += setEverywhere(t, text)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d changes", sets)
	if sets < docs {
		t.Errorf("only %d changes in %d documents", sets, docs)
	}
}

func TestSetRandomTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(envInt("CCX_SEED", 1), 4))
	sets := 0
	for range envInt("CCX_TEXTS", 12) * 200 {
		sets += setEverywhere(t, randomText(r))
		if t.Failed() {
			return
		}
	}
	t.Logf("%d changes", sets)
}

func envInt(name string, otherwise uint64) uint64 {
	n := otherwise
	fmt.Sscan(os.Getenv(name), &n)
	return n
}

// sampleDocuments returns n random documents without merge keys, always the same.
func sampleDocuments(n int) []string {
	r := rand.New(rand.NewPCG(11, 12))
	var all []string
	for range n {
		all = append(all, randomDocument(r))
	}
	return all
}
