package anyscale

import "testing"

// TestLegacyRules: what the client refuses in a legacy config, and what it drops.
func TestLegacyRules(t *testing.T) {
	for _, c := range []finds{
		{"no cloud", "head_node_type: {}\nworker_node_types: []\n", "error config/schema 1:1:14 neither cloud_id nor cloud is given; the legacy schema wants one", "add cloud: and the name of the cloud"},
		{"empty cloud", "cloud: \"\"\nhead_node_type: {}\nworker_node_types: []\n", "error config/schema 1:1:5 neither cloud_id nor cloud is given; the legacy schema wants one", "add cloud: and the name of the cloud"},
		{"two clouds", "cloud: a\ncloud_id: cld_1\nhead_node_type: {}\nworker_node_types: []\n", "error config/schema 1:1:5 both cloud_id and cloud are given; the client takes one", "remove one of them"},
		{"no node types", "cloud: a\naws: {KeyName: a}\n", "error config/schema 1:1:5 this legacy compute config lacks head_node_type and worker_node_types", "add head_node_type and worker_node_types"},
		{"no workers", "cloud: a\nhead_node_type: {}\n", "error config/schema 1:1:5 this legacy compute config lacks worker_node_types", "add worker_node_types"},
		{"null workers and head", "cloud: a\nhead_node_type:\nworker_node_types:\n", "error config/schema 2:1:14 head_node_type must not be null\nerror config/schema 3:1:17 worker_node_types must be a list, not null", "give it a value, or remove the key"},
		{"any and others", "cloud: a\nallowed_azs: [any, us-west-2a]\nhead_node_type: {}\nworker_node_types: []\n", "error config/schema 2:15:3 allowed_azs has any beside other zones; the client takes it alone", "remove any, or the other zones"},
		{"any alone", "cloud: a\nallowed_azs: [any]\nhead_node_type: {}\nworker_node_types: []\n", "", ""},
		{"both spellings", "cloud: a\nhead_node_type: {}\nworker_node_types: []\naws: {KeyName: a}\naws_advanced_configurations_json:\n", "error config/dropped 4:1:3 aws is silently dropped, because aws_advanced_configurations_json is there too", "move its fields into aws_advanced_configurations_json and remove it"},
		{"long name alone", "cloud: a\nhead_node_type: {}\nworker_node_types: []\naws_advanced_configurations_json: {KeyName: a}\n", "", ""},
		{"lost instance config", "cloud: a\nhead_node_type: {}\nworker_node_types: []\nadvanced_instance_config: {KeyName: a}\n", "error config/dropped 4:1:24 the client silently drops advanced_instance_config from a legacy config: the nodes would start without it", "rename it to aws (or to aws_advanced_configurations_json)"},
		{"lost neutral instance config", "cloud: a\nhead_node_type: {}\nworker_node_types: []\nadvanced_configurations_json: {KeyName: a}\n", "error config/dropped 4:1:28 the client silently drops advanced_configurations_json from a legacy config: the nodes would start without it", "rename it to aws (or to aws_advanced_configurations_json)"},
		{"nothing lost", "cloud: a\nhead_node_type: {}\nworker_node_types: []\nadvanced_configurations_json: {}\n", "note config/dropped 4:1:28 the client silently drops advanced_configurations_json from a legacy config; it is empty, so nothing is lost", ""},
		{"lost profile", "cloud: a\nhead_node_type: {}\nworker_node_types: []\nIamInstanceProfile: {Name: a}\n", "error config/dropped 4:1:18 the client silently drops IamInstanceProfile at this level", "move it under aws"},
		{"region", "cloud: a\nregion: us-west-2\nhead_node_type: {}\nworker_node_types: []\n", "note config/dropped 2:1:6 the client silently drops region: the cloud has one", ""},
		{"unknown keys", "cloud: a\nhead_node_type: {}\nworker_node_types: []\nmax_worker: 1\nzones: [us-west-2a]\nfoo: 1\n", "warning config/dropped 4:1:10 the client silently drops the unknown key max_worker\nwarning config/dropped 5:1:5 the client silently drops the unknown key zones\nwarning config/dropped 6:1:3 the client silently drops the unknown key foo", "did you mean max_workers?"},
		{"new nodes", "cloud: a\nworker_node_types: []\nhead_node_type: {}\nworker_nodes: []\n", "error config/conflict 2:1:17 worker_node_types belongs to the legacy schema, but worker_nodes makes this a config of the new one\nerror config/conflict 3:1:14 head_node_type belongs to the legacy schema, but worker_nodes makes this a config of the new one", "rename it to worker_nodes, and min_workers, max_workers to min_nodes, max_nodes"},
		{"aws in a node", "cloud: a\nhead_node_type:\n  name: head\n  aws: {KeyName: a}\nworker_node_types:\n- name: w\n  advanced_instance_config: {KeyName: a}\n", "error config/dropped 4:3:3 a node type is sent as typed, and the API has no aws in it: its nodes would start without it\nerror config/dropped 7:3:24 a node type is sent as typed, and the API has no advanced_instance_config in it: its nodes would start without it", "rename it to aws_advanced_configurations_json"},
		{"two blocks in a node", "cloud: a\nhead_node_type: {}\nworker_node_types:\n- name: w\n  aws_advanced_configurations_json: {KeyName: a}\n  advanced_configurations_json: {KeyName: a}\n", "error config/conflict 6:3:28 two instance configs stand side by side, and it is not known which of them counts", "keep one of them"},
		{"a node that is no mapping", "cloud: a\nhead_node_type: m5.large\nworker_node_types: [1]\n", "warning config/schema 2:17:8 head_node_type should be a mapping, not \"m5.large\"\nwarning config/schema 3:21:1 worker_node_types[0] should be a mapping, not 1", "the client sends it as typed, and the API wants a mapping"},
		{"numbers for strings", "cloud_id: 12\nmax_workers: \"20\"\nauto_select_worker_config: \"on\"\nhead_node_type: {}\nworker_node_types: []\n", "warning config/schema 1:11:2 cloud_id must be a string, not 12\nwarning config/schema 2:14:4 max_workers must be a whole number, not \"20\"\nwarning config/schema 3:28:4 auto_select_worker_config must be true or false, not \"on\"", "the client converts it; write a string"},
		{"minus minutes", "cloud: a\nidle_termination_minutes: -1\nhead_node_type: {}\nworker_node_types: []\n", "error config/schema 2:27:2 idle_termination_minutes must be 0 or more, not -1", ""},
		{"no mapping", "cloud: a\naws: [1]\nhead_node_type: {}\nworker_node_types: []\n", "error config/schema 2:6:3 aws must be a mapping, not a list", ""},
		{"inline with aws", "entrypoint: x\ncompute_config:\n  cloud_id: cld_1\n  head_node_type: {}\n  worker_node_types: []\n  aws: {KeyName: a}\n", "error config/dropped 6:3:3 a config inside a legacy job is sent as typed, and the API has no aws: the nodes would start without it", "rename it to aws_advanced_configurations_json"},
		{"inline with two blocks", "entrypoint: x\ncompute_config:\n  cloud_id: cld_1\n  head_node_type: {}\n  worker_node_types: []\n  aws_advanced_configurations_json: {KeyName: a}\n  advanced_configurations_json: {KeyName: b}\n", "error config/conflict 7:3:28 two instance configs stand side by side, and it is not known which of them counts", "keep one of them"},
	} {
		c.run(t, Options{})
	}
}
