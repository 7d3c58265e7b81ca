package live

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"ccx/transform/account"
)

// metadataPatience is how long instance metadata may take: it answers within milliseconds, or is not there.
const metadataPatience = 2 * time.Second

// machine returns a client of instance metadata, which is never asked through a proxy: the SDK takes care of that where
// it makes the HTTP client itself.
func machine(cfg aws.Config) *imds.Client {
	own := cfg.Copy()
	own.HTTPClient = nil
	return imds.NewFromConfig(own, func(o *imds.Options) { o.ClientEnableState = imds.ClientEnabled })
}

// machineRegion returns the region that this machine runs in; "" when instance metadata does not say so.
func machineRegion(ctx context.Context, cfg aws.Config) string {
	ctx, cancel := context.WithTimeout(ctx, metadataPatience)
	defer cancel()
	out, err := machine(cfg).GetRegion(ctx, &imds.GetRegionInput{})
	if err != nil {
		return ""
	}
	return checkRegion(out.Region)
}

// Machine returns the ARN of this machine's instance profile, as instance metadata tells it; "" where it does not, and
// where the credentials that the probe has come from elsewhere, so that the profile says nothing about them.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html
func (p *Probe) Machine(ctx context.Context) string {
	s := p.run.own()
	if c, _ := s.clients(); c == nil || !p.run.options.asksMetadata() || s.source() != ec2rolecreds.ProviderName {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, metadataPatience)
	defer cancel()
	out, err := machine(s.config).GetIAMInfo(ctx, &imds.GetIAMInfoInput{})
	if err != nil || out.Code != "Success" {
		return ""
	}
	if _, _, ok := account.SplitProfile(out.InstanceProfileArn); !ok {
		return ""
	}
	return out.InstanceProfileArn
}

// Gather looks up the instance profiles that are wanted with the node's own credentials, and nothing else: which role a
// profile holds is all that a probe has to know. Nodes may seldom do that.
func (p *Probe) Gather(_ context.Context, w account.Wants) *account.Facts {
	s := p.run.own()
	rec := account.NewRecorder(p.run.began, s.endpoint())
	if id := s.identity()(p.run.ctx); id.State == account.Known {
		rec.Caller(id.Value)
	} else {
		rec.Unread(account.CallerKey, id.Unread)
	}
	for _, want := range w.Profiles {
		answer := p.profile(s, want.Name)
		owner, why, ok := s.owner(want.Account)
		answer = inAccount(answer, owner, aws.ToString(answer.Value.Arn))
		switch {
		case !ok:
			unread(rec, want.Account, account.ProfileKey(want.Account, want.Name), why)
		case answer.State == account.None:
			rec.NoProfile(owner, want.Name)
		case answer.State == account.Known:
			rec.Profile(owner, profileDetail(answer.Value))
		default:
			rec.Unread(account.ProfileKey(owner, want.Name), answer.Unread)
		}
	}
	return rec.Facts()
}

func (p *Probe) profile(s *session, name string) account.Fact[types.InstanceProfile] {
	if !nameGrammar.MatchString(name) {
		return notRead[types.InstanceProfile](invalid("the name of an instance profile", name))
	}
	op := operation{name: "iam:GetInstanceProfile", none: noEntity}
	return call(s, op, func(ctx context.Context, c *clients) (types.InstanceProfile, error) {
		ctx, cancel := context.WithTimeout(ctx, p.target.Patience)
		defer cancel()
		out, err := c.iam.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &name})
		if err != nil {
			return types.InstanceProfile{}, err
		}
		return checkProfile(out.InstanceProfile, name)
	})
}
