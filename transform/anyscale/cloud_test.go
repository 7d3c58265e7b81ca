package anyscale

import (
	"strings"
	"testing"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// printed is what `anyscale cloud get` prints, in its order, with two resources.
const printed = `name: my-cloud
id: cld_abc123
resources:
- cloud_resource_id: cldrsrc_1
  name: vm-aws-us-west-2
  provider: AWS
  compute_stack: VM
  region: us-west-2
  networking_mode: PUBLIC
  object_storage:
    bucket_name: s3://anyscale-production-data-cld-abc123
    region: us-west-2
  aws_config:
    vpc_id: vpc-0123456789abcdef0
    subnet_ids:
    - subnet-0a
    zones:
    - us-west-2a
    anyscale_iam_role_id: arn:aws:iam::123456789012:role/anyscale-iam-role-1a2b3c4d
    external_id: cld_abc123
    cluster_iam_role_id: arn:aws:iam::123456789012:role/cld_abc123-cluster_node_role
- cloud_resource_id: cldrsrc_2
  name: own
  provider: AWS
  compute_stack: VM
  region: us-east-1
  file_storage:
    file_storage_id: fs-0123
  aws_config:
    cluster_iam_role_id: arn:aws:iam::123456789012:role/teams/ml/my-node-role
    cluster_instance_profile_id: arn:aws:iam::123456789012:instance-profile/my-node-profile-x7f

`

// readClouds parses and reads a text.
func readClouds(t *testing.T, text string) ([]Cloud, []finding.Finding) {
	t.Helper()
	doc, fs := document.Parse("x.yaml", []byte(text))
	if doc == nil {
		t.Fatalf("%+v\n%s", fs, text)
	}
	return Clouds(doc)
}

func oneCloud(t *testing.T, text string) Cloud {
	t.Helper()
	clouds, fs := readClouds(t, text)
	if len(clouds) != 1 || len(fs) > 0 {
		t.Fatalf("%d clouds, %s", len(clouds), said(fs))
	}
	return clouds[0]
}

func TestCloudGet(t *testing.T) {
	c := oneCloud(t, printed)
	if c.Name.Value != "my-cloud" || c.ID.Value != "cld_abc123" || c.Default || c.ID.Place.Line != 2 || len(c.Resources) != 2 {
		t.Errorf("%+v", c)
	}
	a, b := c.Resources[0], c.Resources[1]
	for what, pair := range map[string][2]string{
		"name": {a.Name.Value, "vm-aws-us-west-2"}, "id": {a.ID.Value, "cldrsrc_1"}, "provider": {string(a.Provider), "AWS"}, "region": {a.Region.Value, "us-west-2"},
		"bucket": {a.Bucket.Value, "s3://anyscale-production-data-cld-abc123"}, "control plane": {a.ControlPlaneRole.Value, "arn:aws:iam::123456789012:role/anyscale-iam-role-1a2b3c4d"},
		"role": {a.ClusterRole.Value, "arn:aws:iam::123456789012:role/cld_abc123-cluster_node_role"}, "no profile": {a.ClusterProfile.Value, ""},
		"profile": {b.ClusterProfile.Value, "arn:aws:iam::123456789012:instance-profile/my-node-profile-x7f"}, "no bucket": {b.Bucket.Value, ""}, "no control plane": {b.ControlPlaneRole.Value, ""},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
		}
	}
	if a.Primary || b.Primary {
		t.Error("`cloud get` doesn't tell which resource is the primary one")
	}
	if a.Bucket.Place.Line != 11 || b.ClusterProfile.Place.Line != 31 {
		t.Errorf("places: %d, %d", a.Bucket.Place.Line, b.ClusterProfile.Place.Line)
	}
}

func TestCloudStatus(t *testing.T) {
	status := "created_at: '2026-01-02T03:04:05'\nis_default: true\n" + strings.Replace(strings.Replace(printed, "  name: own\n", "  name: own\n  is_default: true\n", 1), "  name: vm", "  is_default: false\n  name: vm", 1)
	c := oneCloud(t, status)
	if !c.Default || c.Resources[0].Primary || !c.Resources[1].Primary {
		t.Errorf("%+v", c)
	}
	if r, why, known := c.Pick(""); why != "" || !known || r.Name.Value != "own" {
		t.Errorf("%+v %s", r, why)
	}
}

