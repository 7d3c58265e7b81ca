package live

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// TestMeaning: what AWS's codes mean, whatever the operation.
func TestMeaning(t *testing.T) {
	op := operation{name: "iam:GetRole", none: noEntity}
	for code, want := range map[string]account.Class{
		"AccessDenied": account.Denied, "AccessDeniedException": account.Denied, "Forbidden": account.Denied, "MethodNotAllowed": account.Denied,
		"ExpiredToken": account.Unreachable, "InvalidClientTokenId": account.Unreachable, "SignatureDoesNotMatch": account.Unreachable,
		"Throttling": account.Unreachable, "SlowDown": account.Unreachable, "InternalError": account.Unreachable, "Whatever": account.Unreachable,
		"NoSuchBucket": account.Unreachable, // not one of this operation's own
		"NoSuchEntity": account.NoClass,
	} {
		none, why := meaning(op, &smithy.GenericAPIError{Code: code, Message: "the message"})
		if none != (code == "NoSuchEntity") || why.Class != want {
			t.Errorf("%s: none %v, %+v", code, none, why)
		}
		if !none && (why.Code != code || want == account.Unreachable && why.Message == "") {
			t.Errorf("%s: %+v", code, why)
		}
	}
	for err, want := range map[error]string{
		context.DeadlineExceeded: "Timeout", context.Canceled: "Interrupted", errors.New("secret text"): "UnexpectedAnswer",
		&net.DNSError{Name: "iam.nowhere", Err: "no such host"}: "UnknownHost", unexpected("odd"): "UnexpectedAnswer",
		x509.UnknownAuthorityError{}: "TLS",
	} {
		if _, why := meaning(op, err); why.Class != account.Unreachable || why.Code != want || strings.Contains(why.Message, "secret") {
			t.Errorf("%v: %+v", err, why)
		}
	}
}

// TestClean: nothing that is secret or that a terminal would obey is passed on.
func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"one\n two\t three":                              "one two three",
		"a\x1b[31mred\u202e\u200b":                       "a [31mred",
		"key AKIAIOSFODNN7EXAMPLE is unknown":            "key (hidden) is unknown",
		"see https://x/?X-Amz-Signature=abc123 .":        "see https://x/?(hidden) .",
		"x-amz-security-token:IQoJb3JpZ2luX2VjE host:s3": "(hidden) host:s3",
		"Authorization: AWS4 done":                       "(hidden) done",
		strings.Repeat("Ab1+", 30):                       "(hidden)",
		"arn:aws:iam::111122223333:role/teams/ml":        "arn:aws:iam::111122223333:role/teams/ml",
		"\xff": "",
	} {
		if got := clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := clean(strings.Repeat("é ", 500)); len([]rune(got)) > longest+3 {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

// TestNoSecretsInFacts: a server that echoes what it got does not make the facts repeat it.
func TestNoSecretsInFacts(t *testing.T) {
	f := fakeaws.New(t)
	t.Setenv("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2VjEJr")
	for _, operation := range operations {
		f.Break(operation, func(w http.ResponseWriter, r *http.Request) bool {
			text := r.Header.Get("Authorization") + " x-amz-security-token:" + r.Header.Get("X-Amz-Security-Token")
			fakeaws.RefuseAs(w, r, http.StatusForbidden, "Odd"+strings.ReplaceAll(r.Header.Get("X-Amz-Security-Token"), " ", ""), text)
			return true
		})
		f.Break("sts:GetCallerIdentity", nil)
	}
	facts := gather(t, Options{}, nodeWants(ours))
	var out strings.Builder
	if err := facts.Save(&out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "Odd") {
		t.Fatal("the error is not in the facts")
	}
	for _, secret := range []string{"AKIAOURS", "wJalrXUtnFEMI", "IQoJb3JpZ2luX2VjEJr", "Signature="} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s is in the facts:\n%s", secret, out.String())
		}
	}
}

