package fakeaws

import (
	"net/http"
	"strings"
	"time"
)

// WebToken and SSOToken are what the fake takes for a web identity and for a session of IAM Identity Center.
const (
	WebToken = "a-web-identity-token"
	SSOToken = "an-sso-token"
)

// unsigned answers the two requests that need no signature, since they are how credentials come: those of our account.
func (f *Fake) unsigned(w http.ResponseWriter, r *http.Request) bool {
	_ = r.ParseForm()
	switch {
	case r.Form.Get("Action") == "AssumeRoleWithWebIdentity" && r.Form.Get("WebIdentityToken") == WebToken:
		f.assume(w, r)
	case r.Form.Get("Action") == "AssumeRoleWithWebIdentity":
		f.mu.Lock()
		answer := f.faults["sts:AssumeRoleWithWebIdentity"]
		f.mu.Unlock()
		if answer == nil || !answer(w, r) {
			Refuse(w, http.StatusBadRequest, "InvalidIdentityToken", "The token is not known.")
		}
	case strings.HasSuffix(r.URL.Path, "/federation/credentials") && r.Header.Get("X-Amz-Sso_bearer_token") == SSOToken:
		Write(w, map[string]any{"roleCredentials": map[string]any{"accessKeyId": "AKIAOURS", "secretAccessKey": "s", "sessionToken": "t",
			"expiration": time.Now().Add(time.Hour).UnixMilli()}})
	default:
		return false
	}
	return true
}
