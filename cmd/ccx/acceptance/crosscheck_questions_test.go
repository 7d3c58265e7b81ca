//go:build acceptance && (crosscheck || bench)

package acceptance

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
)

// asked is one question with every policy that has a say in it, in the form that `ccx simulate --lines` reads.
type asked struct {
	ID      string `json:"id"`
	Request struct {
		Principal any            `json:"principal"`
		Action    string         `json:"action"`
		Resource  string         `json:"resource"`
		Context   map[string]any `json:"context"`
		Complete  bool           `json:"context_is_complete"`
	} `json:"request"`
	ResourceAccount string          `json:"resource_account"`
	Identity        []document      `json:"identity,omitempty"`
	Session         *document       `json:"session,omitempty"`
	Boundary        []document      `json:"boundary,omitempty"`
	SCPs            []level         `json:"scps,omitempty"`
	RCPs            []level         `json:"rcps,omitempty"`
	ResourcePolicy  *document       `json:"resource_policy,omitempty"`
	Endpoint        []document      `json:"vpce,omitempty"`
	Settings        map[string]bool `json:"settings,omitempty"`
}

type level struct {
	Policies []document `json:"policies"`
}

type document struct {
	ID        string      `json:"Id,omitempty"`
	Version   string      `json:"Version,omitempty"`
	Statement []statement `json:"Statement"`
}

// statement has the elements that are written; Go writes none that is empty.
type statement struct {
	Effect       string                    `json:"Effect"`
	Principal    any                       `json:"Principal,omitempty"`
	NotPrincipal any                       `json:"NotPrincipal,omitempty"`
	Action       []string                  `json:"Action,omitempty"`
	NotAction    []string                  `json:"NotAction,omitempty"`
	Resource     []string                  `json:"Resource,omitempty"`
	NotResource  []string                  `json:"NotResource,omitempty"`
	Condition    map[string]map[string]any `json:"Condition,omitempty"`
}

// text is the question as a line, for messages and for what a difference is recognised by.
func (q *asked) text() string { return text(q) }

// text is a value as JSON.
func text(v any) string {
	line, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(line)
}

// says reports whether the question holds the text, in either case.
func (q *asked) says(part string) bool {
	return strings.Contains(strings.ToLower(q.text()), strings.ToLower(part))
}

// orders is like says, of the policies alone.
func (q *asked) orders(part string) bool {
	policies := asked{Identity: q.Identity, Session: q.Session, Boundary: q.Boundary, SCPs: q.SCPs, RCPs: q.RCPs, ResourcePolicy: q.ResourcePolicy, Endpoint: q.Endpoint}
	return policies.says(part)
}

