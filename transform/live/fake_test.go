package live

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	ours   = "111122223333"
	theirs = "444455556666"
)

// fake speaks the wire of STS and IAM (query, XML), of KMS and ECR (JSON) and of S3 (REST) with AWS's manners: accounts by access key, names
// without case, percent-encoded policies, pages, ExpectedBucketOwner, and the region header.
type fake struct {
	t            *testing.T
	url          string
	trips        *trips // nil: answers are not held back
	pageSize     int
	accounts     map[string]*fakeAccount // by access key
	buckets      map[string]*fakeBucket
	keys         map[string]fakeKey                                           // by ARN
	repositories map[string]string                                            // by ARN; "" = no policy
	organization *fakeOrganization                                            // nil: there is none
	registry     string                                                       // each registry's policy; "" = none
	faults       map[string]func(w http.ResponseWriter, r *http.Request) bool // by operation; true: answered

	mu    sync.Mutex
	calls []fakeCall
}

type fakeCall struct {
	operation  string
	key        string // access key
	body       string
	begin, end time.Time
}

type fakeAccount struct {
	id       string
	profiles map[string]fakeProfile
	roles    map[string]fakeRole
	policies map[string]string // ARN -> document
	block    string            // the account's public access block, inner XML; "" = not found
}

type fakeProfile struct {
	arn   string
	roles []string // names
}

type fakeRole struct {
	arn, trust, boundary string
	tags                 map[string]string
	inline               map[string]string
	attached             []string
}

type fakeBucket struct {
	owner, region, policy        string
	encryption, ownership, block string   // inner XML; "" = not found
	closed                       []string // operations refused even to the owner
}

const ec2Trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func policyOf(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`
}

// newFake starts a fake with two accounts and makes the SDK's own credentials those of ours.
func newFake(t *testing.T) *fake {
	f := &fake{t: t, pageSize: 100, faults: map[string]func(http.ResponseWriter, *http.Request) bool{}}
	f.accounts = map[string]*fakeAccount{"AKIAOURS": newAccount(ours), "AKIATHEIRS": newAccount(theirs)}
	f.buckets = map[string]*fakeBucket{"acme": {owner: ours, region: "us-west-2", policy: policyOf("s3:ListBucket"),
		encryption: `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>` + keyOurs + `</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule>`,
		ownership:  `<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>`,
		block:      `<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>`}}
	f.keys, f.repositories = newKeys(), newRepositories()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	configureSDK(t, f.url, "AKIAOURS", "us-west-2")
	return f
}

// configureSDK makes an AWS configuration that has nothing from this machine in it.
func configureSDK(t *testing.T, endpoint, key, region string) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			_ = os.Unsetenv(name)
		}
	}
	config := filepath.Join(t.TempDir(), "config")
	text := "[profile theirs]\naws_access_key_id = AKIATHEIRS\naws_secret_access_key = wJalrXUtnFEMI\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": config + ".none",
		"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_REGION": region,
		"AWS_MAX_ATTEMPTS": "2",
	} {
		t.Setenv(name, value)
	}
	if key == "" {
		_ = os.Unsetenv("AWS_ACCESS_KEY_ID")
		_ = os.Unsetenv("AWS_SECRET_ACCESS_KEY")
	}
}

// newAccount has one node role, in a profile of the same name, with an inline and two managed policies and a boundary.
func newAccount(id string) *fakeAccount {
	arn := func(rest string) string { return "arn:aws:iam::" + id + ":" + rest }
	a := &fakeAccount{id: id, policies: map[string]string{
		"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess": policyOf("s3:Get*"),
		arn("policy/own"):   policyOf("s3:Put*"),
		arn("policy/fence"): policyOf("s3:*"),
	}}
	a.profiles = map[string]fakeProfile{
		"node":  {arn("instance-profile/node"), []string{"node"}},
		"other": {arn("instance-profile/teams/ml/other"), []string{"node"}},
		"empty": {arn("instance-profile/empty"), nil},
	}
	a.roles = map[string]fakeRole{
		"node": {arn: arn("role/teams/node"), trust: ec2Trust, boundary: arn("policy/fence"), tags: map[string]string{"team": "ml"},
			inline:   map[string]string{"s3+more": policyOf("s3:Delete*")},
			attached: []string{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", arn("policy/own")}},
		"plain": {arn: arn("role/plain"), trust: ec2Trust},
	}
	return a
}

var credential = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request`)

// s3Operations are S3's by method and sub-resource.
var s3Operations = map[string]string{
	"HEAD ": "s3:ListBucket", "GET policy": "s3:GetBucketPolicy", "GET encryption": "s3:GetEncryptionConfiguration",
	"GET ownershipControls": "s3:GetBucketOwnershipControls", "GET publicAccessBlock": "s3:GetBucketPublicAccessBlock",
}

// operationOf returns what a request asks for, as its permission is written.
func operationOf(r *http.Request, service string) string {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return service + ":" + targetOf(r)
	case service == "s3" && strings.HasPrefix(r.URL.Path, "/v20180820/"):
		return "s3:GetAccountPublicAccessBlock"
	case service == "s3":
		sub, _, _ := strings.Cut(r.URL.RawQuery, "=")
		return s3Operations[r.Method+" "+sub]
	}
	_ = r.ParseForm()
	return service + ":" + r.Form.Get("Action")
}

// ServeHTTP answers one request and notes when it came and went.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	m := credential.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		f.t.Errorf("a request without a signature: %s %s", r.Method, r.URL)
		return
	}
	if r.Header.Get("X-Amz-Target") != "" {
		body, _ := io.ReadAll(r.Body) // a server notices that a client is gone only when its request is read
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	operation := operationOf(r, m[3])
	answer := httptest.NewRecorder()
	f.mu.Lock()
	fault, caller := f.faults[operation], f.accounts[m[1]]
	f.mu.Unlock()
	if fault != nil && fault(w, r) {
		f.note(operation, m[1], r, begin)
		return
	}
	f.answer(answer, r, operation, caller, m[2])
	f.trips.wait()
	f.note(operation, m[1], r, begin)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (f *fake) note(operation, key string, r *http.Request, begin time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fakeCall{operation, key, r.Form.Encode(), begin, time.Now()})
}

func (f *fake) answer(w http.ResponseWriter, r *http.Request, operation string, a *fakeAccount, region string) {
	switch {
	case a == nil:
		refuseAs(w, r, http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
	case strings.HasPrefix(operation, "s3:"):
		f.s3(w, r, operation, a, region)
	case strings.HasPrefix(operation, "kms:"), strings.HasPrefix(operation, "ecr:"):
		f.json(w, r, operation, a, region)
	case strings.HasPrefix(operation, "organizations:"):
		f.organizations(w, r, operation, a)
	case operation == "sts:GetCallerIdentity":
		result(w, r, "<Arn>arn:aws:iam::"+a.id+":user/ci</Arn><UserId>AIDA</UserId><Account>"+a.id+"</Account>")
	case operation == "sts:AssumeRole":
		f.assume(w, r)
	default:
		f.iam(w, r, operation, a)
	}
}

// asked returns how often each operation was asked for.
func (f *fake) asked() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]int{}
	for _, c := range f.calls {
		out[c.operation]++
	}
	return out
}
