package transform

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// withImages adds the images that a carrier names for its config: its nodes will pull them. Of a containerfile these are
// the images that it builds on.
func (j *job) withImages(images []check.Image, c anyscale.Config) []check.Image {
	images = slices.Clone(images)
	secret := c.Secret.Value != ""
	for _, image := range c.Images {
		images = append(images, check.Image{URI: image.Value, Given: image.Place, Secret: secret})
	}
	if c.Recipe.Value == "" {
		return images
	}
	skip := func(what, why string) {
		j.addNew([]finding.Finding{finding.Skip(finding.ECRPull, fmt.Sprintf("%s is not checked: %s", what, why))})
	}
	whole := "what " + cut(c.Recipe.Value) + " builds on"
	switch {
	case j.unrendered(c.Recipe):
		skip(whole, "the template leaves its path open")
		return images
	case j.opts.Beside == nil:
		skip(whole, "the file is not at hand")
		return images
	}
	name, text, err := j.opts.Beside(j.Name, c.Recipe.Value)
	if err != nil {
		skip(whole, err.Error())
		return images
	}
	for _, base := range readRecipe(name, string(text)) {
		if strings.ContainsAny(base.Value, "$\\`") {
			skip(fmt.Sprintf("the image %s (%s:%d)", cut(base.Value), name, base.Place.Line), "an ARG, or the next line, may put another in its place")
			continue
		}
		images = append(images, check.Image{URI: base.Value, Given: base.Place, Secret: secret})
	}
	return images
}
