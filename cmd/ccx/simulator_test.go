package main

import (
	"net/http"
	"strings"
	"testing"

	"ccx/transform/live/fakeaws"
)

// TestSimulator: a second opinion is asked for by its flag alone, says where it agrees and differs and what it can't
// know, and never changes what comes out.
func TestSimulator(t *testing.T) {
	f := newAWS(t)
	right, errs, code := ccx(t, liveConfig, liveArgs...)
	if code != exitDone || f.Asked()["iam:SimulatePrincipalPolicy"] != 0 {
		t.Fatalf("without the flag: status %d, calls %v: %s", code, f.Asked(), errs)
	}
	asked := append([]string{"--simulator"}, liveArgs...)
	for _, c := range []struct {
		name  string
		set   func()
		says  []string
		never string
	}{
		{"agrees", func() {}, []string{"agrees on the role's own side, for s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject", "takes no bucket policy for a role"}, "differs"},
		{"differs", func() { f.Simulator = map[string]string{"s3:PutObject": "explicitDeny"} },
			[]string{"differs on the role's own side", "s3:PutObject on arn:aws:s3:::acme/ccx: the simulator says explicitDeny, ccx says of the role's own side: allowed; nobody told the simulator aws:SourceIp"}, "s3:GetObject on"},
		{"denied", func() {
			f.Break("iam:SimulatePrincipalPolicy", func(w http.ResponseWriter, _ *http.Request) bool {
				fakeaws.Refuse(w, http.StatusForbidden, "AccessDenied", "no")
				return true
			})
		}, []string{"gave no second opinion", "may not call iam:SimulatePrincipalPolicy (AccessDenied)"}, "agrees"},
	} {
		c.set()
		out, errs, code := ccx(t, liveConfig, asked...)
		if code != exitDone || out != right || strings.Contains(errs, c.never) {
			t.Errorf("%s: status %d: %s%s", c.name, code, out, errs)
		}
		for _, part := range c.says {
			if !strings.Contains(errs, part) {
				t.Errorf("%s: stderr does not say %q:\n%s", c.name, part, errs)
			}
		}
	}
}
