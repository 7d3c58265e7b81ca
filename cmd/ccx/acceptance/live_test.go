//go:build acceptance

package acceptance

import (
	"net/http"
	"strings"
	"testing"
)

func profileOf(name string) string { return "arn:aws:iam::" + ours + ":instance-profile/" + name }

// live is one run of the filter against AWS: who asks, for what, and what must come of it.
type live struct {
	name   string
	as     string   // the account whose credentials ccx has
	args   []string // after --region us-west-2
	denied []string // operations that AWS refuses
	code   int
	says   []string // on stderr; all of them
	not    []string // never on stderr
}

// bucketArgs asks for a profile, with the bucket acme-anyscale.
func bucketArgs(profile string, more ...string) []string {
	return append([]string{"-p", profile, "-b", "acme-anyscale"}, more...)
}

// absent is how a false "does not exist" would sound.
var absent = []string{"does not exist", "doesn't exist", "no such", "there is no", "not found"}

var lives = []live{
	{name: "inline, managed and bucket policy together", as: ours, args: bucketArgs(profileOf("ml-train"))},
	{name: "by name", as: ours, args: bucketArgs("ml-train")},
	{name: "by role", as: ours, args: []string{"-r", "ml-train", "-b", "acme-anyscale"}},
	{name: "by role ARN", as: ours, args: []string{"-r", "arn:aws:iam::" + ours + ":role/ml-train", "-b", "acme-anyscale"}},
	{name: "the documented minimum", as: ours, args: bucketArgs(profileOf("minimum"))},
	{name: "bucket policy alone", as: ours, args: bucketArgs(profileOf("by-bucket"))},
	{name: "AWS's own managed policy", as: ours, args: bucketArgs(profileOf("aws-managed"))},
	{name: "a control plane that may pass all", as: ours,
		args: bucketArgs(profileOf("ml-train"), "--control-plane-role", "arn:aws:iam::"+ours+":role/plane-wide")},

	{name: "missing profile", as: ours, args: bucketArgs(profileOf("nobody")), code: 1, says: []string{"profile/exists"}},
	{name: "missing profile by name", as: ours, args: bucketArgs("nobody"), code: 1, says: []string{"profile/exists"}},
	{name: "profile without a role", as: ours, args: bucketArgs(profileOf("roleless")), code: 1, says: []string{"profile/role"}},
	{name: "role without a profile", as: ours, args: []string{"-r", "profileless", "-b", "acme-anyscale"}, code: 1,
		says: []string{"profile"}},
	{name: "role that EC2 may not assume", as: ours, args: bucketArgs(profileOf("lambda-only")), code: 1, says: []string{"role/trust"}},
	{name: "role without a grant", as: ours, args: bucketArgs(profileOf("no-grant")), code: 1,
		says: []string{"s3/list", "s3/read", "s3/write", "s3/delete", "s3:GetObject"}},
	{name: "boundary without S3", as: ours, args: bucketArgs(profileOf("bounded")), code: 1,
		says: []string{"s3/list", "s3/write", "boundary"}},
	{name: "fenced keys", as: ours, args: []string{"-p", profileOf("cross"), "-b", "acme-fenced"}, code: 1,
		says: []string{"s3/write", "FenceModels", "models/"}, not: []string{"[s3/read]", "[s3/list]"}},
	{name: "missing bucket", as: ours, args: []string{"-p", profileOf("cross"), "-b", "acme-nowhere"}, code: 1,
		says: []string{"bucket/exists"}},
	{name: "a control plane that may not pass it", as: ours, code: 1, says: []string{"pass-role/pass"},
		args: bucketArgs(profileOf("ml-train"), "--control-plane-role", "arn:aws:iam::"+ours+":role/plane-narrow")},

	{name: "caller in another account", as: theirs, args: bucketArgs(profileOf("ml-train")), code: 3,
		says: []string{theirs}, not: absent},
	{name: "missing profile, caller in another account", as: theirs, args: bucketArgs(profileOf("nobody")), code: 3,
		says: []string{theirs}, not: absent},
	{name: "a condition on what only the node knows", as: ours, args: bucketArgs(profileOf("conditional")), code: 3,
		says: []string{"aws:SourceIp"}},
	{name: "bucket encrypted with a key that is not there", as: ours, args: []string{"-p", profileOf("cross"), "-b", "acme-kms"}, code: 1,
		says: []string{"kms/use", "key/0123 does not exist"}},
	{name: "bucket encrypted with AWS's own key", as: ours, args: []string{"-p", profileOf("cross"), "-b", "acme-kms-aws"}},
	{name: "image of a repository that grants", as: ours, args: []string{"-p", profileOf("cross"), "-b", "acme-anyscale", "--image", imageOf("granting")}, code: 1,
		says: []string{"ecr/login", "ecr:GetAuthorizationToken"}, not: []string{"ecr/pull"}},
	{name: "image of a repository without a policy", as: ours, args: []string{"-p", profileOf("cross"), "-b", "acme-anyscale", "--image", imageOf("plain")}, code: 1,
		says: []string{"ecr/login", "ecr/pull"}},
	{name: "image of no repository", as: ours, args: []string{"-p", profileOf("cross"), "-b", "acme-anyscale", "--image", imageOf("nowhere")}, code: 1,
		says: []string{"there is no repository nowhere"}},
	{name: "profile may not be read", as: ours, args: bucketArgs(profileOf("ml-train")), code: 3,
		denied: []string{"iam:GetInstanceProfile"}, says: []string{"iam:GetInstanceProfile"}, not: absent},
	{name: "an inline policy may not be read", as: ours, args: bucketArgs(profileOf("ml-train")), code: 3,
		denied: []string{"iam:GetRolePolicy"}, says: []string{"iam:GetRolePolicy"}, not: absent},
	{name: "managed policies may not be listed", as: ours, args: bucketArgs(profileOf("no-grant")), code: 3,
		denied: []string{"iam:ListAttachedRolePolicies"}, says: []string{"iam:ListAttachedRolePolicies"}, not: absent},
	{name: "the bucket policy may not be read, which could grant", as: ours, args: bucketArgs(profileOf("no-grant")), code: 3,
		denied: []string{"s3:?policy"}, says: []string{"s3:GetBucketPolicy"}},
	{name: "the bucket policy may not be read, which could deny", as: ours, args: bucketArgs(profileOf("aws-managed")), code: 3,
		denied: []string{"s3:?policy"}, says: []string{"s3:GetBucketPolicy"}},

	{name: "bucket of another account that answers strangers", as: ours, args: []string{"-p", profileOf("cross"), "-b", "lake-greeting"},
		code: 3, says: []string{"bucket/exists"}, not: absent},
	{name: "bucket of another account, unread", as: ours, args: []string{"-p", profileOf("cross"), "-b", "lake-open"},
		code: 3, says: []string{"bucket/exists"}, not: absent},
	{name: "closed bucket of another account, unread", as: ours, args: []string{"-p", profileOf("cross"), "-b", "lake-closed"},
		code: 3, says: []string{"bucket/exists"}, not: absent},
	{name: "bucket of another account, read as its owner", as: ours,
		args: []string{"-p", profileOf("cross"), "-b", "lake-open", "--account", theirReader}},
	{name: "closed bucket of another account, read as its owner", as: ours, code: 1, says: []string{"s3/read", "policy of the bucket lake-closed"},
		args: []string{"-p", profileOf("cross"), "-b", "lake-closed", "--account", theirReader}},
}

