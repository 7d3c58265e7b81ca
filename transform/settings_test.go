package transform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ccx/schema"
	"ccx/transform/anyscale"
	"ccx/transform/finding"
)

// whole is the shape of the design's example, less what this version leaves out.
const whole = `version: 1
accounts:
  default: {assume_role: "arn:aws:iam::{account}:role/ccx-reader"}
  "999900001111": {profile: org-audit}
organization: {read_from: "999900001111"}
assume: [scp, rcp]
cloud_files: ["clouds/*.yaml"]
default_cloud: prod-usw2
existing: keep
clouds:
  prod-usw2:
    instance_profile: ml-train
    allowed_profiles: [ml-train, "vision-*", "{cloud_id}-cluster_node_role"]
    context: {"aws:SourceVpce": vpce-0a1b2c3d}
  old-use1: {cloud_id: cld_old999, region: us-east-1, bucket: "s3://anyscale-production-data-cld-old999", cluster_role: "arn:aws:iam::111122223333:role/r", control_plane_role: "arn:aws:iam::111122223333:role/c"}
paths: [{match: "teams/vision/**", cloud: prod-usw2, instance_profile: vision-nodes}]
waive: [{code: s3/delete, cloud: old-use1, reason: "OPS-812 write-once bucket", until: 2027-03-31}]
`

func TestReadSettings(t *testing.T) {
	s := settings(t, whole)
	if diff := cmp.Diff(map[string]string{"default": "role:arn:aws:iam::{account}:role/ccx-reader", "999900001111": "profile:org-audit"}, s.Accounts); diff != "" {
		t.Error(diff)
	}
	if s.Existing != "keep" || !slices.Equal(s.Assume, []string{"scp", "rcp"}) || s.defaultCloud.Value != "prod-usw2" || s.defaultCloud.Place.Line != 8 || s.ReadFrom != "999900001111" {
		t.Errorf("%+v", s)
	}
	if len(s.CloudFiles) != 1 || s.CloudFiles[0].Value != "clouds/*.yaml" {
		t.Errorf("%+v", s.CloudFiles)
	}
	known := clouds(t, whole, prod)
	if c := known.find("prod-usw2"); c.profile.Value != "ml-train" || !slices.Equal(c.allowed, []string{"ml-train", "vision-*", "cld_abc123-cluster_node_role"}) {
		t.Errorf("%+v", c)
	}
	old := known.find("cld_old999")
	if old != known.find("old-use1") || old == nil {
		t.Fatal("the settings alone make no cloud")
	}
	r, why, _ := old.Pick("")
	if why != "" || r.Region.Value != "us-east-1" || r.Bucket.Value != "s3://anyscale-production-data-cld-old999" || r.ClusterRole.Value == "" || r.ControlPlaneRole.Value == "" {
		t.Errorf("%+v %s", r, why)
	}
}

func TestAssumeOfSettings(t *testing.T) {
	if s := settings(t, "version: 1\n"); s.Assume != nil {
		t.Errorf("%q", s.Assume)
	}
	if s := settings(t, "version: 1\nassume: []\n"); !slices.Equal(s.Assume, []string{"none"}) {
		t.Errorf("%q", s.Assume)
	}
}

