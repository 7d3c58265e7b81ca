package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ccx/schema"
	"ccx/transform/account"
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

// Every snapshot of the repository follows its JSON Schema, and so does what ccx writes of it.
func TestSnapshotsFollowTheSchema(t *testing.T) {
	isolate(t)
	follows := func(name, text string) {
		t.Helper()
		var v any
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		issues, err := schema.Validate(schema.Snapshot, v)
		if err != nil || len(issues) > 0 {
			t.Errorf("%s: %v %+v", name, err, issues)
		}
	}
	found := 0
	for _, name := range snapshots(t) {
		text := read(t, name)
		facts, err := account.Load(name, strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found++
		follows(name, text)
		var saved strings.Builder
		if err := facts.Save(&saved); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		follows("what ccx writes of "+name, saved.String())
	}
	if found < 20 {
		t.Errorf("only %d snapshots found", found)
	}
	out, _, code := ccx(t, "", "schema", "snapshot")
	if code != exitDone || !strings.Contains(out, `"title": "ccx snapshot"`) {
		t.Errorf("ccx schema snapshot: status %d\n%.200s", code, out)
	}
}

// snapshots lists the repository's snapshots but those that are broken on purpose.
func snapshots(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(filepath.Join(sourceDir, "..", ".."), func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != "..":
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".json" || entry.Name() == "cut.json":
			return nil
		}
		var top map[string]json.RawMessage
		if text := read(t, name); json.Unmarshal([]byte(text), &top) == nil && top["version"] != nil && (top["iam"] != nil || top["buckets"] != nil || top["unread"] != nil) {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// What Load refuses in the snapshot's own objects, an editor with the schema marks, too.
func TestSchemaOfSnapshotsIsStrict(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"version": 2}`, `{"version": "1"}`, `{"version": 1, "buckes": {}}`, `{"version": 1, "iam": {"12": {}}}`, `{"version": 1, "taken_by": {"Acount": "1"}}`,
		`{"version": 1, "iam": {"111122223333": {"RoleDetailLists": []}}}`, `{"version": 1, "iam": {"111122223333": {"Whole": ["Roles"]}}}`,
		`{"version": 1, "buckets": {"a": {"PublicAccessBlock": null}}}`, `{"version": 1, "buckets": {"a": {"PublicAccessBlockConfiguration": {}}}}`,
		`{"version": 1, "unread": {"caller": {"Code": "AccessDenied"}}}`, `{"version": 1, "unread": {"caller": {"class": "secret"}}}`,
		`{"version": 1, "organization": {"111122223333": {"Levels": [{"Target": "r-1"}]}}}`, `{"version": 1, "resource_policies": {"arn:aws:s3:::a": []}}`,
		`{"version": 1, "unread": {"caller": null}}`, `{"version": 1, "keys": {"arn:aws:kms:us-west-2:111122223333:key/1": {"Grant": []}}}`,
	} {
		if _, err := account.Load("facts.json", strings.NewReader(text)); err == nil {
			t.Errorf("%s is loaded", text)
		}
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if top := v.(map[string]any); top["version"] == 1.0 {
			top["version"] = 1
		}
		if issues, err := schema.Validate(schema.Snapshot, v); err != nil || len(issues) == 0 {
			t.Errorf("%s follows the schema: %v", text, err)
		}
	}
}
