package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ccx/cmd/ccx/report"
)

// outcomes runs a probe and returns each code's worst status, "code=status" in order, with the exit status.
func (f *fakeAWS) outcomes(args ...string) (map[string]string, string, int) {
	f.t.Helper()
	out, errs, code := f.probe(append([]string{"--report", "json"}, args...)...)
	var doc struct {
		Files []struct {
			Findings []struct{ Code, Status, Level string }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		f.t.Fatalf("%v: %s%s", err, out, errs)
	}
	followsSchema(f.t, args, out)
	worst, order := map[string]string{}, []string{"pass", "skipped", "unknown", "fail"}
	for _, file := range doc.Files {
		for _, one := range file.Findings {
			if one.Level == "note" && one.Status == "fail" {
				one.Status = "pass" // says what is left
			}
			if slices.Index(order, one.Status) > slices.Index(order, worst[one.Code]) {
				worst[one.Code] = one.Status
			}
		}
	}
	return worst, out + errs, code
}

const probeImage = "111122223333.dkr.ecr.us-west-2.amazonaws.com/ml/train:1"

// probeCase is a fault with what must be said of it: the statuses that differ from pass.
type probeCase struct {
	name   string
	faults map[string]answerWith
	want   map[string]string // of the codes that are not pass
	says   string
	code   int
}

// TestProbeReads: without --write, every outcome of each action has its finding, and nothing is changed.
func TestProbeReads(t *testing.T) {
	list, get := deniedFor("s3:ListBucket", "because no identity-based policy allows the s3:ListBucket action"), deniedFor("s3:GetObject", "with an explicit deny in a resource-based policy")
	slow, gone := answerWith{http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate."}, answerWith{http.StatusNotFound, "NoSuchBucket", "none"}
	jsonDenied := answerWith{http.StatusBadRequest, "AccessDeniedException", "User: " + nodeSession + " is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows it"}
	for _, c := range []probeCase{
		{name: "all works"},
		{"may not list", map[string]answerWith{"HeadBucket": denied, "s3:ListBucket": list, "s3:GetObject": list}, map[string]string{"probe/list": "fail", "probe/read": "unknown"},
			"no identity-based policy allows", exitWrong},
		{"may neither list nor read, in S3's old words", map[string]answerWith{"HeadBucket": denied, "s3:ListBucket": denied, "s3:GetObject": denied},
			map[string]string{"probe/list": "fail", "probe/read": "unknown"}, "--write tells", exitWrong},
		{"may list under a prefix only, and S3 hides the rest", map[string]answerWith{"HeadBucket": denied, "s3:GetObject": denied},
			map[string]string{"probe/read": "unknown"}, "--write tells", exitUnknown},
		{"may list, not read, in S3's old words", map[string]answerWith{"s3:GetObject": denied}, map[string]string{"probe/read": "fail"}, "s3:GetObject is denied", exitWrong},
		{"may not read", map[string]answerWith{"s3:GetObject": get}, map[string]string{"probe/read": "fail"}, "a Deny can't be outvoted", exitWrong},
		{"no bucket", map[string]answerWith{"HeadBucket": {http.StatusNotFound, "", ""}}, map[string]string{"probe/list": "fail"}, "there is no bucket acme", exitWrong},
		{"a bucket that goes away", map[string]answerWith{"s3:ListBucket": gone}, map[string]string{"probe/list": "fail"}, "there is no bucket acme", exitWrong},
		{"S3 is busy", map[string]answerWith{"s3:ListBucket": slow}, map[string]string{"probe/list": "unknown"}, "slow down", exitUnknown},
		{"location is a warning", map[string]answerWith{"s3:GetBucketLocation": denied}, map[string]string{"probe/location": "fail"}, "warning", exitDone},
		{"no token", map[string]answerWith{"ecr:GetAuthorizationToken": jsonDenied}, map[string]string{"probe/ecr-login": "fail"}, "ecr:GetAuthorizationToken is denied", exitWrong},
		{"no manifest", map[string]answerWith{"ecr:BatchGetImage": {http.StatusBadRequest, "AccessDeniedException", "no"}}, map[string]string{"probe/ecr-pull": "fail"}, "ecr:BatchGetImage", exitWrong},
		{"no layer", map[string]answerWith{"ecr:GetDownloadUrlForLayer": {http.StatusBadRequest, "AccessDeniedException", "no"}}, map[string]string{"probe/ecr-pull": "fail"}, "ecr:GetDownloadUrlForLayer is denied", exitWrong},
		{"a layer that is gone", map[string]answerWith{"ecr:GetDownloadUrlForLayer": {http.StatusBadRequest, "LayersNotFoundException", "no"}}, map[string]string{"probe/ecr-pull": "fail"}, "no such image", exitWrong},
		{"no repository", map[string]answerWith{"ecr:BatchGetImage": {http.StatusBadRequest, "RepositoryNotFoundException", "no"}}, map[string]string{"probe/ecr-pull": "fail"}, "there is no repository ml/train", exitWrong},
		{"an error that nobody knows", map[string]answerWith{"s3:GetObject": {http.StatusTeapot, "Strange", "brew"}}, map[string]string{"probe/read": "unknown"}, "Strange", exitUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t)
			f.faults = c.faults
			c.check(t, f, "-r", "ml-train", "-b", "acme", "--image", probeImage)
			if changed := f.changes(); len(changed) > 0 {
				t.Errorf("a probe without --write did %v", changed)
			}
		})
	}
}

