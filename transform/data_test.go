package transform

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"ccx/transform/account"
	"ccx/transform/finding"
)

// listed writes the data buckets and requirements of a job's only subject down.
func listed(t *testing.T, aim Aim) string {
	t.Helper()
	aim.Profile = "ml"
	j := aimed(t, aim, "x.yaml", bare)
	if len(j.subjects) != 1 {
		t.Fatalf("%+v", j.Findings)
	}
	var out []string
	for _, b := range j.subjects[0].DataBuckets {
		out = append(out, fmt.Sprintf("%s %v %s from %s:%d", b, b.Write, b.Account, b.Given.File, b.Given.Line))
	}
	for _, r := range j.subjects[0].Requires {
		out = append(out, fmt.Sprintf("%v %s from %s:%d", r.Actions, r.ARN, r.Given.File, r.Given.Line))
	}
	return strings.Join(out, "\n")
}

// Flags add to what the settings say of the cloud, and win over it; only the owner comes from the settings alone.
func TestDataBucketsAndRequires(t *testing.T) {
	known := clouds(t, `version: 1
clouds:
  prod-usw2:
    data_buckets:
      corp-lake: {access: read, account: "444455556666", prefix: curated/}
      scratch: {access: write}
    requires: ["sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:q"]
`, prod)
	const need = "\n[sqs:SendMessage] arn:aws:sqs:us-west-2:111122223333:q from ccx.yaml:7"
	for _, c := range []struct {
		name  string
		flags []string
		want  string
	}{
		{"the settings alone", nil, "s3://corp-lake/curated false 444455556666 from ccx.yaml:5\ns3://scratch true  from ccx.yaml:6" + need},
		{"one more", []string{"models=read"}, "s3://models false  from --data-bucket:0\ns3://corp-lake/curated false 444455556666 from ccx.yaml:5\ns3://scratch true  from ccx.yaml:6" + need},
		{"the flag wins", []string{"scratch=read"}, "s3://scratch false  from --data-bucket:0\ns3://corp-lake/curated false 444455556666 from ccx.yaml:5" + need},
		{"another prefix", []string{"s3://corp-lake/raw/=write"}, "s3://corp-lake/raw true 444455556666 from --data-bucket:0\ns3://corp-lake/curated false 444455556666 from ccx.yaml:5\ns3://scratch true  from ccx.yaml:6" + need},
	} {
		if got := listed(t, Aim{Clouds: known, DataBuckets: c.flags}); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	if got := listed(t, Aim{Bucket: "acme", DataBuckets: []string{"a=b=read"}[:0]}); got != "" {
		t.Error(got)
	}
}

func TestDataBucketFlag(t *testing.T) {
	for row, want := range map[string]string{
		"lake": "not NAME=read", "lake=": "not NAME=read", "lake=readwrite": "not NAME=read", "=read": "no bucket name", "Lake=read": "no bucket name",
		"arn:aws:s3:::lake=read": "named, not given by its ARN", "s3://lake/a*=read": "can't be checked",
	} {
		if _, bad := (Aim{DataBuckets: []string{row}}).Options(); bad == nil || bad.Code != finding.UsageFlag || !strings.Contains(bad.Message, want) || bad.Hint == "" {
			t.Errorf("%s: %+v", row, bad)
		}
	}
	if _, bad := (Aim{DataBuckets: []string{"lake=read", "s3://lake=write"}}).Options(); bad == nil || !strings.Contains(bad.Message, "s3://lake is given twice") {
		t.Errorf("%+v", bad)
	}
}

// wanted is a source that knows nothing and keeps what it was asked for.
type wanted struct{ account.Wants }

func (w *wanted) Gather(_ context.Context, wants account.Wants) *account.Facts {
	w.Wants = wants
	return nil
}

func TestDataBucketsAreWanted(t *testing.T) {
	opts, bad := Aim{Profile: "ml", Bucket: "acme", Region: "us-west-2", DataBuckets: []string{"lake=read"}}.Options()
	if bad != nil {
		t.Fatal(bad)
	}
	var w wanted
	results := Run(context.Background(), opts, []Input{{Name: "x.yaml", Text: []byte(bare)}}, &w)
	if len(w.Buckets) != 2 || w.Buckets[1] != (account.BucketWant{Name: "lake", Region: "us-west-2"}) {
		t.Errorf("%+v", w.Buckets)
	}
	if got := results[0].Scope; got != "s3://acme and s3://lake" {
		t.Error(got)
	}
}
