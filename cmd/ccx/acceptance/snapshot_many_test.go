//go:build acceptance

package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// changes is what two snapshots may differ in: the time, and the caller's id, which moto makes up for each answer.
var changes = regexp.MustCompile(`"(taken_at|UserId)": "[^"]*"`)

// TestSnapshotOfMany records what two configs with two roles need, in two accounts and two buckets, in one snapshot: sorted,
// the same each time, for its owner only, and without a credential.
func TestSnapshotOfMany(t *testing.T) {
	a := newAWS(t)
	dir := t.TempDir()
	for file, profile := range map[string]string{"a.yaml": "cross", "b.yaml": "ml-train"} {
		text := goodNew + "advanced_instance_config:\n  IamInstanceProfile:\n    Arn: " + profileOf(profile) + "\n"
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"snapshot", "--region", "us-west-2", "-b", "acme-anyscale", "--account", theirReader, "--require", "s3:GetObject=arn:aws:s3:::lake-open/*"}
	var texts []string
	for _, name := range []string{"one.json", "two.json"} {
		file := filepath.Join(dir, name)
		if got := a.ccx(t, ours, "", append(args, "-o", file, dir)...); got.code != 0 || got.stdout != "" {
			t.Fatalf("exit status %d\n%s", got.code, got.stderr)
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, mode %v", err, info.Mode())
		}
		texts = append(texts, changes.ReplaceAllString(read(t, file), `"$1": ""`))
		followsSchema(t, file)
	}
	if texts[0] != texts[1] {
		t.Errorf("two snapshots differ:\n%s", differing(texts[0], texts[1]))
	}
	for account, keys := range map[string]keys{ours: credentialsOf(t, ours), theirs: credentialsOf(t, theirs)} {
		for _, secret := range []string{keys.SecretAccessKey, keys.SessionToken, keys.AccessKeyID, "Signature", "X-Amz-Security-Token"} {
			if strings.Contains(texts[0], secret) {
				t.Errorf("a secret of account %s is in the snapshot", account)
			}
		}
	}
	holds(t, texts[0], a.url)
}

// holds looks at a snapshot's parts.
func holds(t *testing.T, text, endpoint string) {
	t.Helper()
	var s struct {
		Version  int
		TakenBy  struct{ Account, Arn string } `json:"taken_by"`
		Endpoint string
		IAM      map[string]struct{ RoleDetailList []struct{ RoleName string } }
		Buckets  map[string]struct{ Account string }
		Unread   map[string]any
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	var roles []string
	for _, r := range s.IAM[ours].RoleDetailList {
		roles = append(roles, r.RoleName)
	}
	if s.Version != 1 || s.TakenBy.Account != ours || s.Endpoint != endpoint || !slices.Equal(roles, []string{"cross", "ml-train"}) {
		t.Errorf("%+v, roles %v", s, roles)
	}
	if s.Buckets["acme-anyscale"].Account != ours || s.Buckets["lake-open"].Account != theirs {
		t.Errorf("buckets: %+v, not read: %v", s.Buckets, s.Unread)
	}
}
