package check

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"ccx/transform/account"
	"ccx/transform/finding"
	"ccx/transform/policy"
)

const (
	home      = "111122223333"
	other     = "444455556666"
	nodeRole  = "arn:aws:iam::111122223333:role/ml-train"
	nodeARN   = "arn:aws:iam::111122223333:instance-profile/ml-train"
	plane     = "arn:aws:iam::111122223333:role/anyscale-iam-role-1a2b3c4d"
	bucketARN = "arn:aws:s3:::acme-anyscale"
)

var when = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// world is a snapshot that a test may change before it is loaded.
type world struct {
	t    *testing.T
	root map[string]any
}

func newWorld(t *testing.T) *world {
	t.Helper()
	text, err := os.ReadFile("../../examples/snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t}
	if err := json.Unmarshal(text, &w.root); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) iam() map[string]any {
	return w.root["iam"].(map[string]any)[home].(map[string]any)
}

func (w *world) role(name string) map[string]any {
	for _, r := range w.iam()["RoleDetailList"].([]any) {
		if role := r.(map[string]any); role["RoleName"] == name {
			return role
		}
	}
	w.t.Fatalf("no role %s", name)
	return nil
}

func (w *world) bucket() map[string]any {
	return w.root["buckets"].(map[string]any)["acme-anyscale"].(map[string]any)
}

// inline replaces the inline policies of a role by one, given as its statements.
func (w *world) inline(role string, statements ...string) {
	w.role(role)["RolePolicyList"] = []any{map[string]any{"PolicyName": "own", "PolicyDocument": doc(w.t, statements)}}
}

// bucketPolicy replaces the bucket's policy; without statements it has none.
func (w *world) bucketPolicy(statements ...string) {
	policies := w.root["resource_policies"].(map[string]any)
	policies[bucketARN] = nil
	if len(statements) > 0 {
		policies[bucketARN] = doc(w.t, statements)
	}
}

func doc(t *testing.T, statements []string) any {
	var v any
	text := `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ",") + `]}`
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

func (w *world) facts() *account.Facts {
	w.t.Helper()
	text, err := json.Marshal(w.root)
	if err != nil {
		w.t.Fatal(err)
	}
	facts, err := account.Load("world", bytes.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	return facts
}

func subject() Subject {
	return Subject{Profile: nodeARN, Bucket: "acme-anyscale", Region: "us-west-2", ControlPlaneRole: plane, AllowedProfiles: []string{"ml-*"}, Assume: policy.DefaultAssume}
}

// judged runs everything and returns the findings by code.
func (w *world) judged(s Subject) map[finding.Code]finding.Finding {
	w.t.Helper()
	facts := w.facts()
	target := Resolve(s, facts)
	all := append(target.Findings, Run(s, target, facts, when).Findings...)
	byCode := map[finding.Code]finding.Finding{}
	for _, f := range all {
		if old, ok := byCode[f.Code]; !ok || f.Status > old.Status {
			byCode[f.Code] = f
		}
	}
	return byCode
}

func (w *world) expect(s Subject, want map[finding.Code]finding.Status) map[finding.Code]finding.Finding {
	w.t.Helper()
	got := w.judged(s)
	for code, status := range want {
		f, ok := got[code]
		if !ok || f.Status != status {
			w.t.Errorf("%s: %v, want %v: %+v", code, f.Status, status, f)
		}
	}
	return got
}

func says(t *testing.T, f finding.Finding, words ...string) {
	t.Helper()
	text := f.Message + "\n" + strings.Join(f.Details, "\n") + "\n" + f.Hint
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q:\n%s", f.Code, w, text)
		}
	}
}

func TestEverythingPasses(t *testing.T) {
	got := newWorld(t).judged(subject())
	for _, row := range finding.Table() {
		f, ok := got[row.Code]
		if !ok || row.Code == finding.KMSUse || row.Code == finding.ECRLogin || row.Code == finding.ECRPull {
			continue // nothing in this world asks for them
		}
		if f.Status != finding.Pass {
			t.Errorf("%s: %v: %s %v", f.Code, f.Status, f.Message, f.Details)
		}
	}
	for _, code := range []finding.Code{finding.ProfileExists, finding.ProfileRole, finding.ProfileAccount, finding.RoleTrust, finding.BucketExists, finding.BucketRegion, finding.S3List, finding.S3Read, finding.S3Write, finding.S3Delete, finding.S3Multipart, finding.S3Location, finding.PassRolePass, finding.PassRoleGet} {
		if _, ok := got[code]; !ok {
			t.Errorf("%s was not checked", code)
		}
	}
}

// The minimum of Anyscale's documentation (Manage AWS IAM roles) must pass, with warnings for what it leaves out.
func TestDocumentedMinimumPasses(t *testing.T) {
	w := newWorld(t)
	w.inline("ml-train",
		`{"Sid": "ListObjectsInBucket", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::acme-anyscale"]}`,
		`{"Sid": "AllObjectActions", "Effect": "Allow", "Action": "s3:*Object", "Resource": ["arn:aws:s3:::acme-anyscale/*"]}`)
	got := w.expect(subject(), map[finding.Code]finding.Status{
		finding.S3List: finding.Pass, finding.S3Read: finding.Pass, finding.S3Write: finding.Pass, finding.S3Delete: finding.Pass,
		finding.S3Multipart: finding.Fail, finding.S3Location: finding.Fail,
	})
	if got[finding.S3Multipart].Level != finding.Warning || got[finding.S3Location].Level != finding.Warning {
		t.Error("what the minimum lacks must be a warning")
	}
}

