package check

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ccx/transform/finding"
)

// The document of a data bucket that a flag names is that bucket's; those of the settings are in the role's own policy only.
func TestDocumentsOfDataBuckets(t *testing.T) {
	w := lakeWorld(t, home, lakeShare)
	w.lake()["ServerSideEncryptionConfiguration"] = map[string]any{"Rules": []any{map[string]any{
		"ApplyServerSideEncryptionByDefault": map[string]any{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": keyARN}}}}
	w.key(keyARN, forRoot)
	s := withLake(DataBucket{Prefix: "curated/", Write: true})
	text, _ := Document("bucket", s, w.facts(), Form{})
	if strings.Contains(text, "lake") || !strings.Contains(text, "acme-anyscale") {
		t.Errorf("of the settings: %s", text)
	}
	s.DataBuckets[0].Given = Argument(DataFlag, "lake=write")
	text, _ = Document("bucket", s, w.facts(), Form{})
	for _, want := range []string{"arn:aws:s3:::lake/curated/*", "s3:PutObject", `"s3:prefix"`, `"s3:ListBucket",` + "\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("of a flag lacks %s: %s", want, text)
		}
	}
	if strings.Contains(text, "acme-anyscale") || strings.Contains(text, "Multipart") {
		t.Errorf("of a flag: %s", text)
	}
	text, _ = Document("key", s, w.facts(), Form{StatementOnly: true})
	if !strings.Contains(text, "kms:GenerateDataKey") {
		t.Errorf("the key: %s", text)
	}
	w.role("ml-train")["RolePolicyList"] = []any{}
	text, _ = Document("identity", s, w.facts(), Form{})
	var doc any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	w.role("ml-train")["RolePolicyList"] = []any{map[string]any{"PolicyName": "new", "PolicyDocument": doc}}
	w.root["resource_policies"].(map[string]any)["arn:aws:s3:::lake"] = nil
	for code, f := range w.ofLake(s) {
		if f.Status != finding.Pass {
			t.Errorf("%s with the role's own policy: %+v", code, f)
		}
	}
}

// Without the cloud's bucket, the role's own policy is about the data bucket alone.
func TestIdentityForADataBucketAlone(t *testing.T) {
	s := withLake(DataBucket{})
	s.Bucket = ""
	text, found := Document("identity", s, lakeWorld(t, home).facts(), Form{})
	if len(found) > 0 || strings.Contains(text, `s3:::"`) || strings.Contains(text, "s3:::/") || !strings.Contains(text, `"arn:aws:s3:::lake/*"`) {
		t.Errorf("%s %v", text, found)
	}
}

// The role's profile may have another name; one that doesn't exist yet will have the role's.
func TestDocumentOfARoleByItsARN(t *testing.T) {
	w := newWorld(t)
	entry := map[string]any{"InstanceProfileName": "other", "Arn": "arn:aws:iam::111122223333:instance-profile/other", "Roles": []any{map[string]any{"RoleName": "ml-train", "Arn": nodeRole}}}
	w.role("ml-train")["InstanceProfileList"] = []any{entry}
	text, _ := Document("pass-role", Subject{Role: nodeRole}, w.facts(), Form{})
	if !strings.Contains(text, `"arn:aws:iam::111122223333:instance-profile/other"`) {
		t.Error(text)
	}
	text, found := Document("pass-role", Subject{Role: nodeRole + "-to-come"}, w.facts(), Form{})
	if !strings.Contains(text, `"`+nodeARN+`-to-come"`) || len(found) > 0 {
		t.Errorf("%s %v", text, found)
	}
}

// What is larger than IAM takes is said: a note where it may be put in one way only, and no document where in none.
func TestDocumentsWithinIAMsLimits(t *testing.T) {
	needs := func(n int) Subject {
		s := subject()
		for i := range n {
			s.Requires = append(s.Requires, Require{Actions: []string{"sqs:SendMessage"}, ARN: fmt.Sprintf("arn:aws:sqs:us-west-2:111122223333:%s-%d", strings.Repeat("queue", 20), i)})
		}
		return s
	}
	for _, c := range []struct {
		n      int
		inline int // characters in another inline policy
		level  finding.Level
		says   string
	}{
		{0, 0, 0, ""}, {30, 0, finding.Note, "as an inline policy only"}, {10, 9000, finding.Note, "as a managed policy only"}, {60, 0, finding.Error, "IAM takes 6144 in a managed policy, and 10240"}, {30, 9000, finding.Error, "in all inline policies"},
	} {
		w := newWorld(t)
		w.inline("ml-train", `{"Sid": "`+strings.Repeat("x", c.inline)+`", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}`)
		_, found := Document("identity", needs(c.n), w.facts(), Form{})
		switch {
		case c.says == "" && len(found) > 0:
			t.Errorf("%d: %+v", c.n, found)
		case c.says != "" && (len(found) != 1 || found[0].Level != c.level || !strings.Contains(found[0].Message, c.says)):
			t.Errorf("%d and %d: %+v", c.n, c.inline, found)
		}
	}
}

// A mend that a policy has no room for goes elsewhere, or says so; one inline policy too many becomes a managed one.
func TestMendsWithinTheLimits(t *testing.T) {
	w := newWorld(t)
	w.inline("ml-train", `{"Sid": "`+strings.Repeat("x", 10000)+`", "Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`)
	w.bucketPolicy()
	says(t, w.judged(subject())[finding.S3Read], "attach this managed policy to the role ml-train", "aws iam create-policy --policy-name anyscale-bucket")

	full := `{"Sid": "` + strings.Repeat("x", 20000) + `", "Effect": "Allow", "Principal": {"AWS": "` + plane + `"}, "Action": "s3:GetBucketTagging", "Resource": "` + bucketARN + `"}`
	w = newWorld(t)
	w.inline("ml-train")
	w.bucketPolicy(full)
	says(t, w.judged(subject())[finding.S3Read], "give the role ml-train this inline policy")
	w.bucket()["Account"] = other
	says(t, w.judged(subject())[finding.S3Read], "and S3 takes 20480: statements must be put together first")
}

// A statement that goes beside others has a Sid of its own.
func TestMendsHaveTheirOwnSid(t *testing.T) {
	w := newWorld(t)
	w.inline("ml-train")
	if f := w.judged(subject())[finding.S3Read]; !strings.Contains(f.Hint, `"allow-role-access-2"`) {
		t.Errorf("%s", f.Hint)
	}
	w.role("ml-train")["AssumeRolePolicyDocument"] = doc(t, []string{`{"Sid": "LetEC2AssumeIt", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}`})
	if f := w.judged(subject())[finding.RoleTrust]; !strings.Contains(f.Hint, `"LetEC2AssumeIt2"`) {
		t.Errorf("%s", f.Hint)
	}
}
