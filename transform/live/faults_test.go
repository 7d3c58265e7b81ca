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
	"ccx/transform/live/fakeaws"
	"ccx/transform/policy"
)

// TestFaultMatrix injects every fault into every call. A fact may then be right or not read; it may never be wrong, and in
// particular never be None or lack a policy. With -v it prints the whole matrix.
func TestFaultMatrix(t *testing.T) {
	reached := 0
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer foreign.Close()
	f := fakeaws.New(t)
	o := f.Organized()
	f.Buckets["acme"].Block = strings.ReplaceAll(f.Buckets["acme"].Block, "<RestrictPublicBuckets>true", "<RestrictPublicBuckets>false")
	w := nodeWants(ours)
	w.ProfilesOf = []account.RoleWant{{Account: ours, Name: "plain"}}
	f.Accounts["AKIAOURS"].Profiles["plain-profile"] = fakeaws.Profile{ARN: "arn:aws:iam::" + ours + ":instance-profile/plain-profile", Roles: []string{"plain"}}
	options := Options{Organization: management, Accounts: map[string]string{management: "profile:theirs"}}
	good := factsOf(gather(t, options, w))
	for name, value := range good {
		if strings.HasPrefix(value, "not ") {
			t.Fatalf("without a fault, %s is %s", name, value)
		}
	}
	table := map[string]string{}
	faults := fakeaws.Faults(foreign.URL)
	for _, fault := range faults {
		for _, operation := range operations {
			t.Run(fault.Name+"/"+operation, func(t *testing.T) {
				o.Paths = operation != "organizations:ListParents"
				f.Mend()
				f.Break(operation, fault.On(f, operation))
				c := cell{fault: fault, operation: operation, good: good, options: options, wants: w}
				table[fault.Name+operation] = c.run(t)
			})
		}
	}
	if reached > 0 {
		t.Errorf("%d requests were sent to another host", reached)
	}
	t.Log("\n" + draw(faults, table))
}

// cell is one fault in one call.
type cell struct {
	fault     fakeaws.Fault
	operation string
	good      map[string]string
	options   Options
	wants     account.Wants
}

// run gathers with the fault in place and returns what came of it: "." right all the same, "u" not read and so unknown,
// "a" not read, which may be assumed to deny nothing.
func (c cell) run(t *testing.T) string {
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	if c.fault.Name == "throttled once" {
		t.Setenv("AWS_MAX_ATTEMPTS", "2")
	}
	timeout := 10 * time.Second
	if c.fault.Slow {
		timeout = 150 * time.Millisecond
	}
	c.options.Timeout = timeout
	began := time.Now()
	facts := New(c.options).Gather(context.Background(), c.wants)
	if took := time.Since(began); took > timeout+5*time.Second {
		t.Errorf("took %s", took)
	}
	got := factsOf(facts)
	for name, value := range got {
		if value != c.good[name] && !c.mayDiffer(name, got) {
			t.Errorf("%s is wrong: %s", name, cmp.Diff(c.good[name], value))
		}
		if strings.HasPrefix(value, "not read: assumable") && c.fault.Name != "denied" {
			t.Errorf("%s could have been read, and is assumed: %s", name, value)
		}
	}
	switch same := cmp.Equal(c.good, got); {
	case same && !c.harmless():
		t.Error("the fault shows nowhere")
	case same:
		return "."
	case !same && c.fault.Name == "throttled once":
		t.Errorf("a retry would have helped: %s", cmp.Diff(c.good, got))
	}
	if c.fault.Name == "denied" && strings.HasPrefix(c.operation, "organizations:") {
		return "a"
	}
	return "u"
}

