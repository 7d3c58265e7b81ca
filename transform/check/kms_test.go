package check

import (
	"encoding/json"
	"strings"
	"testing"

	"ccx/transform/finding"
)

const (
	keyARN  = "arn:aws:kms:us-west-2:111122223333:key/1234"
	farKey  = "arn:aws:kms:us-west-2:444455556666:key/1234"
	forRole = `"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Resource": "*", `
	forRoot = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
	useKeys = `{"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}`
	useKey  = `{` + forRole + `"Action": ["kms:GenerateDataKey", "kms:Decrypt"]}`
)

// encrypt makes the bucket's default encryption use a key, as it is written there.
func (w *world) encrypt(algorithm, id string, bucketKey bool) {
	rule := map[string]any{"SSEAlgorithm": algorithm}
	if id != "" {
		rule["KMSMasterKeyID"] = id
	}
	w.bucket()["ServerSideEncryptionConfiguration"] = map[string]any{"Rules": []any{map[string]any{"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": bucketKey}}}
}

// key adds a key without grants whose policy has the statements.
func (w *world) key(arn string, statements ...string) map[string]any {
	metadata := map[string]any{"Arn": arn, "AWSAccountId": strings.Split(arn, ":")[4], "Enabled": true, "KeyState": "Enabled", "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT"}
	entry := map[string]any{"KeyMetadata": metadata, "Grants": []any{}}
	if w.root["keys"] == nil {
		w.root["keys"] = map[string]any{}
	}
	w.root["keys"].(map[string]any)[arn] = entry
	w.root["resource_policies"].(map[string]any)[arn] = doc(w.t, statements)
	return entry
}

// permit adds a statement to the node role's inline policy, which lets it use the bucket.
func (w *world) permit(statement string) {
	all := `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
	w.inline("ml-train", all, statement)
}

// newKeyWorld has a bucket that is encrypted with a key of the same account.
func newKeyWorld(t *testing.T, statements ...string) *world {
	w := newWorld(t)
	w.encrypt("aws:kms", keyARN, true)
	w.key(keyARN, statements...)
	return w
}

func (w *world) kms(t *testing.T, want finding.Status, words ...string) finding.Finding {
	t.Helper()
	f := w.expect(subject(), map[finding.Code]finding.Status{finding.KMSUse: want})[finding.KMSUse]
	says(t, f, words...)
	return f
}

// TestKeyPolicies: who may use a key of the role's own account.
func TestKeyPolicies(t *testing.T) {
	condition := func(c string) string { return strings.TrimSuffix(useKey, "}") + `, "Condition": ` + c + `}` }
	tests := []struct {
		name   string
		key    []string
		own    string // statement of the role
		want   finding.Status
		saying string
	}{
		{"names the role", []string{useKey}, "", finding.Pass, "key policy of " + keyARN},
		{"delegates, and the role allows", []string{forRoot}, useKeys, finding.Pass, `inline policy "own"`},
		{"delegates, and the role does not", []string{forRoot}, "", finding.Fail, "allow-role-access"},
		{"does not delegate", nil, useKeys, finding.Fail, "allow-role-access"},
		{"names another role", []string{strings.ReplaceAll(useKey, "ml-train", "ml-train-2")}, useKeys, finding.Fail, "the key's policy"},
		{"decrypt only", []string{`{` + forRole + `"Action": "kms:Decrypt"}`}, "", finding.Fail, "kms:GenerateDataKey"},
		{"via S3 here", []string{condition(`{"StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"}}`)}, "", finding.Pass, ""},
		{"via S3 elsewhere", []string{condition(`{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}`)}, "", finding.Fail, ""},
		{"for callers of the account", []string{condition(`{"StringEquals": {"kms:CallerAccount": "111122223333"}}`)}, "", finding.Pass, ""},
		{"for this bucket", []string{condition(`{"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "` + bucketARN + `"}}`)}, "", finding.Pass, ""},
		{"for its objects, with a bucket key", []string{condition(`{"StringLike": {"kms:EncryptionContext:aws:s3:arn": "` + bucketARN + `/*"}}`)}, "", finding.Fail, ""},
		{"for another bucket", []string{condition(`{"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other"}}`)}, "", finding.Fail, ""},
		{"with that context key", []string{condition(`{"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "aws:s3:arn"}}`)}, "", finding.Pass, ""},
		{"only through services", []string{condition(`{"Bool": {"aws:ViaAWSService": "true"}}`)}, "", finding.Unknown, "S3, which calls KMS"},
		{"only directly", []string{condition(`{"Bool": {"aws:ViaAWSService": "false"}}`)}, "", finding.Unknown, "aws:ViaAWSService"},
		{"from a network", []string{condition(`{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`)}, "", finding.Unknown, "aws:SourceIp"},
		{"denied", []string{useKey, `{"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}`}, "", finding.Fail, "the key's administrator must exempt"},
		{"denied in the role", []string{useKey}, `{"Effect": "Deny", "Action": "kms:*", "Resource": "*"}`, finding.Fail, "the role's administrator must exempt"},
		{"a statement that nobody understands", []string{useKey, `{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringResembles": {"kms:ViaService": "s3"}}}`}, "", finding.Unknown, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newKeyWorld(t, tt.key...)
			if tt.own != "" {
				w.permit(tt.own)
			}
			w.kms(t, tt.want, tt.saying)
		})
	}
}