// Anyscale's bucket policy names two roles; any other has nothing.
func TestRoleNamedInNeitherPolicyFails(t *testing.T) {
	w := newWorld(t)
	w.role("ml-train")["RolePolicyList"] = []any{}
	got := w.expect(subject(), map[finding.Code]finding.Status{
		finding.S3List: finding.Fail, finding.S3Read: finding.Fail, finding.S3Write: finding.Fail, finding.S3Delete: finding.Fail,
	})
	says(t, got[finding.S3Write], "s3:PutObject", `"Principal"`, nodeRole, "allow-role-access", "s3:GetBucketLocation")
}

func TestBucketPolicyThatNamesTheRolePasses(t *testing.T) {
	w := newWorld(t)
	w.role("ml-train")["RolePolicyList"] = []any{}
	w.bucketPolicy(`{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": ["s3:PutObject", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket"], "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"]}`)
	w.expect(subject(), map[finding.Code]finding.Status{finding.S3List: finding.Pass, finding.S3Read: finding.Pass, finding.S3Write: finding.Pass, finding.S3Delete: finding.Pass})
}

func TestDenyOnSomeKeysIsFound(t *testing.T) {
	w := newWorld(t)
	w.bucketPolicy(`{"Sid": "Fence", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "` + bucketARN + `/models/*/final"}`)
	got := w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Pass, finding.S3Write: finding.Fail, finding.S3Delete: finding.Pass})
	says(t, got[finding.S3Write], `models//final`, `"Fence"`, "can't be outvoted", "the bucket's owner")
}

