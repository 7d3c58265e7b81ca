package transform

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ccx/transform/account"
	"ccx/transform/finding"
)

// mixed is a fleet of configs of all kinds, good and bad.
func mixed(n int) []Input {
	texts := []string{
		config, asVision, withExisting, "head_node: 7\n", "not: a config\n", "head_node: [\n", "cloud: nowhere\n" + bare,
		"entrypoint: x\nimage_uri: 111122223333.dkr.ecr.us-west-2.amazonaws.com/a:b\ncompute_config:\n  head_node: {instance_type: m5.large}\n",
		"head_node_type: {name: h, instance_type: m5.large}\nworker_node_types: []\n",
	}
	var inputs []Input
	for i := range n {
		inputs = append(inputs, Input{fmt.Sprint(i), []byte(texts[i%len(texts)])})
	}
	return inputs
}

// Several at a time must answer as one at a time does. `go test -race` looks at what they share.
func TestParallelAnswersAsSerial(t *testing.T) {
	settings := "version: 1\nclouds: {prod-usw2: {allowed_profiles: [ml-train, 'vision-*'], context: {'aws:SourceVpce': vpce-1}}}\nwaive: [{code: s3/delete, reason: x, until: 2099-01-01}]\n"
	opts := options(t, Aim{Existing: "keep", Clouds: clouds(t, settings, prod)})
	inputs := mixed(90)
	serial := func() []Result {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		return Run(t.Context(), opts, inputs, Recorded(facts(t)))
	}()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	parallel := Run(t.Context(), opts, inputs, Recorded(facts(t)))
	ignore := cmpopts.IgnoreUnexported(Result{}, account.Provenance{}, account.Fact[account.Identity]{})
	if diff := cmp.Diff(serial, parallel, ignore); diff != "" {
		t.Errorf("(-serial +parallel):\n%s", diff)
	}
	if opts.Waivers(serial, true) != nil || !cmp.Equal(opts.Waivers(serial, true), opts.Waivers(parallel, true)) {
		t.Error("waivers")
	}
	kinds := map[string]bool{}
	for _, r := range parallel {
		kinds[fmt.Sprint(r.Stopped(), r.Shape)] = true
	}
	if len(kinds) < 5 {
		t.Errorf("only %v", kinds)
	}
}

// A panic in one config is the caller's, who refuses for all.
func TestPanicReachesTheCaller(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "boom") || !strings.Contains(fmt.Sprint(p), "run_test.go") {
			t.Errorf("recovered %v", p)
		}
	}()
	Options{}.each("judging", []*job{{}, {}, {}}, func(*job) { panic("boom") })
}

// canceling is a source whose run is canceled while it gathers.
type canceling struct {
	counting
	cancel context.CancelFunc
}

func (c *canceling) Gather(ctx context.Context, w account.Wants) *account.Facts {
	c.cancel()
	return c.counting.Gather(ctx, w)
}

