package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const roleARN = "arn:aws:iam::111122223333:role/"

// cloudPrintout is what `anyscale cloud get` prints, with the role of the nodes and more.
const cloudPrintout = `id: cld_1
name: prod
resources:
- name: vm
  provider: AWS
  compute_stack: VM
  region: us-west-2
  object_storage: {bucket_name: s3://acme}
  aws_config:
    anyscale_iam_role_id: arn:aws:iam::111122223333:role/plane
    cluster_iam_role_id: arn:aws:iam::111122223333:role/ml-train
`

// TestProbeCaller: the promise is kept by exactly one role, however it was made and whatever the caller's ARN hides;
// with any other caller, nothing but the identity is asked for.
func TestProbeCaller(t *testing.T) {
	for _, c := range []struct {
		name, caller string
		args         []string
		profile      string // what iam:GetInstanceProfile says; "" = denied
		says         string
		code         int
	}{
		{name: "by the role's name", args: []string{"-r", "ml-train"}},
		{name: "by the role's ARN", args: []string{"-r", roleARN + "ml-train"}},
		{name: "a path is lost in a session's ARN", args: []string{"-r", roleARN + "teams/vision/ml-train"}, says: "does not show the role's path"},
		{name: "another role", args: []string{"-r", "vision"}, says: "the caller is not the promised role vision", code: exitWrong},
		{name: "a role whose name begins with it", args: []string{"-r", "ml"}, says: "is not the promised role ml", code: exitWrong},
		{name: "a role that it begins with", args: []string{"-r", "ml-train-2"}, says: "is not", code: exitWrong},
		{name: "another letter case", args: []string{"-r", "ML-train"}, says: "the letter case differs", code: exitWrong},
		{name: "another account", args: []string{"-r", "arn:aws:iam::444455556666:role/ml-train"}, says: "in account 111122223333 instead of 444455556666", code: exitWrong},
		{name: "another partition", args: []string{"-r", "arn:aws-cn:iam::111122223333:role/ml-train"}, says: "is not", code: exitWrong},
		{name: "a user", caller: "arn:aws:iam::111122223333:user/ml-train", args: []string{"-r", "ml-train"}, says: "not the credentials of a role", code: exitWrong},
		{name: "the root", caller: "arn:aws:iam::111122223333:root", args: []string{"-r", "ml-train"}, says: "not the credentials of a role", code: exitWrong},
		{name: "a federated user", caller: "arn:aws:sts::111122223333:federated-user/ml-train", args: []string{"-r", "ml-train"}, says: "not the credentials of a role", code: exitWrong},
		{name: "a session named like the role", caller: "arn:aws:sts::111122223333:assumed-role/other/ml-train", args: []string{"-r", "ml-train"}, says: "is not", code: exitWrong},
		{name: "no promise", says: "no role was promised"},
		{name: "no promise, a user", caller: "arn:aws:iam::111122223333:user/me", says: "arn:aws:iam::111122223333:user/me"},
		{name: "a profile that may be read", args: []string{"-p", "nodes"}, profile: roleARN + "ml-train", says: "the role " + roleARN + "ml-train of the promised profile nodes"},
		{name: "a profile with another role", args: []string{"-p", "nodes"}, profile: roleARN + "vision", says: "is not the role " + roleARN + "vision of the promised profile nodes", code: exitWrong},
		{name: "a profile that may not be read", args: []string{"-p", "nodes"}, says: "name the role itself: -r ROLE", code: exitUnknown},
		{name: "a profile of another account", args: []string{"-p", "arn:aws:iam::444455556666:instance-profile/nodes"}, says: "in account 444455556666", code: exitWrong},
		{name: "a profile by a snapshot", args: []string{"-p", "ml-train", "--snapshot", "facts.json"}, says: "of the promised profile ml-train"},
		{name: "a profile by a snapshot, another role", args: []string{"-p", "vision-nodes", "--snapshot", "facts.json"}, says: "is not the role", code: exitWrong},
		{name: "a profile that is not there", args: []string{"-p", "nobody", "--snapshot", "facts.json"}, says: "there is no instance profile", code: exitWrong},
		{name: "the cloud's own role", args: []string{"--cloud-file", "cloud.yaml"}, says: "the promised role " + roleARN + "ml-train"},
		{name: "not the cloud's own role", caller: strings.Replace(nodeSession, "ml-train", "vision", 1), args: []string{"--cloud-file", "cloud.yaml"}, says: "is not the promised role", code: exitWrong},
		{name: "the flag wins over the cloud", caller: strings.Replace(nodeSession, "ml-train", "vision", 1), args: []string{"--cloud-file", "cloud.yaml", "-r", "vision"}},
		{name: "the settings' profile", args: []string{"--settings", "settings.yaml", "--snapshot", "facts.json"}, says: "of the promised profile ml-train"},
		{name: "the settings' profile, another caller", caller: strings.Replace(nodeSession, "ml-train", "vision", 1), args: []string{"--settings", "settings.yaml", "--snapshot", "facts.json"}, says: "is not the role", code: exitWrong},
		{name: "what the setup makes", caller: strings.Replace(nodeSession, "ml-train", "cld_abc123-cluster_node_role", 1), args: []string{"--cloud", "cld_abc123"}, says: "cld_abc123-cluster_node_role"},
		{name: "not what the setup makes: that proves nothing", args: []string{"--cloud", "cld_abc123"}, says: "cannot tell", code: exitUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			snapshot, err := os.ReadFile(filepath.Join("..", "..", "examples", "snapshot.json"))
			if err != nil {
				t.Fatal(err)
			}
			f := newFakeAWS(t)
			f.caller, f.profile = or(c.caller, nodeSession), c.profile
			if c.profile == "" {
				f.faults["iam:GetInstanceProfile"] = answerWith{http.StatusForbidden, "AccessDenied", "no"}
			}
			write(t, "facts.json", string(snapshot))
			write(t, "cloud.yaml", cloudPrintout)
			write(t, "settings.yaml", "version: 1\ncloud_files: [cloud.yaml]\nclouds: {prod: {instance_profile: ml-train}}\n")
			out, errs, code := f.probe(append([]string{"-b", "acme", "--write"}, c.args...)...)
			if code != c.code || !strings.Contains(out, c.says) {
				t.Errorf("exit status %d, want %d and %q:\n%s%s", code, c.code, c.says, out, errs)
			}
			asked := slices.DeleteFunc(f.did(), func(a string) bool { return a == "sts:GetCallerIdentity" || a == "iam:GetInstanceProfile" })
			if c.code != exitDone && len(asked) > 0 || c.code == exitDone && len(asked) == 0 {
				t.Errorf("with status %d, it asked for %v", code, asked)
			}
			f.clean()
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// metadata plays the instance metadata of a node that has a profile; "" for none.
func metadata(t *testing.T, profile, region string) *httptest.Server {
	t.Helper()
	paths := map[string]string{
		"/latest/meta-data/iam/security-credentials/":         "ml-train",
		"/latest/meta-data/iam/security-credentials/ml-train": `{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"AKIANODE","SecretAccessKey":"wJalrXUtnFEMI","Token":"the-session-token","Expiration":"` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`,
		"/latest/meta-data/iam/info":                          `{"Code":"Success","InstanceProfileArn":"` + profile + `","InstanceProfileId":"AIPA"}`,
		"/latest/dynamic/instance-identity/document":          `{"region":"` + region + `"}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch text, ok := paths[r.URL.Path]; {
		case r.Method == http.MethodPut && r.URL.Path == "/latest/api/token":
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600")
			io.WriteString(w, "a-metadata-token")
		case !ok || profile == "" || r.Header.Get("X-Aws-Ec2-Metadata-Token") != "a-metadata-token":
			w.WriteHeader(http.StatusNotFound)
		default:
			io.WriteString(w, text)
		}
	}))
	t.Cleanup(server.Close)
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_EC2_METADATA_DISABLED"} {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.URL)
	return server
}

// TestProbeOnANode: by default, and in this verb only, credentials and region come from instance metadata, which also
// tells the profile that no node may read in IAM.
func TestProbeOnANode(t *testing.T) {
	const mine = "arn:aws:iam::111122223333:instance-profile/teams/nodes"
	for _, c := range []struct {
		name, profile string
		args          []string
		env           string
		says          string
		code          int
	}{
		{"the promised profile", mine, []string{"-p", "nodes"}, "", "by instance metadata", exitDone},
		{"the promised profile by its ARN", mine, []string{"-p", mine}, "", "the role of the promised profile", exitDone},
		{"another profile", mine, []string{"-p", "ml-train"}, "", "this machine has the profile " + mine, exitWrong},
		{"another path", mine, []string{"-p", strings.Replace(mine, "teams/", "", 1)}, "", "this machine has the profile", exitWrong},
		{"the promised role", mine, []string{"-r", "ml-train"}, "", "by instance metadata", exitDone},
		{"another role", mine, []string{"-r", "vision"}, "", "launched with another profile", exitWrong},
		{"no profile", "", []string{"-r", "ml-train"}, "", "is an instance profile attached", exitUnknown},
		{"metadata switched off", mine, []string{"-r", "ml-train"}, "AWS_EC2_METADATA_DISABLED=true", "AWS_EC2_METADATA_DISABLED unset?", exitUnknown},
		{"other credentials win", mine, []string{"-p", "nodes"}, "AWS_ACCESS_KEY_ID=AKIANODE", "which wins over the instance profile", exitUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t)
			f.region, f.faults["iam:GetInstanceProfile"] = "ap-southeast-2", denied
			metadata(t, c.profile, "ap-southeast-2")
			if name, value, ok := strings.Cut(c.env, "="); ok {
				t.Setenv(name, value)
				t.Setenv("AWS_SECRET_ACCESS_KEY", map[bool]string{true: "wJalrXUtnFEMI"}[name == "AWS_ACCESS_KEY_ID"])
			}
			out, errs, code := f.probe(append([]string{"-b", "acme"}, c.args...)...)
			if code != c.code || !strings.Contains(out, c.says) {
				t.Errorf("exit status %d, want %d and %q:\n%s%s", code, c.code, c.says, out, errs)
			}
			if heads := strings.Count(strings.Join(f.did(), " "), "HeadBucket"); c.code == exitDone && heads != 1 {
				t.Errorf("%d looks for the bucket, which is in the node's own region", heads)
			}
		})
	}
}

