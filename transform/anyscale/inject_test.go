package anyscale

import (
	"strings"
	"testing"

	"ccx/transform/document"
	"ccx/transform/finding"
)

const twoNodes = `cloud: c
head_node:
  instance_type: m5.large
  advanced_instance_config: {KeyName: a}
worker_nodes:
- name: gpu
  instance_type: m5.large
  advanced_instance_config: {IamInstanceProfile: {Name: old}}
`

func TestInjectEach(t *testing.T) {
	file, _ := open(t, twoNodes, Options{})
	want := func(s Site) Ref {
		switch {
		case s.Name == "gpu":
			return Ref{Name: "vision"}
		case s.Cluster:
			return Ref{ARN: profile}
		}
		return Ref{} // the head node is left as it is
	}
	res, fs := file.InjectEach(want, nil, Replace)
	if stopped(fs) {
		t.Fatal(said(fs))
	}
	actions := []Action{Added, Left, Replaced}
	for i, d := range res.Done {
		if d.Action != actions[i] {
			t.Errorf("%s: %s, not %s", d.Site.Label, d.Action, actions[i])
		}
	}
	for _, part := range []string{"{KeyName: a}\n", "{IamInstanceProfile: {Name: vision}}", "  IamInstanceProfile:\n    Arn: " + profile} {
		if !strings.Contains(string(res.Out), part) {
			t.Errorf("%q is not in\n%s", part, res.Out)
		}
	}
}

// TestSameByFacts: whether a name is the wanted ARN is for the facts to say.
func TestSameByFacts(t *testing.T) {
	text := "advanced_instance_config: {IamInstanceProfile: {Name: ml}}\n"
	file, _ := open(t, text, Options{})
	res, fs := file.Inject(Ref{ARN: profile}, func(e Existing) bool { return e.Name == "ml" }, Refuse)
	if string(res.Out) != text || len(fs) > 0 || res.Done[0].Action != Same || len(res.Edits) > 0 {
		t.Errorf("%s\n%s", said(fs), res.Out)
	}
	if res, fs = file.Inject(Ref{ARN: profile}, nil, Refuse); res.Out != nil || !stopped(fs) {
		t.Error("without facts a name is no ARN")
	}
	if res, _ = file.Inject(Ref{Name: "ml"}, nil, Refuse); string(res.Out) != text {
		t.Error("the same name is the same profile")
	}
}

func TestExistingIsRefusedWithBothPlaces(t *testing.T) {
	file, _ := open(t, twoNodes, Options{})
	res, fs := file.Inject(Ref{ARN: profile}, nil, Refuse)
	if res.Out != nil {
		t.Fatal("written")
	}
	var found finding.Finding
	for _, f := range fs {
		if f.Code == finding.ConfigExisting {
			found = f
		}
	}
	if found.Place.Line != 8 || !strings.Contains(strings.Join(found.Details, ""), profile) || !strings.Contains(found.Hint, "--existing=replace") {
		t.Errorf("%+v", found)
	}
}

func TestAnEmptyRefLeavesEverything(t *testing.T) {
	file, _ := open(t, twoNodes, Options{})
	res, fs := file.Inject(Ref{}, nil, Replace)
	if string(res.Out) != twoNodes || len(fs) > 0 {
		t.Errorf("%s\n%s", said(fs), res.Out)
	}
}

// TestInputStays: neither the source nor the tree that was read changes by writing.
func TestInputStays(t *testing.T) {
	file, _ := open(t, twoNodes, Options{})
	first, _ := file.Inject(Ref{ARN: profile}, nil, Replace)
	second, _ := file.Inject(Ref{ARN: profile}, nil, Replace)
	if string(first.Out) != string(second.Out) || string(file.Doc.Src) != twoNodes {
		t.Error("the second run of one File differs")
	}
	same, _ := file.Inject(Ref{}, nil, Refuse)
	same.Out[0] = 'X'
	if string(file.Doc.Src) != twoNodes {
		t.Error("an output shares memory with the input")
	}
}

func TestWhatACarrierSays(t *testing.T) {
	file, _ := open(t, text("name: j", "entrypoint: x", "image_uri: a/b:c", "registry_login_secret: s", "cloud: prod",
		"compute_config: {cloud_resource: r, head_node: {instance_type: m5.large}}"), Options{})
	c := file.Configs[0]
	if c.Cloud.Value != "prod" || c.Cloud.Place.Line != 5 || c.CloudID || c.Resource.Value != "r" || c.Secret.Value != "s" {
		t.Errorf("%+v", c)
	}
	if len(c.Images) != 1 || c.Images[0].Value != "a/b:c" || c.Images[0].Place.Line != 3 {
		t.Errorf("%+v", c.Images)
	}
	file, _ = open(t, "entrypoint: x\ncloud: outer\ncompute_config: {cloud: inner}\n", Options{})
	if got := file.Configs[0].Cloud.Value; got != "inner" {
		t.Errorf("the config's own cloud wins, not %q", got)
	}
	file, _ = open(t, "cloud_id: cld_1\nhead_node_type: {}\nworker_node_types: []\n", Options{})
	if c := file.Configs[0]; c.Cloud.Value != "cld_1" || !c.CloudID {
		t.Errorf("%+v", c)
	}
	file, _ = open(t, "cloud: base\nconfigs: [{cloud_resource: a}, {cloud_resource: b, cloud: base}]\n", Options{})
	for _, c := range file.Configs {
		if c.Cloud.Value != "base" {
			t.Errorf("%s: cloud %q", c.Label, c.Cloud.Value)
		}
	}
}

