package policy

// body is a statement compiled.
type body struct {
	actions    []action
	resources  []resource
	principals []principal
	conditions []condition

	notAction, notResource, notPrincipal bool
	hasResource, hasPrincipal            bool
}
