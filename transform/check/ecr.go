package check

import (
	"fmt"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// pullActions are what a pull calls: exactly those of AmazonEC2ContainerRegistryPullOnly.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html
var pullActions = []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}

const (
	loginAction  = "ecr:GetAuthorizationToken"
	layersAction = "ecr:BatchCheckLayerAvailability" // in Anyscale's documentation; a plain pull does without
)

// checkImages: nodes can pull the images that come from a private ECR registry with their role.
func (j *judge) checkImages() {
	if len(j.Images) == 0 {
		j.skip(finding.ECRLogin, "no image is named")
		j.skip(finding.ECRPull, "no image is named")
		return
	}
	seen := map[string]bool{}
	for _, image := range j.Images {
		if !seen[image.URI] {
			seen[image.URI] = true
			j.checkImage(image, seen)
		}
	}
}

func (j *judge) checkImage(image Image, seen map[string]bool) {
	ref, private, ok := ParseImage(image.URI)
	switch {
	case !private:
		j.skip(finding.ECRPull, "the image %s is in another registry than ECR", image.URI)
	case image.Secret:
		j.skip(finding.ECRPull, "the image %s is pulled with registry_login_secret, not with the role", image.URI)
	case !ok:
		j.add(finding.Unsure(finding.ECRPull, finding.Unreadable, image.Given, "whether nodes can pull the image "+image.URI).
			WithDetails("it looks like an image of ECR, and is not written as one").WithHint("write it as " + imageShape))
	case j.target.RoleARN == "":
		j.skip(finding.ECRPull, "the role is not known")
	default:
		login := answer{}
		if !seen[ref.Region] {
			seen[ref.Region] = true
			login = j.checkLogin(ref, image)
		}
		j.checkPull(ref, image, login.decision.Verdict.Denied())
	}
}

// checkLogin: the token is for all registries, so that only the role's own policies can allow it.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
func (j *judge) checkLogin(ref ECRImage, image Image) answer {
	a := access{
		code: finding.ECRLogin, does: "log in to ECR in " + ref.Region, actions: []string{loginAction}, resource: "*", owner: j.roleAccount(), at: j.imagePlace(image),
		rows: func(string) []contextRow { return regionRows(ref.Region, "") }, layers: j.layersOf("*"), whose: "the registry's policy", admin: "the registry's administrator",
	}
	got := j.decide(a, a.layers)
	j.add(j.settle(a, got, grants(j.loginStatement(), statement{}, "anyscale-ecr-login", place{})))
	return got
}

func (j *judge) loginStatement() statement {
	return statement{Sid: "LogInToECR", Effect: "Allow", Action: []string{loginAction}, Resource: []string{"*"}}
}

// imagePlace is where the image is written, or where the profile takes effect.
func (j *judge) imagePlace(image Image) finding.Place {
	if image.Given.File != "" {
		return image.Given
	}
	return j.At
}

// checkPull: the layers and the manifest, by the role's policies and the repository's; across accounts both must allow.
func (j *judge) checkPull(ref ECRImage, image Image, loginDenied bool) {
	arn, at := ref.ARN(), j.imagePlace(image)
	if j.facts.Repository(arn).State == account.None {
		j.add(finding.New(finding.ECRPull, at, fmt.Sprintf("there is no repository %s in the registry of %s in %s", ref.Repository, ref.Account, ref.Region)).
			WithDetails("a repository that a pull through cache rule would make on the first pull is not there before it").
			WithHint("aws ecr describe-repositories --registry-id " + ref.Account + " --region " + ref.Region + " shows what there is"))
		return
	}
	a := j.pullAccess(ref, image.URI, at)
	got := j.decide(a, a.layers)
	remedies := grants(j.pullIdentity(ref), j.pullStatement(), "anyscale-image", place{arn, "the policy of the repository " + ref.Repository, "ECR", maxRepositoryPolicy})
	if loginDenied && len(remedies) > 1 {
		remedies[0], remedies[1] = remedies[1], remedies[0] // the role's own policy has to change anyway
	}
	j.add(j.settle(a, got, remedies))
	if got.decision.Verdict == policy.Allowed {
		j.noteLayers(a)
	}
}

func (j *judge) pullAccess(ref ECRImage, uri string, at finding.Place) access {
	return access{
		code: finding.ECRPull, does: "pull the image " + uri, actions: pullActions, resource: ref.ARN(), owner: ref.Account, at: at,
		rows: func(string) []contextRow { return regionRows(ref.Region, ref.Account) }, layers: j.layersOf(ref.ARN()),
		whose: "the repository's policy", admin: "the repository's owner",
	}
}

// noteLayers notes where ecr:BatchCheckLayerAvailability, which a plain pull does not call, is denied: some tools do.
func (j *judge) noteLayers(a access) {
	a.actions = []string{layersAction}
	if got := j.decide(a, a.layers); got.decision.Verdict != policy.Allowed {
		j.add(finding.New(finding.ECRPull, a.at, "nodes may not call "+layersAction+" on "+a.resource).AtLevel(finding.Note).
			WithDetails("a pull does not need it; Anyscale's documentation lists it beside what a pull needs"))
	}
}

// regionRows is what holds for a call in a region on a thing of an account ("": not known).
func regionRows(region, owner string) []contextRow {
	var rows []contextRow
	if region != "" {
		rows = append(rows, contextRow{"aws:RequestedRegion", policy.ExactValue(region)})
	}
	if owner != "" {
		rows = append(rows, contextRow{"aws:ResourceAccount", policy.ExactValue(owner)})
	}
	return rows
}

// pullStatement has the twelve actions of Anyscale's documentation (Accessing Amazon ECR). A repository's policy knows no
// Resource: it is the repository.
func (j *judge) pullStatement() statement {
	return statement{Sid: "AllowPull", Effect: "Allow", Principal: j.principal(), whole: true, Action: []string{
		layersAction, "ecr:BatchGetImage", "ecr:DescribeImageScanFindings", "ecr:DescribeImages", "ecr:DescribeRepositories",
		loginAction, "ecr:GetDownloadUrlForLayer", "ecr:GetLifecyclePolicy", "ecr:GetLifecyclePolicyPreview", "ecr:GetRepositoryPolicy",
		"ecr:ListImages", "ecr:ListTagsForResource",
	}}
}

func (j *judge) pullIdentity(ref ECRImage) statement {
	return statement{Sid: "PullTheImage", Effect: "Allow", Action: pullActions, Resource: []string{ref.ARN()}}
}
