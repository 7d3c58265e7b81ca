package anyscale

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// locate finds the compute configs of the document, or what else holds an instance config in it.
func (r *reader) locate() {
	switch r.file.Shape {
	case ShapeNew:
		r.add(New, "", "", r.root)
	case ShapeLegacy:
		r.add(Legacy, "", "", r.root)
	case ShapeMulti:
		r.multi("", r.root)
	case ShapePrintout:
		r.printout()
	case ShapeScheduler:
		r.flavors()
	case ShapeMachinePool:
		r.templates()
	default:
		r.carrier()
	}
}

func (r *reader) add(s Schema, label, pointer string, n *document.Node) *Config {
	c := Config{Schema: s, Label: label, Pointer: pointer, Node: n}
	c.Cloud = r.text(n, "cloud")
	if c.Cloud.Value == "" && s != New {
		if c.Cloud = r.text(n, "cloud_id"); c.Cloud.Value != "" {
			c.CloudID = true
		}
	}
	c.Resource = r.text(n, "cloud_resource")
	if r.places == nil {
		r.places = map[string]int{}
	}
	r.places[pointer] = len(r.file.Configs)
	r.file.Configs = append(r.file.Configs, c)
	return &r.file.Configs[len(r.file.Configs)-1]
}

// text reads a string below n; the zero Text if it is not there, no string, or empty.
func (r *reader) text(n *document.Node, path ...string) Text {
	at := n.Find(path...)
	if value, ok := at.Text(); ok && value != "" {
		return Text{Value: value, Place: at.Place()}
	}
	return Text{}
}

// multi adds each entry of configs; its cloud is the multi-resource config's unless it has its own.
func (r *reader) multi(pointer string, n *document.Node) {
	cloud := r.text(n, "cloud")
	for i, item := range n.Get("configs").Items() {
		if !item.IsMapping() {
			continue // the schema says so
		}
		c := r.add(New, fmt.Sprintf("configs[%d]", i), fmt.Sprintf("%s/configs/%d", pointer, i), item)
		if c.Cloud.Value == "" {
			c.Cloud = cloud
		}
	}
	r.multiRules(n)
}

// inline adds a compute config that stands inside another document.
func (r *reader) inline(pointer string, n *document.Node) {
	switch {
	case n.Get("configs") != nil:
		r.multi(pointer, n)
	case r.file.Shape == ShapeLegacyJob || r.file.Shape == ShapeLegacyService:
		r.add(API, "", pointer, n)
	default:
		r.add(New, "", pointer, n)
	}
}

// printout adds the config that `compute-config get` wraps into name, id and config; the wrapper goes on output.
func (r *reader) printout() {
	config := r.root.Get("config")
	r.file.unwrap = config
	r.sayAt(finding.Note, finding.ConfigFolded, config.KeyPlace(), "this is a printout of `compute-config get`, which the client doesn't read back: only what stands under config is written", "")
	if isLegacyInline(config) {
		r.add(Legacy, "", "/config", config)
		return
	}
	r.inline("/config", config)
}

// carrier adds the compute config of a job, service, workspace or schedule, or says how to filter one that is only named.
func (r *reader) carrier() {
	row := carriers[slices.IndexFunc(carriers, func(c carrier) bool { return r.file.Shape.like(c.shape) })]
	holder := r.root.Find(row.holder...)
	config := holder.Get(row.config)
	pointer := ""
	for _, key := range append(slices.Clone(row.holder), row.config) {
		pointer += step(key)
	}
	name, named := config.Text()
	switch {
	case named:
		r.namedConfig(name, config)
	case config.IsMapping():
		first := len(r.file.Configs)
		r.inline(pointer, config)
		for i := first; i < len(r.file.Configs); i++ {
			r.fromHolder(&r.file.Configs[i], holder)
		}
	case config == nil || config.IsNull():
		place := config.KeyPlace()
		if config == nil {
			place = firstKey(r.root)
		}
		r.say(finding.ConfigNamed, place, r.file.Shape.noun()+" has no compute config of its own, so it runs on the cloud's default one and there is nothing to put a profile into",
			"write a compute config under compute_config, or register one and name it there")
	}
}

// like reports whether two shapes are rows of one carrier: today's job and the legacy one, say.
func (s Shape) like(other Shape) bool {
	return s == other || s == ShapeLegacyJob && other == ShapeJob || s == ShapeLegacyService && other == ShapeService
}

// namedConfig says how to filter a compute config that a carrier only names.
func (r *reader) namedConfig(name string, at *document.Node) {
	if r.unrendered(at) {
		name = "NAME"
	}
	if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
		r.say(finding.ConfigNamed, at.Place(), fmt.Sprintf("%s names %s; the client takes this for the name of a registered compute config, not for a file", r.file.Shape.noun(), shorten(name)),
			"write the file's content under compute_config, or register it and give its name here")
		return
	}
	base, _, _ := strings.Cut(name, ":")
	r.say(finding.ConfigNamed, at.Place(), fmt.Sprintf("%s names a registered compute config, %s: a profile belongs in that one", r.file.Shape.noun(), shorten(name)),
		fmt.Sprintf("anyscale compute-config get -n %s | ccx | anyscale compute-config create -n %s -f /dev/stdin\nthen name the new version here", quoted(name), quoted(base)))
}

// quoted makes a word safe to paste into a shell.
func quoted(word string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("_-.:/@", c)
	}
	if word != "" && strings.IndexFunc(word, func(c rune) bool { return !plain(c) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// fromHolder takes over what the carrier says for the config inside it: the client copies the cloud in
// (workload_sdk.py), and the image is what the nodes will pull.
func (r *reader) fromHolder(c *Config, holder *document.Node) {
	c.holder = holder
	if c.Cloud.Value == "" {
		c.Cloud = r.text(holder, "cloud")
	}
	for _, key := range []string{"image_uri", "docker"} {
		if image := r.text(holder, key); image.Value != "" {
			c.Images = append(c.Images, image)
		}
	}
	c.Recipe = r.text(holder, "containerfile")
	c.Secret = r.text(holder, "registry_login_secret")
}

// flavors adds each of a scheduler's flavors: its instance config is laid over the launches of that flavor.
func (r *reader) flavors() {
	for i, item := range r.root.Get("resource_flavors").Items() {
		if item.IsMapping() {
			r.add(Part, fmt.Sprintf("flavor %s", nameOr(item, i)), fmt.Sprintf("/resource_flavors/%d", i), item)
		}
	}
	if len(r.file.Configs) == 0 {
		r.say(finding.ConfigShape, firstKey(r.root), "this scheduler config has no resource flavor to put a profile into", "add an entry to resource_flavors")
	}
}

// templates adds each launch template of a machine pool's machine types.
func (r *reader) templates() {
	for i, kind := range r.root.Get("machine_types").Items() {
		for j, item := range kind.Get("launch_templates").Items() {
			if item.IsMapping() {
				label := fmt.Sprintf("machine type %s, launch template %d", nameOr(kind, i), j+1)
				r.add(Part, label, fmt.Sprintf("/machine_types/%d/launch_templates/%d", i, j), item)
			}
		}
	}
	if len(r.file.Configs) == 0 {
		r.say(finding.ConfigShape, r.root.Get("machine_types").KeyPlace(), "this machine pool has no launch template to put a profile into", "add launch_templates to a machine type")
	}
}

// nameOr returns an entry's name in quotes, or its number where it has none.
func nameOr(n *document.Node, i int) string {
	if name, ok := n.Get("name").Text(); ok {
		return fmt.Sprintf("%q", shorten(name))
	}
	return fmt.Sprint(i + 1)
}
