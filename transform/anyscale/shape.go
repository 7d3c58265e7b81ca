package anyscale

import (
	"slices"
	"strings"

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

// legacyCarrier tells a legacy job or service from today's: by an inline config in the API's shape.
func legacyCarrier(c carrier, root *document.Node) Shape {
	inline := root.Find(append(slices.Clone(c.holder), c.config)...)
	if c.config == "" || !isLegacyInline(inline) {
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

// isLegacyInline reports whether an inline compute config has the API's keys: it is read by the legacy commands only.
func isLegacyInline(n *document.Node) bool {
	keys := topKeys(n)
	return hasAny(keys, legacyNodeKeys) || hasAny(keys, legacyKeys) && !hasAny(keys, newNodeKeys, newKeys)
}

func isPrintout(root *document.Node, keys []string) bool {
	return root.Get("config").IsMapping() && !hasAny(keys, newNodeKeys, legacyNodeKeys) &&
		hasAny(keys, []string{"name", "id"})
}

// lookAlike names the documents that are often taken for compute configs.
func lookAlike(root *document.Node, keys []string) *finding.Finding {
	launcher := func(key string) *finding.Finding {
		f := finding.New(finding.ConfigShape, root.Get(key).KeyPlace(),
			"this is a config of Ray's cluster launcher, not an Anyscale compute config: it has "+key).
			WithHint("`ray up` reads such files and sets the profile under node_config; for Anyscale write head_node and worker_nodes")
		return &f
	}
	switch {
	case slices.Contains(keys, "available_node_types"):
		return launcher("available_node_types")
	case slices.Contains(keys, "cluster_name"):
		return launcher("cluster_name")
	case root.Get("provider").Get("type") != nil:
		return launcher("provider")
	}
	if kind, ok := root.Get("kind").Text(); ok && root.Get("apiVersion") != nil {
		f := finding.New(finding.ConfigShape, root.Get("kind").Place(), "this is a Kubernetes object ("+shorten(kind)+"), not an Anyscale compute config").
			WithHint("on Kubernetes a service account gives pods their role; an instance profile belongs to EC2 nodes")
		return &f
	}
	return nil
}

// nothingKnown says that no key is one of a compute config's, with the nearest guess.
func nothingKnown(root *document.Node, keys []string) *finding.Finding {
	known := slices.Concat(newNodeKeys, legacyNodeKeys, newKeys, legacyKeys, sharedKeys, []string{"configs", "compute_config", "job_config"})
	f := finding.New(finding.ConfigShape, firstKey(root), "this is no Anyscale compute config: none of its keys ("+listed(keys, 4)+") is one of a compute config's")
	for _, k := range keys {
		if guess, ok := finding.Nearest(k, known); ok {
			f.Place = root.Get(k).KeyPlace()
			return at(f.WithHint("did you mean " + guess + " for " + shorten(k) + "?"))
		}
	}
	return at(f.WithHint("a compute config has head_node and worker_nodes, or head_node_type and worker_node_types"))
}

func at(f finding.Finding) *finding.Finding { return &f }

// listed joins at most n words and says how many more there are.
func listed(words []string, n int) string {
	short := make([]string, 0, n)
	for _, w := range words[:min(n, len(words))] {
		short = append(short, shorten(w))
	}
	text := strings.Join(short, ", ")
	if len(words) > n {
		text += ", ..."
	}
	return text
}
