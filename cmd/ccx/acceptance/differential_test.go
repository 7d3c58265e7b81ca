//go:build acceptance

package acceptance

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "embed"
)

//go:embed oracle.py
var oracleScript string

// verdict is what the client makes of a text.
type verdict struct {
	Legacy bool           `json:"legacy"` // which reader it was given to
	Config map[string]any `json:"config"` // the body that it would send
	Error  string         `json:"error"`  // or why it refuses
}

// ask puts the texts to the client's own code, in one process.
func ask(t *testing.T, texts []string) []verdict {
	t.Helper()
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, text := range texts {
		if err := encoder.Encode(text); err != nil {
			t.Fatal(err)
		}
	}
	out, err := runScript(filepath.Join(the.venv, "python"), oracleScript, lines.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []verdict
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var v verdict
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		verdicts = append(verdicts, v)
	}
	if len(verdicts) != len(texts) {
		t.Fatalf("%d answers to %d texts", len(verdicts), len(texts))
	}
	return verdicts
}

// trial is one text, what ccx makes of it, and what the client makes of both.
type trial struct {
	input  string
	got    result
	before verdict // of the input
	after  verdict // of the output
}

// TestDifferential mutates configs and compares ccx with the client's own code. Whatever ccx lets through, the client
// accepts; it carries the profile at every site of what the client sends; and nothing else is different from what the
// client would have sent for the input. The random numbers are fixed, so a failure stays.
func TestDifferential(t *testing.T) {
	trials := makeTrials(3000)
	if passed := compareAll(t, trials); passed < len(trials)/8 {
		t.Errorf("only %d of %d texts pass ccx: the mutations say little", passed, len(trials))
	}
}

// compareAll runs ccx and the client on each input, checks each trial and returns how many pass ccx.
func compareAll(t *testing.T, trials []trial) (passed int) {
	t.Helper()
	filterAll(t, trials)
	var texts []string
	for _, c := range trials {
		texts = append(texts, c.input, c.got.stdout)
	}
	verdicts := ask(t, texts)
	for i := range trials {
		trials[i].before, trials[i].after = verdicts[2*i], verdicts[2*i+1]
		if trials[i].got.code == 0 {
			passed++
		}
		checkTrial(t, trials[i])
	}
	return passed
}

// makeTrials returns n texts: the seeds and edges as they are, then mutations of the seeds.
func makeTrials(n int) []trial {
	r := rand.New(rand.NewPCG(3, 14))
	var trials []trial
	for _, text := range append(slices.Clone(seeds), edges...) {
		trials = append(trials, trial{input: text})
	}
	for len(trials) < n {
		trials = append(trials, trial{input: mutate(r, pick(r, seeds))})
	}
	return trials
}

// filterAll runs ccx on all inputs, a few at a time.
func filterAll(t *testing.T, trials []trial) {
	t.Helper()
	var group sync.WaitGroup
	slots := make(chan struct{}, 4)
	dir := t.TempDir()
	for i := range trials {
		group.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; group.Done() }()
			argv := []string{the.ccx(), "-q", "--offline", "-p", profileARN}
			trials[i].got = run(t, command{argv: argv, stdin: trials[i].input, dir: dir})
		}()
	}
	group.Wait()
}

func checkTrial(t *testing.T, c trial) {
	t.Helper()
	switch {
	case c.got.code == 0 && c.after.Error != "":
		t.Errorf("ccx passes what the client refuses: %s\n--- input\n%s\n--- output\n%s", c.after.Error, c.input, c.got.stdout)
	case c.got.code == 0:
		checkSent(t, c)
	case c.got.code != 1:
		t.Errorf("exit status %d\n%s\n--- input\n%s", c.got.code, c.got.stderr, c.input)
	case c.after.Error == "":
		t.Errorf("the client accepts what ccx leaves on failure: %q", c.got.stdout)
	case c.before.Error == "" && needless(c):
		t.Errorf("ccx refuses what the client accepts\n%s--- input\n%s", c.got.stderr, c.input)
	}
}

// needless reports whether a refusal of what the client accepts is a mistake. Most are meant: the client accepts empty
// input, takes the last of two equal keys, drops legacy keys that it doesn't know, and sends numbers that JSON has not.
// But by syntax and schema, ccx must not be stricter than the client.
func needless(c trial) bool {
	for _, meant := range []string{".inf", ".nan", "!!binary"} {
		if strings.Contains(c.input, meant) {
			return false
		}
	}
	for _, code := range []string{"config/empty", "config/duplicate", "config/dropped", "config/conflict", "config/shared", "config/field",
		"config/provider"} {
		if strings.Contains(c.got.stderr, "["+code+"]") {
			return false
		}
	}
	return !c.before.Legacy
}

// checkSent compares what the client sends for the output with what it would have sent for the input.
func checkSent(t *testing.T, c trial) {
	t.Helper()
	s, list := sentShape, "deployment_configs"
	if c.after.Legacy {
		s, list = legacyShape, ""
	}
	for _, config := range each(c.after.Config, list) {
		for _, b := range s.blocks(config) {
			if (b.value != nil || b.label == "cluster") && b.profile() != profileARN {
				t.Errorf("%s: the client would send %v\n--- input\n%s\n--- output\n%s", b.label, b.value, c.input, c.got.stdout)
			}
		}
	}
	if c.before.Error != "" {
		return // ccx mends some of what the client refuses, the two documents of the documentation for one
	}
	was, is := withoutProfiles(c.before.Config), withoutProfiles(c.after.Config)
	if !reflect.DeepEqual(was, is) {
		t.Errorf("more than the profile differs in what the client sends:\nbefore %v\nafter  %v\n--- input\n%s\n--- output\n%s",
			was, is, c.input, c.got.stdout)
	}
}
