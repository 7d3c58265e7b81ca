package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree makes a folder of the test's own with the files, and goes to the folder below it.
func tree(t *testing.T, below string, files map[string]string) string {
	t.Helper()
	isolate(t)
	snapshot, err := filepath.Abs("../../examples/snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	files["snapshot.json"] = read(t, snapshot)
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			err = os.MkdirAll(path, 0o755)
		} else {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(root, below), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(root, below))
	return root
}

const (
	cloudConfig = "cloud: prod-usw2\nhead_node:\n  instance_type: m5.2xlarge\n"
	cloudProd   = "testdata/ok/cloud-file/cloud.yaml"
)

// profileFor writes settings whose profile says from which file they came.
func profileFor(profile string) string {
	return "version: 1\nclouds: {prod-usw2: {instance_profile: " + profile + "}}\n"
}

// The nearest ccx.yaml up to the repository's root counts; what is above the root, or above where there is no
// repository, is somebody else's.
func TestSettingsAreFound(t *testing.T) {
	for _, c := range []struct {
		name, below string
		files       map[string]string
		want        string // the file whose profile was asked for; "" for none
	}{
		{"here", "a", map[string]string{".git/": "", "a/ccx.yaml": profileFor("in-a"), "ccx.yaml": profileFor("in-root")}, "in-a"},
		{"above", "a/b", map[string]string{".git/": "", "a/ccx.yaml": profileFor("in-a"), "ccx.yaml": profileFor("in-root")}, "in-a"},
		{"at the root", "a/b/c", map[string]string{".git/": "", "ccx.yaml": profileFor("in-root")}, "in-root"},
		{"a worktree, whose .git is a file", "r/a", map[string]string{"r/.git": "gitdir: x\n", "r/ccx.yaml": profileFor("in-r"), "ccx.yaml": profileFor("outside")}, "in-r"},
		{"not above the root", "r/a", map[string]string{"r/.git/": "", "ccx.yaml": profileFor("outside")}, ""},
		{"not above without a repository", "a", map[string]string{"ccx.yaml": profileFor("outside")}, ""},
		{"here without a repository", "a", map[string]string{"a/ccx.yaml": profileFor("in-a")}, "in-a"},
		{"another name", "a", map[string]string{".git/": "", "a/ccx.yml": profileFor("in-a")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree(t, c.below, c.files)
			out, errs, code := ccx(t, cloudConfig, "--offline", "--as", "name")
			if c.want == "" {
				if code != exitUsage || !strings.Contains(errs, "no profile") {
					t.Errorf("status %d: %s", code, errs)
				}
				return
			}
			if code != exitDone || !strings.Contains(out, "Name: "+c.want+"\n") {
				t.Errorf("status %d: %s%s", code, out, errs)
			}
		})
	}
}

// --settings names another file, and what is found does not count beside it. Paths start at its own folder.
func TestSettingsFlag(t *testing.T) {
	tree(t, "a", map[string]string{
		".git/": "", "ccx.yaml": profileFor("found"),
		"etc/mine.yaml": "version: 1\npaths: [{match: 'x.yaml', instance_profile: in-etc}, {match: '**', instance_profile: below-etc}]\nclouds: {prod-usw2: {instance_profile: named}}\n",
		"etc/x.yaml":    cloudConfig, "a/x.yaml": cloudConfig, "etc/b/y.yaml": cloudConfig,
	})
	for file, want := range map[string]string{"../etc/x.yaml": "in-etc", "../etc/b/y.yaml": "below-etc", "x.yaml": "named"} {
		out, errs, code := ccx(t, "", "--settings", "../etc/mine.yaml", "--offline", "--as", "name", file)
		if code != exitDone || !strings.Contains(out, "Name: "+want+"\n") {
			t.Errorf("%s: status %d: %s%s", file, code, out, errs)
		}
	}
}

