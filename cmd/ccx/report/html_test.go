package report

import (
	"encoding/json"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"ccx/transform/finding"
)

// pageShape is the whole page, with what may differ between two runs taken out.
var pageShape = regexp.MustCompile(`(?s)^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
	`<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n<meta name="viewport"[^>]*>\n<meta name="referrer" content="no-referrer">\n<meta name="color-scheme"[^>]*>\n` +
	`<title>([^<]*)</title>\n<style>(.*)</style>\n</head>\n<body>\n<noscript><p>([^<]*)</p><p>[^<]*</p></noscript>\n` +
	`<script type="application/json" id="data">\n([^<>&]*)</script>\n<script>(.*)</script>\n</body>\n</html>\n$`)

// safeHTML: the page has its own elements and no others, its policy names its own style and script, and the data is
// inert JSON that can't end its element.
func safeHTML(t *testing.T, text string) {
	t.Helper()
	m := pageShape.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("the page has another shape:\n%.2000s", text)
	}
	policy, title, style, noscript, data, script := m[1], m[2], m[3], m[4], m[5], m[6]
	if style != pageStyle || script != pageScript {
		t.Error("the style or the script is not ccx's own")
	}
	want := "default-src 'none'; script-src '" + hashOf(pageScript) + "'; style-src '" + hashOf(pageStyle) + "'; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("policy %q", policy)
	}
	inert(t, html.UnescapeString(title), false)
	inert(t, html.UnescapeString(noscript), false)
	safeJSON(t, data)
}

func TestPageIsWhole(t *testing.T) {
	safeHTML(t, render(t, "html", sample()))
	safeHTML(t, render(t, "html", Run{Verb: "check", Exit: 2}))
}

func TestPageHoldsTheJSONReport(t *testing.T) {
	m := pageShape.FindStringSubmatch(render(t, "html", sample()))
	var inside struct{ Report, Checks json.RawMessage }
	if err := json.Unmarshal([]byte(m[5]), &inside); err != nil {
		t.Fatal(err)
	}
	var got, want any
	json.Unmarshal(inside.Report, &got)
	json.Unmarshal([]byte(render(t, "json", sample())), &want)
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Error("the page's data differs from the JSON report")
	}
	var checks []pageCode
	json.Unmarshal(inside.Checks, &checks)
	for _, c := range checks {
		if c.Code == "" || c.Summary == "" || c.Help == "" {
			t.Errorf("column %+v", c)
		}
	}
	if len(checks) != 8 {
		t.Errorf("%d columns", len(checks))
	}
}

// TestScriptNeverReadsTextAsMarkup: none of the ways in which a browser turns text into elements, code or requests.
func TestScriptNeverReadsTextAsMarkup(t *testing.T) {
	for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "createContextualFragment", "srcdoc", "setHTML",
		"eval(", "Function(", "setTimeout(", "fetch(", "XMLHttpRequest", "WebSocket", "import(", "sendBeacon", ".src", ".href", "localStorage", "document.cookie", "</"} {
		if strings.Contains(pageScript, word) {
			t.Errorf("page.js has %s", word)
		}
	}
	for _, word := range []string{"url(", "@import", "expression(", "</"} {
		if strings.Contains(pageStyle, word) {
			t.Errorf("page.css has %s", word)
		}
	}
	if strings.Contains(pageScript+pageStyle, "http") && !strings.Contains(pageScript, "http://www.w3.org/2000/svg") {
		t.Error("an address")
	}
}

// TestContrast holds every pair of colours that the page sets text in to WCAG 2.2, 1.4.3: at least 4.5 to 1; and the
// focus ring and the drawing's lines to 1.4.11: at least 3 to 1.
func TestContrast(t *testing.T) {
	blocks := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(pageStyle, -1)
	if len(blocks) != 3 {
		t.Fatalf("%d sets of colours, want light, dark and print", len(blocks))
	}
	for i, block := range blocks {
		colors := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(block[1], -1) {
			colors[m[1]] = m[2]
		}
		check := func(front, back string, least float64) {
			if colors[front] == "" || colors[back] == "" {
				t.Errorf("set %d has no %s or %s", i, front, back)
				return
			}
			if got := contrast(colors[front], colors[back]); got < least {
				t.Errorf("set %d: %s on %s has contrast %.2f, want %.1f", i, front, back, got, least)
			}
		}
		for _, front := range []string{"ink", "soft", "link", "pass", "fail", "unknown"} {
			check(front, "paper", 4.5)
			check(front, "sheet", 4.5)
		}
		for _, status := range []string{"pass", "fail", "unknown", "warning", "skipped"} {
			check(status, status+"-back", 4.5)
		}
		if i < 2 {
			check("focus", "paper", 3)
		}
	}
}

// contrast is the ratio of two colours' relative luminances (WCAG 2.2).
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func TestContrastNotices(t *testing.T) {
	if got := contrast("#000000", "#ffffff"); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white: %.2f", got)
	}
	if got := contrast("#777777", "#ffffff"); got >= 4.5 || got < 4.4 {
		t.Errorf("#777 on white is the well-known near miss: %.2f", got)
	}
}

// TestPageOfTenThousand: a page for a large fleet stays within what a browser opens at once.
func TestPageOfTenThousand(t *testing.T) {
	r := Run{Verb: "check", Began: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i := range 10_000 {
		o := Outcome{Name: "configs/" + strconv.Itoa(i) + ".yaml", Profile: "ml-train"}
		for _, code := range []finding.Code{finding.ProfileExists, finding.ProfileRole, finding.RoleTrust, finding.S3List, finding.S3Read, finding.S3Write, finding.S3Delete} {
			o.Findings = append(o.Findings, finding.Passed(code, "nodes can do this in s3://acme-anyscale"))
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	if n := len(render(t, "html", r)); n > 20<<20 {
		t.Errorf("%d bytes", n)
	}
}
