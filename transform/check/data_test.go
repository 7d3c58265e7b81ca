package check

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

// lakeWorld is a world with a data bucket: its owner's account, and the statements of its policy.
func lakeWorld(t *testing.T, owner string, statements ...string) *world {
	w := newWorld(t)
	lake := map[string]any{"Account": owner, "BucketRegion": "us-west-2", "ServerSideEncryptionConfiguration": nil,
		"OwnershipControls":              map[string]any{"Rules": []any{map[string]any{"ObjectOwnership": "BucketOwnerEnforced"}}},
		"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}}
	w.root["buckets"].(map[string]any)["lake"] = lake
	policies := w.root["resource_policies"].(map[string]any)
	policies["arn:aws:s3:::lake"] = nil
	if len(statements) > 0 {
		policies["arn:aws:s3:::lake"] = doc(t, statements)
	}
	return w
}

func (w *world) lake() map[string]any {
	return w.root["buckets"].(map[string]any)["lake"].(map[string]any)
}

func withLake(b DataBucket) Subject {
	s := subject()
	b.Name = "lake"
	b.Given = finding.Place{File: "ccx.yaml", Line: 5}
	s.DataBuckets = []DataBucket{b}
	return s
}

const lakeShare = `{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::lake", "arn:aws:s3:::lake/curated/*"]}`

// ofLake picks the findings that speak of the data bucket.
func (w *world) ofLake(s Subject) map[finding.Code]finding.Finding {
	facts := w.facts()
	byCode := map[finding.Code]finding.Finding{}
	for _, f := range Run(s, Resolve(s, facts), facts, when).Findings {
		if strings.Contains(f.Message, "lake") {
			byCode[f.Code] = f
		}
	}
	return byCode
}

func TestDataBuckets(t *testing.T) {
	read, write := DataBucket{Prefix: "curated/"}, DataBucket{Prefix: "curated/", Write: true}
	all := strings.Replace(lakeShare, `"s3:GetObject"`, `"s3:GetObject", "s3:PutObject", "s3:DeleteObject"`, 1)
	own := `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
	type statuses map[finding.Code]finding.Status
	tests := []struct {
		name   string
		bucket DataBucket
		owner  string
		shared []string
		own    string
		want   statuses
	}{
		{"read, allowed", read, home, []string{lakeShare}, "", statuses{finding.BucketExists: finding.Pass, finding.S3List: finding.Pass, finding.S3Read: finding.Pass}},
		{"write, read allowed", write, home, []string{lakeShare}, "", statuses{finding.S3List: finding.Pass, finding.S3Read: finding.Pass, finding.S3Write: finding.Fail, finding.S3Delete: finding.Fail}},
		{"write, allowed", write, home, []string{all}, "", statuses{finding.S3Write: finding.Pass, finding.S3Delete: finding.Pass}},
		{"the whole bucket, a part allowed", DataBucket{}, home, []string{lakeShare}, "", statuses{finding.S3List: finding.Pass, finding.S3Read: finding.Fail}},
		{"nothing", read, home, nil, "", statuses{finding.S3List: finding.Fail, finding.S3Read: finding.Fail}},
		{"across accounts, one side", read, other, []string{lakeShare}, "", statuses{finding.S3Read: finding.Fail}},
		{"across accounts, both sides", read, other, []string{lakeShare}, own, statuses{finding.S3Read: finding.Pass, finding.S3List: finding.Pass}},
		{"of someone else", DataBucket{Account: other}, home, nil, own, statuses{finding.BucketExists: finding.Fail}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := lakeWorld(t, tt.owner, tt.shared...)
			if tt.own != "" {
				w.inline("ml-train", tt.own)
			}
			got := w.ofLake(withLake(tt.bucket))
			for code, status := range tt.want {
				if f := got[code]; f.Code == "" || f.Status != status {
					t.Errorf("%s: %v, want %v: %+v", code, f.Status, status, f)
				}
			}
			for _, code := range []finding.Code{finding.S3Multipart, finding.S3Location} {
				if f, asked := got[code]; asked {
					t.Errorf("nobody asks this of a data bucket: %+v", f)
				}
			}
			if _, asked := got[finding.S3Write]; asked && !tt.bucket.Write {
				t.Error("nobody asked whether nodes can write")
			}
			own := w.judged(subject())
			if tt.own == "" && own[finding.S3Write].Status != finding.Pass {
				t.Errorf("the cloud's own bucket: %+v", own[finding.S3Write])
			}
		})
	}
}

// What is wrong with the bucket itself points to where it was named; its mends speak of its own policy and key.
func TestDataBucketFindings(t *testing.T) {
	w := lakeWorld(t, home)
	got := w.ofLake(withLake(DataBucket{Prefix: "curated/"}))
	says(t, got[finding.S3Read], "s3://lake/curated", "anyscale-data-lake", "arn:aws:s3:::lake/curated/*")
	w = lakeWorld(t, home, strings.ReplaceAll(lakeShare, "ml-train", "other"))
	says(t, w.ofLake(withLake(DataBucket{}))[finding.S3Read], "to the policy of the bucket lake")
	w.root["buckets"].(map[string]any)["lake"] = nil
	if f := w.ofLake(withLake(DataBucket{}))[finding.BucketExists]; f.Status != finding.Fail || f.Place.File != "ccx.yaml" || strings.Contains(f.Hint, "anyscale cloud get") {
		t.Errorf("%+v", f)
	}
	w = lakeWorld(t, home, lakeShare)
	w.lake()["BucketRegion"] = "eu-central-1"
	if f := w.ofLake(withLake(DataBucket{}))[finding.BucketRegion]; f.Status != finding.Fail || f.Level != finding.Note {
		t.Errorf("%+v", f)
	}
	delete(w.lake(), "Account")
	says(t, w.ofLake(withLake(DataBucket{}))[finding.BucketExists], "data_buckets of the settings")
}

// Who only reads a data bucket needs its key to decrypt only.
func TestDataBucketKey(t *testing.T) {
	for _, c := range []struct {
		name  string
		write bool
		key   string
		want  finding.Status
	}{
		{"read", false, `{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": "kms:Decrypt", "Resource": "*"}`, finding.Pass},
		{"write", true, `{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": "kms:Decrypt", "Resource": "*"}`, finding.Fail},
		{"read, not granted", false, `{"Effect": "Allow", "Principal": {"AWS": "` + plane + `"}, "Action": "kms:*", "Resource": "*"}`, finding.Fail},
	} {
		w := lakeWorld(t, home, lakeShare)
		w.key(keyARN, c.key)
		w.lake()["ServerSideEncryptionConfiguration"] = map[string]any{"Rules": []any{map[string]any{
			"ApplyServerSideEncryptionByDefault": map[string]any{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": keyARN}}}}
		f := w.ofLake(withLake(DataBucket{Write: c.write}))[finding.KMSUse]
		if f.Status != c.want {
			t.Errorf("%s: %+v", c.name, f)
		}
		if c.want == finding.Fail && strings.Contains(f.Hint, "GenerateDataKey") != c.write {
			t.Errorf("%s: %s", c.name, f.Hint)
		}
	}
}
