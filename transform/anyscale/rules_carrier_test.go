package anyscale

import (
	"strings"
	"testing"
)

// TestCarrierRules: jobs, services, schedules, schedulers and multi-resource configs.
func TestCarrierRules(t *testing.T) {
	for _, c := range []finds{
		{"job without config", "name: j\nentrypoint: x\n", "error config/named 1:1:4 this job has no compute config of its own, so it runs on the cloud's default one and there is nothing to put a profile into", "write a compute config under compute_config, or register one and name it there"},
		{"job with a null config", "entrypoint: x\ncompute_config:\n", "error config/named 2:1:14 this job has no compute config of its own, so it runs on the cloud's default one and there is nothing to put a profile into", "write a compute config under compute_config, or register one and name it there"},
		{"named config", "entrypoint: x\ncompute_config: my-cc:3\n", "error config/named 2:17:7 this job names a registered compute config, my-cc:3: a profile belongs into that one", "anyscale compute-config get -n my-cc:3 | ccx | anyscale compute-config create -n my-cc -f /dev/stdin"},
		{"named config with blanks", "entrypoint: x\ncompute_config: \"my cc's\"\n", "error config/named 2:17:9 this job names a registered compute config, my cc's: a profile belongs into that one", "anyscale compute-config get -n 'my cc'\\''s' | ccx | anyscale compute-config create -n 'my cc'\\''s' -f /dev/stdin"},
		{"unknown key in a job's config", "entrypoint: x\ncompute_config:\n  head_node: {instance_type: a}\n  zone: [a]\n", "error config/schema 4:3:4 unknown key zone in compute_config", "did you mean zones?"},
		{"legacy key in a job", "entrypoint: x\nruntime_env: {}\ncompute_config:\n  head_node: {instance_type: a}\n", "error config/schema 2:1:11 unknown key runtime_env", "remove it; `ccx schema job` shows the keys that there are"},
		{"today's key in a legacy job", "entrypoint: x\nimage_uri: a/b\ncompute_config: {cloud_id: a, head_node_type: {}, worker_node_types: []}\n", "error config/schema 2:1:9 unknown key image_uri", "remove it; `ccx schema legacy-job` shows the keys that there are"},
		{"no entrypoint", "entrypoint: \"\"\ncompute_config: {head_node: {instance_type: a}}\n", "error config/schema 1:13:2 entrypoint must not be empty", ""},
		{"secret", "entrypoint: x\nenv_vars: {TOKEN: 12345}\ncompute_config: {head_node: {instance_type: a}}\n", "error config/schema 2:12:5 env_vars.TOKEN must be a string", "put quotes around the value"},
		{"no image", "entrypoint: x\nimage_uri: a b\ncompute_config: {head_node: {instance_type: a}}\n", `error config/schema 2:12:3 image_uri is not what the client takes: "a b"`, "it looks like registry/repository:tag"},
		{"queue", "entrypoint: x\njob_queue_config: {job_queue_spec: {idle_timeout_s: 1, execution_mode: LILO}}\ncompute_config: {head_node: {instance_type: a}}\n", "error config/schema 2:72:4 execution_mode must be FIFO, LIFO or PRIORITY", ""},
		{"service", "applications: [{import_path: \"a:\"}, {import_path: \".a:b\"}]\nhttp_options: {port: 80}\ntracing_config: {sampling_ratio: 1}\nproxy_location: Disabled\ncompute_config: {head_node: {instance_type: a}}\n", "error config/schema 1:30:4 applications[0].import_path is not what the client takes: \"a:\"\nerror config/schema 1:51:6 import_path must look like module.submodule:app\nerror config/schema 2:22:2 http_options.port is not allowed in Anyscale\nerror config/schema 3:34:1 tracing_config.sampling_ratio needs a decimal point for the client\nerror config/schema 4:17:8 proxy_location is not allowed in Anyscale", "it looks like module.submodule:app"},
		{"schedule", "cron_expression: \"\"\njob_config: {entrypoint: x, compute_config: {head_node: {}}}\n", "error config/schema 1:18:2 cron_expression must not be empty\nerror config/schema 2:46:9 job_config.compute_config.head_node has no instance_type", ""},
		{"two ids", "entrypoint: x\nproject: a\nproject_id: b\nbuild_id: c\ncluster_env: d\ncompute_config: {cloud_id: a, head_node_type: {}, worker_node_types: []}\n", "error config/schema 3:1:10 project_id and project can't both be given\nerror config/schema 5:1:11 cluster_env and build_id can't both be given", "keep one of them"},
		{"image without versions", "entrypoint: x\ndocker: me/image:latest\ncompute_config: {cloud_id: a, head_node_type: {}, worker_node_types: []}\n", "error config/schema 2:9:15 the client can't tell the Ray and Python versions of this image from its tag", "add python_version and ray_version"},
		{"image with versions", "entrypoint: x\ndocker: me/image:2.9.0-py311-gpu\ncompute_config: {cloud_id: a, head_node_type: {}, worker_node_types: []}\n", "", ""},
		{"legacy service with a runtime environment", "name: s\nray_serve_config: {}\nruntime_env: {pip: [a]}\naccess: nobody\ncompute_config: {cloud_id: a, head_node_type: {}, worker_node_types: []}\n", "error config/schema 3:1:11 runtime_env is not allowed here\nerror config/schema 4:9:6 access must be private or public, not \"nobody\"", "remove it"},
		{"scheduler", "resource_flavors:\n- name: a\n  selector: [{key: a, operator: in}, {key: b, operator: exists, values: [c]}, {key: c, operator: isin}]\nresource_queues:\n- name: q\n  cohort_name: c\n- name: r\n  preemption: {borrow_within_cohort: lower_priority}\n  resource_groups:\n  - covered_resources: [gpu, gpu]\n    flavors: [{name: a, resources: [{name: gpu, nominal_quota: 1, lending_limit: 2}]}]\n", "error config/schema 3:33:2 the operator in needs values\nerror config/schema 3:65:6 the operator exists takes no values\nerror config/schema 3:98:4 resource_flavors[0].selector[2].operator must be in, not_in, exists or does_not_exist, not \"isin\"\nerror config/schema 6:3:11 a queue in a cohort needs resource_groups\nerror config/schema 8:38:14 borrow_within_cohort needs reclaim_within_cohort to be lower_priority or any\nerror config/schema 10:30:3 covered_resources names this resource twice\nerror config/schema 11:67:13 lending_limit needs a cohort_name on the queue\nerror config/schema 11:82:1 lending_limit is more than nominal_quota (1)", "add values: [...]"},
		{"multi with a cluster level", "configs: [{head_node: {instance_type: a}}]\nadvanced_instance_config: {KeyName: a}\n", "error config/schema 2:1:24 unknown key advanced_instance_config", "move it into each of configs"},
		{"multi with one resource twice", "configs:\n- {cloud_resource: a, cloud: x}\n- {cloud_resource: a, cloud: y}\n", "error config/schema 3:20:1 two of configs have the cloud_resource \"a\"\nerror config/schema 3:30:1 cloud must be the same in all of configs", "give each of configs a cloud_resource of its own"},
		{"multi without resources", "configs: [{}, {}]\n", "error config/schema 1:15:2 two of configs name no cloud_resource, so both would use the primary one", "give each of configs a cloud_resource of its own"},
		{"multi that is empty", "configs: []\n", "error config/schema 1:10:2 configs must not be empty", "add at least one"},
		{"multi inside a job", "entrypoint: x\ncompute_config: {configs: [{aws: {KeyName: a}, zones: [a]}]}\n", "error config/conflict 2:29:3 aws belongs to the legacy schema, but zones makes this a config of the new one", "rename it to advanced_instance_config"},
		{"workspace", "name: w\ncompute_config: {head_node: {instance_type: a}}\nidle_termination_minute: 5\n", "error config/schema 3:1:23 unknown key idle_termination_minute", "did you mean idle_termination_minutes?"},
	} {
		c.run(t, Options{})
	}
}

// TestSecretsStayUnseen: what stands under env_vars reaches neither a message nor the line that is shown.
func TestSecretsStayUnseen(t *testing.T) {
	for _, src := range []string{
		"entrypoint: x\nenv_vars: {TOKEN: 12345}\ncompute_config: {head_node: {instance_type: a}}\n",
		"entrypoint: x\nenv_vars:\n  TOKEN: 12345 # <fill in>\ncompute_config: {head_node: {instance_type: a}}\n",
		"entrypoint: x\nenv_vars:\n  ü: [12345]\ncompute_config: {head_node: {instance_type: a}}\n",
	} {
		_, fs := open(t, src, Options{})
		if len(fs) != 1 {
			t.Fatal(said(fs))
		}
		if all := fs[0].Message + fs[0].Hint + fs[0].Place.Text; strings.Contains(all, "12345") {
			t.Errorf("the value is shown: %s", all)
		}
	}
}
