package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// Documents are the names of the policies that Document writes.
var Documents = []string{"identity", "bucket", "key", "repository", "pass-role", "reader"}

// Document writes the policy that lets the subject do its work, whole and ready to be put: for a bucket, what is there
// already with the new statement after it, since PutBucketPolicy replaces everything. The findings say what is missing.
func Document(name string, s Subject, f *account.Facts, statementOnly bool) (string, []finding.Finding) {
	if name == "reader" {
		return readerDocument(s), nil
	}
	t, found := roleOf(s, f)
	if t.RoleARN == "" {
		return "", found
	}
	j := &judge{Subject: s, target: t, facts: f, bucket: f.Bucket(s.Bucket)}
	switch name {
	case "identity":
		return pretty(document{"2012-10-17", append(j.identityStatements(j.everything()), j.elseStatements()...)}), nil
	case "key":
		return j.keyDocument(statementOnly)
	case "repository":
		return j.repositoryDocument(statementOnly)
	case "pass-role":
		return pretty(document{"2012-10-17", []statement{j.passStatement(), j.getStatement()}}), nil
	}
	add := j.bucketStatements(j.everything())
	if statementOnly {
		return strings.Join(list(add, pretty), "\n"), nil
	}
	return j.bucketDocument(add)
}

// everything is each requirement as if it had failed: the document then grants all of them.
func (j *judge) everything() []ruling {
	var all []ruling
	for _, r := range j.requirements() {
		all = append(all, ruling{requirement: r, decision: policy.Decision{Verdict: policy.ImplicitDeny}})
	}
	return all
}

// roleOf finds the role to grant to. One that is given by its ARN need not exist yet.
func roleOf(s Subject, f *account.Facts) (Target, []finding.Finding) {
	if role, faults := ParseRole(s.Role); s.Role != "" && len(faults) == 0 && role.ARN != "" {
		return Target{RoleARN: role.ARN, Account: role.Account, Name: role.Name, ARN: strings.Replace(role.ARN, ":role/", ":instance-profile/", 1)}, nil
	}
	t := Resolve(s, f)
	return t, t.Findings
}

// bucketDocument adds the statements to the bucket's policy as it is.
func (j *judge) bucketDocument(add []statement) (string, []finding.Finding) {
	question := fmt.Sprintf("the policy that the bucket %q has now", j.Bucket)
	fact := j.bucket.Value.Policy
	if j.bucket.State != account.Known {
		return "", []finding.Finding{unread(finding.BucketExists, finding.Place{}, question, j.bucket.State, j.bucket.Unread)}
	}
	switch fact.State {
	case account.None:
		return pretty(document{"2012-10-17", add}), nil
	case account.Known:
		return extend(j.facts.BucketPolicyText(j.Bucket), add, putHere{finding.BucketExists, "the bucket's policy", "S3", maxBucketPolicy})
	}
	return "", []finding.Finding{unread(finding.BucketExists, finding.Place{}, question, fact.State, fact.Unread).
		WithHint("--statement-only prints the new statement alone")}
}

// maxBucketPolicy is S3's limit, in bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
const maxBucketPolicy = 20 << 10

// putHere is where a policy document is put.
type putHere struct {
	code    finding.Code // of what is wrong with the document
	what    string       // "the bucket's policy"
	service string
	limit   int // the service's limit, in bytes
}

// extend puts statements after those of a document, whose own text stays as it is but for its layout.
func extend(text string, add []statement, here putHere) (string, []finding.Finding) {
	refuse := func(why string) (string, []finding.Finding) {
		return "", []finding.Finding{finding.New(here.code, finding.Place{}, here.what+" can't be extended: "+why).
			WithHint("--statement-only prints the new statement alone")}
	}
	var whole struct {
		Version   string `json:",omitempty"`
		ID        string `json:"Id,omitempty"`
		Statement json.RawMessage
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&whole); err != nil {
		return refuse("it is not a policy as AWS prints it")
	}
	var statements []json.RawMessage
	if json.Unmarshal(whole.Statement, &statements) != nil {
		statements = []json.RawMessage{whole.Statement} // a single statement may stand without a list
	}
	var sids []string
	for _, raw := range statements {
		var s struct{ Sid string }
		if json.Unmarshal(raw, &s) == nil {
			sids = append(sids, s.Sid)
		}
	}
	for _, one := range add {
		for n, sid := 2, one.Sid; slices.Contains(sids, one.Sid); n++ {
			one.Sid = fmt.Sprintf("%s-%d", sid, n)
		}
		statements = append(statements, json.RawMessage(compact(one)))
	}
	whole.Statement = json.RawMessage("[" + join(statements, ",") + "]")
	return fitting(whole, here, refuse)
}

// fitting writes a document within the service's limit: on one line where it is too large otherwise.
func fitting(whole any, here putHere, refuse func(string) (string, []finding.Finding)) (string, []finding.Finding) {
	if out := pretty(whole); len(out) <= here.limit {
		return out, nil
	}
	out := compact(whole)
	if len(out) > here.limit {
		return refuse(fmt.Sprintf("with the new statement it has %d bytes, and %s takes %d", len(out), here.service, here.limit))
	}
	return out, nil
}

func join(raw []json.RawMessage, by string) string {
	parts := make([]string, len(raw))
	for i, r := range raw {
		parts[i] = string(r)
	}
	return strings.Join(parts, by)
}

// readerDocument lists the rights that ccx itself needs to check the subject: reading only, on these resources where
// their names are known.
func readerDocument(s Subject) string {
	bucket := "arn:aws:s3:::" + or(s.Bucket, "*")
	return pretty(document{"2012-10-17", []statement{
		{Sid: "ReadRolesAndProfiles", Effect: "Allow", Action: []string{
			"iam:GetInstanceProfile", "iam:ListInstanceProfilesForRole", "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy",
			"iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion",
		}, Resource: []string{"*"}},
		{Sid: "ReadTheBucketsSettings", Effect: "Allow", Action: []string{
			"s3:ListBucket", "s3:GetBucketPolicy", "s3:GetEncryptionConfiguration", "s3:GetBucketPublicAccessBlock", "s3:GetBucketOwnershipControls",
		}, Resource: []string{bucket}},
		{Sid: "ReadItsKey", Effect: "Allow", Action: []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants"}, Resource: []string{"*"}},
		{Sid: "ReadImageRepositories", Effect: "Allow", Action: []string{
			"ecr:DescribeRepositories", "ecr:GetRepositoryPolicy", "ecr:GetRegistryPolicy",
		}, Resource: []string{"*"}},
		{Sid: "ReadGuardrailsAndPublicAccess", Effect: "Allow", Action: []string{
			"s3:GetAccountPublicAccessBlock", "organizations:DescribeOrganization", "organizations:DescribeAccount", "organizations:ListParents",
			"organizations:ListRoots", "organizations:ListPoliciesForTarget", "organizations:DescribePolicy",
		}, Resource: []string{"*"}},
	}})
}
