package anyscale

import (
	"slices"

	"ccx/schema"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// carrier is a row of the table of documents that hold a compute config.
type carrier struct {
	shape  Shape
	schema string // name in package schema
	// holder is the path to the mapping that says which cloud and image are used; config the path from there to the
	// compute config.
	holder []string
	config string
	// anchors are the keys that only this document has; by the first row with one of them the shape is told.
	anchors []string
}

// The carriers in the order in which they are tried: what is most particular comes first.
var carriers = []carrier{
	{shape: ShapeScheduler, schema: schema.Scheduler, anchors: []string{"resource_flavors", "resource_queues", "scheduling_rules"}},
	{shape: ShapeMachinePool, schema: schema.MachinePool, anchors: []string{"machine_types"}},
	{shape: ShapeSchedule, schema: schema.Schedule, holder: []string{"job_config"}, config: "compute_config", anchors: []string{"job_config", "cron_expression"}},
	{shape: ShapeLegacyService, schema: schema.LegacyService, config: "compute_config", anchors: []string{"ray_serve_config", "healthcheck_url"}},
	{shape: ShapeService, schema: schema.Service, config: "compute_config", anchors: []string{"applications", "query_auth_token_enabled"}},
	{shape: ShapeJob, schema: schema.Job, config: "compute_config", anchors: []string{"entrypoint"}},
	{shape: ShapeWorkspace, schema: schema.Workspace, config: "compute_config", anchors: []string{"compute_config"}},
}

// The top-level keys that tell the two schemas of a compute config apart. Those that describe nodes weigh more: a
// config has them nearly always, and the others turn up on the wrong side by mistake.
var (
	newNodeKeys    = []string{"head_node", "worker_nodes"}
	legacyNodeKeys = []string{"head_node_type", "worker_node_types"}
	newKeys        = []string{
		"advanced_instance_config", "zones", "cloud_resource", "enable_cross_zone_scaling", "min_resources", "max_resources",
	}
	legacyKeys = []string{
		"cloud_id", "allowed_azs", "aws", "aws_advanced_configurations_json", "gcp", "gcp_advanced_configurations_json", "azure",
		"max_workers", "maximum_uptime_minutes", "idle_termination_minutes", "region", "advanced_configurations_json",
	}
	sharedKeys = []string{"cloud", "flags", "auto_select_worker_config"}
)

// instanceConfigKeys are the names under which the several documents hold a cluster's instance config.
var instanceConfigKeys = []string{"advanced_instance_config", "aws", "aws_advanced_configurations_json", "advanced_configurations_json"}

// topKeys returns the keys of a mapping that stand in the text or were merged in.
func topKeys(n *document.Node) []string {
	var keys []string
	for _, e := range n.Entries() {
		keys = append(keys, e.Key)
	}
	return keys
}

func hasAny(keys []string, of ...[]string) bool {
	return slices.ContainsFunc(keys, func(k string) bool {
		return slices.ContainsFunc(of, func(list []string) bool { return slices.Contains(list, k) })
	})
}

// shapeOf tells what a mapping is from its keys; "" with a finding when it is nothing that can carry a profile.
func shapeOf(root *document.Node) (Shape, *finding.Finding) {
	keys := topKeys(root)
	if f := lookAlike(root, keys); f != nil {
		return "", f
	}
	for _, c := range carriers {
		if hasAny(keys, c.anchors) {
			return legacyCarrier(c, root), nil
		}
	}
	switch {
	case slices.Contains(keys, "configs"):
		return ShapeMulti, nil
	case isPrintout(root, keys):
		return ShapePrintout, nil
	case hasAny(keys, newNodeKeys):
		return ShapeNew, nil
	case hasAny(keys, legacyNodeKeys):
		return ShapeLegacy, nil
	case hasAny(keys, newKeys):
		return ShapeNew, nil
	case hasAny(keys, legacyKeys):
		return ShapeLegacy, nil
	case hasAny(keys, sharedKeys) || len(keys) == 0:
		return ShapeNew, nil
	}
	return "", nothingKnown(root, keys)
}

// legacyCarrier tells a legacy job or service from today's: by an inline config in the API's shape or, for a job whose
// config is no mapping, by keys that only the legacy command takes.
func legacyCarrier(c carrier, root *document.Node) Shape {
	inline := root.Find(append(slices.Clone(c.holder), c.config)...)
	if c.config == "" || !isLegacyInline(inline) && (c.shape != ShapeJob || inline.IsMapping() || !onlyLegacy(root)) {
		return c.shape
	}
	switch c.shape {
	case ShapeService, ShapeLegacyService:
		return ShapeLegacyService
	case ShapeJob, ShapeWorkspace:
		if root.Get("name") != nil && root.Get("entrypoint") == nil && root.Get("image_uri") == nil && root.Get("access") != nil {
			return ShapeLegacyService
		}
		return ShapeLegacyJob
	}
	return c.shape
}

// onlyLegacy reports whether a job has keys of the legacy commands, and none that only today's take.
func onlyLegacy(job *document.Node) bool {
	today, legacy := schema.Keys(schema.Job), schema.Keys(schema.LegacyJob)
	found := false
	for _, key := range topKeys(job) {
		isToday, isLegacy := slices.Contains(today, key), slices.Contains(legacy, key)
		if isToday && !isLegacy {
			return false
		}
		found = found || isLegacy && !isToday
	}
	return found
}

// isLegacyInline reports whether an inline compute config has the API's keys: it is read by the legacy commands only.
func isLegacyInline(n *document.Node) bool {
	keys := topKeys(n)
	return hasAny(keys, legacyNodeKeys) || hasAny(keys, legacyKeys) && !hasAny(keys, newNodeKeys, newKeys)
}

func isPrintout(root *document.Node, keys []string) bool {
	return root.Get("config").IsMapping() && !hasAny(keys, newNodeKeys, legacyNodeKeys) &&
		hasAny(keys, []string{"name", "id"})
}
