package anyscale

import "slices"

// mends has, for keys of the legacy schema and other misplaced ones, what to write in a new-schema config instead.
var mends = map[string]string{
	"allowed_azs":                      "rename it to zones",
	"aws":                              "rename it to advanced_instance_config",
	"aws_advanced_configurations_json": "rename it to advanced_instance_config",
	"gcp":                              "rename it to advanced_instance_config",
	"gcp_advanced_configurations_json": "rename it to advanced_instance_config",
	"advanced_configurations_json":     "rename it to advanced_instance_config",
	"head_node_type":                   "rename it to head_node",
	"worker_node_types":                "rename it to worker_nodes, and min_workers, max_workers to min_nodes, max_nodes",
	"cloud_id":                         "write cloud and the cloud's name instead (see `anyscale cloud list`)",
	"region":                           "remove it: the cloud resource has a region",
	"max_workers":                      "set max_nodes in each of worker_nodes instead",
	"min_workers":                      "rename it to min_nodes",
	"use_spot":                         "write market_type: SPOT instead",
	"fallback_to_ondemand":             "write market_type: PREFER_SPOT instead",
	"idle_termination_minutes":         "remove it: workspaces, jobs and services set it themselves",
	"maximum_uptime_minutes":           "remove it: the new schema has no such limit",
	"IamInstanceProfile":               "move it under advanced_instance_config",
	"BlockDeviceMappings":              "move it under advanced_instance_config",
	"TagSpecifications":                "move it under advanced_instance_config",
}

// mend returns the hint for a key in a new-schema config that a table knows better than a count of letters.
func (r *reader) mend(pointer, key string) (string, bool) {
	if hint, ok := r.carrierMend(pointer, key); ok {
		return hint, true
	}
	c := r.configAround(pointer)
	if r.file.Shape == ShapeMulti && pointer == "" && slices.Contains(append(slices.Clone(newNodeKeys), newKeys...), key) {
		return "move it into each of configs", true
	}
	if c == nil || c.Schema != New {
		return "", false
	}
	hint, ok := mends[key]
	if ok && pointer != c.Pointer && key == "max_workers" {
		hint = "rename it to max_nodes"
	}
	return hint, ok
}

// carrierMends has, for keys of the legacy jobs and services that today's have no more, what to write instead.
var carrierMends = map[string]string{
	"runtime_env":       "write its fields beside compute_config instead: working_dir, env_vars, and requirements for pip",
	"cluster_env":       "write image_uri or containerfile instead",
	"build_id":          "write image_uri or containerfile instead",
	"docker":            "rename it to image_uri",
	"cluster_compute":   "rename it to compute_config",
	"compute_config_id": "write compute_config and the config's name instead",
	"project_id":        "write project and the project's name instead",
	"ray_serve_config":  "write its applications beside compute_config instead",
	"python_version":    "remove it: the image has a Python version",
}

// carrierMend returns the hint for a key beside an inline compute config.
func (r *reader) carrierMend(pointer, key string) (string, bool) {
	old := r.file.Shape == ShapeLegacyJob || r.file.Shape == ShapeLegacyService
	switch {
	case r.file.Shape == ShapeSchedule && pointer != "/job_config" || r.file.Shape != ShapeSchedule && pointer != "":
		return "", false
	case r.file.Shape == ShapeService && key == "runtime_env":
		return "move it into each of applications, or write its fields here: working_dir, env_vars, and requirements for pip", true
	case r.file.Shape == ShapeService && key == "entrypoint", r.file.Shape == ShapeLegacyService && (key == "entrypoint" || key == "healthcheck_url"):
		return "remove it: services that run an entrypoint are gone; a service has applications with an import_path", true
	case old || !slices.Contains([]Shape{ShapeJob, ShapeService, ShapeWorkspace, ShapeSchedule}, r.file.Shape):
		return "", false
	}
	hint, ok := carrierMends[key]
	return hint, ok
}
