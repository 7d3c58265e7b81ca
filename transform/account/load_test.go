package account_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/account"
)

// load reads a snapshot that must be good.
func load(t *testing.T, text string) *account.Facts {
	t.Helper()
	f, err := account.Load("facts.json", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// save writes the facts.
func save(t *testing.T, f *account.Facts) string {
	t.Helper()
	var out bytes.Buffer
	if err := f.Save(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLoadRefuses reads files that are no snapshots. Each must be refused with its place and something to do.
func TestLoadRefuses(t *testing.T) {
	role := func(body string) string {
		return "{\"version\": 1,\n\"iam\": {\"111122223333\": {\"RoleDetailList\": [\n" + body + "\n]}}}"
	}
	for name, c := range map[string]struct{ text, want, hint string }{
		"empty":               {" \n", "facts.json: the file is empty", "ccx snapshot"},
		"utf-16":              {"\xff\xfe{\x00}\x00", "facts.json:1:1: the file is UTF-16", "-o FILE"},
		"yaml":                {"version: 1\n", "facts.json:1:1: this is not a snapshot", "ccx snapshot"},
		"list":                {"[]", "facts.json:1:1: this is not a snapshot", "ccx snapshot"},
		"no version":          {"{}", "facts.json: no version", "version"},
		"newer version":       {`{"version": 2, "novelty": {}}`, "facts.json: version 2: this ccx reads version 1", "update ccx"},
		"newer, key first":    {`{"novelty": {}, "version": 2}`, "facts.json: version 2", "update ccx"},
		"version as text":     {`{"version": "1"}`, "facts.json:1:13: this must be a number", "ccx snapshot"},
		"unknown key":         {"{\"version\": 1,\n \"buckes\": {}}", `facts.json:2:2: unknown key "buckes"`, `write "buckets"`},
		"key in other case":   {"{\"Version\": 1}", `facts.json:1:2: unknown key "Version"`, `write "version"`},
		"bare GAAD output":    {`{"UserDetailList": [], "RoleDetailList": []}`, `unknown key "UserDetailList"`, `under "iam"`},
		"cut":                 {"{\"version\": 1,\n\"iam\": {\"111122223333\": {", "facts.json:2:26: the file ends too early: it is cut", "take the snapshot again"},
		"cut in a string":     {"{\"version\": 1,\n\"endpoint\": \"http", "facts.json:2:18: the file ends too early", "again"},
		"cut in a policy":     {"{\"version\": 1, \"resource_policies\": {\"arn:aws:s3:::a\": {\"Version\": ", "it is cut", "again"},
		"broken":              {"{\"version\": 1,\n\"iam\": {]}", "facts.json:2:9: this is not JSON", "again"},
		"two in one":          {`{"version": 1}{"version": 1}`, "facts.json:1:15: something follows", "one snapshot a file"},
		"not a time":          {`{"version": 1, "taken_at": "yesterday"}`, `taken_at "yesterday" is not a time`, "2026-"},
		"not an account":      {`{"version": 1, "iam": {"1111222233334": {}}}`, `"1111222233334" is not an account id`, "12 digits"},
		"a bucket's name":     {"{\"version\": 1,\n\"resource_policies\": {\"acme\": {}}}", `facts.json:2:23: "acme" is not an ARN`, "arn:aws:s3:::NAME"},
		"organization of":     {`{"version": 1, "organization": {"o-1": {}}}`, `"o-1" is not an account id`, "12 digits"},
		"block of a bucket":   {`{"version": 1, "public_access_blocks": {"acme": null}}`, `"acme" is not an account id`, "12 digits"},
		"truncated and whole": {`{"version": 1, "iam": {"111122223333": {"IsTruncated": true, "Whole": ["Policies"]}}}`, "truncated and called whole", "--no-paginate"},
		"boundary under another name": {role(`{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a", "RolePolicyList": [], "AttachedManagedPolicies": [], "PermissionsBoundaryArn": "x"}`),
			`unknown key "PermissionsBoundaryArn"`, "PermissionsBoundary"},
		"encryption without rules": {`{"version": 1, "buckets": {"b": {"ServerSideEncryptionConfiguration": {}}}}`, "this has no Rules", "null"},
		"encryption with a rule":   {`{"version": 1, "buckets": {"b": {"ServerSideEncryptionConfiguration": {"Rule": []}}}}`, `unknown key "Rule"`, "Rules"},
		"key under another name": {`{"version": 1, "buckets": {"b": {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "Key": "x"}}]}}}}`,
			`unknown key "Key"`, "KMSMasterKeyID"},
		"ownership without a value": {`{"version": 1, "buckets": {"b": {"OwnershipControls": {"Rules": [{}]}}}}`, "names no ObjectOwnership", "BucketOwnerEnforced"},
		"policy read and unread": {`{"version": 1, "resource_policies": {"arn:aws:s3:::b": null}, "unread": {"resource_policies/arn:aws:s3:::b": {"code": "AccessDenied"}}}`,
			"resource_policies/arn:aws:s3:::b stands in its place and under unread", "take one"},
		"encryption read and unread": {`{"version": 1, "buckets": {"b": {"ServerSideEncryptionConfiguration": null}}, "unread": {"buckets/b/encryption": {"code": "AccessDenied"}}}`,
			"buckets/b/encryption stands in its place and under unread", "take one"},
		"null reason":                {`{"version": 1, "unread": {"caller": null}}`, "null is no reason", "AccessDenied"},
		"unknown part of a bucket":   {`{"version": 1, "buckets": {"b": {"PublicAccessBlock": null}}}`, `unknown key "PublicAccessBlock"`, "PublicAccessBlockConfiguration"},
		"unknown list of an account": {`{"version": 1, "iam": {"111122223333": {"Roles": []}}}`, `unknown key "Roles"`, "RoleDetailList"},
		"unknown word in a reason":   {`{"version": 1, "unread": {"caller": {"error": "AccessDenied"}}}`, `unknown key "error"`, "code"},
		"doubled key":                {`{"version": 1, "buckets": {"a": null, "a": null}}`, `key "a" stands twice`, "keep one"},
		"doubled role": {role(`{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a"},` +
			"\n" + `{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a"}`), "facts.json:4:1: role a stands twice", "again"},
		"role of another account": {role(`{"RoleName": "a", "Arn": "arn:aws:iam::444455556666:role/a"}`),
			"facts.json:3:1: role arn:aws:iam::444455556666:role/a stands under account 111122223333", "mend"},
		"role with another's ARN": {role(`{"RoleName": "b", "Arn": "arn:aws:iam::111122223333:role/a"}`), `role "b" has the ARN of another`, "mend"},
		"profile as role":         {role(`{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:instance-profile/a"}`), "is not the ARN of a role", "mend"},
		"null role":               {role(`null`), "null in a list", "take it out"},
		"misspelt boundary": {role(`{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a", "RolePolicyList": [], "AttachedManagedPolicies": [],` +
			"\n" + `"PermissionsBoundry": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/b"}}`),
			`facts.json:4:1: unknown key "PermissionsBoundry"`, `write "PermissionsBoundary"`},
		"boundary in other case": {role(`{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a", "permissionsBoundary": null}`),
			`unknown key "permissionsBoundary"`, `write "PermissionsBoundary"`},
		"policy as a list":  {role(`{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a", "AssumeRolePolicyDocument": []}`), "this must be a policy", "AWS CLI"},
		"string for a list": {role(`{"RoleName": "a", "Arn": "arn:aws:iam::111122223333:role/a", "RolePolicyList": "x"}`), "this must be a list", "ccx snapshot"},
		"profile without roles": {`{"version": 1, "iam": {"111122223333": {"InstanceProfiles": [{"InstanceProfileName": "p", "Arn": "arn:aws:iam::111122223333:instance-profile/p"}]}}}`,
			"this instance profile has no list of roles", `"Roles": []`},
		"profiles that differ": {`{"version": 1, "iam": {"111122223333": {"InstanceProfiles": [
			{"InstanceProfileName": "p", "Arn": "arn:aws:iam::111122223333:instance-profile/p", "Roles": []},
			{"InstanceProfileName": "p", "Arn": "arn:aws:iam::111122223333:instance-profile/x/p", "Roles": []}]}}}`,
			"facts.json:3:4: instance profile p stands twice and differs", "mend"},
		"policy of another account": {`{"version": 1, "iam": {"111122223333": {"Policies": [{"Arn": "arn:aws:iam::444455556666:policy/p"}]}}}`,
			"policy arn:aws:iam::444455556666:policy/p stands under account 111122223333", "mend"},
		"whole what":      {`{"version": 1, "iam": {"111122223333": {"Whole": ["Roles"]}}}`, `"Roles" can't be whole`, "RoleDetailList"},
		"half a block":    {`{"version": 1, "buckets": {"b": {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": false}}}}`, "lacks a flag", "all four"},
		"no algorithm":    {`{"version": 1, "buckets": {"b": {"ServerSideEncryptionConfiguration": {"Rules": [{}]}}}}`, "names no SSEAlgorithm", "AES256"},
		"class of unread": {`{"version": 1, "unread": {"caller": {"class": "secret"}}}`, `unknown class "secret"`, "denied"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := account.Load("facts.json", strings.NewReader(c.text))
			var bad *account.LoadError
			if !errors.As(err, &bad) || f != nil {
				t.Fatalf("got %v, %v; want a LoadError and no facts", f, err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %q, want %q in it", err, c.want)
			}
			if !strings.Contains(bad.Hint, c.hint) {
				t.Errorf("got hint %q, want %q in it", bad.Hint, c.hint)
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) {
	return 0, &os.PathError{Op: "read", Path: "/secret/path", Err: errors.New("input/output error")}
}

func TestLoadUnreadable(t *testing.T) {
	_, err := account.Load("facts.json", brokenReader{})
	if want := "facts.json: can't be read: input/output error"; err == nil || err.Error() != want {
		t.Fatalf("got %v, want %s", err, want)
	}
}

// TestLoadCutAnywhere cuts a good snapshot at every byte: no beginning of it is a snapshot.
func TestLoadCutAnywhere(t *testing.T) {
	whole := strings.TrimSpace(save(t, load(t, everything)))
	for i := range len(whole) {
		if _, err := account.Load("facts.json", strings.NewReader(whole[:i])); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for a snapshot", i, len(whole))
		}
	}
}

// TestLoadManyKeys: among many keys, too, none may stand twice.
func TestLoadManyKeys(t *testing.T) {
	for _, again := range []int{0, 15, 16, 39} {
		text := `{"version": 1, "buckets": {`
		for i := range 40 {
			text += fmt.Sprintf(`"b%d": null, `, i)
		}
		text += fmt.Sprintf(`"b%d": null}}`, again)
		if _, err := account.Load("facts.json", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), fmt.Sprintf(`key "b%d" stands twice`, again)) {
			t.Errorf("%d: %v", again, err)
		}
	}
}

// TestRoundTrip saves what it loads: the second time, byte for byte the same.
func TestRoundTrip(t *testing.T) {
	once := save(t, load(t, everything))
	if twice := save(t, load(t, once)); once != twice {
		t.Error(cmp.Diff(once, twice))
	}
	if bom := save(t, load(t, "\xef\xbb\xbf"+everything)); bom != once {
		t.Error("a byte order mark changes the facts")
	}
	for _, piece := range []string{
		`"PolicyDocument": "%7Bbroken"`, `"Sid": "a<b>&c \u2028"`, `"Sid": "twice"`, `"Sid": "again"`, `"Effekt": "Deny"`, `"PermissionsBoundary": null`,
		"\"arn:aws:s3:::acme\": {\n", `"quiet": null`, `"NotFound": [`, `"Whole": [`,
	} {
		if !strings.Contains(once, piece) {
			t.Errorf("%s is lost", piece)
		}
	}
}

// TestSaveIsSorted records the same facts in two orders.
func TestSaveIsSorted(t *testing.T) {
	a, b := account.NewRecorder(noon, ""), account.NewRecorder(noon, "")
	steps := []func(*account.Recorder){
		func(r *account.Recorder) { r.NoRole("111122223333", "x") },
		func(r *account.Recorder) { r.NoProfile("111122223333", "b") },
		func(r *account.Recorder) { r.Role("111122223333", nodeRole("b", "z", "a")) },
		func(r *account.Recorder) { r.Role("111122223333", nodeRole("a", "a", "z")) },
		func(r *account.Recorder) { r.Bucket("b", nil) },
		func(r *account.Recorder) { r.Bucket("a", &account.BucketDetail{Account: "111122223333"}) },
		func(r *account.Recorder) { r.Unread("z", account.Unread{Class: account.Denied}) },
		func(r *account.Recorder) { r.Unread("a", account.Unread{Class: account.Denied}) },
	}
	for i := range steps {
		steps[i](a)
		steps[len(steps)-1-i](b)
	}
	if one, other := save(t, a.Facts()), save(t, b.Facts()); one != other {
		t.Error(cmp.Diff(one, other))
	}
}

// TestSnapshotsOfTheProject loads snapshots that people start from.
func TestSnapshotsOfTheProject(t *testing.T) {
	for _, name := range []string{"../../examples/snapshot.json", "../../cmd/ccx/testdata/snapshots/minimum.json"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		once := save(t, load(t, string(text)))
		if twice := save(t, load(t, once)); once != twice {
			t.Errorf("%s: %s", name, cmp.Diff(once, twice))
		}
	}
}

func TestSaveFails(t *testing.T) {
	r, w := io.Pipe()
	_ = r.Close()
	if err := load(t, everything).Save(w); err == nil {
		t.Error("writing to a closed pipe passes")
	}
	if got := save(t, nil); !strings.Contains(got, `"version": 1`) {
		t.Errorf("no facts are saved as %s", got)
	}
}

// FuzzLoad: whatever loads can be saved, and what is saved loads and saves to the same bytes.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte(`{"version": 1, "unread": {"caller": {"code": "AccessDenied"}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		facts, err := account.Load("facts.json", bytes.NewReader(text))
		if err != nil {
			return
		}
		once := save(t, facts)
		again, err := account.Load("facts.json", strings.NewReader(once))
		if err != nil {
			t.Fatalf("what was saved does not load: %v\n%s", err, once)
		}
		if twice := save(t, again); twice != once {
			t.Error(cmp.Diff(once, twice))
		}
	})
}
