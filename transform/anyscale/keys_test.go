package anyscale

import (
	"strings"
	"testing"

	"ccx/transform/document"
	"ccx/transform/finding"
)

func TestKeysThatCantBeSent(t *testing.T) {
	const fresh, legacy = "cloud: c\nhead_node: {instance_type: a}\n", "cloud: c\nhead_node_type: {name: h}\nworker_node_types: []\n"
	tests := []struct {
		name, text string
		mark       string // what the finding underlines; "" when there is none
	}{
		{"a bool on top of a legacy config", legacy + "yes: 30\n", "yes"},
		{"a number on top of a legacy config", legacy + "1: [2]\n", "1"},
		{"the same in quotes", legacy + "'yes': 30\n", ""},
		{"a bool in a legacy block", legacy + "aws: {EbsOptimized: {yes: 1}}\n", ""},
		{"a date in a legacy block", legacy + "aws: {EbsOptimized: {2024-01-01: 1}}\n", "2024-01-01"},
		{"a date in a new block", fresh + "advanced_instance_config: {EbsOptimized: {2024-01-01: 1}}\n", "2024-01-01"},
		{"a bool among the flags", fresh + "flags: {yes: no}\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, fs := document.Parse("in.yaml", []byte(tt.text))
			if doc == nil {
				t.Fatal(fs)
			}
			_, found := Read(doc, Options{})
			got := ""
			for _, f := range found {
				if f.Code == finding.ConfigSchema && strings.HasPrefix(f.Hint, "put quotes around it") {
					got = strings.TrimRight(tt.text[f.Place.Offset:f.Place.Offset+f.Place.Length], ":")
				}
			}
			if got != tt.mark {
				t.Errorf("marked %q, want %q: %+v", got, tt.mark, found)
			}
		})
	}
}
