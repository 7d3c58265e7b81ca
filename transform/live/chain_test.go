package live

import (
	"crypto/sha1"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// TestCredentialChain: every way in which the AWS CLI gets credentials works here too.
func TestCredentialChain(t *testing.T) {
	file := func(t *testing.T, name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, c := range map[string]struct {
		config func(t *testing.T) string
		env    map[string]string
		caller string
	}{
		"AWS_PROFILE": {func(*testing.T) string {
			return "[profile other]\naws_access_key_id = AKIATHEIRS\naws_secret_access_key = s\n"
		}, map[string]string{"AWS_PROFILE": "other"}, theirs},
		"credentials file": {func(t *testing.T) string {
			t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file(t, "credentials", "[default]\naws_access_key_id = AKIAOURS\naws_secret_access_key = s\n"))
			return ""
		}, nil, ours},
		"assumed role": {func(*testing.T) string {
			return "[default]\nrole_arn = arn:aws:iam::" + theirs + ":role/r\nsource_profile = base\n[profile base]\naws_access_key_id = AKIAOURS\naws_secret_access_key = s\n"
		}, nil, theirs},
		"web identity by profile": {func(t *testing.T) string {
			return "[default]\nrole_arn = arn:aws:iam::" + ours + ":role/web\nweb_identity_token_file = " + file(t, "token", fakeaws.WebToken) + "\n"
		}, nil, ours},
		"web identity by environment": {func(t *testing.T) string {
			t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", file(t, "token", fakeaws.WebToken))
			return ""
		}, map[string]string{"AWS_ROLE_ARN": "arn:aws:iam::" + ours + ":role/web"}, ours},
		"process": {func(t *testing.T) string {
			return "[default]\ncredential_process = echo '{\"Version\": 1, \"AccessKeyId\": \"AKIAOURS\", \"SecretAccessKey\": \"s\"}'\n"
		}, nil, ours},
		"SSO session": {func(t *testing.T) string {
			cachedSSO(t, "corp")
			return "[default]\nsso_session = corp\nsso_account_id = " + ours + "\nsso_role_name = r\n[sso-session corp]\nsso_region = us-west-2\nsso_start_url = https://corp.awsapps.com/start\n"
		}, nil, ours},
		"SSO of old": {func(t *testing.T) string {
			cachedSSO(t, "https://corp.awsapps.com/start")
			return "[default]\nsso_account_id = " + ours + "\nsso_role_name = r\nsso_region = us-west-2\nsso_start_url = https://corp.awsapps.com/start\n"
		}, nil, ours},
	} {
		t.Run(name, func(t *testing.T) {
			f := fakeaws.New(t)
			fakeaws.Configure(t, f.URL, "", "us-west-2")
			t.Setenv("AWS_ENDPOINT_URL_STS", f.URL) // the SDK's credential chain goes by these two, not by AWS_ENDPOINT_URL
			t.Setenv("AWS_ENDPOINT_URL_SSO", f.URL)
			for key, value := range c.env {
				t.Setenv(key, value)
			}
			if err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte(c.config(t)), 0o600); err != nil {
				t.Fatal(err)
			}
			facts := gather(t, Options{}, account.Wants{Profiles: []account.ProfileWant{{Name: "node"}}})
			if id := facts.Caller(); id.Value.Account != c.caller || facts.Profile("", "node").State != account.Known {
				t.Errorf("caller %+v, profile %+v", id, facts.Profile("", "node"))
			}
		})
	}
}

// cachedSSO puts a token that holds for an hour where `aws sso login` puts it.
func cachedSSO(t *testing.T, name string) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	sum := sha1.Sum([]byte(name))
	cache := filepath.Join(home, ".aws", "sso", "cache", hex.EncodeToString(sum[:])+".json")
	if err := os.MkdirAll(filepath.Dir(cache), 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"startUrl": "https://corp.awsapps.com/start", "region": "us-west-2", "accessToken": "` + fakeaws.SSOToken + `", "expiresAt": "` +
		time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`
	if err := os.WriteFile(cache, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOldSSOExpired: without a token in the cache, SSO is what is said, and not that there are no credentials.
func TestOldSSOExpired(t *testing.T) {
	f := fakeaws.New(t)
	fakeaws.Configure(t, f.URL, "", "us-west-2")
	t.Setenv("HOME", t.TempDir())
	config := "[default]\nsso_account_id = " + ours + "\nsso_role_name = r\nsso_region = us-west-2\nsso_start_url = https://corp.awsapps.com/start\n"
	if err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	u := gather(t, Options{}, nodeWants(ours)).Profile(ours, "node").Unread
	if u.Code != "SSOExpired" || !strings.Contains(u.Message, "SSO") {
		t.Errorf("got %+v", u)
	}
}
