package check

import (
	"encoding/json"
	"strings"
	"testing"

	"ccx/transform/finding"
)

const secret = "arn:aws:secretsmanager:us-west-2:111122223333:secret:ml-a1b2c3"

func requiring(t *testing.T, values ...string) Subject {
	t.Helper()
	s := subject()
	for _, v := range values {
		r, fault := ParseRequire(v)
		if fault != nil {
			t.Fatalf("%s: %+v", v, fault)
		}
		s.Requires = append(s.Requires, r)
	}
	return s
}

// TestRequireOtherServices: the role's side is decided; the resource's policy counts when the snapshot has it, else it is
// assumed to say nothing, and that is said.
func TestRequireOtherServices(t *testing.T) {
	get := "secretsmanager:GetSecretValue=" + secret
	allow := `{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "` + secret + `"}`
	deny := `{"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}`
	grant := `{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}`
	far := strings.Replace(get, home, other, 1)
	tests := []struct {
		name, value, own, arn, policy string
		want                          finding.Status
		assumed                       bool
		saying                        string
	}{
		{"the role allows", get, allow, "", "", finding.Pass, true, ""},
		{"nobody allows", get, "", "", "", finding.Fail, false, "NodesNeed"},
		{"the resource has no policy", get, allow, secret, "null", finding.Pass, false, ""},
		{"the resource allows", get, "", secret, grant, finding.Pass, false, "resource policy of " + secret},
		{"the resource denies", get, allow, secret, deny, finding.Fail, false, "the resource's owner must exempt"},
		{"one under the pattern denies", strings.Replace(get, "a1b2c3", "*", 1), strings.Replace(allow, "a1b2c3", "*", 1), secret, deny, finding.Unknown, false, "covers a part of it"},
		{"a pattern wider than the grant", strings.Replace(get, "a1b2c3", "*", 1), allow, "", "", finding.Fail, false, "NodesNeed"},
		{"a pattern", strings.Replace(get, "ml-a1b2c3", "ml-??????", 1), strings.Replace(allow, "ml-a1b2c3", "ml-*", 1), "", "", finding.Pass, true, ""},
		{"across accounts, not read", far, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`, "", "", finding.Unknown, false, "the snapshot does not hold it"},
		{"across accounts, both", far, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`, strings.Replace(secret, home, other, 1), grant, finding.Pass, false, ""},
		{"no resource", "ec2:DescribeInstances=*", `{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}`, "", "", finding.Pass, false, ""},
		{"no resource, not allowed", "ec2:DescribeInstances=*", "", "", "", finding.Fail, false, "NodesNeed"},
		{"the worst of two actions", "sqs:SendMessage,sqs:DeleteMessage=arn:aws:sqs:us-west-2:111122223333:jobs", `{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}`, "", "", finding.Fail, false, "sqs:DeleteMessage on"},
		{"another partition", "sqs:SendMessage=arn:aws-cn:sqs:cn-north-1:111122223333:jobs", `{"Effect": "Allow", "Action": "*", "Resource": "*"}`, "", "", finding.Fail, false, "partition"},
		{"depends on the network", get, strings.TrimSuffix(allow, "}") + `, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}`, "", "", finding.Unknown, false, "aws:SourceVpc"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			if tt.own != "" {
				w.permit(tt.own)
			}
			policies := w.root["resource_policies"].(map[string]any)
			switch tt.policy {
			case "":
			case "null":
				policies[tt.arn] = nil
			default:
				policies[tt.arn] = doc(t, []string{tt.policy})
			}
			got := w.expect(requiring(t, tt.value), map[finding.Code]finding.Status{finding.RequireAccess: tt.want})
			says(t, got[finding.RequireAccess], tt.saying)
			note, assumed := got[finding.AssumeResource]
			if assumed != tt.assumed || assumed && (note.Level != finding.Note || note.Stops()) {
				t.Errorf("assumed: %v: %+v", assumed, note)
			}
		})
	}
	w := newWorld(t)
	w.permit(allow)
	s := requiring(t, get)
	s.Assume = 0
	w.expect(s, map[finding.Code]finding.Status{finding.RequireAccess: finding.Unknown})
}

