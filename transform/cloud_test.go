package transform

import (
	"strings"
	"testing"

	"ccx/transform/anyscale"
	"ccx/transform/finding"
)

// prod is what `anyscale cloud get` prints of a cloud with one resource.
const prod = `name: prod-usw2
id: cld_abc123
resources:
- cloud_resource_id: cldrsrc_1
  name: vm-aws-us-west-2
  provider: AWS
  compute_stack: VM
  region: us-west-2
  object_storage:
    bucket_name: s3://acme-anyscale
    region: us-west-2
  aws_config:
    anyscale_iam_role_id: arn:aws:iam::111122223333:role/anyscale-iam-role-1a2b3c4d
    cluster_iam_role_id: arn:aws:iam::111122223333:role/ml-train
`

// dev is a cloud with two resources; with status, as `anyscale cloud status` prints it.
func dev(status bool) string {
	primary := ""
	if status {
		primary = "  is_default: true\n"
	}
	return `name: dev
id: cld_dev456
resources:
- cloud_resource_id: cldrsrc_2
  name: first
  provider: AWS
  compute_stack: VM
  region: us-west-2
  object_storage: {bucket_name: s3://acme-dev}
  aws_config:
    anyscale_iam_role_id: arn:aws:iam::444455556666:role/anyscale-iam-role-5e6f7a8b
    cluster_iam_role_id: arn:aws:iam::444455556666:role/dev-nodes
- cloud_resource_id: cldrsrc_3
  name: second
  provider: AWS
  compute_stack: VM
  region: us-east-1
` + primary + `  object_storage: {bucket_name: s3://acme-dev-east}
  aws_config:
    anyscale_iam_role_id: arn:aws:iam::444455556666:role/anyscale-iam-role-5e6f7a8b
    cluster_iam_role_id: arn:aws:iam::444455556666:role/dev-nodes
    cluster_instance_profile_id: arn:aws:iam::444455556666:instance-profile/dev-east-x7f
`
}

// settings reads a text as ccx.yaml of the folder /repo.
func settings(t *testing.T, text string) *Settings {
	t.Helper()
	s, fs := ReadSettings("ccx.yaml", []byte(text))
	if len(fs) > 0 {
		t.Fatalf("%+v", fs)
	}
	s.Dir, s.Cwd = "/repo", "/repo"
	return s
}

// clouds reads printouts and, unless it is empty, a ccx.yaml.
func clouds(t *testing.T, ccx string, printed ...string) *Clouds {
	t.Helper()
	known, fs := tryClouds(t, ccx, printed...)
	if len(fs) > 0 {
		t.Fatalf("%+v", fs)
	}
	return known
}

func tryClouds(t *testing.T, ccx string, printed ...string) (*Clouds, []finding.Finding) {
	t.Helper()
	var files []Input
	for i, text := range printed {
		files = append(files, Input{Name: string(rune('a'+i)) + ".yaml", Text: []byte(text)})
	}
	var s *Settings
	if ccx != "" {
		s = settings(t, ccx)
	}
	return ReadClouds(files, s)
}

// aimed takes a text as far as it is known what is judged.
func aimed(t *testing.T, aim Aim, name, text string) *job {
	t.Helper()
	j := newJob(options(t, aim), Input{Name: name, Text: []byte(text)}, false)
	j.read()
	j.aim()
	return j
}

// told is what a job would judge, or the finding that keeps it from that.
func told(j *job) string {
	var lines []string
	for _, f := range j.Findings {
		if j.Stops(f) {
			lines = append(lines, string(f.Code)+" "+f.Status.String()+": "+f.Message)
		}
	}
	for _, s := range j.subjects {
		lines = append(lines, strings.Join([]string{s.Profile + s.Role, "from " + s.Given.File, s.Scope(), s.Region, s.Account}, " "))
	}
	return strings.Join(lines, "\n")
}

const (
	inProd    = "ml from -p s3://acme-anyscale us-west-2 111122223333"
	inFirst   = "ml from -p s3://acme-dev us-west-2 444455556666"
	inSecond  = "ml from -p s3://acme-dev-east us-east-1 444455556666"
	bare      = "head_node: {instance_type: m5.large}\n"
	noneKnown = "ml from -p   "
)

