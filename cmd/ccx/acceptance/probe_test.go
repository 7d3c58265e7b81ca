//go:build acceptance

package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// factSet is a role and a bucket with their policies: what is predicted of them, and what a node then finds.
type factSet struct {
	name     string
	identity []string // statements of the role's own policy
	bucket   []string // statements of the bucket's policy
	boundary []string // statements of the boundary; nil: none
	owner    string   // of the bucket; "": ours
	key      []string // statements of the policy of the bucket's KMS key; nil: no key
	image    []string // statements of the policy of the image's repository, which exists; nil: no image
	prefix   string
	fails    []string          // the checks that are predicted to fail; all others pass
	unknown  []string          // those that can't be told
	differs  map[string]string // where prediction and server differ, and why
	attached bool              // the role's policy is a managed one
	called   [2]string         // role and bucket, where the names matter
}

// In the statements, ROLE stands for the role's ARN, BUCKET for the bucket's.
const (
	allObjects  = `"Resource": "BUCKET/*"`
	theBucket   = `"Resource": "BUCKET"`
	everything  = `"Resource": ["BUCKET", "BUCKET/*"]`
	toTheRole   = `"Principal": {"AWS": "ROLE"}`
	eight       = `"Action": ["s3:PutObject", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload", "s3:GetBucketLocation"]`
	allowEight  = `{"Effect": "Allow", ` + eight + `, ` + everything + `}`
	grantEight  = `{"Effect": "Allow", ` + toTheRole + `, ` + eight + `, ` + everything + `}`
	allowMinima = `{"Effect": "Allow", "Action": "s3:ListBucket", ` + theBucket + `}`
	allowObject = `{"Effect": "Allow", "Action": "s3:*Object", ` + allObjects + `}`
	allowS3     = `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
	delegateKey = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::` + ours + `:root"}, "Action": "kms:*", "Resource": "*"}`
	manageKey   = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::` + ours + `:root"}, "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:Put*"], "Resource": "*"}`
	useKey      = `{"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}`
	login       = `{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}`
	pull        = `{"Effect": "Allow", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "Resource": "*"}`
	noLayer     = `{"Effect": "Deny", "Action": "ecr:GetDownloadUrlForLayer", "Resource": "*"}`
	grantPull   = `{"Effect": "Allow", ` + toTheRole + `, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}`
)

func allow(actions, resource string) string {
	return `{"Effect": "Allow", "Action": ` + actions + `, ` + resource + `}`
}

// Why prediction and server may differ. MiniStack's gaps are those of version 1.5.33.
const (
	noKeyCheck   = "MiniStack: PutObject and GetObject do not ask for the bucket's KMS key"
	sessionARN   = "MiniStack: aws:PrincipalArn is the session's ARN, where AWS has the role's"
	noVariables  = "MiniStack: policy variables are not replaced"
	notPrincipal = "MiniStack: a Deny with NotPrincipal is passed over"
	foreignRole  = "MiniStack: across accounts, a bucket's policy is asked for the caller's account, not for its role"
	plainHTTP    = "the server speaks HTTP, and ccx takes nodes to speak HTTPS"
	oneKey       = "a probe tries one key, and the prediction is for every key"
)

var (
	four   = []string{"s3/list", "s3/read", "s3/write", "s3/delete"}
	six    = append(slices.Clone(four), "s3/multipart", "s3/location")
	object = []string{"s3/read", "s3/write", "s3/delete", "s3/multipart"}
)

// all gives codes one reason to differ.
func all(reason string, codes ...string) map[string]string {
	out := map[string]string{}
	for _, code := range codes {
		out[code] = reason
	}
	return out
}

