package transform

import (
	"context"
	"strings"
	"testing"

	"ccx/transform/check"
	"ccx/transform/finding"
)

const (
	profileARN   = "arn:aws:iam::111122223333:instance-profile/ml-train"
	withExisting = "cloud: prod-usw2\n" + bare + "advanced_instance_config: {IamInstanceProfile: {Name: there}}\n"
	clusterRole  = "  aws_config:\n    cluster_iam_role_id: arn:aws:iam::111122223333:role/teams/ml/own-nodes\n"
)

// Each step of the order: flags, paths, the cloud's profile, the one in the config, the cloud's default.
func TestWhichProfile(t *testing.T) {
	all := "version: 1\nclouds: {prod-usw2: {instance_profile: of-cloud}}\npaths: [{match: 'x.yaml', instance_profile: of-path}]\n"
	byCloud := "version: 1\nclouds: {cld_abc123: {instance_profile: of-cloud}}\npaths: [{match: 'y.yaml', instance_profile: of-path}]\n"
	override := strings.Replace(prod, "    cluster_iam", "    cluster_instance_profile_id: arn:aws:iam::111122223333:instance-profile/x7f\n    cluster_iam", 1)
	noRoles := "name: prod-usw2\nid: cld_abc123\nresources:\n- name: vm\n  provider: AWS\n  region: us-west-2\n"
	for _, c := range []struct {
		name, settings, printed, flag, text, want string
		gets                                      int // sites that the profile goes to
	}{
		{"flags", all, prod, "of-flag", withExisting, "of-flag from -p", 1},
		{"paths", all, prod, "", withExisting, "of-path from ccx.yaml", 1},
		{"the cloud's", byCloud, prod, "", withExisting, "of-cloud from ccx.yaml", 1},
		{"the one already there", "", prod, "", withExisting, "there from x.yaml", 1},
		{"the cloud's override", "", override, "", "cloud: prod-usw2\n" + bare, "arn:aws:iam::111122223333:instance-profile/x7f from a.yaml", 0},
		{"named like the cloud's role", "", prod, "", "cloud: prod-usw2\n" + bare, "ml-train from a.yaml", 0},
		{"made for the cloud's id", "", noRoles, "", "cloud: prod-usw2\n" + bare, "cld_abc123-cluster_node_role from a.yaml", 0},
		{"only the id is known", "", "", "", "cloud: cld_abc123\n" + bare, "cld_abc123-cluster_node_role from x.yaml", 0},
		{"nothing is known", "", "", "", "cloud: prod-usw2\n" + bare, "usage/flag fail: no profile: none was asked for, and the config names none", 0},
		{"nothing is known of the role", "", strings.Replace(noRoles, "id: cld_abc123\n", "", 1), "", "cloud: prod-usw2\n" + bare, "usage/flag fail: no profile", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var printed []string
			if c.printed != "" {
				printed = []string{c.printed}
			}
			j := aimed(t, Aim{Profile: c.flag, Clouds: clouds(t, c.settings, printed...)}, "x.yaml", c.text)
			if got := told(j); !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if len(j.gets) != c.gets {
				t.Errorf("%d sites get it, want %d", len(j.gets), c.gets)
			}
			if len(j.subjects) == 1 && j.subjects[0].Guess != strings.Contains(c.want, "cluster_node_role") {
				t.Error("a guess must be marked, and nothing else")
			}
		})
	}
}

// With -r, the role of the flags wins over every profile of the settings.
func TestRoleOfFlagsWins(t *testing.T) {
	j := aimed(t, Aim{Role: "ml-train", Clouds: clouds(t, "version: 1\nclouds: {prod-usw2: {instance_profile: x}}\n", prod)}, "x.yaml", bare)
	if s := j.subjects[0]; s.Role != "ml-train" || s.Profile != "" {
		t.Errorf("%+v", s)
	}
}

