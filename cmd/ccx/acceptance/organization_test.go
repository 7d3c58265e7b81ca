//go:build acceptance

package acceptance

import (
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed organization.py
var organizationScript string

// TestOrganization shows what a service control policy does that a unit of an organization hangs on a member account:
// read with the management account's credentials it denies; by the member alone it can't be read, and that is said.
func TestOrganization(t *testing.T) {
	const boss = "999900001111"
	spec, err := json.Marshal(map[string]any{"endpoint": the.moto, "management": boss})
	if err != nil {
		t.Fatal(err)
	}
	out, err := runScript(filepath.Join(the.venv, "python"), organizationScript, spec)
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		Member      string
		Credentials keys
	}
	if err := json.Unmarshal(out, &made); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	filter := func(settings string, args ...string) result {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "ccx.yaml"), []byte("version: 1\n"+settings), 0o600); err != nil {
			t.Fatal(err)
		}
		argv := append([]string{the.ccx(), "--region", "us-west-2", "-p", "node", "-b", "member-bucket"}, args...)
		return run(t, command{argv: argv, stdin: goodNew, dir: dir,
			env: append(made.Credentials.environ(), "AWS_ENDPOINT_URL="+the.moto, "AWS_MAX_ATTEMPTS=1")})
	}

	alone := filter("")
	checkMember(t, alone, 0, "SCPs", "assuming")
	strict := filter("assume: []\n")
	checkMember(t, strict, 3, "no credentials for account "+boss)
	read := "organization: {read_from: '" + boss + "'}\naccounts: {'" + boss + "': {assume_role: 'arn:aws:iam::" + boss + ":role/reader'}}\n"
	denied := filter(read)
	checkMember(t, denied, 1, "s3/delete", "NoDeletes", "NobodyDeletes")
	if strings.Contains(denied.stderr, "[s3/write]") {
		t.Errorf("more than deletes is denied:\n%s", denied.stderr)
	}
}

func checkMember(t *testing.T, got result, code int, says ...string) {
	t.Helper()
	if got.code != code {
		t.Errorf("exit status %d, want %d\n%s", got.code, code, got.stderr)
	}
	for _, part := range says {
		if !strings.Contains(got.stderr, part) {
			t.Errorf("stderr does not say %q:\n%s", part, got.stderr)
		}
	}
}
