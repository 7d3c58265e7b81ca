package check

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ccx/transform/finding"
	"ccx/transform/policy"
	"ccx/transform/policy/glob"
)

// printed is a mend as a person would read it: the words, and the statements with the policy that each goes into.
type printed struct {
	hint       string
	codes      []finding.Code
	statements []putStatement
}

// putStatement is one statement of a mend.
type putStatement struct {
	to        string // role:NAME, boundary:NAME, trust, or a resource's ARN
	statement map[string]any
}

var (
	saysInline   = regexp.MustCompile(`put-role-policy --role-name (\S+) --policy-name (\S+?)\)`)
	saysManaged  = regexp.MustCompile(`create-policy --policy-name \S+, then aws iam attach-role-policy --role-name (\S+?)\)`)
	saysResource = regexp.MustCompile(`add (?:this statement|these statements) to the policy of the (bucket|key|repository) (\S+?),`)
	saysBoundary = regexp.MustCompile(`the permissions boundary of the role (\S+) must widen it`)
	saysTrust    = regexp.MustCompile(`add this statement to the role's trust policy`)
)

// readMend takes a hint apart; without documents there is nothing to put.
func readMend(t *testing.T, hint string) printed {
	t.Helper()
	m := printed{hint: hint}
	words, text, ok := strings.Cut(hint, ":\n")
	if !ok {
		return m
	}
	for decoder := json.NewDecoder(strings.NewReader(text)); decoder.More(); {
		var doc map[string]any
		if err := decoder.Decode(&doc); err != nil {
			t.Fatalf("%v: %s", err, hint)
		}
		list, whole := doc["Statement"].([]any)
		switch {
		case whole:
			name := saysInline.FindStringSubmatch(words)
			if name == nil {
				name = saysManaged.FindStringSubmatch(words)
			}
			for _, s := range list {
				m.statements = append(m.statements, putStatement{"role:" + name[1], s.(map[string]any)})
			}
		case doc["Principal"] == nil:
			m.statements = append(m.statements, putStatement{"boundary:" + saysBoundary.FindStringSubmatch(words)[1], doc})
		case saysTrust.MatchString(words):
			m.statements = append(m.statements, putStatement{"trust", doc})
		default:
			name := saysResource.FindStringSubmatch(words)
			if name == nil {
				t.Fatalf("where does this go? %s", hint)
			}
			m.statements = append(m.statements, putStatement{name[1] + ":" + name[2], doc})
		}
	}
	return m
}

// put adds statements to the policies of a copy of the world.
func (w *world) put(statements []putStatement) *world {
	text, _ := json.Marshal(w.root)
	next := &world{t: w.t}
	if err := json.Unmarshal(text, &next.root); err != nil {
		w.t.Fatal(err)
	}
	for _, s := range statements {
		next.putOne(s)
	}
	return next
}

func (w *world) putOne(s putStatement) {
	kind, name, _ := strings.Cut(s.to, ":")
	add := func(doc map[string]any) { doc["Statement"] = append(doc["Statement"].([]any), s.statement) }
	switch kind {
	case "role":
		r := w.role(name)
		inline, _ := r["RolePolicyList"].([]any)
		doc := map[string]any{"Version": "2012-10-17", "Statement": []any{s.statement}}
		r["RolePolicyList"] = append(inline, map[string]any{"PolicyName": fmt.Sprint("mend-", len(inline)), "PolicyDocument": doc})
	case "boundary":
		arn := w.role(name)["PermissionsBoundary"].(map[string]any)["PermissionsBoundaryArn"]
		for _, p := range w.iam()["Policies"].([]any) {
			if p := p.(map[string]any); p["Arn"] == arn {
				add(p["PolicyVersionList"].([]any)[0].(map[string]any)["Document"].(map[string]any))
			}
		}
	case "trust":
		add(w.role("ml-train")["AssumeRolePolicyDocument"].(map[string]any))
	default:
		policies := w.root["resource_policies"].(map[string]any)
		for arn := range policies {
			if arn != name && !strings.HasSuffix(arn, ":"+name) && !strings.HasSuffix(arn, "repository/"+name) {
				continue
			}
			if policies[arn] == nil {
				policies[arn] = map[string]any{"Version": "2012-10-17", "Statement": []any{}}
			}
			add(policies[arn].(map[string]any))
			return
		}
		w.t.Fatalf("no policy %s", name)
	}
}