var factSets = []factSet{
	{name: "identity policy only", identity: []string{allowEight}},
	{name: "bucket policy only", bucket: []string{grantEight}},
	{name: "both", identity: []string{allowEight}, bucket: []string{grantEight}},
	{name: "half here, half there", identity: []string{allow(`["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"]`, everything)},
		bucket: []string{`{"Effect": "Allow", ` + toTheRole + `, "Action": ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], ` + allObjects + `}`,
			`{"Effect": "Allow", ` + toTheRole + `, "Action": "s3:ListBucketMultipartUploads", ` + theBucket + `}`}},
	{name: "neither", fails: six},
	{name: "managed policy", identity: []string{allowEight}, attached: true},
	{name: "everything in S3", identity: []string{allowS3}},
	{name: "the documented minimum", identity: []string{allowMinima, allowObject}, fails: []string{"s3/multipart", "s3/location"}},
	{name: "no multipart", identity: []string{allow(`["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketLocation"]`, everything)}, fails: []string{"s3/multipart"}},
	{name: "no location", identity: []string{allowEight, `{"Effect": "Deny", "Action": "s3:GetBucketLocation", "Resource": "*"}`}, fails: []string{"s3/location"}},
	{name: "no write", identity: []string{allowEight, `{"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}`}, fails: []string{"s3/write"}},
	{name: "no delete", identity: []string{allowEight, `{"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}`}, fails: []string{"s3/delete"}},
	{name: "no read", identity: []string{allowEight, `{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}`}, fails: []string{"s3/read"}},
	{name: "no list", identity: []string{allowEight, `{"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "*"}`}, fails: []string{"s3/list"}},
	{name: "read only", identity: []string{allow(`["s3:Get*", "s3:List*"]`, everything)}, fails: []string{"s3/write", "s3/delete", "s3/multipart"}},
	{name: "the bucket's level only", identity: []string{allow(`"s3:*"`, theBucket)}, fails: object},
	{name: "the objects' level only", identity: []string{allow(`"s3:*"`, allObjects)}, fails: []string{"s3/list", "s3/multipart", "s3/location"}},
	{name: "another bucket whose name begins with it", identity: []string{allow(`"s3:*"`, `"Resource": ["BUCKET-2", "BUCKET-2/*"]`)}, fails: six},
	{name: "actions in capitals", identity: []string{allow(`["S3:PUTOBJECT", "S3:GETobject", "s3:deleteobject", "S3:listbucket*", "s3:ABORT*", "s3:listMULTI*", "s3:getbucketlocation"]`, everything)}},
	{name: "NotAction", identity: []string{`{"Effect": "Allow", "NotAction": ["iam:*", "s3:DeleteObject"], "Resource": "*"}`}, fails: []string{"s3/delete"}},
	{name: "NotResource", identity: []string{allowEight, `{"Effect": "Deny", "Action": "s3:PutObject", "NotResource": "BUCKET/open/*"}`}, prefix: "closed/", fails: []string{"s3/write"}},
	{name: "NotResource, the part that is open", identity: []string{allowEight, `{"Effect": "Deny", "Action": "s3:PutObject", "NotResource": "BUCKET/open/*"}`}, prefix: "open/"},
	{name: "deny on the prefix", identity: []string{allowEight}, bucket: []string{`{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "BUCKET/models/*"}`}, prefix: "models/", fails: []string{"s3/write"}},
	{name: "deny on another prefix", identity: []string{allowEight}, bucket: []string{`{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "BUCKET/models/*"}`}, prefix: "data/"},
	{name: "deny on some keys", identity: []string{allowEight}, bucket: []string{`{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "BUCKET/models/*"}`}, fails: []string{"s3/write"},
		differs: all(oneKey, "s3/write")},
	{name: "list under the prefix only", identity: []string{allow(`"s3:*Object"`, allObjects), `{"Effect": "Allow", "Action": "s3:ListBucket", ` + theBucket + `, "Condition": {"StringLike": {"s3:prefix": "org/*"}}}`},
		prefix: "org/", fails: []string{"s3/multipart", "s3/location"}},
	{name: "boundary without S3", bucket: []string{grantEight}, boundary: []string{`{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`}, fails: six},
	{name: "boundary with S3", identity: []string{allowEight}, boundary: []string{allowS3}},
	{name: "boundary without delete", identity: []string{allowS3}, boundary: []string{`{"Effect": "Allow", "NotAction": "s3:DeleteObject", "Resource": "*"}`}, fails: []string{"s3/delete"}},
	{name: "bucket policy names the account", bucket: []string{strings.ReplaceAll(grantEight, "ROLE", "arn:aws:iam::"+ours+":root")}, fails: six},
	{name: "bucket policy names the account, identity allows", identity: []string{allowEight}, bucket: []string{strings.ReplaceAll(grantEight, "ROLE", "arn:aws:iam::"+ours+":root")}},
	{name: "bucket policy names another role", bucket: []string{strings.ReplaceAll(grantEight, "ROLE", "ROLE-2")}, fails: six},
	{name: "bucket policy with the account as a condition", bucket: []string{strings.Replace(strings.ReplaceAll(grantEight, `{"AWS": "ROLE"}`, `{"AWS": "*"}`), `"Effect"`, `"Condition": {"StringEquals": {"aws:PrincipalAccount": "`+ours+`"}}, "Effect"`, 1)}},
	{name: "a grant whose time is over", identity: []string{strings.Replace(allowEight, `"Effect"`, `"Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, "Effect"`, 1)}, fails: six},
	{name: "deny without TLS", identity: []string{allowEight}, bucket: []string{`{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` + everything + `, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`},
		differs: all(plainHTTP, "s3/list", "s3/read", "s3/write", "s3/location")},
	{name: "deny from outside the office", identity: []string{allowEight}, bucket: []string{`{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` + everything + `, "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`}, unknown: six},
	{name: "deny all roles but one by aws:PrincipalArn", identity: []string{allowEight}, bucket: []string{`{"Effect": "Deny", "Principal": "*", "Action": "s3:*", ` + everything + `, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "ROLE"}}}`},
		differs: all(sessionARN, "s3/list", "s3/read", "s3/write", "s3/location")},
	{name: "a key of one's own by a variable", identity: []string{allowMinima, allow(`"s3:*Object"`, `"Resource": "BUCKET/${aws:PrincipalAccount}/*"`)}, prefix: ours + "/", fails: []string{"s3/multipart", "s3/location"},
		differs: all(noVariables, "s3/read", "s3/write")},
	{name: "NotPrincipal", identity: []string{allowEight}, bucket: []string{`{"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::` + ours + `:role/other"}, "Action": "s3:*", ` + everything + `}`}, fails: six, differs: all(notPrincipal, six...)},
	{name: "another account's bucket, both sides", owner: theirs, identity: []string{allowEight}, bucket: []string{strings.ReplaceAll(grantEight, "ROLE", "arn:aws:iam::"+ours+":root")}},
	{name: "another account's bucket, which names the role", owner: theirs, identity: []string{allowEight}, bucket: []string{grantEight},
		differs: all(foreignRole, "s3/list", "s3/write", "s3/location")},
	{name: "another account's bucket, which has a Deny", owner: theirs, identity: []string{allowEight},
		bucket: []string{strings.ReplaceAll(grantEight, "ROLE", "arn:aws:iam::"+ours+":root"), `{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::` + ours + `:root"}, "Action": "s3:DeleteObject", ` + allObjects + `}`}, fails: []string{"s3/delete"}},
	{name: "another account's bucket, identity only", owner: theirs, identity: []string{allowEight}, fails: six},
	{name: "another account's bucket, bucket policy only", owner: theirs, bucket: []string{grantEight}, fails: six},
	{name: "key that delegates, identity allows", identity: []string{allowEight, useKey}, key: []string{delegateKey}},
	{name: "key that names the role", identity: []string{allowEight}, key: []string{manageKey, `{"Effect": "Allow", ` + toTheRole + `, "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}`}},
	{name: "key that nobody lets the role use", identity: []string{allowEight}, key: []string{delegateKey}, fails: []string{"kms/use"}, differs: all(noKeyCheck, "kms/use")},
	{name: "image, identity allows", identity: []string{allowEight, login, pull}, image: []string{}},
	{name: "image, repository grants", identity: []string{allowEight, login}, image: []string{grantPull}},
	{name: "image without a token", identity: []string{allowEight, pull}, image: []string{}, fails: []string{"ecr/login"}},
	{name: "image whose layers may not be had", identity: []string{allowEight, login, pull, noLayer}, image: []string{}, fails: []string{"ecr/pull"}},
	{name: "image without the right to pull", identity: []string{allowEight, login}, image: []string{}, fails: []string{"ecr/pull"}},
}

