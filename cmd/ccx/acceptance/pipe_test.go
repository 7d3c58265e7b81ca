//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"testing"
)

const pipe = "ccx --offline -p " + profileARN + " < train.yaml | anyscale compute-config create -n train -f /dev/stdin"

// folder makes a folder with the text as train.yaml.
func folder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "train.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const twoWorkers = `cloud: my-cloud
head_node:
  instance_type: m5.2xlarge
worker_nodes:
- instance_type: m5.4xlarge   # takes the cluster level
- instance_type: p4d.24xlarge
  name: gpu
  advanced_instance_config:
    BlockDeviceMappings:
    - DeviceName: /dev/sda1
      Ebs: {VolumeSize: 500}
`

// TestPipe runs the main job as README shows it: with a shell, into the client.
func TestPipe(t *testing.T) {
	c := newConsole(t)
	got := c.shell(t, folder(t, twoWorkers), pipe)
	created := c.created()
	if got.code != 0 || len(created) != 1 {
		t.Fatalf("exit status %d, %d configs made\n%s", got.code, len(created), got.stderr)
	}
	sent, _ := created[0]["config"].(map[string]any)
	blocks := transmitted(nil, sent)[0]
	if blocks[0].value == nil || blocks[1].value != nil || blocks[2].value != nil || blocks[3].value == nil {
		t.Errorf("instance configs at the wrong places: %v", blocks)
	}
	checkProfiles(t, blocks, profileARN)
	if _, kept := blocks[3].value["BlockDeviceMappings"]; !kept {
		t.Errorf("the worker's own instance config is lost: %v", blocks[3].value)
	}
}

// TestPipeLegacy is the same for the legacy schema, which the client reads from `-`.
func TestPipeLegacy(t *testing.T) {
	c := newConsole(t)
	text := `cloud: my-cloud
head_node_type: {name: head, instance_type: m5.2xlarge}
worker_node_types:
- name: gpu
  instance_type: p4d.24xlarge
  aws_advanced_configurations_json:
    EbsOptimized: true
`
	got := c.shell(t, folder(t, text), "ccx --offline -p "+profileARN+" < train.yaml | anyscale compute-config create -n train -")
	created := c.created()
	if got.code != 0 || len(created) != 1 {
		t.Fatalf("exit status %d, %d configs made\n%s", got.code, len(created), got.stderr)
	}
	sent, _ := created[0]["config"].(map[string]any)
	blocks := legacyShape.blocks(sent)
	if blocks[2].value == nil {
		t.Errorf("the worker's own instance config is lost: %v", blocks)
	}
	checkProfiles(t, blocks, profileARN)
}

// TestPipeOfAWrongConfig shows that a failure on ccx's side makes the client fail and nothing be made, without
// pipefail and whatever the failure.
func TestPipeOfAWrongConfig(t *testing.T) {
	for name, line := range map[string]string{
		"a typo in the config": "sed 's/instance_type/instance_typ/' train.yaml | " +
			"ccx --offline -p " + profileARN + " | anyscale compute-config create -n train -f /dev/stdin",
		"a typo in a flag": "ccx --ofline -p " + profileARN + " < train.yaml | anyscale compute-config create -n train -f /dev/stdin",
		"no AWS":           "ccx -p " + profileARN + " -b acme --region us-west-2 < train.yaml | anyscale compute-config create -n train -f /dev/stdin",
		"a cut stream":     "head -c 30 train.yaml | ccx --offline -p " + profileARN + " | anyscale compute-config create -n train -f /dev/stdin",
		"no file at all":   "ccx --offline -p " + profileARN + " no.yaml | anyscale compute-config create -n train -f /dev/stdin",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			got := c.shell(t, folder(t, twoWorkers), line)
			if got.code == 0 || len(c.posted()) > 0 {
				t.Errorf("exit status %d, sent %q\n%s", got.code, c.posted(), got.stderr)
			}
		})
	}
}

// TestRunStartsNothing shows the form that is safe even if ccx is killed: the client is not started at all.
func TestRunStartsNothing(t *testing.T) {
	c := newConsole(t)
	dir := folder(t, "cloud: my-cloud\nno_such_key: 1\n")
	got := c.shell(t, dir, "ccx run --offline -p "+profileARN+" train.yaml -- anyscale compute-config create -n train -f {}")
	if got.code != 1 || len(c.seen()) > 0 || got.stdout != "" {
		t.Errorf("exit status %d, %d requests, stdout %q\n%s", got.code, len(c.seen()), got.stdout, got.stderr)
	}
}

// TestRun gives the client a file that it takes for an ordinary one.
func TestRun(t *testing.T) {
	c := newConsole(t)
	got := c.shell(t, folder(t, twoWorkers),
		"ccx run --offline -p "+profileARN+" train.yaml -- anyscale compute-config create -n train -f {}")
	created := c.created()
	if got.code != 0 || len(created) != 1 {
		t.Fatalf("exit status %d, %d configs made\n%s", got.code, len(created), got.stderr)
	}
	sent, _ := created[0]["config"].(map[string]any)
	checkProfiles(t, transmitted(nil, sent)[0], profileARN)
}
