package live

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
)

// TestMetadata: instance metadata is asked only when the user says so.
func TestMetadata(t *testing.T) {
	for name, c := range map[string]struct {
		disabled string // AWS_EC2_METADATA_DISABLED; "-": not set
		profile  string // what the AWS profile says
		asked    bool
	}{
		"not set":           {"-", "region = us-west-2", false},
		"disabled":          {"true", "region = us-west-2", false},
		"enabled":           {"false", "region = us-west-2", true},
		"credential_source": {"-", "role_arn = arn:aws:iam::111122223333:role/r\ncredential_source = Ec2InstanceMetadata", true},
	} {
		t.Run(name, func(t *testing.T) {
			var hits atomic.Int32
			metadata := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				hits.Add(1)
				w.WriteHeader(http.StatusNotFound)
			}))
			defer metadata.Close()
			fakeaws.Configure(t, "http://127.0.0.1:1", "", "us-west-2")
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
			t.Setenv("AWS_EC2_METADATA_DISABLED", c.disabled)
			if c.disabled == "-" {
				_ = os.Unsetenv("AWS_EC2_METADATA_DISABLED")
			}
			if err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte("[default]\n"+c.profile+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			facts := gather(t, Options{}, nodeWants(ours))
			if got := hits.Load() > 0; got != c.asked {
				t.Errorf("metadata asked: %v, want %v", got, c.asked)
			}
			if p := facts.Profile(ours, "node"); p.Unread.Class != account.Unreachable {
				t.Errorf("got %+v", p)
			}
		})
	}
}

// TestCredentialProcess: the SDK's own chain works, and what a process prints stays with it.
func TestCredentialProcess(t *testing.T) {
	f := fakeaws.New(t)
	fakeaws.Configure(t, f.URL, "", "us-west-2")
	process := func(command string) *account.Facts {
		text := "[default]\ncredential_process = " + command + "\n"
		if err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return gather(t, Options{}, nodeWants(ours))
	}
	good := `echo '{"Version": 1, "AccessKeyId": "AKIAOURS", "SecretAccessKey": "s"}'`
	if p := process(good).Profile(ours, "node"); p.State != account.Known {
		t.Errorf("got %+v", p)
	}
	u := process(`sh -c 'echo the-secret; echo the-secret >&2; exit 3'`).Profile(ours, "node").Unread
	if u.Code != "NoCredentials" || !strings.Contains(u.Message, "credential_process") || strings.Contains(u.Message, "the-secret") {
		t.Errorf("got %+v", u)
	}
}

// TestEndpoint: the endpoint that is not AWS's own is part of the provenance, without what it may hold of secrets.
func TestEndpoint(t *testing.T) {
	f := fakeaws.New(t)
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"no credentials": {map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, f.URL},
		"for all":        {map[string]string{}, f.URL},
		"secrets":        {map[string]string{"AWS_ENDPOINT_URL": strings.Replace(f.URL, "://", "://user:secret@", 1) + "?token=secret#secret"}, f.URL},
		"one more":       {map[string]string{"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}, "ecr=" + f.URL + " iam=" + f.URL + " kms=" + f.URL + " s3=http://127.0.0.1:9 sts=" + f.URL},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range c.env {
				t.Setenv(variable, value)
			}
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			if got := gather(t, Options{}, nodeWants(ours)).Provenance().Endpoint; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestRegion: a region that is none never becomes part of a host name.
func TestRegion(t *testing.T) {
	for _, c := range []struct {
		partition string
		regions   []string
		want      string
	}{
		{"", nil, "us-east-1"},
		{"", []string{"", "eu-west-1", "us-west-2"}, "eu-west-1"},
		{"", []string{"evil.com/", "x@y", "us-west-2.evil.com", "us-west-2"}, "us-west-2"},
		{"aws", []string{"cn-north-1", "ap-southeast-2"}, "ap-southeast-2"},
		{"aws-cn", []string{"us-west-2"}, "cn-north-1"},
		{"aws-cn", []string{"cn-northwest-1"}, "cn-northwest-1"},
		{"aws-us-gov", []string{"us-gov-east-1"}, "us-gov-east-1"},
		{"aws-us-gov", nil, "us-gov-west-1"},
		{"aws-eusc", nil, "eusc-de-east-1"},
		{"aws-eusc", []string{"eusc-de-east-1"}, "eusc-de-east-1"},
		{"aws-iso-b", []string{"us-isob-east-1"}, "us-isob-east-1"},
		{"aws-moon", nil, "us-east-1"},
	} {
		if got := chooseRegion(c.partition, c.regions...); got != c.want {
			t.Errorf("%q %q: got %q, want %q", c.partition, c.regions, got, c.want)
		}
	}
}

// TestHostileRegions: neither configuration nor S3's header brings a foreign host into play.
func TestHostileRegions(t *testing.T) {
	f := fakeaws.New(t)
	t.Setenv("AWS_REGION", "x.evil.invalid/")
	f.Buckets["acme"].Region = "y.evil.invalid/"
	facts := gather(t, Options{Region: "z.evil.invalid/"}, account.Wants{Profiles: []account.ProfileWant{{Name: "node"}}, Buckets: []account.BucketWant{{Name: "acme", Region: "w.evil.invalid/"}}})
	if facts.Profile(ours, "node").State != account.Known {
		t.Errorf("profile: %+v", facts.Profile(ours, "node"))
	}
	b := facts.Bucket("acme")
	if b.State != account.NotRead && b.Value.Region.State != account.NotRead {
		t.Errorf("bucket: %+v", b)
	}
}

func TestBucketNames(t *testing.T) {
	for name, want := range map[string]bool{
		"acme": true, "a.b-c": true, "123": true, "anyscale-production-data-cld-abc123": true,
		"ab": false, "Acme": false, "a_b": false, "a/b": false, "a..b": false, "10.0.0.1": false, "-ab": false, "ab-": false, "": false,
		"arn:aws:s3:::acme": false, "x--usw2-az1--x-s3": false, "p-s3alias": false, "a?b": false, "a b": false, strings.Repeat("a", 64): false,
	} {
		if got := validBucket(name); got != want {
			t.Errorf("%q: got %v", name, got)
		}
	}
}

func TestPartition(t *testing.T) {
	for _, c := range []struct {
		w    account.Wants
		want string
	}{
		{account.Wants{}, ""},
		{account.Wants{Partition: "aws-cn"}, "aws-cn"},
		{account.Wants{Roles: []string{"arn:aws-us-gov:iam::111122223333:role/r"}}, "aws-us-gov"},
		{account.Wants{Roles: []string{"nonsense"}}, ""},
	} {
		if got := partitionOf(c.w); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.w, got, c.want)
		}
	}
}