// probes are the checks with the codes under which a probe finds the same.
var probes = map[string]string{
	"s3/list": "probe/list", "s3/read": "probe/read", "s3/write": "probe/write", "s3/delete": "probe/delete", "s3/multipart": "probe/multipart",
	"s3/location": "probe/location", "kms/use": "probe/key", "ecr/login": "probe/ecr-login", "ecr/pull": "probe/ecr-pull",
}

// onANode returns the environment of a node whose role is ml-train, which may do all that nodes do in acme-anyscale.
func onANode(t *testing.T) []string {
	t.Helper()
	server, f := miniStack(t), factSet{identity: []string{allowEight}, called: [2]string{"ml-train", "acme-anyscale"}}
	codes, saved := sdkSessions(t, server, f.calls(0))
	for i, code := range codes {
		if code != "" {
			t.Fatalf("call %d: %s", i, code)
		}
	}
	return append(saved["ml-train"].environ(), "AWS_ENDPOINT_URL="+server)
}

// names of what fact set i is about.
func (f factSet) names(i int) (role, bucket string) {
	if f.called[0] != "" {
		return f.called[0], f.called[1]
	}
	return fmt.Sprintf("nodes-%d", i), fmt.Sprintf("acme-%d", i)
}

// document fills in the names.
func (f factSet) document(i int, statements []string) string {
	role, bucket := f.names(i)
	return strings.NewReplacer("ROLE", "arn:aws:iam::"+ours+":role/"+role, "BUCKET", "arn:aws:s3:::"+bucket).Replace(policy(statements...))
}

