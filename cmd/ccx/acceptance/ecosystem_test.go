//go:build acceptance

package acceptance

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// goEnviron lets a program build ccx with what has been built and fetched before.
func goEnviron(t *testing.T) []string {
	t.Helper()
	var env []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOSUMDB"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(out)))
	}
	return append(env, "GOFLAGS=-trimpath -buildvcs=false",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com", "GIT_CONFIG_GLOBAL="+os.DevNull)
}

// sources copies the repository as a reader would have it: no build, no cache, no history.
func sources(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := filepath.WalkDir(the.root, func(name string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(the.root, name)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (rel == ".git" || rel == ".cache" || rel == "dist"):
			return filepath.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dir, rel), 0o755)
		case !entry.Type().IsRegular() || rel == "ccx" || rel == ".git":
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, rel), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// commit makes a folder a git repository with all that is in it, and returns the commit.
func commit(t *testing.T, dir string, env []string) string {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-q", "-m", "x"}} {
		if got := run(t, command{argv: append([]string{"git"}, args...), dir: dir, env: env}); got.code != 0 {
			t.Fatalf("git %v: %s", args, got.stderr)
		}
	}
	return strings.TrimSpace(run(t, command{argv: []string{"git", "rev-parse", "HEAD"}, dir: dir, env: env}).stdout)
}

