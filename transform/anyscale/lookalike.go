package anyscale

import (
	"fmt"
	"slices"
	"strings"

	"ccx/schema"
	"ccx/transform/document"
	"ccx/transform/finding"
)

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

// mostlyUnknown refuses a document that has a key or two of a compute config or carrier by chance, such as region or
// compute_config, among more that none of them has and that are no slip of the pen: nine times "unknown key" would tell
// its author less. What describes nodes, an application or a job is never doubted.
func mostlyUnknown(root *document.Node, shape Shape) *finding.Finding {
	keys := topKeys(root)
	if shape != ShapeNew && shape != ShapeLegacy && shape != ShapeWorkspace || hasAny(keys, newNodeKeys, legacyNodeKeys) {
		return nil
	}
	known := slices.Concat(newNodeKeys, legacyNodeKeys, newKeys, legacyKeys, sharedKeys)
	what, hint := "compute config", "a compute config has head_node and worker_nodes, or head_node_type and worker_node_types"
	if shape == ShapeWorkspace {
		known = slices.Concat(schema.Keys(schema.Workspace), schema.Keys(schema.Job), schema.Keys(schema.Service),
			schema.Keys(schema.LegacyJob), schema.Keys(schema.LegacyService))
		what, hint = "job, service or workspace", "if a compute config is what stands under compute_config, pass on that part alone"
	}
	var foreign []string
	for _, k := range keys {
		if slices.Contains(known, k) {
			continue
		}
		if _, slip := finding.Nearest(k, known); slip {
			return nil
		}
		foreign = append(foreign, k)
	}
	if 2*len(foreign) <= len(keys) {
		return nil
	}
	f := finding.New(finding.ConfigShape, root.Get(foreign[0]).KeyPlace(),
		fmt.Sprintf("this is no Anyscale %s: most of its keys (%s) are none of a %s's", what, listed(foreign, 4), what))
	return at(f.WithHint(hint))
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
