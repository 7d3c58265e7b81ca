package anyscale

import "testing"

// TestNewRules: what the client checks of a config in the new schema.
func TestNewRules(t *testing.T) {
	for _, c := range []finds{
		{"unknown key, near", "head_node: {instance_type: a}\nzone: [a]\n", "error config/schema 2:1:4 unknown key zone", "did you mean zones?"},
		{"unknown key, far", "head_node: {instance_type: a}\nquux: 1\n", "error config/schema 2:1:4 unknown key quux", "remove it; `ccx schema compute-config` shows the keys that there are"},
		{"unknown key of a worker", "worker_nodes:\n- instance_type: a\n  min_node: 1\n", "error config/schema 3:3:8 unknown key min_node in worker_nodes[0]", "did you mean min_nodes?"},
		{"legacy key of a worker", "worker_nodes:\n- instance_type: a\n  max_workers: 1\n  use_spot: true\n", "error config/schema 3:3:11 unknown key max_workers in worker_nodes[0]\nerror config/schema 4:3:8 unknown key use_spot in worker_nodes[0]", "rename it to max_nodes"},
		{"legacy keys of a config", "head_node: {instance_type: a}\nallowed_azs: [us-west-2a]\naws: {KeyName: a}\nmax_workers: 2\n", "error config/conflict 2:1:11 allowed_azs belongs to the legacy schema, but head_node makes this a config of the new one\nerror config/conflict 3:1:3 aws belongs to the legacy schema, but head_node makes this a config of the new one\nerror config/conflict 4:1:11 max_workers belongs to the legacy schema, but head_node makes this a config of the new one", "rename it to zones"},
		{"EC2 field at the top", "head_node: {instance_type: a}\nIamInstanceProfile: {Name: a}\n", "error config/schema 2:1:18 unknown key IamInstanceProfile", "move it under advanced_instance_config"},
		{"both schemas", "head_node: {instance_type: a}\nhead_node_type: {name: a}\n", "error config/conflict 2:1:14 head_node_type belongs to the legacy schema, but head_node makes this a config of the new one", "rename it to head_node"},
		{"missing instance type", "head_node:\n  resources: {CPU: 1}\n", "error config/schema 2:3:9 head_node has no instance_type", "add instance_type, or required_resources with CPU and memory"},
		{"empty head node", "head_node: {}\n", "error config/schema 1:1:9 head_node has no instance_type", "add instance_type, or required_resources with CPU and memory"},
		{"null instance type", "head_node:\n  instance_type:\n", "error config/schema 2:3:13 head_node has no instance_type", "add instance_type, or required_resources with CPU and memory"},
		{"both kinds of resources", "head_node:\n  instance_type: m5.large\n  required_resources: {CPU: 4, memory: 8Gi}\n", "error config/schema 2:18:8 head_node has both instance_type and required_resources", "keep one: either the type, or the resources to find a type by"},
		{"too few max_nodes", "worker_nodes:\n- instance_type: a\n  min_nodes: 4\n  max_nodes: 2\n", "error config/schema 4:14:1 worker_nodes[0].max_nodes is 2, less than min_nodes (4)", "write 4 or more"},
		{"max_nodes by default", "worker_nodes:\n- instance_type: a\n  min_nodes: 20\n", "error config/schema 3:14:2 worker_nodes[0].min_nodes is 20, but max_nodes is 10 when it is left out", "add max_nodes: 20 or more"},
		{"same names", "worker_nodes:\n- instance_type: a\n- instance_type: b\n  name: a\n", `error config/schema 4:9:1 worker_nodes[1] is called "a" like another worker group`, "give it a name of its own"},
		{"same types", "worker_nodes:\n- instance_type: m5.large\n- instance_type: m5.large\n", `error config/schema 3:18:8 worker_nodes[1] is called "m5.large" like another worker group`, "give it a name of its own: without one it is called as its instance type"},
		{"same shapes", "worker_nodes:\n- required_resources: {CPU: 4, memory: 8Gi}\n- required_resources: {cpu: 4, memory: 8589934592}\n", `error config/schema 3:23:28 worker_nodes[1] is called "FP-4CPU-8GB" like another worker group`, "give it a name of its own: without one it is called as its instance type"},
		{"auto select", "auto_select_worker_config: true\nworker_nodes: []\n", "error config/schema 1:1:25 auto_select_worker_config must be false when there are worker_nodes, even an empty list", "remove one of the two"},
		{"booleans in quotes", "enable_cross_zone_scaling: \"yes\"\n", `error config/schema 1:28:5 enable_cross_zone_scaling must be true or false, not "yes"`, "remove the quotes"},
		{"a number in quotes", "worker_nodes:\n- instance_type: a\n  min_nodes: \"2\"\n", `error config/schema 3:14:3 worker_nodes[0].min_nodes must be a whole number, not "2"`, "remove the quotes"},
		{"yes is a boolean", "cloud: yes\n", "error config/schema 1:8:3 cloud must be a string, not true (YAML reads yes so)", "put quotes around it: \"yes\""},
		{"a date", "cloud: 2024-01-01\n", "error config/schema 1:8:10 cloud must be a string, not the date 2024-01-01", "YAML reads this as a date; put quotes around it: \"2024-01-01\""},
		{"a fraction", "worker_nodes:\n- instance_type: a\n  min_nodes: 1.5\n", "error config/schema 3:14:3 worker_nodes[0].min_nodes must be a whole number, not 1.5", ""},
		{"a whole fraction", "worker_nodes:\n- instance_type: a\n  min_nodes: 2.0\n", "error config/schema 3:14:3 worker_nodes[0].min_nodes must be a whole number, not 2.0", "write 2"},
		{"true for a number", "worker_nodes:\n- instance_type: a\n  min_nodes: true\n", "warning config/schema 3:14:4 worker_nodes[0].min_nodes must be a whole number, not true", "the client converts it; write a whole number"},
		{"false for max_nodes", "worker_nodes:\n- instance_type: a\n  max_nodes: false\n", "error config/schema 3:14:5 worker_nodes[0].max_nodes is false, which the client reads as 0; it must be 1 or more\nwarning config/schema 3:14:5 worker_nodes[0].max_nodes must be a whole number, not false", "write a number"},
		{"market type", "worker_nodes:\n- instance_type: a\n  market_type: spot\n", `error config/schema 3:16:4 worker_nodes[0].market_type must be ON_DEMAND, SPOT or PREFER_SPOT, not "spot"`, "did you mean SPOT?"},
		{"market type, far", "worker_nodes:\n- instance_type: a\n  market_type: cheap\n", `error config/schema 3:16:5 worker_nodes[0].market_type must be ON_DEMAND, SPOT or PREFER_SPOT, not "cheap"`, "write one of these"},
		{"negative", "worker_nodes:\n- instance_type: a\n  min_nodes: -1\n  max_nodes: 0\n", "error config/schema 3:14:2 worker_nodes[0].min_nodes must be 0 or more, not -1\nerror config/schema 4:14:1 worker_nodes[0].max_nodes must be 1 or more, not 0", ""},
		{"zones in one text", "zones: us-west-2a\n", `error config/schema 1:8:10 zones must be a list, not "us-west-2a"`, "write a list: [us-west-2a]"},
		{"no zones", "zones: []\n", "error config/schema 1:8:2 zones must not be empty", "leave the key out to take all zones"},
		{"a list for a mapping", "head_node:\n- instance_type: a\n", "error config/schema 1:1:9 head_node must be a mapping, not a list", "remove the dash in front of its keys"},
		{"a mapping for a list", "worker_nodes:\n  instance_type: a\n", "error config/schema 1:1:12 worker_nodes must be a list, not a mapping", "put a dash in front of each entry: `- `"},
		{"null where none is taken", "worker_nodes:\n- instance_type: a\n  min_nodes:\n", "error config/schema 3:3:9 worker_nodes[0].min_nodes must be a whole number, not null", "give it a value, or remove the key"},
		{"labels", "head_node:\n  instance_type: a\n  labels: {a: 1}\n", "error config/schema 3:15:1 head_node.labels.a must be a string, not 1", "put quotes around it: \"1\""},
		{"renamed", "head_node:\n  physical_resources: {CPU: 1}\n  instance_type: a\n", "error config/schema 2:3:18 head_node.physical_resources has another name today", "rename it to required_resources"},
		{"no name at all", "worker_nodes:\n- instance_type: \"\"\n", "error config/schema 2:18:2 worker_nodes[0] has neither a name nor an instance_type to be called by", "write the instance type"},
		{"instance config is a list", "advanced_instance_config:\n- IamInstanceProfile: a\n", "error config/schema 1:1:24 advanced_instance_config must be a mapping, not a list", "remove the dash in front of its keys"},
	} {
		c.run(t, Options{})
	}
}

