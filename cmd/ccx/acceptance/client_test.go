//go:build acceptance

package acceptance

import (
	"path/filepath"
	"strings"
	"testing"
)

// anyscale runs the published client against the console.
func (c *console) anyscale(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	argv := append([]string{filepath.Join(the.venv, "anyscale")}, args...)
	return run(t, command{argv: argv, stdin: stdin, env: c.environ()})
}

// shell runs a line with the shell that everybody has, with ccx and the client on the path.
func (c *console) shell(t *testing.T, dir, line string) result {
	t.Helper()
	return run(t, command{argv: []string{"sh", "-c", line}, dir: dir, env: c.environ()})
}

// parser is one way into the client: each has its own reading of YAML.
type parser struct {
	name string
	args []string // FILE stands for a file with the text; without it, the text comes on stdin
	// complaint is what the client says of a key that it doesn't know.
	complaint string
	// good is a text that it accepts, to show that the complaint is about the text.
	good string
}

const goodNew = "cloud: c\nhead_node:\n  instance_type: m5.large\nworker_nodes: []\n"

const unknownKey = "got an unexpected keyword argument 'ccx_error'"

// parsers are the client's readers of compute configs and of what carries them.
var parsers = []parser{
	{
		name: "new schema", args: []string{"compute-config", "create", "-n", "train", "-f", "/dev/stdin"},
		complaint: "ComputeConfig.__init__() " + unknownKey, good: goodNew,
	},
	{
		name: "new schema from a file", args: []string{"compute-config", "create", "-n", "train", "-f", "FILE"},
		complaint: "ComputeConfig.__init__() " + unknownKey, good: goodNew,
	},
	{
		name: "legacy schema", args: []string{"compute-config", "create", "-n", "train", "-"},
		complaint: "Please provide either `cloud_id` or `cloud`",
		good:      "cloud_id: cld_abc123\nhead_node_type: {name: head, instance_type: m5.large}\nworker_node_types: []\n",
	},
	{
		name: "job", args: []string{"job", "submit", "-f", "FILE"},
		complaint: "JobConfig.__init__() " + unknownKey, good: "name: j\nentrypoint: python main.py\n",
	},
	{
		name: "service", args: []string{"service", "deploy", "-f", "FILE"},
		complaint: "ServiceConfig.__init__() " + unknownKey, good: "name: s\napplications:\n- import_path: a:b\n",
	},
	{
		name: "workspace", args: []string{"workspace_v2", "create", "-f", "FILE"},
		complaint: "WorkspaceConfig.__init__() " + unknownKey, good: "name: w\n",
	},
	{
		name: "schedule", args: []string{"schedule", "apply", "-f", "FILE"},
		complaint: "ScheduleConfig.__init__() " + unknownKey,
		good:      "cron_expression: 0 0 * * *\njob_config:\n  name: j\n  entrypoint: python main.py\n",
	},
}

// feed gives the parser a text, on stdin or in a file.
func (p parser) feed(t *testing.T, c *console, text string) result {
	t.Helper()
	args, stdin := make([]string, len(p.args)), text
	for i, arg := range p.args {
		if args[i] = arg; arg == "FILE" {
			args[i], stdin = write(t, "config.yaml", text), ""
		}
	}
	return c.anyscale(t, stdin, args...)
}

// said is everything that the client said, on one line each way: it wraps its messages to the terminal's width.
func (r result) said() string { return strings.Join(strings.Fields(r.stdout+" "+r.stderr), " ") }