// TestEncryptionContext: without a bucket key it is each object's ARN, and every key counts.
func TestEncryptionContext(t *testing.T) {
	on := func(pattern string) string {
		return strings.TrimSuffix(useKey, "}") + `, "Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "` + pattern + `"}}}`
	}
	tests := []struct {
		name, algorithm string
		bucketKey       bool
		pattern         string
		want            finding.Status
	}{
		{"every object", "aws:kms", false, bucketARN + "/*", finding.Pass},
		{"some objects", "aws:kms", false, bucketARN + "/models/*", finding.Fail},
		{"the bucket", "aws:kms", false, bucketARN, finding.Fail},
		{"dual layer knows no bucket key", "aws:kms:dsse", true, bucketARN, finding.Fail},
		{"dual layer, every object", "aws:kms:dsse", true, bucketARN + "/*", finding.Pass},
		{"bucket key", "aws:kms", true, bucketARN, finding.Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newKeyWorld(t, on(tt.pattern))
			w.encrypt(tt.algorithm, keyARN, tt.bucketKey)
			w.kms(t, tt.want)
		})
	}
	w := newKeyWorld(t, on(bucketARN+"/models/*"))
	w.encrypt("aws:kms", keyARN, false)
	s := subject()
	s.Prefix = "models/"
	w.expect(s, map[finding.Code]finding.Status{finding.KMSUse: finding.Pass})
}