// TestOnlyProbeAsksMetadata: every other verb leaves instance metadata alone.
func TestOnlyProbeAsksMetadata(t *testing.T) {
	newFakeAWS(t)
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	metadata(t, "", "")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.URL)
	if _, errs, code := ccx(t, "head_node:\n  instance_type: m5.large\n", "-p", "ml-train", "-b", "acme"); code != exitUnknown || asked > 0 {
		t.Errorf("exit status %d, metadata asked %d times\n%s", code, asked, errs)
	}
	if _, _, code := ccx(t, "", "probe", "-r", "ml-train", "-b", "acme"); code != exitUnknown || asked == 0 {
		t.Errorf("exit status %d, metadata asked %d times: this test can't fail", code, asked)
	}
}

// TestProbeCredentials: what is wrong with the credentials is said with what to do on a node.
func TestProbeCredentials(t *testing.T) {
	for code, says := range map[string]string{
		"ExpiredToken": "the credentials have expired", "InvalidClientTokenId": "AWS does not know these credentials",
		"SignatureDoesNotMatch": "AWS does not accept the signature", "AccessDenied": "whose credentials these are",
	} {
		f := newFakeAWS(t)
		f.faults["sts:GetCallerIdentity"] = answerWith{http.StatusForbidden, code, "the token the-session-token of AKIANODE"}
		out, errs, status := f.probe("-r", "ml-train", "-b", "acme")
		if status != exitUnknown || !strings.Contains(out, says) || !strings.Contains(out, "the environment (AWS_ACCESS_KEY_ID)") || len(f.did()) != 1 {
			t.Errorf("%s: exit status %d, %v\n%s%s", code, status, f.did(), out, errs)
		}
	}
}

// TestProbeEcho: a server that echoes credentials in its errors can't make the probe print them.
func TestProbeEcho(t *testing.T) {
	for _, action := range []string{"s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "ecr:BatchGetImage"} {
		for _, code := range []string{"AccessDenied", "KMS.DisabledException", "Strange", "the-session-token"} {
			f := newFakeAWS(t)
			f.faults[action] = answerWith{http.StatusForbidden, code, fmt.Sprintf("is not authorized to perform: %s with AKIANODE, wJalrXUtnFEMI and the-session-token \x1b[31m", action)}
			out, _, _ := f.probe("-r", "ml-train", "-b", "acme", "--write", "--image", probeImage) // probe looks for secrets
			if strings.Contains(out, "\x1b") {
				t.Errorf("%s %s: an escape is printed: %q", action, code, out)
			}
		}
	}
}