// calls set the facts up.
func (f factSet) calls(i int) []sdkCall {
	role, bucket := f.names(i)
	owner := f.owner
	if owner == "" {
		owner = ours
	}
	var out []sdkCall
	do := func(as, service, operation string, parameters map[string]any) *sdkCall {
		out = append(out, sdkCall{As: as, Service: service, Operation: operation, Parameters: parameters})
		return &out[len(out)-1]
	}
	trust := policy(`{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`, `{"Effect": "Allow", "Principal": {"AWS": "`+ours+`"}, "Action": "sts:AssumeRole"}`)
	create := map[string]any{"RoleName": role, "AssumeRolePolicyDocument": trust}
	if f.boundary != nil {
		do(ours, "iam", "create_policy", map[string]any{"PolicyName": role + "-fence", "PolicyDocument": f.document(i, f.boundary)})
		create["PermissionsBoundary"] = "arn:aws:iam::" + ours + ":policy/" + role + "-fence"
	}
	do(ours, "iam", "create_role", create)
	do(ours, "iam", "create_instance_profile", map[string]any{"InstanceProfileName": role})
	do(ours, "iam", "add_role_to_instance_profile", map[string]any{"InstanceProfileName": role, "RoleName": role})
	switch {
	case f.attached:
		do(ours, "iam", "create_policy", map[string]any{"PolicyName": role, "PolicyDocument": f.document(i, f.identity)})
		do(ours, "iam", "attach_role_policy", map[string]any{"RoleName": role, "PolicyArn": "arn:aws:iam::" + ours + ":policy/" + role})
	case f.identity != nil:
		do(ours, "iam", "put_role_policy", map[string]any{"RoleName": role, "PolicyName": "own", "PolicyDocument": f.document(i, f.identity)})
	}
	session := map[string]any{"RoleArn": "arn:aws:iam::" + ours + ":role/" + role, "RoleSessionName": "i-0123456789abcdef0"}
	do(ours, "sts", "assume_role", session).Save = role
	do(owner, "s3", "create_bucket", map[string]any{"Bucket": bucket, "CreateBucketConfiguration": map[string]any{"LocationConstraint": "us-west-2"}})
	if f.bucket != nil {
		do(owner, "s3", "put_bucket_policy", map[string]any{"Bucket": bucket, "Policy": f.document(i, f.bucket)})
	}
	if f.key != nil {
		do(owner, "kms", "create_key", map[string]any{"Policy": f.document(i, f.key), "BypassPolicyLockoutSafetyCheck": true}).Keep = []string{"key", "KeyMetadata", "Arn"}
		rule := map[string]any{"ApplyServerSideEncryptionByDefault": map[string]any{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "$key"}}
		do(owner, "s3", "put_bucket_encryption", map[string]any{"Bucket": bucket, "ServerSideEncryptionConfiguration": map[string]any{"Rules": []any{rule}}})
	}
	if f.image != nil {
		do(ours, "ecr", "create_repository", map[string]any{"repositoryName": role})
		do(ours, "ecr", "put_image", map[string]any{"repositoryName": role, "imageTag": "1", "imageManifest": imageManifest})
		if len(f.image) > 0 {
			do(ours, "ecr", "set_repository_policy", map[string]any{"repositoryName": role, "policyText": f.document(i, f.image)})
		}
	}
	return out
}

