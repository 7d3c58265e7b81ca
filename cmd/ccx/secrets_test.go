package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ccx/transform/live/fakeaws"
)

// marked are the secrets of a run, each of which stands for what must never be shown.
var marked = map[string]string{
	"access key": "AKIAMARKEDKEY0000001", "secret key": "MarkedSecretKey+abc/def", "session token": "MarkedSessionTokenA==",
	"signature": "Signature=", "web token": "eyJMARKED.eyJNb3Jl.U2lnbmVk", "process": "MarkedProcessOutput", "password": "marked-password",
	"assumed secret": "MarkedAssumedSecret", "assumed token": "MarkedAssumedToken", "sso": "MarkedSSOToken",
}

// TestNoSecretsAnywhere runs ccx through every kind of error with marked secrets, lets the server repeat all that it was
// given, and looks for the marks in stdout, in stderr, in every format of report and in a snapshot.
func TestNoSecretsAnywhere(t *testing.T) {
	f := newAWS(t)
	dir, _ := os.Getwd()
	t.Setenv("AWS_ACCESS_KEY_ID", marked["access key"])
	t.Setenv("AWS_SECRET_ACCESS_KEY", marked["secret key"])
	t.Setenv("AWS_SESSION_TOKEN", marked["session token"])
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	f.Accounts[marked["access key"]] = f.Accounts["AKIAOURS"]
	echo := func(w http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		said := r.Header.Get("Authorization") + " x-amz-security-token:" + r.Header.Get("X-Amz-Security-Token") + " key " + marked["secret key"] +
			" https://acme.s3.amazonaws.com/k?X-Amz-Credential=" + marked["access key"] + "%2Fx&X-Amz-Signature=0a1b " + r.Form.Encode() + string(body)
		fakeaws.RefuseAs(w, r, http.StatusForbidden, "Odd"+r.Header.Get("X-Amz-Security-Token"), said)
		return true
	}
	faults := append(fakeaws.Faults("http://127.0.0.1:1"), fakeaws.Fault{Name: "echo", On: func(*fakeaws.Fake, string) fakeaws.Answer { return echo }})
	for _, fault := range faults {
		if fault.Name == "huge body" {
			continue // it holds nothing that was sent
		}
		t.Run(fault.Name, func(t *testing.T) {
			for _, broken := range [][]string{fakeaws.Operations[1:], fakeaws.Operations[:1]} { // with a caller, and without
				f.Mend()
				for _, operation := range broken {
					f.Break(operation, fault.On(f, operation))
				}
				search(t, dir, map[bool]string{true: "400ms", false: "20s"}[fault.Slow])
			}
		})
	}
	f.Mend()
	for name, set := range brokenCredentials(t, f) {
		t.Run(name, func(t *testing.T) {
			set(t)
			search(t, dir, "20s")
		})
	}
}

// brokenCredentials are ways to get credentials that fail, with a secret at hand each.
func brokenCredentials(t *testing.T, f *fakeaws.Fake) map[string]func(*testing.T) {
	config := func(t *testing.T, text string) {
		t.Setenv("AWS_ACCESS_KEY_ID", "")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "")
		t.Setenv("AWS_SESSION_TOKEN", "")
		t.Setenv("AWS_CONFIG_FILE", temporary(t, "config", text))
	}
	refusing := func(t *testing.T, operation string) {
		f.Break(operation, func(w http.ResponseWriter, r *http.Request) bool {
			_ = r.ParseForm()
			fakeaws.Refuse(w, http.StatusBadRequest, "Odd", r.Form.Encode()+" "+r.Form.Get("WebIdentityToken"))
			return true
		})
		t.Cleanup(f.Mend)
	}
	return map[string]func(*testing.T){
		"process prints no JSON": func(t *testing.T) { config(t, "[default]\ncredential_process = echo "+marked["process"]+"\n") },
		"process lacks a key": func(t *testing.T) {
			config(t, "[default]\ncredential_process = echo '{\"Version\": 1, \"SecretAccessKey\": \""+marked["secret key"]+"\"}'\n")
		},
		"web identity": func(t *testing.T) {
			config(t, "[default]\nrole_arn = arn:aws:iam::111122223333:role/web\nweb_identity_token_file = "+temporary(t, "token", marked["web token"])+"\n")
			refusing(t, "sts:AssumeRoleWithWebIdentity")
		},
		"assumed role": func(t *testing.T) {
			config(t, "[default]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = base\n[profile base]\naws_access_key_id = "+
				marked["access key"]+"\naws_secret_access_key = "+marked["secret key"]+"\naws_session_token = "+marked["session token"]+"\n")
			refusing(t, "sts:AssumeRole")
		},
		"endpoint with a password": func(t *testing.T) {
			t.Setenv("AWS_ENDPOINT_URL", "http://me:"+marked["password"]+"@127.0.0.1:1/?token="+marked["web token"])
		},
		"proxy with a password": func(t *testing.T) {
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Error(w, r.Header.Get("Proxy-Authorization")+marked["password"], http.StatusProxyAuthRequired)
			}))
			t.Cleanup(proxy.Close)
			t.Setenv("AWS_ENDPOINT_URL", "")
			t.Setenv("HTTPS_PROXY", strings.Replace(proxy.URL, "://", "://me:"+marked["password"]+"@", 1))
		},
	}
}

// search runs the filter, check and snapshot, and looks for the marks in all that they leave behind.
func search(t *testing.T, dir, timeout string) {
	t.Helper()
	formats := []string{"json", "sarif", "junit", "github", "codequality", "markdown", "html"}
	args := []string{"-v", "--timeout", timeout}
	for _, format := range formats {
		args = append(args, "--report", format+"="+filepath.Join(dir, "report."+format))
	}
	said := ""
	for _, argv := range [][]string{
		append(args, liveArgs...), append(append([]string{"check"}, args...), append(liveArgs, "train.yaml")...),
		append([]string{"snapshot", "--timeout", timeout}, liveArgs...),
	} {
		out, errs, _ := ccx(t, liveConfig, argv...)
		said += out + errs
		for _, format := range formats {
			said += read(t, filepath.Join(dir, "report."+format))
		}
	}
	if len(said) < 1000 {
		t.Errorf("hardly anything was said: %s", said)
	}
	for name, secret := range marked {
		if i := strings.Index(said, secret); i >= 0 {
			t.Errorf("the %s is shown: %s", name, said[max(0, i-200):min(len(said), i+100)])
		}
	}
}

// temporary puts text into a new file and returns its path.
func temporary(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
