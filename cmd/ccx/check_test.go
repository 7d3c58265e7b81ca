package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ccx/cmd/ccx/report"
	"ccx/schema"
	"ccx/transform"
	"ccx/transform/account"
	"ccx/transform/finding"
)

// TestGoldenCheck runs the cases of testdata/check: a case is a folder with args, the fleet it looks at, and what comes
// out on stdout (out.txt), on stderr (err.txt) and as the exit status (code).
func TestGoldenCheck(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("testdata", "check", "*", "args"))
	if err != nil || len(dirs) < 8 {
		t.Fatalf("%d cases: %v", len(dirs), err)
	}
	for _, args := range dirs {
		dir := filepath.Dir(args)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Chdir(dir)
			isolate(t)
			args := strings.Split(strings.TrimRight(read(t, "args"), "\n"), "\n")
			out, errs, code := ccx(t, strings.ReplaceAll(optional(t, "stdin"), "\n", "\x00"), args...)
			compare(t, "out.txt", out)
			compare(t, "err.txt", errs)
			compare(t, "code", strconv.Itoa(code)+"\n")
			leftAlone(t, ".")
		})
	}
}

// leftAlone fails if check wrote anything beside the files of the case.
func leftAlone(t *testing.T, dir string) {
	t.Helper()
	filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(entry.Name(), ".") && name != "." {
			t.Errorf("check left %s", name)
		}
		return err
	})
}

const plainConfig = "head_node:\n  instance_type: m5.2xlarge\n"

