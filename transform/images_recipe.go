package transform

import (
	"regexp"
	"strings"

	"ccx/transform/anyscale"
	"ccx/transform/finding"
)

// readRecipe lists the images that a containerfile builds on: each FROM that names no earlier stage. A value that holds a
// variable, or goes on in the next line, is listed as it is written.
// https://docs.docker.com/reference/dockerfile/#from
func readRecipe(name, text string) []anyscale.Text {
	r := recipe{escape: '\\', heading: true, stages: map[string]bool{"scratch": true}}
	offset := 0
	for n, line := range strings.SplitAfter(text, "\n") {
		bare := strings.TrimRight(line, "\r\n")
		if image := r.line(bare); image != "" {
			at := strings.Index(bare, image)
			place := finding.Place{File: name, Line: n + 1, Column: len([]rune(bare[:at])) + 1, Offset: offset + at, Length: len(image), Text: bare}
			r.bases = append(r.bases, anyscale.Text{Value: image, Place: place})
		}
		offset += len(line)
	}
	return r.bases
}

// recipe is what has been read of a containerfile.
type recipe struct {
	bases     []anyscale.Text
	stages    map[string]bool // names of stages, which fold case
	escape    byte            // what continues a line
	heading   bool            // directives may still come
	continued bool            // the line before goes on in this one
	until     string          // ends a here-document; "" outside of one
}

// hereDocument is the beginning of a text that lines of a RUN or COPY hold.
var hereDocument = regexp.MustCompile(`<<-?["']?([A-Za-z_][A-Za-z0-9_]*)["']?`)

// line reads a line and returns the image of its FROM, if that names no stage.
func (r *recipe) line(bare string) (image string) {
	trimmed := strings.TrimSpace(bare)
	if r.until != "" {
		if trimmed == r.until {
			r.until = ""
		}
		return ""
	}
	if strings.HasPrefix(trimmed, "#") {
		if r.heading && strings.EqualFold(strings.ReplaceAll(trimmed, " ", ""), "#escape=`") {
			r.escape = '`'
		}
		return ""
	}
	r.heading = false
	if words := strings.Fields(bare); !r.continued && len(words) > 1 && strings.EqualFold(words[0], "FROM") {
		image = r.from(words[1:])
	} else if m := hereDocument.FindStringSubmatch(trimmed); m != nil {
		r.until = m[1]
	}
	if trimmed != "" || !r.continued { // an empty line ends no continuation
		r.continued = strings.HasSuffix(trimmed, string(r.escape))
	}
	return image
}

// from reads what follows FROM: [--platform=P] IMAGE [AS STAGE].
func (r *recipe) from(words []string) (image string) {
	for len(words) > 1 && strings.HasPrefix(words[0], "--") {
		words = words[1:]
	}
	if image = words[0]; r.stages[strings.ToLower(image)] {
		image = ""
	}
	if len(words) > 2 && strings.EqualFold(words[1], "AS") {
		r.stages[strings.ToLower(words[2])] = true
	}
	return image
}
