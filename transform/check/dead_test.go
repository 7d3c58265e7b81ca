package check

import (
	"strings"
	"testing"

	"ccx/transform/finding"
)

const deadID1 = "AROAEXAMPLEOFLONGAGO0"

// TestDeletedRole: an id in place of an ARN is all that is left of a deleted role. The evidence names it, and the mend says
// where to enter the ARN again, if that is enough.
func TestDeletedRole(t *testing.T) {
	all := `"Action": ["s3:PutObject", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload", "s3:GetBucketLocation"], "Resource": ["` + bucketARN + `/*", "` + bucketARN + `"]`
	grant := func(who, what string) string {
		return `{"Sid": "Nodes", "Effect": "Allow", "Principal": {"AWS": ["` + plane + `", "` + who + `"]}, ` + what + `}`
	}
	for _, c := range []struct {
		name      string
		statement string
		enter     bool
	}{
		{"enough", grant(deadID1, all), true},
		{"not enough", grant(deadID1, strings.Replace(all, `"s3:PutObject", `, "", 1)), false},
		{"of a user", grant("AIDAEXAMPLEOFLONGAGO0", all), true},
		{"another role's ARN", grant("arn:aws:iam::111122223333:role/other", all), false},
		{"a Deny", strings.Replace(grant(deadID1, all), "Allow", "Deny", 1), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.role("ml-train")["RolePolicyList"] = []any{}
			w.bucketPolicy(c.statement)
			f := w.expect(subject(), map[finding.Code]finding.Status{finding.S3Write: finding.Fail})[finding.S3Write]
			if got := strings.Contains(f.Hint, "enter its ARN again in statement 1 \"Nodes\""); got != c.enter {
				t.Errorf("%s", f.Hint)
			}
			if !strings.Contains(f.Hint, `"Statement"`) && !strings.Contains(f.Hint, `"Principal"`) {
				t.Errorf("no document to paste: %s", f.Hint)
			}
			if c.enter && c.name == "enough" {
				says(t, f, deadID1, "AROAEXAMPLEMLTRAIN000")
			}
		})
	}
	w := newWorld(t) // the role's own id
	w.role("ml-train")["RolePolicyList"] = []any{}
	w.bucketPolicy(grant("AROAEXAMPLEMLTRAIN000", all))
	w.expect(subject(), map[finding.Code]finding.Status{finding.S3Write: finding.Pass})
}

// TestDeletedRoleInOtherPolicies: the same in a key's policy and in the trust policy of a role that nodes assume.
func TestDeletedRoleInOtherPolicies(t *testing.T) {
	w := newWorld(t)
	w.encrypt("aws:kms", keyARN, true)
	w.key(keyARN, `{"Sid": "Use", "Effect": "Allow", "Principal": {"AWS": "`+deadID1+`"}, "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*"}`)
	f := w.expect(subject(), map[finding.Code]finding.Status{finding.KMSUse: finding.Fail})[finding.KMSUse]
	says(t, f, deadID1, `enter its ARN again in statement 1 "Use" of the key policy`)

	w = newWorld(t)
	w.role("vision-nodes")["AssumeRolePolicyDocument"] = doc(t, []string{`{"Sid": "Nodes", "Effect": "Allow", "Principal": {"AWS": "` + deadID1 + `"}, "Action": "sts:AssumeRole"}`})
	w.permit(`{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}`)
	f = w.expect(requiring(t, "sts:AssumeRole=arn:aws:iam::111122223333:role/vision-nodes"), map[finding.Code]finding.Status{finding.RequireAccess: finding.Fail})[finding.RequireAccess]
	says(t, f, deadID1, "enter its ARN again", "the trust policy of the role vision-nodes")
}