// TestKeyStates: what keeps a key from being used by anybody, and what is not known of it.
func TestKeyStates(t *testing.T) {
	state := func(key, value string) func(*world) {
		return func(w *world) {
			w.root["keys"].(map[string]any)[keyARN].(map[string]any)["KeyMetadata"].(map[string]any)[key] = value
		}
	}
	unread := func(key, operation string) func(*world) {
		return func(w *world) {
			w.root["unread"] = map[string]any{key: map[string]any{"operation": operation, "code": "AccessDenied"}}
		}
	}
	tests := []struct {
		name   string
		change func(*world)
		want   finding.Status
		saying string
	}{
		{"disabled", state("KeyState", "Disabled"), finding.Fail, "aws kms enable-key --key-id 1234"},
		{"pending deletion", state("KeyState", "PendingDeletion"), finding.Fail, "cancel-key-deletion"},
		{"pending import", state("KeyState", "PendingImport"), finding.Fail, "its state is PendingImport"},
		{"asymmetric", state("KeySpec", "RSA_2048"), finding.Fail, "symmetric keys only"},
		{"no such key", func(w *world) { w.root["keys"].(map[string]any)[keyARN] = nil }, finding.Fail, "does not exist"},
		{"in another region", func(w *world) { w.encrypt("aws:kms", strings.Replace(keyARN, "west-2", "east-1", 1), true) }, finding.Fail, "is in us-east-1, the bucket in us-west-2"},
		{"state not recorded", func(w *world) {
			delete(w.root["keys"].(map[string]any)[keyARN].(map[string]any)["KeyMetadata"].(map[string]any), "Enabled")
		}, finding.Unknown, "recorded whole"},
		{"not recorded", func(w *world) { delete(w.root["keys"].(map[string]any), keyARN) }, finding.Unknown, "the snapshot does not hold it"},
		{"not readable", func(w *world) {
			delete(w.root["keys"].(map[string]any), keyARN)
			unread("keys/"+keyARN, "kms:DescribeKey")(w)
		}, finding.Unknown, "let the caller kms:DescribeKey"},
		{"policy not recorded", func(w *world) { delete(w.root["resource_policies"].(map[string]any), keyARN) }, finding.Unknown, "the key policy of " + keyARN},
		{"policy not readable", func(w *world) {
			delete(w.root["resource_policies"].(map[string]any), keyARN)
			unread("resource_policies/"+keyARN, "kms:GetKeyPolicy")(w)
		}, finding.Unknown, "may not call kms:GetKeyPolicy"},
		{"grants not recorded", func(w *world) { delete(w.root["keys"].(map[string]any)[keyARN].(map[string]any), "Grants") }, finding.Pass, ""},
		{"role not known", func(w *world) {
			w.role("ml-train")["InstanceProfileList"].([]any)[0].(map[string]any)["Roles"] = []any{}
		}, finding.Skipped, "the role is not known"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newKeyWorld(t, useKey)
			tt.change(w)
			w.kms(t, tt.want, tt.saying)
		})
	}
}

// TestGrantsNeverPass: grants that were not read, or may be the role's, make a deny unknown and nothing else.
func TestGrantsNeverPass(t *testing.T) {
	grant := func(who string) []any {
		return []any{map[string]any{"GranteePrincipal": who, "Operations": []any{"Decrypt", "GenerateDataKey"}}}
	}
	for name, c := range map[string]struct {
		grants any // nil: not read
		want   finding.Status
	}{
		"none": {[]any{}, finding.Fail}, "not read": {nil, finding.Unknown}, "the role's": {grant(nodeRole), finding.Unknown},
		"another role's": {grant(nodeRole + "-2"), finding.Fail}, "the account's": {grant("arn:aws:iam::111122223333:root"), finding.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			w := newKeyWorld(t, forRoot)
			entry := w.root["keys"].(map[string]any)[keyARN].(map[string]any)
			if entry["Grants"] = c.grants; c.grants == nil {
				delete(entry, "Grants")
			}
			w.kms(t, c.want)
			w.root["resource_policies"].(map[string]any)[keyARN] = doc(t, []string{forRoot, `{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}`})
			w.kms(t, finding.Fail, "is denied by")
		})
	}
}

// TestManagedKey: aws/s3 serves every principal of its account through S3, and nobody else.
func TestManagedKey(t *testing.T) {
	for _, id := range []string{"", "alias/aws/s3", "arn:aws:kms:us-west-2:111122223333:alias/aws/s3"} {
		w := newWorld(t)
		w.encrypt("aws:kms", id, true)
		w.kms(t, finding.Pass, "AWS writes that policy", "conditions-kms-via-service")
		w.permit(`{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*"}`)
		w.kms(t, finding.Unknown, "is denied by", "describe-key --key-id alias/aws/s3")
		w.permit(`{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "` + keyARN + `"}`)
		w.kms(t, finding.Unknown, "alias/aws/s3")
		w.permit(`{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`)
		w.kms(t, finding.Unknown, "aws:SourceVpce")
	}
	for _, id := range []string{"", "alias/aws/s3", "arn:aws:kms:us-west-2:444455556666:alias/aws/s3"} {
		w := newWorld(t)
		w.bucket()["Account"] = other
		w.encrypt("aws:kms", id, true)
		w.kms(t, finding.Fail, "the AWS managed key aws/s3 of another account", "customer managed key")
	}
}

