package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	nodeSession = "arn:aws:sts::111122223333:assumed-role/ml-train/i-0123456789abcdef0"
	ecrToken    = "QVdTOnRoZS1lY3ItcGFzc3dvcmQtdGhhdC1ub2JvZHktbWF5LXNlZQ=="
)

// secretWords must never be printed: what the credentials are made of, and what AWS hands out.
var secretWords = []string{"AKIANODE", "wJalrXUtnFEMI", "the-session-token", ecrToken, "the-ecr-password", "the-signed-url", "layers.invalid", "dGhlLXNlc3Npb24"}

// answerWith is what a fake node answers to an action: an AWS error, by status, code and message.
type answerWith struct {
	status        int
	code, message string
}

// denied is S3's old answer, which names nothing, and deniedFor the one that names the action.
var denied = answerWith{http.StatusForbidden, "AccessDenied", "Access Denied"}

func deniedFor(action, why string) answerWith {
	return answerWith{http.StatusForbidden, "AccessDenied", "User: " + nodeSession + " is not authorized to perform: " + action +
		` on resource: "arn:aws:s3:::acme/x" ` + why}
}

// fakeAWS is STS, IAM, S3 and ECR as a node sees them. What it answers with an error is in faults, by action; anything else works.
type fakeAWS struct {
	t          *testing.T
	caller     string                // ARN
	profile    string                // what iam:GetInstanceProfile answers: the role's ARN
	region     string                // the bucket's
	manifest   string                // the image's
	lock       string                // inner XML of the Object Lock configuration; "" = none
	versioning string                // "", "Enabled", "Suspended"
	faults     map[string]answerWith // by action, such as "s3:PutObject" or "HeadBucket"
	before     func(action string)   // called before an action is answered

	mu      sync.Mutex
	calls   []string          // actions with their key, in order
	objects map[string]string // the bucket's, as a GET shows them
	uploads map[string]string // key -> id
	marker  bool              // a delete left one
}

