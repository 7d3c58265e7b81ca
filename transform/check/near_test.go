package check

import (
	"fmt"
	"testing"

	"ccx/transform/finding"
	"ccx/transform/policy"
)

func TestNearResource(t *testing.T) {
	const key = "arn:aws:s3:::acme/models/a"
	for _, c := range []struct{ resource, written, want string }{
		{key, "arn:aws:s3:::acme", ": that is the bucket, and the action is one on its keys (arn:aws:s3:::acme/*)"},
		{"arn:aws:s3:::acme", "arn:aws:s3:::acme/*", ": these are its keys, and the action is one on the bucket (arn:aws:s3:::acme)"},
		{key, "arn:aws:s3:::acme-staging/*", ", which is another bucket"},
		{key, "arn:aws:s3:::ac/*", ", which is another bucket"},
		{key, "arn:aws:s3:::acme/teams/*", ", which leaves out other keys"},
		{key, "arn:aws:s3:::acme/home/${aws:username}/*", ", and a role's session has no aws:username"},
		{key, "arn:aws:s3:::elsewhere/*", ""},
		{key, "arn:aws:sqs:us-west-2:111122223333:q", ""},
		{key, "acme", ""},
		{"*", "*", ""},
		{nodeRole, "arn:aws:iam::111122223333:role/other", ": not on " + nodeRole},
	} {
		if got := nearResource(c.resource, c.written); got != c.want {
			t.Errorf("%s, written %s: %q, not %q", c.resource, c.written, got, c.want)
		}
	}
}

func TestNearPrincipal(t *testing.T) {
	j := &judge{target: Target{RoleARN: nodeRole}}
	for written, want := range map[string]string{
		"AROAEXAMPLEMLTRAIN111":                        "allows it to AROAEXAMPLEMLTRAIN111, the id of a role that was deleted or made again: this role's id is another",
		"arn:aws:iam::111122223333:role/ml-train-v2":   "allows it to arn:aws:iam::111122223333:role/ml-train-v2, which is another role",
		"arn:aws:iam::111122223333:role/ml":            "allows it to arn:aws:iam::111122223333:role/ml, which is another role",
		"arn:aws:iam::444455556666:role/team/ml-train": "allows it to arn:aws:iam::444455556666:role/team/ml-train, which is another role",
		"arn:aws:iam::111122223333:role/vision":        "",
		"arn:aws:iam::111122223333:user/ml-train":      "",
		"111122223333": "",
	} {
		if got := j.nearPrincipal([]string{written}); got != want {
			t.Errorf("%s: %q, not %q", written, got, want)
		}
	}
}

// A cloud as `anyscale cloud setup` makes it is not at fault for what its template leaves out; another one is told.
func TestAsSetUp(t *testing.T) {
	four := `{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": [%s], "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"]}`
	for _, c := range []struct {
		actions string
		want    finding.Status
	}{
		{`"s3:PutObject", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket"`, finding.Skipped},
		{`"s3:PutObject", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:GetObjectTagging"`, finding.Fail},
		{`"s3:*Object", "s3:ListBucket"`, finding.Fail},
		{`"s3:*"`, finding.Pass},
	} {
		w := newWorld(t)
		w.inline("ml-train")
		w.bucketPolicy(fmt.Sprintf(four, c.actions))
		found := w.judged(Subject{Profile: "ml-train", Bucket: "acme-anyscale", Assume: policy.DefaultAssume})
		for _, code := range []finding.Code{finding.S3Multipart, finding.S3Location} {
			if f := found[code]; f.Status != c.want {
				t.Errorf("%s: %s is %v", c.actions, code, f.Status)
			}
		}
		if f := found[finding.S3Write]; f.Status != finding.Pass {
			t.Errorf("%s: %+v", c.actions, f)
		}
	}
}
