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
		{"two buckets", []string{"bucket", "-r", "vision-nodes", "-b", "acme-anyscale", "--data-bucket", "acme-lake=read"}, exitUsage, "which bucket"},
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

// TestPolicyOfKeyAndRepository prints whole policies, with what is there, for the bucket's key and an image's repository.
func TestPolicyOfKeyAndRepository(t *testing.T) {
	isolate(t)
	const image = "111122223333.dkr.ecr.us-west-2.amazonaws.com/ml/train:v1"
	tests := []struct {
		name, snapshot string
		args           []string
		code           int
		says           string
	}{
		{"key", "kms", []string{"key", "-r", "ml-train", "-b", "acme-anyscale"}, exitDone, "EnableIAM"},
		{"key, statement alone", "kms", []string{"key", "--statement-only", "-r", "ml-train", "-b", "acme-anyscale"}, exitDone, "kms:GenerateDataKey"},
		{"key by an alias", "kms-alias", []string{"key", "-r", "ml-train", "-b", "acme-anyscale"}, exitUnknown, "which key"},
		{"AWS's key", "kms-managed", []string{"key", "-r", "ml-train", "-b", "acme-anyscale"}, exitWrong, "can't be changed"},
		{"no bucket", "kms", []string{"key", "-r", "ml-train"}, exitUsage, "which bucket"},
		{"repository", "ecr", []string{"repository", "-r", "ml-train", "--image", image}, exitDone, "AllowPull"},
		{"repository not recorded", "kms", []string{"repository", "-r", "ml-train", "--image", image}, exitUnknown, "has now"},
		{"no repository", "ecr", []string{"repository", "-r", "ml-train"}, exitUsage, "which repository"},
		{"two repositories", "ecr", []string{"repository", "-r", "ml-train", "--image", image, "--image", image + "2", "--image", strings.Replace(image, "train", "x", 1)}, exitUsage, "which repository"},
		{"identity with all", "kms", []string{"identity", "-r", "ml-train", "-b", "acme-anyscale", "--image", image, "--require", "sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:q"}, exitDone, "UseTheBucketsKey"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stdout, stderr, code := ccx(t, "", append(append([]string{"policy"}, tt.args...), "--snapshot", "testdata/snapshots/"+tt.snapshot+".json")...)
			if code != tt.code || !strings.Contains(stdout+stderr, tt.says) || (code == exitDone) != json.Valid([]byte(stdout)) {
				t.Errorf("status %d, want %d\n%s%s", code, tt.code, stdout, stderr)
			}
		})
	}
}

// TestPolicyInHCL prints Terraform's form, for what is there and for a role to come, and nothing that would lose a policy.
func TestPolicyInHCL(t *testing.T) {
	isolate(t)
	for _, tt := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"bucket", []string{"bucket", "-r", "vision-nodes", "-b", "acme-anyscale"}, exitDone, []string{`resource "aws_s3_bucket_policy" "anyscale" {`, "TLSOnly", "role/vision-nodes", `"aws:SecureTransport" = "false"`}},
		{"statement alone", []string{"bucket", "--statement-only", "-r", "vision-nodes", "-b", "acme-anyscale"}, exitDone, []string{`data "aws_iam_policy_document"`, "identifiers"}},
		{"a role to come", []string{"identity", "-r", "arn:aws:iam::111122223333:role/new", "-b", "acme-anyscale"}, exitDone, []string{`resource "aws_iam_role_policy"`, `role = "new"`}},
		{"another bucket", []string{"bucket", "-r", "vision-nodes", "--data-bucket", "acme-anyscale=read"}, exitDone, []string{"s3:GetObject"}},
		{"two other buckets", []string{"bucket", "-r", "vision-nodes", "--data-bucket", "a-bucket=read", "--data-bucket", "b-bucket=read"}, exitUsage, []string{"one --data-bucket at a time"}},
		{"not recorded", []string{"bucket", "-r", "vision-nodes", "-b", "acme-other"}, exitUnknown, []string{"cannot tell"}},
		{"reader", []string{"reader", "-b", "acme-anyscale"}, exitDone, []string{"ccx-reader"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stdout, stderr, code := ccx(t, "", append(append([]string{"policy", "--hcl"}, tt.args...), "--snapshot", "../../examples/snapshot.json")...)
			if code != tt.code || code != exitDone && stdout != "" || code == exitDone && stderr != "" {
				t.Errorf("status %d, want %d\n%s%s", code, tt.code, stdout, stderr)
			}
			for _, word := range tt.says {
				if !strings.Contains(stdout+stderr, word) {
					t.Errorf("no %q in\n%s%s", word, stdout, stderr)
				}
			}
		})
	}
}
