//go:build acceptance && crosscheck

package acceptance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// known are the keys that MiniStack knows of a request, and what they are in a call of this test.
var known = []subject{
	{"aws:SourceIp", nil, []string{"127.0.0.0/8", "127.0.0.1", "10.0.0.0/8"}, []string{"IpAddress", "NotIpAddress"}},
	{"aws:SecureTransport", nil, []string{"true", "false"}, []string{"Bool"}},
	{"aws:PrincipalTag/team", nil, []string{"blue", "b*", "Blue", "red"}, textOperators},
	{"aws:PrincipalAccount", nil, []string{ours, theirs, "1111*"}, textOperators},
	{"aws:PrincipalArn", nil, []string{"arn:aws:iam::" + ours + ":role/nodes", "arn:aws:iam::*:role/*"}, arns},
	{"aws:PrincipalOrgID", nil, []string{"o-other", "o-*"}, textOperators},
	{"s3:prefix", nil, []string{"models/", "models/*", "secret"}, textOperators},
}

// stage is what one round of calls happens on: a role, and a bucket with the keys of objects to ask for.
type stage struct {
	*asked
	calls     []sdkCall
	at        []int    // which of the calls are questions
	questions []*asked // of those
}

// TestPeerMiniStack lets the real SDK act as an assumed role on a server that decides, and compares what comes of it
// with what ccx predicts.
func TestPeerMiniStack(t *testing.T) {
	g := newGenerator(3, false)
	g.subjects = known
	var calls []sdkCall
	var at []int
	var all []*asked
	for i := range 90 {
		s := g.stage(i)
		for _, n := range s.at {
			at = append(at, len(calls)+n)
		}
		calls, all = append(calls, s.calls...), append(all, s.questions...)
	}
	codes := sdk(t, miniStack(t), calls)
	for i, code := range codes {
		if code != "" && !slices.Contains(at, i) {
			t.Fatalf("the stage could not be set: %s in %v", code, calls[i])
		}
	}
	theirs := make([]said, len(at))
	for i, n := range at {
		switch codes[n] {
		case "", "NoSuchKey":
			theirs[i].Verdict = "allowed"
		case "AccessDenied", "AccessDeniedException":
			theirs[i].Verdict = "implicit_deny"
		default:
			t.Fatalf("%s in %v", codes[n], calls[n])
		}
	}
	compare(t, all, askAll(t, all, the.ccx(), "simulate", "--lines"), theirs, miniStackDifferences, true)
}

// stage makes a role and a bucket or a key with random policies, and asks for a few things.
func (g *generator) stage(i int) stage {
	what := objects
	if i%6 == 5 {
		what = scenes[slices.IndexFunc(scenes, func(s scene) bool { return s.keyed() })]
	}
	q := &asked{ResourceAccount: ours}
	if g.one(4) && !what.keyed() { // MiniStack finds no key of another account
		q.ResourceAccount = theirs
	}
	who := g.callers["session"]
	q.Request.Principal, q.Request.Complete = who.principal, true
	q.Request.Action, q.Request.Resource = what.actions[0], strings.ReplaceAll(what.resource, "RESOURCE", q.ResourceAccount)
	g.layers(q, what, who, "session")
	q.SCPs, q.RCPs, q.Endpoint = nil, nil, nil // which MiniStack does not know
	st := stage{asked: q}
	st.cast()
	if what.keyed() {
		st.key()
	} else {
		st.bucket()
	}
	names := strings.NewReplacer("acme", fmt.Sprint("acme-", i), "nodes", fmt.Sprint("nodes-", i))
	st.calls, st.questions = renamed(st.calls, names), renamed(st.questions, names)
	return st
}

// renamed returns a copy in which the names are others, so that no stage is in another's way.
func renamed[T any](v T, names *strings.Replacer) (out T) {
	if err := json.Unmarshal([]byte(names.Replace(text(v))), &out); err != nil {
		panic(err)
	}
	return out
}

func (s *stage) do(as, service, operation string, parameters map[string]any) *sdkCall {
	s.calls = append(s.calls, sdkCall{As: as, Service: service, Operation: operation, Parameters: parameters})
	return &s.calls[len(s.calls)-1]
}

