package transform

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ccx/transform/account"
	"ccx/transform/live"
	"ccx/transform/policy"
)

// TestReaderIsSufficientAndMinimal: `ccx policy reader` allows each call that package live makes (its own tests record
// them), and with any one action less some call is denied; it allows nothing else.
func TestReaderIsSufficientAndMinimal(t *testing.T) {
	opts, bad := Aim{Bucket: "acme", DataBuckets: []string{"s3://lake/curated/=write"}, Requires: []string{"s3:GetObject=arn:aws:s3:::models/*"}}.Options()
	if bad != nil {
		t.Fatal(bad)
	}
	text, r := Policy(context.Background(), "reader", opts, PolicyForm{}, nil)
	if r.Stopped() {
		t.Fatal(r.Findings)
	}
	const caller = "arn:aws:iam::111122223333:role/ccx-reader"
	var doc struct{ Statement []map[string]any }
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var called []string
	for _, action := range live.Actions() {
		for _, resource := range resourcesOf(action) {
			called = append(called, action+" "+resource)
		}
	}
	denied := func(statements []map[string]any) (out []string) {
		text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
		if err != nil {
			t.Fatal(err)
		}
		set := &policy.Set{Policies: []policy.Named{{Name: "reader", Policy: policy.Parse(text)}}}
		for _, call := range called {
			action, resource, _ := strings.Cut(call, " ")
			q := policy.Request{Principal: policy.NewRole(caller, ""), Action: action, Resource: resource, ResourceAccount: "111122223333"}
			layers := policy.Layers{Identity: set, PublicAccess: policy.PublicAccessOpen}
			if strings.HasPrefix(action, "kms:") { // a key's policy must let the account's policies count
				layers.Resource = &policy.Set{Policies: []policy.Named{{Name: "key", Policy: policy.Parse([]byte(delegates))}}}
			}
			if policy.Decide(q, layers).Verdict != policy.Allowed {
				out = append(out, call)
			}
		}
		return out
	}
	if short := denied(doc.Statement); len(short) > 0 || len(called) < 24 {
		t.Errorf("not allowed: %v of %d", short, len(called))
	}
	var granted []string
	for i, s := range doc.Statement {
		for _, element := range []string{"Action", "Resource"} {
			list := s[element].([]any)
			for k, v := range list {
				if element == "Action" {
					granted = append(granted, fmt.Sprint(v))
				}
				less := slices.Clone(doc.Statement)
				less[i] = map[string]any{"Effect": "Allow", "Action": s["Action"], "Resource": s["Resource"], element: slices.Delete(slices.Clone(list), k, k+1)}
				if len(list) == 1 {
					less = slices.Delete(less, i, i+1)
				}
				if len(denied(less)) == 0 {
					t.Errorf("%v is not needed", v)
				}
			}
		}
	}
	slices.Sort(granted)
	if !slices.Equal(granted, live.Actions()) {
		t.Errorf("granted %v\ncalled %v", granted, live.Actions())
	}
}

const delegates = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}}`

// resourcesOf are what a call is about, for the subject of the test.
func resourcesOf(action string) []string {
	if strings.HasPrefix(action, "s3:") && action != "s3:GetAccountPublicAccessBlock" {
		return []string{"arn:aws:s3:::acme", "arn:aws:s3:::lake", "arn:aws:s3:::models"}
	}
	service, _, _ := strings.Cut(action, ":")
	return []string{"arn:aws:" + service + "::111122223333:any"}
}

// The document follows the partition of what it is for.
func TestReaderOfOtherPartitions(t *testing.T) {
	for region, want := range map[string]string{"us-west-2": "arn:aws:s3:::acme", "cn-north-1": "arn:aws-cn:s3:::acme", "us-gov-west-1": "arn:aws-us-gov:s3:::acme"} {
		opts, bad := Aim{Bucket: "acme", Region: region}.Options()
		if bad != nil {
			t.Fatal(bad)
		}
		if text, _ := Policy(context.Background(), "reader", opts, PolicyForm{}, Recorded((*account.Facts)(nil))); !strings.Contains(text, `"`+want+`"`) {
			t.Errorf("%s: %s", region, text)
		}
	}
}