// check runs the case and compares.
func (c probeCase) check(t *testing.T, f *fakeAWS, args ...string) {
	t.Helper()
	got, text, code := f.outcomes(args...)
	want := map[string]string{}
	for name, status := range got {
		if status == "pass" || status == "skipped" {
			want[name] = status
		}
	}
	for name, status := range c.want {
		want[name] = status
	}
	if diff := cmp.Diff(want, got); diff != "" || code != c.code {
		t.Errorf("exit status %d, want %d (-want +got):\n%s\n%s", code, c.code, diff, text)
	}
	if !strings.Contains(text, c.says) {
		t.Errorf("it does not say %q:\n%s", c.says, text)
	}
	if got["probe/identity"] != "pass" {
		t.Errorf("the identity is %q", got["probe/identity"])
	}
}

// TestProbeManifests: whatever kind of manifest an image has, one blob of it is asked for.
func TestProbeManifests(t *testing.T) {
	for manifest, want := range map[string]string{
		`{"layers": [{"digest": "sha256:0a"}], "config": {"digest": "sha256:0b"}}`: "pass", `{"config": {"digest": "sha256:0b"}}`: "pass",
		`{"schemaVersion": 1, "fsLayers": [{"blobSum": "sha256:0c"}]}`: "pass",
		`{}`: "unknown", `{"manifests": [{"digest": "sha256:0d"}]}`: "unknown", `no manifest`: "unknown", `[]`: "unknown", ``: "unknown",
	} {
		f := newFakeAWS(t)
		f.manifest = manifest
		got, text, _ := f.outcomes("-r", "ml-train", "-b", "acme", "--image", probeImage)
		if got["probe/ecr-pull"] != want || want == "pass" != slices.Contains(f.did(), "ecr:GetDownloadUrlForLayer") {
			t.Errorf("%s: %v, %v\n%s", manifest, got, f.did(), text)
		}
	}
}