// failing groups the failing findings by their mend.
func (w *world) failing(s Subject) []printed {
	var groups []printed
	for _, f := range w.all(s) {
		if f.Status != finding.Fail || f.Hint == "" {
			continue
		}
		i := slices.IndexFunc(groups, func(g printed) bool { return g.hint == f.Hint })
		if i < 0 {
			groups = append(groups, readMend(w.t, f.Hint))
			i = len(groups) - 1
		}
		groups[i].codes = append(groups[i].codes, key(f))
	}
	return groups
}

// key tells findings of one code apart, by the bucket or image that they speak of.
func key(f finding.Finding) finding.Code {
	for _, word := range []string{"lake", "other.git", "sqs", "sns"} {
		if strings.Contains(f.Message, word) {
			return f.Code + finding.Code(" "+word)
		}
	}
	return f.Code
}

func (w *world) all(s Subject) []finding.Finding {
	facts := w.facts()
	target := Resolve(s, facts)
	return append(target.Findings, Run(s, target, facts, when).Findings...)
}

// pass reports whether all of the codes pass.
func (w *world) pass(s Subject, codes []finding.Code) bool {
	status := map[finding.Code]finding.Status{}
	for _, f := range w.all(s) {
		if f.Level != finding.Note || f.Status == finding.Pass {
			status[key(f)] = max(status[key(f)], f.Status)
		}
	}
	return !slices.ContainsFunc(codes, func(c finding.Code) bool { return status[c] != finding.Pass })
}

// documented are statements that are pasted as Anyscale's documentation has them, with actions beyond what is needed.
func documented(s putStatement) bool { return strings.HasPrefix(s.to, "repository:") }

// less lists every mend with one element less.
func less(m printed) [][]putStatement {
	var out [][]putStatement
	for i, s := range m.statements {
		for _, element := range []string{"Action", "Resource"} {
			list, _ := s.statement[element].([]any)
			for k := range list {
				next := slices.Clone(m.statements)
				if len(list) == 1 || documented(s) {
					out = append(out, slices.Delete(next, i, i+1))
					continue
				}
				smaller := map[string]any{}
				for name, v := range s.statement {
					smaller[name] = v
				}
				smaller[element] = slices.Delete(slices.Clone(list), k, k+1)
				next[i].statement = smaller
				out = append(out, next)
			}
		}
	}
	return out
}

// lawful holds the laws of mends for one world: with the mend everything that it is for passes; with any element less, not;
// and it only allows, and nothing but what is required.
func lawful(t *testing.T, w *world, s Subject) (mended, unmended int) {
	t.Helper()
	for _, m := range w.failing(s) {
		if len(m.statements) == 0 {
			unmended++
			unmendable(t, w, s, m)
			continue
		}
		mended++
		if after := w.put(m.statements); !after.pass(s, m.codes) {
			t.Errorf("%v: not mended by\n%s", m.codes, m.hint)
		}
		for _, fewer := range less(m) {
			if w.put(fewer).pass(s, m.codes) {
				t.Errorf("%v: an element is not needed:\n%s\nenough is %v", m.codes, m.hint, fewer)
			}
		}
		for _, p := range m.statements {
			onlyRequired(t, s, p)
		}
	}
	return mended, unmended
}

// unmendable: what ccx says that no policy mends, is mended by no Allow of everything, for the role or for the resource.
func unmendable(t *testing.T, w *world, s Subject, m printed) {
	t.Helper()
	if !strings.Contains(m.hint, "must") || strings.Contains(m.hint, "ccx found no") {
		t.Errorf("%v: whose affair is it? %s", m.codes, m.hint)
	}
	anything := map[string]any{"Effect": "Allow", "Action": []any{"*"}, "Resource": []any{"*"}}
	everyone := map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": nodeRole}, "Action": []any{"*"}, "Resource": []any{"*"}}
	all := []putStatement{{"role:ml-train", anything}, {"role:anyscale-iam-role-1a2b3c4d", anything}}
	for arn := range w.root["resource_policies"].(map[string]any) {
		all = append(all, putStatement{"policy:" + arn[strings.LastIndexByte(arn, ':')+1:], everyone})
	}
	if w.put(all).pass(s, m.codes) {
		t.Errorf("%v: an Allow would mend it: %s", m.codes, m.hint)
	}
}