// What is wrong is said at its place, and nothing of the settings is used.
func TestSettingsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want, hint string }{
		{"empty", "", "0:0 the file is empty", "is it the right one"},
		{"a list", "- version: 1\n", "the settings must be one mapping", "ccx init"},
		{"two documents", "version: 1\n---\nversion: 1\n", "the settings must be one mapping", ""},
		{"not YAML", "version: [1\n", "1:10 this bracket is never closed", ""},
		{"a duplicate", "version: 1\nversion: 1\n", "2:1 the key version stands twice", ""},
		{"a variable", "version: 1\ndefault_cloud: ${CLOUD}\n", "2:16 nothing fills variables in here", "write the value"},
		{"no version", "existing: keep\n", "1:1 the file lacks version", "version: 1"},
		{"another version", "version: 2\n", "1:10 this version of ccx reads version 1", ""},
		{"a version in quotes", "version: '1'\n", "1:10 version must be a whole number", ""},
		{"an unknown key", "version: 1\ndefault_clod: x\n", `2:1 unknown key "default_clod"`, "did you mean default_cloud?"},
		{"a command", "version: 1\nexec: rm -rf\n", `2:1 unknown key "exec"`, "use one of"},
		{"an endpoint", "version: 1\nclouds: {a: {endpoint_url: x}}\n", `2:14 unknown key "endpoint_url"`, "use one of"},
		{"an endpoint of an account", "version: 1\naccounts: {default: {profile: x, endpoint: y}}\n", `unknown key "endpoint"`, "profile"},
		{"a waiver of no check", "version: 1\nwaive: [{code: s3/delte, reason: x, until: 2027-03-31}]\n", `2:16 no check has the code "s3/delte"`, "did you mean s3/delete?"},
		{"a waiver of the text", "version: 1\nwaive: [{code: config/schema, reason: x, until: 2027-03-31}]\n", "2:16 config/schema can't be waived", ""},
		{"a waiver of the command line", "version: 1\nwaive: [{code: usage/flag, reason: x, until: 2027-03-31}]\n", "2:16 usage/flag can't be waived", ""},
		{"a waiver of the cloud", "version: 1\nwaive: [{code: cloud/known, reason: x, until: 2027-03-31}]\n", "cloud/known can't be waived", ""},
		{"a waiver of the grammar", "version: 1\nwaive: [{code: profile/arn, reason: x, until: 2027-03-31}]\n", "profile/arn can't be waived", ""},
		{"a waiver of the profile", "version: 1\nwaive: [{code: profile/exists, reason: x, until: 2027-03-31}]\n", "profile/exists can't be waived", ""},
		{"a waiver of its role", "version: 1\nwaive: [{code: profile/role, reason: x, until: 2027-03-31}]\n", "profile/role can't be waived", ""},
		{"a waiver of a waiver", "version: 1\nwaive: [{code: waive/expired, reason: x, until: 2027-03-31}]\n", "waive/expired can't be waived", ""},
		{"a waiver without a reason", "version: 1\nwaive: [{code: s3/delete, until: 2027-03-31}]\n", "waive.0 lacks reason", "add reason"},
		{"a waiver with a blank reason", "version: 1\nwaive: [{code: s3/delete, reason: ' ', until: 2027-03-31}]\n", "2:35 a waiver needs a reason", "reason:"},
		{"a waiver without an end", "version: 1\nwaive: [{code: s3/delete, reason: x}]\n", "waive.0 lacks until", "add until"},
		{"a waiver until no day", "version: 1\nwaive: [{code: s3/delete, reason: x, until: '2027-02-30'}]\n", `2:45 "2027-02-30" is no date`, "2027-03-31"},
		{"a waiver until some day", "version: 1\nwaive: [{code: s3/delete, reason: x, until: spring}]\n", "waive.0.until is not written as it must be", "2027-03-31"},
		{"data buckets of no cloud", "version: 1\ndata_buckets: {}\n", `2:1 unknown key "data_buckets"`, "under clouds"},
		{"requires of no cloud", "version: 1\nrequires: []\n", `2:1 unknown key "requires"`, "under clouds"},
		{"a data bucket without access", "version: 1\nclouds: {a: {data_buckets: {lake: {}}}}\n", "clouds.a.data_buckets.lake lacks access", "add access"},
		{"a data bucket's access", "version: 1\nclouds: {a: {data_buckets: {lake: {access: readwrite}}}}\n", "access must be one of read, write", ""},
		{"a data bucket's account", "version: 1\nclouds: {a: {data_buckets: {lake: {access: read, account: '4444'}}}}\n", "account is not written as it must be", "12 digits"},
		{"a data bucket's prefix", "version: 1\nclouds: {a: {data_buckets: {lake: {access: read, prefix: 'a/*'}}}}\n", "2:58 a prefix with *", "up to there"},
		{"a data bucket's name", "version: 1\nclouds: {a: {data_buckets: {'s3://lake': {access: read}}}}\n", "2:29 this is no bucket's name", "corp-lake"},
		{"a requirement", "version: 1\nclouds: {a: {requires: ['s3:Get*=arn:aws:s3:::b/*']}}\n", "2:25 ", "without * and ?"},
		{"an organization that nobody reads", "version: 1\norganization: {}\n", "2:15 organization lacks read_from", ""},
		{"an organization's key", "version: 1\norganization: {readfrom: '111122223333'}\n", `unknown key "readfrom"`, "did you mean read_from?"},
		{"an organization's account", "version: 1\norganization: {read_from: org-audit}\n", "2:27 organization.read_from is not written as it must be", "12 digits"},
		{"no account id", "version: 1\naccounts: {'1111': {profile: x}}\n", `2:12 "1111" is no account id`, "12 digits"},
		{"no credentials", "version: 1\naccounts: {default: {}}\n", "2:12 an account needs profile or assume_role", ""},
		{"two credentials", "version: 1\naccounts: {default: {profile: x, assume_role: 'arn:aws:iam::{account}:role/r'}}\n", "one of them only", ""},
		{"no role's ARN", "version: 1\naccounts: {default: {assume_role: 'arn:aws:iam::{acount}:role/r'}}\n", "accounts.default.assume_role is not written as it must be", "{account}"},
		{"a profile that is none", "version: 1\naccounts: {default: {profile: 'a b'}}\n", "accounts.default.profile is not written", "AWS CLI"},
		{"a guardrail", "version: 1\nassume: [scps]\n", "2:10 assume.0 must be one of scp, rcp, vpc-endpoint, session", ""},
		{"twice", "version: 1\nassume: [scp, scp]\n", "assume has the same entry twice", ""},
		{"existing", "version: 1\nexisting: maybe\n", "2:11 existing must be one of refuse, keep, replace", ""},
		{"up", "version: 1\ncloud_files: [a/../../b]\n", "2:15 this path may lead out", ""},
		{"up with backslashes", "version: 1\ncloud_files: ['..\\b']\n", "2:15 this path may lead out", ""},
		{"absolute", "version: 1\ncloud_files: [/etc/x]\n", "2:15 an absolute path leads out", ""},
		{"a drive", "version: 1\ncloud_files: ['C:\\x']\n", "2:15 an absolute path leads out", ""},
		{"home", "version: 1\ncloud_files: ['~/x']\n", "2:15 an absolute path leads out", ""},
		{"a path above", "version: 1\npaths: [{match: ../x, cloud: a}]\n", "2:17 this path may lead out", ""},
		{"a row that says nothing", "version: 1\npaths: [{match: x}]\n", "2:17 this row says nothing", "add cloud"},
		{"a row of nothing", "version: 1\npaths: [{cloud: x}]\n", "paths.0 lacks match", "add match"},
		{"no context key", "version: 1\nclouds: {a: {context: {SourceVpce: x}}}\n", `2:24 "SourceVpce" is no context key`, ""},
		{"a context value", "version: 1\nclouds: {a: {context: {aws:SourceVpce: 1}}}\n", "clouds.a.context.aws:SourceVpce must be a text or a list", ""},
		{"no allowed profile", "version: 1\nclouds: {a: {allowed_profiles: []}}\n", "clouds.a.allowed_profiles is empty", "leave the key out"},
		{"an allowed profile", "version: 1\nclouds: {a: {allowed_profiles: ['a b']}}\n", "clouds.a.allowed_profiles.0 is not written", "{cloud_id}"},
		{"no cloud id", "version: 1\nclouds: {a: {cloud_id: abc}}\n", "clouds.a.cloud_id is not written", "cld_abc123"},
		{"a cloud without a name", "version: 1\nclouds: {'': {cloud_id: cld_a}}\n", "a cloud needs a name", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, fs := ReadSettings("ccx.yaml", []byte(c.text))
			if s != nil || len(fs) == 0 {
				t.Fatalf("taken: %+v", s)
			}
			var lines, hints []string
			for _, f := range fs {
				lines, hints = append(lines, fmt.Sprintf("%d:%d %s", f.Place.Line, f.Place.Column, f.Message)), append(hints, f.Hint)
				if f.Code != finding.UsageSettings || f.Place.File != "ccx.yaml" {
					t.Errorf("%s in %q", f.Code, f.Place.File)
				}
			}
			if got := strings.Join(lines, "\n"); !strings.Contains(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if got := strings.Join(hints, "\n"); !strings.Contains(got, c.hint) {
				t.Errorf("hint %q, want %q", got, c.hint)
			}
		})
	}
}

