package live

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"ccx/transform/account"
)

// keyParts are the requests about a KMS key. GetKeyPolicy knows no other account's keys, so that all three are made with
// the credentials of the key's own. https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
type keyParts struct {
	metadata future[account.KeyMetadata]
	policy   future[*account.Document]
	grants   future[[]account.KeyGrant]
}

// startKey asks for a key by its ARN, in its own region.
func (r *run) startKey(arn string) keyParts {
	owner, region, _, ok := account.SplitKey(arn)
	if !ok || !regionGrammar.MatchString(region) || !accountGrammar.MatchString(owner) {
		return keyParts{
			refused[account.KeyMetadata]("the ARN of a KMS key", arn), refused[*account.Document]("the ARN of a KMS key", arn),
			refused[[]account.KeyGrant]("the ARN of a KMS key", arn),
		}
	}
	s := r.session(owner)
	in := func(c *clients) *kms.Client {
		return kms.NewFromConfig(c.config, func(o *kms.Options) { o.Region = region })
	}
	return keyParts{
		metadata: about(s, operation{"kms:DescribeKey", []string{"NotFoundException"}}, arn, func(ctx context.Context, c *clients) (account.KeyMetadata, error) {
			out, err := in(c).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &arn})
			if err != nil {
				return account.KeyMetadata{}, err
			}
			return keyMetadata(out.KeyMetadata, arn, owner)
		}),
		policy: about(s, operation{name: "kms:GetKeyPolicy"}, arn, func(ctx context.Context, c *clients) (*account.Document, error) {
			out, err := in(c).GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &arn})
			if err != nil {
				return nil, err
			}
			return document(out.Policy)
		}),
		grants: about(s, operation{name: "kms:ListGrants"}, arn, func(ctx context.Context, c *clients) ([]account.KeyGrant, error) {
			return pages(func(marker *string) (page[account.KeyGrant], error) {
				out, err := in(c).ListGrants(ctx, &kms.ListGrantsInput{KeyId: &arn, Marker: marker, Limit: aws.Int32(100)})
				if err != nil {
					return page[account.KeyGrant]{}, err
				}
				if out.Grants == nil {
					return page[account.KeyGrant]{}, unexpected("KMS's answer holds no list of grants")
				}
				return page[account.KeyGrant]{keyGrants(out.Grants), out.Truncated, out.NextMarker}, nil
			})
		}),
	}
}

// about makes one request about a thing, by its ARN, once a run.
func about[T any](s *session, op operation, arn string, do func(context.Context, *clients) (T, error)) future[T] {
	return start(s.run, s.name()+op.name+"/"+arn, func() account.Fact[T] { return call(s, op, do) })
}

// keyMetadata refuses an answer about another key, or one that leaves out what decides.
func keyMetadata(m *types.KeyMetadata, arn, owner string) (account.KeyMetadata, error) {
	if m == nil || aws.ToString(m.Arn) != arn || m.AWSAccountId != nil && *m.AWSAccountId != owner {
		return account.KeyMetadata{}, unexpected("KMS's answer is about another key")
	}
	if m.KeyState == "" || m.KeyManager == "" {
		return account.KeyMetadata{}, unexpected("KMS's answer holds no state of the key")
	}
	return account.KeyMetadata{
		Account: owner, ARN: arn, Enabled: m.Enabled, Usage: string(m.KeyUsage), State: string(m.KeyState), Manager: string(m.KeyManager),
		Spec: string(m.KeySpec),
	}, nil
}

func keyGrants(entries []types.GrantListEntry) []account.KeyGrant {
	var out []account.KeyGrant
	for _, g := range entries {
		grant := account.KeyGrant{ID: aws.ToString(g.GrantId), Grantee: aws.ToString(g.GranteePrincipal), Operations: []string{}}
		for _, o := range g.Operations {
			grant.Operations = append(grant.Operations, string(o))
		}
		out = append(out, grant)
	}
	return out
}

// keysOf returns the keys that a bucket's encryption names; aliases and the AWS managed key name none for sure.
func (r *run) keysOf(e *account.EncryptionRules, owner, region string) []string {
	var out []string
	for _, rule := range e.Rules {
		named := account.Encryption{KeyID: rule.Default.KeyID}
		if arn := named.KeyARN(or(r.partition, regionPartition(region)), region, owner); arn != "" {
			out = append(out, arn)
		}
	}
	return out
}

// recordKey records a key, its policy and its grants, or why they were not read.
func (r *run) recordKey(rec *account.Recorder, arn string) {
	owner, _, _, ok := account.SplitKey(arn)
	if !ok {
		return
	}
	parts := r.startKey(arn)
	policy, grants := account.ResourcePolicyKey(arn), account.KMSKey(arn)+account.GrantsPart
	metadata := parts.metadata(r.ctx)
	if _, why, ours := r.session(owner).owner(owner); !ours {
		for _, key := range []string{account.KMSKey(arn), policy, grants} {
			rec.Unread(key, why)
		}
		return
	}
	r.owners = append(r.owners, owner)
	switch metadata.State {
	case account.None:
		rec.Key(arn, nil)
		return
	case account.Known:
		detail := &account.KeyDetail{Metadata: metadata.Value}
		if list := parts.grants(r.ctx); list.State == account.Known {
			detail.Grants = account.Have(list.Value)
		} else {
			rec.Unread(grants, list.Unread)
		}
		rec.Key(arn, detail)
	default:
		rec.Unread(account.KMSKey(arn), metadata.Unread)
		rec.Unread(grants, metadata.Unread)
	}
	recordPolicy(r, rec, arn, parts.policy)
}

// recordPolicy records a resource's policy, or why it was not read.
func recordPolicy(r *run, rec *account.Recorder, arn string, answer future[*account.Document]) {
	if got := part(r, rec, account.ResourcePolicyKey(arn), answer); got.Read {
		rec.ResourcePolicy(arn, got.Value)
	}
}
