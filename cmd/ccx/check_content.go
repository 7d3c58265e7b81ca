package main

import (
	"regexp"
	"strings"

	"ccx/transform"
	"ccx/transform/finding"
)

// Whether a file that nobody named is Anyscale's is told by what it holds. A repository is full of YAML and JSON of
// other kinds, some with a key or two that compute configs have as well (cloud, region, applications), and a check that
// fails on a Helm chart is soon switched off. So a file counts if it is sound, or if it has a key that hardly anything
// else has: then its faults are worth telling.

// telltale finds a key that is Anyscale's own, outside comments.
var telltale = regexp.MustCompile(`(?m)^[^#\n]*\b(head_node|worker_nodes|head_node_type|worker_node_types|compute_config|job_config|advanced_instance_config|aws_advanced_configurations_json|advanced_configurations_json|resource_flavors|launch_templates)["']?\s*:`)

// topKey finds the keys at the start of a line.
var topKey = regexp.MustCompile(`(?m)^["']?([A-Za-z][A-Za-z_-]*)["']?\s*:`)

// nodeKeys are those whose misspelling is looked for, without what divides their words.
var nodeKeys = []string{"headnode", "workernodes", "headnodetype", "workernodetypes"}

// maxForeign is the size up to which a file without a telltale key is read as YAML: the largest public compute config
// has 30 kB.
const maxForeign = 256 << 10

// tooForeign says why a file need not be parsed; "" if it must be.
func tooForeign(text []byte) string {
	if len(text) > maxForeign && !telltale.Match(text) {
		return "it is large and has no key of a compute config"
	}
	return ""
}

// foreign says why a result is not judged; "" if it is.
func foreign(f checkFile, r transform.Result) string {
	if f.named || telltale.Match(f.text) || misspelt(f.text) {
		return ""
	}
	for _, found := range r.Findings {
		if found.Stops() && (strings.HasPrefix(string(found.Code), "config/") && found.Code != finding.ConfigNamed || r.Shape == "") {
			return found.Message
		}
	}
	return ""
}

// misspelt reports whether a key is one slip away from one that describes nodes.
func misspelt(text []byte) bool {
	for _, m := range topKey.FindAllSubmatch(text, -1) {
		key := strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(string(m[1])))
		for _, known := range nodeKeys {
			if finding.OneSlip(key, known) {
				return true
			}
		}
	}
	return false
}
