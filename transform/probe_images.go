package transform

import (
	"fmt"
	"strings"

	"ccx/transform/check"
	"ccx/transform/finding"
	"ccx/transform/live"
)

// images tries to log in to each registry and to pull each image, up to the download.
func (j *probing) images() {
	if len(j.opts.Subject.Images) == 0 {
		j.add(finding.Skip(finding.ProbeLogin, "pulling is not tried: no image is named; --image URI does"))
		return
	}
	asked := map[string]bool{}
	for _, image := range j.opts.Subject.Images {
		ref, private, ok := check.ParseImage(image.URI)
		switch {
		case !private || image.Secret:
			j.add(finding.Skip(finding.ProbePull, fmt.Sprintf("pulling is not tried: the image %s is not pulled from ECR with the role", image.URI)))
			continue
		case !ok:
			j.add(finding.Unsure(finding.ProbePull, finding.Unreadable, image.Given, "whether the caller can pull the image "+image.URI).
				WithDetails("it looks like an image of ECR, and is not written as one"))
			continue
		}
		if !asked[ref.Region] {
			asked[ref.Region] = true
			j.settle(finding.ProbeLogin, j.p.Login(j.ctx, ref.Region), "log in to ECR in "+ref.Region)
		}
		j.pull(image, ref)
	}
}

func (j *probing) pull(image check.Image, ref check.ECRImage) {
	tag, digest := tagOf(image.URI)
	can := "pull the image " + image.URI
	t := j.p.Pull(j.ctx, live.ProbeImage{Account: ref.Account, Region: ref.Region, Repository: ref.Repository, Tag: tag, Digest: digest})
	switch {
	case t.Outcome == live.Missing && t.Code == "RepositoryNotFoundException":
		j.add(finding.New(finding.ProbePull, image.Given, fmt.Sprintf("the caller can't %s: there is no repository %s in the registry of %s in %s", can, ref.Repository, ref.Account, ref.Region)).
			WithHint("aws ecr describe-repositories --registry-id " + ref.Account + " --region " + ref.Region + " shows what there is"))
	case t.Outcome == live.Missing:
		j.add(finding.New(finding.ProbePull, image.Given, fmt.Sprintf("the caller can't %s: the repository has no such image", can)).
			WithHint("aws ecr list-images --registry-id " + ref.Account + " --region " + ref.Region + " --repository-name " + ref.Repository + " shows what there is"))
	default:
		j.settle(finding.ProbePull, t, can)
	}
}

// tagOf takes the tag and the digest from an image's URI; a digest wins over a tag, as it does in a pull.
func tagOf(uri string) (tag, digest string) {
	uri, digest, _ = strings.Cut(uri, "@")
	if i := strings.LastIndexByte(uri, ':'); i > strings.LastIndexByte(uri, '/') {
		tag = uri[i+1:]
	}
	return tag, digest
}
