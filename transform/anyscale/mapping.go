package anyscale

import (
	"fmt"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// IAMMapping is what `anyscale cloud config get` prints: which instance profile a workload gets, by who starts it and
// what it is.
type IAMMapping struct {
	Resource Text // cloud_deployment_id: the cloud resource that it belongs to
	Provider Provider
	Rules    []MappingRule
	Fallback Text // fallback_rule: CLOUD_DEFAULT or FAIL; empty where there is no mapping
}

// MappingRule is one rule: the first whose selector fits gives its profile.
type MappingRule struct {
	Selector string
	Profile  Text // the instance profile's name
}

// UsesDefault reports whether a workload that fits no rule gets the cloud's default profile.
func (m IAMMapping) UsesDefault() bool { return m.Fallback.Value == fallbackDefault }

// The fallback rules.
const (
	fallbackDefault = "CLOUD_DEFAULT"
	fallbackFail    = "FAIL"
)

const mappingHint = "anyscale cloud config get -n CLOUD > FILE makes one"

// Mapping reads what `anyscale cloud config get` prints, YAML or JSON. Code: usage/cloud.
func Mapping(doc *document.Document) (IAMMapping, []finding.Finding) {
	p := &printout{}
	if len(doc.Roots) != 1 || !doc.Roots[0].IsMapping() || doc.Roots[0].Get("dataplane_iam_mapping") == nil {
		p.say(finding.Place{File: doc.Name}, "this is no printout of a cloud's IAM mapping", mappingHint)
		return IAMMapping{}, p.fs
	}
	root := doc.Roots[0]
	m := IAMMapping{Resource: p.text(root, "cloud_deployment_id"), Provider: Provider(strings.ToUpper(p.text(root, "cloud_provider").Value))}
	spec := root.Get("dataplane_iam_mapping")
	if spec.IsNull() || spec.IsMapping() && len(spec.Entries()) == 0 {
		return m, p.fs // none is set
	}
	if m.Provider != AWS && m.Provider != Unknown {
		p.say(root.Get("cloud_provider").Place(), fmt.Sprintf("this mapping is for %s, where nodes have no AWS instance profile", m.Provider.name()), "leave --mapping out")
		return m, p.fs
	}
	p.fallback(&m, spec)
	rules := spec.Get("rules")
	if rules != nil && !rules.IsNull() && !rules.IsSequence() {
		p.say(rules.Place(), "rules must be a list", mappingHint)
	}
	for _, item := range rules.Items() {
		p.rule(&m, item)
	}
	return m, p.fs
}

func (p *printout) fallback(m *IAMMapping, spec *document.Node) {
	m.Fallback = p.text(spec, "fallback_rule")
	switch m.Fallback.Value {
	case fallbackDefault, fallbackFail:
	case "":
		p.say(firstKey(spec), "the mapping has no fallback_rule", "take the printout again: it is CLOUD_DEFAULT or FAIL")
	default:
		p.say(m.Fallback.Place, fmt.Sprintf("fallback_rule is %q, which this version of ccx doesn't know", shorten(m.Fallback.Value)), "it knows CLOUD_DEFAULT and FAIL")
	}
}

func (p *printout) rule(m *IAMMapping, item *document.Node) {
	profile := p.text(item, "value")
	if profile.Value == "" {
		p.say(item.Place(), "a rule of the mapping has no value: it must name an instance profile", mappingHint)
		return
	}
	m.Rules = append(m.Rules, MappingRule{Selector: p.text(item, "selector").Value, Profile: profile})
}