// TestUnreachable: each way of not reaching AWS is said in words, and keeps nobody waiting.
func TestUnreachable(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for name, c := range map[string]struct{ endpoint, key, code, words string }{
		"refused":        {closed.URL, "AKIAOURS", "ConnectionRefused", "the connection is refused"},
		"unknown host":   {"http://ccx.invalid", "AKIAOURS", "UnknownHost", "the host ccx.invalid is not found"},
		"untrusted":      {server.URL, "AKIAOURS", "TLS", "is not trusted"},
		"no TLS":         {strings.Replace(plainServer(t), "http:", "https:", 1), "AKIAOURS", "TLS", "does not speak TLS"},
		"no credentials": {closed.URL, "", "NoCredentials", "no AWS credentials: set AWS_PROFILE, or sign in"},
	} {
		t.Run(name, func(t *testing.T) {
			fakeaws.Configure(t, c.endpoint, c.key, "us-west-2")
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			facts := gather(t, Options{}, nodeWants(ours))
			for what, u := range map[string]account.Unread{
				"caller": facts.Caller().Unread, "profile": facts.Profile(ours, "node").Unread, "bucket": facts.Bucket("acme").Unread,
			} {
				if u.Class != account.Unreachable || u.Code != c.code || !strings.Contains(u.Message, c.words) {
					t.Errorf("%s: %+v", what, u)
				}
			}
		})
	}
}

// plainServer returns the address of a server that speaks plain HTTP.
func plainServer(t *testing.T) string {
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	return server.URL
}

// TestCABundle: AWS_CA_BUNDLE makes a server trusted that is not.
func TestCABundle(t *testing.T) {
	f := fakeaws.New(t)
	server := httptest.NewTLSServer(f)
	defer server.Close()
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(bundle, text, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_CA_BUNDLE", bundle)
	if p := gather(t, Options{}, nodeWants(ours)).Profile(ours, "node"); p.State != account.Known {
		t.Errorf("got %+v", p)
	}
	t.Setenv("AWS_CA_BUNDLE", bundle+".gone")
	if p := gather(t, Options{}, nodeWants(ours)).Profile(ours, "node"); p.Unread.Code != "BadConfiguration" || !strings.Contains(p.Unread.Message, "AWS_CA_BUNDLE") {
		t.Errorf("got %+v", p)
	}
}

// TestRetries: what fails once is asked again, and is then right.
func TestRetries(t *testing.T) {
	f := fakeaws.New(t)
	for _, once := range []string{"iam:GetRole", "iam:ListRolePolicies", "s3:GetBucketPolicy"} {
		first := true
		f.Break(once, func(w http.ResponseWriter, r *http.Request) bool {
			failed := first
			first = false
			switch {
			case !failed:
			case once == "iam:GetRole":
				fakeaws.Refuse(w, http.StatusBadRequest, "Throttling", "Rate exceeded")
			case once == "s3:GetBucketPolicy":
				fakeaws.RefuseS3(w, r, http.StatusServiceUnavailable, "SlowDown")
			default:
				_, _ = io.WriteString(w, "<ListRolePoliciesResponse><ListRolePoliciesResult><PolicyNames>")
			}
			return failed
		})
	}
	facts := gather(t, Options{}, nodeWants(ours))
	l := facts.Layers(roleARN(ours, "teams/node"), "arn:aws:s3:::acme")
	if len(l.Identity.Missing)+len(l.Boundary.Missing)+len(l.Resource.Missing) > 0 || len(l.Identity.Policies) != 3 {
		t.Errorf("got %+v", l)
	}
}

// TestInterrupted: a context that ends, ends the run.
func TestInterrupted(t *testing.T) {
	f := fakeaws.New(t)
	ctx, cancel := context.WithCancel(context.Background())
	f.Break("iam:GetRole", func(_ http.ResponseWriter, r *http.Request) bool {
		cancel()
		<-r.Context().Done()
		return true
	})
	facts := New(Options{}).Gather(ctx, account.Wants{Roles: []string{roleARN(ours, "teams/node")}})
	if r := facts.Role(roleARN(ours, "teams/node")); r.Unread.Code != "Interrupted" {
		t.Errorf("got %+v", r)
	}
}
