package schema

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEverySchemaCompiles(t *testing.T) {
	if len(Names()) != 15 {
		t.Errorf("%d schemas: %v", len(Names()), Names())
	}
	for _, name := range Names() {
		if _, err := compiled(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnknownName(t *testing.T) {
	if _, err := Validate("compute", nil); err == nil {
		t.Error("a schema that does not exist must be an error")
	}
	if text, ok := Source("../go.mod"); ok || text != nil {
		t.Error("Source gave a text for a name that is no schema")
	}
	if Keys("compute") != nil {
		t.Error("Keys gave keys for a name that is no schema")
	}
}

func TestSourceIsCompleteInItself(t *testing.T) {
	outward := regexp.MustCompile(`"\$ref": "([^#"][^"]*)"`)
	for _, name := range Names() {
		text, ok := Source(name)
		if !ok {
			t.Fatalf("%s: no source", name)
		}
		if m := outward.FindSubmatch(text); m != nil {
			t.Errorf("%s: refers to %s, which an editor can't follow", name, m[1])
		}
		var doc map[string]any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if doc["$id"] != base+name+".json" || !strings.Contains(base, ".invalid/") {
			t.Errorf("%s: $id is %v", name, doc["$id"])
		}
		if doc["$schema"] != "http://json-schema.org/draft-07/schema#" {
			t.Errorf("%s: $schema is %v", name, doc["$schema"])
		}
		if n := strings.Count(string(text), `"$id"`); n != 1 {
			t.Errorf("%s: %d $id; those of the schemas put in must be gone", name, n)
		}
	}
}

func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	ref := regexp.MustCompile(`"\$ref": "#([^"]+)"`)
	for _, name := range Names() {
		s, err := compiled(name)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := Source(name)
		for _, m := range ref.FindAllSubmatch(text, -1) {
			if lookup(s.source, string(m[1])) == nil {
				t.Errorf("%s: %s leads nowhere", name, m[1])
			}
		}
	}
}

func TestEveryPropertyIsDescribed(t *testing.T) {
	for _, name := range Names() {
		s, err := compiled(name)
		if err != nil {
			t.Fatal(err)
		}
		undescribed(t, s.source, s.source, name)
	}
}

func undescribed(t *testing.T, root, v any, at string) {
	node, _ := v.(map[string]any)
	properties, _ := node["properties"].(map[string]any)
	for key, p := range properties {
		sub, _ := p.(map[string]any)
		if ref, ok := sub["$ref"].(string); ok {
			sub, _ = lookup(root, strings.TrimPrefix(ref, "#")).(map[string]any)
		}
		if _, ok := sub["description"]; !ok && sub["not"] == nil {
			t.Errorf("%s: %s has no description", at, key)
		}
	}
	for key, sub := range node {
		undescribed(t, root, sub, at+"/"+key)
	}
}

func TestKeys(t *testing.T) {
	want := []string{
		"advanced_instance_config", "auto_select_worker_config", "cloud", "cloud_resource", "enable_cross_zone_scaling", "flags",
		"head_node", "max_resources", "min_resources", "worker_nodes", "zones",
	}
	if diff := cmp.Diff(want, Keys(ComputeConfig)); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsFetched(t *testing.T) {
	for _, name := range Names() {
		text, _ := Source(name)
		for _, word := range []string{"http://", "https://"} {
			for _, rest := range strings.Split(string(text), word)[1:] {
				if !strings.HasPrefix(rest, "json-schema.org/draft-07/schema#") && !strings.HasPrefix(rest, "ccx.invalid/") {
					t.Errorf("%s names a host: %.40s", name, rest)
				}
			}
		}
	}
}

// value decodes JSON as a document gives it: whole numbers as int64, others as float64.
func value(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return numbers(v)
}

func numbers(v any) any {
	switch at := v.(type) {
	case map[string]any:
		for k, sub := range at {
			at[k] = numbers(sub)
		}
	case []any:
		for i, sub := range at {
			at[i] = numbers(sub)
		}
	case json.Number:
		if n, err := at.Int64(); err == nil {
			return n
		}
		f, _ := at.Float64()
		return f
	}
	return v
}

func TestValuesThatPass(t *testing.T) {
	for _, c := range []struct{ schema, value string }{
		{ComputeConfig, `{}`},
		{ComputeConfig, `{"cloud": null, "head_node": null, "worker_nodes": null, "zones": null, "flags": null}`},
		{ComputeConfig, `{"head_node": {"instance_type": "m5.large", "resources": {"CPU": 0.5}, "flags": {"any": [1]}}}`},
		{ComputeConfig, `{"worker_nodes": [{"name": "a", "min_nodes": 0, "max_nodes": 1, "market_type": "PREFER_SPOT"}]}`},
		{ComputeConfig, `{"advanced_instance_config": {"IamInstanceProfile": 7, "anything": [null]}}`},
		{ComputeConfig, `{"head_node": {"required_resources": {"cpu": 4, "Memory": "8Gi", "unknown": null}, "physical_resources": null}}`},
		{MultiResource, `{"cloud": "c", "configs": [{"head_node": {}}], "flags": {}}`},
		{LegacyComputeConfig, `{"head_node_type": 5, "worker_node_types": [1, null], "anything": {}, "aws": "raw"}`},
		{Job, `{"entrypoint": "x", "compute_config": "name:1", "max_retries": null}`},
		{Job, `{"entrypoint": "x", "compute_config": {"configs": [{"head_node": {}}]}, "priority": 1000}`},
		{Job, `{"entrypoint": "x", "compute_config": null, "requirements": ["a"], "image_uri": "1.dkr.ecr.us-west-2.amazonaws.com/a/b:c"}`},
		{Service, `{"applications": [{"import_path": "a:b", "runtime_env": {}}], "proxy_location": "HeadOnly"}`},
		{Workspace, `{"name": "w", "compute_config": {}, "idle_termination_minutes": 5}`},
		{Schedule, `{"cron_expression": "* * * * *", "job_config": {"entrypoint": "x"}}`},
		{LegacyJob, `{"entrypoint": "x", "compute_config": {"head_node_type": 1, "aws": {}}}`},
		{LegacyService, `{"name": "s", "ray_serve_config": {}, "access": "private"}`},
		{Scheduler, `{"resource_flavors": [{"name": "f", "advanced_instance_config": {"a": 1}}]}`},
		{MachinePool, `{"kind": "x", "machine_types": [{"launch_templates": [{"new_key": 1}]}]}`},
		{Printout, `{"name": "a:1", "id": "cpt_1", "config": {"head_node": {"instance_type": "a"}}}`},
		{Printout, `{"config": {"head_node_type": {}, "worker_node_types": [], "region": "x"}}`},
	} {
		issues, err := Validate(c.schema, value(t, c.value))
		if err != nil || len(issues) > 0 {
			t.Errorf("%s: %s: %v %+v", c.schema, c.value, err, issues)
		}
	}
}

func TestNamesAreTheConstants(t *testing.T) {
	all := []string{
		ComputeConfig, LegacyComputeConfig, MultiResource, Job, Service, Workspace, Schedule, LegacyJob, LegacyService,
		Scheduler, MachinePool, Printout, Report, Settings, Snapshot,
	}
	slices.Sort(all)
	if diff := cmp.Diff(all, Names()); diff != "" {
		t.Error(diff)
	}
}
