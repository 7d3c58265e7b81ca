package check

import (
	"fmt"
	"strings"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

// keyActions are what S3 calls with the caller's rights to write and to read an object; a multipart upload needs both.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
var keyActions = []string{"kms:GenerateDataKey", "kms:Decrypt"}

// fromS3 is where the values come from that S3 puts into the requests that it makes for its caller.
const fromS3 = "S3, which calls KMS for the node"

// checkKey: a bucket whose default encryption uses a KMS key needs that key as well.
func (j *judge) checkKey() {
	bucket, known := j.bucket.Get()
	if !known {
		return // bucket/exists has said it
	}
	e := bucket.Encryption
	switch {
	case e.State == account.None, e.State == account.Known && e.Value.Algorithm == "AES256":
		j.skip(finding.KMSUse, "the bucket is encrypted with S3's own keys")
	case e.State != account.Known:
		j.add(unread(finding.KMSUse, j.At, j.keyQuestion(), e.State, e.Unread))
	case e.Value.Algorithm != "aws:kms" && e.Value.Algorithm != "aws:kms:dsse":
		j.add(j.unsureKey(fmt.Sprintf("its default encryption is %q, which this version of ccx does not know", e.Value.Algorithm), "update ccx"))
	case j.target.RoleARN == "":
		j.skip(finding.KMSUse, "the role is not known")
	default:
		j.add(j.judgeKey(e.Value))
	}
}

func (j *judge) keyQuestion() string {
	return fmt.Sprintf("whether nodes can use the encryption of s3://%s", j.Bucket)
}

func (j *judge) unsureKey(why, hint string) finding.Finding {
	return finding.Unsure(finding.KMSUse, finding.Unreadable, j.At, j.keyQuestion()).WithDetails(why).WithHint(hint)
}

// judgeKey finds out which key is meant. What an alias or a bare id means depends on whose account it is looked up in,
// and AWS's pages disagree on that: they are taken for a key only where both readings give the same.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
func (j *judge) judgeKey(e account.Encryption) finding.Finding {
	owner, owned := j.bucket.Value.Owner.Get()
	region, placed := j.bucket.Value.Region.Get()
	if !owned || !placed {
		return j.unsureKey("the bucket's owner and region are not both known", "see bucket/exists")
	}
	same := owner == j.roleAccount()
	switch arn := e.KeyARN(j.partition(), region, owner); {
	case managed(e.KeyID, owner) && !same:
		return finding.New(finding.KMSUse, j.At, fmt.Sprintf("nodes can't use the encryption of s3://%s: the AWS managed key aws/s3 of another account", j.Bucket)).
			WithDetails(fmt.Sprintf("the bucket belongs to account %s, the role to %s, and the policy of an AWS managed key can't be changed", owner, j.roleAccount())).
			WithHint("encrypt the bucket with a customer managed key that both accounts may use, or with S3's own keys (AES256)")
	case managed(e.KeyID, owner):
		return j.managedKey(e, region, owner)
	case arn == "":
		return j.unsureKey(fmt.Sprintf("its default encryption names the key by the alias %s, which may mean another key tomorrow, or another account's", e.KeyID),
			"name the key by its ARN in the bucket's default encryption: arn:"+j.partition()+":kms:"+region+":"+owner+":key/ID")
	case arn != e.KeyID && !same:
		return j.unsureKey(fmt.Sprintf("its default encryption names the key by its id %s alone, and the role is in another account", e.KeyID),
			"name the key by its ARN in the bucket's default encryption: "+arn)
	default:
		return j.customerKey(e, arn, region)
	}
}

// managed reports whether the encryption uses the AWS managed key of the bucket's account.
func managed(id, owner string) bool {
	return id == "" || id == "alias/aws/s3" || strings.HasSuffix(id, ":"+owner+":alias/aws/s3")
}

// viaRows is what KMS is told when S3 calls it for a node: by forward access sessions, with the node's role as caller.
// With a bucket key the encryption context is the bucket's ARN, else each object's; dual-layer encryption knows none.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
func (j *judge) viaRows(e account.Encryption, region, keyAccount string) []contextRow {
	exact, unknown := policy.ExactValue, policy.UnknownValue
	objects := j.objectARN(j.Prefix + "?*")
	if j.Prefix != "" {
		objects = j.objectARN(j.Prefix + "*")
	}
	about := policy.ChosenValue(false, objects)
	if e.BucketKey && e.Algorithm == "aws:kms" {
		about = exact(j.bucketARN())
	}
	return []contextRow{
		{"kms:ViaService", viaS3(region)},
		{"kms:CallerAccount", exact(j.roleAccount())},
		{"kms:EncryptionContextKeys", exact("aws:s3:arn")},
		{"kms:EncryptionContext:aws:s3:arn", about},
		{"aws:RequestedRegion", exact(region)},
		{"aws:ResourceAccount", exact(keyAccount)},
		{"aws:ViaAWSService", unknown(fromS3)}, {"aws:CalledVia", unknown(fromS3)},
		{"aws:CalledViaFirst", unknown(fromS3)}, {"aws:CalledViaLast", unknown(fromS3)},
		{"aws:SourceAccount", unknown(fromS3)}, {"aws:SourceArn", unknown(fromS3)},
		{"aws:SourceOrgID", unknown(fromS3)}, {"aws:SourceOrgPaths", unknown(fromS3)},
	}
}

// viaS3 is S3's name in kms:ViaService. Outside the two partitions that AWS's page shows, its domain is not settled.
func viaS3(region string) policy.Value {
	if !odd(region) {
		return policy.ExactValue("s3." + region + ".amazonaws.com")
	}
	return policy.PatternValue(fromS3, "s3."+region+".*")
}

// odd reports whether a region is in a partition with domains of its own.
func odd(region string) bool {
	for _, prefix := range []string{"cn-", "eusc-", "us-iso", "eu-iso"} {
		if strings.HasPrefix(region, prefix) {
			return true
		}
	}
	return false
}

// keyAccess is the use of a key through S3.
func (j *judge) keyAccess(e account.Encryption, arn, region string) access {
	owner, _, _, _ := account.SplitKey(arn)
	return access{
		code: finding.KMSUse, does: fmt.Sprintf("use the KMS key of s3://%s, %s", j.Bucket, arn), actions: j.keyActions(), resource: arn, owner: owner, at: j.At,
		rows: func(string) []contextRow { return j.viaRows(e, region, owner) }, layers: j.layersOf(arn),
		whose: "the key's policy", admin: "the key's administrator",
	}
}

// customerKey judges a key that is known by its ARN: where it is, in what state, and who may use it.
func (j *judge) customerKey(e account.Encryption, arn, region string) finding.Finding {
	_, keyRegion, _, _ := account.SplitKey(arn)
	if keyRegion != region {
		return finding.New(finding.KMSUse, j.At, fmt.Sprintf("the KMS key of s3://%s is in %s, the bucket in %s", j.Bucket, keyRegion, region)).
			WithDetails("S3 uses keys of the bucket's own region only: " + arn).WithHint("encrypt the bucket with a key in " + region)
	}
	fact := j.facts.Key(arn)
	if f, broken := j.brokenKey(arn, fact); broken {
		return f
	}
	a := j.keyAccess(e, arn, region)
	got := j.decide(a, a.layers)
	if got.decision.Verdict != policy.Allowed {
		return j.settle(a, got, j.keyRemedies(arn))
	}
	switch key := fact.Value; {
	case fact.State != account.Known:
		return unread(finding.KMSUse, j.At, "in what state the KMS key "+arn+" is", fact.State, fact.Unread)
	case !key.Enabled || key.Spec == "":
		return j.unsureKey("neither the state nor the kind of the key "+arn+" is recorded whole", "take the snapshot again: ccx snapshot")
	}
	return j.settle(a, got, nil)
}

// brokenKey says that a key can't be used by anyone.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
func (j *judge) brokenKey(arn string, fact account.Fact[account.Key]) (finding.Finding, bool) {
	message, hint := "", ""
	id := arn[strings.LastIndexByte(arn, '/')+1:]
	switch key := fact.Value; {
	case fact.State == account.None:
		message, hint = "the KMS key "+arn+" does not exist", "encrypt the bucket with a key that exists"
	case fact.State != account.Known:
		return finding.Finding{}, false
	case key.State == "Disabled":
		message, hint = "the KMS key "+arn+" is disabled", "aws kms enable-key --key-id "+id
	case key.State == "PendingDeletion" || key.State == "PendingReplicaDeletion":
		message, hint = "the KMS key "+arn+" is about to be deleted", "aws kms cancel-key-deletion --key-id "+id+", then aws kms enable-key --key-id "+id
	case key.State != "" && key.State != "Enabled":
		message, hint = fmt.Sprintf("the KMS key %s can't be used: its state is %s", arn, key.State), "aws kms describe-key --key-id "+id
	case key.Spec != "" && key.Spec != "SYMMETRIC_DEFAULT":
		message, hint = fmt.Sprintf("the KMS key %s is %s, and S3 takes symmetric keys only", arn, key.Spec), "encrypt the bucket with a symmetric key"
	default:
		return finding.Finding{}, false
	}
	return finding.New(finding.KMSUse, j.At, message).WithHint(hint), true
}

// keyRemedies are a statement in the key's policy, in the role's, or in both.
func (j *judge) keyRemedies(arn string) []remedy {
	return grants(j.keyIdentity(arn), j.keyStatement(), j.policyName("-key"), place{arn, "the policy of the key " + arn, "KMS", maxKeyPolicy})
}

func (j *judge) keyIdentity(arn string) statement {
	return statement{Sid: "UseTheBucketsKey", Effect: "Allow", Action: j.keyActions(), Resource: []string{arn}}
}

// keyStatement is for the key's policy, where "*" means the key itself.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
func (j *judge) keyStatement() statement {
	return statement{Sid: "allow-role-access", Effect: "Allow", Principal: j.principal(), Action: j.keyActions(), Resource: []string{"*"}}
}

// managedPolicy is what AWS writes into the policy of every account's aws/s3: who may use S3 may use the key through it.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
const managedPolicy = `{"Version": "2012-10-17", "Statement": [{"Sid": "Allow access through S3 for all principals in the account that are authorized to use S3",
  "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*",
  "Condition": {"StringEquals": {"kms:CallerAccount": "OWNER"}, "StringLike": {"kms:ViaService": "s3.REGION.*"}}}]}`

// managedKey judges aws/s3 in the role's own account. Its id is not known, so that a policy which denies some keys may
// or may not mean it: then the answer is open.
func (j *judge) managedKey(e account.Encryption, region, owner string) finding.Finding {
	every := "arn:" + j.partition() + ":kms:" + region + ":" + owner + ":key/*"
	a := j.keyAccess(e, strings.TrimSuffix(every, "*")+"aws-s3", region)
	a.does, a.owner, a.resource = fmt.Sprintf("use the AWS managed key aws/s3 of s3://%s", j.Bucket), owner, every
	text := strings.NewReplacer("OWNER", owner, "REGION", region).Replace(managedPolicy)
	a.layers.RCPs = nil // they do not restrict AWS managed keys
	a.layers.Resource = &policy.Set{Policies: []policy.Named{{Name: "key policy of aws/s3, as AWS writes it", Policy: policy.Parse([]byte(text))}}}
	a.rows = func(string) []contextRow { return j.viaRows(e, region, owner) }
	got := j.decide(a, a.layers)
	if !got.decision.Verdict.Denied() {
		return j.settle(a, got, nil).WithDetails("AWS writes that policy into every account's aws/s3: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service")
	}
	return finding.Unsure(finding.KMSUse, finding.Unreadable, j.At, j.keyQuestion()).
		WithDetails(denial(got.action, got.decision.Counterexample, got.decision)...).
		WithDetails("whether aws/s3 is one of these keys, its id tells: aws kms describe-key --key-id alias/aws/s3").
		WithHint("leave aws/s3 out of that statement, or encrypt the bucket with a customer managed key")
}
