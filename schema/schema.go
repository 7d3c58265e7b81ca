// Package schema holds one JSON Schema (draft-07) for each document that Anyscale's client reads, and says where a
// value breaks one. Three more are ccx's own: its settings, its snapshots of facts, and the report that it writes.
//
// The schemas are as strict as the client (anyscale 0.26.112) and no stricter: unknown keys are errors where the
// client refuses them and pass where it takes what comes. They carry descriptions, so that editors can use them.
// A schema is compiled when it is first met, never at start-up, and nothing is ever fetched. Answers are pointers,
// keywords and keys: the words are the caller's.
package schema

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// The documents that have a schema.
const (
	ComputeConfig       = "compute-config"        // new schema: head_node, worker_nodes
	LegacyComputeConfig = "legacy-compute-config" // head_node_type, worker_node_types
	MultiResource       = "multi-resource"        // configs: one compute config a cloud resource
	Job                 = "job"                   // anyscale job submit -f
	Service             = "service"               // anyscale service deploy -f
	Workspace           = "workspace"             // anyscale workspace_v2 create -f
	Schedule            = "schedule"              // anyscale schedule apply -f
	LegacyJob           = "legacy-job"            // anyscale job submit FILE
	LegacyService       = "legacy-service"        // anyscale service rollout -f
	Scheduler           = "scheduler"             // anyscale scheduler config apply -f
	MachinePool         = "machine-pool"          // anyscale machine-pool update --spec-file
	Printout            = "printout"              // what anyscale compute-config get prints
	Settings            = "settings"              // ccx.yaml
	Report              = "report"                // what ccx --report json writes
	Snapshot            = "snapshot"              // what ccx snapshot writes
)

//go:embed *.json
var files embed.FS

// base is where the schemas say they live. The host is reserved (RFC 2606), so that nothing can answer there.
const base = "https://ccx.invalid/schema/"

// Names returns the names of all schemas, sorted.
func Names() []string {
	entries, _ := files.ReadDir(".") // an embedded folder can always be read
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(names)
	return names
}

// Source returns the JSON text of a schema, complete in itself: the schemas that it refers to stand under its
// definitions. The second result is false for a name that is not in Names.
func Source(name string) ([]byte, bool) {
	text, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, false
	}
	return bundle(name, text), true
}

// Keys returns the top-level keys that the named schema describes, sorted; nil for an unknown name.
func Keys(name string) []string {
	s, err := compiled(name)
	if err != nil {
		return nil
	}
	keys, _ := unknown(s.source.(map[string]any), nil)
	return keys
}

// Validate returns what is wrong with value by the named schema: nothing, or issues sorted by pointer, keyword and
// keys. A value is what a JSON decoder gives (map[string]any, []any, string, bool, nil and numbers); an integer is an
// int or a json.Number, a float64 never counts as one; a Date is no string. The error says that there is no such schema or that value holds
// another Go type: a fault of the caller, not of the document.
func Validate(name string, value any) ([]Issue, error) {
	s, err := compiled(name)
	if err != nil {
		return nil, err
	}
	value, _ = exact(s.root, value)
	err = s.root.Validate(value)
	var invalid *jsonschema.ValidationError
	if err == nil {
		return nil, nil
	}
	if !errors.As(err, &invalid) {
		return nil, fmt.Errorf("schema %s: the value holds a type that JSON lacks", name)
	}
	r := reader{schema: s.source, value: value}
	r.read(invalid)
	return sorted(r.issues), nil
}

// schema is one compiled document and the JSON that it was made from.
type schema struct {
	root   *jsonschema.Schema
	source any
}

// compiled compiles a schema once a process.
func compiled(name string) (*schema, error) {
	once, ok := compilers()[name]
	if !ok {
		return nil, fmt.Errorf("schema: no schema named %q", name)
	}
	return once()
}

// compilers has a compiler a schema, each run at most once.
var compilers = sync.OnceValue(func() map[string]func() (*schema, error) {
	all := map[string]func() (*schema, error){}
	for _, name := range Names() {
		all[name] = sync.OnceValues(func() (*schema, error) { return compile(name) })
	}
	return all
})

func compile(name string) (*schema, error) {
	text, _ := Source(name)
	var source any
	if err := json.Unmarshal(text, &source); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft7
	c.LoadURL = func(url string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("schema: %s is not embedded, and nothing is fetched", url)
	}
	url := base + name + ".json"
	if err := c.AddResource(url, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	root, err := c.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	return &schema{root: root, source: source}, nil
}