// newFakeAWS starts one and makes the SDK's own credentials those of the node.
func newFakeAWS(t *testing.T) *fakeAWS {
	isolate(t)
	t.Chdir(t.TempDir())
	f := &fakeAWS{t: t, caller: nodeSession, region: "us-west-2", manifest: `{"layers": [{"digest": "sha256:0a"}]}`, faults: map[string]answerWith{}, objects: map[string]string{}, uploads: map[string]string{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIANODE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
		"AWS_SESSION_TOKEN": "the-session-token", "AWS_REGION": "us-west-2", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	return f
}

var credentialScope = regexp.MustCompile(`Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request`)

func (f *fakeAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	scope := credentialScope.FindStringSubmatch(r.Header.Get("Authorization"))
	if scope == nil {
		f.t.Errorf("a request without a signature: %s %s", r.Method, r.URL)
		return
	}
	action, key := f.action(r, scope[2], string(body))
	f.mu.Lock()
	f.calls = append(f.calls, strings.TrimSuffix(action+" "+key, " "))
	before := f.before
	f.mu.Unlock()
	if before != nil {
		before(action)
	}
	if r.Context().Err() != nil && action == "s3:PutObject" {
		// S3 may well have stored what it could not answer any more.
		f.mu.Lock()
		f.objects[key] = string(body)
		f.mu.Unlock()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch fault, bad := f.faults[action]; {
	case scope[2] == "s3" && scope[1] != f.region:
		w.Header().Set("x-amz-bucket-region", f.region)
		refuse(w, r, answerWith{http.StatusMovedPermanently, "PermanentRedirect", "elsewhere"})
	case bad:
		refuse(w, r, fault)
	case scope[2] == "s3":
		w.Header().Set("x-amz-bucket-region", f.region)
		f.s3(w, r, action, key, string(body))
	default:
		f.other(w, action)
	}
}

// action names a request by the permission that it needs. HeadBucket stands for itself.
func (f *fakeAWS) action(r *http.Request, service, body string) (action, key string) {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return service + ":" + target[strings.LastIndexByte(target, '.')+1:], ""
	}
	if service != "s3" {
		return service + ":" + regexp.MustCompile(`Action=(\w+)`).FindStringSubmatch(body)[1], ""
	}
	_, key, _ = strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	q := r.URL.Query()
	switch has := q.Has; {
	case r.Method == http.MethodHead:
		return "HeadBucket", ""
	case key == "" && has("list-type"):
		return "s3:ListBucket", q.Get("prefix")
	case key == "" && has("location"):
		return "s3:GetBucketLocation", ""
	case key == "" && has("object-lock"):
		return "s3:GetBucketObjectLockConfiguration", ""
	case key == "" && has("uploads"):
		return "s3:ListBucketMultipartUploads", q.Get("prefix")
	case r.Method == http.MethodPost && has("uploads"):
		return "CreateMultipartUpload", key
	case r.Method == http.MethodGet && has("uploadId"):
		return "s3:ListMultipartUploadParts", key
	case r.Method == http.MethodDelete && has("uploadId"):
		return "s3:AbortMultipartUpload", key
	}
	return map[string]string{"PUT": "s3:PutObject", "GET": "s3:GetObject", "DELETE": "s3:DeleteObject"}[r.Method], key
}

// s3 answers a request that is allowed.
func (f *fakeAWS) s3(w http.ResponseWriter, r *http.Request, action, key, body string) {
	say := func(root, inner string) {
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><%[1]s xmlns="http://s3.amazonaws.com/doc/2006-03-01/">%[2]s</%[1]s>`, root, inner)
	}
	switch action {
	case "HeadBucket":
	case "s3:ListBucket":
		say("ListBucketResult", "<Name>acme</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated>")
	case "s3:GetBucketLocation":
		say("LocationConstraint", f.region)
	case "s3:GetBucketObjectLockConfiguration":
		if f.lock == "" {
			refuse(w, r, answerWith{http.StatusNotFound, "ObjectLockConfigurationNotFoundError", "none"})
			return
		}
		say("ObjectLockConfiguration", f.lock)
	case "s3:GetObject":
		if text, ok := f.objects[key]; ok {
			_, _ = io.WriteString(w, text)
			return
		}
		refuse(w, r, answerWith{http.StatusNotFound, "NoSuchKey", "The specified key does not exist."})
	case "s3:PutObject":
		f.objects[key] = body
		f.version(w, "v-put", "null")
	case "s3:DeleteObject":
		delete(f.objects, key)
		if f.versioning != "" {
			f.marker = true
			w.Header().Set("x-amz-delete-marker", "true")
		}
		f.version(w, "v-marker", "null")
		w.WriteHeader(http.StatusNoContent)
	case "CreateMultipartUpload":
		f.uploads[key] = "the-upload"
		say("InitiateMultipartUploadResult", "<Bucket>acme</Bucket><Key>"+key+"</Key><UploadId>the-upload</UploadId>")
	case "s3:ListBucketMultipartUploads":
		inner := "<Bucket>acme</Bucket><IsTruncated>false</IsTruncated>"
		for key, id := range f.uploads {
			inner += "<Upload><Key>" + key + "</Key><UploadId>" + id + "</UploadId></Upload>"
		}
		say("ListMultipartUploadsResult", inner)
	case "s3:ListMultipartUploadParts":
		say("ListPartsResult", "<IsTruncated>false</IsTruncated>")
	case "s3:AbortMultipartUpload":
		delete(f.uploads, key)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (f *fakeAWS) version(w http.ResponseWriter, enabled, suspended string) {
	if id := map[string]string{"Enabled": enabled, "Suspended": suspended}[f.versioning]; id != "" {
		w.Header().Set("x-amz-version-id", id)
	}
}

// other answers STS, IAM and ECR.
func (f *fakeAWS) other(w http.ResponseWriter, action string) {
	switch action {
	case "sts:GetCallerIdentity":
		account := strings.Split(f.caller, ":")[4]
		fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>%s</Arn><UserId>AROA:i</UserId><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, f.caller, account)
	case "iam:GetInstanceProfile":
		name := f.profile[strings.LastIndexByte(f.profile, '/')+1:]
		fmt.Fprintf(w, `<GetInstanceProfileResponse><GetInstanceProfileResult><InstanceProfile><Path>/</Path><InstanceProfileName>nodes</InstanceProfileName>`+
			`<InstanceProfileId>AIPA</InstanceProfileId><Arn>arn:aws:iam::111122223333:instance-profile/nodes</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate><Roles><member><Path>/</Path><RoleName>%s</RoleName>`+
			`<RoleId>AROA</RoleId><Arn>%s</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>%%7B%%7D</AssumeRolePolicyDocument></member></Roles></InstanceProfile></GetInstanceProfileResult></GetInstanceProfileResponse>`, name, f.profile)
	case "ecr:GetAuthorizationToken":
		fmt.Fprintf(w, `{"authorizationData": [{"authorizationToken": %q, "proxyEndpoint": "https://111122223333.dkr.ecr.us-west-2.amazonaws.com"}]}`, ecrToken)
	case "ecr:BatchGetImage":
		fmt.Fprintf(w, `{"images": [{"repositoryName": "ml/train", "imageManifest": %q}], "failures": []}`, f.manifest)
	case "ecr:GetDownloadUrlForLayer":
		io.WriteString(w, `{"downloadUrl": "https://layers.invalid/?X-Amz-Signature=the-signed-url", "layerDigest": "sha256:0a"}`)
	}
}

// refuse writes an error in the manner of the service.
func refuse(w http.ResponseWriter, r *http.Request, e answerWith) {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(e.status)
		fmt.Fprintf(w, `{"__type": %q, "message": %q}`, e.code, e.message)
	case r.Method == http.MethodHead:
		w.WriteHeader(e.status)
	case r.URL.Path == "/" && r.Method == http.MethodPost:
		w.WriteHeader(e.status)
		fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, e.code, e.message)
	default:
		w.WriteHeader(e.status)
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`, e.code, strings.ReplaceAll(e.message, `"`, "&quot;"))
	}
}

// did returns the actions that were asked for, without their keys.
func (f *fakeAWS) did() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, call := range f.calls {
		action, _, _ := strings.Cut(call, " ")
		out = append(out, action)
	}
	return out
}