// fleet makes a folder of files and moves there. A name that ends in / is a folder.
func fleet(t *testing.T, files map[string]string) {
	t.Helper()
	isolate(t)
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// checkJSON runs check with a JSON report and returns the names that were judged and skipped.
func checkJSON(t *testing.T, stdin string, args ...string) (files, skipped string, code int, doc map[string]any) {
	t.Helper()
	out, errs, code := ccx(t, stdin, append([]string{"check", "--report", "json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v: %q %q", err, out, errs)
	}
	return names(doc["files"]), names(doc["skipped"]), code, doc
}

func names(list any) string {
	var out []string
	for _, item := range list.([]any) {
		out = append(out, item.(map[string]any)["name"].(string))
	}
	return strings.Join(out, " ")
}

func TestWalk(t *testing.T) {
	fleet(t, map[string]string{
		"b/z.yaml": plainConfig, "b/a.yml": plainConfig, "a.json": `{"head_node": {"instance_type": "m5.large"}}`, "B.YAML": plainConfig,
		".git/x.yaml": plainConfig, "b/.cache/x.yaml": plainConfig, "b/.hidden.yaml": plainConfig, "notes.txt": plainConfig, "b/empty/": "",
	})
	files, skipped, code, _ := checkJSON(t, "", "--offline", ".")
	if files != "B.YAML a.json b/.hidden.yaml b/a.yml b/z.yaml" || skipped != "" || code != exitDone {
		t.Errorf("%q, %q, %d", files, skipped, code)
	}
	if again, _, _, _ := checkJSON(t, "", "--offline", "."); again != files {
		t.Errorf("the order changed: %q", again)
	}
	if files, _, _, _ := checkJSON(t, "", "--offline", "b/z.yaml", "b", "./b/a.yml", "a.json"); files != "b/z.yaml b/.hidden.yaml ./b/a.yml a.json" {
		t.Errorf("each once, as it was named first: %q", files)
	}
	if files, _, _, _ := checkJSON(t, "", "--offline", ".git", "notes.txt"); files != ".git/x.yaml notes.txt" {
		t.Errorf("what is named is looked at: %q", files)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	fleet(t, map[string]string{"real/a.yaml": plainConfig, "secret": "token: hunter2\n"})
	for link, target := range map[string]string{"real/link.yaml": "a.yaml", "folder": "real", "leak.yaml": "secret"} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	files, skipped, code, _ := checkJSON(t, "", "--offline", ".")
	if files != "real/a.yaml" || skipped != "leak.yaml real/link.yaml" || code != exitDone {
		t.Errorf("%q, %q, %d", files, skipped, code)
	}
	for _, named := range []string{"leak.yaml", "folder"} {
		out, errs, code := ccx(t, "", "check", "--offline", named)
		if code != exitUsage || !strings.Contains(out, named+": error: is a symbolic link") || strings.Contains(out+errs, "hunter2") {
			t.Errorf("%s: status %d\n%s%s", named, code, out, errs)
		}
	}
}

func TestALinkPutInAFilesPlaceIsNotRead(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "b.yaml": "token: hunter2\n"})
	looked, err := os.Lstat("a.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("a.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("b.yaml", "a.yaml"); err != nil {
		t.Fatal(err)
	}
	if text, err := readPlain("a.yaml", looked); !errors.Is(err, errSwapped) || text != nil {
		t.Errorf("%q %v", text, err)
	}
}

// TestContentDecides: what nobody named is judged if it is Anyscale's, and skipped with a reason if not.
func TestContentDecides(t *testing.T) {
	tests := []struct {
		name, text string
		judged     bool
	}{
		{"config", plainConfig, true},
		{"legacy config", "head_node_type: {instance_type: a, name: h}\nworker_node_types: []\n", true},
		{"job that names a config", "entrypoint: python x.py\ncompute_config: gpu:3\n", true},
		{"job without a config", "entrypoint: python x.py\n", true},
		{"broken config", "head_node:\n\tinstance_type: x\n", true},
		{"template of a config", "head_node:\n  instance_type: {{ type }}\n", true},
		{"misspelt config", "headnode:\n  instance_type: m5.large\n", true},
		{"misspelt beside a known key", "cloud: prod\nworkernodes: []\n", true},
		{"wrong value in a config", "head_node: 7\n", true},
		{"JSON config", "{\n  \"worker_nodes\": 1}", true},
		{"Kubernetes", "apiVersion: v1\nkind: Pod\n", false},
		{"Kubernetes, many", "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n", false},
		{"Ray cluster launcher", "cluster_name: x\nprovider: {type: aws}\n", false},
		{"Helm chart", "name: {{ .Values.x }}\n{{- if .y }}\n", false},
		{"Ray Serve config", "applications: []\nproxy_location: EveryNode\nhttp_options: {port: 1}\n", false},
		{"Docker Compose", "services: {}\nconfigs: {a: {file: b}}\n", false},
		{"workflow", "on: push\njobs: {}\n", false},
		{"package.json", `{"name": "x", "version": "1.0.0"}`, false},
		{"list", "- 1\n", false},
		{"text", "hello\n", false},
		{"empty", "", false},
		{"UTF-16", "\xff\xfea\x00", false},
		{"a comment about head_node: is no key", "# head_node: x\na: 1\n", false},
		{"large data", `{"rows": [` + strings.Repeat("1,", maxForeign) + `1]}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fleet(t, map[string]string{"good.yaml": plainConfig, "x.yaml": tt.text})
			files, skipped, _, doc := checkJSON(t, "", "--offline", ".")
			if strings.Contains(files, "x.yaml") != tt.judged || strings.Contains(skipped, "x.yaml") == tt.judged {
				t.Errorf("judged %q, skipped %q", files, skipped)
			}
			if !tt.judged && doc["skipped"].([]any)[0].(map[string]any)["reason"] == "" {
				t.Error("skipped without a reason")
			}
			if files, _, _, _ := checkJSON(t, "", "--offline", "x.yaml"); files != "x.yaml" {
				t.Errorf("named, it is judged: %q", files)
			}
		})
	}
}

func TestNamedAndMissingConfigsAreNotes(t *testing.T) {
	fleet(t, map[string]string{"named.yaml": "entrypoint: x\ncompute_config: gpu:3\n", "none.yaml": "entrypoint: x\n", "plain.yaml": plainConfig})
	out, _, code := ccx(t, "", "check", "-b", "acme-anyscale", "--offline", ".")
	if code != exitDone || strings.Count(out, ": note: this job") != 2 || strings.Contains(out, "error") {
		t.Errorf("status %d\n%s", code, out)
	}
	if !strings.Contains(out, "ccx: 3 files checked: 3 pass (3 without a look at AWS)\n") {
		t.Errorf("what was not looked at must not pass as proved:\n%s", out)
	}
	verbose, _, _ := ccx(t, "", "check", "-v", "-b", "acme-anyscale", "--snapshot", snapshot(t), "plain.yaml")
	if !strings.Contains(verbose, "skipped: no instance profile is named here") || !strings.Contains(verbose, "the text is sound; nothing in AWS was checked\n") {
		t.Errorf("-v says why:\n%s", verbose)
	}
}

// snapshot is the path of the example snapshot, wherever the test has gone.
func snapshot(t *testing.T) string {
	t.Helper()
	path := filepath.Join(sourceDir, "..", "..", "examples", "snapshot.json")
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// sourceDir is this package's folder: where go test starts.
var sourceDir, _ = os.Getwd()

func TestFilesFrom0(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "dir/b c.yaml": plainConfig, "d.py": "", "pod.yaml": "kind: Pod\napiVersion: v1\n", "more.yaml": plainConfig})
	list := "dir/b c.yaml\x00a.yaml\x00d.py\x00gone.yaml\x00pod.yaml\x00dir\x00"
	files, skipped, code, _ := checkJSON(t, list, "--offline", "--files-from0", "-")
	if files != "dir/b c.yaml a.yaml" || skipped != "gone.yaml pod.yaml" || code != exitDone {
		t.Errorf("%q, %q, %d", files, skipped, code)
	}
	if err := os.WriteFile("list", []byte("a.yaml"), 0o644); err != nil {
		t.Fatal(err)
	}
	if files, _, _, _ := checkJSON(t, "", "--offline", "--files-from0", "list", "more.yaml"); files != "more.yaml a.yaml" {
		t.Errorf("a list beside a PATH, its last name without a NUL: %q", files)
	}
	for name, list := range map[string]string{"nothing changed": "", "nothing of ours changed": "pod.yaml\x00d.py\x00"} {
		if out, errs, code := ccx(t, list, "check", "--offline", "--files-from0", "-"); code != exitDone || errs != "" || !strings.Contains(out, "no compute config to check") {
			t.Errorf("%s: status %d, %q, %q", name, code, out, errs)
		}
	}
}

// A program that names every file it knows of, as pre-commit does, gets what a folder would.
func TestSkipOthers(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "pod.yaml": "kind: Pod\napiVersion: v1\n", "notes.txt": "x"})
	files, skipped, code, _ := checkJSON(t, "", "--offline", "--skip-others", "pod.yaml", "a.yaml")
	if files != "a.yaml" || skipped != "pod.yaml" || code != exitDone {
		t.Errorf("%q, %q, %d", files, skipped, code)
	}
	if out, errs, code := ccx(t, "", "check", "--offline", "--skip-others", "pod.yaml"); code != exitDone || errs != "" || !strings.Contains(out, "no compute config to check: none among 1 file") {
		t.Errorf("nothing of ours: status %d, %q, %q", code, out, errs)
	}
	if files, _, code, _ := checkJSON(t, "", "--offline", "--skip-others", "a.yaml", "gone.yaml"); files != "a.yaml gone.yaml" || code != exitUsage {
		t.Errorf("a name that is wrong: %q, %d", files, code)
	}
	if files, _, code, _ := checkJSON(t, "", "--offline", "pod.yaml", "a.yaml"); files != "pod.yaml a.yaml" || code != exitWrong {
		t.Errorf("without it: %q, %d", files, code)
	}
}

func TestCheckUsage(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "pods/p.yaml": "kind: Pod\napiVersion: v1\n", "empty/": ""})
	tests := []struct {
		stdin string
		args  []string
		says  string
	}{
		{"", nil, "nothing to check: no PATH, and no cloud is known"},
		{"", []string{"empty"}, "no compute config found: nothing to look at"},
		{"", []string{"pods"}, "no compute config found: none among 1 file"},
		{"a.yaml\nb.yaml\n", []string{"--files-from0", "-"}, "has lines, not names ended by NUL"},
		{"", []string{"--files-from0", "-", "-"}, "stdin can't be both"},
		{"", []string{"--files-from0", "nosuch"}, "no such file"},
		{"", []string{"--fail-on", "note", "a.yaml"}, `--fail-on can't be "note"`},
		{"", []string{"--report", "xml", "a.yaml"}, `--report can't be "xml"`},
		{"", []string{"--report", "json=", "a.yaml"}, "has no file after the ="},
		{"", []string{"--report", "json", "--report", "text", "a.yaml"}, "two reports without a FILE"},
		{"", []string{"--report", "json=x", "--report", "sarif=x", "a.yaml"}, "can't share the file"},
		{"", []string{"--report", "json=nosuch/x", "a.yaml"}, "no such folder"},
		{"", []string{"--report", "json=a.yaml/x", "a.yaml"}, "its folder is a file"},
		{"", []string{"--report", "json=pods", "a.yaml"}, "is not a regular file"},
		{"", []string{"--snapshot", "nosuch", "a.yaml"}, "no such file"},
		{"", []string{"-o", "x", "a.yaml"}, "unknown flag -o"},
		{"", []string{"-w", "a.yaml"}, "unknown flag -w"},
	}
	for _, tt := range tests {
		out, errs, code := ccx(t, tt.stdin, append([]string{"check"}, tt.args...)...)
		if code != exitUsage || !strings.Contains(errs, tt.says) || out != "" {
			t.Errorf("%v: status %d, stdout %q, stderr %q", tt.args, code, out, errs)
		}
	}
}

func TestOneBadPathDoesNotHideTheOthers(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "wrong.yaml": "head_node: 7\n"})
	files, _, code, doc := checkJSON(t, "", "--offline", "nosuch.yaml", "wrong.yaml", "a.yaml")
	if files != "nosuch.yaml wrong.yaml a.yaml" || code != exitUsage {
		t.Errorf("%q %d", files, code)
	}
	counts := doc["counts"].(map[string]any)
	if counts["unusable"] != 1.0 || counts["failed"] != 1.0 || counts["passed"] != 1.0 {
		t.Errorf("%v", counts)
	}
}

func TestFolderThatCannotBeRead(t *testing.T) {
	f := finder{index: map[string]int{}}
	if err := f.visit("a", "a/b", nil, fs.ErrPermission); err != fs.SkipDir {
		t.Errorf("%v", err)
	}
	if len(f.files) != 1 || f.files[0].bad == nil || !strings.Contains(f.files[0].bad.Message, "permission denied") {
		t.Errorf("%+v", f.files)
	}
}

func TestFailOnWarning(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	region := []string{"check", "-p", "ml-train", "-b", "acme-anyscale", "--region", "eu-west-1", "--snapshot", snapshot(t), "a.yaml"}
	if out, errs, code := ccx(t, "", region...); code != exitDone || !strings.Contains(out, "warning") {
		t.Fatalf("status %d\n%s%s", code, out, errs)
	}
	out, _, code := ccx(t, "", append(region, "--fail-on", "warning")...)
	if code != exitWrong || !strings.Contains(out, "1 file checked: 1 fails") {
		t.Errorf("status %d\n%s", code, out)
	}
}

func TestStatusOf(t *testing.T) {
	fail, unsure, usage := finding.New(finding.S3Read, finding.Place{}, "x"), finding.Unsure(finding.S3Read, finding.Depends, finding.Place{}, "x"), finding.New(finding.UsageFile, finding.Place{}, "x")
	tests := []struct {
		fs   []finding.Finding
		want int
	}{
		{nil, exitDone},
		{[]finding.Finding{unsure}, exitUnknown},
		{[]finding.Finding{unsure, fail, unsure}, exitWrong},
		{[]finding.Finding{fail, usage, unsure}, exitUsage},
		{[]finding.Finding{finding.New(finding.S3Multipart, finding.Place{}, "x")}, exitDone},
	}
	for _, tt := range tests {
		if got := statusOf(tt.fs, finding.Finding.Stops); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.fs, got, tt.want)
		}
	}
}