// TestResourceRules: required_resources and accelerators.
func TestResourceRules(t *testing.T) {
	for _, c := range []finds{
		{"no CPU", "head_node:\n  required_resources: {memory: 8Gi}\n", "error config/schema 2:3:18 head_node.required_resources must ask for CPU, 1 or more", "add CPU and memory, such as CPU: 8 and memory: 32Gi"},
		{"no memory", "head_node:\n  required_resources: {CPU: 4}\n", "error config/schema 2:3:18 head_node.required_resources must ask for memory", "add memory, such as memory: 32Gi"},
		{"bytes without a unit", "head_node:\n  required_resources: {CPU: 4, memory: 8}\n", "error config/schema 2:40:1 head_node.required_resources.memory is 8 bytes, which no node has", "add the unit, such as 32Gi"},
		{"no size", "head_node:\n  required_resources: {CPU: 4, memory: 8GB}\n", `error config/schema 2:40:3 head_node.required_resources.memory is no size: "8GB"`, "write a number with a unit, such as 32Gi"},
		{"a small k", "head_node:\n  required_resources: {CPU: 4, memory: 8ki}\n", `error config/schema 2:40:3 head_node.required_resources.memory is no size: "8ki"`, "write a number with a unit, such as 32Gi"},
		{"too many CPUs", "head_node:\n  required_resources: {CPU: 513, memory: 8Gi}\n", "error config/schema 2:3:18 head_node.required_resources.CPU is 513; no instance type has more than 512", ""},
		{"too much memory", "head_node:\n  required_resources: {CPU: 4, memory: 25Ti}\n", "error config/schema 2:3:18 head_node.required_resources.memory is more than 24Ti, which no instance type has", ""},
		{"too many GPUs", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, GPU: 17}\n", "error config/schema 2:3:18 head_node.required_resources.GPU is 17; no instance type has more than 16", ""},
		{"unknown resource", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, gpus: 1}\n", "error config/schema 2:45:4 unknown key gpus in head_node.required_resources", "did you mean GPU?"},
		{"unknown resource that is null", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, gpus: null}\n", "", ""},
		{"the client's other spellings", "head_node:\n  required_resources: {cpu: 4, Memory: 8Gi, gpu: 1, tpu: 0}\n", "", ""},
		{"architecture", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, cpu_architecture: arm}\n", `error config/schema 2:63:3 head_node.required_resources.cpu_architecture must be x86_64 or arm64, not "arm"`, "write one of these"},
		{"more than there is", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, GPU: 1}\n  resources: {CPU: 5, memory: 8589934593, gpu: 2, custom: 9}\n", "error config/schema 3:20:1 head_node.resources.CPU is more than required_resources has\nerror config/schema 3:31:10 head_node.resources.memory is more than required_resources has\nerror config/schema 3:48:1 head_node.resources.gpu is more than required_resources has", "a node can't report more than it has: lower it, or remove it"},
		{"as much as there is", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi}\n  resources: {CPU: 4, memory: 8589934592}\n", "", ""},
		{"accelerator without a count", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi}\n  required_labels: {ray.io/accelerator-type: T4}\n", "error config/schema 3:46:2 head_node asks for the accelerator T4, but not how many", "add GPU: 1 to required_resources"},
		{"accelerator of a type", "head_node:\n  instance_type: g4dn.xlarge\n  required_labels: {ray.io/accelerator-type: T4}\n", "error config/schema 3:46:2 head_node asks for the accelerator T4, but not how many", "add GPU: 1 to required_resources"},
		{"accelerator with a count", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, GPU: 1}\n  required_labels: {ray.io/accelerator-type: T4}\n", "", ""},
		{"TPU by label", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi}\n  required_labels: {ray.io/accelerator-type: TPU-V6E}\n", "error config/schema 3:46:7 head_node asks for a TPU, but lacks TPU in required_resources, tpu_hosts in required_resources, ray.io/tpu-topology in required_labels", "add them"},
		{"TPU without hosts", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, TPU: 4}\n", "error config/schema 2:3:18 head_node.required_resources asks for TPUs without tpu_hosts", "add tpu_hosts: 1, or more for several hosts"},
		{"TPU without topology", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, TPU: 4, tpu_hosts: 1}\n", "error config/schema 2:3:18 head_node asks for TPUs without saying which", "add ray.io/accelerator-type and ray.io/tpu-topology to labels"},
		{"TPU with labels", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, TPU: 4, tpu_hosts: 1}\n  labels: {ray.io/accelerator-type: tpu-v6e, ray.io/tpu-topology: 2x2}\n", "", ""},
		{"TPU labels in two places", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, TPU: 4, tpu_hosts: 1}\n  labels: {ray.io/accelerator-type: TPU-V6E, ray.io/tpu-topology: 2x2}\n  required_labels: {ray.io/accelerator-type: TPU-V6E}\n", "error config/schema 3:3:6 head_node has its TPU labels in both labels and required_labels", "keep them in one of the two"},
		{"TPU with a node selector", "head_node:\n  required_resources: {CPU: 4, memory: 8Gi, TPU: 4, tpu_hosts: 1}\n  advanced_instance_config:\n    spec: {nodeSelector: {cloud.google.com/gke-tpu-topology: 2x2, cloud.google.com/gke-tpu-accelerator: v6e}}\n", "error config/provider 4:11:99 this config is for Kubernetes, where nodes have no AWS instance profile", "give the pods a service account instead"},
	} {
		c.run(t, Options{})
	}
}
