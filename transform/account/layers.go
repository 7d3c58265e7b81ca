package account

import "ccx/transform/policy"

// Layers returns every policy that has a say when a role acts on a resource.
func (f *Facts) Layers(roleARN, resourceARN string) policy.Layers {
	return policy.Layers{}
}