// Nothing that the settings name leads out of their folder: not by a link, not to a pipe or a folder.
func TestCloudFilesStayInside(t *testing.T) {
	printout := read(t, cloudProd)
	for _, c := range []struct {
		name string
		link func(root string) error
		want string
	}{
		{"a link within", func(root string) error { return os.Symlink("real.yaml", filepath.Join(root, "r/clouds/x.yaml")) }, ""},
		{"a link out", func(root string) error {
			return os.Symlink(filepath.Join(root, "outside.yaml"), filepath.Join(root, "r/clouds/x.yaml"))
		}, "ccx.yaml:2:15: error: clouds/x.yaml:"},
		{"a link up", func(root string) error {
			return os.Symlink("../../outside.yaml", filepath.Join(root, "r/clouds/x.yaml"))
		}, "ccx.yaml:2:15: error: clouds/x.yaml:"},
		{"a linked folder", func(root string) error {
			return os.Symlink(root, filepath.Join(root, "r/clouds/x.yaml"))
		}, "ccx.yaml:2:15: error: clouds/x.yaml:"},
		{"a folder", func(root string) error { return os.Mkdir(filepath.Join(root, "r/clouds/x.yaml"), 0o755) }, "clouds/x.yaml: is not a regular file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := tree(t, "r", map[string]string{
				"r/.git/": "", "r/ccx.yaml": "version: 1\ncloud_files: ['clouds/x*.yaml']\n", "r/clouds/real.yaml": printout, "outside.yaml": printout,
			})
			if err := c.link(root); err != nil {
				t.Fatal(err)
			}
			out, errs, code := ccx(t, cloudConfig, "-p", "ml-train", "--snapshot", "../snapshot.json")
			if c.want == "" {
				if code != exitDone {
					t.Errorf("status %d: %s", code, errs)
				}
				return
			}
			if code != exitUsage || out != refusal || !strings.Contains(errs, c.want) {
				t.Errorf("status %d: %s%s", code, out, errs)
			}
		})
	}
}

// Nothing needs injecting where the cloud's own profile does: it is checked, and the config passes through.
func TestDefaultProfileIsEnough(t *testing.T) {
	tree(t, "", map[string]string{"cloud.yaml": read(t, cloudProd), "train.yaml": cloudConfig})
	args := []string{"--cloud-file", "cloud.yaml", "--snapshot", "snapshot.json"}
	out, errs, code := ccx(t, cloudConfig, args...)
	if code != exitDone || out != cloudConfig {
		t.Fatalf("status %d: %s%s", code, out, errs)
	}
	for _, want := range []string{"nothing to inject: nodes get ml-train by the cloud's default", "checks pass for every key under s3://acme-anyscale", "nothing needs injecting"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not said:\n%s", want, errs)
		}
	}
	if out, _, code := ccx(t, "", append([]string{"check"}, append(args, "train.yaml")...)...); code != exitDone || !strings.Contains(out, "1 file checked: 1 passes") {
		t.Errorf("status %d: %s", code, out)
	}
	if out, errs, code := ccx(t, cloudConfig, args[:2]...); code != exitUnknown || out != refusal {
		t.Errorf("without credentials: status %d: %s%s", code, out, errs)
	}
}

// check and run and the verbs without a document take the cloud's facts, too.
func TestVerbsTakeTheCloud(t *testing.T) {
	tree(t, "", map[string]string{"cloud.yaml": read(t, cloudProd), "train.yaml": cloudConfig, "ccx.yaml": "version: 1\ncloud_files: [cloud.yaml]\n"})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"policy", "bucket", "--statement-only", "--snapshot", "snapshot.json"}, "arn:aws:s3:::acme-anyscale/*"},
		{[]string{"policy", "pass-role", "-r", "vision-nodes", "--snapshot", "snapshot.json"}, "role/vision-nodes"},
		{[]string{"snapshot", "--snapshot", "snapshot.json"}, `"acme-anyscale"`},
		{[]string{"check", "--snapshot", "snapshot.json", "train.yaml"}, "1 passes"},
	} {
		if out, errs, code := ccx(t, "", c.args...); code != exitDone || !strings.Contains(out, c.want) {
			t.Errorf("%q: status %d: %s%s", c.args, code, out, errs)
		}
	}
	if _, errs, code := ccx(t, "", "policy", "bucket", "--mapping", "cloud.yaml"); code != exitUsage || !strings.Contains(errs, "unknown flag --mapping") {
		t.Errorf("a flag that a verb would pass over must be refused: %s", errs)
	}
}

