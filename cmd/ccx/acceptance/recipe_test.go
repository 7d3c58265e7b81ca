//go:build acceptance

package acceptance

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// jqScript is the command jq as far as the recipe needs it, around the real jq: libjq, as PyPI's package jq ships it.
const jqScript = `import json, sys
import jq
named, flags, rest, args = {}, "", [], sys.argv[1:]
while args:
    arg = args.pop(0)
    if arg in ("--arg", "--argjson"):
        name, value = args.pop(0), args.pop(0)
        named[name] = value if arg == "--arg" else json.loads(value)
    elif arg.startswith("-"):
        assert set(arg[1:]) <= set("crsR"), arg
        flags += arg[1:]
    else:
        rest.append(arg)
text = "".join(open(name).read() for name in rest[1:]) if rest[1:] else sys.stdin.read()
program = jq.compile(rest[0], args=named)
if "R" in flags:
    assert "s" in flags
    answers = program.input_value(text)
else:
    answers = program.input_text(text, slurp="s" in flags)
for answer in answers:
    print(answer if "r" in flags and isinstance(answer, str) else json.dumps(answer, indent=None if "c" in flags else 2))
`

// recipe runs examples/snapshot.sh with the real AWS CLI and returns the snapshot's path.
func recipe(t *testing.T, a *aws, buckets ...string) string {
	t.Helper()
	bin := t.TempDir()
	python := filepath.Join(the.venv, "python")
	if err := os.WriteFile(filepath.Join(bin, "jq"), []byte("#!"+python+"\n"+jqScript), 0o700); err != nil {
		t.Fatal(err)
	}
	env := append(credentialsOf(t, ours).environ(), "AWS_ENDPOINT_URL="+a.url, "AWS_MAX_ATTEMPTS=1",
		"PATH="+bin+":"+the.venv+":"+os.Getenv("PATH"))
	argv := append([]string{"sh", filepath.Join(the.root, "examples", "snapshot.sh")}, buckets...)
	got := run(t, command{argv: argv, env: env})
	if got.code != 0 || got.stderr != "" {
		t.Fatalf("snapshot.sh: exit status %d\n%s", got.code, got.stderr)
	}
	return write(t, "facts.json", got.stdout)
}

// TestRecipe: the snapshot of the AWS CLI and jq leads to the findings of a run on AWS. The policy of the bucket acme-fenced
// may not be read.
func TestRecipe(t *testing.T) {
	a := newAWS(t)
	server := httptest.NewServer(faulty{a, "s3:?policy", "denied", "acme-fenced"})
	t.Cleanup(server.Close)
	a.url = server.URL
	facts := recipe(t, a, "acme-anyscale", "acme-fenced", "acme-kms", "acme-nowhere", "lake-closed")
	followsSchema(t, facts)
	compared := 0
	for _, l := range lives {
		if len(l.denied) > 0 || l.as != ours || slices.ContainsFunc([]string{"--account", "--image", "acme-kms-aws", "lake-open", "lake-greeting"},
			func(arg string) bool { return slices.Contains(l.args, arg) }) {
			continue // the recipe asks other calls, as one caller, of some buckets and not of ECR
		}
		compared++
		t.Run(l.name, func(t *testing.T) {
			args := append([]string{"--report", "json", "--region", "us-west-2"}, l.args...)
			onAWS := a.ccx(t, l.as, goodNew, args...)
			onRecipe := run(t, command{argv: append([]string{the.ccx(), "--snapshot", facts}, args...), stdin: goodNew})
			if onAWS.code != onRecipe.code || onAWS.stdout != onRecipe.stdout || verdicts(t, l, onAWS) != verdicts(t, l, onRecipe) {
				t.Errorf("on AWS: status %d\n%s\nfrom the recipe: status %d\n%s", onAWS.code, verdicts(t, l, onAWS), onRecipe.code, verdicts(t, l, onRecipe))
			}
		})
	}
	if compared < 15 {
		t.Errorf("only %d runs were compared", compared)
	}
}

// verdicts lists the findings of a JSON report on stderr, a line each.
func verdicts(t *testing.T, l live, got result) string {
	t.Helper()
	var report struct {
		Files []struct {
			Findings []struct{ Code, Status, Cause, Message string }
		}
	}
	if err := json.Unmarshal([]byte(got.stderr), &report); err != nil || len(report.Files) != 1 {
		t.Fatalf("no report: %v\n%s", err, got.stderr)
	}
	var lines []string
	for _, f := range report.Files[0].Findings {
		if f.Code == "bucket/region" && slices.Contains(l.args, "lake-closed") {
			continue // S3 tells strangers the region in a header, which the CLI does not show
		}
		lines = append(lines, strings.Join([]string{f.Code, f.Status, f.Cause, f.Message}, " "))
	}
	return strings.Join(lines, "\n")
}

// followsSchema holds snapshots to `ccx schema snapshot` by another validator than ccx's.
func followsSchema(t *testing.T, files ...string) {
	t.Helper()
	schema := run(t, command{argv: []string{the.ccx(), "schema", "snapshot"}})
	const script = `import json, sys
import jsonschema
names = json.load(sys.stdin)
validator = jsonschema.Draft7Validator(json.load(open(names[0])))
for name in names[1:]:
    for error in validator.iter_errors(json.load(open(name))):
        print(name, list(error.path), error.message[:300])
`
	names, err := json.Marshal(append([]string{write(t, "schema.json", schema.stdout)}, files...))
	if err != nil {
		t.Fatal(err)
	}
	out, err := runScript(filepath.Join(the.venv, "python"), script, names)
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
