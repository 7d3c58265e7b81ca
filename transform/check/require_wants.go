package check

import (
	"strings"

	"ccx/transform/account"
)

// wantElse adds the facts that images and --require need beyond the role's own.
func (s Subject) wantElse(w *account.Wants) {
	for _, image := range s.Images {
		if ref, _, ok := ParseImage(image.URI); ok && !image.Secret {
			w.Repositories = append(w.Repositories, ref.ARN())
		}
	}
	for _, r := range s.Requires {
		wantResource(w, r.ARN, s.Region)
	}
}

// wantResource adds what has a say on a resource besides the policies of the role that acts on it.
func wantResource(w *account.Wants, arn, region string) {
	parts := arnParts(arn)
	switch parts[2] {
	case "s3":
		if name, _, _ := strings.Cut(parts[5], "/"); parts[4] == "" && !strings.ContainsAny(name, "*?") {
			w.Buckets = append(w.Buckets, account.BucketWant{Name: name, Region: region})
		}
	case "kms":
		if _, _, _, ok := account.SplitKey(arn); ok {
			w.Keys = append(w.Keys, arn)
		}
	case "ecr":
		if _, _, _, ok := account.SplitRepository(arn); ok {
			w.Repositories = append(w.Repositories, arn)
		}
	case "iam":
		if _, _, ok := account.SplitRole(arn); ok {
			w.Roles = append(w.Roles, arn)
		}
	}
}
