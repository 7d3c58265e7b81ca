//go:build bench

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cost is what a process took.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // bytes at its peak
}

// TestBenchSnapshot prints what a snapshot of 5,000 roles costs ccx, and jq on the same file: `make bench-snapshot`. It
// fails where ccx takes more than half of jq's time on the processor, or 64 MB.
func TestBenchSnapshot(t *testing.T) {
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Fatal("jq is not installed: apt-get install jq")
	}
	bin := filepath.Join(t.TempDir(), "ccx")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	snapshot := bigSnapshot(t, 5000)
	info, err := os.Stat(snapshot)
	if err != nil {
		t.Fatal(err)
	}
	version, _ := exec.Command(jq, "--version").Output()
	ours := median(t, []string{bin, "-p", "ml-train", "-b", "acme-anyscale", "--unknown", "allow", "--snapshot", snapshot}, "ml-train")
	theirs := median(t, []string{jq, `.iam["111122223333"].RoleDetailList[] | select(.RoleName == "ml-train")`, snapshot}, "ml-train")
	fmt.Printf("a snapshot of 5,000 roles, %d MB; median of 7 runs\n%-40s %10s %10s %8s\n", info.Size()/1e6, "", "wall", "processor", "memory")
	for name, c := range map[string]cost{"ccx: filter, with all its checks": ours, strings.TrimSpace(string(version)) + ": find the same role": theirs} {
		fmt.Printf("%-40s %10s %10s %5d MB\n", name, c.wall.Round(time.Millisecond), c.cpu.Round(time.Millisecond), c.memory/1e6)
	}
	if ours.cpu > theirs.cpu/2 || ours.memory > 64<<20 {
		t.Errorf("ccx takes %.2f of jq's time and %d MB", float64(ours.cpu)/float64(theirs.cpu), ours.memory/1e6)
	}
}

// median runs a command seven times.
func median(t *testing.T, argv []string, want string) cost {
	t.Helper()
	var costs []cost
	for range 7 {
		var out, errs strings.Builder
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(plainConfig), &out, &errs
		began := time.Now()
		if err := cmd.Run(); err != nil || !strings.Contains(out.String(), want) {
			t.Fatalf("%s: %v\n%s%s", argv[0], err, out.String(), errs.String())
		}
		usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		memory := int64(usage.Maxrss)
		if runtime.GOOS != "darwin" {
			memory <<= 10 // kilobytes
		}
		costs = append(costs, cost{time.Since(began), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), memory})
	}
	slices.SortFunc(costs, func(a, b cost) int { return int(a.cpu - b.cpu) })
	return costs[len(costs)/2]
}