// mayDiffer reports whether a fact may be another than without the fault: not read, or hanging on one that was not.
func (c cell) mayDiffer(name string, got map[string]string) bool {
	elsewhere := c.fault.Name == "wrong account"
	switch value := got[name]; {
	case strings.HasPrefix(value, "not read: "):
		return true
	case value == "not asked":
		return strings.HasPrefix(got["profile"], "not read: ") || name == "key" && got["encryption"] != c.good["encryption"] // which key it is, only the bucket says
	case name == "caller":
		return elsewhere && c.operation == "sts:GetCallerIdentity" // then the credentials are another account's, and nothing is concluded from them
	case name == "encryption", name == "grants":
		return elsewhere // a key or grantee of another account is a possible answer
	}
	return false
}

// harmless names the faults that change nothing about a call's answer.
func (c cell) harmless() bool {
	service, call, _ := strings.Cut(c.operation, ":")
	// The parents tell the path as well, and lists that hold something are those of a type that is in use.
	twice := !c.fault.Slow && (c.operation == "organizations:DescribeAccount" || c.operation == "organizations:ListRoots")
	switch c.fault.Name {
	case "throttled once":
		return true
	case "list without end", "stale page token":
		return twice || !strings.HasPrefix(call, "List") || c.operation == "s3:ListBucket"
	case "list broken off":
		return twice || service == "organizations" || !strings.HasPrefix(call, "List") || c.operation == "s3:ListBucket"
	case "wrong account": // the answer names no account
		return twice || service == "organizations" || service == "s3" || call == "ListRolePolicies" || call == "GetRolePolicy" ||
			call == "GetPolicyVersion" || call == "GetKeyPolicy" || call == "GetRegistryPolicy" || call == "ListGrants"
	case "broken XML or JSON": // a policy is JSON
		return twice || c.operation == "s3:ListBucket" || c.operation == "s3:GetBucketPolicy"
	case "empty", "HTML", "text", "cut", "bad UTF-8", "another answer", "huge body":
		return twice || c.operation == "s3:ListBucket" // HEAD has no body
	}
	return twice
}

// draw writes the matrix down, a fault a line.
func draw(faults []fakeaws.Fault, table map[string]string) string {
	var out strings.Builder
	out.WriteString(". right all the same   u not read: unknown, with the call named   a not read: assumed to deny nothing, and said so\n")
	for i, operation := range operations {
		fmt.Fprintf(&out, "%20s%s%s\n", "", strings.Repeat("| ", i), operation)
	}
	for _, fault := range faults {
		fmt.Fprintf(&out, "%-20s", fault.Name)
		for _, operation := range operations {
			out.WriteString(table[fault.Name+operation] + " ")
		}
		out.WriteString("\n")
	}
	return out.String()
}

// factsOf writes down each fact that checks ask for: its value, or "not read: " and why.
func factsOf(facts *account.Facts) map[string]string {
	out := map[string]string{}
	role := facts.RoleByName(ours, "node")
	out["caller"] = fact(facts.Caller())
	out["profile"] = fact(facts.Profile(ours, "node"))
	out["profiles"] = fact(facts.ProfilesOf(roleARN(ours, "plain")))
	place := facts.Organization(ours)
	out["path"] = or(place.Value.Path, "not read: the path")
	place.Value.Path = ""
	out["organization"] = fact(place)
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
	for i := range 4 {
		out[fmt.Sprint("SCPs ", i)], out[fmt.Sprint("RCPs ", i)] = level(layers.SCPs, i), level(layers.RCPs, i)
	}
	out["public access"] = map[policy.PublicAccess]string{policy.PublicAccessOpen: "open", policy.PublicAccessRestricted: "restricted",
		policy.PublicAccessUnknown: "not read: public access"}[layers.PublicAccess]
	return out
}

// level writes down one level of guardrails. Where the levels were not read, the first stands for all.
func level(sets []*setOf, i int) string {
	if len(sets) == 1 {
		i = 0
	}
	if i >= len(sets) {
		return "none"
	}
	return layer(sets[i])
}

// layer writes down one layer.
func layer(set *setOf) string {
	switch {
	case set == nil:
		return "none"
	case len(set.Missing) > 0 && set.Missing[0].Assumable:
		return fmt.Sprintf("not read: assumable: %+v", set.Missing)
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
