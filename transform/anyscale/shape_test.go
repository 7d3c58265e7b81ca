package anyscale

import (
	"strings"
	"testing"
)

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		want Shape
		text string
	}{
		{ShapeNew, "head_node: {instance_type: m5.large}\n"},
		{ShapeNew, "cloud: a\n"},
		{ShapeNew, "flags: {a: 1}\n"},
		{ShapeNew, "zones: [us-west-2a]\n"},
		{ShapeNew, "auto_select_worker_config: true\n"},
		{ShapeNew, "advanced_instance_config: {KeyName: a}\n"},
		{ShapeNew, "allowed_azs: [a]\nworker_nodes: []\n"},
		{ShapeLegacy, "head_node_type: {}\nworker_node_types: []\ncloud: a\n"},
		{ShapeLegacy, "cloud_id: cld_1\n"},
		{ShapeLegacy, "allowed_azs: [us-west-2a]\n"},
		{ShapeLegacy, "aws: {KeyName: a}\ncloud: b\n"},
		{ShapeMulti, "configs: [{head_node: {instance_type: a}}]\n"},
		{ShapeJob, "entrypoint: x\ncompute_config: {head_node: {instance_type: a}}\n"},
		{ShapeJob, "entrypoint: x\ncompute_config: {configs: [{head_node: {instance_type: a}}]}\n"},
		{ShapeJob, "entrypoint: x\ncompute_config: a:1\n"},
		{ShapeLegacyJob, "entrypoint: x\ncompute_config: {cloud_id: a, head_node_type: {}, worker_node_types: []}\n"},
		{ShapeLegacyJob, "entrypoint: x\ncompute_config: a\ncluster_env: e:1\nruntime_env: {}\n"},
		{ShapeLegacyJob, "entrypoint: x\ncompute_config_id: cpt_1\n"},
		{ShapeJob, "entrypoint: x\ncompute_config: a\ncluster_env: e:1\nimage_uri: i\n"},
		{ShapeJob, "entrypoint: x\ncompute_config: {head_node: {instance_type: a}}\ncluster_env: e:1\n"},
		{ShapeService, "applications: [{import_path: a:b}]\ncompute_config: {zones: [a]}\n"},
		{ShapeService, "applications: [{import_path: a:b}]\ncompute_config: a\nruntime_env: {}\n"},
		{ShapeWorkspace, "name: w\ncompute_config: a\ncluster_env: e:1\n"},
		{ShapeLegacyService, "name: s\nray_serve_config: {}\ncompute_config: {cloud_id: a}\n"},
		{ShapeLegacyService, "name: s\nhealthcheck_url: /-/healthz\ncompute_config: a\n"},
		{ShapeWorkspace, "name: w\ncompute_config: {head_node: {instance_type: a}}\n"},
		{ShapeSchedule, "cron_expression: x\njob_config: {entrypoint: x}\n"},
		{ShapeScheduler, "resource_flavors: [{name: a}]\n"},
		{ShapeMachinePool, "machine_types: [{launch_templates: [{}]}]\n"},
		{ShapePrintout, "name: a:1\nid: cpt_1\nconfig: {cloud: a}\n"},
		{ShapeNew, `{"cloud": "a", "head_node": {"instance_type": "m5.large"}}`},
	} {
		file, fs := open(t, c.text, Options{})
		if file == nil {
			t.Errorf("%s: %s", c.text, said(fs))
		} else if file.Shape != c.want {
			t.Errorf("%s: %s, not %s", c.text, file.Shape, c.want)
		}
		if c.want.SchemaName() == "" {
			t.Errorf("%s has no schema", c.want)
		}
	}
}

func TestSchemasOfConfigs(t *testing.T) {
	for text, want := range map[string]Schema{
		"head_node: {instance_type: a}\n":                                                New,
		"cloud: a\nhead_node_type: {}\nworker_node_types: []\n":                          Legacy,
		"entrypoint: x\ncompute_config: {cloud_id: a, head_node_type: {}}\n":             API,
		"config: {head_node_type: {}, worker_node_types: [], cloud_id: a}\nname: a:1\n":  Legacy,
		"configs: [{head_node: {instance_type: a}}]\n":                                   New,
		"resource_flavors: [{name: a}]\n":                                                Part,
		"name: a:1\nconfig: {configs: [{head_node: {instance_type: a}}]}\n":              New,
		"name: w\ncompute_config: {configs: [{cloud_resource: a}, {cloud_resource: b}]}": New,
	} {
		file, fs := open(t, text, Options{})
		if file == nil || len(file.Configs) == 0 {
			t.Fatalf("%s: %s", text, said(fs))
		}
		for _, c := range file.Configs {
			if c.Schema != want || !strings.Contains("new legacy legacy (inline) part", c.Schema.String()) {
				t.Errorf("%s: %s, not %s", text, c.Schema, want)
			}
		}
	}
}

