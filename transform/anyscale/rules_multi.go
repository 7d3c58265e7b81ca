package anyscale

import (
	"fmt"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// multiRules applies what the client checks across the configs of a multi-resource config.
func (r *reader) multiRules(n *document.Node) {
	resources := map[string]*document.Node{}
	var cloud *document.Node
	for _, item := range n.Get("configs").Items() {
		at := item.Get("cloud_resource")
		name, named := at.Text()
		if at == nil {
			at = item
		}
		key := fmt.Sprint(named, name) // for the client an empty name is another one than none
		if first, taken := resources[key]; taken {
			r.fs = append(r.fs, finding.New(finding.ConfigSchema, at.Place(), sameResource(name)).
				WithDetails(fmt.Sprintf("the other one is on line %d", first.Place().Line)).WithHint("give each of configs a cloud_resource of its own"))
		} else {
			resources[key] = at
		}
		own := item.Get("cloud")
		switch text, _ := own.Text(); {
		case text == "":
		case cloud == nil:
			cloud = own
		case text != cloud.Value():
			r.fs = append(r.fs, finding.New(finding.ConfigSchema, own.Place(), "cloud must be the same in all of configs").
				WithDetails(fmt.Sprintf("another one is on line %d", cloud.Place().Line)).WithHint("write it once, beside configs"))
		}
	}
}

func sameResource(name string) string {
	if name == "" {
		return "two of configs name no cloud_resource, so both would use the primary one"
	}
	return fmt.Sprintf("two of configs have the cloud_resource %q", shorten(name))
}
