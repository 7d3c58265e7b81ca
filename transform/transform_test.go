package transform

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"ccx/transform/account"
	"ccx/transform/finding"
)

const config = "cloud: prod-usw2\nhead_node:\n  instance_type: m5.2xlarge\n"

func facts(t *testing.T) *account.Facts {
	t.Helper()
	text, err := os.ReadFile("../examples/snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := account.Load("snapshot", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// counting is a source that counts how often it is asked, and keeps what for.
type counting struct {
	facts *account.Facts
	calls int
	wants account.Wants
}

func (c *counting) Gather(_ context.Context, w account.Wants) *account.Facts {
	c.calls++
	c.wants = w
	return c.facts
}

func options(t *testing.T, aim Aim) Options {
	t.Helper()
	opts, bad := aim.Options()
	if bad != nil {
		t.Fatalf("%+v", bad)
	}
	return opts
}

func run(t *testing.T, aim Aim, source Source, texts ...string) []Result {
	t.Helper()
	var inputs []Input
	for _, text := range texts {
		inputs = append(inputs, Input{Name: "in.yaml", Text: []byte(text)})
	}
	return Run(context.Background(), options(t, aim), inputs, source)
}

// find returns the gravest finding with the code.
func find(r Result, code finding.Code) (worst finding.Finding, ok bool) {
	for _, f := range r.Findings {
		if f.Code == code && (!ok || f.Status > worst.Status) {
			worst, ok = f, true
		}
	}
	return worst, ok
}

func TestFactsAreGatheredOnceForAllInputs(t *testing.T) {
	source := &counting{facts: facts(t)}
	results := run(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale"}, source, config, config, "not: [yaml", config)
	if source.calls != 1 {
		t.Errorf("gathered %d times", source.calls)
	}
	for i, r := range results {
		if stopped := i == 2; r.Stopped() != stopped || (r.Output == nil) != stopped {
			t.Errorf("input %d: stopped %v, output %q, %+v", i, r.Stopped(), r.Output, r.Findings)
		}
	}
}

func TestNothingIsAskedForAConfigThatIsWrong(t *testing.T) {
	source := &counting{facts: facts(t)}
	run(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale"}, source, "head_nod: x\n")
	run(t, Aim{Profile: "arn:aws:iam::1:role/x", Bucket: "acme-anyscale"}, source, config)
	if source.calls != 0 {
		t.Errorf("AWS was asked %d times for nothing", source.calls)
	}
}

func TestKeptProfileIsChecked(t *testing.T) {
	text := config + "advanced_instance_config:\n  IamInstanceProfile:\n    Name: vision-nodes\n"
	r := run(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale", Existing: "keep"}, Recorded(facts(t)), text)[0]
	if !r.Stopped() {
		t.Error("vision-nodes has no access, and keeping it must not hide that")
	}
	if f, _ := find(r, finding.S3Read); f.Place.Line != 6 {
		t.Errorf("the finding points to line %d, not to the kept profile", f.Place.Line)
	}
}

func TestProfilesThatDifferByNode(t *testing.T) {
	text := config + `worker_nodes:
- name: a
  instance_type: m5.large
  advanced_instance_config: {IamInstanceProfile: {Name: ml-train}}
- name: b
  instance_type: m5.large
  advanced_instance_config: {IamInstanceProfile: {Arn: "arn:aws:iam::111122223333:instance-profile/vision-nodes"}}
- name: c
  instance_type: m5.large
  advanced_instance_config: {EbsOptimized: true}
`
	r := run(t, Aim{Bucket: "acme-anyscale"}, Recorded(facts(t)), text)[0]
	if f, _ := find(r, finding.S3Write); f.Status != finding.Fail {
		t.Errorf("vision-nodes was not judged: %+v", f)
	}
	r = run(t, Aim{Bucket: "acme-anyscale"}, nil, text)[0]
	if r.Stopped() || string(r.Output) != text {
		t.Fatalf("nothing was asked for, so nothing changes: %+v\n%s", r.Findings, r.Output)
	}
	notes := 0
	for _, f := range r.Findings {
		if f.Code == finding.ConfigSite && strings.Contains(f.Message, "cloud's default") {
			notes++
		}
	}
	if notes != 2 {
		t.Errorf("%d notes, want one for the cluster level and one for worker c", notes)
	}
}

func TestOneProfileThatIsThereGoesEverywhere(t *testing.T) {
	text := config + "worker_nodes:\n- name: a\n  instance_type: m5.large\n  advanced_instance_config: {IamInstanceProfile: {Name: ml-train}}\n"
	r := run(t, Aim{Bucket: "acme-anyscale"}, Recorded(facts(t)), text)[0]
	if r.Stopped() || strings.Count(string(r.Output), "IamInstanceProfile") != 2 {
		t.Errorf("%+v\n%s", r.Findings, r.Output)
	}
}

func TestOffline(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:instance-profile/p"
	tests := []struct {
		name string
		aim  Aim
		want bool
	}{
		{"an ARN", Aim{Profile: arn}, true},
		{"a name as a name", Aim{Profile: "p", As: "name"}, true},
		{"a name, whose ARN nobody knows", Aim{Profile: "p"}, false},
		{"a role, whose profile nobody knows", Aim{Role: "p"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, tt.aim, nil, config)[0]
			if r.Stopped() == tt.want || (r.Output != nil) != tt.want {
				t.Errorf("%+v", r.Findings)
			}
			if f, _ := find(r, finding.S3Write); f.Status != finding.Skipped {
				t.Errorf("s3/write is %v: offline proves nothing", f.Status)
			}
		})
	}
}

func TestNameIsAnARNsOnlyIfFactsSaySo(t *testing.T) {
	text := config + "advanced_instance_config: {IamInstanceProfile: {Name: ml-train}}\n"
	aim := Aim{Profile: "arn:aws:iam::111122223333:instance-profile/ml-train", Bucket: "acme-anyscale"}
	if r := run(t, aim, Recorded(facts(t)), text)[0]; r.Stopped() || string(r.Output) != text {
		t.Errorf("with facts they are one: %+v", r.Findings)
	}
	if r := run(t, aim, nil, text)[0]; !r.Stopped() {
		t.Error("without facts nobody can know that they are one")
	}
}

func TestAllowUnknown(t *testing.T) {
	stops := func(cause finding.Cause, allow bool) bool {
		return Result{allowUnknown: allow}.Stops(finding.Unsure(finding.S3Read, cause, finding.Place{}, "x"))
	}
	for _, tt := range []struct {
		cause finding.Cause
		want  bool
	}{{finding.Depends, false}, {finding.Unreadable, false}, {finding.Unreachable, true}, {finding.Budget, true}} {
		if got := stops(tt.cause, true); got != tt.want {
			t.Errorf("cause %v with --unknown allow: stops %v", tt.cause, got)
		}
		if !stops(tt.cause, false) {
			t.Errorf("cause %v must stop by default", tt.cause)
		}
	}
	if !(Result{allowUnknown: true}).Stops(finding.New(finding.S3Read, finding.Place{}, "x")) {
		t.Error("a fail is not an unknown")
	}
}

func TestRemove(t *testing.T) {
	r := run(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale"}, Recorded(facts(t)), config)[0]
	back := run(t, Aim{Remove: true}, nil, string(r.Output))[0]
	if back.Stopped() || string(back.Output) != config {
		t.Errorf("taking it out again leaves\n%s\n%+v", back.Output, back.Findings)
	}
}

func TestAimRefuses(t *testing.T) {
	tests := []struct {
		name string
		aim  Aim
		says string
	}{
		{"bucket ARN", Aim{Bucket: "arn:aws:s3:::b"}, "not given by its ARN"},
		{"bucket name", Aim{Bucket: "Bad_Bucket"}, "no bucket name"},
		{"prefix with a star", Aim{Bucket: "s3://acme/a*"}, "can't be checked"},
		{"zone", Aim{Region: "us-west-2a"}, "no AWS region"},
		{"foreign host", Aim{Region: "x.evil.example"}, "no AWS region"},
		{"owner", Aim{BucketOwner: "12"}, "12 digits"},
		{"control plane by name", Aim{ControlPlaneRole: "anyscale"}, "by its ARN"},
		{"control plane is a profile", Aim{ControlPlaneRole: "arn:aws:iam::111122223333:instance-profile/x"}, "not a role's ARN"},
		{"context", Aim{Context: []string{"SourceVpce=x"}}, "context key"},
		{"assume", Aim{Assume: []string{"scp,tls"}}, "can be assumed"},
		{"assume none and more", Aim{Assume: []string{"none,scp"}}, "can be assumed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, bad := tt.aim.Options()
			if bad == nil || bad.Code != finding.UsageFlag || !strings.Contains(bad.Message, tt.says) {
				t.Errorf("%+v", bad)
			}
		})
	}
	opts := options(t, Aim{Bucket: "s3://acme-anyscale/org/", Assume: []string{"none"}, Context: []string{"aws:SourceVpce=a", "aws:SourceVpce=b=c"}})
	if s := opts.Subject; s.Bucket != "acme-anyscale" || s.Prefix != "org/" || s.Assume != 0 || strings.Join(s.Context["aws:SourceVpce"], "|") != "a|b=c" {
		t.Errorf("%+v", s)
	}
}

func TestGatherWithoutInputs(t *testing.T) {
	source := &counting{facts: facts(t)}
	if f := Gather(context.Background(), options(t, Aim{Profile: "ml-train", Bucket: "acme-anyscale"}), nil, source); source.calls != 1 || f == nil {
		t.Errorf("%d calls, %v", source.calls, f)
	}
	if len(source.wants.Profiles) != 1 || len(source.wants.Buckets) != 1 {
		t.Errorf("%+v", source.wants)
	}
	aim, bad := options(t, Aim{Profile: "ml-train"}), []Input{{Name: "x", Text: []byte("- 1\n")}}
	if f, results := Gather(context.Background(), aim, bad, source), Aimed(context.Background(), aim, bad); f != nil || source.calls != 1 || !results[0].Stopped() {
		t.Error("a config that can't be read asks for something")
	}
}