func TestAccountDelegationIsNoGrant(t *testing.T) {
	w := newWorld(t)
	w.role("ml-train")["RolePolicyList"] = []any{}
	w.bucketPolicy(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "s3:*", "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"]}`)
	w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Fail})
}

func TestCrossAccountNeedsBothSides(t *testing.T) {
	grant := `{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": "s3:*", "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"]}`
	own := `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
	tests := []struct {
		name     string
		identity []string
		bucket   []string
		want     finding.Status
		mend     string
	}{
		{"both", []string{own}, []string{grant}, finding.Pass, ""},
		{"identity only", []string{own}, nil, finding.Fail, "to the policy of the bucket"},
		{"bucket only", nil, []string{grant}, finding.Fail, "give the role ml-train this inline policy"},
		{"neither", nil, nil, finding.Fail, "both need it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.bucket()["Account"] = other
			w.inline("ml-train", tt.identity...)
			w.bucketPolicy(tt.bucket...)
			got := w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: tt.want, finding.S3List: tt.want})
			says(t, got[finding.S3Read], tt.mend)
		})
	}
}

func TestBoundaryLimits(t *testing.T) {
	w := newWorld(t)
	boundary := func(statement string) {
		w.role("ml-train")["PermissionsBoundary"] = map[string]any{"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/fence"}
		w.iam()["Policies"] = []any{map[string]any{"PolicyName": "fence", "Arn": "arn:aws:iam::111122223333:policy/fence", "DefaultVersionId": "v1",
			"PolicyVersionList": []any{map[string]any{"VersionId": "v1", "IsDefaultVersion": true, "Document": doc(t, []string{statement})}}}}
	}
	boundary(`{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`)
	got := w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Fail})
	says(t, got[finding.S3Read], "boundary")
	boundary(`{"Effect": "Allow", "Action": "*", "Resource": "*"}`)
	w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Pass})
}

func TestUnreadPolicyIsUnknown(t *testing.T) {
	w := newWorld(t)
	w.role("ml-train")["AttachedManagedPolicies"] = []any{map[string]any{"PolicyName": "Team", "PolicyArn": "arn:aws:iam::111122223333:policy/Team"}}
	w.iam()["Whole"] = []any{}
	w.iam()["Policies"] = []any{}
	w.inline("ml-train", `{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`)
	got := w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Unknown})
	says(t, got[finding.S3Read], "Team")
	if got[finding.S3Read].Cause != finding.Unreadable {
		t.Errorf("cause %v", got[finding.S3Read].Cause)
	}
}

func TestDependsOnTheNetworkPath(t *testing.T) {
	w := newWorld(t)
	w.bucketPolicy(`{"Sid": "VpcOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"], "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`)
	got := w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Unknown})
	says(t, got[finding.S3Read], "aws:SourceVpce", "--context", "VpcOnly")
	for value, want := range map[string]finding.Status{"vpce-1": finding.Pass, "vpce-2": finding.Fail} {
		s := subject()
		s.Context = map[string][]string{"aws:SourceVpce": {value}}
		w.expect(s, map[finding.Code]finding.Status{finding.S3Read: want})
	}
}

func TestGuardrails(t *testing.T) {
	w := newWorld(t)
	facts := w.facts()
	target := Resolve(subject(), facts)
	if got := Run(subject(), target, facts, when).Assumed; len(got) == 0 {
		t.Error("a pass must name what it assumes")
	}
	s := subject()
	s.Assume = 0
	w.expect(s, map[finding.Code]finding.Status{finding.S3Read: finding.Unknown})
}

func TestTagConditionsUseTheRolesTags(t *testing.T) {
	w := newWorld(t)
	w.inline("ml-train", `{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "vision"}}}`)
	w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Fail})
	w.role("ml-train")["Tags"] = []any{map[string]any{"Key": "team", "Value": "vision"}}
	w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Pass})
	delete(w.role("ml-train"), "Tags")
	w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: finding.Unknown})
}

func TestPrefix(t *testing.T) {
	w := newWorld(t)
	w.bucketPolicy()
	w.inline("ml-train",
		`{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": "`+bucketARN+`/org/*"}`,
		`{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "`+bucketARN+`", "Condition": {"StringLike": {"s3:prefix": "org/*"}}}`)
	s := subject()
	w.expect(s, map[finding.Code]finding.Status{finding.S3Read: finding.Fail, finding.S3List: finding.Fail})
	s.Prefix = "org/"
	w.expect(s, map[finding.Code]finding.Status{finding.S3Read: finding.Pass, finding.S3List: finding.Pass, finding.S3Write: finding.Pass})
	s.Prefix = "other/"
	w.expect(s, map[finding.Code]finding.Status{finding.S3Read: finding.Fail, finding.S3List: finding.Fail})
}