// TestProbeWrites: with --write, what was written is gone whenever it can be, and what was denied is told apart.
func TestProbeWrites(t *testing.T) {
	kms := func(action string) answerWith {
		return answerWith{http.StatusForbidden, "AccessDenied", "User: " + nodeSession + " is not authorized to perform: " + action +
			" on resource: arn:aws:kms:us-west-2:111122223333:key/0a1b because no resource-based policy allows the " + action + " action"}
	}
	for _, c := range []probeCase{
		{name: "all works"},
		{"may not write", map[string]answerWith{"s3:PutObject": deniedFor("s3:PutObject", "because no identity-based policy allows it")},
			map[string]string{"probe/write": "fail"}, "s3:PutObject is denied", exitWrong},
		{"the key may not be used to write", map[string]answerWith{"s3:PutObject": kms("kms:GenerateDataKey")},
			map[string]string{"probe/key": "fail"}, "kms:GenerateDataKey is denied on the bucket's KMS key", exitWrong},
		{"the key may not be used to read", map[string]answerWith{"s3:GetObject": kms("kms:Decrypt")},
			map[string]string{"probe/key": "fail"}, "kms:Decrypt is denied on the bucket's KMS key", exitWrong},
		{"the key is disabled", map[string]answerWith{"s3:PutObject": {http.StatusBadRequest, "KMS.DisabledException", "arn:aws:kms:us-west-2:111122223333:key/0a1b is disabled."}},
			map[string]string{"probe/key": "fail"}, "the bucket's KMS key can't be used", exitWrong},
		{"may not read what it wrote", map[string]answerWith{"s3:GetObject": denied}, map[string]string{"probe/read": "fail"}, "s3:GetObject is denied", exitWrong},
		{"S3's answer to the PUT is no answer", map[string]answerWith{"s3:PutObject": {http.StatusInternalServerError, "InternalError", "We encountered an internal error."}},
			map[string]string{"probe/write": "unknown"}, "was deleted in any case", exitUnknown},
		{"may not begin an upload", map[string]answerWith{"CreateMultipartUpload": denied}, map[string]string{"probe/multipart": "fail"}, "s3:PutObject is denied", exitDone},
		{"may not list uploads", map[string]answerWith{"s3:ListBucketMultipartUploads": denied}, map[string]string{"probe/multipart": "fail"}, "s3:ListBucketMultipartUploads is denied", exitDone},
		{"may not list parts", map[string]answerWith{"s3:ListMultipartUploadParts": denied}, map[string]string{"probe/multipart": "fail"}, "s3:ListMultipartUploadParts is denied", exitDone},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t)
			f.faults = c.faults
			c.check(t, f, "-r", "ml-train", "-b", "s3://acme/org_1", "--write")
			f.clean()
			for _, call := range f.calls {
				if action, key, _ := strings.Cut(call, " "); slices.Contains(f.changes(), action) && !strings.HasPrefix(key, "org_1/ccx-probe-") {
					t.Errorf("%s on a key that is not the probe's own", call)
				}
			}
		})
	}
}

// TestProbeLeaves: what can't be taken away is said, with the line that does it.
func TestProbeLeaves(t *testing.T) {
	for _, c := range []struct {
		name, versioning string
		faults           map[string]answerWith
		says             []string
		not              string
		code             int
	}{
		{"no versioning", "", nil, []string{"is deleted"}, "versioning", exitDone},
		{"versioning", "Enabled", nil, []string{"versioning keeps the version v-put and the delete marker v-marker of s3://acme/ccx-probe-KEY",
			"aws s3api delete-object --bucket acme --key ccx-probe-KEY --version-id v-put", "--version-id v-marker"}, "", exitDone},
		{"versioning suspended", "Suspended", nil, []string{"versioning keeps the delete marker null"}, "the version null", exitDone},
		{"may not delete", "", map[string]answerWith{"s3:DeleteObject": denied}, []string{"s3:DeleteObject is denied", "s3://acme/ccx-probe-KEY is still there", "aws s3 rm s3://acme/ccx-probe-KEY"}, "", exitWrong},
		{"may not abort", "", map[string]answerWith{"s3:AbortMultipartUpload": denied}, []string{"s3:AbortMultipartUpload is denied", "aws s3api abort-multipart-upload --bucket acme --key ccx-probe-KEY --upload-id the-upload"}, "", exitDone},
		{"nobody answers", "", map[string]answerWith{"s3:PutObject": {500, "InternalError", "x"}, "s3:DeleteObject": {500, "InternalError", "x"}},
			[]string{"s3://acme/ccx-probe-KEY may be there: S3 answered neither the PUT nor the DELETE"}, "is deleted", exitUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t)
			f.faults, f.versioning = c.faults, c.versioning
			out, errs, code := f.probe("-r", "ml-train", "-b", "acme", "--write")
			for _, part := range c.says {
				if !strings.Contains(out, part) {
					t.Errorf("it does not say %q:\n%s%s", part, out, errs)
				}
			}
			if code != c.code || c.not != "" && strings.Contains(out, c.not) {
				t.Errorf("exit status %d, want %d, and not %q:\n%s", code, c.code, c.not, out)
			}
		})
	}
}

