//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// profileARN is the profile that most tests ask for.
const profileARN = "arn:aws:iam::111122223333:instance-profile/ml-train"

// goldens returns the folders of the cases that must pass.
func goldens(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(the.root, "cmd", "ccx", "testdata", "ok", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	return dirs
}

// in returns the path of the file in each folder.
func in(dirs []string, name string) []string {
	var paths []string
	for _, dir := range dirs {
		paths = append(paths, filepath.Join(dir, name))
	}
	return paths
}

// TestGolden feeds each golden output to the published client, with the flag of its schema. The client must accept it,
// and the request that it sends must carry the profile at the cluster level, at the head where it has its own instance
// config, and at every worker that has its own.
func TestGolden(t *testing.T) {
	dirs := goldens(t)
	files := in(dirs, "out.yaml")
	values := loadYAML(t, files...)
	for i, file := range files {
		t.Run(filepath.Base(dirs[i]), func(t *testing.T) {
			t.Parallel()
			config, ok := values[i][0].(map[string]any)
			if !ok || len(values[i]) != 1 {
				t.Fatalf("PyYAML reads %d documents, the first a %T; want one mapping", len(values[i]), values[i][0])
			}
			checkGolden(t, file, config, argsOf(t, dirs[i]))
		})
	}
}

// TestGoldenKeepsTheRest: by PyYAML's reading, a golden output differs from its input in instance profiles only. Two
// documents folded into one are TestDocsExample's.
func TestGoldenKeepsTheRest(t *testing.T) {
	dirs := goldens(t)
	before, after := loadYAML(t, in(dirs, "in.yaml")...), loadYAML(t, in(dirs, "out.yaml")...)
	for i, dir := range dirs {
		if len(before[i]) != 1 {
			continue
		}
		was, is := withoutProfiles(before[i][0]), withoutProfiles(after[i][0])
		if wrapper, ok := was.(map[string]any); ok && wrapper["config"] != nil {
			was = wrapper["config"] // as compute-config get prints it
		}
		if !reflect.DeepEqual(was, is) {
			t.Errorf("%s: more than the profile differs:\nbefore %v\nafter  %v", filepath.Base(dir), was, is)
		}
	}
}

// argsOf returns the text of a case's args file, or "" where the case has none.
func argsOf(t *testing.T, dir string) string {
	t.Helper()
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(args)
}

func checkGolden(t *testing.T, file string, config map[string]any, args string) {
	t.Helper()
	var sent map[string]any
	if inner, isCarrier := carried(config); isCarrier {
		verdict := ask(t, []string{read(t, file)})[0] // the client's own code, without the command around it
		if verdict.Error != "" {
			t.Fatalf("not accepted: %s", verdict.Error)
		}
		config, sent = inner, verdict.Config
	} else {
		body := newConsole(t).create(t, read(t, file), isLegacy(config))
		sent, _ = body["config"].(map[string]any)
	}
	wants, sents := written(config), transmitted(config, sent)
	if len(wants) != len(sents) {
		t.Fatalf("%d configs sent for %d written", len(sents), len(wants))
	}
	var all []block
	for i := range wants {
		if !reflect.DeepEqual(wants[i], sents[i]) {
			t.Errorf("the request differs from the file:\nsent    %v\nwritten %v", sents[i], wants[i])
		}
		all = append(all, sents[i]...)
	}
	checkProfiles(t, all, args)
}

// carried returns the compute config within a job, service, workspace or schedule.
func carried(file map[string]any) (config map[string]any, isCarrier bool) {
	if job, ok := file["job_config"].(map[string]any); ok {
		file = job
	}
	config, isCarrier = file["compute_config"].(map[string]any)
	return config, isCarrier
}

// create makes a compute config of the text and returns the body of the request that did.
func (c *console) create(t *testing.T, text string, legacy bool) map[string]any {
	t.Helper()
	args := []string{"compute-config", "create", "-n", "train"}
	if legacy {
		args = append(args, "-")
	} else {
		args = append(args, "-f", "/dev/stdin")
	}
	got := c.anyscale(t, text, args...)
	created := c.created()
	if got.code != 0 || len(created) != 1 {
		t.Fatalf("not accepted: exit status %d, %d configs made\n%s\n%s", got.code, len(created), got.stderr, text)
	}
	return created[0]
}

// written returns the blocks of each config in a file.
func written(file map[string]any) [][]block {
	s := newShape
	if isLegacy(file) {
		s = legacyShape
	}
	var all [][]block
	for _, config := range each(file, "configs") {
		all = append(all, s.blocks(config))
	}
	return all
}

// transmitted returns the blocks of each config in a request.
func transmitted(file, sent map[string]any) [][]block {
	if isLegacy(file) {
		return [][]block{legacyShape.blocks(sent)}
	}
	var all [][]block
	for _, config := range each(sent, "deployment_configs") {
		all = append(all, sentShape.blocks(config))
	}
	return all
}

var askedProfile = regexp.MustCompile(`arn:[a-z-]+:iam::\d{12}:instance-profile/\S+`)

// checkProfiles wants a profile in each block that there is, in each cluster level, and the same one everywhere; the
// one that the arguments ask for where they give an ARN. Only --existing=keep may leave others.
func checkProfiles(t *testing.T, all []block, args string) {
	t.Helper()
	keep := strings.Contains(args, "keep")
	asked := strings.Trim(askedProfile.FindString(args), `"'`)
	for _, b := range all {
		profile := b.profile()
		switch {
		case b.value == nil && b.label != "cluster":
			// The node takes the cluster level.
		case profile == "":
			t.Errorf("%s: the request carries no profile: %v", b.label, b.value)
		case !keep && asked != "" && profile != asked:
			t.Errorf("%s: the request carries %q, want %q", b.label, profile, asked)
		case !keep && profile != all[0].profile():
			t.Errorf("%s: the request carries %q, the first cluster level %q", b.label, profile, all[0].profile())
		}
	}
}