func TestProfileFaults(t *testing.T) {
	tests := []struct {
		name   string
		change func(*world, *Subject)
		code   finding.Code
		want   finding.Status
		says   string
	}{
		{"missing", func(_ *world, s *Subject) { s.Profile = "nope" }, finding.ProfileExists, finding.Fail, "no instance profile"},
		{"not recorded", func(w *world, s *Subject) { s.Profile = "nope"; w.iam()["Whole"] = []any{} }, finding.ProfileExists, finding.Unknown, "snapshot"},
		{"other path", func(_ *world, s *Subject) { s.Profile = strings.Replace(nodeARN, "/ml", "/team/ml", 1) }, finding.ProfileExists, finding.Fail, "written differently"},
		{"other case", func(_ *world, s *Subject) { s.Profile = "ML-Train" }, finding.ProfileExists, finding.Fail, "written differently"},
		{"other account", func(_ *world, s *Subject) { s.Profile = strings.Replace(nodeARN, home, other, 1) }, finding.ProfileExists, finding.Unknown, ""},
		{"no role", func(w *world, _ *Subject) {
			w.role("ml-train")["InstanceProfileList"].([]any)[0].(map[string]any)["Roles"] = []any{}
		}, finding.ProfileRole, finding.Fail, "add-role-to-instance-profile"},
		{"cloud elsewhere", func(_ *world, s *Subject) {
			s.ControlPlaneRole = "arn:aws:iam::444455556666:role/anyscale"
		}, finding.ProfileAccount, finding.Fail, other},
		{"bucket elsewhere", func(_ *world, s *Subject) { s.Region = "eu-central-1" }, finding.BucketRegion, finding.Fail, "us-west-2"},
		{"no bucket", func(_ *world, s *Subject) { s.Bucket = "" }, finding.BucketExists, finding.Unknown, "-b NAME"},
		{"bucket of someone else", func(_ *world, s *Subject) { s.BucketOwner = other }, finding.BucketExists, finding.Fail, home},
		{"bucket gone", func(w *world, _ *Subject) { w.root["buckets"].(map[string]any)["acme-anyscale"] = nil }, finding.BucketExists, finding.Fail, "no bucket"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, s := newWorld(t), subject()
			tt.change(w, &s)
			got := w.expect(s, map[finding.Code]finding.Status{tt.code: tt.want})
			says(t, got[tt.code], tt.says)
		})
	}
}

func TestTrust(t *testing.T) {
	tests := []struct {
		name, statement string
		want            finding.Status
	}{
		{"a string", `{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`, finding.Pass},
		{"lists", `{"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}, "Action": ["sts:AssumeRole", "sts:TagSession"]}`, finding.Pass},
		{"a wildcard action", `{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:*"}`, finding.Pass},
		{"another service", `{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}`, finding.Fail},
		{"an account", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}`, finding.Fail},
		{"another action", `{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:TagSession"}`, finding.Fail},
		{"a condition", `{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`, finding.Unknown},
		{"a deny", `{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}, {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}`, finding.Fail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.role("ml-train")["AssumeRolePolicyDocument"] = doc(t, []string{tt.statement})
			w.expect(subject(), map[finding.Code]finding.Status{finding.RoleTrust: tt.want})
		})
	}
}

func TestPassRole(t *testing.T) {
	tests := []struct {
		name, statement string
		pass, get       finding.Status
	}{
		{"everything, as `anyscale cloud setup` makes it", `{"Effect": "Allow", "Action": ["iam:PassRole", "iam:GetInstanceProfile"], "Resource": "*"}`, finding.Pass, finding.Pass},
		{"this role and profile", `{"Effect": "Allow", "Action": ["iam:PassRole", "iam:GetInstanceProfile"], "Resource": ["` + nodeRole + `", "` + nodeARN + `"]}`, finding.Pass, finding.Pass},
		{"another role, as Terraform makes it", `{"Effect": "Allow", "Action": ["iam:PassRole", "iam:GetInstanceProfile"], "Resource": ["arn:aws:iam::111122223333:role/other", "arn:aws:iam::111122223333:instance-profile/other"]}`, finding.Fail, finding.Fail},
		{"to EC2", `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}`, finding.Pass, finding.Fail},
		{"to another service", `{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}`, finding.Fail, finding.Fail},
		{"from an address", `{"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}`, finding.Unknown, finding.Unknown},
		{"a deny", `{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "NoPass", "Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}`, finding.Fail, finding.Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.inline("anyscale-iam-role-1a2b3c4d", tt.statement)
			got := w.expect(subject(), map[finding.Code]finding.Status{finding.PassRolePass: tt.pass, finding.PassRoleGet: tt.get})
			if tt.pass == finding.Fail && tt.get == finding.Fail {
				says(t, got[finding.PassRolePass], "PassNodeRole", nodeRole)
			}
		})
	}
}

