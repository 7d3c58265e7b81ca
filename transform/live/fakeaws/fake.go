// Package fakeaws is an AWS for tests: a server on 127.0.0.1 that answers as AWS does, counts what it is asked, and breaks on
// demand. No program links it.
package fakeaws

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The two accounts.
const (
	Ours   = "111122223333"
	Theirs = "444455556666"
)

// Answer writes an answer of its own and returns true, or lets the good one through.
type Answer func(w http.ResponseWriter, r *http.Request) bool

// Fake speaks the wire of STS and IAM (query, XML), of KMS, ECR and Organizations (JSON) and of S3 (REST) with AWS's
// manners: accounts by access key, names without case, percent-encoded policies, pages, ExpectedBucketOwner, and the
// region header.
type Fake struct {
	URL          string
	Trips        *Trips // nil: answers are not held back
	PageSize     int
	Delay        time.Duration       // of each answer
	Accounts     map[string]*Account // by access key
	Buckets      map[string]*Bucket
	Keys         map[string]Key    // by ARN
	Repositories map[string]string // by ARN; "" = no policy
	Organization *Organization     // nil: there is none
	Registry     string            // each registry's policy; "" = none
	Simulator    map[string]string // what the simulator says of an action; others are allowed

	t      testing.TB
	mu     sync.Mutex
	faults map[string]Answer // by operation
	calls  []Call
}

// Call is a request that was answered.
type Call struct {
	Operation  string // as its permission is written
	Key        string // access key
	Body       string
	Begin, End time.Time
}

// Account is what one account holds.
type Account struct {
	ID       string
	Profiles map[string]Profile
	Roles    map[string]Role
	Policies map[string]string // ARN -> document
	Block    string            // the account's public access block, inner XML; "" = not found
}

// Profile is an instance profile.
type Profile struct {
	ARN   string
	Roles []string // names
}

// Role is an IAM role.
type Role struct {
	ARN, Trust, Boundary string
	Tags                 map[string]string
	Inline               map[string]string
	Attached             []string
}

// Bucket is an S3 bucket.
type Bucket struct {
	Owner, Region, Policy        string
	Encryption, Ownership, Block string   // inner XML; "" = not found
	Closed                       []string // operations refused even to the owner
}

// New starts a Fake with two accounts and makes the SDK's own credentials those of Ours.
func New(t testing.TB) *Fake {
	f := &Fake{t: t, PageSize: 100, faults: map[string]Answer{}}
	f.Accounts = map[string]*Account{"AKIAOURS": NewAccount(Ours), "AKIATHEIRS": NewAccount(Theirs)}
	f.Buckets = map[string]*Bucket{"acme": {Owner: Ours, Region: "us-west-2", Policy: PolicyOf("s3:ListBucket"),
		Encryption: `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>` + KeyOurs + `</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule>`,
		Ownership:  `<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>`,
		Block:      `<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>`}}
	f.Keys, f.Repositories = newKeys(), newRepositories()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.URL = server.URL
	Configure(t, f.URL, "AKIAOURS", "us-west-2")
	return f
}

var credential = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request`)

// s3Operations are S3's by method and sub-resource.
var s3Operations = map[string]string{
	"HEAD ": "s3:ListBucket", "GET policy": "s3:GetBucketPolicy", "GET encryption": "s3:GetEncryptionConfiguration",
	"GET ownershipControls": "s3:GetBucketOwnershipControls", "GET publicAccessBlock": "s3:GetBucketPublicAccessBlock",
}

// OperationOf returns what a request asks for, as its permission is written.
func OperationOf(r *http.Request, service string) string {
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
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	m := credential.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil && f.unsigned(w, r) {
		return
	}
	if m == nil {
		f.t.Errorf("a request without a signature: %s %s", r.Method, r.URL)
		return
	}
	if r.Header.Get("X-Amz-Target") != "" {
		body, _ := io.ReadAll(r.Body) // a server notices that a client is gone only when its request is read
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	operation := OperationOf(r, m[3])
	answer := httptest.NewRecorder()
	f.mu.Lock()
	fault, caller := f.faults[operation], f.Accounts[m[1]]
	f.mu.Unlock()
	if fault != nil && fault(w, r) {
		f.note(operation, m[1], r, begin)
		return
	}
	f.answer(answer, r, operation, caller, m[2])
	f.Trips.wait()
	time.Sleep(f.Delay)
	f.note(operation, m[1], r, begin)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (f *Fake) note(operation, key string, r *http.Request, begin time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, Call{operation, key, r.Form.Encode(), begin, time.Now()})
}

func (f *Fake) answer(w http.ResponseWriter, r *http.Request, operation string, a *Account, region string) {
	switch {
	case a == nil:
		RefuseAs(w, r, http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
	case strings.HasPrefix(operation, "s3:"):
		f.s3(w, r, operation, a, region)
	case strings.HasPrefix(operation, "kms:"), strings.HasPrefix(operation, "ecr:"):
		f.json(w, r, operation, a, region)
	case strings.HasPrefix(operation, "organizations:"):
		f.organizations(w, r, operation, a)
	case operation == "sts:GetCallerIdentity":
		result(w, r, "<Arn>arn:aws:iam::"+a.ID+":user/ci</Arn><UserId>AIDA</UserId><Account>"+a.ID+"</Account>")
	case operation == "sts:AssumeRole":
		f.assume(w, r)
	default:
		f.iam(w, r, operation, a)
	}
}

// Asked returns how often each operation was asked for.
func (f *Fake) Asked() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]int{}
	for _, c := range f.calls {
		out[c.Operation]++
	}
	return out
}

// Forget forgets the requests so far.
func (f *Fake) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = nil
}

// Calls returns the requests that were answered, in the order of their answers.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Break answers an operation in another way from now on; nil: in the good one again.
func (f *Fake) Break(operation string, answer Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if answer == nil {
		delete(f.faults, operation)
		return
	}
	f.faults[operation] = answer
}

// Mend takes back every Break.
func (f *Fake) Mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.faults)
}