func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// pre-commit builds ccx by itself, and checks what is a compute config among all YAML files.
func TestPreCommit(t *testing.T) {
	env := append(goEnviron(t), "PRE_COMMIT_HOME="+t.TempDir())
	hooks := sources(t)
	rev := commit(t, hooks, env)
	dir := t.TempDir()
	snapshot := read(t, filepath.Join(the.root, "examples", "snapshot.json"))
	config := "repos:\n- repo: " + hooks + "\n  rev: " + rev + "\n  hooks:\n  - id: ccx\n  - id: ccx-access\n    args: [--snapshot, facts.json, -b, acme-anyscale]\n"
	put(t, dir, map[string]string{
		".pre-commit-config.yaml": config, "facts.json": snapshot, "pod.yaml": "apiVersion: v1\nkind: Pod\n",
		"configs/train.yaml": "head_node: {instance_type: m5.large}\nadvanced_instance_config:\n  IamInstanceProfile: {Name: ml-train}\n",
	})
	commit(t, dir, env)
	pre := func() result {
		t.Helper()
		return run(t, command{argv: []string{filepath.Join(the.venv, "pre-commit"), "run", "--all-files", "--color", "never"}, dir: dir, env: env})
	}
	if got := pre(); got.code != 0 || strings.Count(got.stdout, "Passed") != 2 {
		t.Fatalf("status %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	put(t, dir, map[string]string{"configs/bad.yaml": "head_nod: {instance_type: m5.large}\n", "configs/vision.yaml": "head_node: {instance_type: m5.large}\nadvanced_instance_config:\n  IamInstanceProfile: {Name: vision-nodes}\n"})
	if got := run(t, command{argv: []string{"git", "add", "-A"}, dir: dir, env: env}); got.code != 0 {
		t.Fatal(got.stderr)
	}
	got := pre()
	for _, want := range []string{"configs/bad.yaml:1:1: error:", "configs/vision.yaml:3:30: error: nodes can't read every key"} {
		if !strings.Contains(got.stdout, want) || got.code == 0 || strings.Contains(got.stdout, "pod.yaml") {
			t.Errorf("status %d, no %q in\n%s%s", got.code, want, got.stdout, got.stderr)
		}
	}
}

// yamlFile reads YAML as the programs that it is for do.
func yamlFile(t *testing.T, into any, path ...string) {
	t.Helper()
	text := read(t, filepath.Join(append([]string{the.root}, path...)...))
	out, err := runScript(filepath.Join(the.venv, "python"), "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)", []byte(text))
	if err == nil {
		err = json.Unmarshal(out, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// action is a composite action.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Name, Shell, Run string
			Env              map[string]string
			Dir              string `json:"working-directory"`
		}
	}
}

// runAction runs the steps as GitHub's runner does, and returns what they print, their status and what they output.
func runAction(t *testing.T, dir string, inputs map[string]string) (got result, output, summary string) {
	t.Helper()
	var a action
	yamlFile(t, &a, ".github", "actions", "ccx", "action.yml")
	temp, paths := t.TempDir(), []string{}
	values := map[string]string{"github.action_path": filepath.Join(the.root, ".github", "actions", "ccx")}
	for name, input := range a.Inputs {
		values["inputs."+name] = input.Default
	}
	for name, value := range inputs {
		values["inputs."+name] = value
	}
	expand := func(s string) string {
		return regexp.MustCompile(`\$\{\{ ([a-z_.-]+) \}\}`).ReplaceAllStringFunc(s, func(e string) string { return values[strings.Trim(e, "${} ")] })
	}
	for _, name := range []string{"path", "output", "summary"} {
		put(t, temp, map[string]string{name: ""})
	}
	for _, step := range a.Runs.Steps {
		if step.Shell != "bash" || a.Runs.Using != "composite" {
			t.Fatalf("%q is no step of bash", step.Name)
		}
		paths = append(paths, strings.Fields(read(t, filepath.Join(temp, "path")))...)
		env := append(goEnviron(t), "RUNNER_TEMP="+temp, "GITHUB_PATH="+filepath.Join(temp, "path"), "GITHUB_OUTPUT="+filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"),
			"PATH="+strings.Join(append(paths, os.Getenv("PATH")), ":"), "GITHUB_ACTIONS=true")
		for name, value := range step.Env {
			env = append(env, name+"="+expand(value))
		}
		script := write(t, "step.sh", step.Run)
		one := run(t, command{argv: []string{"bash", "--noprofile", "--norc", "-eo", "pipefail", script}, dir: filepath.Join(dir, expand(step.Dir)), env: env})
		got.code, got.stdout, got.stderr = one.code, got.stdout+one.stdout, got.stderr+one.stderr
		if one.code != 0 {
			break
		}
	}
	return got, read(t, filepath.Join(temp, "output")), read(t, filepath.Join(temp, "summary"))
}

func TestGitHubAction(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{
		"w/facts.json": read(t, filepath.Join(the.root, "examples", "snapshot.json")), "w/configs/bad.yaml": "head_nod: {instance_type: m5.large}\n",
		"w/$(touch pwned).yaml": "head_node: {instance_type: m5.large}\n", "w/two words.yaml": "head_node: {instance_type: m5.large}\n",
	})
	args := "--snapshot\nfacts.json\n-p\nml-train\n\n-b\nacme-anyscale\n"
	got, output, summary := runAction(t, dir, map[string]string{"working-directory": "w", "args": args, "paths": "$(touch pwned).yaml\ntwo words.yaml\n"})
	if got.code != 0 || !strings.Contains(got.stdout, "2 files checked: 2 pass") || output != "status=0\nsarif<<ccx_end_of_name\nccx.sarif\nccx_end_of_name\n" || !strings.Contains(summary, "2 configs without a fault") {
		t.Errorf("status %d\n%s%s\n%s\n%s", got.code, got.stdout, got.stderr, output, summary)
	}
	got, output, summary = runAction(t, dir, map[string]string{"working-directory": "w", "args": args, "paths": "configs\n$(touch pwned)\n`touch pwned`\n; touch pwned", "sarif": "out.sarif"})
	if got.code != 2 || !strings.Contains(got.stdout, "\nconfigs/bad.yaml:1:1: error:") || !strings.HasPrefix(output, "status=2\n") || !strings.Contains(summary, "4 of 4 configs fail") {
		t.Errorf("status %d\n%s%s\n%s\n%s", got.code, got.stdout, got.stderr, output, summary)
	}
	if !strings.HasPrefix(got.stdout, "::add-matcher::") || !strings.Contains(read(t, filepath.Join(dir, "w", "out.sarif")), `"version": "2.1.0"`) {
		t.Errorf("%s", got.stdout)
	}
	filepath.WalkDir(dir, func(name string, _ fs.DirEntry, _ error) error {
		if filepath.Base(name) == "pwned" {
			t.Error("an input ran as code")
		}
		return nil
	})
}

// The GitLab job's script, run as its runner does.
func TestGitLabTemplate(t *testing.T) {
	var doc struct {
		Ccx struct {
			Variables map[string]string
			Script    []string
			Artifacts struct {
				Paths   []string
				Reports map[string]string
			}
		}
	}
	yamlFile(t, &doc, "examples", "gitlab-ci.yml")
	for text, want := range map[string]int{"head_node: {instance_type: m5.large}\n": 0, "head_nod: {}\n": 1} {
		dir := t.TempDir()
		put(t, dir, map[string]string{"a.yaml": text, "pod.yaml": "apiVersion: v1\nkind: Pod\n", ".gitlab-ci.yml": "ccx: {script: [x]}\n", "good.yaml": "head_node: {instance_type: m5.large}\n"})
		env := []string{"GITLAB_CI=true"}
		for name, value := range doc.Ccx.Variables {
			env = append(env, name+"="+value)
		}
		got := run(t, command{argv: []string{"bash", "-eo", "pipefail", "-c", strings.Join(doc.Ccx.Script, "\n")}, dir: dir, env: env})
		var issues []struct {
			Severity string
			Location struct{ Path string }
		}
		err := json.Unmarshal([]byte(read(t, filepath.Join(dir, doc.Ccx.Artifacts.Reports["codequality"]))), &issues)
		if err != nil || got.code != want || (len(issues) > 0) != (want == 1) {
			t.Errorf("status %d, want %d: %v %+v\n%s%s", got.code, want, err, issues, got.stdout, got.stderr)
		}
		if want == 1 && (issues[0].Location.Path != "a.yaml" || issues[0].Severity != "critical") {
			t.Errorf("%+v", issues)
		}
		for _, name := range doc.Ccx.Artifacts.Paths {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Error(err)
			}
		}
	}
}