// clean fails if the probe left an object or an upload.
func (f *fakeAWS) clean() {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.objects)+len(f.uploads) > 0 {
		f.t.Errorf("left behind: %v %v", f.objects, f.uploads)
	}
}

// changes are the actions that change something.
func (f *fakeAWS) changes() []string {
	return slices.DeleteFunc(f.did(), func(action string) bool {
		return !slices.Contains([]string{"s3:PutObject", "s3:DeleteObject", "CreateMultipartUpload", "s3:AbortMultipartUpload"}, action)
	})
}

var madeUp = regexp.MustCompile(`ccx-probe-[a-z0-9]{26}`)

// probe runs `ccx probe` and holds what it prints to the law: no secret, whatever happens.
func (f *fakeAWS) probe(args ...string) (stdout, stderr string, code int) {
	f.t.Helper()
	out, errs, code := ccx(f.t, "", append([]string{"probe"}, args...)...)
	for _, secret := range secretWords {
		if plain, err := base64.StdEncoding.DecodeString(secret); err == nil && len(plain) > 8 && strings.Contains(out+errs, string(plain)) {
			f.t.Errorf("a decoded secret is printed: %s%s", out, errs)
		}
		if strings.Contains(out+errs, secret) {
			f.t.Errorf("%s is printed: %s%s", secret, out, errs)
		}
	}
	return madeUp.ReplaceAllString(out, "ccx-probe-KEY"), madeUp.ReplaceAllString(errs, "ccx-probe-KEY"), code
}
