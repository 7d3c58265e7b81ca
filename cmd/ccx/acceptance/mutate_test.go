//go:build acceptance

package acceptance

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// seeds are configs that the client accepts, in several styles and carriers; mutate makes others of them, good and bad.
var seeds = []string{
	goodNew,
	twoWorkers,
	`# a comment
cloud: prod
cloud_resource: vm-aws-us-west-2
zones: [us-west-2a, 'us-west-2b']
enable_cross_zone_scaling: yes
min_resources: {CPU: 4, GPU: 0.5}
max_resources:
  CPU: 1_000

head_node:
    instance_type: "m5.2xlarge"   # quoted
    resources: {CPU: 0}
    labels:
        team: vision
    advanced_instance_config: {BlockDeviceMappings: [{DeviceName: /dev/sda1, Ebs: {VolumeSize: 010}}]}
worker_nodes:
  -   name: a
      instance_type: m5.4xlarge
      market_type: SPOT
      min_nodes: 0
      max_nodes: 3
  - {name: b, instance_type: p4d.24xlarge, advanced_instance_config: {EbsOptimized: on}}
  - name: c
    required_resources: {CPU: 4, memory: 8Gi}
flags:
  idle_termination_minutes: 30
advanced_instance_config:
  TagSpecifications:
  - ResourceType: instance
    Tags:
    - Key: note
      Value: |
        two
        lines
`,
	`cloud: prod
configs:
- cloud_resource: a
  head_node: {instance_type: m5.large}
  worker_nodes: []
- cloud_resource: b
  head_node:
    instance_type: m5.large
  advanced_instance_config:
    EbsOptimized: true
flags: {}
`,
	`cloud_id: cld_abc123
allowed_azs: [us-west-2a]
head_node_type:
  name: head
  instance_type: m5.2xlarge
worker_node_types:
- name: gpu
  instance_type: p4d.24xlarge
  min_workers: 0
  max_workers: 4
  use_spot: true
  aws_advanced_configurations_json:
    EbsOptimized: true
- name: cpu
  instance_type: m5.4xlarge
maximum_uptime_minutes: 60
idle_termination_minutes: 30
aws:
  TagSpecifications: []
`,
	`{"cloud": "c", "head_node": {"instance_type": "m5.large"}, "worker_nodes": [{"instance_type": "a", "advanced_instance_config": {"EbsOptimized": true}}]}
`,
	`cloud: c
head_node: &node
  instance_type: m5.large
  advanced_instance_config: &own
    EbsOptimized: true
worker_nodes:
- <<: *node
  name: w
- instance_type: x
  name: v
  advanced_instance_config: *own
`,
	`name: j
entrypoint: python main.py
cloud: c
compute_config:
  head_node:
    instance_type: m5.large
    advanced_instance_config: {EbsOptimized: true}
  worker_nodes:
  - instance_type: a
    max_nodes: 3
working_dir: .
`,
	`name: s
applications:
- import_path: a:b
compute_config:
  cloud: c
  worker_nodes: []
  advanced_instance_config: null
`,
	`name: s
cron_expression: 0 0 * * *
job_config:
  name: j
  entrypoint: python main.py
  compute_config:
    cloud: c
`,
	`name: w
compute_config:
  cloud: c
  configs:
  - cloud_resource: a
    worker_nodes:
    - instance_type: m5.large
idle_termination_minutes: 5
`,
}

