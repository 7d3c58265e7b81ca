//go:build acceptance

package acceptance

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// This file reads compute configs on its own, from PyYAML's values and the client's requests: nothing of ccx's own
// reader takes part, so a site that ccx overlooks is not overlooked here.

// block is the instance config at one place of a config; nil where there is none.
type block struct {
	label string
	value map[string]any
}

// profile returns the instance profile that the block names, as JSON, or "".
func (b block) profile() string {
	p, _ := b.value["IamInstanceProfile"].(map[string]any)
	if arn, ok := p["Arn"].(string); ok && len(p) == 1 && arn != "" {
		return arn
	}
	if name, ok := p["Name"].(string); ok && len(p) == 1 && name != "" {
		return name
	}
	return ""
}

// shape says where a form of compute config keeps things.
type shape struct {
	head, workers string
	cluster, node []string // keys of the instance config, the first that is present counts
}

var (
	newShape = shape{
		head: "head_node", workers: "worker_nodes",
		cluster: []string{"advanced_instance_config"}, node: []string{"advanced_instance_config"},
	}
	legacyShape = shape{
		head: "head_node_type", workers: "worker_node_types",
		cluster: []string{"aws_advanced_configurations_json", "aws"},
		node:    []string{"aws_advanced_configurations_json", "advanced_configurations_json"},
	}
	// sentShape is what the client sends for the new schema.
	sentShape = shape{
		head: "head_node_type", workers: "worker_node_types",
		cluster: []string{"advanced_configurations_json"}, node: []string{"advanced_configurations_json"},
	}
)

// blocks lists the config's cluster level, head and workers with what they hold.
func (s shape) blocks(config map[string]any) []block {
	found := []block{{"cluster", instanceConfig(config, s.cluster)}}
	head, _ := config[s.head].(map[string]any)
	found = append(found, block{"head", instanceConfig(head, s.node)})
	workers, _ := config[s.workers].([]any)
	for i, w := range workers {
		worker, _ := w.(map[string]any)
		found = append(found, block{fmt.Sprintf("worker %d", i), instanceConfig(worker, s.node)})
	}
	return found
}

// instanceConfig returns the first of the keys that is present; an empty one counts as none, as it does for the client.
func instanceConfig(node map[string]any, keys []string) map[string]any {
	for _, key := range keys {
		if value, ok := node[key].(map[string]any); ok && len(value) > 0 {
			return value
		}
	}
	return nil
}

// isLegacy tells the schema by the keys that only one of the two has.
func isLegacy(config map[string]any) bool {
	_, head := config[legacyShape.head]
	_, workers := config[legacyShape.workers]
	return head || workers
}

// each returns the single configs of a file: those under configs, or the file itself.
func each(file map[string]any, list string) []map[string]any {
	entries, ok := file[list].([]any)
	if !ok {
		return []map[string]any{file}
	}
	var configs []map[string]any
	for _, e := range entries {
		config, _ := e.(map[string]any)
		configs = append(configs, config)
	}
	return configs
}

// profilesIn collects every IamInstanceProfile at any depth of a value.
func profilesIn(value any) []any {
	var found []any
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if key == "IamInstanceProfile" {
				found = append(found, inner)
			}
			found = append(found, profilesIn(inner)...)
		}
	case []any:
		for _, inner := range v {
			found = append(found, profilesIn(inner)...)
		}
	}
	return found
}

// yamlAsJSON reads YAML files as the client does and prints a JSON array with, for each, an array of its documents.
const yamlAsJSON = `import json, sys, yaml
print(json.dumps([list(yaml.safe_load_all(open(p, "rb"))) for p in sys.argv[1:]], default=str))`

// loadYAML returns what PyYAML makes of the files: the documents of each.
func loadYAML(t *testing.T, paths ...string) [][]any {
	t.Helper()
	got := run(t, command{argv: append([]string{filepath.Join(the.venv, "python"), "-c", yamlAsJSON}, paths...)})
	var values [][]any
	if err := json.Unmarshal([]byte(got.stdout), &values); err != nil || len(values) != len(paths) {
		t.Fatalf("PyYAML does not read %q: %v\n%s", paths, err, got.stderr)
	}
	return values
}

// withoutProfiles returns the value without any instance profile, and without the instance configs that hold nothing
// else: what must not differ between input and output.
func withoutProfiles(value any) any {
	switch v := value.(type) {
	case map[string]any:
		rest := map[string]any{}
		for key, inner := range v {
			inner = withoutProfiles(inner)
			if m, isMap := inner.(map[string]any); isBlock(key) && (inner == nil || isMap && len(m) == 0) {
				continue
			}
			if key != "IamInstanceProfile" {
				rest[key] = inner
			}
		}
		return rest
	case []any:
		var rest []any
		for _, inner := range v {
			rest = append(rest, withoutProfiles(inner))
		}
		return rest
	}
	return value
}

// isBlock tells the keys of instance configs, of either schema.
func isBlock(key string) bool {
	return slices.Contains(newShape.node, key) || slices.Contains(legacyShape.cluster, key) || slices.Contains(legacyShape.node, key)
}
