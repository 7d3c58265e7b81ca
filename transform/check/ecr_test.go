package check

import (
	"encoding/json"
	"strings"
	"testing"

	"ccx/transform/finding"
)

const (
	imageHere = home + ".dkr.ecr.us-west-2.amazonaws.com/ml/train:v1"
	imageFar  = other + ".dkr.ecr.us-west-2.amazonaws.com/ml/train:v1"
	login     = `{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}`
	pullAll   = `{"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"], "Resource": "*"}`
	letPull   = `{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]}`
)

func repositoryOf(account string) string {
	return "arn:aws:ecr:us-west-2:" + account + ":repository/ml/train"
}

// repository adds the repository ml/train of an account; without statements it has no policy. Its registry has none.
func (w *world) repository(account string, statements ...string) {
	arn := repositoryOf(account)
	policies := w.root["resource_policies"].(map[string]any)
	w.root["repositories"] = map[string]any{arn: map[string]any{"repositoryArn": arn, "registryId": account, "repositoryName": "ml/train"}}
	policies[arn], policies["arn:aws:ecr:us-west-2:"+account+":registry"] = nil, nil
	if len(statements) > 0 {
		policies[arn] = doc(w.t, statements)
	}
}

func withImage(uri string) Subject {
	s := subject()
	s.Images = []Image{{URI: uri, Given: Argument("--image", uri)}}
	return s
}

func (w *world) ecr(t *testing.T, uri string, login, pull finding.Status, words ...string) finding.Finding {
	t.Helper()
	got := w.expect(withImage(uri), map[finding.Code]finding.Status{finding.ECRLogin: login, finding.ECRPull: pull})
	says(t, got[finding.ECRPull], words...)
	return got[finding.ECRPull]
}

// TestPull: the token by the role's own policies, the image by the role's or the repository's, across accounts by both.
func TestPull(t *testing.T) {
	deny := `{"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage"}`
	tests := []struct {
		name, image, own string
		repository       []string
		login, pull      finding.Status
		saying           string
	}{
		{"the role's policies", imageHere, pullAll, nil, finding.Pass, finding.Pass, "inline policy"},
		{"the repository's policy", imageHere, login, []string{letPull}, finding.Pass, finding.Pass, "the repository policy of ml/train"},
		{"neither", imageHere, login, nil, finding.Pass, finding.Fail, "ecr:GetLifecyclePolicyPreview"},
		{"no token", imageHere, strings.Replace(pullAll, "ecr:GetAuthorizationToken", "ecr:ListImages", 1), nil, finding.Fail, finding.Pass, ""},
		{"a token by the repository", imageHere, "", []string{strings.Replace(letPull, "ecr:BatchGetImage", "ecr:*", 1)}, finding.Fail, finding.Pass, ""},
		{"nothing at all", imageHere, "", nil, finding.Fail, finding.Fail, "PullTheImage"},
		{"denied", imageHere, pullAll, []string{deny}, finding.Pass, finding.Fail, "the repository's owner must exempt"},
		{"another role", imageHere, login, []string{strings.ReplaceAll(letPull, "ml-train", "other")}, finding.Pass, finding.Fail, ""},
		{"across accounts, both", imageFar, pullAll, []string{letPull}, finding.Pass, finding.Pass, ""},
		{"across accounts, the role only", imageFar, pullAll, nil, finding.Pass, finding.Fail, "AllowPull"},
		{"across accounts, the repository only", imageFar, login, []string{letPull}, finding.Pass, finding.Fail, "PullTheImage"},
		{"across accounts, neither", imageFar, login, nil, finding.Pass, finding.Fail, "both need it"},
		{"from a network", imageHere, login, []string{strings.TrimSuffix(letPull, "}") + `, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}`}, finding.Pass, finding.Unknown, "aws:SourceVpc"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.repository(strings.SplitN(tt.image, ".", 2)[0], tt.repository...)
			if tt.own != "" {
				w.permit(tt.own)
			}
			w.ecr(t, tt.image, tt.login, tt.pull, tt.saying)
		})
	}
}

// TestPullUnread: what was not read of a repository is not guessed.
func TestPullUnread(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world)
		want   finding.Status
		saying string
	}{
		"no such repository": {func(w *world) { w.root["repositories"] = map[string]any{repositoryOf(home): nil} }, finding.Fail, "there is no repository ml/train"},
		"nothing":            {func(w *world) { delete(w.root["resource_policies"].(map[string]any), repositoryOf(home)) }, finding.Unknown, "the repository policy of ml/train"},
		"registry not read": {func(w *world) {
			delete(w.root["resource_policies"].(map[string]any), "arn:aws:ecr:us-west-2:"+home+":registry")
		}, finding.Unknown, "the registry policy"},
		"a registry policy": {func(w *world) {
			w.root["resource_policies"].(map[string]any)["arn:aws:ecr:us-west-2:"+home+":registry"] = doc(t, []string{`{"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Resource": "*"}`})
		}, finding.Unknown, "policy scope"},
		"a registry policy about replication": {func(w *world) {
			w.root["resource_policies"].(map[string]any)["arn:aws:ecr:us-west-2:"+home+":registry"] = doc(t, []string{`{"Effect": "Allow", "Principal": "*", "Action": "ecr:ReplicateImage", "Resource": "*"}`})
		}, finding.Pass, ""},
		"the repository is not described": {func(w *world) { delete(w.root, "repositories") }, finding.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.repository(home)
			w.permit(pullAll)
			c.change(w)
			w.ecr(t, imageHere, finding.Pass, c.want, c.saying)
		})
	}
}

