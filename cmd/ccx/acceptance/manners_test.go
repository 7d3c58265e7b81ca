//go:build acceptance

package acceptance

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// aws is moto behind the manners of AWS that moto lacks: a bucket answers only its owner's account, it refuses a wrong
// ExpectedBucketOwner, and some callers may not do everything.
type aws struct {
	url     string
	moto    http.Handler
	owners  map[string]string // bucket -> account
	callers map[string]string // access key -> account
	greets  string            // a bucket whose policy lets every account ask whether it is there
	denied  []string          // what nobody may do, such as iam:GetRolePolicy or (reading a bucket's policy) s3:?policy
	mu      sync.Mutex
	asked   []string // service and operation or method of each request
}

// newAWS starts AWS for one test. Nobody may do the denied operations.
func newAWS(t *testing.T, denied ...string) *aws {
	t.Helper()
	target, err := url.Parse(the.moto)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // ccx hangs up on what it no longer needs
	a := &aws{moto: proxy, denied: denied, greets: "lake-greeting"}
	a.owners, a.callers = settled().owners, map[string]string{}
	for _, account := range []string{ours, theirs} {
		a.callers[credentialsOf(t, account).AccessKeyID] = account
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// scope finds the access key and the service in a signature of version 4.
var scope = regexp.MustCompile(`Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request`)

// ServeHTTP answers one request, by a refusal of its own or by moto.
func (a *aws) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := scope.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		http.Error(w, "the request is not signed", http.StatusForbidden)
		return
	}
	a.mu.Lock()
	caller, known := a.callers[m[1]]
	a.mu.Unlock()
	switch {
	case !known:
		http.Error(w, "nobody has this access key", http.StatusForbidden)
	case m[2] == "s3":
		a.s3(w, r, caller)
	default:
		a.query(w, r, m[2])
	}
}

// s3 answers a request of S3.
func (a *aws) s3(w http.ResponseWriter, r *http.Request, caller string) {
	a.note("s3:" + r.Method + " ?" + r.URL.RawQuery)
	bucket, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	owner, exists := a.owners[bucket]
	expected := r.Header.Get("X-Amz-Expected-Bucket-Owner")
	part, _, _ := strings.Cut(r.URL.RawQuery, "=")
	stranger := r.Method == http.MethodHead && a.greets == bucket
	switch {
	case slices.Contains(a.denied, "s3:?"+part):
		refuseS3(w, r, http.StatusForbidden, "AccessDenied")
	case !exists || (caller == owner || stranger) && (expected == "" || expected == owner):
		a.moto.ServeHTTP(w, r)
	case r.URL.Query().Has("policy") && (expected == "" || expected == owner):
		refuseS3(w, r, http.StatusMethodNotAllowed, "MethodNotAllowed")
	default:
		w.Header().Set("X-Amz-Bucket-Region", "us-west-2")
		refuseS3(w, r, http.StatusForbidden, "AccessDenied")
	}
}

// query answers a request of IAM, STS or a service that speaks JSON.
func (a *aws) query(w http.ResponseWriter, r *http.Request, service string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	operation := service + ":" + form.Get("Action")
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		operation = service + ":" + target[strings.LastIndexByte(target, '.')+1:]
	}
	a.note(operation)
	switch {
	case operation == "sts:AssumeRole":
		a.assume(w, r, form.Get("RoleArn"))
		return
	case !slices.Contains(a.denied, operation):
		a.moto.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:sts::%s:`+
		`assumed-role/caller/test is not authorized to perform: %s</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
		ours, operation)
}

// assume lets moto make the keys and remembers whose account they are of.
func (a *aws) assume(w http.ResponseWriter, r *http.Request, role string) {
	answer := httptest.NewRecorder()
	a.moto.ServeHTTP(answer, r)
	key := regexp.MustCompile(`<AccessKeyId>([^<]+)<`).FindStringSubmatch(answer.Body.String())
	if parts := strings.Split(role, ":"); key != nil && len(parts) > 4 {
		a.mu.Lock()
		a.callers[key[1]] = parts[4]
		a.mu.Unlock()
	}
	w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func refuseS3(w http.ResponseWriter, r *http.Request, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>refused</Message></Error>`, code)
	}
}

func (a *aws) note(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, what)
}

// ccx runs the built program with the account's credentials; no account, no credentials.
func (a *aws) ccx(t *testing.T, account, stdin string, args ...string) result {
	t.Helper()
	env := []string{"AWS_ENDPOINT_URL=" + a.url, "AWS_MAX_ATTEMPTS=1"}
	if account != "" {
		env = append(env, credentialsOf(t, account).environ()...)
	}
	return run(t, command{argv: append([]string{the.ccx()}, args...), stdin: stdin, env: env})
}