// TestProbeObjectLock: nothing is written before Object Lock is known to be off, but by the user's word.
func TestProbeObjectLock(t *testing.T) {
	retention := `<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule>`
	const action = "s3:GetBucketObjectLockConfiguration"
	for _, c := range []struct {
		name, lock string
		faults     map[string]answerWith
		says       string
		off        bool
	}{
		{"off", "", nil, "the caller can write", true},
		{"on, with a retention", retention, nil, "default retention is COMPLIANCE, 30 days", false},
		{"on, with years", strings.Replace(retention, "<Days>30</Days>", "<Years>7</Years>", 1), nil, "COMPLIANCE, 7 years", false},
		{"on, without a retention", `<ObjectLockEnabled>Enabled</ObjectLockEnabled>`, nil, "Object Lock is on, without a default retention", false},
		{"may not be known", "", map[string]answerWith{action: denied}, action + " is denied", false},
		{"not answered", "", map[string]answerWith{action: {503, "SlowDown", "x"}}, "slow down", false},
		{"not understood", `<Other>x</Other>`, nil, "does not say whether Object Lock is on", false},
		{"an answer of another server", "", map[string]answerWith{action: {404, "NoSuchBucket", "x"}}, "nothing was written", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t)
			f.faults, f.lock = c.faults, c.lock
			out, errs, code := f.probe("-r", "ml-train", "-b", "acme", "--write")
			if want := map[bool]int{true: exitDone, false: exitUnknown}[c.off]; code != want || !strings.Contains(out, c.says) {
				t.Errorf("exit status %d, want %d and %q:\n%s%s", code, want, c.says, out, errs)
			}
			if changed := f.changes(); len(changed) > 0 != c.off || !c.off && strings.Contains(errs, "writing") {
				t.Errorf("it did %v and said %q", changed, errs)
			}
			if out, _, code := f.probe("-r", "ml-train", "-b", "acme", "--write", "--accept-object-lock"); code != exitDone || !slices.Contains(f.changes(), "s3:PutObject") {
				t.Errorf("by the user's word: exit status %d, %v\n%s", code, f.changes(), out)
			}
			f.clean()
		})
	}
}

// TestProbeSaysKeyFirst: should ccx be killed, the key of what it wrote stands on stderr already, -q or not.
func TestProbeSaysKeyFirst(t *testing.T) {
	for _, args := range [][]string{{}, {"-q"}, {"--report", "json"}} {
		f := newFakeAWS(t)
		var errs bytes.Buffer // ccx writes it before it sends the request in whose answer it is read
		said := map[string]string{}
		f.before = func(action string) { said[action] = errs.String() }
		var out bytes.Buffer
		code := run(context.Background(), append([]string{"probe", "-r", "ml-train", "-b", "acme", "--write"}, args...), os.Getenv, strings.NewReader(""), &out, &errs)
		if code != exitDone {
			t.Fatalf("exit status %d: %s%s", code, out.String(), errs.String())
		}
		for _, action := range []string{"s3:PutObject", "CreateMultipartUpload"} {
			i := slices.Index(f.did(), action)
			_, key, _ := strings.Cut(f.calls[i], " ")
			if !strings.Contains(said[action], "s3://acme/"+key) {
				t.Errorf("%v: before %s of %s, stderr was %q", args, action, key, said[action])
			}
		}
	}
}