func TestSites(t *testing.T) {
	for text, want := range map[string]string{
		"cloud: a\n": "cluster [advanced_instance_config]",
		twoNodes:     "cluster [advanced_instance_config]; head node [advanced_instance_config]; worker \"gpu\" [advanced_instance_config] old",
		"head_node: {instance_type: m5.large, advanced_instance_config: {}}\n":                                                        "cluster [advanced_instance_config]",
		"head_node: {instance_type: m5.large, advanced_instance_config: }\n":                                                          "cluster [advanced_instance_config]",
		"cloud: a\nhead_node_type: {}\nworker_node_types: [{aws_advanced_configurations_json: {KeyName: x}}]\n":                       "cluster [aws]; worker 1 [aws_advanced_configurations_json]",
		"cloud: a\nhead_node_type: {advanced_configurations_json: {KeyName: x}}\nworker_node_types: []\naws: {KeyName: y}\n":          "cluster [aws]; head node [advanced_configurations_json]",
		"entrypoint: x\ncompute_config: {cloud_id: a, head_node_type: {}, advanced_configurations_json: {KeyName: x}}\n":              "cluster [advanced_configurations_json]",
		"entrypoint: x\ncompute_config: {cloud_id: a, head_node_type: {}}\n":                                                          "cluster [aws_advanced_configurations_json]",
		"configs: [{head_node: {instance_type: m5.large, advanced_instance_config: {IamInstanceProfile: {Arn: " + profile + "}}}}]\n": "configs[0] cluster [advanced_instance_config]; configs[0] head node [advanced_instance_config] " + profile,
		"resource_flavors: [{name: spot}, {advanced_instance_config: {KeyName: x}}]\n":                                                "flavor \"spot\" [advanced_instance_config]; flavor 2 [advanced_instance_config]",
	} {
		file, _ := open(t, text, Options{})
		var got []string
		for _, s := range file.Sites() {
			line := s.Label + " [" + strings.Join(s.Path, " ") + "]"
			if s.Existing != nil {
				line += " " + s.Existing.String()
			}
			got = append(got, line)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s\n%s\nnot\n%s", text, strings.Join(got, "; "), want)
		}
	}
}

func TestSitePlace(t *testing.T) {
	file, _ := open(t, twoNodes, Options{})
	for i, want := range []int{1, 4, 8} {
		if got := file.Sites()[i].Place(); got.Line != want || got.Length == 0 {
			t.Errorf("%s is on line %d, not %d", file.Sites()[i].Label, got.Line, want)
		}
	}
}

func TestRefString(t *testing.T) {
	if (Ref{ARN: "a"}).String() != "a" || (Ref{Name: "n"}).String() != "n" || (Ref{ARN: "a"}).key() != "Arn" || (Ref{Name: "n"}).key() != "Name" {
		t.Error("a reference is by ARN or by name")
	}
}

// TestUses counts in how many places a value shows.
func TestUses(t *testing.T) {
	doc, fs := document.Parse("x.yaml", []byte("a: &a {x: &x [1]}\nb: *a\nc: [*a, *x]\nd: {<<: *a, y: *x}\n"))
	if doc == nil {
		t.Fatal(said(fs))
	}
	root := doc.Roots[0]
	u := usesOf(root)
	for path, want := range map[string]int{"a": 3, "b": 3, "c": 1, "d": 1} {
		if got := u.times[root.Get(path).Identity()]; got != want {
			t.Errorf("%s shows %d times, not %d", path, got, want)
		}
	}
	if got := u.times[root.Find("a", "x").Identity()]; got != 6 { // three times below a, in c, merged into d, and as d.y
		t.Errorf("x shows %d times", got)
	}
}

// TestTemplates: what an expression gives is not known, so that nothing is said about it.
func TestTemplates(t *testing.T) {
	for _, src := range []string{
		"cloud_id: {{env[\"A\"]}}\nhead_node_type: {instance_type: \"{{ head }}\"}\nworker_node_types: []\n",
		"cloud: ${CLOUD}\nworker_nodes:\n- instance_type: ${TYPE}\n  min_nodes: ${MIN}\n  max_nodes: {{ max }}\n- instance_type: ${TYPE}\n  name: {{ name }}\n",
		"head_node:\n  required_resources: {CPU: ${CPU}, memory: ${MEM}}\n",
	} {
		if file, fs := open(t, src, Options{Template: true}); file == nil || len(fs) > 0 {
			t.Errorf("%s\n%s", src, said(fs))
		}
	}
}

// TestUnseenNodes: nodes that only come with the rendering may bring blocks of their own.
func TestUnseenNodes(t *testing.T) {
	unseen := "what this expression gives is not seen: a node with an instance config of its own would start without the profile"
	c := finds{"nodes by expression", "cloud_id: a\nhead_node_type: {{ head }}\nworker_node_types: {{ workers }}\n",
		"warning config/template 2:17:10 " + unseen + "\nwarning config/template 3:20:13 " + unseen, "rendered"}
	c.run(t, Options{Template: true})
}
