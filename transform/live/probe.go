package live

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"ccx/transform/account"
)

// ProbeTarget is what a probe tries its actions on.
type ProbeTarget struct {
	Bucket string // the cloud's bucket; "" for none
	Prefix string // the keys that nodes use begin with it; "" is the whole bucket
	Owner  string // 12 digits of the account that must own the bucket; "" expects nobody
	// Patience bounds each call with its retries; 0: 10 seconds.
	Patience time.Duration
}

// Probe tries actions with the SDK's own credentials, as a program on the node would, and tells what AWS answers. It
// concludes nothing from policies. Write alone changes something, and takes it back.
type Probe struct {
	run    *run
	target ProbeTarget
	region string // the bucket's, as far as it is known
}

// NewProbe returns a probe. It reads no configuration and makes no call before a method asks for it.
func NewProbe(ctx context.Context, o Options, t ProbeTarget) *Probe {
	if t.Patience <= 0 {
		t.Patience = 10 * time.Second
	}
	o.Accounts = nil // a probe is of the node's own credentials
	return &Probe{run: newRun(ctx, o, account.Wants{}), target: t}
}

// Close gives the connections back.
func (p *Probe) Close() { p.run.close() }

// Outcome is what became of an action.
type Outcome uint8

// The outcomes. All but NotTried and Unanswered are AWS's own answers.
const (
	NotTried   Outcome = iota
	Works              // AWS did it
	Refused            // the caller may not
	Missing            // what it is about is not there
	Broken             // allowed, and impossible all the same: a KMS key that is disabled or gone
	Unanswered         // no answer that says which: network, throttling, credentials, a time-out
)

// Tried is an action with its outcome.
type Tried struct {
	Outcome Outcome
	Action  string         // the permission that was asked for, or the one that AWS names in its refusal: "kms:Decrypt"
	Code    string         // AWS's error code, or ours where AWS gives none: "AccessDenied", "Timeout"
	Because string         // AWS's own words for a refusal, cut and freed of secrets; may be empty
	Why     account.Unread // for Unanswered
}

// Names reports whether AWS's own words name the permission that decided.
func (t Tried) Names() bool { return refusal.MatchString(t.Because) }

// refusal is how AWS words a refusal since 2021.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
var refusal = regexp.MustCompile(`not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9]+)`)

// try makes one call within the probe's patience.
func (p *Probe) try(ctx context.Context, op operation, do func(context.Context, *clients) error) Tried {
	s := p.run.own()
	c, why := s.clients()
	if c == nil {
		why.Operation = or(why.Operation, op.name)
		return Tried{Outcome: Unanswered, Action: op.name, Code: why.Code, Why: why}
	}
	if err := ctx.Err(); err != nil {
		why = ended(err)
		why.Operation = op.name
		return Tried{Outcome: Unanswered, Action: op.name, Code: why.Code, Why: why}
	}
	ctx, cancel := context.WithTimeout(ctx, p.target.Patience)
	defer cancel()
	if err := do(ctx, c); err != nil {
		return s.tried(op, err)
	}
	return Tried{Outcome: Works, Action: op.name}
}

// tried says what an error means for the action.
func (s *session) tried(op operation, err error) Tried {
	missing, why := meaning(op, err)
	t := Tried{Outcome: Unanswered, Action: op.name, Code: s.hide(why.Code)}
	var api smithy.APIError
	if errors.As(err, &api) {
		t.Code = s.hide(clean(api.ErrorCode()))
	}
	switch {
	case missing:
		t.Outcome = Missing
	case why.Class == account.Denied:
		t.Outcome, t.Because = Refused, s.reason(api)
		if m := refusal.FindStringSubmatch(t.Because); m != nil {
			t.Action = m[1]
		}
	case strings.HasPrefix(t.Code, "KMS."), strings.HasPrefix(t.Code, "KMSInvalid"):
		t.Outcome, t.Action, t.Because = Broken, "kms", s.reason(api)
	default:
		why.Code, why.Message, why.Operation = t.Code, s.hide(why.Message), op.name
		t.Why = why
	}
	return t
}

// reason is AWS's own text of a refusal, without the caller, whom the report names once.
func (s *session) reason(api smithy.APIError) string {
	if api == nil || strings.EqualFold(strings.TrimSuffix(api.ErrorMessage(), "."), "access denied") {
		return ""
	}
	text := s.hide(api.ErrorMessage())
	if i := strings.Index(text, "is not authorized to perform:"); i > 0 {
		text = "the caller " + text[i:]
	}
	return clean(text)
}

// Caller is whose credentials the probe has.
type Caller struct {
	account.Identity
	Source string // where they come from, as the SDK names it: "EnvConfigCredentials", "EC2RoleProvider"
}

// Identity asks whose credentials these are.
func (p *Probe) Identity() (Caller, Tried) {
	id := p.run.own().identity()(p.run.ctx)
	t := Tried{Outcome: Works, Action: "sts:GetCallerIdentity"}
	if id.State != account.Known {
		t.Outcome, t.Why, t.Code = Unanswered, id.Unread, id.Unread.Code
		if id.Unread.Class == account.Denied {
			t.Outcome, t.Because = Refused, id.Unread.Message
		}
	}
	return Caller{Identity: id.Value, Source: p.run.own().source()}, t
}

// source says where the session's credentials come from.
func (s *session) source() string {
	if s.made == nil {
		return ""
	}
	c, err := s.made.config.Credentials.Retrieve(s.run.ctx)
	if err != nil {
		return ""
	}
	return clean(c.Source)
}

// Provenance says who asked, when, and whether an endpoint that is not AWS's own was asked.
func (p *Probe) Provenance() account.Provenance {
	rec := account.NewRecorder(p.run.began, p.run.own().endpoint())
	if id := p.run.own().identity()(p.run.ctx); id.State == account.Known {
		rec.Caller(id.Value)
	} else {
		rec.Unread(account.CallerKey, id.Unread)
	}
	return rec.Facts().Provenance()
}

// bucket tries an action on the bucket, in its region.
func (p *Probe) bucket(ctx context.Context, op operation, do func(context.Context, *s3.Client) error) Tried {
	if !validBucket(p.target.Bucket) {
		why := invalid("the name of a bucket that ccx can ask for", p.target.Bucket)
		return Tried{Outcome: Unanswered, Action: op.name, Code: why.Code, Why: why}
	}
	op.none = append(op.none, "NoSuchBucket")
	return p.try(ctx, op, func(ctx context.Context, c *clients) error { return do(ctx, c.inRegion(or(p.region, c.config.Region))) })
}

func (p *Probe) owner() *string { return optional(p.target.Owner) }

// Name returns s3://BUCKET/KEY.
func (p *Probe) Name(key string) string { return fmt.Sprintf("s3://%s/%s", p.target.Bucket, key) }