// TestAskedForIsNotThere: a pass with -p is about the profile, and must not be read as its being in the file.
func TestAskedForIsNotThere(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	args := []string{"-p", "ml-train", "-b", "acme-anyscale", "--snapshot", snapshot(t), "a.yaml"}
	out, _, _ := ccx(t, "", append([]string{"check", "-v"}, args...)...)
	if !strings.Contains(out, "; the filter would still put it in (+3 lines, 0 changed)\n") {
		t.Errorf("%s", out)
	}
	if text := read(t, "a.yaml"); text != plainConfig {
		t.Errorf("check wrote the file:\n%s", text)
	}
	_, _, _, doc := checkJSON(t, "", args...)
	if file := doc["files"].([]any)[0].(map[string]any); file["lines_added"] != 3.0 || file["role"] != "arn:aws:iam::111122223333:role/ml-train" {
		t.Errorf("%v", file)
	}
	ccx(t, "", "-w", "-p", "ml-train", "-b", "acme-anyscale", "--snapshot", snapshot(t), "a.yaml")
	out, _, _ = ccx(t, "", append([]string{"check", "-v"}, args...)...)
	if strings.Contains(out, "would still") || !strings.Contains(out, "checks pass for every key") {
		t.Errorf("%s", out)
	}
}

// TestNoCredentials: what can't be asked is undecided, in every format, and never a pass.
func TestNoCredentials(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	args := []string{"-p", "ml-train", "-b", "acme-anyscale", "--region", "us-west-2", "a.yaml"}
	_, _, code, doc := checkJSON(t, "", args...)
	file := doc["files"].([]any)[0].(map[string]any)
	if code != exitUnknown || file["status"] != "unknown" || file["access"] == "proved" || doc["valid"] != false {
		t.Errorf("status %d: %v", code, file)
	}
	for format, want := range map[string]string{"junit": `errors="`, "sarif": `"status": "unknown"`, "github": "::error ", "codequality": `"major"`, "markdown": "can't be decided", "text": "cannot tell"} {
		out, _, code := ccx(t, "", append([]string{"check", "--report", format}, args...)...)
		if code != exitUnknown || !strings.Contains(out, want) || strings.Contains(out, `errors="0"`) {
			t.Errorf("%s: status %d\n%s", format, code, out)
		}
	}
	if out, _, code := ccx(t, "", append([]string{"check", "--unknown", "allow"}, args...)...); code != exitUnknown {
		t.Errorf("--unknown allow does not cover what can't be asked: status %d\n%s", code, out)
	}
}

