package transform

import (
	"fmt"
	"slices"

	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// readImages takes the images of --image. One that looks like an image of ECR must be written like one.
func (a Aim) readImages(s *check.Subject) *finding.Finding {
	for _, uri := range a.Images {
		if _, private, ok := check.ParseImage(uri); uri == "" || private && !ok {
			return badFlag("--image", uri, fmt.Sprintf("%q is no image of an ECR registry", uri), "--image 111122223333.dkr.ecr.us-west-2.amazonaws.com/REPOSITORY:TAG")
		}
		s.Images = append(s.Images, check.Image{URI: uri, Given: check.Argument("--image", uri)})
	}
	return nil
}

// readRequires takes what --require names.
func (a Aim) readRequires(s *check.Subject) *finding.Finding {
	for _, value := range a.Requires {
		r, fault := check.ParseRequire(value)
		r.Given = check.Argument("--require", value)
		if fault != nil {
			at := r.Given
			at.Column, at.Offset, at.Length = at.Column+fault.Start, at.Offset+fault.Start, fault.End-fault.Start
			f := finding.New(finding.UsageFlag, at, fault.Message).WithHint(fault.Hint)
			return &f
		}
		s.Requires = append(s.Requires, r)
	}
	return nil
}

// withImages adds the images that a carrier names for its config: its nodes will pull them.
func withImages(images []check.Image, c anyscale.Config) []check.Image {
	images = slices.Clone(images)
	for _, image := range c.Images {
		images = append(images, check.Image{URI: image.Value, Given: image.Place, Secret: c.Secret.Value != ""})
	}
	return images
}
