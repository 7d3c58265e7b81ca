package main

import (
	"github.com/aymanbagabas/go-udiff"

	"ccx/transform"
)

// unifiedDiff shows the splices that made the output, and nothing else: no second guess by comparing texts. The two
// header lines are there even without a change, since a client that is fed an empty stream takes it for a config.
func unifiedDiff(r transform.Result) []byte {
	var edits []udiff.Edit
	for _, e := range r.Edits {
		edits = append(edits, udiff.Edit{Start: e.Offset, End: e.Offset + e.Delete, New: e.Insert})
	}
	text, err := udiff.ToUnified(r.Name, r.Name, string(r.Input), edits, 3)
	if err != nil {
		panic("the splices of an output do not fit its input: " + err.Error())
	}
	if text == "" {
		text = "--- " + r.Name + "\n+++ " + r.Name + "\n"
	}
	return []byte(text)
}
