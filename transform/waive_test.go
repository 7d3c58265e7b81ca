package transform

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ccx/transform/finding"
)

const asVision = "cloud: prod-usw2\n" + bare + "advanced_instance_config: {IamInstanceProfile: {Name: vision-nodes}}\n"

// waived runs a config whose profile may do nothing on the bucket.
func waived(t *testing.T, rows, text string, at time.Time) (Options, Result) {
	t.Helper()
	opts := options(t, Aim{Clouds: clouds(t, "version: 1\nclouds: {other: {bucket: acme-anyscale, region: us-west-2}}\nwaive: ["+rows+"]\n", prod)})
	opts.Now = at
	return opts, Run(t.Context(), opts, []Input{{"in.yaml", []byte(text)}}, Recorded(facts(t)))[0]
}

func TestWaive(t *testing.T) {
	day := time.Date(2027, 3, 31, 23, 59, 59, 0, time.UTC)
	const list, read, write, del, lost = "{code: s3/list, reason: a, until: 2027-03-31}", "{code: s3/read, reason: b, until: 2027-03-31}", "{code: s3/write, reason: c, until: 2027-03-31}",
		"{code: s3/delete, cloud: prod-usw2, reason: d, until: 2027-03-31}", "{code: pass-role/pass, reason: e, until: 2027-03-31}"
	all := strings.Join([]string{list, read, write, del, lost}, ", ")
	for _, c := range []struct {
		name, rows string
		at         time.Time
		stops      string // codes that still stop it
		settings   string // what is said of the waivers themselves
	}{
		{"nothing is waived", "", day, "s3/list s3/read s3/write s3/delete", ""},
		{"one", del, day, "s3/list s3/read s3/write", ""},
		{"by the cloud's id", "{code: s3/delete, cloud: cld_abc123, reason: d, until: '2027-03-31'}", day, "s3/list s3/read s3/write", ""},
		{"on another cloud", "{code: s3/delete, cloud: other, reason: d, until: 2027-03-31}", day, "s3/list s3/read s3/write s3/delete", ""},
		{"all", all, day, "", "waive/unused"},
		{"a day too late", all, day.Add(time.Second), "s3/list s3/read s3/write s3/delete", "waive/expired waive/expired waive/expired waive/expired waive/expired"},
		{"what passes", "{code: role/trust, reason: x, until: 2027-03-31}", day, "s3/list s3/read s3/write s3/delete", "waive/unused"},
		{"what is not asked", "{code: kms/use, reason: x, until: 2027-03-31}", day, "s3/list s3/read s3/write s3/delete", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts, r := waived(t, c.rows, asVision, c.at)
			var stops, settings []string
			for _, f := range r.Findings {
				if r.Stops(f) {
					stops = append(stops, string(f.Code))
				}
			}
			for _, f := range opts.Waivers([]Result{r}, true) {
				settings = append(settings, string(f.Code))
			}
			if got := strings.Join(stops, " "); got != c.stops {
				t.Errorf("stopped by %q, want %q", got, c.stops)
			}
			if got := strings.Join(settings, " "); got != c.settings {
				t.Errorf("of the settings: %q, want %q", got, c.settings)
			}
			if (r.Output == nil) != (c.stops != "") {
				t.Errorf("output %q", r.Output)
			}
		})
	}
}

// A waived finding says why it counts for nothing, and keeps its evidence.
func TestWaivedFinding(t *testing.T) {
	_, r := waived(t, "{code: s3/delete, reason: OPS-812, until: 2027-03-31}", asVision, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	f, _ := find(r, finding.S3Delete)
	if f.Waiver == nil || *f.Waiver != (finding.Waiver{Reason: "OPS-812", Until: "2027-03-31"}) || f.Status != finding.Fail || f.Level != finding.Note || f.Hint != "" {
		t.Errorf("%+v", f)
	}
	if len(f.Details) != 2 || f.Details[0] != "waived until 2027-03-31: OPS-812 (ccx.yaml:3)" || !strings.Contains(f.Details[1], "s3:DeleteObject") {
		t.Errorf("%q", f.Details)
	}
	_, r = waived(t, "{code: s3/delete, reason: OPS-812, until: 2026-03-31}", asVision, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	if f, _ := find(r, finding.S3Delete); f.Waiver != nil || f.Level != finding.Error || !slices.Contains(f.Details, "waived until 2026-03-31: OPS-812 (ccx.yaml:3), which is over") {
		t.Errorf("%+v", f)
	}
}

// What AWS could not be asked is not waived: nobody has accepted that.
func TestUnreachableIsNotWaived(t *testing.T) {
	j := &job{opts: options(t, Aim{Clouds: clouds(t, "version: 1\nwaive: [{code: s3/read, reason: x, until: 2099-01-01}]\n", prod)})}
	j.tried, j.used = map[int]bool{}, map[int]bool{}
	for cause, want := range map[finding.Cause]bool{finding.Depends: true, finding.Unreadable: true, finding.Budget: true, finding.Unreachable: false} {
		got := j.waive("cld_abc123", []finding.Finding{finding.Unsure(finding.S3Read, cause, finding.Place{}, "x")})
		if (got[0].Waiver != nil) != want || got[0].Stops() == want {
			t.Errorf("cause %d: %+v", cause, got[0])
		}
	}
}

// Two clouds may have one profile and bucket: what is waived on the one counts on the other.
func TestWaiverOfOneCloudOnly(t *testing.T) {
	opts := options(t, Aim{Clouds: clouds(t, "version: 1\nclouds: {other: {bucket: acme-anyscale, region: us-west-2}}\nwaive: [{code: s3/delete, cloud: other, reason: x, until: 2099-01-01}]\n", prod)})
	text := func(cloud string) []byte { return []byte(strings.Replace(asVision, "prod-usw2", cloud, 1)) }
	rs := Run(t.Context(), opts, []Input{{"a", text("prod-usw2")}, {"b", text("other")}}, Recorded(facts(t)))
	for i, want := range []bool{false, true} {
		if f, _ := find(rs[i], finding.S3Delete); (f.Waiver != nil) != want {
			t.Errorf("%d: %+v", i, f)
		}
	}
}
