package live

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"ccx/transform/account"
)

// parts are the requests about a bucket that its owner can make.
type parts struct {
	policy     future[*account.Document]
	encryption future[*account.EncryptionRules]
	ownership  future[*account.OwnershipRules]
	block      future[*account.PublicAccessBlock]
}

func (r *run) startParts(c candidate, bucket, region string) parts {
	return parts{
		policy: ask(c, bucket, region, operation{"s3:GetBucketPolicy", []string{"NoSuchBucketPolicy"}},
			func(ctx context.Context, c3 *s3.Client) (*account.Document, error) {
				out, err := c3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket, ExpectedBucketOwner: &c.owner})
				if err != nil {
					return nil, err
				}
				return document(out.Policy)
			}),
		encryption: ask(c, bucket, region, operation{"s3:GetEncryptionConfiguration", []string{"ServerSideEncryptionConfigurationNotFoundError"}},
			func(ctx context.Context, c3 *s3.Client) (*account.EncryptionRules, error) {
				out, err := c3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &bucket, ExpectedBucketOwner: &c.owner})
				if err != nil {
					return nil, err
				}
				rules, err := encryption(out.ServerSideEncryptionConfiguration)
				if err == nil {
					for _, key := range r.keysOf(rules, c.owner, region) {
						r.startKey(key) // runs ahead: who reads the answer looks whose key it is
					}
				}
				return rules, err
			}),
		ownership: ask(c, bucket, region, operation{"s3:GetBucketOwnershipControls", []string{"OwnershipControlsNotFoundError"}},
			func(ctx context.Context, c3 *s3.Client) (*account.OwnershipRules, error) {
				out, err := c3.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: &bucket, ExpectedBucketOwner: &c.owner})
				if err != nil {
					return nil, err
				}
				return ownership(out.OwnershipControls)
			}),
		block: ask(c, bucket, region, operation{"s3:GetBucketPublicAccessBlock", []string{"NoSuchPublicAccessBlockConfiguration"}},
			func(ctx context.Context, c3 *s3.Client) (*account.PublicAccessBlock, error) {
				out, err := c3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: &bucket, ExpectedBucketOwner: &c.owner})
				if err != nil {
					return nil, err
				}
				return block(out.PublicAccessBlockConfiguration)
			}),
	}
}

// ask makes one request about a bucket in its region, with a candidate's credentials.
func ask[T any](c candidate, bucket, region string, op operation, do func(context.Context, *s3.Client) (T, error)) future[T] {
	key := c.session.name() + op.name + "/" + bucket + "/" + region + "/" + c.owner
	return start(c.session.run, key, func() account.Fact[T] {
		return call(c.session, op, func(ctx context.Context, cs *clients) (T, error) {
			return do(ctx, cs.inRegion(or(region, cs.config.Region)))
		})
	})
}

func encryption(c *types.ServerSideEncryptionConfiguration) (*account.EncryptionRules, error) {
	if c == nil || len(c.Rules) == 0 {
		return nil, unexpected("S3's answer holds no encryption rule")
	}
	out := &account.EncryptionRules{}
	for _, rule := range c.Rules {
		if rule.ApplyServerSideEncryptionByDefault == nil || rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm == "" {
			return nil, unexpected("S3's answer holds an encryption rule without an algorithm")
		}
		out.Rules = append(out.Rules, account.EncryptionRule{BucketKey: aws.ToBool(rule.BucketKeyEnabled), Default: account.EncryptionDefault{
			Algorithm: string(rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm),
			KeyID:     aws.ToString(rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID),
		}})
	}
	return out, nil
}

func ownership(c *types.OwnershipControls) (*account.OwnershipRules, error) {
	if c == nil || len(c.Rules) == 0 {
		return nil, unexpected("S3's answer holds no ownership rule")
	}
	out := &account.OwnershipRules{}
	for _, rule := range c.Rules {
		out.Rules = append(out.Rules, account.OwnershipRule{Ownership: string(rule.ObjectOwnership)})
	}
	return out, nil
}

func block(c *types.PublicAccessBlockConfiguration) (*account.PublicAccessBlock, error) {
	if c == nil || c.RestrictPublicBuckets == nil {
		return nil, unexpected("S3's answer holds no public access block")
	}
	return &account.PublicAccessBlock{
		BlockPublicAcls: aws.ToBool(c.BlockPublicAcls), IgnorePublicAcls: aws.ToBool(c.IgnorePublicAcls),
		BlockPublicPolicy: aws.ToBool(c.BlockPublicPolicy), RestrictPublicBuckets: aws.ToBool(c.RestrictPublicBuckets),
	}, nil
}
