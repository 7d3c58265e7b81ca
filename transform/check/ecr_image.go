package check

import (
	"regexp"
	"strings"

	"ccx/transform/finding"
)

// Image is a container image that nodes pull.
type Image struct {
	URI    string
	Given  finding.Place // where it was written
	Secret bool          // it is pulled with a registry_login_secret, not with the role
}

// ECRImage is an image of a private ECR registry.
type ECRImage struct {
	Account, Region, Repository string // 12 digits, us-west-2, ml/train
	Partition                   string
}

// ARN returns the repository's ARN.
func (i ECRImage) ARN() string {
	return "arn:" + i.Partition + ":ecr:" + i.Region + ":" + i.Account + ":repository/" + i.Repository
}

// imageURI is ACCOUNT.dkr.ecr[-fips].REGION.amazonaws.com[.cn]/REPOSITORY, or amazonaws.eu[:TAG][@DIGEST], to the letter.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
var imageURI = regexp.MustCompile(`^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z]{2}(?:sc)?(?:-[a-z]+)+-\d{1,2})\.amazonaws\.(com|com\.cn|eu)/` +
	`((?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*/)*[a-z0-9]+(?:[._-]+[a-z0-9]+)*)(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`)

const (
	imageShape    = "111122223333.dkr.ecr.us-west-2.amazonaws.com/REPOSITORY:TAG"
	maxRepository = 256
)

// ParseImage reads an image's URI. private says that it names, or tries to name, a private ECR registry; ok that it does
// so to the letter.
func ParseImage(uri string) (image ECRImage, private, ok bool) {
	lower := strings.ToLower(uri)
	private = strings.Contains(lower, ".dkr.ecr") || strings.Contains(lower, ".dkr-ecr")
	m := imageURI.FindStringSubmatch(uri)
	if m == nil || len(m[4]) > maxRepository || strings.HasPrefix(m[2], "cn-") != (m[3] == "com.cn") ||
		strings.HasPrefix(m[2], "eusc-") != (m[3] == "eu") || odd(m[2]) && m[3] == "com" {
		return ECRImage{}, private, false
	}
	image = ECRImage{Account: m[1], Region: m[2], Repository: m[4], Partition: "aws"}
	switch {
	case m[3] == "com.cn":
		image.Partition = "aws-cn"
	case m[3] == "eu":
		image.Partition = "aws-eusc"
	case strings.HasPrefix(m[2], "us-gov-"):
		image.Partition = "aws-us-gov"
	}
	return image, true, true
}