// TestRequireS3: another bucket, with its own policy, owner and object ownership.
func TestRequireS3(t *testing.T) {
	lake := func(w *world, account string, policy any) {
		w.root["buckets"].(map[string]any)["lake"] = map[string]any{"Account": account, "BucketRegion": "us-west-2",
			"PublicAccessBlockConfiguration": nil, "OwnershipControls": map[string]any{"Rules": []any{map[string]any{"ObjectOwnership": "BucketOwnerEnforced"}}}}
		w.root["resource_policies"].(map[string]any)["arn:aws:s3:::lake"] = policy
		w.root["public_access_blocks"] = map[string]any{other: nil, home: nil}
	}
	share := doc(t, []string{`{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": "s3:*", "Resource": ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"]}`})
	get := "s3:GetObject=arn:aws:s3:::lake/curated/*"
	for name, c := range map[string]struct {
		value  string
		change func(*world)
		want   finding.Status
		saying string
	}{
		"the bucket's policy": {get, func(w *world) { lake(w, home, share) }, finding.Pass, "the bucket policy of lake"},
		"listing it":          {"s3:ListBucket=arn:aws:s3:::lake", func(w *world) { lake(w, home, share) }, finding.Pass, ""},
		"nobody":              {get, func(w *world) { lake(w, home, nil) }, finding.Fail, "NodesNeed"},
		"across accounts": {get, func(w *world) {
			lake(w, other, share)
			w.permit(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`)
		}, finding.Pass, ""},
		"across, one side":     {get, func(w *world) { lake(w, other, share) }, finding.Fail, "NodesNeed"},
		"across, neither side": {get, func(w *world) { lake(w, other, nil) }, finding.Fail, "both need it"},
		"foreign objects": {get, func(w *world) {
			lake(w, other, share)
			w.permit(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`)
			w.root["buckets"].(map[string]any)["lake"].(map[string]any)["OwnershipControls"] = nil
		}, finding.Unknown, "object ownership"},
		"no such bucket": {get, func(w *world) { w.root["buckets"].(map[string]any)["lake"] = nil }, finding.Fail, "there is no bucket"},
		"not recorded":   {get, func(*world) {}, finding.Unknown, "the bucket policy of lake"},
		"any bucket":     {"s3:GetObject=arn:aws:s3:::l*/x", func(w *world) { lake(w, home, share) }, finding.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.change(w)
			says(t, w.expect(requiring(t, c.value), map[finding.Code]finding.Status{finding.RequireAccess: c.want})[finding.RequireAccess], c.saying)
		})
	}
}

// TestRequireKMSAndRoles: a node's own calls to a key, a repository and a role to assume.
func TestRequireKMSAndRoles(t *testing.T) {
	via := strings.TrimSuffix(useKey, "}") + `, "Condition": {"StringEquals": {"kms:ViaService": "s3.us-west-2.amazonaws.com"}}}`
	trusting := `"Principal": {"AWS": "` + nodeRole + `"}, "Action": "sts:AssumeRole"`
	trust := func(w *world) {
		w.role("vision-nodes")["AssumeRolePolicyDocument"] = doc(t, []string{`{"Effect": "Allow", ` + trusting + `}`})
	}
	assume := "sts:AssumeRole=arn:aws:iam::111122223333:role/vision-nodes"
	for name, c := range map[string]struct {
		value  string
		change func(*world)
		want   finding.Status
	}{
		"key":               {"kms:Decrypt=" + keyARN, func(w *world) { w.key(keyARN, useKey) }, finding.Pass},
		"key, via S3 only":  {"kms:Decrypt=" + keyARN, func(w *world) { w.key(keyARN, via) }, finding.Fail},
		"key, not recorded": {"kms:Decrypt=" + keyARN, func(*world) {}, finding.Unknown},
		"any key":           {"kms:Decrypt=arn:aws:kms:us-west-2:111122223333:key/*", func(w *world) { w.key(keyARN, useKey); w.permit(useKeys) }, finding.Unknown},
		"no such key":       {"kms:Decrypt=" + keyARN, func(w *world) { w.key(keyARN); w.root["keys"].(map[string]any)[keyARN] = nil }, finding.Fail},
		"repository": {"ecr:PutImage=" + repositoryOf(home), func(w *world) {
			w.repository(home)
			w.permit(`{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}`)
		}, finding.Pass},
		"repository, no":    {"ecr:PutImage=" + repositoryOf(home), func(w *world) { w.repository(home) }, finding.Fail},
		"role":              {assume, trust, finding.Pass},
		"role, not trusted": {assume, func(w *world) { w.permit(`{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}`) }, finding.Fail},
		"role, not known": {assume + "-2", func(w *world) {
			delete(w.iam(), "Whole")
			w.permit(`{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}`)
		}, finding.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.change(w)
			w.expect(requiring(t, c.value), map[finding.Code]finding.Status{finding.RequireAccess: c.want})
		})
	}
	w := Wants(requiring(t, "kms:Decrypt="+keyARN, "ecr:PutImage="+repositoryOf(home), "s3:GetObject=arn:aws:s3:::lake/*", assume, "sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:q"))
	if len(w.Keys) != 1 || len(w.Repositories) != 1 || len(w.Buckets) != 2 || len(w.Roles) != 2 {
		t.Errorf("%+v", w)
	}
}

