package live

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"ccx/transform/account"
)

// Who owns a bucket is told by ExpectedBucketOwner alone: S3 answers 200 only if the account named there owns it, and
// 403 for any other reason as well. Every request about a bucket carries it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html

// head is what HeadBucket tells: whether the bucket is there, where, and by the answer's State (Known) that the
// expected owner owns it.
type head struct {
	exists bool
	region string // from the x-amz-bucket-region header, which comes with 200, 301, 400 and 403
	proven bool   // 200 with an expected owner
}

// startHead asks for a bucket in a region. owner "" expects nobody. A refusal that names the region is an answer, too.
func (r *run) startHead(s *session, bucket, region, owner string) future[head] {
	if !validBucket(bucket) {
		return refused[head]("the name of a bucket that ccx can read", bucket)
	}
	return start(r, s.name()+"head/"+bucket+"/"+region+"/"+owner, func() account.Fact[head] {
		op := operation{name: "s3:ListBucket", none: []string{"NotFound", "NoSuchBucket"}}
		var found string
		answer := call(s, op, func(ctx context.Context, c *clients) (head, error) {
			in := &s3.HeadBucketInput{Bucket: &bucket, ExpectedBucketOwner: optional(owner)}
			out, err := c.inRegion(or(region, c.config.Region)).HeadBucket(ctx, in)
			if err != nil {
				found = regionOf(err)
				return head{}, err
			}
			return head{exists: true, region: checkRegion(aws.ToString(out.BucketRegion)), proven: owner != ""}, nil
		})
		if answer.State == account.NotRead {
			answer.Value = head{exists: found != "" || answer.Unread.Class == account.Denied, region: found}
		}
		return answer
	})
}

// regionOf returns the bucket's region from an error, if the header holds one.
func regionOf(err error) string {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		switch response.HTTPStatusCode() {
		case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusBadRequest, http.StatusForbidden:
			return checkRegion(response.Response.Header.Get("x-amz-bucket-region"))
		}
	}
	return ""
}

// checkRegion keeps a region out of host names unless it is one.
func checkRegion(region string) string {
	if regionGrammar.MatchString(region) {
		return region
	}
	return ""
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// place is where a bucket is: what the first request told.
type place struct {
	state  account.State // None: no such bucket
	region string
	proven string // the owner, if the first request proved it
	why    account.Unread
}

// startBucket asks for a bucket where it is thought to be; the rest follows in the region where it is.
func (r *run) startBucket(b account.BucketWant, w account.Wants) future[place] {
	return start(r, "bucket/"+b.Name, func() account.Fact[place] {
		where := r.locate(b, w)
		if where.state != account.Known {
			return account.Fact[place]{State: account.Known, Value: where}
		}
		for _, c := range r.candidates(b, w, where.proven) {
			if where.proven == "" {
				r.startHead(c.session, b.Name, where.region, c.owner)
			}
			if c.ours {
				r.startParts(c, b.Name, where.region)
				r.startAccountBlock(c.session, c.owner)
			}
			if c.ours && where.proven == c.owner {
				r.startOrganization(c.owner)
			}
		}
		return account.Fact[place]{State: account.Known, Value: where}
	})
}

// locate makes the first request. It expects the owner that is most likely, so that one request may tell all.
func (r *run) locate(b account.BucketWant, w account.Wants) place {
	owner, s := "", r.own()
	for _, id := range wanted(b, w) {
		if c, _ := r.session(id).clients(); c != nil {
			owner, s = id, r.session(id)
			break
		}
	}
	answer := r.startHead(s, b.Name, checkRegion(or(b.Region, w.Region)), owner)(r.ctx)
	where := place{state: answer.State, region: answer.Value.region, why: answer.Unread}
	if answer.State == account.NotRead && answer.Value.exists {
		where.state = account.Known
	}
	if answer.Value.proven {
		where.proven = owner
	}
	return where
}

// candidate is an account that may own a bucket, with the credentials to ask.
type candidate struct {
	owner   string
	session *session
	ours    bool // the credentials are of that account, so that its answers count
}

// wanted returns the accounts that may own a bucket because somebody names them: as its owner, else as the roles' or the
// profiles'.
func wanted(b account.BucketWant, w account.Wants) []string {
	if b.Owner != "" {
		return []string{b.Owner}
	}
	var all []string
	for _, p := range w.Profiles {
		all = append(all, p.Account)
	}
	for _, arn := range w.Roles {
		id, _, _ := account.SplitRole(arn)
		all = append(all, id)
	}
	for _, role := range append(slices.Clone(w.RoleNames), w.ProfilesOf...) {
		all = append(all, role.Account)
	}
	return distinct(all)
}

// distinct returns the ids of accounts among the texts, each once.
func distinct(all []string) []string {
	var out []string
	for _, id := range all {
		if accountGrammar.MatchString(id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// candidates returns the accounts that may own a bucket and can be asked, the likeliest first: those that are named, the
// caller's own, then all others whose credentials are configured. Once the owner is proven, it is that one alone. It
// waits until the callers are known. An owner that the user names is asked for even with another account's credentials:
// a 200 proves it all the same.
func (r *run) candidates(b account.BucketWant, w account.Wants, proven string) []candidate {
	if proven != "" {
		s := r.session(proven)
		_, _, ours := s.owner(proven)
		return []candidate{{proven, s, ours}}
	}
	ids := wanted(b, w)
	if b.Owner == "" {
		ids = append(ids, r.own().identity()(r.ctx).Value.Account)
		ids = distinct(append(ids, slices.Sorted(maps.Keys(r.options.Accounts))...))
	}
	var out []candidate
	for _, id := range ids {
		s := r.session(id)
		_, _, ours := s.owner(id)
		if ours || b.Owner != "" {
			out = append(out, candidate{id, s, ours})
		}
	}
	return out
}
