package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

const question = `{"id": "%s", "tier": "%s", "request": {"principal": "arn:aws:iam::111122223333:role/ml", "action": "s3:GetObject", "resource": "%s", "context": {"aws:SecureTransport": "%s"}}, "resource_account": "111122223333", "identity": [{"Version": "2012-10-17", "Statement": [{"Sid": "Own", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}, {"Sid": "Fence", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b/secret/*"}, {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}], "session": null, "boundary": [], "scps": [], "rcps": [], "resource_policy": null, "vpce": [], "settings": {}}`

func ask(id, tier, resource, tls string) string {
	return fmt.Sprintf(question, id, tier, resource, tls)
}

func TestSimulateLines(t *testing.T) {
	in := strings.Join([]string{
		ask("a", "exact", "arn:aws:s3:::b/key", "true"),
		ask("b", "exact", "arn:aws:s3:::b/secret/key", "true"),
		ask("c", "exact", "arn:aws:s3:::c/key", "true"),
		ask("d", "wildcard", "arn:aws:s3:::b/?*", "true"),
		ask("e", "wildcard", "arn:aws:s3:::b/public/*", "true"),
		"",
		"not json",
		`{"id": "x", "request": {}}`,
		strings.Replace(ask("f", "discovery", "arn:aws:s3:::b/key", "x"), `"aws:SecureTransport": "x"`, "", 1),
	}, "\n")
	stdout, stderr, code := ccx(t, in, "simulate", "--lines")
	want := []string{
		`"id":"a","verdict":"allowed"`, `"id":"b","verdict":"explicit_deny"`, `"id":"c","verdict":"implicit_deny"`,
		`"id":"d","verdict":"explicit_deny"`, `"id":"e","verdict":"allowed"`,
		`{"line":7,"error":`, `{"line":8,"error":"the request has no action"}`, `"depends_on":["aws:SecureTransport"]`,
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != len(want) || code != exitWrong || stderr != "" {
		t.Fatalf("%d lines, status %d, stderr %q\n%s", len(lines), code, stderr, stdout)
	}
	for i, w := range want {
		if !strings.Contains(lines[i], w) {
			t.Errorf("line %d: %s\nlacks %s", i+1, lines[i], w)
		}
		if !json.Valid([]byte(lines[i])) {
			t.Errorf("line %d is no JSON: %s", i+1, lines[i])
		}
	}
	if !strings.Contains(lines[3], `"counterexample":"arn:aws:s3:::b/secret/"`) || !strings.Contains(lines[3], `"sid":"Fence"`) {
		t.Errorf("the counterexample is not the shortest denied key: %s", lines[3])
	}
}

// A program that asks one question must get its answer before it asks the next.
func TestSimulateLinesAnswersAsItGoes(t *testing.T) {
	questions, ask1 := io.Pipe()
	answers, out := io.Pipe()
	go func() {
		run(t.Context(), []string{"simulate", "--lines"}, os.Getenv, questions, out, io.Discard)
		out.Close()
	}()
	got := make(chan string)
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := answers.Read(buf)
			if err != nil {
				close(got)
				return
			}
			got <- string(buf[:n])
		}
	}()
	for _, id := range []string{"one", "two"} {
		fmt.Fprintln(ask1, ask(id, "exact", "arn:aws:s3:::b/key", "true"))
		select {
		case line := <-got:
			if !strings.Contains(line, id) {
				t.Errorf("asked %s, got %s", id, line)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no answer to %s", id)
		}
	}
	ask1.Close()
	<-got
}

func TestSimulateOneRequest(t *testing.T) {
	isolate(t)
	base := []string{"simulate", "--snapshot", "../../examples/snapshot.json"}
	tests := []struct {
		role, action, resource string
		code                   int
		says                   string
	}{
		{"ml-train", "s3:PutObject", "arn:aws:s3:::acme-anyscale/models/a", exitDone, "AllObjectActions"},
		{"ml-train", "s3:PutObject", "arn:aws:s3:::acme-anyscale/?*", exitDone, "allowed:"},
		{"vision-nodes", "s3:PutObject", "arn:aws:s3:::acme-anyscale/?*", exitWrong, "implicit_deny"},
		{"nobody", "s3:PutObject", "arn:aws:s3:::acme-anyscale/a", exitUnknown, "depends"},
		{"ml-train", "s3:PutObject", "arn:aws:s3:::some-bucket/a", exitUnknown, "not read: "},
		{"ml-train", "PutObject", "arn:aws:s3:::acme-anyscale/a", exitUsage, "not one action"},
		{"ml-train", "s3:PutObject", "", exitUsage, "--resource is empty"},
	}
	for _, tt := range tests {
		args := append(base, "--principal", "arn:aws:iam::111122223333:role/"+tt.role, "--action", tt.action, "--resource", tt.resource)
		stdout, stderr, code := ccx(t, "", args...)
		if code != tt.code || !strings.Contains(stdout+stderr, tt.says) {
			t.Errorf("%+v: status %d\n%s%s", tt, code, stdout, stderr)
		}
		stdout, _, again := ccx(t, "", append(args, "--json")...)
		if again != code || code != exitUsage && !json.Valid([]byte(stdout)) {
			t.Errorf("%+v as JSON: status %d\n%s", tt, again, stdout)
		}
	}
}