// TestKeyNames: what is no ARN is taken for a key only where it can't mean another.
func TestKeyNames(t *testing.T) {
	tests := []struct {
		id, owner string
		want      finding.Status
		saying    string
	}{
		{"1234", home, finding.Pass, keyARN},
		{"1234", other, finding.Unknown, farKey},
		{"alias/k", home, finding.Unknown, "alias/k"},
		{"arn:aws:kms:us-west-2:111122223333:alias/k", home, finding.Unknown, "by its ARN"},
		{"arn:aws:kms:us-west-2:444455556666:alias/aws/s3", home, finding.Unknown, "alias"},
	}
	for _, tt := range tests {
		w := newKeyWorld(t, useKey)
		w.bucket()["Account"] = tt.owner
		w.encrypt("aws:kms", tt.id, true)
		w.kms(t, tt.want, tt.saying)
	}
	w := newKeyWorld(t, useKey)
	w.encrypt("something-new", "", false)
	w.kms(t, finding.Unknown, "does not know")
	delete(w.bucket(), "ServerSideEncryptionConfiguration")
	w.kms(t, finding.Unknown, "the snapshot does not hold it")
	w.encrypt("aws:kms", keyARN, true)
	delete(w.bucket(), "BucketRegion")
	w.kms(t, finding.Unknown, "owner and region")
}

// TestKeyAcrossAccounts: both sides must allow.
func TestKeyAcrossAccounts(t *testing.T) {
	for name, c := range map[string]struct {
		key, own string
		want     finding.Status
	}{
		"both": {useKey, useKeys, finding.Pass}, "the key only": {useKey, "", finding.Fail}, "the role only": {strings.ReplaceAll(useKey, home, other), useKeys, finding.Fail},
		"the account": {forRoot, useKeys, finding.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.encrypt("aws:kms", farKey, true)
			w.key(farKey, c.key)
			if c.own != "" {
				w.permit(c.own)
			}
			f := w.kms(t, c.want)
			if c.want == finding.Fail {
				says(t, f, `"kms:GenerateDataKey"`)
			}
		})
	}
}

// TestKeyMend: each mend is enough when it is put where its words say, and each of its actions is needed.
func TestKeyMend(t *testing.T) {
	w := newKeyWorld(t, forRoot)
	f := w.kms(t, finding.Fail, "add this statement to the policy of the key "+keyARN)
	_, text, _ := strings.Cut(f.Hint, "\n")
	var s map[string]any
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%v\n%s", err, f.Hint)
	}
	newKeyWorld(t, forRoot, text).kms(t, finding.Pass)
	for i, action := range s["Action"].([]any) {
		less, _ := json.Marshal(map[string]any{"Effect": "Allow", "Principal": s["Principal"], "Resource": "*", "Action": s["Action"].([]any)[1-i]})
		if newKeyWorld(t, forRoot, string(less)).judged(subject())[finding.KMSUse].Status == finding.Pass {
			t.Errorf("%v is not needed", action)
		}
	}
	bounded := newKeyWorld(t, forRoot)
	bounded.role("ml-train")["PermissionsBoundary"] = map[string]any{"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/fence"}
	bounded.iam()["Policies"] = []any{map[string]any{"Arn": "arn:aws:iam::111122223333:policy/fence", "DefaultVersionId": "v1", "PolicyVersionList": []any{
		map[string]any{"VersionId": "v1", "IsDefaultVersion": true, "Document": doc(t, []string{`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`})}}}}
	if f := bounded.kms(t, finding.Fail); strings.Contains(f.Hint, "Statement") {
		t.Errorf("no added Allow mends a boundary: %s", f.Hint)
	}
}