func TestRefusedShapes(t *testing.T) {
	launcher := "this is a config of Ray's cluster launcher, not an Anyscale compute config: it has "
	for _, c := range []finds{
		{"launcher", "cluster_name: a\nprovider: {type: aws}\n", "error config/shape 1:1:12 " + launcher + "cluster_name", "ray up"},
		{"node types", "x: 1\navailable_node_types: {}\n", "error config/shape 2:1:20 " + launcher + "available_node_types", ""},
		{"provider alone", "provider:\n  type: aws\n", "error config/shape 1:1:8 " + launcher + "provider", "head_node"},
		{"Kubernetes", "apiVersion: ray.io/v1\nkind: RayCluster\n", "error config/shape 2:7:10 this is a Kubernetes object (RayCluster), not an Anyscale compute config", "service account"},
		{"list", "- a\n", "error config/shape 1:1:1 this is a list; a compute config is a mapping", "dash"},
		{"word", "just words\n", "error config/shape 1:1:10 this is a single value; a compute config is a mapping", "colon"},
		{"nothing known", "foo: 1\nbar: 2\n", "error config/shape 1:1:3 this is no Anyscale compute config: none of its keys (foo, bar) is one of a compute config's", "head_node and worker_nodes"},
		{"near miss", "foo: 1\nworker_node: []\n", "error config/shape 2:1:11 this is no Anyscale compute config: none of its keys (foo, worker_node) is one of a compute config's", "did you mean worker_nodes for worker_node?"},
		{"many unknown keys", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n", "error config/shape 1:1:1 this is no Anyscale compute config: none of its keys (a, b, c, d, ...) is one of a compute config's", ""},
		{"more unknown keys than known", "lr: 1\nuse_lora: true\ncompute_config: {name: a}\n",
			"error config/shape 1:1:2 this is no Anyscale job, service or workspace: most of its keys (lr, use_lora) are none of a job, service or workspace's", "compute_config"},
		{"a region by chance", "name: a\nvpc: b\nregion: us-west-2\n",
			"error config/shape 1:1:4 this is no Anyscale compute config: most of its keys (name, vpc) are none of a compute config's", "head_node and worker_nodes"},
		{"flat", "cloud: a\nhead_node:\ninstance_type: m5.large\n", "error config/shape 3:1:13 instance_type stands beside head_node, not under it: the text has lost its indentation", "two spaces"},
		{"flat block", "head_node: {instance_type: a}\nadvanced_instance_config:\nIamInstanceProfile:\nArn: x\n",
			"error config/shape 3:1:18 IamInstanceProfile stands beside advanced_instance_config, not under it: the text has lost its indentation", ""},
		{"no flavor", "resource_flavors: []\nresource_queues: []\n", "error config/shape 1:1:16 this scheduler config has no resource flavor to put a profile into", "resource_flavors"},
		{"no template", "machine_types:\n- name: a\n", "error config/shape 1:1:13 this machine pool has no launch template to put a profile into", "launch_templates"},
	} {
		c.run(t, Options{})
	}
}

// TestSlipsAreNoOtherDocument: misspelt keys, and those of a config that is certainly one, are told one by one.
func TestSlipsAreNoOtherDocument(t *testing.T) {
	for _, text := range []string{"hed_node: {}\nworker_node: []\ncloud: a\n", "foo: 1\nbar: 2\nhead_node: {instance_type: a}\n", "foo: 1\nentrypoint: x\nbar: 2\ncompute_config: {}\n"} {
		if _, fs := open(t, text, Options{}); strings.Contains(said(fs), "config/shape") || !strings.Contains(said(fs), "unknown key") {
			t.Errorf("%s%s", text, said(fs))
		}
	}
	if file, fs := open(t, "foo: 1\nbar: 2\ncloud: a\n", Options{UnknownKeys: true}); file == nil || stopped(fs) {
		t.Errorf("--unknown-keys warn: %s", said(fs))
	}
}

func TestNullDocument(t *testing.T) {
	c := finds{"null", "null\n", "error config/empty 1:1:4 the document is empty", "without nodes or profile"}
	c.run(t, Options{})
	c = finds{"first of two", "---\n---\nhead_node: {instance_type: a}\n", "error config/documents 2:1:3 this --- opens a second document; the client reads exactly one", ""}
	c.run(t, Options{})
}
