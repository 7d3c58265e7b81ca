package live

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	ours   = "111122223333"
	theirs = "444455556666"
)

// fake speaks the wire of STS and IAM (query, XML) and of S3 (REST) with AWS's manners: accounts by access key, names
// without case, percent-encoded policies, pages, ExpectedBucketOwner, and the region header.
type fake struct {
	t        *testing.T
	url      string
	delay    time.Duration
	pageSize int
	accounts map[string]*fakeAccount // by access key
	buckets  map[string]*fakeBucket
	faults   map[string]func(w http.ResponseWriter, r *http.Request) bool // by operation; true: answered

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
		encryption: `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>alias/k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule>`,
		ownership:  `<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>`,
		block:      `<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>`}}
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

// ServeHTTP answers one request and notes when it came and went.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	m := credential.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		f.t.Errorf("a request without a signature: %s %s", r.Method, r.URL)
		return
	}
	operation := m[3] + ":"
	if m[3] == "s3" {
		sub, _, _ := strings.Cut(r.URL.RawQuery, "=")
		operation = s3Operations[r.Method+" "+sub]
	} else {
		_ = r.ParseForm()
		operation += r.Form.Get("Action")
	}
	answer := httptest.NewRecorder()
	if fault := f.faults[operation]; fault != nil && fault(w, r) {
		f.note(operation, m[1], r, begin)
		return
	}
	f.answer(answer, r, operation, f.accounts[m[1]], m[2])
	time.Sleep(f.delay)
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
		refuse(w, http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
	case strings.HasPrefix(operation, "s3:"):
		f.s3(w, r, operation, a, region)
	case operation == "sts:GetCallerIdentity":
		result(w, r, "<Arn>arn:aws:iam::"+a.id+":user/ci</Arn><UserId>AIDA</UserId><Account>"+a.id+"</Account>")
	case operation == "sts:AssumeRole":
		f.assume(w, r)
	default:
		f.iam(w, r, operation, a)
	}
}

func (f *fake) assume(w http.ResponseWriter, r *http.Request) {
	id := strings.Split(r.Form.Get("RoleArn"), ":")[4]
	key := "ASIAASSUMED" + id
	for _, a := range f.accounts {
		if a.id == id {
			f.mu.Lock()
			f.accounts[key] = a
			f.mu.Unlock()
		}
	}
	result(w, r, "<Credentials><AccessKeyId>"+key+"</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>token</SessionToken>"+
		"<Expiration>"+time.Now().Add(time.Hour).UTC().Format(time.RFC3339)+"</Expiration></Credentials>")
}

func (f *fake) iam(w http.ResponseWriter, r *http.Request, operation string, a *fakeAccount) {
	form := r.Form
	role, isRole := find(a.roles, form.Get("RoleName"))
	switch operation {
	case "iam:GetInstanceProfile":
		if p, ok := find(a.profiles, form.Get("InstanceProfileName")); ok {
			result(w, r, "<InstanceProfile>"+a.profile(p)+"</InstanceProfile>")
			return
		}
	case "iam:GetPolicy":
		if _, ok := a.policies[form.Get("PolicyArn")]; ok {
			result(w, r, "<Policy><PolicyName>p</PolicyName><Arn>"+form.Get("PolicyArn")+"</Arn><DefaultVersionId>v3</DefaultVersionId></Policy>")
			return
		}
	case "iam:GetPolicyVersion":
		if text, ok := a.policies[form.Get("PolicyArn")]; ok && form.Get("VersionId") == "v3" {
			result(w, r, "<PolicyVersion><Document>"+url.PathEscape(text)+"</Document><VersionId>v3</VersionId><IsDefaultVersion>true</IsDefaultVersion></PolicyVersion>")
			return
		}
	default:
		if isRole && f.role(w, r, operation, a, role) {
			return
		}
	}
	refuse(w, http.StatusNotFound, "NoSuchEntity", "it cannot be found.")
}

