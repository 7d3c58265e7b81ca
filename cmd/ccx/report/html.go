package report

import (
	"crypto/sha256"
	_ "embed" // the page's style and script
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"

	"ccx/transform/finding"
)

// htmlFormat is one page that needs nothing else: a matrix of configs and checks, and for each config the path from its
// profile to its bucket. The data is the JSON report with a few words on each check; the page's own script draws it.
//
// A policy in the page lets nothing in but this very style and script, by their hashes: no network, no other script.
// The script makes text nodes only, never markup, so that what a config or AWS says stays text.
type htmlFormat struct{}

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// page is what the script gets.
type page struct {
	Report jsonRun    `json:"report"`
	Checks []pageCode `json:"checks"`
	Status string     `json:"status"`
	Title  string     `json:"title"`
}

// pageCode is a column of the matrix.
type pageCode struct {
	Code    string `json:"code"`
	Summary string `json:"summary"`
	Help    string `json:"help"`
}

// WriteRun implements Format.
func (htmlFormat) WriteRun(w io.Writer, r Run) error {
	status, words := headline(r)
	p := page{Report: jsonRunOf(r), Checks: columns(r), Status: status, Title: words}
	data, err := json.Marshal(p) // <, > and & become escapes, so the data can't end its element
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>%s</style>
</head>
<body>
<noscript><p>%s</p><p>The rest of this page is drawn by its own script. The same data is in this file as JSON, and in ccx --report text.</p></noscript>
<script type="application/json" id="data">
%s
</script>
<script>%s</script>
</body>
</html>
`, hashOf(pageScript), hashOf(pageStyle), html.EscapeString("ccx: "+p.Title), pageStyle, html.EscapeString(printable(r.Summary)), data, pageScript)
	return err
}

// hashOf is a source expression of a Content Security Policy (CSP Level 3, section 2.3.1).
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// columns lists the checks that the run made, as the table of codes does.
func columns(r Run) []pageCode {
	made := map[finding.Code]bool{}
	for _, o := range r.Outcomes {
		for _, f := range o.Findings {
			made[f.Code] = true
		}
	}
	out := []pageCode{}
	for _, row := range finding.Table() {
		if made[row.Code] {
			out = append(out, pageCode{string(row.Code), row.Summary, row.Help})
		}
	}
	return out
}
