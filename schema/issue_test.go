package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief shows an issue without the list of known keys: pointer keyword keys want.
func brief(issues []Issue) string {
	var lines []string
	for _, i := range issues {
		want, _ := json.Marshal(i.Want)
		line := fmt.Sprintf("%s %s", i.Pointer, i.Keyword)
		if len(i.Keys) > 0 {
			line += " " + strings.Join(i.Keys, ",")
		} else {
			line += " " + string(want)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestIssues(t *testing.T) {
	for _, c := range []struct{ name, schema, value, want string }{
		{"unknown keys", ComputeConfig, `{"zone": 1, "aws": {}, "head_node": {"min_nodes": 1}}`,
			" additionalProperties aws,zone\n/head_node additionalProperties min_nodes"},
		{"missing keys", LegacyComputeConfig, `{}`, " required head_node_type,worker_node_types"},
		{"one missing", LegacyComputeConfig, `{"head_node_type": {}}`, " required worker_node_types"},
		{"type", ComputeConfig, `{"cloud": 5}`, `/cloud type ["string","null"]`},
		{"the root", ComputeConfig, `[]`, ` type "object"`},
		{"null where it is refused", ComputeConfig, `{"enable_cross_zone_scaling": null, "worker_nodes": [{"min_nodes": null}]}`,
			"/enable_cross_zone_scaling type \"boolean\"\n/worker_nodes/0/min_nodes type \"integer\""},
		{"enum", ComputeConfig, `{"worker_nodes": [{"market_type": "spot"}]}`, `/worker_nodes/0/market_type enum ["ON_DEMAND","SPOT","PREFER_SPOT"]`},
		{"minimum", ComputeConfig, `{"worker_nodes": [{"max_nodes": 0, "min_nodes": -1}]}`,
			"/worker_nodes/0/max_nodes minimum 1\n/worker_nodes/0/min_nodes minimum 0"},
		{"maximum", Job, `{"entrypoint": "x", "priority": 1001}`, "/priority maximum 1000"},
		{"empty list", ComputeConfig, `{"zones": []}`, "/zones minItems 1"},
		{"empty text", ComputeConfig, `{"worker_nodes": [{"name": ""}]}`, "/worker_nodes/0/name minLength 1"},
		{"values of a map", ComputeConfig, `{"min_resources": {"CPU": "1", "GPU": -1}}`,
			"/min_resources/CPU type \"number\"\n/min_resources/GPU minimum 0"},
		{"keys with slashes", ComputeConfig, `{"head_node": {"labels": {"ray.io/a~b": 1}}}`, `/head_node/labels/ray.io~1a~0b type "string"`},
		{"keys with spaces, percent and umlauts", ComputeConfig, `{"head_node": {"labels": {"a b%20ü": 1}}}`, `/head_node/labels/a b%20ü type "string"`},
		{"unknown unless null", ComputeConfig, `{"head_node": {"required_resources": {"a/b": 1, "c": null}}}`,
			"/head_node/required_resources additionalProperties a/b"},
		{"ten comes after two", ComputeConfig, `{"zones": ["a","b",1,"d","e","f","g","h","i","j",2]}`, "/zones/2 type \"string\"\n/zones/10 type \"string\""},
		{"2.0 is no whole number for Python", ComputeConfig, `{"worker_nodes": [{"min_nodes": 2.0}]}`, `/worker_nodes/0/min_nodes type "integer"`},
		{"2.0 is no size", ComputeConfig, `{"head_node": {"required_resources": {"memory": 2.0}}}`, `/head_node/required_resources/memory type ["string","integer","null"]`},
		{"2.0 is a number", ComputeConfig, `{"max_resources": {"CPU": 2.0}}`, ``},
		{"inside a job", Job, `{"entrypoint": "x", "compute_config": {"head_nod": {}}}`, "/compute_config additionalProperties head_nod"},
		{"inside a job, multi", Job, `{"entrypoint": "x", "compute_config": {"configs": [{"aws": {}}], "zones": []}}`,
			"/compute_config additionalProperties zones\n/compute_config/configs/0 additionalProperties aws"},
		{"a number in a job's config", Job, `{"entrypoint": "x", "compute_config": {"worker_nodes": [{"max_nodes": 3.0}]}}`,
			`/compute_config/worker_nodes/0/max_nodes type "integer"`},
		{"a list for a config", Job, `{"entrypoint": "x", "compute_config": []}`, `/compute_config type ["string","object","null"]`},
		{"through two documents", Schedule, `{"cron_expression": "x", "job_config": {"entrypoint": "x", "compute_config": {"a": 1}}}`,
			"/job_config/compute_config additionalProperties a"},
		{"a legacy printout", Printout, `{"config": {"head_node_type": {}}}`, "/config required worker_node_types"},
		{"an image", Job, `{"entrypoint": "x", "image_uri": "a b"}`, `/image_uri pattern `},
		{"banned option", Service, `{"applications": [{"import_path": "a:b"}], "http_options": {"port": 1}}`, "/http_options/port not {}"},
		{"banned value", Service, `{"applications": [{"import_path": "a:b"}], "proxy_location": "Disabled"}`, `/proxy_location not {"const":"Disabled"}`},
		{"legacy job's extra", LegacyJob, `{"entrypoint": "x", "image_uri": "a"}`, " additionalProperties image_uri"},
		{"operator", Scheduler, `{"resource_flavors": [{"name": " ", "selector": [{"key": "a", "operator": "In"}]}]}`,
			"/resource_flavors/0/name pattern \"\\\\S\"\n/resource_flavors/0/selector/0/operator enum [\"in\",\"not_in\",\"exists\",\"does_not_exist\"]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			issues, err := Validate(c.schema, value(t, c.value))
			if err != nil {
				t.Fatal(err)
			}
			got := brief(issues)
			if strings.HasSuffix(c.want, " pattern ") {
				got = got[:min(len(got), len(c.want))]
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestKnownKeysAreOffered(t *testing.T) {
	issues, err := Validate(MultiResource, value(t, `{"configs": [{}], "head_node": {}}`))
	if err != nil || len(issues) != 1 {
		t.Fatal(issues, err)
	}
	if diff := cmp.Diff([]string{"cloud", "configs", "flags"}, issues[0].Known); diff != "" {
		t.Error(diff)
	}
	issues, _ = Validate(ComputeConfig, value(t, `{"head_node": {"required_resources": {"cpus": 1}}}`))
	if len(issues) != 1 || len(issues[0].Known) != 12 {
		t.Errorf("%+v", issues)
	}
}

// TestOrderIsStable: the library walks maps in random order, so that its causes come in another one each time.
func TestOrderIsStable(t *testing.T) {
	v := value(t, `{"b": 1, "a": 2, "cloud": 3, "zones": [1, 2], "head_node": {"y": 1, "x": 2}, "worker_nodes": [{"q": 1}, 5]}`)
	first, _ := Validate(ComputeConfig, v)
	for range 50 {
		again, _ := Validate(ComputeConfig, v)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestNumbersThatJSONLacks(t *testing.T) {
	for _, f := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
		v := map[string]any{"min_resources": map[string]any{"CPU": f}, "advanced_instance_config": map[string]any{"x": f}}
		issues, err := Validate(ComputeConfig, v)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := brief(issues), `/min_resources/CPU type "number"`; got != want {
			t.Errorf("%v: %s", f, got)
		}
		if _, same := v["min_resources"].(map[string]any)["CPU"].(float64); !same {
			t.Error("the caller's value was changed")
		}
	}
}

func TestDates(t *testing.T) {
	day := Date("2024-01-01")
	v := map[string]any{
		"cloud": day, "enable_cross_zone_scaling": day, "min_resources": map[string]any{"CPU": day}, "flags": map[string]any{"since": day},
		"head_node": map[string]any{"labels": map[string]any{"day": day}, "required_resources": map[string]any{"memory": day}}, "worker_nodes": day,
	}
	issues, err := Validate(ComputeConfig, v)
	if err != nil {
		t.Fatal(err)
	}
	var at []string
	for _, i := range issues {
		at = append(at, i.Pointer+" "+i.Keyword)
	}
	want := []string{
		"/cloud type", "/enable_cross_zone_scaling type", "/head_node/labels/day type", "/head_node/required_resources/memory type",
		"/min_resources/CPU type", "/worker_nodes type",
	}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Error(diff)
	}
	if issues, err := Validate(Service, map[string]any{"applications": []any{map[string]any{"import_path": "a:b"}}, "version_name": day}); err != nil || len(issues) > 0 {
		t.Error("where nothing is said about the type a date passes:", issues, err)
	}
}

func TestLargeNumbers(t *testing.T) {
	v := map[string]any{"worker_nodes": []any{map[string]any{"max_nodes": json.Number("99999999999999999999999")}}}
	if issues, err := Validate(ComputeConfig, v); err != nil || len(issues) > 0 {
		t.Error(issues, err)
	}
}

func TestForeignTypesAreAnError(t *testing.T) {
	if _, err := Validate(ComputeConfig, map[string]any{"cloud": struct{}{}}); err == nil {
		t.Error("a Go struct is no JSON value")
	}
}

// TestSharedValues: an alias bomb in a free-form part must cost nothing.
func TestSharedValues(t *testing.T) {
	bomb := any("x")
	for range 60 {
		bomb = []any{bomb, bomb}
	}
	v := map[string]any{"flags": map[string]any{"a": bomb}, "advanced_instance_config": map[string]any{"b": bomb}}
	if issues, err := Validate(ComputeConfig, v); err != nil || len(issues) > 0 {
		t.Error(issues, err)
	}
}

func TestLookup(t *testing.T) {
	v := value(t, `{"a": [{"b/c": 1}, 2], "d": "x", "100%": 5}`)
	for pointer, want := range map[string]any{
		"/a/0/b~1c": int64(1), "/a/1": int64(2), "/a/2": nil, "/a/-1": nil, "/a/x": nil, "/d/e": nil, "/zz": nil,
		"/a/0/b%2Fc": nil, "/100%": int64(5),
	} {
		if got := lookup(v, pointer); got != want {
			t.Errorf("%s: %v, not %v", pointer, got, want)
		}
	}
	if diff := cmp.Diff(v, lookup(v, "")); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := compile(ComputeConfig); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	v := map[string]any{"cloud": "c", "head_node": map[string]any{"instance_type": "m5.large"}}
	for b.Loop() {
		if _, err := Validate(ComputeConfig, v); err != nil {
			b.Fatal(err)
		}
	}
}