// Settings say how accounts are read; flags win, account by account.
func TestAccountsOfSettings(t *testing.T) {
	tree(t, "", map[string]string{"ccx.yaml": "version: 1\norganization: {read_from: '999900001111'}\naccounts: {default: {assume_role: 'arn:aws:iam::{account}:role/r'}, '111122223333': {profile: ours}}\n"})
	a := &app{getenv: os.Getenv}
	flags := a.opts.flagSet(filterVerb())
	if err := flags.Parse([]string{"-p", "ml", "--account", "111122223333=profile:mine"}); err != nil {
		t.Fatal(err)
	}
	if _, code := a.aimed(flags); code != exitDone {
		t.Fatalf("status %d", code)
	}
	accounts, bad := a.credentials()
	if bad != nil || len(accounts) != 2 || accounts["111122223333"] != "profile:mine" || accounts["default"] != "role:arn:aws:iam::{account}:role/r" || a.readFrom != "999900001111" {
		t.Errorf("%v %q %+v", accounts, a.readFrom, bad)
	}
}

// Flags win over the settings' existing and assume; the settings win over what holds without them.
func TestFlagsWinOverSettings(t *testing.T) {
	there := cloudConfig + "advanced_instance_config:\n  IamInstanceProfile:\n    Name: vision-nodes\n"
	tree(t, "", map[string]string{"ccx.yaml": "version: 1\nexisting: replace\nassume: []\nclouds: {prod-usw2: {instance_profile: ml-train, bucket: acme-anyscale}}\n"})
	if out, errs, code := ccx(t, there, "--offline", "--as", "name"); code != exitDone || !strings.Contains(out, "Name: ml-train") {
		t.Errorf("existing of the settings: status %d: %s%s", code, out, errs)
	}
	if _, errs, code := ccx(t, there, "--offline", "--as", "name", "--existing", "refuse"); code != exitWrong || !strings.Contains(errs, "[config/existing]") {
		t.Errorf("--existing: status %d: %s", code, errs)
	}
	if _, errs, code := ccx(t, cloudConfig, "--snapshot", "snapshot.json"); code != exitUnknown || !strings.Contains(errs, "cannot tell") {
		t.Errorf("assume of the settings: status %d: %s", code, errs)
	}
	if _, errs, code := ccx(t, cloudConfig, "--snapshot", "snapshot.json", "--assume", "scp,rcp,vpc-endpoint,session"); code != exitDone {
		t.Errorf("--assume: status %d: %s", code, errs)
	}
}

func TestInit(t *testing.T) {
	printout := read(t, cloudProd)
	tree(t, "", map[string]string{"clouds/prod.yaml": printout, "sub/": "", "train.yaml": cloudConfig})
	shown, errs, code := ccx(t, "", "init", "clouds/prod.yaml")
	if code != exitDone || errs != "" || !strings.Contains(shown, "\nversion: 1\n") {
		t.Fatalf("status %d: %s%s", code, shown, errs)
	}
	if _, errs, code := ccx(t, "", "init", "-o", "ccx.yaml", "clouds/prod.yaml"); code != exitDone || errs != "" || read(t, "ccx.yaml") != shown {
		t.Fatalf("status %d: %s", code, errs)
	}
	if out, errs, code := ccx(t, cloudConfig, "-p", "ml-train", "--snapshot", "snapshot.json"); code != exitDone || !strings.Contains(out, "ml-train") {
		t.Errorf("what init wrote: status %d: %s", code, errs)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-o", "ccx.yaml", "clouds/prod.yaml"}, "ccx.yaml: error: is there already"},
		{[]string{"-o", "sub/ccx.yaml", "clouds/prod.yaml"}, "is outside of the folder of the settings"},
		{[]string{}, "init needs a cloud's printout"},
		{[]string{"train.yaml"}, "this is no printout of a cloud"},
		{[]string{"nope.yaml"}, "nope.yaml: error: no such file"},
		{[]string{"clouds"}, "is a folder"},
	} {
		out, errs, code := ccx(t, "", append([]string{"init"}, c.args...)...)
		if code != exitUsage || out != "" || !strings.Contains(errs, c.want) {
			t.Errorf("%q: status %d: %s%s", c.args, code, out, errs)
		}
	}
	if read(t, "ccx.yaml") != shown {
		t.Error("init overwrote a file")
	}
	if _, err := os.Stat("sub/ccx.yaml"); err == nil {
		t.Error("a refused init left a file")
	}
}
