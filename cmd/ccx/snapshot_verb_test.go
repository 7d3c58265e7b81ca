package main

import (
	"os"
	"strings"
	"testing"

	"ccx/transform/account"
)

// A snapshot of a snapshot holds the same facts, so that the verb can be tried without AWS.
func TestSnapshotVerb(t *testing.T) {
	fleet(t, map[string]string{"configs/a.yaml": plainConfig, "configs/chart.yaml": "replicas: 3\nimage: x\n", "configs/b.yaml": plainConfig, "bad.yaml": "head_nod: 1\n"})
	from := []string{"snapshot", "--snapshot", snapshot(t), "-b", "acme-anyscale", "-p", "ml-train"}
	stdout, stderr, code := ccx(t, "", append(from, "-o", "facts.json")...)
	if code != exitDone || stdout != "" || !strings.Contains(stderr, "ccx: facts.json: ") || !strings.Contains(stderr, " roles, ") || !strings.Contains(stderr, "1 bucket") {
		t.Fatalf("status %d\n%s%s", code, stdout, stderr)
	}
	if info, err := os.Stat("facts.json"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	want, err := account.Load("", strings.NewReader(read(t, snapshot(t))))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := want.Save(&text); err != nil || text.String() != read(t, "facts.json") {
		t.Errorf("the facts changed on their way: %v", err)
	}
	first := read(t, "facts.json")
	for _, args := range [][]string{{"configs"}, {"configs/a.yaml"}, {"configs", "configs/a.yaml"}} {
		if stdout, stderr, code := ccx(t, "", append(append(from, "-q"), args...)...); code != exitDone || stdout != first || stderr != "" {
			t.Errorf("%v: status %d, %d bytes\n%s", args, code, len(stdout), stderr)
		}
	}
}

func TestSnapshotVerbRefuses(t *testing.T) {
	fleet(t, map[string]string{
		"configs/chart.yaml": "replicas: 3\nimage: x\n", "mixed/a.yaml": plainConfig, "mixed/bad.yaml": "head_node: 7\n", "bad.yaml": "head_node: 7\n",
		"empty.json": `{"version": 1, "unread": {"caller": {"operation": "sts:GetCallerIdentity", "code": "ExpiredToken"}}}`,
	})
	from := []string{"snapshot", "-o", "facts.json", "-b", "acme-anyscale", "-p", "ml-train", "--snapshot"}
	for _, c := range []struct {
		snapshot string
		more     []string
		code     int
		says     string
	}{
		{snapshot(t), []string{"bad.yaml"}, exitWrong, "bad.yaml:1"},
		{snapshot(t), []string{"configs"}, exitUsage, "no compute config found"},
		{snapshot(t), []string{"nowhere"}, exitUsage, "no such file"},
		{"empty.json", nil, exitUnknown, "nothing could be read, so there is no snapshot"},
	} {
		stdout, stderr, code := ccx(t, "", append(append(from, c.snapshot), c.more...)...)
		if code != c.code || stdout != "" || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: status %d, want %d\n%s%s", c.more, code, c.code, stdout, stderr)
		}
		if _, err := os.Stat("facts.json"); err == nil {
			t.Errorf("%v: a file is left", c.more)
		}
	}
	if _, stderr, code := ccx(t, "", append(from, snapshot(t), "mixed")...); code != exitDone || !strings.Contains(stderr, "mixed/bad.yaml is left out: ") {
		t.Errorf("a bad config in a folder: status %d\n%s", code, stderr)
	}
	if rest, err := os.ReadDir("."); err != nil || len(rest) != 5 {
		t.Errorf("left behind: %v %v", rest, err)
	}
}

// An existing file keeps its mode: whoever gave it another one had a reason. It stays whole if the write fails.
func TestSnapshotKeepsMode(t *testing.T) {
	fleet(t, map[string]string{"facts.json": "before"})
	from := []string{"snapshot", "--snapshot", snapshot(t), "-b", "acme-anyscale", "-p", "ml-train", "-o", "facts.json"}
	if err := os.Chmod("facts.json", 0o640); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := ccx(t, "", from...); code != exitDone {
		t.Fatalf("status %d\n%s", code, stderr)
	}
	if info, err := os.Stat("facts.json"); err != nil || info.Mode().Perm() != 0o640 || !strings.Contains(read(t, "facts.json"), `"version": 1`) {
		t.Errorf("%v %v", info, err)
	}
	if _, stderr, code := ccx(t, "", append(from[:len(from)-1], "no/where/facts.json")...); code != exitUsage || !strings.Contains(stderr, "could not be written") {
		t.Errorf("status %d\n%s", code, stderr)
	}
}

// What is not read because AWS did not answer is told at once: the next attempt may succeed.
func TestSnapshotTellsWhatIsMissing(t *testing.T) {
	fleet(t, map[string]string{"part.json": `{"version": 1, "buckets": {"b": {}}, "unread": {
		"buckets/b/encryption": {"operation": "s3:GetEncryptionConfiguration", "code": "Timeout", "message": "no answer in time"},
		"buckets/b/ownership": {"operation": "s3:GetBucketOwnershipControls", "code": "AccessDenied"}}}`})
	from := []string{"snapshot", "--snapshot", "part.json", "-b", "acme-anyscale", "-p", "ml-train"}
	_, stderr, code := ccx(t, "", from...)
	if code != exitDone || !strings.Contains(stderr, "1 bucket; 2 facts were not read") || !strings.Contains(stderr, "buckets/b/encryption was not read: s3:GetEncryptionConfiguration: no answer in time") ||
		strings.Contains(stderr, "ownership") {
		t.Errorf("status %d\n%s", code, stderr)
	}
	if _, stderr, _ := ccx(t, "", append(from, "-v")...); !strings.Contains(stderr, "buckets/b/ownership was not read: the caller may not call s3:GetBucketOwnershipControls (AccessDenied)") {
		t.Errorf("-v: %s", stderr)
	}
}
