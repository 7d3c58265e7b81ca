package live

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ccx/transform/account"
)

// operations are all calls of this package that a usual run with -r makes.
var operations = []string{
	"sts:GetCallerIdentity", "iam:GetInstanceProfile", "iam:ListInstanceProfilesForRole", "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
	"iam:GetRolePolicy", "iam:GetPolicy", "iam:GetPolicyVersion", "s3:ListBucket", "s3:GetBucketPolicy",
	"s3:GetEncryptionConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPublicAccessBlock",
	"kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants", "ecr:DescribeRepositories", "ecr:GetRepositoryPolicy", "ecr:GetRegistryPolicy",
}

// TestFaults injects every fault into every call. A fact may then be right or not read; it may never be wrong, and in
// particular never be None or lack a policy.
func TestFaults(t *testing.T) {
	reached := 0
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer foreign.Close()
	f := newFake(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	w := nodeWants(ours)
	w.ProfilesOf = []account.RoleWant{{Account: ours, Name: "plain"}}
	f.accounts["AKIAOURS"].profiles["plain-profile"] = fakeProfile{"arn:aws:iam::" + ours + ":instance-profile/plain-profile", []string{"plain"}}
	good := factsOf(gather(t, Options{}, w))
	for name, value := range good {
		if strings.HasPrefix(value, "not ") {
			t.Fatalf("without a fault, %s is %s", name, value)
		}
	}
	for kind, fault := range faultKinds(foreign.URL) {
		for _, operation := range operations {
			t.Run(kind+"/"+operation, func(t *testing.T) {
				f.mu.Lock() // requests that ran ahead in vain may still be under way
				f.faults = map[string]func(http.ResponseWriter, *http.Request) bool{operation: fault(f)}
				f.mu.Unlock()
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
				defer cancel()
				timeout := 10 * time.Second
				if kind == "hang" || kind == "slow body" {
					timeout = 150 * time.Millisecond
				}
				began := time.Now()
				facts := New(Options{Timeout: timeout}).Gather(ctx, w)
				if took := time.Since(began); took > timeout+2*time.Second {
					t.Errorf("took %s", took)
				}
				got := factsOf(facts)
				for name, value := range got {
					if kind == "another account" && operation == "sts:GetCallerIdentity" && name == "caller" {
						continue // then the credentials are another account's, and nothing is concluded from them
					}
					unknown := strings.HasPrefix(value, "not read: ") || value == "not asked" && strings.HasPrefix(got["profile"], "not read: ")
					if kind == "another account" && (name == "encryption" || name == "grants") {
						continue // a key or grantee of another account is a possible answer
					}
					if name == "key" && value == "not asked" && got["encryption"] != good["encryption"] {
						continue // which key it is, only the bucket says
					}
					if value != good[name] && !unknown {
						t.Errorf("%s is wrong: %s", name, cmp.Diff(good[name], value))
					}
				}
				if cmp.Equal(good, got) && !harmless(kind, operation) {
					t.Error("the fault shows nowhere")
				}
			})
		}
	}
	if reached > 0 {
		t.Errorf("%d requests were sent to another host", reached)
	}
}

// harmless names the faults that change nothing about a call's answer.
func harmless(kind, operation string) bool {
	lists := strings.HasPrefix(operation, "iam:List") || operation == "kms:ListGrants"
	switch kind {
	case "never-ending list", "broken-off list":
		return !lists
	case "another account": // the answer names no account
		return operation == "iam:ListRolePolicies" || operation == "iam:GetRolePolicy" || operation == "iam:GetPolicyVersion" ||
			strings.HasPrefix(operation, "s3:") || operation == "kms:GetKeyPolicy" || operation == "kms:ListGrants"
	case "broken XML": // a policy is JSON
		return operation == "s3:ListBucket" || operation == "s3:GetBucketPolicy"
	case "empty", "HTML", "text", "cut XML", "bad UTF-8", "another answer", "endless":
		return operation == "s3:ListBucket" // HEAD has no body
	}
	return false
}

// factsOf writes down each fact that checks ask for: its value, or "not read: " and why.
func factsOf(facts *account.Facts) map[string]string {
	out := map[string]string{}
	role := facts.RoleByName(ours, "node")
	out["caller"] = fact(facts.Caller())
	out["profile"] = fact(facts.Profile(ours, "node"))
	out["profiles"] = fact(facts.ProfilesOf(roleARN(ours, "plain")))
	out["role"] = role.State.String()
	if role.State == account.NotRead {
		out["role"] = fact(role)
	} else {
		out["trust"], out["tags"], out["boundary"] = fact(role.Value.Trust), fact(role.Value.Tags), fact(role.Value.Boundary)
	}
	bucket := facts.Bucket("acme")
	out["bucket"] = bucket.State.String()
	if bucket.State == account.NotRead {
		out["bucket"] = fact(bucket)
	} else {
		b := bucket.Value
		out["owner"], out["region"], out["encryption"] = fact(b.Owner), fact(b.Region), fact(b.Encryption)
		out["ownership"], out["block"], out["policy"] = fact(b.Ownership), fact(b.PublicAccessBlock), fact(b.Policy)
	}
	key, repository := facts.Key(keyOurs), facts.Repository(repoOurs)
	out["key"], out["key layer"] = fact(key), layer(facts.Layers(roleARN(ours, "teams/node"), keyOurs).Resource)
	if key.State == account.Known {
		k := key.Value
		out["key"], out["grants"] = strings.Join([]string{k.State, k.Manager, k.Spec, k.Usage, k.Account}, " "), fact(k.Grants)
	}
	out["repository"], out["repository layer"] = repository.State.String(), layer(facts.Layers(roleARN(ours, "teams/node"), repoOurs).Resource)
	if repository.State == account.NotRead {
		out["repository"] = fact(repository)
	}
	layers := facts.Layers(roleARN(ours, "teams/node"), "arn:aws:s3:::acme")
	for name, set := range map[string]*setOf{"identity layer": layers.Identity, "boundary layer": layers.Boundary, "resource layer": layers.Resource} {
		out[name] = layer(set)
	}
	return out
}

// layer writes down one layer.
func layer(set *setOf) string {
	switch {
	case set == nil:
		return "none"
	case len(set.Missing) > 0 && set.Missing[0].Assumable:
		return "assumed"
	case len(set.Missing) > 0:
		return fmt.Sprintf("not read: %+v", set.Missing)
	}
	return fmt.Sprintf("%v", cmp.Diff(nil, any(*set), exportAll))
}

// fact writes down one fact.
func fact[T any](f account.Fact[T]) string {
	switch f.State {
	case account.Known:
		return cmp.Diff(nil, any(f.Value), exportAll)
	case account.NotRead:
		if f.Unread.Class == account.NoClass || f.Reason() == "" {
			return "not read without a reason"
		}
		return "not read: " + f.Reason()
	}
	return f.State.String()
}