// has reports whether the request has the context key.
func (q *asked) has(key string) bool {
	for k := range q.Request.Context {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// scene is a kind of resource with what can be asked of it and how policies may speak of it.
type scene struct {
	actions   []string
	resource  string
	others    []string // other names of it
	patterns  []string
	actionish []string // how policies may name the actions
}

var objects = scene{
	actions:  []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
	resource: "arn:aws:s3:::acme/models/x",
	others: []string{"arn:aws:s3:::acme/secret/12:00.log", "arn:aws:s3:::acme/a/secret/b", "arn:aws:s3:::acme/Models/x", "arn:aws:s3:::acme/blue/1",
		"arn:aws:s3:::acme/models/é", "arn:aws:s3:::acme/secret\nx"},
	patterns: []string{"*", "arn:aws:s3:::*", "arn:aws:s3:::acme/*", "arn:aws:s3:::acme/models/*", "arn:aws:s3:::acme/*/secret/*", "arn:aws:s3:::acme/secret*",
		"arn:aws:s3:::acme/mod?ls/?", "arn:aws:s3:::ACME/*", "arn:aws:s3:::acme/models/x", "arn:aws:s3:::acme", "arn:aws:s3:::acme/${aws:PrincipalTag/team}/*"},
	actionish: []string{"*", "s3:*", "s3:Get*", "s3:GetObject", "S3:putobject", "s3:?etObject", "s3:DeleteObject", "s3:ListBucket"},
}

var scenes = []scene{
	objects, objects, objects, objects,
	{[]string{"s3:ListBucket", "s3:GetBucketLocation"}, "arn:aws:s3:::acme", nil,
		[]string{"*", "arn:aws:s3:::acme", "arn:aws:s3:::acme*", "arn:aws:s3:::acme/*", "arn:aws:s3:::other"},
		[]string{"*", "s3:*", "s3:List*", "s3:ListBucket", "s3:GetObject"}},
	{[]string{"kms:Decrypt", "kms:GenerateDataKey"}, "arn:aws:kms:us-west-2:RESOURCE:key/1234abcd-12ab-34cd-56ef-1234567890ab", nil,
		[]string{"*", "arn:aws:kms:*:*:key/*", "arn:aws:kms:us-west-2:RESOURCE:key/1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:us-east-1:RESOURCE:key/*"},
		[]string{"*", "kms:*", "kms:Decrypt", "kms:GenerateDataKey*", "KMS:decrypt"}},
	{[]string{"ecr:BatchGetImage"}, "arn:aws:ecr:us-west-2:RESOURCE:repository/ray", nil,
		[]string{"*", "arn:aws:ecr:*:RESOURCE:repository/*", "arn:aws:ecr:us-west-2:RESOURCE:repository/r?y", "arn:aws:ecr:us-west-2:RESOURCE:repository/other"},
		[]string{"*", "ecr:*", "ecr:BatchGetImage", "ecr:Get*"}},
	{[]string{"sqs:SendMessage"}, "arn:aws:sqs:us-west-2:RESOURCE:jobs", nil,
		[]string{"*", "arn:aws:sqs:*:RESOURCE:jobs", "arn:aws:sqs:us-west-2:RESOURCE:j*", "arn:aws:sqs:us-west-2:RESOURCE:other"},
		[]string{"*", "sqs:*", "sqs:SendMessage", "sqs:Receive*"}},
}

// keyed says that the resource's own policy must grant, so that identity policies alone never do.
func (s *scene) keyed() bool { return strings.Contains(s.resource, ":kms:") }

// someone is a caller with the names that policies have for it.
type someone struct {
	principal any // as asked
	arn       string
	names     []any // Principal elements that mean it, and some that don't
	exempt    []any // NotPrincipal elements, of which some leave it out in the way that AWS asks for
	context   map[string]any
}

const roleSession = "i-0123456789abcdef0"

func callers() map[string]someone {
	role, session := "arn:aws:iam::"+ours+":role/nodes", "arn:aws:sts::"+ours+":assumed-role/nodes/"+roleSession
	everyone := []any{"*", map[string]any{"AWS": "*"}, map[string]any{"AWS": []string{ours}}, map[string]any{"AWS": "arn:aws:iam::" + ours + ":root"}, map[string]any{"AWS": theirs},
		map[string]any{"AWS": []string{"arn:aws:iam::" + ours + ":role/other"}}, map[string]any{"Service": "ec2.amazonaws.com"}}
	named := func(names ...any) []any { return append(names, everyone...) }
	user := "arn:aws:iam::" + ours + ":user/ada"
	root := "arn:aws:iam::" + ours + ":root"
	but := func(names ...string) any { return map[string]any{"AWS": names} }
	return map[string]someone{
		"session": {session, role, named(map[string]any{"AWS": role}, map[string]any{"AWS": []string{role, theirs}}, map[string]any{"AWS": session}),
			[]any{but(role, session, root), but(role, session, root), but(role, root), but(session), but("arn:aws:iam::" + ours + ":role/other"), but(theirs)},
			map[string]any{"aws:PrincipalArn": role, "aws:PrincipalAccount": ours, "aws:PrincipalType": "AssumedRole", "aws:userid": "AROAEXAMPLEEXAMPLE12:" + roleSession}},
		"user": {user, user, named(map[string]any{"AWS": user}), []any{but(user, root), but(user, root), but(user), but(root), but(theirs)},
			map[string]any{"aws:PrincipalArn": user, "aws:PrincipalAccount": ours, "aws:PrincipalType": "User", "aws:username": "ada", "aws:userid": "AIDAEXAMPLEEXAMPLE12"}},
		"anonymous": {map[string]any{"type": "Anonymous"}, "", named(), nil, map[string]any{}},
	}
}

// generator makes questions; one seed always makes the same.
type generator struct {
	*rand.Rand
	callers  map[string]someone
	subjects []subject // of conditions
	simple   bool      // identity policies only
}

func newGenerator(seed uint64, simple bool) *generator {
	return &generator{rand.New(rand.NewPCG(seed, 7)), callers(), subjects, simple}
}

func oneOf[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// fewOf returns one of from, sometimes two.
func fewOf[T any](g *generator, from []T) []T {
	out := []T{oneOf(g, from)}
	if g.IntN(3) == 0 {
		out = append(out, oneOf(g, from))
	}
	return out
}

// one says yes once in n times.
func (g *generator) one(n int) bool { return g.IntN(n) == 0 }

func (g *generator) question(id string) *asked {
	s := oneOf(g, scenes)
	for g.simple && s.keyed() {
		s = oneOf(g, scenes)
	}
	kind := oneOf(g, []string{"session", "session", "session", "session", "user", "anonymous"})
	if g.simple {
		kind = "session"
	}
	who := g.callers[kind]
	q := &asked{ID: id, ResourceAccount: ours}
	if !g.simple && g.one(3) {
		q.ResourceAccount = theirs
	}
	q.Request.Principal, q.Request.Complete = who.principal, true
	q.Request.Action = oneOf(g, s.actions)
	q.Request.Resource = s.resource
	if g.one(2) && len(s.others) > 0 {
		q.Request.Resource = oneOf(g, s.others)
	}
	q.Request.Resource = strings.ReplaceAll(q.Request.Resource, "RESOURCE", q.ResourceAccount)
	q.Request.Context = g.context(who)
	g.layers(q, s, who, kind)
	return q
}

func (g *generator) layers(q *asked, s scene, who someone, kind string) {
	doc := func(allows bool, principals []any) document { return g.document(q, s, who, allows, principals) }
	if kind != "anonymous" {
		for range 1 + g.IntN(2) {
			q.Identity = append(q.Identity, doc(g.one(2), nil))
		}
	}
	if g.simple {
		return
	}
	if g.IntN(4) > 0 {
		d := doc(g.one(3), who.names)
		q.ResourcePolicy = &d
		q.Settings = map[string]bool{"BlockPublicAccess": g.one(3)}
	}
	if g.one(6) {
		q.Endpoint = []document{doc(!g.one(3), []any{"*"})}
	}
	if g.one(5) {
		for range 1 + g.IntN(2) {
			q.RCPs = append(q.RCPs, level{[]document{fullRCP(), g.rcp(q, s, who)}})
		}
	}
	if kind == "anonymous" {
		return
	}
	if g.one(4) {
		q.Boundary = []document{doc(!g.one(3), nil)}
	}
	if kind == "session" && g.one(5) {
		d := doc(!g.one(3), nil)
		q.Session = &d
	}
	if g.one(4) {
		for range 1 + g.IntN(3) {
			q.SCPs = append(q.SCPs, level{[]document{doc(!g.one(4), nil)}})
		}
	}
}

// document makes a policy; allows puts an Allow of everything first.
func (g *generator) document(q *asked, s scene, who someone, allows bool, principals []any) document {
	d := document{Version: "2012-10-17"}
	if allows {
		all := statement{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}
		if principals != nil {
			all.Principal = oneOf(g, principals)
		}
		d.Statement = append(d.Statement, all)
	}
	for range 1 + g.IntN(2) {
		d.Statement = append(d.Statement, g.statement(q, s, who, principals))
	}
	return d
}

func (g *generator) statement(q *asked, s scene, who someone, principals []any) statement {
	st := statement{Effect: "Allow"}
	if g.one(3) {
		st.Effect = "Deny"
	}
	switch {
	case len(principals) > 1 && st.Effect == "Deny" && g.one(4) && who.arn != "":
		st.NotPrincipal = oneOf(g, who.exempt)
	case principals != nil:
		st.Principal = oneOf(g, principals)
	}
	if actions := fewOf(g, s.actionish); g.one(10) {
		st.NotAction = actions
	} else {
		st.Action = actions
	}
	resources := fewOf(g, s.patterns)
	for i := range resources {
		resources[i] = strings.ReplaceAll(resources[i], "RESOURCE", q.ResourceAccount)
	}
	if g.one(10) {
		st.NotResource = resources
	} else {
		st.Resource = resources
	}
	if g.one(2) {
		st.Condition = map[string]map[string]any{}
		for range 1 + g.IntN(2) {
			g.condition(st.Condition, who)
		}
	}
	return st
}

// fullRCP is the policy that AWS attaches to every account.
func fullRCP() document {
	return document{ID: "RCPFullAWSAccess", Version: "2012-10-17",
		Statement: []statement{{Effect: "Allow", Principal: "*", Action: []string{"*"}, Resource: []string{"*"}}}}
}

// rcp makes what an organization may add to it: denies, for everyone, of one service's actions.
func (g *generator) rcp(q *asked, s scene, who someone) document {
	st := g.statement(q, s, who, []any{"*"})
	st.Effect, st.NotAction = "Deny", nil
	service, _, _ := strings.Cut(q.Request.Action, ":")
	st.Action = []string{oneOf(g, []string{service + ":*", q.Request.Action})}
	return document{Version: "2012-10-17", Statement: []statement{st}}
}