// TestOneRunOneLookAtAWS: a thousand files of three profiles ask for three profiles, once.
func TestOneRunOneLookAtAWS(t *testing.T) {
	isolate(t)
	source := &asked{}
	var inputs []transform.Input
	for i := range 1000 {
		name := strconv.Itoa(i % 3)
		inputs = append(inputs, transform.Input{Name: name, Text: []byte(plainConfig + "advanced_instance_config: {IamInstanceProfile: {Name: p" + name + "}}\n")})
	}
	opts, bad := transform.Aim{Bucket: "acme-anyscale"}.Options()
	if bad != nil {
		t.Fatal(bad)
	}
	transform.Run(context.Background(), opts, inputs, source)
	if source.times != 1 {
		t.Errorf("AWS was asked %d times", source.times)
	}
}

// asked counts how often facts are gathered.
type asked struct{ times int }

func (a *asked) Gather(context.Context, account.Wants) *account.Facts {
	a.times++
	return nil
}

func TestMisspelt(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"headnode: {}\n", true}, {"head-node: {}\n", true}, {"Head_Nodes:\n", true}, {"worker_node: []\n", true}, {"\"worker_node_type\": []\n", true},
		{"nodes: 3\n", false}, {"headers: {}\n", false}, {"  headnode: nested\n", false}, {"# headnode: x\n", false}, {"", false},
	}
	for _, tt := range tests {
		if got := misspelt([]byte(tt.text)); got != tt.want {
			t.Errorf("%q: %v", tt.text, got)
		}
	}
}

