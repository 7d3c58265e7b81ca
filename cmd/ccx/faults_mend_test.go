package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// checkMend does what the folder says and wants ccx to be content afterwards.
func checkMend(t *testing.T, f fault, code int) {
	t.Helper()
	kind, why, _ := strings.Cut(f.mend, ": ")
	switch {
	case kind == "nothing to mend":
		if code != exitDone {
			t.Errorf("exit status %d", code)
		}
	case kind == "the report's policy":
		checkPrinted(t, f)
	case kind == "by hand, `mend.json`":
		checkPatch(t, f, why)
	case kind == "by hand":
		if why == "" || !strings.HasPrefix(f.code, "usage/") && !strings.HasPrefix(f.code, "waive/") {
			t.Errorf("the mend %q can't be tried", f.mend)
		}
	case kind == "`mended.yaml`":
		content(t, "with mended.yaml", replaced(t, f.args, "config.yaml", "mended.yaml"))
	case strings.HasPrefix(kind, "flags "):
		flags := strings.Split(strings.Trim(strings.TrimPrefix(kind, "flags "), "`"), " ")
		content(t, "with "+kind, withFlags(f.args, flags))
	default:
		t.Errorf("`mend: %s` is none of the ways that the test knows", kind)
	}
	if code == exitDone && kind != "nothing to mend" && !strings.Contains(read(t, "report.txt"), "warning: ") && !strings.HasPrefix(f.code, "waive/") {
		t.Errorf("nothing is wrong, and the mend is %q", kind)
	}
}

// content wants the command to be done, with neither an error nor a warning.
func content(t *testing.T, what string, args []string) {
	t.Helper()
	_, stderr, code := ccx(t, "", args...)
	if code != exitDone || strings.Contains(stderr, "error: ") || strings.Contains(stderr, "warning: ") || strings.Contains(stderr, "cannot tell") {
		t.Errorf("%s: exit status %d\n%s", what, code, stderr)
	}
}

func replaced(t *testing.T, args []string, old, by string) []string {
	t.Helper()
	out := slices.Clone(args)
	i := slices.Index(out, old)
	if i < 0 {
		t.Fatalf("the command line does not name %s", old)
	}
	out[i] = by
	return out
}

// withFlags adds flags; one that the command line has already gets the new value.
func withFlags(args, flags []string) []string {
	out := slices.Clone(args)
	for i := 0; i < len(flags); i++ {
		at := slices.Index(out, flags[i])
		if at < 0 || i+1 == len(flags) {
			return append(append([]string{}, flags[i:]...), out...)
		}
		out[at+1] = flags[i+1]
		i++
	}
	return out
}

// checkPrinted applies the policies that the report prints to the facts, as someone would who pastes them, all at once.
func checkPrinted(t *testing.T, f fault) {
	t.Helper()
	facts := readFacts(t)
	pasted := 0
	findings, _ := found(t, f.args)
	for _, r := range findings {
		if r.Status == "fail" {
			pasted += paste(t, facts, r.Hint)
		}
	}
	if pasted == 0 {
		t.Fatal("the report prints no policy to paste")
	}
	content(t, "with the report's policies in place", replaced(t, f.args, "facts.json", writeFacts(t, facts)))
}

// Where a printed policy goes, by the words before it.
var (
	toRole       = regexp.MustCompile(`put-role-policy --role-name (\S+) --policy-name (\S+?)\)`)
	toBucket     = regexp.MustCompile(`the policy of the bucket (\S+?),`)
	toKey        = regexp.MustCompile(`the policy of the key (\S+?),`)
	toRepository = regexp.MustCompile(`the policy of the repository (\S+?),`)
	toBoundary   = regexp.MustCompile(`the permissions boundary of the role (\S+) must widen it`)
	toTrust      = regexp.MustCompile(`the role's trust policy`)
)

// paste puts every policy document of a hint where its words say, and returns how many there were.
func paste(t *testing.T, facts map[string]any, hint string) int {
	t.Helper()
	words, _, _ := strings.Cut(hint, "{")
	pasted := 0
	for decoder := json.NewDecoder(strings.NewReader(hint[len(words):])); ; pasted++ {
		var policy map[string]any
		if err := decoder.Decode(&policy); err != nil {
			return pasted
		}
		switch {
		case policy["Statement"] != nil:
			name := toRole.FindStringSubmatch(words)
			if name == nil {
				t.Fatalf("it is not said whose this policy is to be: %s", words)
			}
			putInline(t, facts, name[1], name[2], policy)
		case policy["Principal"] == nil:
			name := toBoundary.FindStringSubmatch(words)
			if name == nil {
				t.Fatalf("it is not said whose boundary this is for: %s", words)
			}
			putBoundary(t, facts, name[1], policy)
		case toTrust.MatchString(words):
			for _, r := range roles(facts, "ml-train") {
				extendPolicy(r["AssumeRolePolicyDocument"].(map[string]any), policy)
			}
		default:
			putStatement(t, facts, words, policy)
		}
	}
}

// roles returns the roles of the name in every account.
func roles(facts map[string]any, name string) (found []map[string]any) {
	for _, part := range facts["iam"].(map[string]any) {
		for _, r := range part.(map[string]any)["RoleDetailList"].([]any) {
			if role := r.(map[string]any); role["RoleName"] == name {
				found = append(found, role)
			}
		}
	}
	return found
}

