package live

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"ccx/transform/account"
)

// startAccountBlock asks for the public access block of a whole account, which holds for all its buckets: of the two, the
// stricter counts. https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
func (r *run) startAccountBlock(s *session, id string) future[*account.PublicAccessBlock] {
	op := operation{"s3:GetAccountPublicAccessBlock", []string{"NoSuchPublicAccessBlockConfiguration"}}
	return about(s, op, id, func(ctx context.Context, c *clients) (*account.PublicAccessBlock, error) {
		out, err := c.s3control().GetPublicAccessBlock(ctx, &s3control.GetPublicAccessBlockInput{AccountId: &id})
		if err != nil {
			return nil, err
		}
		b := out.PublicAccessBlockConfiguration
		if b == nil || b.RestrictPublicBuckets == nil {
			return nil, unexpected("S3's answer holds no public access block")
		}
		return accountBlock(*b), nil
	})
}

func accountBlock(b types.PublicAccessBlockConfiguration) *account.PublicAccessBlock {
	on := func(flag *bool) bool { return flag != nil && *flag }
	return &account.PublicAccessBlock{BlockPublicAcls: on(b.BlockPublicAcls), IgnorePublicAcls: on(b.IgnorePublicAcls),
		BlockPublicPolicy: on(b.BlockPublicPolicy), RestrictPublicBuckets: on(b.RestrictPublicBuckets)}
}

// s3control returns the client of S3's account-wide settings. It names the account in the host; an endpoint that is not
// AWS's own has one name for all, and tells accounts apart by the header that names them as well.
func (c *clients) s3control() *s3control.Client {
	return s3control.NewFromConfig(c.config, func(o *s3control.Options) {
		if o.BaseEndpoint == nil {
			return
		}
		base, err := url.Parse(*o.BaseEndpoint)
		if err != nil {
			return
		}
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("ccx:OneHost",
				func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
					if request, ok := in.Request.(*smithyhttp.Request); ok && strings.HasSuffix(request.URL.Host, "."+base.Host) {
						request.URL.Host, request.Host = base.Host, base.Host
					}
					return next.HandleFinalize(ctx, in)
				}), "ResolveEndpointV2", middleware.After)
		})
	})
}

// recordAccountBlock records an account's public access block, or why it was not read.
func (r *run) recordAccountBlock(rec *account.Recorder, s *session, id string) {
	if _, why, ours := s.owner(id); !ours {
		rec.Unread(account.PublicAccessKey(id), why)
		return
	}
	if got := part(r, rec, account.PublicAccessKey(id), r.startAccountBlock(s, id)); got.Read {
		rec.PublicAccessBlock(id, got.Value)
	}
}
