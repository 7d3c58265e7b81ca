// Package anyscale holds what Anyscale's client reads: which document a text is, what the client would refuse or
// silently drop in it, and the sites where an instance config is or must be.
//
// The rules are those of the published client, anyscale 0.26.112; where the client merges nothing and a node's own
// instance config replaces the cluster's whole, so it is here: such a node is a site of its own.
package anyscale

import (
	"ccx/transform/document"
	"ccx/transform/finding"
)

// Schema says by which of the client's rules a compute config is read.
type Schema uint8

// The schemas.
const (
	New    Schema = iota // head_node, worker_nodes: compute-config create -f; unknown keys are errors
	Legacy               // head_node_type, worker_node_types: compute-config create FILE; unknown keys are dropped
	API                  // a legacy config inside a legacy job or service: sent as typed
	Part                 // no compute config, only the holder of an instance config: scheduler, machine pool
)

// String returns the word used in messages and reports.
func (s Schema) String() string { return [...]string{"new", "legacy", "legacy (inline)", "part"}[s] }

// Shape says what a document is.
type Shape string

// The shapes: a compute config, or a carrier that holds one.
const (
	ShapeNew           Shape = "compute config"
	ShapeLegacy        Shape = "legacy compute config"
	ShapeMulti         Shape = "multi-resource compute config"
	ShapeJob           Shape = "job"
	ShapeService       Shape = "service"
	ShapeWorkspace     Shape = "workspace"
	ShapeSchedule      Shape = "schedule"
	ShapeLegacyJob     Shape = "legacy job"
	ShapeLegacyService Shape = "legacy service"
	ShapeScheduler     Shape = "scheduler config"
	ShapeMachinePool   Shape = "machine pool"
	ShapePrintout      Shape = "compute-config get printout"
)

// Provider is a cloud provider as Anyscale writes it in a cloud resource.
type Provider string

// The providers. Unknown: nothing in the document tells.
const (
	Unknown    Provider = ""
	AWS        Provider = "AWS"
	GCP        Provider = "GCP"
	Azure      Provider = "AZURE"
	Kubernetes Provider = "K8S"
)

// Options change what Read takes for granted. The zero value is the everyday case.
type Options struct {
	// Target forces the key that holds the instance config: "", "auto", "aws", "advanced_instance_config" or
	// "advanced_configurations_json".
	Target string
	// Template says that the text is an unrendered template, read with document.ParseTemplate.
	Template bool
	// UnknownKeys makes keys that the client's rules don't know a warning instead of an error.
	UnknownKeys bool
	// Nodes names node groups ("head" for the head node) that get a profile of their own, so that each is a site even
	// without an instance config of its own.
	Nodes []string
	// Provider answers for a cloud and cloud resource (names or ids, each may be empty) from a cloud file; nil or
	// Unknown: the document's own keys tell.
	Provider func(cloud, resource string) Provider
}

// Text is a string of the document and where it stands; the zero Text is not there.
type Text struct {
	Value string
	Place finding.Place
}

// File is a document that has been read.
type File struct {
	Doc     *document.Document
	Shape   Shape
	Configs []Config

	opts    Options
	root    *document.Node // the first document's mapping
	unwrap  *document.Node // a printout's config, which becomes the whole document
	folded  *document.Node // the instance config of a second document, which is folded into the first
	foldKey string         // under this key
	rename  []renaming     // keys that the fold gives their right name
}

// Config is one compute config in a document, or one holder of an instance config (a scheduler's flavor, a machine
// pool's launch template).
type Config struct {
	Schema   Schema
	Label    string         // "" for the only one, else as a person says it: `configs[1]`, `flavor "spot"`
	Pointer  string         // where it stands (RFC 6901); "" is the whole document
	Node     *document.Node // its mapping
	Cloud    Text           // name of the cloud, or its id where CloudID is set
	CloudID  bool
	Resource Text     // name of the cloud resource; empty for the primary one
	Provider Provider // what the cloud file or the keys tell
	Images   []Text   // image URIs of the carrier: image_uri, docker
	Recipe   Text     // containerfile: the path of a file that an image is built from
	Secret   Text     // registry_login_secret: the image is pulled with it, not with the role
	Sites    []Site   // cluster level first, then the head node, then the workers in the text's order

	holder *document.Node // the carrier's mapping that says which cloud and image; nil without carrier
}

// Site is a place where an instance config is or must be.
type Site struct {
	Label    string         // `cluster`, `head node`, `worker "gpu"`, with the config's label where there are several
	Cluster  bool           // the cluster level; else a node with its own instance config
	Name     string         // a worker group's name as the client knows it; "head" for the head node; "" for the cluster
	Node     *document.Node // the mapping that holds the block
	Path     []string       // from Node to the block: [advanced_instance_config]
	Existing *Existing      // the profile that is there; nil if there is none

	pointer string // of the block, in the document as the client will see it
}

// Place returns where the site's block stands: its key, or that of the mapping that will hold it.
func (s Site) Place() finding.Place {
	if at := s.Node.Find(s.Path...); at != nil {
		return at.KeyPlace()
	}
	return s.Node.KeyPlace()
}

// Existing is an instance profile that a document names already, by exactly one of ARN and Name.
type Existing struct {
	ARN, Name string
	At        *document.Node // the scalar that names it
}

// String returns the ARN or the name.
func (e Existing) String() string { return e.ARN + e.Name }

// Ref is the profile to put in: by ARN or, with ARN empty, by Name.
type Ref struct{ ARN, Name string }

// String returns the ARN or the name.
func (r Ref) String() string {
	if r.ARN != "" {
		return r.ARN
	}
	return r.Name
}

// Sites returns all sites of all configs.
func (f *File) Sites() []Site {
	var all []Site
	for _, c := range f.Configs {
		all = append(all, c.Sites...)
	}
	return all
}

// renaming is a key that gets another name in the output.
type renaming struct {
	node     *document.Node
	from, to string
}