// The cloud's own profile is judged and the config comes out as it is.
func TestDefaultIsCheckedAndNothingInjected(t *testing.T) {
	text := "cloud: prod-usw2 # ours\n" + bare
	r := run(t, Aim{Clouds: clouds(t, "", prod)}, Recorded(facts(t)), text)[0]
	if r.Stopped() || string(r.Output) != text || !r.Default || r.Profile != "ml-train" || r.Scope != "s3://acme-anyscale" {
		t.Errorf("stopped %v, default %v, profile %q, scope %q\n%s\n%+v", r.Stopped(), r.Default, r.Profile, r.Scope, r.Output, r.Findings)
	}
	if f, _ := find(r, finding.S3Write); f.Status != finding.Pass {
		t.Errorf("the default was not judged: %+v", f)
	}
	f, ok := find(r, finding.ConfigSite)
	if !ok || f.Level != finding.Note || !strings.Contains(strings.Join(f.Details, ""), "ml-train, the profile named like the cloud's cluster_iam_role_id: nothing needs injecting") {
		t.Errorf("%+v", f)
	}
	if f.Hint != "" {
		t.Errorf("nothing is to be done, but %q is said", f.Hint)
	}
	r = run(t, Aim{Clouds: clouds(t, "", strings.Replace(prod, "role/ml-train", "role/vision-nodes", 1))}, Recorded(facts(t)), text)[0]
	if !r.Stopped() || r.Output != nil {
		t.Error("a default without access must stop the filter")
	}
}

// A guess is never told as if it were known.
func TestGuessIsToldAsOne(t *testing.T) {
	r := run(t, Aim{Cloud: "cld_abc123"}, nil, bare)[0]
	f, _ := find(r, finding.ConfigSite)
	if r.Stopped() || !r.Default || !r.Guessed || r.Profile != "cld_abc123-cluster_node_role" || !strings.Contains(strings.Join(f.Details, ""), "if `anyscale cloud setup` made the cloud") {
		t.Errorf("%+v", r)
	}
	r = run(t, Aim{Clouds: clouds(t, "", prod)}, nil, bare)[0]
	if !r.Default || r.Guessed {
		t.Errorf("%+v", r)
	}
	// With facts, a guess that isn't there is unknown, whatever --unknown allows.
	r = run(t, Aim{Cloud: "cld_abc123", Bucket: "acme-anyscale", AllowUnknown: true}, Recorded(facts(t)), bare)[0]
	if f, _ := find(r, finding.ProfileExists); f.Status != finding.Unknown || !r.Stopped() || r.Output != nil {
		t.Errorf("%+v", r.Findings)
	}
}

// An id tells nothing of the profiles of a resource that the config names.
func TestNoGuessForANamedResource(t *testing.T) {
	if got := told(aimed(t, Aim{Cloud: "cld_abc123"}, "x.yaml", "cloud_resource: r\n"+bare)); !strings.HasPrefix(got, "usage/flag fail: no profile") {
		t.Error(got)
	}
}

// A config for another provider is left alone: nothing is said of a profile there.
func TestOtherProvidersSitesAreNotSpokenOf(t *testing.T) {
	text := "configs:\n- cloud_resource: a\n  head_node: {instance_type: m5.large}\n- cloud_resource: b\n  head_node: {instance_type: n2-standard-8}\n"
	r := run(t, Aim{Profile: profileARN}, nil, text)[0]
	if f, said := find(r, finding.ConfigSite); r.Stopped() || said || r.Sites != 1 {
		t.Errorf("%d sites, %+v\n%+v", r.Sites, f, r.Findings)
	}
}

// Profiles that differ by node stay, and the cloud's default is judged for the sites that are left to it.
func TestSitesLeftToTheDefault(t *testing.T) {
	text := "cloud: prod-usw2\n" + bare + `worker_nodes:
- {name: a, instance_type: m5.large, advanced_instance_config: {IamInstanceProfile: {Name: ml-a}}}
- {name: b, instance_type: m5.large, advanced_instance_config: {IamInstanceProfile: {Name: ml-b}}}
- {name: c, instance_type: m5.large, advanced_instance_config: {EbsOptimized: true}}
`
	j := aimed(t, Aim{Clouds: clouds(t, "", prod)}, "x.yaml", text)
	got := told(j)
	for _, want := range []string{"ml-a from x.yaml", "ml-b from x.yaml", "ml-train from a.yaml"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not judged:\n%s", want, got)
		}
	}
	if len(j.subjects) != 3 || len(j.gets) != 0 || len(j.defaults) != 2 {
		t.Errorf("%d subjects, %d get one, %d are left to the default", len(j.subjects), len(j.gets), len(j.defaults))
	}
}