// Each step of the order: the config, --cloud, paths, default_cloud, the only one known.
func TestWhichCloud(t *testing.T) {
	two := []string{prod, dev(true)}
	for _, c := range []struct {
		name     string
		settings string
		printed  []string
		cloud    string
		file     string
		text     string
		want     string
	}{
		{"the config names it", "version: 1\ndefault_cloud: dev\npaths: [{match: '**', cloud: dev}]\n", two, "", "x.yaml", "cloud: prod-usw2\n" + bare, inProd},
		{"by its id", "", two, "", "x.yaml", "cloud: cld_abc123\n" + bare, inProd},
		{"a legacy config names it", "", two, "", "x.yaml", "cloud_id: cld_abc123\nhead_node_type: {name: h, instance_type: m5.large}\nworker_node_types: []\n", inProd},
		{"a carrier names it", "", two, "", "x.yaml", "entrypoint: x\ncloud: prod-usw2\ncompute_config:\n  head_node: {instance_type: m5.large}\n", inProd},
		{"both name it", "", two, "cld_abc123", "x.yaml", "entrypoint: x\ncloud: prod-usw2\ncompute_config:\n  cloud: cld_abc123\n  head_node: {instance_type: m5.large}\n", inProd},
		{"--cloud", "version: 1\ndefault_cloud: dev\npaths: [{match: '**', cloud: dev}]\n", two, "prod-usw2", "x.yaml", bare, inProd},
		{"--cloud by id", "", two, "cld_dev456", "x.yaml", bare, inSecond},
		{"paths", "version: 1\ndefault_cloud: prod-usw2\npaths: [{match: 'teams/*.yaml', cloud: prod-usw2}, {match: 'teams/**', cloud: dev}, {match: '**', cloud: prod-usw2}]\n", two, "", "teams/a/x.yaml", bare, inSecond},
		{"default_cloud", "version: 1\ndefault_cloud: dev\npaths: [{match: 'teams/**', cloud: prod-usw2}]\n", two, "", "x.yaml", bare, inSecond},
		{"the only one known", "", []string{prod}, "", "x.yaml", bare, inProd},
		{"several, none chosen", "", two, "", "x.yaml", bare, "cloud/known unknown: which cloud this runs on"},
		{"none known at all", "", nil, "", "x.yaml", "cloud: prod-usw2\n" + bare, noneKnown},
		{"none known, --cloud", "", nil, "prod-usw2", "x.yaml", bare, noneKnown},
		{"one that is not known", "", two, "", "x.yaml", "cloud: prod-usw1\n" + bare, `cloud/known unknown: which bucket, roles and profile the cloud "prod-usw1" has`},

		{"another --cloud", "", two, "dev", "x.yaml", "cloud: prod-usw2\n" + bare, `config/conflict fail: the config names the cloud "prod-usw2", --cloud "dev"`},
		{"another --cloud, by id", "", two, "cld_dev456", "x.yaml", "cloud: prod-usw2\n" + bare, `config/conflict fail: the config names the cloud "prod-usw2", --cloud "cld_dev456"`},
		{"another --cloud, none known", "", nil, "dev", "x.yaml", "cloud: prod-usw2\n" + bare, `config/conflict fail: the config names the cloud "prod-usw2", --cloud "dev"`},
		{"an id that is not known beside a name that is", "", two, "prod-usw2", "x.yaml", "cloud: cld_other\n" + bare, `config/conflict fail: the config names the cloud "cld_other", --cloud "prod-usw2"`},
		{"another inner one", "", two, "", "x.yaml", "entrypoint: x\ncloud: dev\ncompute_config:\n  cloud: prod-usw2\n  head_node: {instance_type: m5.large}\n", `config/conflict fail: the compute config names the cloud "prod-usw2", the document around it "dev"`},
		{"another inner one, none known", "", nil, "", "x.yaml", "entrypoint: x\ncloud: dev\ncompute_config:\n  cloud: prod-usw2\n  head_node: {instance_type: m5.large}\n", `config/conflict fail: the compute config names the cloud "prod-usw2", the document around it "dev"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			aim := Aim{Profile: "ml", Cloud: c.cloud, Clouds: clouds(t, c.settings, c.printed...)}
			if got := told(aimed(t, aim, c.file, c.text)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// The resource: the named one, else the primary one, else the only one.
func TestWhichResource(t *testing.T) {
	for _, c := range []struct{ name, printed, resource, want string }{
		{"named", dev(true), "first", inFirst},
		{"named by id", dev(false), "cldrsrc_3", inSecond},
		{"the primary one", dev(true), "", inSecond},
		{"the only one", prod, "", inProd},
		{"which is the primary one?", dev(false), "", "cloud/known unknown: which resource of the cloud dev is its primary one: it has first, second"},
		{"no such one", dev(true), "third", `cloud/known fail: the cloud dev has no resource "third": it has first, second`},
		{"no such one in a cloud with one", prod, "third", `cloud/known fail: the cloud prod-usw2 has no resource "third": it has vm-aws-us-west-2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := bare
			if c.resource != "" {
				text = "cloud_resource: " + c.resource + "\n" + bare
			}
			if got := told(aimed(t, Aim{Profile: "ml", Clouds: clouds(t, "", c.printed)}, "x.yaml", text)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A printout of `cloud get` and one of `cloud status` make one cloud, in either order.
func TestGetAndStatusOfOneCloud(t *testing.T) {
	for _, printed := range [][]string{{dev(false), dev(true)}, {dev(true), dev(false)}} {
		known := clouds(t, "", printed...)
		if len(known.known) != 1 {
			t.Fatalf("%d clouds", len(known.known))
		}
		if got := told(aimed(t, Aim{Profile: "ml", Clouds: known}, "x.yaml", bare)); got != inSecond {
			t.Error(got)
		}
	}
}

// Each resource of a multi-resource config is judged with its own bucket.
func TestEveryResourceIsJudged(t *testing.T) {
	text := "cloud: dev\nconfigs:\n- cloud_resource: first\n  head_node: {instance_type: m5.large}\n- cloud_resource: second\n  head_node: {instance_type: m5.large}\n"
	j := aimed(t, Aim{Profile: "ml", Clouds: clouds(t, "", dev(false))}, "x.yaml", text)
	if got := told(j); got != inFirst+"\n"+inSecond {
		t.Error(got)
	}
	if len(j.gets) != 2 {
		t.Errorf("%d sites get a profile", len(j.gets))
	}
	if j.scope() != "s3://acme-dev and s3://acme-dev-east" {
		t.Error(j.scope())
	}
	j = aimed(t, Aim{Profile: "ml", Clouds: clouds(t, "", dev(false))}, "x.yaml", strings.Replace(text, "second", "third", 1))
	if got := told(j); !strings.Contains(got, `has no resource "third"`) || len(j.subjects) > 0 {
		t.Error(got)
	}
}

// What the cloud file says of the machines counts more than what the config looks like.
func TestProviderOfTheCloudFile(t *testing.T) {
	k8s := strings.Replace(prod, "compute_stack: VM", "compute_stack: K8S", 1)
	j := aimed(t, Aim{Profile: "ml", Clouds: clouds(t, "", k8s)}, "x.yaml", bare)
	if f, _ := find(j.Result, finding.ConfigProvider); f.Status != finding.Fail || !strings.Contains(f.Message, "Kubernetes") {
		t.Errorf("%+v", j.Findings)
	}
	j = aimed(t, Aim{Profile: "ml", Clouds: clouds(t, "", prod)}, "x.yaml", "head_node: {instance_type: 8CPU-32GB}\n")
	if got := told(j); got != inProd {
		t.Error("the shape of a pod counted more than the cloud file: ", got)
	}
	if p := j.provider("", "no such"); p != anyscale.Unknown {
		t.Errorf("%q", p)
	}
}

func TestCloudFlagIsChecked(t *testing.T) {
	aim := Aim{Profile: "ml", Cloud: "prod-usw", Clouds: clouds(t, "", prod, dev(true))}
	_, bad := aim.Options()
	if bad == nil || bad.Code != finding.UsageFlag || bad.Hint != "did you mean prod-usw2?" {
		t.Errorf("%+v", bad)
	}
	aim.Cloud = "cld_dev456"
	if _, bad = aim.Options(); bad != nil {
		t.Errorf("%+v", bad)
	}
}

// In a template the cloud may be open; then --cloud says which.
func TestCloudOfATemplate(t *testing.T) {
	text := "cloud: {{ cloud }}\n" + bare
	known := clouds(t, "version: 1\ndefault_cloud: dev\n", prod, dev(true))
	if got := told(aimed(t, Aim{Profile: "ml", Template: true, Clouds: known}, "x.yaml", text)); !strings.Contains(got, "the template leaves it open") {
		t.Error(got)
	}
	if got := told(aimed(t, Aim{Profile: "ml", Template: true, Clouds: known, Cloud: "prod-usw2"}, "x.yaml", text)); got != inProd {
		t.Error(got)
	}
	if got := told(aimed(t, Aim{Profile: "ml", Template: true}, "x.yaml", text)); got != noneKnown {
		t.Error(got)
	}
	text = "cloud: dev\ncloud_resource: {{ where }}\n" + bare
	if got := told(aimed(t, Aim{Profile: "ml", Template: true, Clouds: known}, "x.yaml", text)); !strings.Contains(got, "which cloud resource") {
		t.Error(got)
	}
}
