package policy

import "ccx/transform/policy/glob"

type body struct{}

func arnPart(arn string, i int) string { return "" }

// Parse reads one policy document.
func Parse(text []byte) *Policy { return &Policy{} }

// Decide decides one request on one resource.
func Decide(r Request, l Layers) Decision { return Decision{} }

// Prove decides the request for every resource ARN that matches within.
func Prove(r Request, within glob.Pattern, l Layers) Decision { return Decision{} }