// --node names a profile for one group; the others are left to the default, which is judged too.
func TestNodeBesideTheDefault(t *testing.T) {
	text := "cloud: prod-usw2\n" + bare + "worker_nodes: [{name: gpu, instance_type: g5.xlarge}]\n"
	j := aimed(t, Aim{Nodes: []string{"gpu=ml-gpu"}, Clouds: clouds(t, "", prod)}, "x.yaml", text)
	if got := told(j); !strings.HasPrefix(got, "ml-gpu from --node") || !strings.Contains(got, "\nml-train from a.yaml") || len(j.gets) != 1 {
		t.Error(got)
	}
}

// One block of two clouds can't carry the profiles of both.
func TestBlockSharedByResources(t *testing.T) {
	text := "cloud: dev\nconfigs:\n- cloud_resource: first\n  head_node: {instance_type: m5.large}\n  advanced_instance_config: &a {EbsOptimized: true}\n" +
		"- cloud_resource: second\n  head_node: {instance_type: m5.large}\n  advanced_instance_config: *a\n"
	j := aimed(t, Aim{Profile: "ml-train", Clouds: clouds(t, "", dev(false))}, "x.yaml", text)
	if len(j.subjects) != 2 {
		t.Fatalf("%d subjects", len(j.subjects))
	}
	j.targets = []check.Target{{Name: "ml-train", ARN: "arn:aws:iam::111122223333:instance-profile/ml-train"}, {Name: "ml-train", ARN: "arn:aws:iam::444455556666:instance-profile/ml-train"}}
	if bad := j.sharedBlock(); bad == nil || bad.Code != finding.ConfigShared || !bad.Stops() {
		t.Errorf("%+v", bad)
	}
	j.targets[1] = j.targets[0]
	if bad := j.sharedBlock(); bad != nil {
		t.Errorf("%+v", bad)
	}
}

func TestMapping(t *testing.T) {
	mapping := func(text string) *Mapping {
		m, fs := ReadMapping(Input{Name: "map.yaml", Text: []byte(text)})
		if len(fs) > 0 {
			t.Fatalf("%+v", fs)
		}
		return m
	}
	head := "cloud_deployment_id: cldrsrc_1\ncloud_provider: AWS\ndataplane_iam_mapping:\n  rules:\n  - {selector: a, value: ml-a}\n  - {selector: b, value: ml-b}\n  - {selector: c, value: ml-a}\n"
	aim := Aim{Profile: "ml", Clouds: clouds(t, "", prod), Mapping: mapping(head + "  fallback_rule: CLOUD_DEFAULT\n")}
	j := aimed(t, aim, "x.yaml", bare)
	tail := " s3://acme-anyscale us-west-2 111122223333"
	want := "ml from -p" + tail + "\nml-a from map.yaml" + tail + "\nml-b from map.yaml" + tail + "\nml-train from a.yaml" + tail
	if got := told(j); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(j.gets) != 1 || len(j.asked) != 1 || j.gets[key(j.file.Sites()[0])] != 0 {
		t.Error("a mapping's profiles are judged, never injected")
	}
	aim.Mapping = mapping(head + "  fallback_rule: FAIL\n")
	if got := told(aimed(t, aim, "x.yaml", bare)); strings.Contains(got, "ml-train") || !strings.Contains(got, "ml-b") {
		t.Error(got)
	}
	aim.Mapping = mapping(strings.Replace(head, "cldrsrc_1", "cldrsrc_2", 1) + "  fallback_rule: FAIL\n")
	j = aimed(t, aim, "x.yaml", bare)
	if f, _ := find(j.Result, finding.ProfileExists); f.Status != finding.Skipped || !strings.Contains(f.Message, "cldrsrc_2") || len(j.subjects) != 1 {
		t.Errorf("%+v", j.Findings)
	}
	// A mapping alone is no profile for the config.
	if got := told(aimed(t, Aim{Mapping: mapping(head + "  fallback_rule: FAIL\n")}, "x.yaml", bare)); !strings.HasPrefix(got, "usage/flag fail: no profile") {
		t.Error(got)
	}
	// A rule's profile that lacks access stops the filter, at its own line.
	aim = Aim{Profile: "ml-train", Clouds: clouds(t, "", prod), Mapping: mapping(strings.NewReplacer("ml-a", "vision-nodes", "ml-b", "ml-train").Replace(head) + "  fallback_rule: FAIL\n")}
	r := run(t, aim, Recorded(facts(t)), bare)[0]
	if f, _ := find(r, finding.S3Read); f.Status != finding.Fail || f.Place.File != "map.yaml" || f.Place.Line != 5 {
		t.Errorf("%+v", f)
	}
}