// schemaCheck holds a schema to draft-07 and documents to it, with the library that editors' own validators follow.
const schemaCheck = `
import json, sys, yaml
from jsonschema import Draft7Validator
spec = json.load(sys.stdin)
schema = json.loads(spec["schema"])
assert schema["$schema"] == "http://json-schema.org/draft-07/schema#", schema["$schema"]
Draft7Validator.check_schema(schema)
for good in spec["good"]:
    Draft7Validator(schema).validate(yaml.safe_load(good))
for bad in spec["bad"]:
    assert list(Draft7Validator(schema).iter_errors(yaml.safe_load(bad))), "taken: " + bad
print("ok")
`

// Every schema that editors can get is a draft-07 one, takes the examples, and notices a misspelt key.
func TestSchemasForEditors(t *testing.T) {
	example := func(names ...string) string {
		return read(t, filepath.Join(append([]string{the.root, "examples"}, names...)...))
	}
	good := map[string][]string{
		"compute-config": {example("train.yaml")}, "job": {example("job.yaml")}, "service": {example("service.yaml")}, "legacy-compute-config": {example("legacy.yaml")},
		"settings": {"version: 1\nclouds: {prod: {instance_profile: ml-train}}\nwaive: [{code: s3/delete, reason: x, until: '2027-03-31'}]\n"},
	}
	bad := map[string][]string{
		"compute-config": {"head_nod: {}\n"}, "settings": {"version: 2\n", "version: 1\nwaive: [{code: s3/delete}]\n"}, "job": {"entrypoint: 7\n"},
	}
	names := strings.Fields(ccx(t, "", "schema").stdout)
	if len(names) < 14 {
		t.Fatalf("only %q", names)
	}
	for _, name := range names {
		got := ccx(t, "", "schema", name)
		none := func(list []string) []string { return append([]string{}, list...) }
		spec, err := json.Marshal(map[string]any{"schema": got.stdout, "good": none(good[name]), "bad": none(bad[name])})
		if err != nil || got.code != 0 {
			t.Fatal(err, got)
		}
		if out, err := runScript(filepath.Join(the.venv, "python"), schemaCheck, spec); err != nil || string(out) != "ok\n" {
			t.Errorf("%s: %s %v", name, out, err)
		}
	}
}

// The version tells from which revision the program was built, and whether the tree had changes.
func TestVersionOfABuild(t *testing.T) {
	env := append(goEnviron(t), "GOFLAGS=-trimpath -buildvcs=true")
	dir := sources(t)
	rev := commit(t, dir, env)
	for _, dirty := range []bool{false, true} {
		if dirty {
			put(t, dir, map[string]string{"README.md": "changed\n"})
		}
		program := filepath.Join(t.TempDir(), "ccx")
		if got := run(t, command{argv: []string{"go", "build", "-o", program, "./cmd/ccx"}, dir: dir, env: env}); got.code != 0 {
			t.Fatal(got.stderr)
		}
		got := run(t, command{argv: []string{program, "version"}})
		if !strings.HasPrefix(got.stdout, "ccx ") || !strings.Contains(got.stdout, rev[:12]) || strings.Contains(got.stdout, "+dirty") != dirty {
			t.Errorf("revision %s, changed %v: %q", rev, dirty, got.stdout)
		}
	}
}
