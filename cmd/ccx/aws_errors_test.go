package main

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// telling runs the filter, which must end with the status, write the refusing line and nothing else, and say all of says.
func telling(t *testing.T, code int, says []string, args ...string) {
	t.Helper()
	out, errs, got := ccx(t, liveConfig, append(args, "--timeout", "20s")...)
	told(t, code, says, out, errs, got)
}

func told(t *testing.T, code int, says []string, out, errs string, got int) {
	t.Helper()
	if got != code || out != refusal {
		t.Errorf("status %d, want %d; stdout %q", got, code, out)
	}
	for _, part := range says {
		if !strings.Contains(errs, part) {
			t.Errorf("stderr does not say %q:\n%s", part, errs)
		}
	}
}

// TestEveryErrorOfTheTable: each code that AWS may answer with is said in words, with what to do.
func TestEveryErrorOfTheTable(t *testing.T) {
	f := newAWS(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	for _, row := range account.Obstacles() {
		if row.Class != account.Unreachable {
			continue // denials have a test of their own
		}
		if row.Do == "" || len(row.Codes) == 0 {
			t.Errorf("%+v says nothing to do", row)
		}
		for _, code := range row.Codes {
			if row.Means == "" || ours[code] {
				continue
			}
			t.Run(code, func(t *testing.T) {
				for _, operation := range fakeaws.Operations {
					f.Break(operation, func(w http.ResponseWriter, r *http.Request) bool {
						fakeaws.RefuseAs(w, r, http.StatusBadRequest, code, "in AWS's own words")
						return true
					})
				}
				telling(t, exitUnknown, []string{"sts:GetCallerIdentity: " + row.Means, "mend: " + row.Do}, liveArgs...)
			})
		}
	}
}

// ours are the codes that no server sends; TestWaysThatFail has them.
var ours = map[string]bool{"NoCredentials": true, "SSOExpired": true, "BadConfiguration": true, "Timeout": true, "Interrupted": true, "UnknownHost": true,
	"ConnectionRefused": true, "ConnectionLost": true, "TLS": true, "Proxy": true, "UnexpectedAnswer": true, "InvalidName": true}

// TestAnswersThatDecide: the same code means one thing in the right account and another in the wrong one.
func TestAnswersThatDecide(t *testing.T) {
	refuse := func(status int, code string) fakeaws.Answer {
		return func(w http.ResponseWriter, r *http.Request) bool {
			fakeaws.RefuseAs(w, r, status, code, "in AWS's own words")
			return true
		}
	}
	const caller = "arn:aws:iam::" + fakeaws.Ours + ":user/ci"
	profile := func(account, name string) []string {
		return append(append([]string{}, liveArgs...), "-p", "arn:aws:iam::"+account+":instance-profile/"+name)
	}
	for name, c := range map[string]struct {
		operation string
		answer    fakeaws.Answer
		args      []string
		code      int
		says      []string
	}{
		"NoSuchEntity here":       {"", nil, profile(fakeaws.Ours, "ghost"), exitWrong, []string{"[profile/exists]"}},
		"NoSuchEntity elsewhere":  {"", nil, profile(fakeaws.Theirs, "ghost"), exitUnknown, []string{"no credentials for account " + fakeaws.Theirs + ": the caller is " + caller, "--account " + fakeaws.Theirs + "=profile:NAME"}},
		"NoSuchBucket":            {"", nil, append(append([]string{}, liveArgs...), "-b", "nowhere"), exitWrong, []string{"[bucket/exists]"}},
		"AccessDenied":            {"iam:GetRole", refuse(403, "AccessDenied"), liveArgs, exitUnknown, []string{caller + " may not call iam:GetRole (AccessDenied)", "let the caller iam:GetRole"}},
		"AccessDenied by KMS":     {"kms:GetKeyPolicy", refuse(400, "AccessDeniedException"), liveArgs, exitUnknown, []string{"may not call kms:GetKeyPolicy (AccessDeniedException)", "[kms/use]"}},
		"403 without a word":      {"s3:ListBucket", refuse(403, "AccessDenied"), append([]string{"--bucket-owner", fakeaws.Theirs}, liveArgs...), exitUnknown, []string{"s3:ListBucket"}},
		"405":                     {"s3:GetBucketPolicy", refuse(405, "MethodNotAllowed"), liveArgs, exitUnknown, []string{"s3:GetBucketPolicy (MethodNotAllowed)", "name the owner's credentials"}},
		"301 without a region":    {"s3:ListBucket", refuse(301, "PermanentRedirect"), liveArgs, exitUnknown, []string{"S3 sends the request to another region", "--region"}},
		"a policy that is broken": {"iam:GetRolePolicy", notAPolicy, liveArgs, exitUnknown, []string{"iam:GetRolePolicy"}},
		"the session policy is refused": {"sts:AssumeRole", refuse(400, "MalformedPolicyDocument"), append(profile(fakeaws.Theirs, "node"), "--account", fakeaws.Theirs+"=role:arn:aws:iam::"+fakeaws.Theirs+":role/r"),
			exitUnknown, []string{"AWS refuses the session policy", "use a profile for that account"}},
		"the role may not be assumed": {"sts:AssumeRole", refuse(403, "AccessDenied"), append(profile(fakeaws.Theirs, "node"), "--account", fakeaws.Theirs+"=role:arn:aws:iam::"+fakeaws.Theirs+":role/r"),
			exitUnknown, []string{"may not call sts:AssumeRole"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newAWS(t)
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			if c.operation != "" {
				f.Break(c.operation, c.answer)
			}
			telling(t, c.code, c.says, c.args...)
		})
	}
}

// notAPolicy answers with a text that is no policy where one belongs.
func notAPolicy(w http.ResponseWriter, _ *http.Request) bool {
	_, _ = io.WriteString(w, `<GetRolePolicyResponse><GetRolePolicyResult><PolicyDocument>not%20JSON</PolicyDocument></GetRolePolicyResult></GetRolePolicyResponse>`)
	return true
}

// TestWaysThatFail: what goes wrong before AWS can answer.
func TestWaysThatFail(t *testing.T) {
	hanging := func(w http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
	for name, c := range map[string]struct {
		set  func(*testing.T, *fakeaws.Fake)
		says []string
	}{
		"no credentials": {func(t *testing.T, _ *fakeaws.Fake) { noKeys(t, "") }, []string{"no AWS credentials", "aws sso login, or set AWS_PROFILE"}},
		"SSO expired":    {func(t *testing.T, _ *fakeaws.Fake) { expiredSSO(t) }, []string{"the SSO session has expired", "mend: aws sso login"}},
		"no such profile": {func(t *testing.T, _ *fakeaws.Fake) { t.Setenv("AWS_PROFILE", "ghost") },
			[]string{"there is no AWS profile ghost", "check AWS_PROFILE"}},
		"timeout":      {func(_ *testing.T, f *fakeaws.Fake) { f.Break("iam:GetRole", hanging) }, []string{"iam:GetRole: no answer in time", "--timeout 2m"}},
		"refused":      {endpoint("http://127.0.0.1:1"), []string{"the connection is refused", "check AWS_ENDPOINT_URL"}},
		"unknown host": {endpoint("http://ccx.invalid"), []string{"the host ccx.invalid is not found", "HTTPS_PROXY"}},
		"TLS":          {func(t *testing.T, _ *fakeaws.Fake) { t.Setenv("AWS_ENDPOINT_URL", untrusted(t)) }, []string{"the server's certificate is not trusted", "set AWS_CA_BUNDLE"}},
		"no TLS": {func(t *testing.T, f *fakeaws.Fake) {
			t.Setenv("AWS_ENDPOINT_URL", strings.Replace(f.URL, "http:", "https:", 1))
		}, []string{"does not speak TLS", "check AWS_ENDPOINT_URL"}},
		"reset": {func(_ *testing.T, f *fakeaws.Fake) { f.Break("iam:GetRole", faultNamed("reset").On(f, "")) }, []string{"iam:GetRole: the connection broke, on every retry"}},
		"a sign-in page": {func(_ *testing.T, f *fakeaws.Fake) { f.Break("iam:GetRole", faultNamed("HTML").On(f, "")) },
			[]string{"iam:GetRole: the answer can't be understood", "sign-in page"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newAWS(t)
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			c.set(t, f)
			out, errs, code := ccx(t, liveConfig, append([]string{"--timeout", map[bool]string{true: "500ms", false: "20s"}[name == "timeout"]}, liveArgs...)...)
			told(t, exitUnknown, c.says, out, errs, code)
		})
	}
}

func endpoint(url string) func(*testing.T, *fakeaws.Fake) {
	return func(t *testing.T, _ *fakeaws.Fake) { t.Setenv("AWS_ENDPOINT_URL", url) }
}

func faultNamed(name string) fakeaws.Fault {
	for _, f := range fakeaws.Faults("") {
		if f.Name == name {
			return f
		}
	}
	panic("no fault " + name)
}

// noKeys leaves the configuration file as the only place for credentials.
func noKeys(t *testing.T, config string) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", temporary(t, "config", config))
}

// expiredSSO makes a profile of an SSO session whose token has expired.
func expiredSSO(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	sum := sha1.Sum([]byte("corp"))
	cache := filepath.Join(home, ".aws", "sso", "cache")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	token := `{"startUrl": "https://corp.awsapps.com/start", "region": "us-west-2", "accessToken": "` + marked["sso"] + `", "expiresAt": "2020-01-01T00:00:00Z"}`
	if err := os.WriteFile(filepath.Join(cache, hex.EncodeToString(sum[:])+".json"), []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	noKeys(t, "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = r\n[sso-session corp]\nsso_region = us-west-2\nsso_start_url = https://corp.awsapps.com/start\n")
}

func untrusted(t *testing.T) string {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// TestProxy: AWS is reached through the proxy that HTTPS_PROXY names, with the certificate that AWS_CA_BUNDLE holds; a
// proxy that refuses, or is not there, is told apart from AWS.
func TestProxy(t *testing.T) {
	f := newAWS(t)
	server := httptest.NewTLSServer(f)
	t.Cleanup(server.Close)
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	t.Setenv("AWS_ENDPOINT_URL", "https://example.com") // httptest's certificate is made out to it
	t.Setenv("AWS_CA_BUNDLE", temporary(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))))
	t.Setenv("NO_PROXY", "")
	var status atomic.Int32 // the proxy's goroutines read it
	var asked atomic.Value
	status.Store(http.StatusOK)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host)
		tunnel(w, int(status.Load()), server.Listener.Addr().String())
	}))
	t.Cleanup(proxy.Close)
	t.Setenv("HTTPS_PROXY", strings.Replace(proxy.URL, "://", "://me:"+marked["password"]+"@", 1))
	if out, errs, code := spawn(t, liveConfig, liveArgs...); code != exitDone || !strings.Contains(out, "instance-profile/node") || asked.Load() != "CONNECT example.com:443" {
		t.Errorf("through the proxy: status %d, asked %q: %s", code, asked.Load(), errs)
	}
	status.Store(http.StatusProxyAuthRequired)
	out, errs, code := spawn(t, liveConfig, liveArgs...)
	told(t, exitUnknown, []string{"the proxy refuses: HTTP 407 Proxy Authentication Required", "check HTTPS_PROXY"}, out, errs, code)
	if strings.Contains(errs, marked["password"]) {
		t.Errorf("the proxy's password is shown: %s", errs)
	}
	t.Setenv("HTTPS_PROXY", "http://me:"+marked["password"]+"@127.0.0.1:1")
	out, errs, code = spawn(t, liveConfig, liveArgs...)
	told(t, exitUnknown, []string{"the proxy can't be reached", "check HTTPS_PROXY"}, out, errs, code)
	if strings.Contains(errs, marked["password"]) {
		t.Errorf("the proxy's password is shown: %s", errs)
	}
}

// tunnel answers a CONNECT and carries bytes to the server and back.
func tunnel(w http.ResponseWriter, status int, to string) {
	if status != http.StatusOK {
		http.Error(w, "no", status)
		return
	}
	there, err := net.Dial("tcp", to)
	if err != nil {
		http.Error(w, "no", http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	here, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
	go func() { _, _ = io.Copy(here, there); _ = here.Close() }()
}
