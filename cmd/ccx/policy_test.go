package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPolicyVerb(t *testing.T) {
	isolate(t)
	facts := []string{"--snapshot", "../../examples/snapshot.json"}
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"identity", []string{"identity", "-r", "vision-nodes", "-b", "acme-anyscale"}, exitDone, "AllObjectActions"},
		{"bucket", []string{"bucket", "-p", "vision-nodes", "-b", "acme-anyscale"}, exitDone, "TLSOnly"},
		{"statement alone", []string{"bucket", "--statement-only", "-p", "vision-nodes", "-b", "acme-anyscale"}, exitDone, "role/vision-nodes"},
		{"pass-role", []string{"pass-role", "-r", "vision-nodes"}, exitDone, "instance-profile/vision-nodes"},
		{"reader", []string{"reader", "-b", "acme-anyscale"}, exitDone, "s3:GetBucketPolicy"},
		{"a role to come", []string{"identity", "-r", "arn:aws:iam::111122223333:role/new", "-b", "acme-anyscale"}, exitDone, "s3:PutObject"},
		{"a bucket that is not recorded", []string{"bucket", "-r", "vision-nodes", "-b", "acme-other"}, exitUnknown, "cannot tell"},
		{"no such role", []string{"identity", "-r", "nobody", "-b", "acme-anyscale"}, exitWrong, "no role"},
		{"no such policy", []string{"everything", "-r", "vision-nodes"}, exitUsage, "no such policy"},
		{"no role", []string{"identity", "-b", "acme-anyscale"}, exitUsage, "which role"},
		{"no bucket", []string{"identity", "-r", "vision-nodes"}, exitUsage, "which bucket"},
		{"no name", nil, exitUsage, "one NAME"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stdout, stderr, code := ccx(t, "", append(append([]string{"policy"}, tt.args...), facts...)...)
			if code != tt.code || !strings.Contains(stdout+stderr, tt.says) {
				t.Errorf("status %d, want %d\n%s%s", code, tt.code, stdout, stderr)
			}
			if good := code == exitDone; good != json.Valid([]byte(stdout)) || !good && stdout != "" || strings.Contains(stderr, "no config") {
				t.Errorf("stdout: %s\nstderr: %s", stdout, stderr)
			}
		})
	}
}
