package transform

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

const grouped = `cloud: prod-usw2
head_node:
  instance_type: m5.2xlarge
worker_nodes:
- name: gpu
  instance_type: g5.xlarge
- name: cpu
  instance_type: m5.large
  advanced_instance_config:
    EbsOptimized: true
`

const arnOf = "arn:aws:iam::111122223333:instance-profile/"

// TestNodeOfANamedConfig: a job that only names its config is told that, and nothing about groups.
func TestNodeOfANamedConfig(t *testing.T) {
	r := run(t, Aim{Nodes: []string{"gpu=" + arnOf + "b"}}, nil, "entrypoint: x\ncompute_config: cc\n")[0]
	if !stopsWith(r, "names a registered compute config") || stopsWith(r, "node group") {
		t.Errorf("%+v", r.Findings)
	}
}

func TestNode(t *testing.T) {
	cluster := grouped + "advanced_instance_config:\n  EbsOptimized: true\n"
	tests := []struct {
		name, text string
		aim        Aim
		has        []string // in the output, in order
		says       string   // or in a finding that stops it
	}{
		{"a group with its own block", grouped, Aim{Profile: arnOf + "a", Nodes: []string{"cpu=" + arnOf + "b"}}, []string{"name: cpu", "EbsOptimized", arnOf + "b", "\nadvanced_instance_config", arnOf + "a"}, ""},
		{"a group that has none yet", grouped, Aim{Profile: arnOf + "a", Nodes: []string{"gpu=" + arnOf + "b"}}, []string{"g5.xlarge\n  advanced_instance_config", arnOf + "b", "name: cpu", arnOf + "a"}, ""},
		{"the head", grouped, Aim{Nodes: []string{"head=" + arnOf + "b"}}, []string{"m5.2xlarge\n  advanced_instance_config:\n    IamInstanceProfile:\n      Arn: " + arnOf + "b", "worker_nodes"}, ""},
		{"it would lose the cluster level", cluster, Aim{Nodes: []string{"gpu=" + arnOf + "b"}}, nil, "EbsOptimized"},
		{"no such group", grouped, Aim{Nodes: []string{"tpu=" + arnOf + "b"}}, nil, "no node group is called tpu"},
		{"a scheduler has none", "resource_flavors: [{name: a}]\n", Aim{Nodes: []string{"a=" + arnOf + "b"}}, nil, "no node group is called a"},
		{"a role's ARN", grouped, Aim{Nodes: []string{"gpu=arn:aws:iam::111122223333:role/b"}}, nil, "role's ARN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, tt.aim, nil, tt.text)[0]
			if tt.says != "" {
				if !r.Stopped() || !stopsWith(r, tt.says) {
					t.Errorf("does not stop with %q: %+v", tt.says, r.Findings)
				}
				return
			}
			rest := string(r.Output)
			for _, want := range tt.has {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("no %q in\n%s\nof\n%s\n%+v", want, rest, r.Output, r.Findings)
				}
				rest = after
			}
			if again := run(t, tt.aim, nil, string(r.Output))[0]; string(again.Output) != string(r.Output) {
				t.Errorf("a second run changes it to\n%s\n%+v", again.Output, again.Findings)
			}
		})
	}
}

func stopsWith(r Result, text string) bool {
	for _, f := range r.Findings {
		if r.Stops(f) && strings.Contains(f.Message, text) {
			return true
		}
	}
	return false
}

func TestNodesProfileIsChecked(t *testing.T) {
	r := run(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale", Nodes: []string{"gpu=vision-nodes"}}, Recorded(facts(t)), grouped)[0]
	if f, _ := find(r, finding.S3Write); f.Status != finding.Fail || !r.Stopped() {
		t.Errorf("vision-nodes may not write, and gpu would get it: %+v", f)
	}
}

func TestNodeFlagRefuses(t *testing.T) {
	for _, rows := range [][]string{{"gpu"}, {"=x"}, {"gpu="}, {"gpu=a", "gpu=b"}} {
		if _, bad := (Aim{Nodes: rows}).Options(); bad == nil || bad.Code != finding.UsageFlag {
			t.Errorf("%q passes", rows)
		}
	}
}

// What is left alone must still come out in a form that the client takes.
func TestProfilesThatDifferComeOutUnwrapped(t *testing.T) {
	text := "name: train:1\nid: cpt_1\nconfig:\n  cloud: prod-usw2\n  head_node:\n    instance_type: m5.large\n    advanced_instance_config: {IamInstanceProfile: {Arn: \"" + arnOf + "a\"}}\n  worker_nodes:\n  - instance_type: m5.large\n    advanced_instance_config: {IamInstanceProfile: {Arn: \"" + arnOf + "b\"}}\n"
	r := run(t, Aim{}, nil, text)[0]
	if r.Stopped() || strings.Contains(string(r.Output), "cpt_1") || !strings.HasPrefix(string(r.Output), "cloud: prod-usw2") {
		t.Errorf("%s\n%+v", r.Output, r.Findings)
	}
}