func TestTelltale(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"head_node:\n", true}, {"{\"head_node\": 1}", true}, {"'worker_nodes' : []", true}, {"a:\n  compute_config: x\n", true}, {"- launch_templates: []\n", true},
		{"my_head_node: 1\n", false}, {"head_node\n", false}, {"a: 1 # head_node: x\n", false}, {"text: about head_nodes: many\n", false},
	}
	for _, tt := range tests {
		if got := telltale.MatchString(tt.text); got != tt.want {
			t.Errorf("%q: %v", tt.text, got)
		}
	}
}

func TestCheckReadsStdin(t *testing.T) {
	fleet(t, nil)
	files, _, code, _ := checkJSON(t, plainConfig, "--offline", "--stdin-name", "train.yaml", "-")
	if files != "train.yaml" || code != exitDone {
		t.Errorf("%q %d", files, code)
	}
}

func TestFileNamesThatAreNotUTF8(t *testing.T) {
	fleet(t, map[string]string{"caf\xe9.yaml": plainConfig, "\x1b[2Jx.yaml": "head_node: 7\n"})
	for _, format := range report.Formats() {
		out, _, code := ccx(t, "", "check", "--offline", "-v", "--report", format, ".")
		if code != exitWrong || strings.Contains(out, "\x1b") || strings.Contains(out, "\xe9") {
			t.Errorf("%s: status %d\n%q", format, code, out)
		}
	}
	out, _, _ := ccx(t, "", "check", "--offline", ".")
	if !strings.Contains(out, `\x1b[2Jx.yaml:1:12: error`) {
		t.Errorf("%s", out)
	}
}

