package anyscale

import (
	"fmt"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// Ray's labels that name an accelerator.
const (
	acceleratorLabel = "ray.io/accelerator-type"
	topologyLabel    = "ray.io/tpu-topology"
)

// accelerator returns the accelerator that a node's labels name, the required ones first.
func accelerator(n *document.Node) string {
	for _, key := range []string{"required_labels", "labels"} {
		if kind, ok := n.Get(key).Get(acceleratorLabel).Text(); ok && kind != "" {
			return kind
		}
	}
	return ""
}

// acceleratorRules: an accelerator that is asked for by label must be counted in required_resources too.
func (r *reader) acceleratorRules(n *document.Node, pointer string) {
	p := physicalOf(n.Get("required_resources"))
	label := n.Get("required_labels").Get(acceleratorLabel)
	kind, _ := label.Text()
	if !p.ok || r.unrendered(label) {
		return
	}
	switch {
	case isTPU(kind):
		r.tpuLabels(n, label, p, pointer)
	case kind != "" && p.gpu <= 0:
		r.say(finding.ConfigSchema, label.Place(), fmt.Sprintf("%s asks for the accelerator %s, but not how many", spoken(pointer), shorten(kind)), "add GPU: 1 to required_resources")
	}
	if p.tpu > 0 {
		r.tpuRules(n, p, pointer)
	}
}

func isTPU(kind string) bool { return strings.HasPrefix(strings.ToUpper(kind), "TPU") }

func (r *reader) tpuLabels(n, label *document.Node, p physical, pointer string) {
	var lacks []string
	if p.tpu <= 0 {
		lacks = append(lacks, "TPU in required_resources")
	}
	if n.Get("required_resources").Get("tpu_hosts") == nil && n.Get("required_resources").Get("anyscale_tpu_hosts") == nil || p.hosts <= 0 {
		lacks = append(lacks, "tpu_hosts in required_resources")
	}
	if n.Get("required_labels").Get(topologyLabel) == nil && n.Get("labels").Get(topologyLabel) == nil {
		lacks = append(lacks, topologyLabel+" in required_labels")
	}
	if len(lacks) > 0 {
		r.say(finding.ConfigSchema, label.Place(), fmt.Sprintf("%s asks for a TPU, but lacks %s", spoken(pointer), strings.Join(lacks, ", ")), "add them")
	}
}

// tpuRules: a TPU node says how many hosts it spans, and its topology in one place.
func (r *reader) tpuRules(n *document.Node, p physical, pointer string) {
	place := n.Get("required_resources").KeyPlace()
	if p.hosts <= 0 {
		r.say(finding.ConfigSchema, place, spoken(pointer)+".required_resources asks for TPUs without tpu_hosts", "add tpu_hosts: 1, or more for several hosts")
		return
	}
	labels, required := n.Get("labels"), n.Get("required_labels")
	kinds := [2]bool{tpuLabel(labels), tpuLabel(required)}
	topologies := [2]bool{labels.Get(topologyLabel) != nil, required.Get(topologyLabel) != nil}
	if kinds[0] && kinds[1] || topologies[0] && topologies[1] {
		r.say(finding.ConfigSchema, labels.KeyPlace(), spoken(pointer)+" has its TPU labels in both labels and required_labels", "keep them in one of the two")
		return
	}
	if (kinds[0] || kinds[1]) && (topologies[0] || topologies[1]) {
		return
	}
	selector := n.Find("advanced_instance_config", "spec", "nodeSelector")
	for _, key := range []string{"cloud.google.com/gke-tpu-topology", "cloud.google.com/gke-tpu-accelerator"} {
		if selector.Get(key) == nil {
			r.say(finding.ConfigSchema, place, spoken(pointer)+" asks for TPUs without saying which", "add "+acceleratorLabel+" and "+topologyLabel+" to labels")
			return
		}
	}
}

func tpuLabel(labels *document.Node) bool {
	kind, _ := labels.Get(acceleratorLabel).Text()
	return isTPU(kind)
}