const imageManifest = `{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}, "layers": []}`

// TestProbeAgrees sets up each fact set on a server that decides, predicts what the nodes can do from the facts that
// the server shows, and then does it as an assumed role. Where both answers are definite they are the same, or the
// reason why not is named.
func TestProbeAgrees(t *testing.T) {
	server := miniStack(t)
	var calls []sdkCall
	for i, f := range factSets {
		calls = append(calls, f.calls(i)...)
	}
	codes, nodes := sdkSessions(t, server, calls)
	for i, code := range codes {
		if code != "" {
			t.Fatalf("the facts could not be set up: %s in %+v", code, calls[i])
		}
	}
	var compared, differing atomic.Int32
	t.Cleanup(func() {
		t.Logf("%d fact sets, %d answers compared, %d of them differ for a named reason", len(factSets), compared.Load(), differing.Load())
	})
	for i, f := range factSets {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			role, _ := f.names(i)
			n := f.agrees(t, server, nodes[role], i)
			compared.Add(int32(n))
			differing.Add(int32(len(f.differs)))
		})
	}
}

func (f factSet) agrees(t *testing.T, server string, node keys, i int) int {
	role, bucket := f.names(i)
	config := "[profile owner]\naws_access_key_id = " + theirs + "\naws_secret_access_key = test\n"
	env := []string{"AWS_ENDPOINT_URL=" + server, "AWS_CONFIG_FILE=" + write(t, "config", config), "AWS_REGION=us-west-2"}
	args := []string{"-b", strings.TrimSuffix("s3://"+bucket+"/"+f.prefix, "/"), "--region", "us-west-2", "--report", "json"}
	if f.prefix != "" {
		args[1] = "s3://" + bucket + "/" + f.prefix
	}
	if f.owner != "" { // which MiniStack does not tell: it takes any ExpectedBucketOwner
		args = append(args, "--bucket-owner", f.owner)
	}
	if f.image != nil {
		args = append(args, "--image", ours+".dkr.ecr.us-west-2.amazonaws.com/"+role+":1")
	}
	root := append(env, keys{ours, "test", ""}.environ()...)
	snapshot := run(t, command{argv: append([]string{the.ccx(), "snapshot", "-p", role, "--account", theirs + "=profile:owner"}, slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--report" || a == "json" })...), env: root})
	facts := write(t, "facts.json", withRegistry(t, snapshot.stdout))
	forecast := run(t, command{argv: append([]string{the.ccx(), "check", "-p", role, "--snapshot", facts}, append(args, "-")...), stdin: goodNew, env: env})
	predicted := statuses(t, forecast)
	probed := append([]string{the.ccx(), "probe", "-r", role, "--write", "--accept-object-lock"}, args...)
	report := run(t, command{argv: probed, env: append(env, node.environ()...)})
	found := statuses(t, report)
	if found["probe/identity"] != "pass" {
		t.Fatalf("the caller is not known: %s%s", report.stdout, report.stderr)
	}
	for code := range probes {
		want := "pass"
		switch {
		case slices.Contains(f.fails, code):
			want = "fail"
		case slices.Contains(f.unknown, code):
			want = "unknown"
		}
		if got := predicted[code]; got != want && got != "skipped" {
			t.Errorf("%s is predicted to be %q, want %q", code, got, want)
		}
	}
	n := f.compare(t, predicted, found)
	if t.Failed() {
		t.Logf("predicted:\n%sfound:\n%s", forecast.stdout, report.stdout)
	}
	return n
}

// withRegistry completes a snapshot: MiniStack knows no registry policies, so that there is none.
func withRegistry(t *testing.T, snapshot string) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(snapshot), &doc); err != nil {
		t.Fatalf("%v: %s", err, snapshot)
	}
	unread, _ := doc["unread"].(map[string]any)
	for key := range unread {
		if arn, ok := strings.CutPrefix(key, "resource_policies/"); ok && strings.HasPrefix(arn, "arn:aws:ecr:") && !strings.Contains(arn, ":repository/") {
			delete(unread, key)
			if doc["resource_policies"] == nil {
				doc["resource_policies"] = map[string]any{}
			}
			doc["resource_policies"].(map[string]any)[arn] = nil
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// compare holds what is definite on both sides together, and returns how many answers that were.
func (f factSet) compare(t *testing.T, predicted, found map[string]string) int {
	definite := func(status string) bool { return status == "pass" || status == "fail" }
	compared := 0
	for _, code := range slices.Sorted(maps.Keys(probes)) {
		was, is, reason := predicted[code], found[probes[code]], f.differs[code]
		if code == "kms/use" && is == "" && found["probe/write"] == "pass" && found["probe/read"] == "pass" {
			is = "pass" // wrote and read with the key
		}
		if !definite(was) || !definite(is) {
			if reason != "" {
				t.Errorf("%s: predicted %q, found %q: there is nothing to differ: %s", code, was, is, reason)
			}
			continue
		}
		compared++
		switch {
		case was != is && reason == "":
			t.Errorf("%s: predicted %q, found %q", code, was, is)
		case was == is && reason != "":
			t.Errorf("%s: both %q, though it was to differ: %s", code, was, reason)
		}
	}
	if compared < 2 && f.unknown == nil {
		t.Errorf("only %d answers could be compared: %v %v", compared, predicted, found)
	}
	return compared
}

// statuses returns the worst status of each code in a JSON report.
func statuses(t *testing.T, got result) map[string]string {
	t.Helper()
	var doc struct {
		Files []struct {
			Findings []struct{ Code, Status, Level string }
		}
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil || got.code == 2 {
		t.Fatalf("exit status %d, %v: %s%s", got.code, err, got.stdout, got.stderr)
	}
	order, worst := []string{"", "skipped", "pass", "unknown", "fail"}, map[string]string{}
	for _, file := range doc.Files {
		for _, one := range file.Findings {
			if one.Level != "note" && slices.Index(order, one.Status) > slices.Index(order, worst[one.Code]) || worst[one.Code] == "" {
				worst[one.Code] = one.Status
			}
		}
	}
	return worst
}
