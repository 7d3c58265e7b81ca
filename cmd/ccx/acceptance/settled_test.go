//go:build acceptance

package acceptance

import "fmt"

// settled describes what the two accounts hold. Each role has a profile of its own name, and is named for what is
// special about it.
func settled() *world {
	w := &world{owners: map[string]string{}}
	ourRoles(w)
	ourControlPlanes(w)
	ourBuckets(w)
	w.bucket(theirs, "lake-open", allowRole("cross", "lake-open"))
	w.bucket(theirs, "lake-closed")
	w.bucket(theirs, "lake-greeting", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
		"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::lake-greeting"}`)
	w.roleOnly(theirs, "ccx-reader", "ec2.amazonaws.com", nil)
	return w
}

func ourRoles(w *world) {
	const ec2 = "ec2.amazonaws.com"
	everything := `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`

	// Inline, customer-managed and bucket policy must be read together: each grants a part.
	w.role(ours, "ml-train", ec2)
	w.inline(ours, "ml-train", `{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-anyscale"}`)
	w.attach(ours, "ml-train", w.customer(ours, "objects",
		`{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::acme-anyscale/*"}`))

	w.role(ours, "minimum", ec2) // the least that Anyscale's documentation asks for
	w.inline(ours, "minimum",
		`{"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::acme-anyscale"]}`,
		`{"Effect": "Allow", "Action": "s3:*Object", "Resource": ["arn:aws:s3:::acme-anyscale/*"]}`)

	w.role(ours, "by-bucket", ec2) // as Anyscale's own set-up does it: the bucket policy grants all
	w.attach(ours, "by-bucket", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly")

	w.role(ours, "aws-managed", ec2)
	w.attach(ours, "aws-managed", "arn:aws:iam::aws:policy/AmazonS3FullAccess")

	w.role(ours, "no-grant", ec2)

	w.role(ours, "conditional", ec2)
	w.inline(ours, "conditional", `{"Effect": "Allow", "Action": "s3:*", "Resource": "*",
		"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`)

	w.role(ours, "lambda-only", "lambda.amazonaws.com")
	w.inline(ours, "lambda-only", everything)

	w.role(ours, "cross", ec2)
	w.inline(ours, "cross", everything)

	w.roleOnly(ours, "bounded", ec2, map[string]any{
		"PermissionsBoundary": w.customer(ours, "no-s3", `{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`),
	})
	w.do(ours, "iam", "create_instance_profile", map[string]any{"InstanceProfileName": "bounded"})
	w.do(ours, "iam", "add_role_to_instance_profile", map[string]any{"InstanceProfileName": "bounded", "RoleName": "bounded"})
	w.inline(ours, "bounded", everything)

	w.roleOnly(ours, "profileless", ec2, nil)
	w.do(ours, "iam", "create_instance_profile", map[string]any{"InstanceProfileName": "roleless"})
}

func ourControlPlanes(w *world) {
	const anyscale = "ec2.amazonaws.com" // who may assume it is not looked at
	w.roleOnly(ours, "plane-wide", anyscale, nil)
	w.inline(ours, "plane-wide",
		`{"Effect": "Allow", "Action": ["iam:PassRole", "iam:GetInstanceProfile"], "Resource": "*"}`)
	w.roleOnly(ours, "plane-narrow", anyscale, nil)
	w.inline(ours, "plane-narrow", `{"Effect": "Allow", "Action": ["iam:PassRole", "iam:GetInstanceProfile"],
		"Resource": ["arn:aws:iam::111122223333:role/default", "arn:aws:iam::111122223333:instance-profile/*"]}`)
}

func ourBuckets(w *world) {
	overTLS := `{"Sid": "OverTLS", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
		"Resource": ["arn:aws:s3:::acme-anyscale", "arn:aws:s3:::acme-anyscale/*"],
		"Condition": {"Bool": {"aws:SecureTransport": "false"}}}`
	w.bucket(ours, "acme-anyscale", overTLS, allowRole("by-bucket", "acme-anyscale"),
		`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ml-train"},
		"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::acme-anyscale/*"}`)
	w.bucket(ours, "acme-fenced", `{"Sid": "FenceModels", "Effect": "Deny", "Principal": "*",
		"Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-fenced/models/*"}`)
	w.bucket(ours, "acme-kms")
	w.bucket(ours, "acme-kms-aws")
	w.encrypt(ours, "acme-kms-aws", map[string]any{"SSEAlgorithm": "aws:kms"})
	ourImages(w)
	w.encrypt(ours, "acme-kms", map[string]any{
		"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:us-west-2:111122223333:key/0123",
	})
}

// ourImages makes a repository whose policy lets a role pull, and one without a policy.
func ourImages(w *world) {
	w.do(ours, "ecr", "create_repository", map[string]any{"repositoryName": "plain"})
	w.do(ours, "ecr", "create_repository", map[string]any{"repositoryName": "granting"})
	w.do(ours, "ecr", "set_repository_policy", map[string]any{"repositoryName": "granting", "policyText": policy(fmt.Sprintf(`{"Effect": "Allow",
		"Principal": {"AWS": "arn:aws:iam::%s:role/cross"}, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]}`, ours))})
}

// imageOf is an image in our registry.
func imageOf(repository string) string {
	return ours + ".dkr.ecr.us-west-2.amazonaws.com/" + repository + ":v1"
}

// allowRole is what Anyscale's own set-up puts into a bucket policy for a role of our account.
func allowRole(role, bucket string) string {
	return fmt.Sprintf(`{"Sid": "allow-role-access", "Effect": "Allow",
		"Principal": {"AWS": "arn:aws:iam::%s:role/%s"},
		"Action": ["s3:PutObject", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket"],
		"Resource": ["arn:aws:s3:::%[3]s/*", "arn:aws:s3:::%[3]s"]}`, ours, role, bucket)
}
