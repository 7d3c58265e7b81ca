package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// bigSnapshot writes a snapshot of an account with n roles, of about 12 kB each as the AWS CLI prints them; role ml-train
// is the last one, and may use the bucket acme-anyscale.
func bigSnapshot(t *testing.T, n int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "facts.json")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(file)
	fmt.Fprint(out, `{"version": 1, "taken_at": "2026-11-20T12:00:00Z",
 "buckets": {"acme-anyscale": {"Account": "111122223333", "BucketRegion": "us-west-2", "ServerSideEncryptionConfiguration": null, "OwnershipControls": null,
  "PublicAccessBlockConfiguration": null}},
 "resource_policies": {"arn:aws:s3:::acme-anyscale": null},
 "iam": {"111122223333": {"Whole": ["RoleDetailList", "Policies"], "UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [`)
	for i := range n {
		role := fmt.Sprintf("role-%05d", i)
		if i == n-1 {
			role = "ml-train"
		} else if i > 0 {
			fmt.Fprint(out, ",")
		}
		if i == n-1 && i > 0 {
			fmt.Fprint(out, ",")
		}
		bigRole(out, role)
	}
	fmt.Fprint(out, "\n]}}}\n")
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func bigRole(out *bufio.Writer, role string) {
	fmt.Fprintf(out, `
    {
        "Path": "/", "RoleName": %[1]q, "RoleId": "AROAEXAMPLE",
        "Arn": "arn:aws:iam::111122223333:role/%[1]s",
        "CreateDate": "2024-01-01T00:00:00+00:00",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "InstanceProfileList": [{"Path": "/", "InstanceProfileName": %[1]q, "InstanceProfileId": "AIPAEXAMPLE", "Arn": "arn:aws:iam::111122223333:instance-profile/%[1]s",
          "Roles": [{"Path": "/", "RoleName": %[1]q, "RoleId": "AROAEXAMPLE", "Arn": "arn:aws:iam::111122223333:role/%[1]s"}]}],
        "AttachedManagedPolicies": [], "Tags": [], "RoleLastUsed": {},
        "RolePolicyList": [{"PolicyName": "s3", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::acme-anyscale", "arn:aws:s3:::acme-anyscale/*"]}`, role)
	for i := range 60 {
		fmt.Fprintf(out, `,
            {
                "Sid": "Team%[2]d",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::%[1]s-%[2]d/*"
            }`, role, i)
	}
	fmt.Fprint(out, "]}}]\n    }")
}

// TestBigSnapshotSmallMemory: however many roles the account has, ccx needs memory for those that it is asked about. The
// program runs in a process of its own, which says how much it took.
func TestBigSnapshotSmallMemory(t *testing.T) {
	const limit = 64 << 20
	if args := os.Getenv("CCX_TEST_ARGS"); args != "" {
		code := run(context.Background(), strings.Split(args, "\n"), os.Getenv, strings.NewReader(plainConfig), os.Stdout, os.Stderr)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Printf("\n%d %d\n", code, m.Sys)
		os.Exit(0)
	}
	snapshot := bigSnapshot(t, 2500)
	info, err := os.Stat(snapshot)
	if err != nil || info.Size() < 25<<20 {
		t.Fatalf("the snapshot has %v bytes: %v", info.Size(), err)
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestBigSnapshotSmallMemory$")
	cmd.Env = append(os.Environ(), "CCX_TEST_ARGS="+strings.Join([]string{"-p", "ml-train", "-b", "acme-anyscale", "--snapshot", snapshot, "--unknown", "allow"}, "\n"))
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, errs.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	code, took, _ := strings.Cut(lines[len(lines)-1], " ")
	sys, err := strconv.Atoi(took)
	if err != nil || code != "0" || !strings.Contains(string(out), "instance-profile/ml-train") {
		t.Fatalf("status %s, %v\n%s%s", code, err, out, errs.String())
	}
	if sys > limit {
		t.Errorf("%d MB of memory for a snapshot of %d MB, at most %d", sys>>20, info.Size()>>20, limit>>20)
	}
}