// cast makes the role and its session.
func (s *stage) cast() {
	trust := `{"Effect": "Allow", "Principal": {"AWS": "` + ours + `"}, "Action": "sts:AssumeRole"}`
	role := map[string]any{"RoleName": "nodes", "AssumeRolePolicyDocument": policy(trust), "Tags": []any{map[string]any{"Key": "team", "Value": "blue"}}}
	if s.Boundary != nil {
		s.do(ours, "iam", "create_policy", map[string]any{"PolicyName": "nodes", "PolicyDocument": text(s.Boundary[0])})
		role["PermissionsBoundary"] = "arn:aws:iam::" + ours + ":policy/nodes"
	}
	s.do(ours, "iam", "create_role", role)
	for i, d := range s.Identity {
		s.do(ours, "iam", "put_role_policy", map[string]any{"RoleName": "nodes", "PolicyName": fmt.Sprint("p", i), "PolicyDocument": text(d)})
	}
	assume := map[string]any{"RoleArn": "arn:aws:iam::" + ours + ":role/nodes", "RoleSessionName": roleSession}
	if s.Session != nil {
		assume["Policy"] = text(*s.Session)
	}
	s.do(ours, "sts", "assume_role", assume).Save = "nodes"
}

// bucket makes the bucket and asks for objects.
func (s *stage) bucket() {
	owner := s.ResourceAccount
	s.do(owner, "s3", "create_bucket", map[string]any{"Bucket": "acme", "CreateBucketConfiguration": map[string]any{"LocationConstraint": "us-west-2"}})
	s.do(owner, "s3", "put_public_access_block", map[string]any{"Bucket": "acme", "PublicAccessBlockConfiguration": map[string]any{
		"BlockPublicPolicy": false, "RestrictPublicBuckets": s.Settings["BlockPublicAccess"]}})
	if s.ResourcePolicy != nil {
		s.do(owner, "s3", "put_bucket_policy", map[string]any{"Bucket": "acme", "Policy": text(*s.ResourcePolicy)})
	}
	for _, o := range [][3]string{
		{"get_object", "s3:GetObject", "models/x"}, {"get_object", "s3:GetObject", "secret/12:00.log"}, {"get_object", "s3:GetObject", "blue/1"},
		{"put_object", "s3:PutObject", "models/x"}, {"delete_object", "s3:DeleteObject", "a/secret/b"},
	} {
		s.ask("s3", o[0], map[string]any{"Bucket": "acme", "Key": o[2]}, o[1], "arn:aws:s3:::acme/"+o[2], nil)
	}
	list := map[string]any{"Bucket": "acme", "Prefix": "models/"}
	s.ask("s3", "list_objects_v2", list, "s3:ListBucket", "arn:aws:s3:::acme", map[string]any{"s3:prefix": "models/"})
	s.ask("s3", "get_bucket_location", map[string]any{"Bucket": "acme"}, "s3:GetBucketLocation", "arn:aws:s3:::acme", nil)
}

// key makes a KMS key, whose policy lets its owner's root user manage it, and asks for a data key.
func (s *stage) key() {
	owner := s.ResourceAccount
	manage := statement{Effect: "Allow", Principal: map[string]any{"AWS": "arn:aws:iam::" + owner + ":root"}, Action: []string{"kms:Put*", "kms:Create*"}, Resource: []string{"*"}}
	if s.ResourcePolicy == nil {
		s.ResourcePolicy = &document{Version: "2012-10-17"}
	}
	s.ResourcePolicy.Statement = append(s.ResourcePolicy.Statement, manage)
	s.Settings = nil
	s.do(owner, "kms", "create_key", map[string]any{"Policy": text(*s.ResourcePolicy), "BypassPolicyLockoutSafetyCheck": true}).Keep = []string{"key", "KeyMetadata", "Arn"}
	s.ask("kms", "generate_data_key", map[string]any{"KeyId": "$key", "KeySpec": "AES_256"}, "kms:GenerateDataKey", s.Request.Resource, nil)
}

// ask makes a call as the role and the question that predicts what comes of it.
func (s *stage) ask(service, operation string, parameters map[string]any, action, resource string, context map[string]any) {
	s.do("nodes", service, operation, parameters)
	s.at = append(s.at, len(s.calls)-1)
	q := *s.asked
	q.Request.Action, q.Request.Resource = action, resource
	q.Request.Context = map[string]any{"aws:SourceIp": "127.0.0.1", "aws:SecureTransport": "false", "aws:PrincipalTag/team": "blue",
		"aws:PrincipalAccount": ours, "aws:PrincipalArn": "arn:aws:iam::" + ours + ":role/nodes"}
	for k, v := range context {
		q.Request.Context[k] = v
	}
	s.questions = append(s.questions, &q)
}