// edges are taken as they are: what chance seldom makes.
var edges = []string{
	"cloud: c\nhead_node_type: {name: h}\nworker_node_types: []\nyes: 30\n",
	"cloud: c\nhead_node_type: {name: h}\nworker_node_types: []\naws: {yes: 30}\n",
	"cloud: c\n1: a\n",
	"cloud: c\nhead_node: {instance_type: a, yes: 1}\n",
	"cloud: c\nhead_node: {instance_type: a, advanced_instance_config: {yes: true}}\n",
	"cloud: c\nhead_node: {instance_type: a, labels: {on: x}}\n",
	"cloud: c\nhead_node: {instance_type: a, resources: {1: 2}}\n",
	"cloud: c\nadvanced_instance_config: {010: true}\n",
	"cloud: c\nadvanced_instance_config: {EbsOptimized: {2024-01-01: 1, null: 2}}\n",
	"cloud: c\nflags: {yes: no}\n",
	"cloud: c\nmin_resources: {yes: 1}\n",
	"cloud: c\nconfigs: []\n",
	"cloud: c\nconfigs: [{cloud_resource: a}, {cloud_resource: a}]\n",
	"cloud: c\nconfigs: [{}, {cloud: d}]\n",
	"cloud: c\nzones: []\n",
	"cloud: c\nworker_nodes: [{instance_type: a}, {instance_type: a}]\n",
	"cloud: c\nworker_nodes: [{instance_type: a, min_nodes: 20}]\n",
	"cloud: c\nworker_nodes: [{instance_type: a, market_type: spot}]\n",
	"cloud: c\nworker_nodes: []\nauto_select_worker_config: true\n",
	"cloud: c\nhead_node: {required_resources: {CPU: 4, memory: 8}}\n",
	"cloud: c\nhead_node: {required_resources: {CPU: 4, memory: 8Gi}, instance_type: a}\n",
	"cloud: c\nhead_node: {required_resources: {CPU: 4, memory: 8Gi}, resources: {CPU: 8}}\n",
	"cloud: c\nhead_node: {required_resources: {CPU: 4, memory: 8Gi, TPU: 4}}\n",
	"cloud: c\nhead_node: {instance_type: a, physical_resources: {CPU: 1}}\n",
	"cloud: c\nhead_node: {instance_type: a, physical_resources: null}\n",
	"cloud: c\nhead_node: {instance_type: a, cloud_deployment: {region: 1}}\n",
	"cloud: c\nhead_node: {instance_type: a, cloud_deployment: {region: r, machine_pool: m}}\n",
	"? cloud\n: c\n? head_node\n: {instance_type: a}\n",
	"{cloud: c, head_node: {instance_type: a}}",
	"--- # first\ncloud: c\n...\n",
	"%YAML 1.1\n---\ncloud: c\n",
	"cloud: c\n---\n",
	"cloud: c\nadvanced_instance_config: &a {EbsOptimized: true, Self: *a}\n",
	"cloud: c\nadvanced_instance_config: !!omap [a: 1]\n",
	"cloud: c\nadvanced_instance_config: !!set {a, b}\n",
	"cloud: c\nadvanced_instance_config: {T: !!timestamp 2024-01-01, =: 1}\n",
	"cloud: !!python/name:os.system x\n",
}

// Values, keys and lines that the mutations put in: what people write, and what readers of YAML quarrel about.
var (
	oddValues = []string{
		"null", "~", "", `""`, "{}", "[]", "yes", "off", "1e3", "12e03", "0o10", "010", "1_000", "1:30", "0x1f", ".inf", ".nan", "-1",
		"0", "1", "0.5", "99999999999999999999", "2024-01-01", "text", "'it''s'", `"tab\tquote\""`, `"\u00e9"`, "é", "[1, a]", "{a: b}",
		"*own", "&x y", "!!str 5", "!!binary aGk=", "|\n    block", ">-\n    folded", "# comment", "'", "{", "@at", "%percent", "a: b", "a #b",
	}
	oddKeys = []string{
		"cloud", "cloud_id", "head_node", "head_node_type", "worker_nodes", "worker_node_types", "advanced_instance_config",
		"advanced_configurations_json", "aws_advanced_configurations_json", "aws", "IamInstanceProfile", "zones", "allowed_azs",
		"instance_type", "min_nodes", "max_nodes", "name", "flags", "configs", "cloud_resource", "market_type", "no_such_key", "yes", "1",
		"<<", "? x", `"quoted"`, "auto_select_worker_config", "EbsOptimized", "resources", "config", "compute_config",
	}
	oddLines = []string{
		"---", "...", "# comment", "", "  ", "\t", "%YAML 1.2", "advanced_instance_config:", "advanced_instance_config: {}",
		"advanced_instance_config:\n  IamInstanceProfile: {Arn: '" + profileARN + "'}", "  advanced_instance_config: null",
		"aws: {EbsOptimized: true}", "- instance_type: late", "worker_nodes: []", "é: 1", "\ufeff",
	}
)

// mutate changes the text at one to three places. What comes out may be anything but is near to a config.
func mutate(r *rand.Rand, text string) string {
	for range 1 + r.IntN(3) {
		lines := strings.Split(text, "\n")
		i := r.IntN(len(lines))
		line := lines[i]
		key, value, isPair := strings.Cut(line, ":")
		switch r.IntN(11) {
		case 0:
			lines = append(lines[:i:i], lines[i+1:]...)
		case 1:
			lines[i] = line + "\n" + line
		case 2, 3, 4:
			if isPair {
				lines[i] = key + ": " + pick(r, oddValues)
			}
		case 5, 6:
			if isPair {
				indent := line[:len(line)-len(strings.TrimLeft(line, " -"))]
				lines[i] = indent + pick(r, oddKeys) + ":" + value
			}
		case 7:
			lines[i] = pick(r, oddLines) + "\n" + line
		case 8:
			lines[i] = fmt.Sprintf("%*s%s", r.IntN(4), "", line)
		case 9:
			lines[i] = strings.TrimPrefix(line, "  ")
		case 10:
			return strings.ReplaceAll(strings.Join(lines, "\n"), "\n", "\r\n")
		}
		text = strings.Join(lines, "\n")
	}
	return text
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