// onlyRequired proves that a statement grants nothing outside of what is required: each of its actions is listed for a resource
// that covers each of its resources, and it names nobody but the role.
func onlyRequired(t *testing.T, s Subject, p putStatement) {
	t.Helper()
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{p.statement}})
	parsed := policy.Parse(text)
	if len(parsed.Problems) > 0 || parsed.Broken() != "" || len(parsed.Statements) != 1 || parsed.Statements[0].Effect != policy.Allow {
		t.Fatalf("no plain Allow: %s: %v", text, parsed.Problems)
	}
	one := parsed.Statements[0]
	for _, who := range one.Principals {
		if who.Value != nodeRole && (p.to != "trust" || who.Value != "ec2.amazonaws.com") {
			t.Errorf("it names %s: %s", who.Value, text)
		}
	}
	required := requiredOf(s)
	for _, action := range one.Actions {
		covers, known := required[action]
		if !known && documented(p) {
			continue
		}
		for _, resource := range one.Resources {
			if resource == "*" && (strings.HasPrefix(p.to, "key:") || action == loginAction) {
				continue
			}
			if !slices.ContainsFunc(covers, func(c string) bool { return glob.Covers(glob.Compile(c), glob.Compile(resource)) }) && !crossed(action, resource) {
				t.Errorf("%s on %s is not required: %s", action, resource, text)
			}
		}
		if !known {
			t.Errorf("%s is not required: %s", action, text)
		}
		if action == "iam:PassRole" && p.statement["Condition"] == nil {
			t.Errorf("it passes the role to any service: %s", text)
		}
	}
}

// crossed: a bucket's policy statement in the shape of the documentation lists the actions on keys and on the bucket together.
// An action on keys does nothing to the bucket, nor the other way round.
func crossed(action, resource string) bool {
	onKeys := onObjects(strings.ToLower(strings.TrimPrefix(action, "s3:")))
	return strings.HasPrefix(action, "s3:") && onKeys != strings.Contains(resource, "/")
}

// requiredOf lists what the subject's nodes and its control plane must be able to do: action to resources.
func requiredOf(s Subject) map[string][]string {
	out := map[string][]string{
		"sts:AssumeRole": {"*"}, loginAction: {"*"}, "iam:PassRole": {nodeRole}, "iam:GetInstanceProfile": {nodeARN},
		"kms:Decrypt": {keyARN}, "kms:GenerateDataKey": {keyARN},
	}
	for _, r := range requirements {
		for _, a := range r.objects {
			out[a] = append(out[a], bucketARN+"/"+s.Prefix+"*")
		}
		for _, a := range r.bucket {
			out[a] = append(out[a], bucketARN)
		}
	}
	for _, b := range s.DataBuckets {
		for _, a := range []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"} {
			if b.Write || a == "s3:GetObject" {
				out[a] = append(out[a], "arn:aws:s3:::"+b.Name+"/"+b.Prefix+"*")
			}
		}
		out["s3:ListBucket"] = append(out["s3:ListBucket"], "arn:aws:s3:::"+b.Name)
	}
	for _, i := range s.Images {
		ref, _, _ := ParseImage(i.URI)
		for _, a := range pullActions {
			out[a] = append(out[a], ref.ARN())
		}
	}
	for _, r := range s.Requires {
		for _, a := range r.Actions {
			out[a] = append(out[a], r.ARN)
		}
	}
	return out
}

// TestMendLaws holds the laws over many worlds that are made at random.
func TestMendLaws(t *testing.T) {
	const worlds = 25
	r := rand.New(rand.NewPCG(6, 2026))
	mended, unmended := 0, 0
	for n := range worlds {
		w, s := randomWorld(t, r)
		a, b := lawful(t, w, s)
		mended, unmended = mended+a, unmended+b
		if t.Failed() {
			text, _ := json.MarshalIndent(w.root, "", " ")
			t.Fatalf("world %d: %+v\n%s", n, s, text)
		}
	}
	t.Logf("%d worlds, %d mends, %d faults that no Allow mends", worlds, mended, unmended)
	if mended < worlds || unmended < worlds/10 {
		t.Errorf("too few cases: %d mended, %d not", mended, unmended)
	}
}

// FuzzMends holds the laws over more of them.
func FuzzMends(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		w, s := randomWorld(t, rand.New(rand.NewPCG(seed, 7)))
		lawful(t, w, s)
	})
}