const theirReader = theirs + "=role:arn:aws:iam::" + theirs + ":role/ccx-reader"

// TestLive runs the filter with real requests, signed and parsed by the SDK.
//
// What moto can't show: it decides nothing itself, so a verdict here rests on what ccx read, not on a second opinion;
// throttling, pagination of inline policies, and regions that answer with a redirect.
func TestLive(t *testing.T) {
	for _, l := range lives {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			a := newAWS(t, l.denied...)
			args := append([]string{"--region", "us-west-2"}, l.args...)
			checkLive(t, l, a.ccx(t, l.as, goodNew, args...))
		})
	}
}

func checkLive(t *testing.T, l live, got result) {
	t.Helper()
	if got.code != l.code {
		t.Errorf("exit status %d, want %d\n%s", got.code, l.code, got.stderr)
	}
	for _, part := range l.says {
		if !strings.Contains(got.stderr, part) {
			t.Errorf("stderr does not say %q:\n%s", part, got.stderr)
		}
	}
	for _, part := range l.not {
		if strings.Contains(got.stderr, part) {
			t.Errorf("stderr says %q:\n%s", part, got.stderr)
		}
	}
	if l.code != 0 {
		if strings.Contains(got.stdout, "IamInstanceProfile") || strings.Contains(got.stdout, "head_node") {
			t.Errorf("a config in spite of status %d:\n%s", l.code, got.stdout)
		}
		return
	}
	config, _ := loadYAML(t, write(t, "out.yaml", got.stdout))[0][0].(map[string]any)
	cluster := newShape.blocks(config)[0]
	if profile := cluster.profile(); !strings.HasPrefix(profile, "arn:aws:iam::"+ours+":instance-profile/") {
		t.Errorf("the profile is %q, want an ARN of account %s\n%s", profile, ours, got.stdout)
	}
}

// TestNoAWS shows that what can't be asked is no answer: no credentials, nobody listening, and a caller that AWS no
// longer knows.
func TestNoAWS(t *testing.T) {
	args := bucketArgs(profileOf("ml-train"), "--region", "us-west-2", "--timeout", "20s")
	t.Run("no credentials", func(t *testing.T) {
		a := newAWS(t)
		checkLive(t, live{code: 3, not: absent}, a.ccx(t, "", goodNew, args...))
	})
	t.Run("nobody listens", func(t *testing.T) {
		a := newAWS(t)
		a.url = "http://127.0.0.1:1"
		checkLive(t, live{code: 3, not: absent}, a.ccx(t, ours, goodNew, args...))
	})
	t.Run("expired credentials", func(t *testing.T) {
		a := newAWS(t)
		a.callers = map[string]string{}
		checkLive(t, live{code: 3, not: absent}, a.ccx(t, ours, goodNew, args...))
	})
}

// TestLiveOnlyReads shows that the filter asks AWS nothing that changes anything.
func TestLiveOnlyReads(t *testing.T) {
	a := newAWS(t)
	got := a.ccx(t, ours, goodNew, append(bucketArgs(profileOf("ml-train")), "--region", "us-west-2")...)
	if got.code != 0 || len(a.asked) == 0 {
		t.Fatalf("exit status %d, %d requests\n%s", got.code, len(a.asked), got.stderr)
	}
	for _, what := range a.asked {
		_, operation, _ := strings.Cut(what, ":")
		method, _, _ := strings.Cut(operation, " ")
		reads := strings.HasPrefix(operation, "Get") || strings.HasPrefix(operation, "List") || strings.HasPrefix(operation, "Describe") ||
			method == http.MethodGet || method == http.MethodHead
		if !reads {
			t.Errorf("the filter asked for %s", what)
		}
	}
}