func TestCheckOfAThousandFiles(t *testing.T) {
	files := map[string]string{}
	for i := range 1000 {
		files["configs/"+strconv.Itoa(i)+".yaml"] = plainConfig
	}
	fleet(t, files)
	out, _, code := ccx(t, "", "check", "-p", "ml-train", "-b", "acme-anyscale", "--snapshot", snapshot(t), "configs")
	if code != exitDone || !strings.HasPrefix(out, "ccx: 1000 files checked: 1000 pass, assuming") {
		t.Errorf("status %d\n%.500s", code, out)
	}
}

// TestJSONReportsFollowTheirSchema validates what each verb really writes.
func TestJSONReportsFollowTheirSchema(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "wrong.yaml": "head_node: 7\n", "pod.yaml": "kind: Pod\napiVersion: v1\n", "job.yaml": "entrypoint: x\n"})
	facts := []string{"-b", "acme-anyscale", "--snapshot", snapshot(t)}
	commands := [][]string{
		append([]string{"check", "-p", "ml-train", "."}, facts...),
		append([]string{"check", "-p", "vision-nodes", "."}, facts...),
		{"check", "--offline", "."},
		{"check", "nosuch"},
		{"check", "-v", "pod.yaml", "--fail-on", "warning"},
		{"check", "--existing", "foo", "a.yaml"},
		append([]string{"-p", "ml-train", "a.yaml"}, facts...),
		append([]string{"-p", "vision-nodes", "a.yaml"}, facts...),
		{"-p", "arn:aws:iam::1:role/x", "a.yaml"},
		{"--snapshot", "nosuch", "a.yaml"},
		append([]string{"run", "-p", "ml-train"}, append(facts, "a.yaml", "--", "true", "{}")...),
	}
	for _, command := range commands {
		verb := 0
		if _, ok := findVerb(command[0]); ok {
			verb = 1
		}
		ccx(t, "", slices.Insert(slices.Clone(command), verb, "--report", "json=report.json")...)
		text := read(t, "report.json")
		followsSchema(t, command, text)
		if err := os.Remove("report.json"); err != nil {
			t.Fatal(err)
		}
	}
}

// followsSchema holds a report to schema/report.json, and to having no key that the schema does not describe.
func followsSchema(t *testing.T, command []string, text string) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	issues, err := schema.Validate(schema.Report, value)
	if err != nil || len(issues) > 0 {
		t.Errorf("%v: %v %+v", command, err, issues)
	}
	source, _ := schema.Source(schema.Report)
	for _, m := range regexp.MustCompile(`"([a-z_0-9]+)": `).FindAllStringSubmatch(text, -1) {
		if !bytes.Contains(source, []byte(`"`+m[1]+`": {`)) {
			t.Errorf("%v: the schema does not describe the key %s", command, m[1])
		}
	}
}

func TestForeignNeedsAReason(t *testing.T) {
	r := transform.Result{Findings: []finding.Finding{finding.New(finding.ConfigShape, finding.Place{}, "no config")}}
	if got := foreign(checkFile{text: []byte("a: 1")}, r); got != "no config" {
		t.Errorf("%q", got)
	}
	r.Shape, r.Findings = "job", []finding.Finding{finding.New(finding.ProfileARN, finding.Place{}, "bad profile")}
	if got := foreign(checkFile{text: []byte("entrypoint: x")}, r); got != "" {
		t.Errorf("a wrong -p must not make files foreign: %q", got)
	}
}
