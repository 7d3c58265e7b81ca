//go:build crosscheck

package document

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// The tests here compare this reader with the real PyYAML. CCX_PYTHON names a Python that has PyYAML.

// pyReader reads texts given as JSON strings, a line each, and answers what PyYAML makes of them.
const pyReader = `
import sys, json, yaml, datetime, math
def enc(v):
    if v is None: return ["n"]
    if isinstance(v, bool): return ["b", v]
    if isinstance(v, int): return ["i", str(v)]
    if isinstance(v, float): return ["f", float(v).hex() if math.isfinite(v) else "inf"]
    if isinstance(v, str): return ["s", v]
    if isinstance(v, (datetime.date, datetime.datetime)): return ["d"]
    if isinstance(v, dict): return ["m", sorted([[enc(k), enc(x)] for k, x in v.items()], key=json.dumps)]
    if isinstance(v, list): return ["l", [enc(x) for x in v]]
    return ["x"]
for line in sys.stdin:
    text = json.loads(line)
    try:
        out = {"ok": [enc(d) for d in yaml.load_all(text, Loader=yaml.SafeLoader)]}
    except RecursionError:
        out = {"deep": True}
    except yaml.MarkedYAMLError as e:
        m = e.problem_mark or e.context_mark
        out = {"err": str(e.problem), "line": m.line + 1 if m else 0}
    except Exception as e:
        out = {"err": type(e).__name__ + " " + str(e)}
    print(json.dumps(out), flush=True)
`

type pyAnswer struct {
	OK   []any  `json:"ok"`
	Err  string `json:"err"`
	Line int    `json:"line"`
	Deep bool   `json:"deep"`
}

type pyProcess struct {
	in  io.Writer
	out *bufio.Reader
}

func startPython(t *testing.T) *pyProcess {
	t.Helper()
	python := os.Getenv("CCX_PYTHON")
	if python == "" {
		t.Fatal("CCX_PYTHON must name a Python with PyYAML")
	}
	cmd := exec.Command(python, "-c", pyReader)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	return &pyProcess{in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

func (p *pyProcess) read(t *testing.T, text string) pyAnswer {
	t.Helper()
	line, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(p.in, "%s\n", line)
	answer, err := p.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var a pyAnswer
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// encode spells a value as pyReader does.
func encode(n *Node) any {
	t := n.real()
	switch t.form {
	case mapping:
		pairs := []string{}
		for _, e := range n.Entries() {
			pairs = append(pairs, mustJSON([]any{encode(e.KeyNode), encode(e.Value)}))
		}
		return []any{"m", pairs}
	case sequence:
		items := []any{}
		for _, item := range n.Items() {
			items = append(items, encode(item))
		}
		return []any{"l", items}
	}
	if t.tag == tagDate {
		return []any{"d"}
	}
	v, _ := scalarValue(t)
	switch v := v.(type) {
	case nil:
		return []any{"n"}
	case bool:
		return []any{"b", v}
	case string:
		return []any{"s", v}
	case float64:
		return []any{"f", v}
	}
	return []any{"i", fmt.Sprint(v)}
}

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// canonical makes an answer of pyReader comparable: floats as numbers, pairs sorted in Go's way.
func canonical(v any) any {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return v
	}
	switch list[0] {
	case "f":
		var f float64
		fmt.Sscanf(list[1].(string), "%v", &f)
		return []any{"f", f}
	case "m":
		pairs := []any{}
		for _, p := range list[1].([]any) {
			pair := p.([]any)
			pairs = append(pairs, mustJSON([]any{canonical(pair[0]), canonical(pair[1])}))
		}
		return []any{"m", pairs}
	case "l":
		items := []any{}
		for _, x := range list[1].([]any) {
			items = append(items, canonical(x))
		}
		return []any{"l", items}
	}
	return v
}

func sameEncoding(a, b any) bool {
	return sortedJSON(a) == sortedJSON(b)
}

// sortedJSON prints an encoding with the pairs of every mapping sorted.
func sortedJSON(v any) string {
	var decoded any
	if err := json.Unmarshal([]byte(mustJSON(v)), &decoded); err != nil {
		panic(err)
	}
	return mustJSON(sortPairs(decoded))
}

func sortPairs(v any) any {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return v
	}
	if list[0] == "m" {
		var pairs []string
		for _, p := range list[1].([]any) {
			var pair []any
			if err := json.Unmarshal([]byte(p.(string)), &pair); err != nil {
				panic(err)
			}
			pairs = append(pairs, mustJSON([]any{sortPairs(pair[0]), sortPairs(pair[1])}))
		}
		slices.Sort(pairs)
		return []any{"m", pairs}
	}
	if list[0] == "l" {
		items := []any{}
		for _, x := range list[1].([]any) {
			items = append(items, sortPairs(x))
		}
		return []any{"l", items}
	}
	return v
}
