//go:build acceptance

package acceptance

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

//go:embed verify.py
var verifyScript string

var update = flag.Bool("update", false, "write what the client's verification says into the catalogue's table")

// verifyCase is a folder of examples/faults or examples/healthy as `anyscale cloud verify` is asked about it: as if the
// profile and its role were the cloud's own. Of compute configs it knows nothing.
type verifyCase struct {
	Facts   json.RawMessage `json:"facts"`
	Bucket  string          `json:"bucket"`
	Region  string          `json:"region"`
	Account string          `json:"account"`
	Role    string          `json:"role"`
	Control string          `json:"control"`
	Profile string          `json:"profile"`

	folder, code, why, ccx string
}

// verifySaid is what the client logged for a case, as level and text; the last of each is the result.
type verifySaid struct{ Roles, Bucket [][2]string }

// TestCloudVerify runs the client's own verification on the facts of the catalogue, and holds the table in its README
// to the answers. Where it differs from ccx, the folder must say why.
func TestCloudVerify(t *testing.T) {
	cases := verifyCases(t)
	var answers []verifySaid
	for some := range slices.Chunk(cases, 24) { // a script may take two minutes
		answers = append(answers, verify(t, some)...)
	}
	table := "| folder | `cloud verify` of the roles | of the bucket | ccx | why they differ |\n|---|---|---|---|---|\n"
	differ := 0
	for i, c := range cases {
		roles, bucket := c.brief(t, answers[i].Roles), c.brief(t, answers[i].Bucket)
		why := ""
		if (roles == "ok" && bucket == "ok") != (c.ccx == "ok") {
			differ++
			if why = c.why; why == "" {
				t.Errorf("%s: `cloud verify` says %s and %s, ccx %s, and README.md does not say why (`- cloud verify: ...`)", c.folder, roles, bucket, c.ccx)
			}
		} else if c.why != "" {
			t.Errorf("%s: `cloud verify` says %s and %s as ccx does, and README.md says why it does not", c.folder, roles, bucket)
		}
		table += fmt.Sprintf("| %s | %s | %s | %s | %s |\n", c.folder, roles, bucket, c.ccx, why)
	}
	holdTable(t, fmt.Sprintf("%d folders, of which `cloud verify` and ccx judge %d differently.\n\n%s", len(cases), differ, table))
}

// verify runs the client's verification on each case, in one process.
func verify(t *testing.T, cases []verifyCase) []verifySaid {
	t.Helper()
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, c := range cases {
		if err := encoder.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	out, err := runScript(filepath.Join(the.venv, "python"), verifyScript, lines.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var all []verifySaid
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var said verifySaid
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, said)
	}
	if len(all) != len(cases) {
		t.Fatalf("%d answers for %d folders", len(all), len(cases))
	}
	return all
}

