//go:build acceptance && bench

package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// scaled is a fleet of n configs of all kinds over five clouds with buckets in two accounts.
func scaled(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	clouds := []struct{ bucket, profile string }{
		{"acme-anyscale", "ml-train"}, {"acme-anyscale", "minimum"}, {"acme-anyscale", "aws-managed"}, {"lake-open", "cross"}, {"acme-fenced", "aws-managed"},
	}
	settings := "version: 1\nclouds:\n"
	for i, c := range clouds {
		settings += fmt.Sprintf("  cloud-%d: {bucket: %s, region: us-west-2, instance_profile: %s}\n", i, c.bucket, c.profile)
	}
	kinds := []string{
		"cloud: cloud-%[1]d\nhead_node: {instance_type: m5.2xlarge}\nworker_nodes:\n  - {name: gpu, instance_type: g5.12xlarge, max_nodes: %[2]d}\n",
		"cloud: cloud-%[1]d\n# config %[2]d\nhead_node:\n  instance_type: m5.large\n  advanced_instance_config:\n    BlockDeviceMappings:\n      - {DeviceName: /dev/sda1, Ebs: {VolumeSize: %[2]d}}\n",
		"cloud: cloud-%[1]d\nhead_node_type: {name: head, instance_type: m5.large}\nworker_node_types:\n  - {name: w%[2]d, instance_type: m5.large, min_workers: 0, max_workers: 3}\n",
		"name: job-%[2]d\nentrypoint: python main.py\ncloud: cloud-%[1]d\ncompute_config:\n  head_node: {instance_type: m5.large}\n",
		"cloud: cloud-%[1]d\nhead_nod: {instance_type: m5.large} # misspelt, %[2]d\n",
	}
	files := map[string]string{"ccx.yaml": settings}
	for i := range n {
		kind := kinds[i/len(clouds)%(len(kinds)-1)]
		if i%100 == 99 {
			kind = kinds[len(kinds)-1]
		}
		files[fmt.Sprintf("team-%d/%d.yaml", i%97, i)] = fmt.Sprintf(kind, i%len(clouds), i+1)
	}
	put(t, dir, files)
	return dir
}

// measured is what one run took.
type measured struct {
	wall, cpu time.Duration
	peak      int64 // bytes of resident memory
	calls     int   // requests to AWS
	summary   string
	files     int
}

func measure(t *testing.T, a *aws, dir string, args ...string) measured {
	t.Helper()
	a.mu.Lock()
	before := len(a.asked)
	a.mu.Unlock()
	cmd := exec.Command(the.ccx(), append([]string{"check", "--report", "json"}, args...)...)
	cmd.Dir, cmd.Env = dir, the.environ(append(credentialsOf(t, ours).environ(), "AWS_ENDPOINT_URL="+a.url, "AWS_REGION=us-west-2")...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	_ = cmd.Run() // some configs are wrong
	m := measured{wall: time.Since(began), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.peak = usage.Maxrss
		if runtime.GOOS == "linux" {
			m.peak <<= 10 // kilobytes there
		}
	}
	var doc struct {
		Summary string
		Counts  struct{ Files int }
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	a.mu.Lock()
	m.calls = len(a.asked) - before
	a.mu.Unlock()
	m.files, m.summary = doc.Counts.Files, doc.Summary
	return m
}

// TestBenchScale prints what a fleet of 10,000 configs over five clouds takes, and holds that AWS is asked no more for
// them than for ten.
func TestBenchScale(t *testing.T) {
	a := newAWS(t)
	small, large := scaled(t, 10), scaled(t, 10_000)
	few := measure(t, a, small, ".")
	all := measure(t, a, large, ".")
	offline := measure(t, a, large, "--offline", ".")
	fmt.Printf("| run | configs | wall | CPU | peak memory | AWS calls |\n|---|---|---|---|---|---|\n")
	for _, row := range []struct {
		name string
		m    measured
	}{{"live", few}, {"live", all}, {"--offline", offline}} {
		fmt.Printf("| %s | %d | %.1f s | %.1f s | %d MB | %d |\n", row.name, row.m.files, row.m.wall.Seconds(), row.m.cpu.Seconds(), row.m.peak>>20, row.m.calls)
	}
	fmt.Println(all.summary)
	if all.files != 10_000 || all.calls != few.calls || all.calls == 0 || offline.calls != 0 {
		t.Errorf("%+v %+v %+v", few, all, offline)
	}
	if !strings.HasPrefix(all.summary, "10000 files checked: ") || !strings.Contains(all.summary, "fail") {
		t.Error(all.summary)
	}
}