// Several printouts in one file, divided as people divide them, and JSON.
func TestCloudFormats(t *testing.T) {
	clouds, fs := readClouds(t, printed+"---\n"+strings.ReplaceAll(printed, "abc123", "def456"))
	if len(clouds) != 2 || len(fs) > 0 || clouds[1].ID.Value != "cld_def456" {
		t.Errorf("%d clouds, %s", len(clouds), said(fs))
	}
	c := oneCloud(t, `{"name": "j", "id": "cld_j", "resources": [{"name": "r", "provider": "aws", "object_storage": {"bucket_name": "s3://b-1"}, "aws_config": null, "added_later": {"x": [1]}}], "new": 1}`)
	if c.Resources[0].Bucket.Value != "s3://b-1" || c.Resources[0].Provider != AWS {
		t.Errorf("%+v", c)
	}
}

// Pods have no instance profile, on whosever machines they run.
func TestProviderOfResources(t *testing.T) {
	for stack, want := range map[string]Provider{"VM": AWS, "K8S": Kubernetes, "k8s": Kubernetes} {
		if c := oneCloud(t, strings.Replace(printed, "compute_stack: VM", "compute_stack: "+stack, 1)); c.Resources[0].Provider != want {
			t.Errorf("%s: %s", stack, c.Resources[0].Provider)
		}
	}
	if c := oneCloud(t, strings.Replace(printed, "provider: AWS", "provider: GCP", 1)); c.Resources[0].Provider != GCP {
		t.Errorf("%+v", c.Resources[0])
	}
}

func TestCloudsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a list", "- name: x\n", "this is no printout of a cloud"},
		{"a compute config", "cloud: x\nhead_node: {}\n", "it needs name or id, and a list of resources"},
		{"a cloud without resources", "name: x\nid: cld_x\nprovider: AWS\n", "it needs name or id, and a list of resources"},
		{"a resource alone", "name: x\nprovider: AWS\nregion: us-west-2\n", "it needs name or id, and a list of resources"},
		{"resources without a cloud", "resources: []\n", "it needs name or id, and a list of resources"},
		{"resources that are none", "name: x\nresources: [a]\n", "a cloud resource must be a mapping"},
		{"an id with a pattern", "id: cld_*\nresources: []\n", `"cld_*" is no cloud id`},
		{"a name that is a number", "name: 12\nid: cld_x\nresources: []\n", "name must be a text"},
		{"a bucket that is none", "name: x\nresources: [{object_storage: {bucket_name: [a]}}]\n", "object_storage.bucket_name must be a text"},
		{"a role that is none", "name: x\nresources: [{aws_config: {cluster_iam_role_id: {}}}]\n", "aws_config.cluster_iam_role_id must be a text"},
		{"two of one name", "name: x\nresources: [{name: a}, {name: a}]\n", `two cloud resources are called "a"`},
		{"a name that is another's id", "name: x\nresources: [{cloud_resource_id: a}, {name: a}]\n", `two cloud resources are called "a"`},
		{"two primary ones", "name: x\nresources: [{name: a, is_default: true}, {name: b, is_default: true}]\n", "2 resources of one cloud are marked as its default"},
		{"a mapping", "cloud_deployment_id: x\ndataplane_iam_mapping: {}\n", "this is a cloud's IAM mapping"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, fs := readClouds(t, c.text)
			if len(fs) != 1 || !strings.Contains(fs[0].Message, c.want) || fs[0].Code != finding.UsageCloud || !fs[0].Stops() || fs[0].Hint == "" {
				t.Errorf("%s", said(fs))
			}
		})
	}
}

