package check

import (
	"fmt"

	"ccx/transform/account"
	"ccx/transform/finding"
)

// The limits of the services, in bytes.
// https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
const (
	maxKeyPolicy        = 32 << 10
	maxRepositoryPolicy = 10240
)

// bucketKey returns the ARN of the customer managed key that encrypts the bucket, or why there is none.
func (j *judge) bucketKey() (string, *finding.Finding) {
	stop := func(f finding.Finding) (string, *finding.Finding) { return "", &f }
	if j.bucket.State != account.Known {
		return stop(unread(finding.BucketExists, finding.Place{}, "how the bucket "+j.Bucket+" is encrypted", j.bucket.State, j.bucket.Unread))
	}
	b := j.bucket.Value
	e := b.Encryption
	switch {
	case e.State != account.Known && e.State != account.None:
		return stop(unread(finding.KMSUse, finding.Place{}, "how the bucket "+j.Bucket+" is encrypted", e.State, e.Unread))
	case e.State == account.None || e.Value.Algorithm == "AES256":
		return stop(finding.New(finding.KMSUse, finding.Place{}, fmt.Sprintf("the bucket %s uses no KMS key", j.Bucket)).WithHint("it needs no key policy"))
	case managed(e.Value.KeyID, b.Owner.Value):
		return stop(finding.New(finding.KMSUse, finding.Place{}, fmt.Sprintf("the bucket %s uses the AWS managed key aws/s3, whose policy can't be changed", j.Bucket)).
			WithHint("nodes of the same account may use it by themselves; others need a customer managed key"))
	}
	arn := e.Value.KeyARN(j.partition(), b.Region.Value, b.Owner.Value)
	if arn == "" {
		return stop(finding.Unsure(finding.KMSUse, finding.Unreadable, finding.Place{}, fmt.Sprintf("which key the bucket %s uses: it is named %q", j.Bucket, e.Value.KeyID)).
			WithHint("--statement-only prints the new statement alone"))
	}
	return arn, nil
}

// keyDocument adds the role to the policy of the bucket's key, since PutKeyPolicy replaces the whole.
func (j *judge) keyDocument() (string, []finding.Finding) {
	arn, bad := j.bucketKey()
	if bad != nil {
		return "", []finding.Finding{*bad}
	}
	return j.extended(arn, j.keyStatement(), putHere{finding.KMSUse, "the key's policy", "KMS", maxKeyPolicy})
}

// repositoryDocument adds the role to the policy of an image's repository, since SetRepositoryPolicy replaces the whole.
func (j *judge) repositoryDocument() (string, []finding.Finding) {
	ref, _, _ := ParseImage(j.Images[0].URI)
	if j.facts.Repository(ref.ARN()).State == account.None {
		return "", []finding.Finding{finding.New(finding.ECRPull, finding.Place{}, "there is no repository "+ref.Repository+" in the registry of "+ref.Account).WithHint("aws ecr describe-repositories shows what there is")}
	}
	return j.extended(ref.ARN(), j.pullStatement(), putHere{finding.ECRPull, "the repository's policy", "ECR", maxRepositoryPolicy})
}

// extended adds the statement to a resource's policy as it is; one that was not read would be lost.
func (j *judge) extended(arn string, add statement, here putHere) (string, []finding.Finding) {
	layer := j.facts.PolicyFact(arn)
	switch layer.State {
	case account.None:
		return pretty(document{"2012-10-17", []statement{add}}), nil
	case account.Known:
		return extend(j.facts.PolicyText(arn), []statement{add}, here)
	}
	return "", []finding.Finding{unread(here.code, finding.Place{}, "the policy that "+arn+" has now", layer.State, layer.Unread).
		WithHint("--statement-only prints the new statement alone")}
}

// OneRepository reports whether the subject names images of exactly one ECR repository.
func OneRepository(s Subject) bool {
	arn := ""
	for _, image := range s.Images {
		ref, _, ok := ParseImage(image.URI)
		if !ok || arn != "" && arn != ref.ARN() {
			return false
		}
		arn = ref.ARN()
	}
	return arn != ""
}

// elseStatements grant the role what it needs beside the bucket, as far as it is known: its key, the images, --require.
func (j *judge) elseStatements() []statement {
	var out []statement
	if arn, bad := j.bucketKey(); bad == nil {
		out = append(out, j.keyIdentity(arn))
	}
	pull := statement{Sid: "PullTheImage", Effect: "Allow"}
	for _, image := range j.Images {
		if ref, _, ok := ParseImage(image.URI); ok && !image.Secret {
			one := j.pullIdentity(ref)
			pull.Action = append([]string{layersAction}, one.Action...) // or a note would say that it is not there
			pull.Resource = append(pull.Resource, one.Resource...)
		}
	}
	if len(pull.Resource) > 0 {
		out = append(out, j.loginStatement(), pull)
	}
	for i, r := range j.Requires {
		s := j.requireStatement(r)
		if i > 0 {
			s.Sid = fmt.Sprintf("%s%d", s.Sid, i+1) // a Sid stands once in a policy
		}
		out = append(out, s)
	}
	return out
}