func TestRoleFindsItsProfile(t *testing.T) {
	profiles := func(w *world, names ...string) {
		var list []any
		for _, n := range names {
			list = append(list, map[string]any{"InstanceProfileName": n, "Arn": "arn:aws:iam::111122223333:instance-profile/" + n,
				"Roles": []any{map[string]any{"RoleName": "ml-train", "Arn": nodeRole}}})
		}
		w.role("ml-train")["InstanceProfileList"] = list
	}
	tests := []struct {
		name, role string
		profiles   []string
		want       string // the profile's name; "" for a fail
	}{
		{"the only one", "ml-train", []string{"another-name"}, "another-name"},
		{"the one of the same name", nodeRole, []string{"a", "ml-train", "z"}, "ml-train"},
		{"several, none of its name", "ml-train", []string{"a", "b"}, ""},
		{"none", "ml-train", nil, ""},
		{"no such role", "nope", []string{"a"}, ""},
		{"another path", "arn:aws:iam::111122223333:role/team/ml-train", []string{"ml-train"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			profiles(w, tt.profiles...)
			target := Resolve(Subject{Role: tt.role}, w.facts())
			failed := slices.ContainsFunc(target.Findings, func(f finding.Finding) bool { return f.Status == finding.Fail })
			if tt.want == "" && !failed || tt.want != "" && (failed || target.Name != tt.want || target.RoleARN != nodeRole) {
				t.Errorf("%+v", target)
			}
		})
	}
}

// A mend must be enough, and each of its elements needed.
func TestMendIsEnough(t *testing.T) {
	w := newWorld(t)
	w.role("ml-train")["RolePolicyList"] = []any{}
	hint := w.judged(subject())[finding.S3Write].Hint
	_, text, _ := strings.Cut(hint, "\n")
	var statement map[string]any
	if err := json.Unmarshal([]byte(text), &statement); err != nil {
		t.Fatalf("the mend is no statement: %v\n%s", err, hint)
	}
	add := func(s map[string]any) map[finding.Code]finding.Finding {
		w := newWorld(t)
		w.role("ml-train")["RolePolicyList"] = []any{}
		p := w.root["resource_policies"].(map[string]any)[bucketARN].(map[string]any)
		p["Statement"] = append(p["Statement"].([]any), s)
		return w.judged(subject())
	}
	codes := []finding.Code{finding.S3List, finding.S3Read, finding.S3Write, finding.S3Delete, finding.S3Multipart, finding.S3Location}
	all := func(got map[finding.Code]finding.Finding) bool {
		return !slices.ContainsFunc(codes, func(c finding.Code) bool { return got[c].Status != finding.Pass })
	}
	if got := add(statement); !all(got) {
		t.Errorf("with the mend: %+v", got)
	}
	for _, element := range []string{"Action", "Resource"} {
		list := statement[element].([]any)
		for i := range list {
			less := map[string]any{}
			for k, v := range statement {
				less[k] = v
			}
			less[element] = slices.Delete(slices.Clone(list), i, i+1)
			if all(add(less)) {
				t.Errorf("%v of %s is not needed", list[i], element)
			}
		}
	}
}

