package main

import (
	"fmt"
	"strings"
	"testing"

	"ccx/transform/live/fakeaws"
)

// liveArgs ask for all that ccx reads of AWS: a profile, an encrypted bucket and an image.
var liveArgs = []string{"-p", "arn:aws:iam::" + fakeaws.Ours + ":instance-profile/node", "-b", "acme", "--region", "us-west-2",
	"--image", fakeaws.Ours + ".dkr.ecr.us-west-2.amazonaws.com/ml/train:1"}

const liveConfig = "cloud: prod\nhead_node:\n  instance_type: m5.2xlarge\n"

// newAWS starts a fake AWS in which the profile node may do its work, in an organization that the settings name the
// reader of.
func newAWS(t *testing.T) *fakeaws.Fake {
	t.Helper()
	tree(t, "", map[string]string{"train.yaml": liveConfig, "ccx.yaml": "version: 1\norganization: {read_from: '" + fakeaws.Management +
		"'}\naccounts: {'" + fakeaws.Management + "': {profile: theirs}}\n"})
	f := fakeaws.New(t)
	f.Organized().Attached[fakeaws.UnitID+" SERVICE_CONTROL_POLICY"] = []string{"p-FullAWSAccess"}
	for arn := range f.Accounts["AKIAOURS"].Policies {
		f.Accounts["AKIAOURS"].Policies[arn] = fakeaws.PolicyOf("*")
	}
	f.Buckets["acme"].Policy, f.Repositories[fakeaws.RepoOurs] = "", ""
	f.Keys[fakeaws.KeyOurs] = fakeaws.Key{State: "Enabled", Policy: fmt.Sprintf(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}`, fakeaws.Ours)}
	return f
}

// TestLiveFilter is the everyday run against AWS: everything is read, and nothing but the endpoint's policy is assumed.
func TestLiveFilter(t *testing.T) {
	f := newAWS(t)
	out, errs, code := ccx(t, liveConfig, liveArgs...)
	if code != exitDone || !strings.Contains(out, "instance-profile/node") || strings.Contains(errs, "SCPs") || strings.Contains(errs, "RCPs") {
		t.Fatalf("status %d: %s%s", code, out, errs)
	}
	f.Organized() // its fence denies deletes
	if out, errs, code := ccx(t, liveConfig, liveArgs...); code != exitWrong || out != refusal || !strings.Contains(errs, "[s3/delete]") || !strings.Contains(errs, "fence1234") {
		t.Errorf("an SCP that denies: status %d: %s%s", code, out, errs)
	}
}