// Without a document, the cloud says what there is to look up.
func TestAlone(t *testing.T) {
	for _, c := range []struct {
		name string
		aim  Aim
		want string
	}{
		{"the only cloud", Aim{Clouds: clouds(t, "", prod)}, "ml-train s3://acme-anyscale"},
		{"its profile of the settings", Aim{Clouds: clouds(t, "version: 1\nclouds: {prod-usw2: {instance_profile: ml}}\n", prod)}, "ml s3://acme-anyscale"},
		{"--cloud", Aim{Cloud: "dev", Clouds: clouds(t, "", prod, dev(true))}, "arn:aws:iam::444455556666:instance-profile/dev-east-x7f s3://acme-dev-east"},
		{"default_cloud", Aim{Profile: "p", Clouds: clouds(t, "version: 1\ndefault_cloud: prod-usw2\n", prod, dev(true))}, "p s3://acme-anyscale"},
		{"the flags say it all", Aim{Profile: "p", Bucket: "some-bucket", Clouds: clouds(t, "", prod, dev(true))}, "p s3://some-bucket"},
		{"several", Aim{Profile: "p", Clouds: clouds(t, "", prod, dev(true))}, "which cloud this runs on"},
		{"several resources", Aim{Profile: "p", Clouds: clouds(t, "", dev(false))}, "which resource of the cloud dev is its primary one: it has first, second"},
		{"none known", Aim{Profile: "p"}, "p "},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts, bad := options(t, c.aim).Alone()
			got := opts.Subject.Profile + " " + opts.Subject.Scope()
			if bad != nil {
				got = bad.Message
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// What the cloud file says is what AWS is asked, in the cloud's own account.
func TestCloudIsAskedInItsAccount(t *testing.T) {
	source := &counting{facts: facts(t)}
	Run(context.Background(), options(t, Aim{Profile: "ml", Clouds: clouds(t, "", dev(true))}), []Input{{Name: "x.yaml", Text: []byte(bare)}}, source)
	w := source.wants
	if len(w.Profiles) != 1 || w.Profiles[0].Account != "444455556666" || w.Region != "us-east-1" || w.Buckets[0].Name != "acme-dev-east" || !strings.Contains(w.Roles[0], "444455556666") {
		t.Errorf("%+v", w)
	}
}

func TestContextOfTheCloud(t *testing.T) {
	known := clouds(t, "version: 1\nclouds: {prod-usw2: {context: {aws:SourceVpce: [vpce-1, vpce-2], aws:SourceVpc: vpc-1}}}\n", prod)
	j := aimed(t, Aim{Profile: "ml", Context: []string{"aws:SourceVpc=vpc-9"}, Clouds: known}, "x.yaml", bare)
	got := j.subjects[0].Context
	if strings.Join(got["aws:SourceVpce"], ",") != "vpce-1,vpce-2" || strings.Join(got["aws:SourceVpc"], ",") != "vpc-9" {
		t.Errorf("%v", got)
	}
	if len(j.opts.Subject.Context) != 1 || len(known.known[0].context["aws:SourceVpc"]) != 1 || known.known[0].context["aws:SourceVpc"][0] != "vpc-1" {
		t.Error("one input's context leaked into another's")
	}
}

func TestRolesOfTheCloudTellItsAccount(t *testing.T) {
	only := "name: prod-usw2\nresources:\n- name: vm\n  provider: AWS\n" + clusterRole
	j := aimed(t, Aim{Clouds: clouds(t, "", only)}, "x.yaml", bare)
	if s := j.subjects[0]; s.Account != "111122223333" || s.Profile != "own-nodes" {
		t.Errorf("%+v", s)
	}
}