// TestOtherImages: images that are not pulled with the role are skipped with the reason; what only looks like one of ECR
// is not passed.
func TestOtherImages(t *testing.T) {
	w := newWorld(t)
	for uri, want := range map[string]finding.Status{
		"anyscale/ray:2.40.0-py312": finding.Skipped, "public.ecr.aws/x/y:z": finding.Skipped, "docker.io/library/python": finding.Skipped,
		"https://" + imageHere: finding.Unknown, strings.ToUpper(imageHere): finding.Unknown,
		home + ".dkr-ecr.us-west-2.on.aws/ml/train": finding.Unknown, home + ".dkr.ecr.us-west-2.amazonaws.com": finding.Unknown,
	} {
		if got := w.judged(withImage(uri))[finding.ECRPull]; got.Status != want || want == finding.Skipped && !strings.Contains(got.Message, uri) {
			t.Errorf("%s: %+v", uri, got)
		}
	}
	s := withImage(imageHere)
	s.Images[0].Secret = true
	if got := w.judged(s)[finding.ECRPull]; got.Status != finding.Skipped || !strings.Contains(got.Message, "registry_login_secret") {
		t.Errorf("%+v", got)
	}
}

// TestSeveralImages: one login a region, each image once.
func TestSeveralImages(t *testing.T) {
	w := newWorld(t)
	w.repository(home)
	w.permit(pullAll)
	s := withImage(imageHere)
	s.Images = append(s.Images, s.Images[0], Image{URI: strings.Replace(imageHere, "v1", "v2", 1)})
	facts := w.facts()
	count := map[finding.Code]int{}
	for _, f := range Run(s, Resolve(s, facts), facts, when).Findings {
		count[f.Code]++
	}
	if count[finding.ECRLogin] != 1 || count[finding.ECRPull] != 2 {
		t.Errorf("%v", count)
	}
	if want := Wants(s); len(want.Repositories) != 3 || want.Repositories[0] != repositoryOf(home) {
		t.Errorf("%v", want.Repositories)
	}
}

// TestLayerAvailabilityIsANote: a pull does not need it.
func TestLayerAvailabilityIsANote(t *testing.T) {
	w := newWorld(t)
	w.repository(home)
	w.permit(strings.Replace(pullAll, `, "ecr:BatchCheckLayerAvailability"`, "", 1))
	facts := w.facts()
	s := withImage(imageHere)
	notes := 0
	for _, f := range Run(s, Resolve(s, facts), facts, when).Findings {
		if f.Code == finding.ECRPull && f.Status == finding.Fail {
			notes++
			if f.Level != finding.Note || f.Stops() {
				t.Errorf("%+v", f)
			}
		}
	}
	if notes != 1 {
		t.Errorf("%d notes", notes)
	}
}

// TestPullMend: the mend is enough where its words say.
func TestPullMend(t *testing.T) {
	w := newWorld(t)
	w.repository(home)
	w.permit(login)
	f := w.ecr(t, imageHere, finding.Pass, finding.Fail, "the policy of the repository ml/train")
	_, text, _ := strings.Cut(f.Hint, "\n")
	if !json.Valid([]byte(text)) || strings.Contains(text, `"Resource"`) || strings.Count(text, `"ecr:`) != 12 {
		t.Errorf("not the statement of Anyscale's documentation: %s", text)
	}
	w.repository(home, text)
	w.ecr(t, imageHere, finding.Pass, finding.Pass)
}

// TestParseImage: the grammar, to the letter.
func TestParseImage(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	for uri, want := range map[string]string{
		imageHere: repositoryOf(home),
		home + ".dkr.ecr.us-west-2.amazonaws.com/ml/train":                  repositoryOf(home),
		home + ".dkr.ecr.us-west-2.amazonaws.com/ml/train@sha256:" + sum:    repositoryOf(home),
		home + ".dkr.ecr.us-west-2.amazonaws.com/ml/train:v1@sha256:" + sum: repositoryOf(home),
		home + ".dkr.ecr-fips.us-gov-west-1.amazonaws.com/a/b/c-d_e.f:1":    "arn:aws-us-gov:ecr:us-gov-west-1:" + home + ":repository/a/b/c-d_e.f",
		home + ".dkr.ecr.cn-north-1.amazonaws.com.cn/x":                     "arn:aws-cn:ecr:cn-north-1:" + home + ":repository/x",
		home + ".dkr.ecr.eusc-de-east-1.amazonaws.eu/x":                     "arn:aws-eusc:ecr:eusc-de-east-1:" + home + ":repository/x",
		home + ".dkr.ecr.eusc-de-east-1.amazonaws.com/x":                    "",
		home + ".dkr.ecr.us-west-2.amazonaws.eu/x":                          "",
		home + ".dkr.ecr.cn-north-1.amazonaws.com/x":                        "",
		home + ".dkr.ecr.us-west-2.amazonaws.com.cn/x":                      "",
		home + ".dkr.ecr.us-west-2.amazonaws.com.evil.example/x":            "",
		home + ".dkr.ecr.us-iso-east-1.amazonaws.com/x":                     "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/":                          "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/X":                         "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/a//b":                      "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/a:":                        "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/a@sha256:00":               "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/a:v1 ":                     "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/a:v1\n":                    "",
		"11112222333.dkr.ecr.us-west-2.amazonaws.com/a":                     "",
		"x" + imageHere: "",
		home + ".dkr.ecr.us-west-2.amazonaws.com/" + strings.Repeat("a", 257): "",
	} {
		got, private, ok := ParseImage(uri)
		if ok != (want != "") || ok && got.ARN() != want || !private {
			t.Errorf("%q: %+v %v %v, want %q", uri, got, private, ok, want)
		}
	}
}