// role answers a question about a role.
func (f *fake) role(w http.ResponseWriter, r *http.Request, operation string, a *fakeAccount, role fakeRole) bool {
	switch operation {
	case "iam:GetRole":
		result(w, r, "<Role>"+role.xml(true)+"</Role>")
	case "iam:ListRolePolicies":
		f.page(w, r, "PolicyNames", keys(role.inline), escape)
	case "iam:ListAttachedRolePolicies":
		f.page(w, r, "AttachedPolicies", role.attached, func(arn string) string {
			return "<PolicyName>" + arn[strings.LastIndexByte(arn, '/')+1:] + "</PolicyName><PolicyArn>" + arn + "</PolicyArn>"
		})
	case "iam:ListInstanceProfilesForRole":
		var holders []string
		for _, name := range keys(a.profiles) {
			for _, in := range a.profiles[name].roles {
				if a.roles[in].arn == role.arn {
					holders = append(holders, name)
				}
			}
		}
		f.page(w, r, "InstanceProfiles", holders, func(name string) string { return a.profile(a.profiles[name]) })
	case "iam:GetRolePolicy":
		text, ok := role.inline[r.Form.Get("PolicyName")]
		if !ok {
			return false
		}
		result(w, r, "<RoleName>r</RoleName><PolicyName>p</PolicyName><PolicyDocument>"+escape(text)+"</PolicyDocument>")
	default:
		f.t.Errorf("unknown operation %s", operation)
		return false
	}
	return true
}

func (a *fakeAccount) profile(p fakeProfile) string {
	roles := ""
	for _, name := range p.roles {
		roles += "<member>" + a.roles[name].xml(false) + "</member>"
	}
	return "<Path>/</Path><InstanceProfileName>" + last(p.arn) + "</InstanceProfileName><InstanceProfileId>AIPA" + last(p.arn) +
		"</InstanceProfileId><Arn>" + p.arn + "</Arn><Roles>" + roles + "</Roles><CreateDate>2024-01-01T00:00:00Z</CreateDate>"
}

func (r fakeRole) xml(whole bool) string {
	out := "<Path>/</Path><RoleName>" + last(r.arn) + "</RoleName><RoleId>AROA" + last(r.arn) + "</RoleId><Arn>" + r.arn +
		"</Arn><AssumeRolePolicyDocument>" + url.PathEscape(r.trust) + "</AssumeRolePolicyDocument><CreateDate>2024-01-01T00:00:00Z</CreateDate>"
	if whole && r.boundary != "" {
		out += "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType><PermissionsBoundaryArn>" +
			r.boundary + "</PermissionsBoundaryArn></PermissionsBoundary>"
	}
	for _, key := range keys(r.tags) {
		if whole {
			out += "<Tags><member><Key>" + key + "</Key><Value>" + r.tags[key] + "</Value></member></Tags>"
		}
	}
	return out
}

// page answers with a part of a list; the marker is the index of the next item.
func (f *fake) page(w http.ResponseWriter, r *http.Request, list string, items []string, one func(string) string) {
	from, _ := strconv.Atoi(r.Form.Get("Marker"))
	to := min(from+f.pageSize, len(items))
	body := "<" + list + ">"
	for _, item := range items[from:to] {
		body += "<member>" + one(item) + "</member>"
	}
	body += "</" + list + "><IsTruncated>" + strconv.FormatBool(to < len(items)) + "</IsTruncated>"
	if to < len(items) {
		body += "<Marker>" + strconv.Itoa(to) + "</Marker>"
	}
	result(w, r, body)
}

// result writes a query service's success.
func result(w http.ResponseWriter, r *http.Request, body string) {
	action := r.Form.Get("Action")
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, `<%[1]sResponse xmlns="https://aws/doc/"><%[1]sResult>%[2]s</%[1]sResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></%[1]sResponse>`, action, body)
}

// refuse writes a query service's error.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>`, code, escape(message))
}

func find[T any](m map[string]T, name string) (T, bool) {
	for key, v := range m {
		if strings.EqualFold(key, name) {
			return v, true
		}
	}
	var none T
	return none, false
}

func keys[T any](m map[string]T) []string {
	out := []string{}
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func last(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func escape(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text))
	return out.String()
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

// depth returns the number of sequential round trips: a request comes after all that were answered before it began.
func (f *fake) depth() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := slices.Clone(f.calls)
	slices.SortFunc(calls, func(a, b fakeCall) int { return a.begin.Compare(b.begin) })
	levels, deepest := make([]int, len(calls)), 0
	for i, c := range calls {
		for j := range i {
			if calls[j].end.Before(c.begin) {
				levels[i] = max(levels[i], levels[j])
			}
		}
		levels[i]++
		deepest = max(deepest, levels[i])
	}
	return deepest
}
