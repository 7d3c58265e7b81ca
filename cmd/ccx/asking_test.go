package main

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ccx/transform/live/fakeaws"
)

// TestWait: a profile that AWS shows after a moment is waited for; without --wait it is not there, and one that never
// comes is not waited for any longer than asked.
func TestWait(t *testing.T) {
	f := newAWS(t)
	var asked atomic.Int32
	f.Break("iam:GetInstanceProfile", func(w http.ResponseWriter, _ *http.Request) bool {
		if asked.Add(1) > 2 {
			return false
		}
		fakeaws.Refuse(w, http.StatusNotFound, "NoSuchEntity", "it cannot be found.")
		return true
	})
	if out, errs, code := ccx(t, liveConfig, append([]string{"--wait", "30s"}, liveArgs...)...); code != exitDone || !strings.Contains(out, "instance-profile/node") || asked.Load() != 3 {
		t.Errorf("waited: status %d after %d requests: %s", code, asked.Load(), errs)
	}
	asked.Store(-1000)
	if out, errs, code := ccx(t, liveConfig, liveArgs...); code != exitWrong || out != refusal || !strings.Contains(errs, "[profile/exists]") || asked.Load() != -999 {
		t.Errorf("without --wait: status %d: %s", code, errs)
	}
	began := time.Now()
	_, errs, code := ccx(t, liveConfig, append([]string{"--wait", "2500ms"}, liveArgs...)...)
	if took := time.Since(began); code != exitWrong || !strings.Contains(errs, "[profile/exists]") || took < time.Second || took > 20*time.Second {
		t.Errorf("a profile that never comes: status %d after %s: %s", code, took, errs)
	}
	f.Mend()
	asked.Store(0)
	f.Break("iam:ListInstanceProfilesForRole", func(w http.ResponseWriter, r *http.Request) bool {
		if asked.Add(1) > 1 {
			return false
		}
		_, _ = w.Write([]byte("<ListInstanceProfilesForRoleResponse><ListInstanceProfilesForRoleResult><InstanceProfiles></InstanceProfiles><IsTruncated>false</IsTruncated></ListInstanceProfilesForRoleResult></ListInstanceProfilesForRoleResponse>"))
		return true
	})
	byRole := append([]string{"--wait", "30s", "-r", "arn:aws:iam::" + fakeaws.Ours + ":role/teams/node"}, liveArgs[2:]...)
	if _, errs, code := ccx(t, liveConfig, byRole...); asked.Load() != 2 || strings.Contains(errs, "[profile/exists]") {
		t.Errorf("by role: status %d after %d requests: %s", code, asked.Load(), errs)
	}
}

func TestWaitNeedsAWS(t *testing.T) {
	for _, args := range [][]string{{"--wait", "1m", "--offline"}, {"--wait", "1m", "--snapshot", "../../examples/snapshot.json"}, {"--wait", "-1s"}} {
		if out, errs, code := ccx(t, liveConfig, append(args, "-p", "ml-train")...); code != exitUsage || out != refusal || !strings.Contains(errs, "--wait is how long AWS is asked again") {
			t.Errorf("%q: status %d: %s", args, code, errs)
		}
	}
}