// holdTable compares what stands between the markers in the catalogue's README, or with -update rewrites it.
func holdTable(t *testing.T, want string) {
	t.Helper()
	file := filepath.Join(the.root, "examples", "faults", "README.md")
	text := read(t, file)
	before, rest, ok := strings.Cut(text, "rewrites this table -->\n")
	got, after, closed := strings.Cut(rest, "<!-- /verify -->")
	switch {
	case !ok || !closed:
		t.Fatalf("%s has no section for the table", file)
	case *update:
		if err := os.WriteFile(file, []byte(before+"rewrites this table -->\n"+want+"<!-- /verify -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case got != want:
		t.Errorf("the table differs; -update rewrites it. It should be:\n%s", want)
	}
}

// judgesAWS are the groups of codes that speak of accounts, and not of texts.
var judgesAWS = regexp.MustCompile(`^(profile|role|bucket|s3|kms|ecr|require|pass-role|assume)/`)

func verifyCases(t *testing.T) []verifyCase {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(the.root, "examples", "*", "*", "facts.json"))
	if err != nil || len(dirs) < 60 {
		t.Fatalf("%d folders with facts: %v", len(dirs), err)
	}
	var cases []verifyCase
	for _, file := range dirs {
		c := newVerifyCase(t, filepath.Dir(file))
		if c.Role != "" {
			cases = append(cases, c)
		}
	}
	return cases
}

func newVerifyCase(t *testing.T, dir string) verifyCase {
	t.Helper()
	in := func(text, pattern string) string {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(text); m != nil {
			return m[1]
		}
		return ""
	}
	page, args, facts := read(t, filepath.Join(dir, "README.md")), argsOf(t, dir), read(t, filepath.Join(dir, "facts.json"))
	code := in(page, `(?m)^- code: (\S+)`)
	if !judgesAWS.MatchString(code) || strings.Contains(facts, `"operation": "iam:`) {
		return verifyCase{} // it speaks of a text, or the role's policies are not known
	}
	cloud, _ := os.ReadFile(filepath.Join(dir, "cloud.yaml"))
	c := verifyCase{
		Facts: json.RawMessage(facts), Region: "us-west-2", Account: ours, code: code, why: in(page, `(?m)^- cloud verify: (.+)`),
		Bucket:  in(args, `(?m)^-b\n(\S+)`) + in(string(cloud), `bucket_name: s3://(\S+)`),
		Control: "arn:aws:iam::" + ours + ":role/anyscale-iam-role-1a2b3c4d",
		Profile: in(read(t, filepath.Join(dir, "config.yaml")), `Arn: (\S+:instance-profile/\S+)`),
		folder:  "[" + filepath.Base(dir) + "](../" + filepath.Base(filepath.Dir(dir)) + "/" + filepath.Base(dir) + "/README.md)",
	}
	if role := in(string(cloud), `anyscale_iam_role_id: (\S+)`); role != "" {
		c.Control = role
	}
	if c.Bucket == "" {
		c.Bucket = "acme-anyscale" // the settings name it
	}
	got := run(t, command{argv: append([]string{the.ccx()}, strings.Split(strings.TrimRight(args, "\n"), "\n")...), dir: dir})
	c.ccx = map[int]string{0: "ok", 1: "fails", 3: "cannot tell"}[got.code]
	if strings.Contains(got.stderr, "warning: ") && got.code == 0 {
		c.ccx = "warns"
	}
	if c.ccx == "" {
		return c // usage
	}
	c.Role = nodeRole(c.Profile, string(cloud), args, facts)
	return c
}

// nodeRole is the role that nodes get: the cloud's, or the one named like the profile that is asked for.
func nodeRole(profile, cloud, args, facts string) string {
	name := profile[strings.LastIndexByte(profile, '/')+1:]
	if m := regexp.MustCompile(`(?m)^-p\n(\S+)`).FindStringSubmatch(args); m != nil {
		name = m[1]
	}
	if m := regexp.MustCompile(`cluster_iam_role_id: \S+/(\S+)`).FindStringSubmatch(cloud); m != nil && name == "" {
		name = m[1]
	}
	names := []string{name, "ml-train"}
	for _, n := range names {
		pattern := `"Arn": "(arn:aws:iam::\d{12}:role/(?:[^"]*/)?` + regexp.QuoteMeta(n) + `)"`
		if m := regexp.MustCompile(`(?i)` + pattern).FindStringSubmatch(facts); m != nil && n != "" {
			return m[1]
		}
	}
	return ""
}

// verifyWords say in short what the client says. "" stands for what every small set of facts lacks: CORS rules, an ECR
// policy, the control plane's own access and its other actions.
var verifyWords = []struct{ part, words string }{
	{"CORS", ""},
	{"for the Anyscale Control Plane role", ""},
	{"for the Data Plane role", "the role lacks access"},
	{"AmazonEC2ContainerRegistryReadOnly", "ECR"},
	{"sufficient permissions for cluster management", "control plane"},
	{"It must give trust to AWS service EC2", "trust policy"},
	{"Could not find role", "no such role"},
	{"must be in the same AWS account", "roles of two accounts"},
	{"is not attached to dataplane role", "not the role's profile"},
	{"does not have an attached instance profile named", "no profile of the role's name"},
	{"Could not find S3 bucket", "no such bucket in the account"},
	{"is in region", "the bucket's region"},
}

// brief is what the client says of one thing: ok, warns, fails or crashes, and why.
func (c verifyCase) brief(t *testing.T, said [][2]string) string {
	t.Helper()
	var all []string
	for _, s := range said[:len(said)-1] {
		if words := c.words(t, s[1]); words != "" {
			all = append(all, words)
		}
	}
	switch result := said[len(said)-1][1]; {
	case result == "True" && len(all) == 0:
		return "ok"
	case result == "True":
		return "warns: " + strings.Join(all, ", ")
	case result == "False":
		return "fails: " + all[len(all)-1]
	default:
		return "crashes: `" + result + "`"
	}
}

func (c verifyCase) words(t *testing.T, text string) string {
	t.Helper()
	for _, w := range verifyWords {
		if !strings.Contains(text, w.part) {
			continue
		}
		switch w.words {
		case "ECR":
			if !strings.HasPrefix(c.code, "ecr/") {
				return ""
			}
			return "no ECR policy attached"
		case "control plane":
			if !strings.Contains(text, "'iam:PassRole'") && !strings.Contains(text, "'iam:GetInstanceProfile'") {
				return ""
			}
			return "the control plane lacks an action"
		}
		return w.words
	}
	t.Errorf("%s: the client says something new: %s", c.folder, text)
	return "?"
}