// TestRequireMend: the mend is enough.
func TestRequireMend(t *testing.T) {
	s := requiring(t, "sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:jobs")
	w := newWorld(t)
	_, text, _ := strings.Cut(w.judged(s)[finding.RequireAccess].Hint, "\n")
	var doc struct{ Statement []json.RawMessage }
	if err := json.Unmarshal([]byte(text), &doc); err != nil || len(doc.Statement) != 1 {
		t.Fatalf("%v: %s", err, text)
	}
	w.permit(string(doc.Statement[0]))
	w.expect(s, map[finding.Code]finding.Status{finding.RequireAccess: finding.Pass})
	w.permit(`{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}`)
	if f := w.judged(s)[finding.RequireAccess]; !strings.Contains(f.Hint, "can't be outvoted") {
		t.Errorf("%+v", f)
	}
	s.Profile = home
	w.role("ml-train")["InstanceProfileList"].([]any)[0].(map[string]any)["Roles"] = []any{}
	s.Profile = nodeARN
	w.expect(s, map[finding.Code]finding.Status{finding.RequireAccess: finding.Skipped})
}

// TestParseRequire: what is no requirement is refused, at the part that is wrong.
func TestParseRequire(t *testing.T) {
	for value, want := range map[string]string{
		"": "not ACTION", "s3:GetObject": "not ACTION", "=arn:aws:s3:::b/*": "not ACTION", "s3:GetObject=": "not ACTION",
		"s3:*=arn:aws:s3:::b/*": "not one action", "GetObject=arn:aws:s3:::b/*": "not one action", "s3:GetObject,=arn:aws:s3:::b/*": "not one action",
		"s3:ListObjectsV2=arn:aws:s3:::b": "a request, not an action", "s3:GetObject=b": "no whole ARN", "s3:GetObject=arn:aws:s3:::": "no whole ARN",
		"s3:GetObject=arn:amazon:s3:::b/*": "no AWS partition", "sqs:SendMessage=arn:aws:sqs:*:111122223333:q": "must be named",
		"sqs:SendMessage=arn:aws:sqs:us-west-2:11112222333:q": "digits", "sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:${q}": "variables",
		"s3:GetObject=arn:aws:kms:us-west-2:111122223333:key/1": "does nothing to a resource of kms", "kms:Decrypt=arn:aws:sqs:us-west-2:111122223333:q": "does nothing",
		"s3:GetObject=*": "needs a resource", "kms:Decrypt=*": "needs a resource", "s3:GetObject=arn:aws:s3:::b": "is about objects", "s3:ListBucket=arn:aws:s3:::b/*": "about the bucket",
	} {
		_, fault := ParseRequire(value)
		if fault == nil || !strings.Contains(fault.Message, want) || fault.Hint == "" || fault.End > len(value) || fault.Start > fault.End {
			t.Errorf("%s: %+v, want %s", value, fault, want)
		}
	}
	r, fault := ParseRequire("sqs:SendMessage,sqs:ReceiveMessage=arn:aws:sqs:us-west-2:111122223333:a=b")
	if fault != nil || len(r.Actions) != 2 || !strings.HasSuffix(r.ARN, ":a=b") {
		t.Errorf("%+v %+v", r, fault)
	}
	for _, value := range []string{"kms:ListKeys=*", "ec2:DescribeInstances=*", "s3:GetObject=arn:aws:s3:::b/*", "s3:ListBucket=arn:aws:s3:::b", "bedrock:InvokeModel=arn:aws:bedrock:us-west-2::foundation-model/m"} {
		if _, fault := ParseRequire(value); fault != nil {
			t.Errorf("%s: %+v", value, fault)
		}
	}
}
