package check

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ccx/transform/finding"
)

// TestKeyAndRepositoryDocuments: each document is enough when it is put in place of what is there, and keeps that.
func TestKeyAndRepositoryDocuments(t *testing.T) {
	s := withImage(imageHere)
	s.Profile, s.Role = "", nodeRole
	tests := []struct {
		name, arn string
		code      finding.Code
		make      func() *world
		keeps     []string
	}{
		{"key", keyARN, finding.KMSUse, func() *world { return newKeyWorld(t, forRoot) }, []string{home + ":root", `"kms:*"`, "allow-role-access"}},
		{"repository", repositoryOf(home), finding.ECRPull, func() *world {
			w := newWorld(t)
			w.permit(login)
			w.repository(home, strings.Replace(letPull, "ml-train", "other", 1))
			return w
		}, []string{"role/other", "AllowPull"}},
		{"repository", repositoryOf(home), finding.ECRPull, func() *world {
			w := newWorld(t)
			w.permit(login)
			w.repository(home)
			return w
		}, []string{"2012-10-17"}},
	}
	for _, tt := range tests {
		w := tt.make()
		text, found := Document(tt.name, s, w.facts(), Form{})
		var put any
		if err := json.Unmarshal([]byte(text), &put); err != nil || len(found) > 0 {
			t.Fatalf("%v %v\n%s", err, found, text)
		}
		for _, kept := range tt.keeps {
			if !strings.Contains(text, kept) {
				t.Errorf("%s lost %s:\n%s", tt.name, kept, text)
			}
		}
		w.expect(s, map[finding.Code]finding.Status{tt.code: finding.Fail})
		w.root["resource_policies"].(map[string]any)[tt.arn] = put
		w.expect(s, map[finding.Code]finding.Status{tt.code: finding.Pass})
	}
}

// TestDocumentsThatWouldLoseSomething: what was not read, can't be named or grows too large is not replaced.
func TestDocumentsThatWouldLoseSomething(t *testing.T) {
	s := withImage(imageHere)
	s.Profile, s.Role = "", nodeRole
	tests := []struct {
		name, document, saying string
		status                 finding.Status
		change                 func(*world)
	}{
		{"key policy not read", "key", "has now", finding.Unknown, func(w *world) { delete(w.root["resource_policies"].(map[string]any), keyARN) }},
		{"alias", "key", "which key", finding.Unknown, func(w *world) { w.encrypt("aws:kms", "alias/k", true) }},
		{"aws/s3", "key", "can't be changed", finding.Fail, func(w *world) { w.encrypt("aws:kms", "", true) }},
		{"no key", "key", "no KMS key", finding.Fail, func(w *world) { w.encrypt("AES256", "", false) }},
		{"encryption not read", "key", "encrypted", finding.Unknown, func(w *world) { delete(w.bucket(), "ServerSideEncryptionConfiguration") }},
		{"bucket not read", "key", "encrypted", finding.Unknown, func(w *world) { delete(w.root["buckets"].(map[string]any), "acme-anyscale") }},
		{"key policy too large", "key", "KMS takes 32768", finding.Fail, func(w *world) { w.key(keyARN, strings.Replace(forRoot, "kms:*", "kms:"+strings.Repeat("x", 33000), 1)) }},
		{"repository policy not read", "repository", "has now", finding.Unknown, func(w *world) { delete(w.root["resource_policies"].(map[string]any), repositoryOf(home)) }},
		{"repository policy too large", "repository", "ECR takes 10240", finding.Fail, func(w *world) {
			w.repository(home, strings.Replace(letPull, "ml-train", strings.Repeat("x", 10000), 1))
		}},
		{"no such repository", "repository", "no repository", finding.Fail, func(w *world) { w.root["repositories"] = map[string]any{repositoryOf(home): nil} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newKeyWorld(t, forRoot)
			w.repository(home)
			tt.change(w)
			text, found := Document(tt.document, s, w.facts(), Form{})
			if text != "" || len(found) != 1 || found[0].Status != tt.status || !strings.Contains(found[0].Message, tt.saying) || found[0].Hint == "" {
				t.Errorf("%q %+v", text, found)
			}
			alone, found := Document(tt.document, s, w.facts(), Form{StatementOnly: true})
			if !strings.Contains(alone, nodeRole) || len(found) > 0 {
				t.Errorf("the statement alone: %s %v", alone, found)
			}
		})
	}
}

// TestIdentityDocumentHasEverything: bucket, its key, images and what else is required, each statement under a name of its own.
func TestIdentityDocumentHasEverything(t *testing.T) {
	s := requiring(t, "sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:jobs", "sqs:ReceiveMessage=arn:aws:sqs:us-west-2:111122223333:jobs")
	s.Images = append(withImage(imageHere).Images, Image{URI: "anyscale/ray:1"})
	s.Profile, s.Role = "", nodeRole
	w := newKeyWorld(t, forRoot)
	w.repository(home)
	text, found := Document("identity", s, w.facts(), Form{})
	var put any
	if err := json.Unmarshal([]byte(text), &put); err != nil || len(found) > 0 {
		t.Fatalf("%v %v\n%s", err, found, text)
	}
	w.role("ml-train")["RolePolicyList"] = []any{map[string]any{"PolicyName": "new", "PolicyDocument": put}}
	w.expect(s, map[finding.Code]finding.Status{finding.KMSUse: finding.Pass, finding.ECRLogin: finding.Pass, finding.RequireAccess: finding.Pass, finding.S3Write: finding.Pass})
	if sids := regexp.MustCompile(`"Sid": "(.*)"`).FindAllString(text, -1); len(sids) != 7 || len(slices.Compact(slices.Sorted(slices.Values(sids)))) != 7 {
		t.Errorf("Sids: %v", sids)
	}
	if text, _ := Document("identity", s, nil, Form{}); !strings.Contains(text, "PullTheImage") {
		t.Errorf("without facts: %s", text)
	}
}

// TestReaderGrantsWhatLiveCalls: each operation that package live names is in the reader's document, and nothing else is.
func TestReaderGrantsWhatLiveCalls(t *testing.T) {
	named := map[string]bool{}
	files, err := os.ReadDir("../live")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`operation\{(?:name: )?"([a-z0-9]+:[A-Za-z]+)"`)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") || strings.HasPrefix(file.Name(), "probe") || file.Name() == "simulator.go" {
			continue // a probe has the node's rights, not the reader's; and the simulator tells more than a reader need know
		}
		text, err := os.ReadFile("../live/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			if m[1] != "sts:GetCallerIdentity" { // needs no permission
				named[m[1]] = true
			}
		}
	}
	if len(named) < 19 {
		t.Fatalf("only %d operations found: %v", len(named), named)
	}
	text, _ := Document("reader", subject(), nil, Form{})
	for _, m := range regexp.MustCompile(`"([a-z0-9]+:[A-Z][A-Za-z]+)"`).FindAllStringSubmatch(text, -1) {
		if !named[m[1]] {
			t.Errorf("%s is granted and never called", m[1])
		}
		delete(named, m[1])
	}
	for operation := range named {
		t.Errorf("%s is called and not granted", operation)
	}
}