func TestPick(t *testing.T) {
	two := oneCloud(t, printed)
	one := Cloud{Name: Text{Value: "one"}, Resources: two.Resources[:1]}
	for _, c := range []struct {
		name  string
		cloud Cloud
		word  string
		want  string
		why   string
		known bool
	}{
		{"by name", two, "own", "own", "", true},
		{"by id", two, "cldrsrc_2", "own", "", true},
		{"the only one", one, "", "vm-aws-us-west-2", "", true},
		{"letter case counts", two, "OWN", "", `has no resource "OWN": it has vm-aws-us-west-2, own`, true},
		{"which?", two, "", "", "which resource of the cloud my-cloud is its primary one", false},
		{"none", Cloud{Name: Text{Value: "x"}}, "", "", "the cloud x has no resources", false},
		{"none, and one is named", Cloud{Name: Text{Value: "x"}}, "r", "", `nothing is known of the resource "r"`, false},
		{"one without a name", Cloud{ID: Text{Value: "cld_x"}, Resources: []Resource{{}}}, "r", "", `nothing is known of the resource "r" of the cloud cld_x`, false},
		{"one without a name, none named", Cloud{ID: Text{Value: "cld_x"}, Resources: []Resource{{}}}, "", "", "", true},
	} {
		r, why, known := c.cloud.Pick(c.word)
		if r.String() != c.want || known != c.known || c.why == "" && why != "" || !strings.Contains(why, c.why) {
			t.Errorf("%s: %q, %q, %v", c.name, r, why, known)
		}
	}
}

// Anyscale's precedence: the cloud's own profile, the one named like the role, what `cloud setup` makes.
func TestFallback(t *testing.T) {
	c := oneCloud(t, printed)
	f := c.Fallback(c.Resources[1])
	if f.Profile.Value != "arn:aws:iam::123456789012:instance-profile/my-node-profile-x7f" || f.Guess {
		t.Errorf("%+v", f)
	}
	f = c.Fallback(Resource{ClusterRole: c.Resources[1].ClusterRole})
	if f.Profile.Value != "my-node-role" || f.Profile.Place.Line != 30 || f.Guess {
		t.Errorf("%+v: the path is no part of the name", f)
	}
	if f = c.Fallback(Resource{}); f.Profile.Value != "" {
		t.Errorf("%+v: which of two resources the id speaks of is not known", f)
	}
	id, ok := ByID(Text{Value: "cld_abc123"})
	if f = id.Fallback(Resource{}); !ok || f.Profile.Value != "cld_abc123-cluster_node_role" || !f.Guess {
		t.Errorf("%+v", f)
	}
	for _, word := range []string{"prod", "", "cld_", "cld_a*", "cld a"} {
		if id, ok := ByID(Text{Value: word}); ok {
			t.Errorf("%q is an id: %+v", word, id)
		}
	}
	if f = (Cloud{Name: Text{Value: "prod"}}).Fallback(Resource{}); f.Profile.Value != "" {
		t.Errorf("%+v", f)
	}
}

func TestOuterCloud(t *testing.T) {
	for text, want := range map[string]string{
		"entrypoint: x\ncloud: a\ncompute_config: {cloud: b, head_node: {instance_type: m5.large}}\n":                                                          "a",
		"entrypoint: x\ncompute_config: {cloud: b, head_node: {instance_type: m5.large}}\n":                                                                    "",
		"cloud: b\nhead_node: {instance_type: m5.large}\n":                                                                                                     "",
		"cron_expression: '0 0 * * *'\njob_config: {entrypoint: x, cloud: a, compute_config: {cloud: b, configs: [{head_node: {instance_type: m5.large}}]}}\n": "a",
	} {
		f, fs := open(t, text, Options{})
		if got := f.Configs[0].OuterCloud(); got.Value != want {
			t.Errorf("%q, want %q in %s\n%s", got.Value, want, text, said(fs))
		}
	}
}

func TestWhere(t *testing.T) {
	for text, line := range map[string]int{
		"head_node: {instance_type: m5.large}\ncloud: a\n":                    2,
		"head_node: {instance_type: m5.large}\ncloud: a\ncloud_resource: r\n": 3,
		"# nothing\nhead_node: {instance_type: m5.large}\n":                   2,
	} {
		f, _ := open(t, text, Options{})
		if got := f.Configs[0].Where(); got.Line != line {
			t.Errorf("line %d, want %d of %s", got.Line, line, text)
		}
	}
}
