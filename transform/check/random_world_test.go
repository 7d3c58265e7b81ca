package check

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// quotedList writes a random part of a list as JSON.
func quotedList(r *rand.Rand, words ...string) string {
	var out []string
	for _, w := range words {
		if r.IntN(2) == 0 {
			out = append(out, `"`+w+`"`)
		}
	}
	if len(out) == 0 {
		out = []string{`"` + words[0] + `"`}
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func one(r *rand.Rand, words ...string) string { return words[r.IntN(len(words))] }

// s3Statement is a statement on a bucket; with a principal for the bucket's own policy.
func s3Statement(r *rand.Rand, effect, principal, bucket string) string {
	actions := quotedList(r, "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:GetBucketLocation", "s3:*Object", "s3:Get*")
	resources := quotedList(r, bucket, bucket+"/*", bucket+"/org/*", bucket+"/org", bucket+"-2/*")
	condition := one(r, "", "", "", `, "Condition": {"Bool": {"aws:SecureTransport": "`+one(r, "true", "false")+`"}}`, `, "Condition": {"StringEquals": {"aws:PrincipalAccount": "`+home+`"}}`,
		`, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "vision"}}`)
	if principal != "" {
		principal = `"Principal": ` + principal + `, `
	}
	return fmt.Sprintf(`{"Sid": "S%d", "Effect": %q, %s"Action": %s, "Resource": %s%s}`, r.IntN(1e6), effect, principal, actions, resources, condition)
}

// bucketStatements is a random policy of a bucket.
func bucketStatements(r *rand.Rand, bucket string) []string {
	var out []string
	for range r.IntN(4) {
		who := one(r, `{"AWS": "`+nodeRole+`"}`, `{"AWS": "`+plane+`"}`, `{"AWS": "arn:aws:iam::`+home+`:root"}`, `{"AWS": "AROAEXAMPLEOFLONGAGO0"}`, `{"AWS": ["`+nodeRole+`-2", "`+plane+`"]}`)
		effect := "Allow"
		if r.IntN(8) == 0 {
			effect, who = "Deny", one(r, who, `"*"`)
		}
		out = append(out, s3Statement(r, effect, who, bucket))
	}
	return out
}

// randomWorld makes facts and a subject in which something is likely to be wrong.
func randomWorld(t *testing.T, r *rand.Rand) (*world, Subject) {
	owner := one(r, home, home, other)
	w := lakeWorld(t, one(r, home, other), bucketStatements(r, "arn:aws:s3:::lake")...)
	s := subject()
	s.Prefix = one(r, "", "", "org/")
	if r.IntN(2) == 0 {
		s.DataBuckets = []DataBucket{{Name: "lake", Prefix: one(r, "", "curated/"), Write: r.IntN(2) == 0}}
	}
	w.bucket()["Account"] = owner
	w.bucketPolicy(bucketStatements(r, bucketARN)...)
	var own []string
	for range r.IntN(4) {
		own = append(own, s3Statement(r, one(r, "Allow", "Allow", "Allow", "Allow", "Allow", "Deny"), "", one(r, bucketARN, "arn:aws:s3:::lake")))
	}
	own = append(own, one(r, `{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}`, login, `{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}`, `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`))
	w.inline("ml-train", own...)
	randomBoundary(w, r)
	randomElse(w, r, &s)
	w.inline("anyscale-iam-role-1a2b3c4d", `{"Effect": "Allow", "Action": `+quotedList(r, "iam:PassRole", "iam:GetInstanceProfile", "ec2:RunInstances")+`, "Resource": "`+one(r, "*", "*", nodeRole, nodeARN+"-2")+`"}`)
	w.role("ml-train")["AssumeRolePolicyDocument"] = doc(t, []string{one(r,
		`{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`,
		`{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}`,
		`{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}`)})
	return w, s
}

// randomBoundary puts a permissions boundary on one of the roles, or on none.
func randomBoundary(w *world, r *rand.Rand) {
	if r.IntN(3) > 0 {
		return
	}
	statement := one(r, `{"Effect": "Allow", "Action": ["ec2:*"], "Resource": "*"}`, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`,
		`{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*", "kms:*", "ecr:*"], "Resource": "*"}`, `{"Effect": "Deny", "Action": ["s3:PutObject"], "Resource": "*"}`)
	arn := "arn:aws:iam::" + home + ":policy/fence"
	w.role(one(r, "ml-train", "ml-train", "anyscale-iam-role-1a2b3c4d"))["PermissionsBoundary"] = map[string]any{"PermissionsBoundaryArn": arn}
	w.iam()["Policies"] = []any{map[string]any{"PolicyName": "fence", "Arn": arn, "DefaultVersionId": "v1",
		"PolicyVersionList": []any{map[string]any{"VersionId": "v1", "IsDefaultVersion": true, "Document": doc(w.t, []string{statement})}}}}
}

// randomElse adds a key, images and requirements, or not.
func randomElse(w *world, r *rand.Rand, s *Subject) {
	if r.IntN(2) == 0 {
		w.encrypt("aws:kms", keyARN, r.IntN(2) == 0)
		w.key(keyARN, one(r, forRoot, useKey, strings.Replace(useKey, `"kms:Decrypt"`, `"kms:Encrypt"`, 1), strings.Replace(useKey, "ml-train", "other", 1)))
	}
	if r.IntN(2) == 0 {
		account := one(r, home, other)
		s.Images = []Image{{URI: account + ".dkr.ecr.us-west-2.amazonaws.com/ml/train:v1", Given: Argument("--image", "x")}}
		var shared []string
		if r.IntN(2) == 0 {
			shared = []string{one(r, letPull, strings.Replace(letPull, "ml-train", "other", 1), strings.Replace(letPull, `"ecr:BatchGetImage", `, "", 1))}
		}
		w.repository(account, shared...)
	}
	for _, value := range []string{"sqs:SendMessage,sqs:ReceiveMessage=arn:aws:sqs:us-west-2:" + home + ":q", "s3:GetObject=arn:aws:s3:::lake/extra/*", "sns:Publish=arn:aws:sns:us-west-2:" + home + ":topic"} {
		if r.IntN(3) == 0 {
			need, fault := ParseRequire(value)
			if fault != nil {
				w.t.Fatal(fault)
			}
			s.Requires = append(s.Requires, need)
		}
	}
}
