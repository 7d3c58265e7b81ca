package anyscale

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// stricter are the codes by which ccx refuses what the client takes, as it means to: the client passes an instance
// config on unread, drops keys without a word, and knows no placeholders.
var stricter = map[finding.Code]bool{
	finding.ConfigNamed: true, finding.ConfigField: true, finding.ConfigDropped: true, finding.ConfigConflict: true,
	finding.ConfigProvider: true, finding.ConfigPlaceholder: true, finding.ConfigShape: true,
}

// TestClientVerdicts reads documents that were given to the published client, anyscale 0.26.112: what it refuses has an
// error here, and what it accepts has none but those that are meant. The verdicts were recorded from the client's own
// models for each command; the documents are made up.
func TestClientVerdicts(t *testing.T) {
	file, err := os.Open("testdata/client/verdicts.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	counts := map[bool]int{}
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		var v struct {
			Command string
			Accepts bool
			Text    string
		}
		if err := json.Unmarshal(scanner.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		counts[v.Accepts]++
		doc, fs := document.Parse("x.yaml", []byte(v.Text))
		if doc != nil {
			_, more := Read(doc, Options{})
			fs = append(fs, more...)
		}
		refused, meant := false, false
		for _, f := range fs {
			if f.Level == finding.Error && stricter[f.Code] {
				meant = true
			} else if f.Level == finding.Error {
				refused = true
			}
		}
		if v.Accepts && refused {
			t.Errorf("%s: the client takes it, ccx says\n%s\n%s", v.Command, said(fs), v.Text)
		}
		if !v.Accepts && !refused && !meant {
			t.Errorf("%s: the client refuses it, ccx doesn't\n%s", v.Command, v.Text)
		}
	}
	if scanner.Err() != nil || counts[true] < 150 || counts[false] < 500 {
		t.Error("too few verdicts:", counts, scanner.Err())
	}
}