// A canceled run that answers for a part judges nothing by facts that may be half, but tells what the texts alone show.
func TestCanceledRunAnswersForAPart(t *testing.T) {
	for _, partial := range []bool{true, false} {
		ctx, cancel := context.WithCancel(t.Context())
		opts := options(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale"})
		opts.Partial = partial
		rs := Run(ctx, opts, []Input{{"a", []byte(config)}, {"b", []byte("head_node: 7\n")}}, &canceling{counting{facts: facts(t)}, cancel})
		if rs[0].Interrupted != partial || (rs[0].Output == nil) != partial {
			t.Errorf("partial %v: %+v", partial, rs[0])
		}
		if _, said := find(rs[1], finding.ConfigSchema); rs[1].Interrupted || !said {
			t.Errorf("what the text shows: %+v", rs[1])
		}
		for _, r := range Run(ctx, opts, []Input{{"a", []byte(config)}, {"b", []byte("head_node: 7\n")}}, nil) {
			if r.Interrupted != partial {
				t.Errorf("canceled before it began, partial %v: %+v", partial, r)
			}
		}
	}
}

// A time-out is no cancellation: what is judged then is judged as unknown.
func TestTimeOutJudges(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	opts := options(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale"})
	opts.Partial = true
	if r := Run(ctx, opts, []Input{{"a", []byte(config)}}, Recorded(facts(t)))[0]; r.Interrupted || r.Output == nil {
		t.Errorf("%+v", r)
	}
}

// watcher keeps what it is told.
type watcher struct {
	stages []string
	steps  int
}

func (w *watcher) Stage(what string, total int) {
	w.stages = append(w.stages, fmt.Sprintf("%s %d", what, total))
}
func (w *watcher) Step() { w.steps++ }

func TestWatcherIsTold(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	w := &watcher{}
	opts := options(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale"})
	opts.Watch = w
	Run(t.Context(), opts, mixed(3), Recorded(facts(t)))
	if got := strings.Join(w.stages, ", "); got != "reading 3, asking AWS 0, judging 3" || w.steps != 6 {
		t.Errorf("%s; %d steps", got, w.steps)
	}
}

func TestRunClouds(t *testing.T) {
	k8s := strings.NewReplacer("prod-usw2", "kube", "cld_abc123", "cld_kube", "compute_stack: VM", "compute_stack: K8S").Replace(prod)
	second := strings.NewReplacer("prod-usw2", "second", "cld_abc123", "cld_two").Replace(prod)
	settings := "version: 1\ndefault_cloud: prod-usw2\nclouds:\n  prod-usw2: {instance_profile: ml-train, allowed_profiles: [ml-train, vision-nodes, 'x-*']}\n  bare: {region: us-west-2}\n" +
		"paths: [{match: a, instance_profile: by-path}, {match: b, cloud: second, instance_profile: by-path-2}]\n"
	known := clouds(t, settings, prod, k8s, second)
	mapping, fs := ReadMapping(Input{"map.yaml", []byte("cloud_deployment_id: cldrsrc_1\ncloud_provider: AWS\ndataplane_iam_mapping: {rules: [{selector: x, value: mapped}], fallback_rule: FAIL}\n")})
	if len(fs) > 0 {
		t.Fatal(fs)
	}
	for _, c := range []struct {
		name string
		aim  Aim
		want []string // cloud: profiles
	}{
		{"all", Aim{}, []string{"cloud prod-usw2: by-path ml-train vision-nodes", "cloud second: by-path-2 ml-train", "cloud bare:"}},
		{"one", Aim{Cloud: "second"}, []string{"cloud second: by-path-2 ml-train"}},
		{"with a mapping", Aim{Cloud: "cld_two", Mapping: mapping}, []string{"cloud second: by-path-2 mapped ml-train"}},
		{"of the flags", Aim{Cloud: "prod-usw2", Profile: "asked"}, []string{"cloud prod-usw2: asked"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.aim.Clouds = known
			source := &counting{facts: facts(t)}
			rs, left := RunClouds(t.Context(), options(t, c.aim), source)
			var got []string
			for _, r := range rs {
				got = append(got, strings.TrimSpace(r.Name+": "+profiles(r)))
				for _, f := range r.Findings {
					if f.Place.File == "" {
						t.Errorf("%s: %s has no place", r.Name, f.Code)
					}
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if source.calls != 1 || (len(left) == 1) != (c.aim.Cloud == "") {
				t.Errorf("asked %d times, left %v", source.calls, left)
			}
		})
	}
	if rs, left := RunClouds(t.Context(), options(t, Aim{}), nil); rs != nil || left != nil {
		t.Errorf("no cloud is known: %v %v", rs, left)
	}
}

// profileName finds the profile that a finding speaks of.
var profileName = regexp.MustCompile(`instance-profile/([a-z0-9-]+)|"([a-z0-9-]+)"`)

// profiles lists the profiles that a result speaks of: those that exist and those that don't.
func profiles(r Result) string {
	var names []string
	for _, f := range r.Findings {
		if m := profileName.FindStringSubmatch(f.Message); m != nil && f.Code == finding.ProfileExists {
			names = append(names, m[1]+m[2])
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}