func TestForeignObjectsAreUnknown(t *testing.T) {
	both := func(w *world) {
		w.bucket()["Account"] = other
		w.inline("ml-train", `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`)
		w.bucketPolicy(`{"Effect": "Allow", "Principal": {"AWS": "` + nodeRole + `"}, "Action": "s3:*", "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"]}`)
	}
	tests := []struct {
		name   string
		change func(*world)
		want   finding.Status
	}{
		{"enforced", func(*world) {}, finding.Pass},
		{"the writer's", func(w *world) {
			w.bucket()["OwnershipControls"] = map[string]any{"Rules": []any{map[string]any{"ObjectOwnership": "ObjectWriter"}}}
		}, finding.Unknown},
		{"not set", func(w *world) { w.bucket()["OwnershipControls"] = nil }, finding.Unknown},
		{"not read", func(w *world) { delete(w.bucket(), "OwnershipControls") }, finding.Unknown},
		{"the writer's, in one account", func(w *world) {
			w.bucket()["Account"] = home
			w.bucket()["OwnershipControls"] = nil
		}, finding.Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			both(w)
			tt.change(w)
			w.expect(subject(), map[finding.Code]finding.Status{finding.S3Read: tt.want, finding.S3Write: finding.Pass})
		})
	}
}

// Denies as real bucket policies have them, for a session as a node has it.
func TestDeniesFromTheField(t *testing.T) {
	on := `"Principal": "*", "Action": "s3:*", "Resource": ["` + bucketARN + `", "` + bucketARN + `/*"], "Effect": "Deny", "Condition": `
	put := `"Principal": "*", "Action": "s3:PutObject", "Resource": "` + bucketARN + `/*", "Effect": "Deny", "Condition": `
	tests := []struct {
		name, statement string
		want            finding.Status // of s3/write
	}{
		{"TLS only", on + `{"Bool": {"aws:SecureTransport": "false"}}`, finding.Pass},
		{"TLS 1.2", on + `{"NumericLessThan": {"s3:TlsVersion": "1.2"}}`, finding.Pass},
		{"TLS 1.3", on + `{"NumericLessThan": {"s3:TlsVersion": "1.3"}}`, finding.Unknown},
		{"one endpoint", on + `{"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}`, finding.Unknown},
		{"one organization", on + `{"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}`, finding.Unknown},
		{"corporate addresses", on + `{"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`, finding.Unknown},
		{"encryption header", put + `{"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}`, finding.Fail},
		{"encryption header, if it is there", put + `{"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "aws:kms"}}`, finding.Fail},
		{"encryption header is absent", put + `{"Null": {"s3:x-amz-server-side-encryption": "true"}}`, finding.Fail},
		{"role ids", on + `{"StringNotLike": {"aws:userid": ["AROAEXAMPLEMLTRAIN000:*", "111122223333"]}}`, finding.Pass},
		{"other role ids", on + `{"StringNotLike": {"aws:userid": ["AROAOTHER:*"]}}`, finding.Fail},
		{"role ARNs", on + `{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ml-*"}}`, finding.Pass},
		{"other role ARNs", on + `{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}}`, finding.Fail},
		{"MFA", on + `{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}`, finding.Fail},
		{"old signatures", on + `{"StringNotEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}`, finding.Pass},
		{"until a date gone by", on + `{"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}`, finding.Pass},
		{"from a date to come", on + `{"DateGreaterThan": {"aws:CurrentTime": "2026-12-01T00:00:00Z"}}`, finding.Unknown},
		{"region", on + `{"StringNotEquals": {"aws:RequestedRegion": "us-west-2"}}`, finding.Pass},
		{"an operator that nobody knows", on + `{"StringResembles": {"aws:RequestedRegion": "us-west-2"}}`, finding.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.bucketPolicy("{" + tt.statement + "}")
			got := w.expect(subject(), map[finding.Code]finding.Status{finding.S3Write: tt.want})
			if tt.want == finding.Fail {
				says(t, got[finding.S3Write], "can't be outvoted")
			}
		})
	}
}

