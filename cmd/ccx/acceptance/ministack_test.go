//go:build acceptance

package acceptance

import (
	_ "embed"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
)

// miniStackScript serves, as moto's does, until its stdin is closed. MiniStack's own main would listen on every
// interface.
const miniStackScript = `import asyncio, os, sys, threading
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
config = Config()
config.bind = ["127.0.0.1:0"]
asyncio.run(serve(app, config))`

// miniStack starts a MiniStack server of the test's own on 127.0.0.1 and returns its URL. It plays AWS and, unlike moto,
// checks signatures and decides: by identity, bucket, key and repository policies, boundaries, session policies and
// conditions, but not by service control policies. An account's root user signs with the account's id as access key
// and "test" as secret.
func miniStack(t *testing.T) string {
	t.Helper()
	url, stop, err := serve("MiniStack", miniStackScript, "AUTH=true",
		"MINISTACK_AUTOCREATE_AWS_MANAGED=0",   // else it makes up managed policies that allow everything
		"IOT_MTLS_ENABLED=0", "SFTP_ENABLED=0", // else it listens on more ports, on every interface
		"TMPDIR="+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

// sdkCall is one call of the SDK: as an account's root user (12 digits) or with credentials saved by an earlier call.
type sdkCall struct {
	As         string         `json:"as"`
	Service    string         `json:"service"`
	Operation  string         `json:"operation"`
	Parameters map[string]any `json:"parameters"`
	Save       string         `json:"save,omitempty"` // the name for the credentials that the call returns
	Keep       []string       `json:"keep,omitempty"` // a name, and the way to what "$name" then stands for in parameters
}

//go:embed sdk.py
var sdkScript string

// sdk makes the calls in order and returns for each the error's code, "" for none.
func sdk(t *testing.T, endpoint string, calls []sdkCall) []string {
	t.Helper()
	codes, _ := sdkSessions(t, endpoint, calls)
	return codes
}

// sdkSessions makes the calls as sdk does, and returns the credentials that were saved, too.
func sdkSessions(t *testing.T, endpoint string, calls []sdkCall) (codes []string, saved map[string]keys) {
	t.Helper()
	spec, err := json.Marshal(map[string]any{"endpoint": endpoint, "calls": calls})
	if err != nil {
		t.Fatal(err)
	}
	out, err := runScript(filepath.Join(the.venv, "python"), sdkScript, spec)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Codes []string
		Saved map[string]struct{ AccessKeyID, SecretAccessKey, SessionToken string }
	}
	if err := json.Unmarshal(out, &answer); err != nil || len(answer.Codes) != len(calls) {
		t.Fatalf("%d calls, %d answers: %v", len(calls), len(answer.Codes), err)
	}
	saved = map[string]keys{}
	for name, c := range answer.Saved {
		saved[name] = keys{c.AccessKeyID, c.SecretAccessKey, c.SessionToken}
	}
	return answer.Codes, saved
}

// TestMiniStack shows that the server is one that decides: whoever is allowed nothing is refused, and so is a
// signature with another secret.
func TestMiniStack(t *testing.T) {
	trust := `{"Effect": "Allow", "Principal": {"AWS": "` + ours + `"}, "Action": "sts:AssumeRole"}`
	get := func(key string) sdkCall {
		return sdkCall{As: "node", Service: "s3", Operation: "get_object", Parameters: map[string]any{"Bucket": "acme", "Key": key}}
	}
	put := func(key string) sdkCall {
		return sdkCall{As: ours, Service: "s3", Operation: "put_object", Parameters: map[string]any{"Bucket": "acme", "Key": key, "Body": "x"}}
	}
	calls := []sdkCall{
		{As: ours, Service: "s3", Operation: "create_bucket", Parameters: map[string]any{"Bucket": "acme",
			"CreateBucketConfiguration": map[string]any{"LocationConstraint": "us-west-2"}}},
		put("open/x"), put("closed/x"),
		{As: ours, Service: "iam", Operation: "create_role", Parameters: map[string]any{"RoleName": "node", "AssumeRolePolicyDocument": policy(trust)}},
		{As: ours, Service: "iam", Operation: "put_role_policy", Parameters: map[string]any{"RoleName": "node", "PolicyName": "own",
			"PolicyDocument": policy(`{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::acme/open/*"}`)}},
		{As: ours, Service: "sts", Operation: "assume_role", Save: "node",
			Parameters: map[string]any{"RoleArn": "arn:aws:iam::" + ours + ":role/node", "RoleSessionName": "i-0123456789abcdef0"}},
		get("open/x"), get("closed/x"),
	}
	want := []string{"", "", "", "", "", "", "", "AccessDenied"}
	if got := sdk(t, miniStack(t), calls); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
