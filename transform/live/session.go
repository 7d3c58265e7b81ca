package live

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"ccx/transform/account"
)

// session is one set of credentials.
type session struct {
	run     *run
	key     string // where the credentials come from; "" = the SDK's own
	account string // the 12 digits that key is configured for; "" for the SDK's own

	once   sync.Once
	config aws.Config
	made   *clients
	why    account.Unread // why there are no clients
}

// clients are made when first needed. S3 is asked in the bucket's own region, so that it has a client for each.
type clients struct {
	config  aws.Config
	iam     *iam.Client
	sts     *sts.Client
	secrets []string // of the credentials, to be hidden wherever they turn up

	mu sync.Mutex
	s3 map[string]*s3.Client
}

// own returns the session of the SDK's own credentials.
func (r *run) own() *session { return r.sessionOf("", "") }

// session returns the credentials for an account: those configured for it, or the SDK's own.
func (r *run) session(id string) *session {
	if key, ok := r.configured(id); ok {
		return r.sessionOf(key, id)
	}
	return r.own()
}

// configured returns what Options.Accounts says for an account.
func (r *run) configured(id string) (string, bool) {
	if id == "" {
		return "", false
	}
	if key, ok := r.options.Accounts[id]; ok {
		return key, true
	}
	key, ok := r.options.Accounts["default"]
	return strings.ReplaceAll(key, "{account}", id), ok
}

func (r *run) sessionOf(key, id string) *session {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sessions[id+" "+key]
	if s == nil {
		s = &session{run: r, key: key, account: id}
		r.sessions[id+" "+key] = s
	}
	return s
}

// name tells sessions apart in the keys of requests.
func (s *session) name() string { return s.account + " " + s.key + " " }

// clients returns the clients, or nil and the reason why there are none.
func (s *session) clients() (*clients, account.Unread) {
	s.once.Do(func() {
		cfg, why, ok := s.configure()
		s.config = cfg
		if !ok {
			s.why = why
			s.why.Account = s.account
			return
		}
		s.made = clientsOf(cfg)
		s.made.secrets = secretsOf(s.run.ctx, cfg)
	})
	return s.made, s.why
}

func clientsOf(cfg aws.Config) *clients {
	return &clients{config: cfg, iam: iam.NewFromConfig(cfg), sts: sts.NewFromConfig(cfg), s3: map[string]*s3.Client{}}
}

// organizations returns the client of AWS Organizations, which the SDK sends to the one region that has it in a partition.
func (c *clients) organizations() *organizations.Client { return organizations.NewFromConfig(c.config) }

// close gives the session's connections back, if it ever had any.
func (s *session) close() {
	s.once.Do(func() {})
	if s.made == nil {
		return
	}
	if g, ok := s.made.config.HTTPClient.(guarded); ok {
		g.client.CloseIdleConnections()
	}
}

// inRegion returns the S3 client of a region. An endpoint that is not AWS's own has one name for all buckets.
func (c *clients) inRegion(region string) *s3.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	client := c.s3[region]
	if client == nil {
		client = s3.NewFromConfig(c.config, func(o *s3.Options) {
			o.Region = region
			o.UsePathStyle = o.BaseEndpoint != nil
		})
		c.s3[region] = client
	}
	return client
}

// identity asks who the credentials belong to.
func (s *session) identity() future[account.Identity] {
	return start(s.run, s.name()+"caller", func() account.Fact[account.Identity] {
		op := operation{name: "sts:GetCallerIdentity"}
		return call(s, op, func(ctx context.Context, c *clients) (account.Identity, error) {
			out, err := c.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
			if err != nil {
				return account.Identity{}, err
			}
			id := account.Identity{Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn), UserID: aws.ToString(out.UserId)}
			if !accountGrammar.MatchString(id.Account) || !strings.HasPrefix(id.ARN, "arn:") {
				return id, unexpected("STS does not say whose credentials these are")
			}
			return id, nil
		})
	})
}

// owner makes sure that the credentials are of an account ("": of any), and returns its 12 digits. Nothing may be
// concluded from the answers to credentials of another account: there, NoSuchEntity means nothing.
func (s *session) owner(id string) (string, account.Unread, bool) {
	caller := s.identity()(s.run.ctx)
	switch {
	case caller.State != account.Known:
		why := caller.Unread
		why.Account = or(id, why.Account)
		return "", why, false
	case id != "" && id != caller.Value.Account:
		return "", account.Unread{Class: account.Elsewhere, Account: id, Caller: caller.Value.ARN}, false
	}
	return caller.Value.Account, account.Unread{}, true
}

// sign adds to a reason the call, and who made it, and takes out what a server may have echoed of the credentials.
func (s *session) sign(op operation, why account.Unread) account.Unread {
	why.Code, why.Message = s.hide(why.Code), s.hide(why.Message)
	why.Operation = or(why.Operation, op.name)
	why.Account = or(why.Account, s.account)
	if op.name == "sts:GetCallerIdentity" || why.Class != account.Denied {
		return why
	}
	if id := s.identity()(s.run.ctx); id.State == account.Known {
		why.Account, why.Caller = id.Value.Account, id.Value.ARN
	}
	return why
}

// hide takes the session's own credentials out of a text.
func (s *session) hide(text string) string {
	if s.made == nil {
		return text
	}
	for _, secret := range s.made.secrets {
		text = strings.ReplaceAll(text, secret, "(hidden)")
	}
	return text
}

// endpoint returns the endpoints that are not AWS's own, without the credentials that a URL may hold; one for all
// services stands alone, else each has its service's name before it: "http://127.0.0.1:5000", "iam=... s3=...".
func (s *session) endpoint() string {
	s.clients()
	c := clientsOf(s.config) // also where there are no credentials: what would have been asked
	byService := []struct{ name, url string }{
		{"ecr", bare(ecr.NewFromConfig(c.config).Options().BaseEndpoint)}, {"iam", bare(c.iam.Options().BaseEndpoint)},
		{"kms", bare(kms.NewFromConfig(c.config).Options().BaseEndpoint)}, {"s3", bare(c.inRegion(c.config.Region).Options().BaseEndpoint)},
		{"sts", bare(c.sts.Options().BaseEndpoint)},
	}
	var all []string
	same := true
	for _, e := range byService {
		same = same && e.url == byService[0].url
		if e.url != "" {
			all = append(all, fmt.Sprintf("%s=%s", e.name, e.url))
		}
	}
	if same {
		return byService[0].url
	}
	return strings.Join(all, " ")
}

func or(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