// What is wrong with clouds is told only when settings and printouts are put together.
func TestCloudsRefused(t *testing.T) {
	v := "version: 1\n"
	twoNames := strings.Replace(prod, "cld_abc123", "cld_other1", 1)
	for _, c := range []struct {
		name, settings string
		printed        []string
		want           string
	}{
		{"a default that is not known", v + "default_cloud: prod-usw1\n", []string{prod}, `ccx.yaml:2 nothing is known of the cloud "prod-usw1"`},
		{"a path's cloud that is not known", v + "paths: [{match: x, cloud: prod-usw1}]\n", []string{prod}, `ccx.yaml:2 nothing is known of the cloud "prod-usw1"`},
		{"a waiver's cloud that is not known", v + "waive: [{code: s3/delete, cloud: prod-usw1, reason: x, until: 2027-03-31}]\n", []string{prod}, `ccx.yaml:2 nothing is known of the cloud "prod-usw1"`},
		{"an id that is not the cloud's", v + "clouds: {prod-usw2: {cloud_id: cld_x}}\n", []string{prod}, "ccx.yaml:2 cloud_id is cld_x here, and cld_abc123 in a.yaml"},
		{"an id of another name", v + "clouds: {prod: {cloud_id: cld_abc123}}\n", []string{prod}, "ccx.yaml:2 the cloud cld_abc123 is called prod-usw2 in a.yaml"},
		{"another region", v + "clouds: {prod-usw2: {region: us-east-1}}\n", []string{prod}, "ccx.yaml:2 region is us-east-1 here, and us-west-2 in a.yaml"},
		{"another bucket", v + "clouds: {prod-usw2: {bucket: acme-other}}\n", []string{prod}, "ccx.yaml:2 bucket is acme-other here, and s3://acme-anyscale in a.yaml"},
		{"another role", v + "clouds: {prod-usw2: {cluster_role: 'arn:aws:iam::111122223333:role/x'}}\n", []string{prod}, "ccx.yaml:2 cluster_role is"},
		{"another control plane", v + "clouds: {prod-usw2: {control_plane_role: 'arn:aws:iam::111122223333:role/x'}}\n", []string{prod}, "ccx.yaml:2 control_plane_role is"},
		{"whose bucket?", v + "clouds: {dev: {bucket: acme-dev}}\n", []string{dev(true)}, "ccx.yaml:2 the cloud dev has 2 resources"},
		{"by name and by id", v + "clouds:\n  prod-usw2: {instance_profile: a}\n  cld_abc123: {instance_profile: b}\n", []string{prod}, "ccx.yaml:4 the cloud prod-usw2 has two entries"},
		{"two clouds of one name", v + "clouds: {prod-usw2: {instance_profile: a}}\n", []string{prod, twoNames}, `ccx.yaml:2 several clouds are called "prod-usw2"`},
		{"no id to put in", v + "clouds: {prod: {allowed_profiles: ['{cloud_id}-x']}}\n", nil, "ccx.yaml:2 the id of the cloud prod is not known"},
		{"other braces", v + "clouds: {prod: {allowed_profiles: ['{cloud}-x']}}\n", nil, "ccx.yaml:2 only {cloud_id} can stand in braces"},
		{"no region", v + "clouds: {prod: {region: us-west-2a}}\n", nil, `ccx.yaml:2 "us-west-2a" is no AWS region`},
		{"no bucket name", v + "clouds: {prod: {bucket: 's3://A'}}\n", nil, `ccx.yaml:2 "A" is no bucket name`},
		{"a bucket with a pattern", v + "clouds: {prod: {bucket: 's3://acme-x/*'}}\n", nil, "ccx.yaml:2 a prefix with *"},
		{"a role by its name", v + "clouds: {prod: {cluster_role: nodes}}\n", nil, "ccx.yaml:2 this is no role's ARN"},
		{"a profile for a role", v + "clouds: {prod: {control_plane_role: 'arn:aws:iam::111122223333:instance-profile/x'}}\n", nil, "ccx.yaml:2 this is no role's ARN"},
		{"a role for a profile", "", []string{strings.Replace(prod, "    cluster_iam", "    cluster_instance_profile_id: arn:aws:iam::111122223333:role/x\n    cluster_iam", 1)}, "a.yaml:14 this is no instance profile's ARN"},
		{"printed twice", "", []string{prod, strings.Replace(prod, "us-west-2\n  object", "us-east-1\n  object", 1)}, "b.yaml:2 the cloud prod-usw2 is printed twice, and the printouts differ"},
		{"printed twice, once in part", "", []string{dev(true), dev(true)[:strings.Index(dev(true), "- cloud_resource_id: cldrsrc_3")]}, "b.yaml:2 the cloud dev is printed twice"},
		{"printed twice, once without id", "", []string{prod, strings.Replace(prod, "id: cld_abc123\n", "", 1)}, "b.yaml:1 the cloud prod-usw2 is printed twice, once without its id"},
		{"not YAML", "", []string{"name: [a\n"}, "a.yaml:1 this bracket is never closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, fs := tryClouds(t, c.settings, c.printed...)
			var lines []string
			for _, f := range fs {
				lines = append(lines, fmt.Sprintf("%s:%d %s", f.Place.File, f.Place.Line, f.Message))
				if !f.Stops() || !strings.HasPrefix(string(f.Code), "usage/") {
					t.Errorf("%+v", f)
				}
			}
			if got := strings.Join(lines, "\n"); !strings.HasPrefix(got, c.want) || len(lines) != 1 {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// What another provider's printout holds in these places is nothing of AWS's.
func TestOtherProvidersCloudIsTaken(t *testing.T) {
	gcp := "name: g\nid: cld_g\nresources:\n- name: vm\n  provider: GCP\n  region: us-central1\n  object_storage: {bucket_name: 'gs://X'}\n"
	clouds(t, "", gcp, prod)
}

// The settings may narrow the bucket of a printout to a prefix.
func TestPrefixOfTheSettings(t *testing.T) {
	known := clouds(t, "version: 1\nclouds: {prod-usw2: {bucket: 's3://acme-anyscale/org_1'}}\n", prod)
	if j := aimed(t, Aim{Profile: "ml", Clouds: known}, "x.yaml", bare); j.subjects[0].Scope() != "s3://acme-anyscale/org_1" {
		t.Error(j.subjects[0].Scope())
	}
}

func TestPathPattern(t *testing.T) {
	for _, c := range []struct {
		match, file string
		want        bool
	}{
		{"teams/vision/**", "teams/vision/a.yaml", true}, {"teams/vision/**", "teams/vision/x/y/a.yaml", true},
		{"teams/vision/**", "teams/visions/a.yaml", false}, {"teams/vision/**", "other/teams/vision/a.yaml", false},
		{"**/prod.yaml", "prod.yaml", true}, {"**/prod.yaml", "a/b/prod.yaml", true}, {"**/prod.yaml", "a/notprod.yaml", false},
		{"a/**/z.yaml", "a/z.yaml", true}, {"a/**/z.yaml", "a/b/c/z.yaml", true}, {"a/**/z.yaml", "ab/z.yaml", false},
		{"*.yaml", "a.yaml", true}, {"*.yaml", "x/a.yaml", false}, {"?.yaml", "a.yaml", true}, {"?.yaml", "ab.yaml", false}, {"a?b", "a/b", false},
		{"./a.yaml", "a.yaml", true}, {"a.yaml", "aXyaml", false}, {"a[1].yaml", "a[1].yaml", true}, {"A.yaml", "a.yaml", false}, {"**", "x/y", true},
		{"a*", "a\nb", true}, {"é*", "éa", true},
	} {
		if got := pathPattern(c.match).MatchString(c.file); got != c.want {
			t.Errorf("%s on %s: %v", c.match, c.file, got)
		}
	}
}

// Paths start at the settings' folder, wherever ccx was called from; a file outside of it matches none.
func TestRowOfAFile(t *testing.T) {
	s := settings(t, "version: 1\npaths: [{match: 'a/*.yaml', instance_profile: first}, {match: '**', instance_profile: last}]\n")
	for _, c := range []struct{ cwd, file, want string }{
		{"/repo", "a/x.yaml", "first"}, {"/repo/a", "x.yaml", "first"}, {"/repo/b", "../a/x.yaml", "first"}, {"/elsewhere", "/repo/a/x.yaml", "first"},
		{"/repo", "x.yaml", "last"}, {"/repo/a/b", "x.yaml", "last"}, {"/repo", "../x.yaml", ""}, {"/repo", "/repository/a/x.yaml", ""}, {"/repo", "<stdin>", "last"},
		{"/repo", "..a/x.yaml", "last"},
	} {
		s.Cwd = c.cwd
		if got := s.row(c.file).profile.Value; got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.file, c.cwd, got, c.want)
		}
	}
	var none *Settings
	if none.row("x.yaml").profile.Value != "" {
		t.Error("no settings match something")
	}
}

// Every key that the schema has is read, and the other way round: a key that is taken and passed over would be dropped
// in silence.
func TestSchemaAndReaderAgree(t *testing.T) {
	want := []string{"accounts", "assume", "cloud_files", "clouds", "default_cloud", "existing", "organization", "paths", "version", "waive"}
	if diff := cmp.Diff(want, schema.Keys(schema.Settings)); diff != "" {
		t.Error(diff)
	}
	for _, key := range want {
		if !strings.Contains(whole, key+":") {
			t.Errorf("%s is in no test", key)
		}
	}
}

func TestWriteSettings(t *testing.T) {
	files := []Input{{Name: "clouds/prod.yaml", Text: []byte(prod)}, {Name: "clouds/dev.yaml", Text: []byte("is_default: true\n" + dev(true))}}
	text, fs := WriteSettings(files)
	if len(fs) > 0 {
		t.Fatalf("%+v", fs)
	}
	s := settings(t, string(text))
	if s.defaultCloud.Value != "dev" || len(s.clouds) != 2 || s.CloudFiles[0].Value != "clouds/prod.yaml" {
		t.Errorf("%s", text)
	}
	if !strings.Contains(string(text), "# nodes in vm-aws-us-west-2 get ml-train by themselves") {
		t.Errorf("%s", text)
	}
	// What is written is taken with the printouts, and changes nothing.
	known, fs := ReadClouds(files, s)
	if len(fs) > 0 || len(known.known) != 2 {
		t.Errorf("%+v", fs)
	}
	if text, _ := WriteSettings(files[:1]); !strings.Contains(string(text), `default_cloud: "prod-usw2"`) {
		t.Errorf("%s", text)
	}
	files[1].Text = []byte(dev(true))
	if text, _ := WriteSettings(files); !strings.Contains(string(text), "\n# default_cloud: NAME") {
		t.Errorf("%s", text)
	}
	for _, name := range []string{"../prod.yaml", "/tmp/prod.yaml"} {
		if text, fs := WriteSettings([]Input{{Name: name, Text: []byte(prod)}}); text != nil || len(fs) != 1 || fs[0].Code != finding.UsageCloud {
			t.Errorf("%s: %+v", name, fs)
		}
	}
	if _, fs := WriteSettings([]Input{{Name: "x", Text: []byte("head_node: {}\n")}}); len(fs) == 0 {
		t.Error("a compute config is no printout")
	}
}

// A printout's texts can't break out of the file that is written: neither of a string nor of a comment.
func TestWriteSettingsWithHostileNames(t *testing.T) {
	evil := "name: \"a\\\"b: {#\\nexisting: replace\"\nid: cld_evil\nresources:\n- name: \"r\\nexisting: replace\"\n  provider: AWS\n  aws_config: {cluster_iam_role_id: 'arn:aws:iam::111122223333:role/x'}\n"
	text, fs := WriteSettings([]Input{{Name: "a b: c.yaml", Text: []byte(evil)}})
	if len(fs) > 0 {
		t.Fatalf("%+v", fs)
	}
	if s := settings(t, string(text)); s.Existing != "" || len(s.clouds) != 1 || s.clouds[0].key.Value != "a\"b: {#\nexisting: replace" || s.CloudFiles[0].Value != "a b: c.yaml" {
		t.Errorf("%s", text)
	}
}

func TestSetKeepsWhatIsThere(t *testing.T) {
	to := anyscale.Text{Value: "a"}
	if fs := set(&to, anyscale.Text{}, "x"); len(fs) > 0 || to.Value != "a" {
		t.Error("nothing said changes nothing")
	}
	if fs := set(&to, anyscale.Text{Value: "a"}, "x"); len(fs) > 0 {
		t.Error("the same is no contradiction")
	}
	if fs := set(&to, anyscale.Text{Value: "b"}, "x"); len(fs) != 1 || to.Value != "a" {
		t.Error("another value must be refused")
	}
}
