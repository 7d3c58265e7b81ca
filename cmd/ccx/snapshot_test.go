package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// takenAt writes the example snapshot with another taken_at; "" takes it out.
func takenAt(t *testing.T, when string) {
	t.Helper()
	var facts map[string]any
	if err := json.Unmarshal([]byte(read(t, snapshot(t))), &facts); err != nil {
		t.Fatal(err)
	}
	if facts["taken_at"] = when; when == "" {
		delete(facts, "taken_at")
	}
	text, err := json.Marshal(facts)
	if err == nil {
		err = os.WriteFile("facts.json", text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ago is a taken_at some time before now.
func ago(d time.Duration) string { return time.Now().Add(-d).UTC().Format(time.RFC3339) }

func TestMaxAge(t *testing.T) {
	fleet(t, map[string]string{"train.yaml": plainConfig})
	const day = 24 * time.Hour
	for _, c := range []struct {
		taken, most string
		code        int
		want        []string
	}{
		{ago(time.Hour), "24h", exitDone, nil},
		{ago(23*time.Hour + 50*time.Minute), "1d", exitDone, nil},
		{ago(24*time.Hour + time.Minute), "24h", exitUnknown, []string{"is 1 d 1 min old, and --max-age is 1 d", "ccx snapshot -o facts.json", "[snapshot/age]"}},
		{ago(8 * day), "7d", exitUnknown, []string{"is 8 d old, and --max-age is 7 d"}},
		{ago(8 * day), "", exitDone, nil},
		{ago(2 * time.Hour), "90m", exitUnknown, []string{"is 2 h old, and --max-age is 1 h 30 min"}},
		{"", "24h", exitUnknown, []string{"says no time", "taken_at"}},
		{"", "", exitDone, nil},
		{ago(-4 * time.Minute), "24h", exitDone, nil},
		{ago(-2 * time.Hour), "24h", exitUnknown, []string{"is from the future", "set the clock right"}},
		{ago(-2 * time.Hour), "", exitDone, nil},
	} {
		takenAt(t, c.taken)
		flags := []string{"-p", "ml-train", "-b", "acme-anyscale", "--snapshot", "facts.json", "--unknown", "allow"}
		if c.most != "" {
			flags = append(flags, "--max-age", c.most)
		}
		stdout, stderr, code := ccx(t, "", append(flags, "train.yaml")...)
		if code != c.code || (code == exitDone) != strings.Contains(stdout, "ml-train") || code != exitDone && stdout != refusal {
			t.Errorf("taken at %q, --max-age %q: status %d, want %d\n%s%s", c.taken, c.most, code, c.code, stdout, stderr)
		}
		for _, want := range c.want {
			if !strings.Contains(stderr, want) {
				t.Errorf("taken at %q, --max-age %q: no %q in\n%s", c.taken, c.most, want, stderr)
			}
		}
	}
}

// Every verb that takes --snapshot refuses an old one, and a report still says which snapshot that was.
func TestMaxAgeEverywhere(t *testing.T) {
	fleet(t, map[string]string{"train.yaml": plainConfig})
	takenAt(t, ago(48*time.Hour))
	facts := []string{"--snapshot", "facts.json", "--max-age", "24h"}
	subject := []string{"-p", "ml-train", "-b", "acme-anyscale"}
	for verb, more := range map[string][]string{
		"check": append(subject, "train.yaml"), "snapshot": subject, "policy": append(subject, "bucket"),
		"run":      append(subject, "train.yaml", "--", "cat", "{}"),
		"simulate": {"--principal", "arn:aws:iam::111122223333:role/ml-train", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::acme-anyscale/a"},
	} {
		stdout, stderr, code := ccx(t, "", append(append([]string{verb}, facts...), more...)...)
		if code != exitUnknown || stdout != "" || !strings.Contains(stderr, "[snapshot/age]") {
			t.Errorf("%s: status %d\n%s%s", verb, code, stdout, stderr)
		}
	}
	_, stderr, _ := ccx(t, "", append(append(subject, facts...), "--report", "json", "train.yaml")...)
	for _, want := range []string{`"source": "snapshot"`, `"snapshot": "facts.json"`, `"sha256": "`, `"code": "snapshot/age"`} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no %s in the report\n%s", want, stderr)
		}
	}
}

func TestMaxAgeOnTheCommandLine(t *testing.T) {
	fleet(t, map[string]string{"train.yaml": plainConfig})
	takenAt(t, ago(time.Hour))
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--max-age", "24h"}, "--max-age is about a snapshot"},
		{[]string{"--max-age", "24h", "--offline"}, "--max-age is about a snapshot"},
		{[]string{"--snapshot", "facts.json", "--max-age", "yesterday"}, `--max-age can't be "yesterday"`},
		{[]string{"--snapshot", "facts.json", "--max-age", "24"}, `--max-age can't be "24"`},
		{[]string{"--snapshot", "facts.json", "--max-age", "0"}, `--max-age can't be "0"`},
		{[]string{"--snapshot", "facts.json", "--max-age=-1h"}, `--max-age can't be "-1h"`},
		{[]string{"--snapshot", "facts.json", "--max-age=-7d"}, `--max-age can't be "-7d"`},
		{[]string{"--snapshot", "facts.json", "--max-age", "1.5d"}, `--max-age can't be "1.5d"`},
		{[]string{"--snapshot", "facts.json", "--max-age", "9999999999d"}, `--max-age can't be`},
		{[]string{"--snapshot", "facts.json", "--maxage", "1d"}, "did you mean --max-age?"},
	} {
		stdout, stderr, code := ccx(t, "", append(append([]string{"-p", "ml-train", "-b", "acme-anyscale"}, c.args...), "train.yaml")...)
		if code != exitUsage || stdout != refusal || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: status %d\n%s%s", c.args, code, stdout, stderr)
		}
	}
}