// TestProbeCut ends the run before each request of --write: the object and the upload are taken back all the same.
func TestProbeCut(t *testing.T) {
	whole := newFakeAWS(t)
	whole.probe("-r", "ml-train", "-b", "acme", "--write")
	steps := whole.did()
	if len(steps) < 10 {
		t.Fatalf("only %v", steps)
	}
	for i, step := range steps {
		t.Run(fmt.Sprintf("%d %s", i, step), func(t *testing.T) {
			f := newFakeAWS(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			n := 0
			f.before = func(string) {
				if n == i {
					cancel()
					time.Sleep(20 * time.Millisecond) // the client has let go of the request by now, if it does
				}
				n++
			}
			var out, errs bytes.Buffer
			code := run(ctx, []string{"probe", "-r", "ml-train", "-b", "acme", "--write"}, os.Getenv, strings.NewReader(""), &out, &errs)
			f.clean()
			if code == exitWrong || code == exitUsage || code == exitDone && i < len(steps)-2 {
				t.Errorf("exit status %d:\n%s%s", code, out.String(), errs.String())
			}
			if put, del := slices.Index(f.did(), "s3:PutObject"), slices.Index(f.did(), "s3:DeleteObject"); put >= 0 && del < put {
				t.Errorf("written and not deleted: %v", f.did())
			}
			if i < slices.Index(steps, "s3:PutObject") && len(f.changes()) > 0 {
				t.Errorf("it went on to %v", f.did())
			}
		})
	}
}

// TestProbeHangs: a server that takes a request and never answers holds the probe for no longer than --timeout.
func TestProbeHangs(t *testing.T) {
	for _, action := range []string{"sts:GetCallerIdentity", "HeadBucket", "s3:ListBucket", "s3:GetObject", "s3:GetBucketObjectLockConfiguration"} {
		f := newFakeAWS(t)
		release := make(chan struct{})
		f.before = func(a string) {
			if a == action {
				<-release
			}
		}
		began := time.Now()
		out, _, code := f.probe("-r", "ml-train", "-b", "acme", "--write", "--timeout", "300ms")
		close(release)
		if took := time.Since(began); code != exitUnknown || took > 5*time.Second || !strings.Contains(out, "no answer in time") {
			t.Errorf("%s hangs: exit status %d after %s:\n%s", action, code, took, out)
		}
		if len(f.changes()) > 0 {
			t.Errorf("%s hangs: it did %v", action, f.changes())
		}
	}
}

// TestProbeFormats: every format can say what a probe found.
func TestProbeFormats(t *testing.T) {
	for _, format := range report.Formats() {
		f := newFakeAWS(t)
		f.faults = map[string]answerWith{"s3:GetObject": denied}
		out, errs, code := f.probe("-r", "ml-train", "-b", "acme", "--report", format)
		if code != exitWrong || !strings.Contains(out, "probe/read") && !strings.Contains(out, "probe-read") || errs != "" {
			t.Errorf("%s: exit status %d\n%s%s", format, code, out, errs)
		}
	}
}

// TestProbeUsage: what is wrong with the command line is said before anybody is asked.
func TestProbeUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"train.yaml"}, "takes no FILE"},
		{[]string{"--accept-object-lock"}, "--write"},
		{[]string{"--wirte"}, "did you mean --write?"},
		{[]string{"-b", "Acme"}, "no bucket name"},
		{[]string{"-r", "a", "-p", "b"}, "exclude each other"},
		{[]string{"--offline"}, "unknown flag"},
	} {
		f := newFakeAWS(t)
		out, errs, code := f.probe(c.args...)
		if code != exitUsage || !strings.Contains(out+errs, c.says) || len(f.calls) > 0 {
			t.Errorf("%v: exit status %d, %v\n%s%s", c.args, code, f.calls, out, errs)
		}
	}
}

// TestProbeRegion: a bucket elsewhere is asked where it is.
func TestProbeRegion(t *testing.T) {
	f := newFakeAWS(t)
	f.region = "eu-central-1"
	if out, _, code := f.probe("-r", "ml-train", "-b", "acme", "--write"); code != exitDone {
		t.Errorf("exit status %d\n%s", code, out)
	}
	f.clean()
}

// TestProbeOwner: with --bucket-owner, nothing is written into somebody else's bucket.
func TestProbeOwner(t *testing.T) {
	newFakeAWS(t)
	var inner http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost && r.Header.Get("x-amz-expected-bucket-owner") != "444455556666" {
			t.Errorf("%s %s does not name the owner", r.Method, r.URL)
		}
		inner.ServeHTTP(w, r)
	}))
	defer server.Close()
	f := newFakeAWS(t)
	f.faults = map[string]answerWith{"s3:ListBucket": denied, "HeadBucket": denied}
	inner = f
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	out, _, _ := f.probe("-r", "ml-train", "-b", "acme", "--bucket-owner", "444455556666", "--write")
	if !strings.Contains(out, "belongs to another account than 444455556666") || !slices.Contains(f.did(), "s3:PutObject") {
		t.Errorf("%v\n%s", f.did(), out)
	}
}