// A document that `ccx policy` prints must be enough when it is put in place of what is there.
func TestDocumentsAreEnough(t *testing.T) {
	s := subject()
	s.Profile, s.Role = "", nodeRole
	s3 := map[finding.Code]finding.Status{
		finding.S3List: finding.Pass, finding.S3Read: finding.Pass, finding.S3Write: finding.Pass, finding.S3Delete: finding.Pass,
		finding.S3Multipart: finding.Pass, finding.S3Location: finding.Pass,
	}
	tests := []struct {
		name string
		put  func(*world, any)
		want map[finding.Code]finding.Status
	}{
		{"identity", func(w *world, doc any) {
			w.role("ml-train")["RolePolicyList"] = []any{map[string]any{"PolicyName": "new", "PolicyDocument": doc}}
		}, s3},
		{"bucket", func(w *world, doc any) {
			w.role("ml-train")["RolePolicyList"] = []any{}
			w.root["resource_policies"].(map[string]any)[bucketARN] = doc
		}, s3},
		{"pass-role", func(w *world, doc any) {
			w.role("anyscale-iam-role-1a2b3c4d")["RolePolicyList"] = []any{map[string]any{"PolicyName": "new", "PolicyDocument": doc}}
		}, map[finding.Code]finding.Status{finding.PassRolePass: finding.Pass, finding.PassRoleGet: finding.Pass}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			text, found := Document(tt.name, s, w.facts(), Form{})
			var doc any
			if err := json.Unmarshal([]byte(text), &doc); err != nil || len(found) > 0 {
				t.Fatalf("%v %v\n%s", err, found, text)
			}
			tt.put(w, doc)
			w.expect(s, tt.want)
		})
	}
}

func TestBucketDocumentKeepsWhatIsThere(t *testing.T) {
	w := newWorld(t)
	text, _ := Document("bucket", Subject{Role: nodeRole, Bucket: "acme-anyscale"}, w.facts(), Form{})
	for _, kept := range []string{"TLSOnly", "cld_abc123-cluster_node_role", "aws:SecureTransport", `"allow-role-access-2"`} {
		if !strings.Contains(text, kept) {
			t.Errorf("lost: %s\n%s", kept, text)
		}
	}
	alone, _ := Document("bucket", Subject{Role: nodeRole, Bucket: "acme-anyscale"}, w.facts(), Form{StatementOnly: true})
	if strings.Contains(alone, "TLSOnly") || !strings.Contains(alone, nodeRole) {
		t.Errorf("not the new statement alone: %s", alone)
	}
	delete(w.root["resource_policies"].(map[string]any), bucketARN)
	if text, found := Document("bucket", Subject{Role: nodeRole, Bucket: "acme-anyscale"}, w.facts(), Form{}); text != "" || len(found) == 0 || found[0].Status != finding.Unknown {
		t.Errorf("a policy that was not read would be lost: %s %v", text, found)
	}
	w.root["resource_policies"].(map[string]any)[bucketARN] = nil
	if text, found := Document("bucket", Subject{Role: nodeRole, Bucket: "acme-anyscale"}, w.facts(), Form{}); len(found) > 0 || !strings.Contains(text, "2012-10-17") {
		t.Errorf("a bucket without a policy gets one: %s %v", text, found)
	}
	w.bucketPolicy(`{"Sid": "` + strings.Repeat("x", 20300) + `", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}`)
	if text, found := Document("bucket", Subject{Role: nodeRole, Bucket: "acme-anyscale"}, w.facts(), Form{}); text != "" || !strings.Contains(found[0].Message, "S3 takes 20480") {
		t.Errorf("larger than S3 takes: %v", found)
	}
}

// The document for ccx itself must hold every action that a live run calls.
func TestReaderDocumentIsReadOnly(t *testing.T) {
	text, _ := Document("reader", subject(), nil, Form{})
	for _, line := range strings.Split(text, "\n") {
		if _, action, ok := strings.Cut(strings.Trim(strings.TrimSpace(line), `",`), ":"); ok && !strings.Contains(line, "Sid") && (strings.Contains(line, `"iam:`) || strings.Contains(line, `"s3:`)) && !strings.HasPrefix(action, "Get") && !strings.HasPrefix(action, "List") {
			t.Errorf("%s is not a right to read", line)
		}
	}
}
