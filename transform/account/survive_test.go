package account

import (
	"bytes"
	"testing"
	"time"
)

// TestDocumentSurvivesSnapshot: live and from a snapshot, a policy has the same bytes, so that reports are the same.
func TestDocumentSurvivesSnapshot(t *testing.T) {
	for _, text := range []string{
		`{"a": 1, "a": 2}`, "{\"Sid\": \"\u2028<&>\"}", "{\"Sid\": \"\xff\"}", `{"cut`, "100%", "%7Bcut", "a%20b", "  x ", "%", "%2520", "\x00\x1b",
		`{"Statement": [], "Empty": {}, "Nested": {"a": ["b", "c"]}}`, "\"text\"", "é", "+", "%7B%22a%22:1%7D",
	} {
		rec := NewRecorder(time.Now(), "")
		rec.ResourcePolicy("arn:aws:s3:::b", NewDocument(text))
		live := rec.Facts()
		var file bytes.Buffer
		if err := live.Save(&file); err != nil {
			t.Fatal(err)
		}
		again, err := Load("facts.json", &file)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got, want := again.resource["arn:aws:s3:::b"].Text(), live.resource["arn:aws:s3:::b"].Text(); got != want {
			t.Errorf("%q: live %q, from the snapshot %q", text, want, got)
		}
	}
}

// TestDistance checks the measure behind "unknown key ... write ...".
func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"abc", "abc", 0}, {"abc", "acb", 2}, {"PermissionsBoundry", "PermissionsBoundary", 1},
		{"kitten", "sitting", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
	for _, key := range []string{"RoleLastUsed", "CreateDate", "Description", "MaxSessionDuration", "SourceRoleTemplate", "AssumeRoleTags"} {
		for _, meant := range []string{"Path", "RoleName", "RoleId", "Arn", "AssumeRolePolicyDocument", "InstanceProfileList", "RolePolicyList", "AttachedManagedPolicies", "PermissionsBoundary", "Tags"} {
			if slip(key, meant) {
				t.Errorf("%s, which AWS prints, is taken for a slip of %s", key, meant)
			}
		}
	}
}