// putInline is aws iam put-role-policy: a policy of the same name is replaced.
func putInline(t *testing.T, facts map[string]any, role, name string, policy map[string]any) {
	t.Helper()
	for _, r := range roles(facts, role) {
		list := r["RolePolicyList"].([]any)
		list = slices.DeleteFunc(list, func(p any) bool { return p.(map[string]any)["PolicyName"] == name })
		r["RolePolicyList"] = append(list, map[string]any{"PolicyName": name, "PolicyDocument": policy})
		return
	}
	t.Fatalf("there is no role %q", role)
}

// putBoundary adds a statement to a role's permissions boundary.
func putBoundary(t *testing.T, facts map[string]any, role string, statement map[string]any) {
	t.Helper()
	for _, part := range facts["iam"].(map[string]any) {
		for _, r := range roles(facts, role) {
			arn := r["PermissionsBoundary"].(map[string]any)["PermissionsBoundaryArn"]
			for _, p := range part.(map[string]any)["Policies"].([]any) {
				if p := p.(map[string]any); p["Arn"] == arn {
					extendPolicy(p["PolicyVersionList"].([]any)[0].(map[string]any)["Document"].(map[string]any), statement)
					return
				}
			}
		}
	}
	t.Fatalf("the boundary of %s is not at hand", role)
}

// putStatement adds a statement to the policy of the resource that the words name.
func putStatement(t *testing.T, facts map[string]any, words string, statement map[string]any) {
	t.Helper()
	policies := facts["resource_policies"].(map[string]any)
	for arn := range policies {
		for _, to := range []*regexp.Regexp{toBucket, toKey, toRepository} {
			m := to.FindStringSubmatch(words)
			if m == nil || !strings.HasSuffix(arn, m[1]) {
				continue
			}
			if policies[arn] == nil {
				policies[arn] = map[string]any{"Version": "2012-10-17", "Statement": []any{}}
			}
			extendPolicy(policies[arn].(map[string]any), statement)
			return
		}
	}
	t.Fatalf("it is not said where this statement goes: %s", words)
}

func extendPolicy(policy, statement map[string]any) {
	policy["Statement"] = append(policy["Statement"].([]any), statement)
}

// checkPatch applies mend.json. Where the folder says that no Allow helps, none may: not even one of everything.
func checkPatch(t *testing.T, f fault, why string) {
	t.Helper()
	facts := readFacts(t)
	var patch []operation
	if err := json.Unmarshal([]byte(read(t, "mend.json")), &patch); err != nil {
		t.Fatalf("mend.json: %v", err)
	}
	for _, o := range patch {
		if err := o.apply(facts); err != nil {
			t.Fatalf("mend.json: %v", err)
		}
	}
	content(t, "with mend.json", replaced(t, f.args, "facts.json", writeFacts(t, facts)))
	if !strings.Contains(why, "a Deny can't be outvoted") && !strings.Contains(why, "no Allow") {
		return
	}
	facts = readFacts(t)
	for _, r := range roles(facts, "ml-train") {
		everything := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}}}
		putInline(t, facts, "ml-train", "everything", everything)
		putStatement(t, facts, "the policy of the bucket acme-anyscale,", map[string]any{
			"Effect": "Allow", "Principal": map[string]any{"AWS": r["Arn"]}, "Action": "s3:*",
			"Resource": []any{"arn:aws:s3:::acme-anyscale", "arn:aws:s3:::acme-anyscale/*"},
		})
	}
	args := replaced(t, f.args, "facts.json", writeFacts(t, facts))
	if findings, _ := found(t, args); !slices.ContainsFunc(findings, func(r reportedFinding) bool { return r.Code == f.code && r.Status == "fail" }) {
		t.Errorf("an Allow of everything mends it, and the folder says that none does")
	}
}

// operation is one of a JSON Patch: add, replace or remove.
type operation struct {
	Op, Path string
	Value    any
}

func (o operation) apply(root any) error {
	parts := strings.Split(o.Path, "/")[1:]
	for i := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(parts[i])
	}
	_, err := o.change(root, parts)
	return err
}

// change returns the node with the change made below it.
func (o operation) change(node any, parts []string) (any, error) {
	key, rest := parts[0], parts[1:]
	switch n := node.(type) {
	case map[string]any:
		child, there := n[key]
		if o.Op != "add" && !there || len(rest) > 0 && !there {
			return nil, fmt.Errorf("%s: there is no %q", o.Path, key)
		}
		if len(rest) > 0 {
			changed, err := o.change(child, rest)
			n[key] = changed
			return n, err
		}
		n[key] = o.Value
		if o.Op == "remove" {
			delete(n, key)
		}
		return n, nil
	case []any:
		if key == "-" && o.Op == "add" && len(rest) == 0 {
			return append(n, o.Value), nil
		}
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= len(n) {
			return nil, fmt.Errorf("%s: there is no entry %q", o.Path, key)
		}
		switch {
		case len(rest) > 0:
			n[i], err = o.change(n[i], rest)
			return n, err
		case o.Op == "remove":
			return slices.Delete(n, i, i+1), nil
		case o.Op == "add":
			return slices.Insert(n, i, o.Value), nil
		}
		n[i] = o.Value
		return n, nil
	}
	return nil, fmt.Errorf("%s: %q is in a plain value", o.Path, key)
}

func readFacts(t *testing.T) map[string]any {
	t.Helper()
	return decodeFacts(t, read(t, "facts.json"))
}

func decodeFacts(t *testing.T, text string) map[string]any {
	t.Helper()
	var facts map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&facts); err != nil {
		t.Fatalf("no facts: %v", err)
	}
	return facts
}

func writeFacts(t *testing.T, facts map[string]any) string {
	t.Helper()
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(facts); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
