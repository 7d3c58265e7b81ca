package live

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Locate finds the bucket's region, which S3 tells whatever the caller may. Works says that the caller may list the
// whole bucket; Missing that there is no such bucket.
func (p *Probe) Locate(ctx context.Context) Tried {
	head := func() (t Tried, found string) {
		t = p.bucket(ctx, operation{"s3:ListBucket", []string{"NotFound"}}, func(ctx context.Context, c *s3.Client) error {
			out, err := c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &p.target.Bucket, ExpectedBucketOwner: p.owner()})
			if err != nil {
				found = regionOf(err)
				return err
			}
			found = checkRegion(aws.ToString(out.BucketRegion))
			return nil
		})
		return t, found
	}
	t, found := head()
	if found != "" && t.Outcome != Works && found != p.asked() {
		p.region = found
		t, found = head()
	}
	p.region = or(found, p.region)
	return t
}

// asked is the region that S3 is asked in.
func (p *Probe) asked() string {
	if c, _ := p.run.own().clients(); p.region == "" && c != nil {
		return c.config.Region
	}
	return p.region
}

// Region is the bucket's region; "" when it is not known.
func (p *Probe) Region() string { return p.region }

// List lists one key under the prefix.
func (p *Probe) List(ctx context.Context) Tried {
	return p.bucket(ctx, operation{name: "s3:ListBucket"}, func(ctx context.Context, c *s3.Client) error {
		_, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
			Bucket: &p.target.Bucket, Prefix: optional(p.target.Prefix), MaxKeys: aws.Int32(1), ExpectedBucketOwner: p.owner(),
		})
		return err
	})
}

// Read asks for an object under a random key, so that nobody's data is fetched. Missing says that reading is allowed:
// S3 tells that a key is not there only to who may read and list; to others it is Refused, whichever of both they may
// not. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
func (p *Probe) Read(ctx context.Context) Tried {
	key := p.Key()
	return p.bucket(ctx, operation{"s3:GetObject", []string{"NoSuchKey"}}, func(ctx context.Context, c *s3.Client) error {
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &p.target.Bucket, Key: &key, ExpectedBucketOwner: p.owner()})
		if err == nil {
			_ = out.Body.Close()
			return unexpected("S3 has an object under a key that was made up a moment ago")
		}
		return err
	})
}

// Location asks for the bucket's location.
func (p *Probe) Location(ctx context.Context) Tried {
	return p.bucket(ctx, operation{name: "s3:GetBucketLocation"}, func(ctx context.Context, c *s3.Client) error {
		_, err := c.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &p.target.Bucket, ExpectedBucketOwner: p.owner()})
		return err
	})
}

// Lock is what is known of a bucket's Object Lock.
type Lock struct {
	Known bool
	On    bool
	Mode  string // of the default retention: GOVERNANCE or COMPLIANCE; "" without one
	Days  int    // of the default retention
	Years int    // the same in years, where it is given so
}

// Lock asks whether the bucket has Object Lock.
func (p *Probe) Lock(ctx context.Context) (Lock, Tried) {
	var lock Lock
	op := operation{"s3:GetBucketObjectLockConfiguration", []string{"ObjectLockConfigurationNotFoundError"}}
	t := p.bucket(ctx, op, func(ctx context.Context, c *s3.Client) error {
		out, err := c.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &p.target.Bucket, ExpectedBucketOwner: p.owner()})
		if err != nil {
			return err
		}
		if out.ObjectLockConfiguration == nil || out.ObjectLockConfiguration.ObjectLockEnabled != s3types.ObjectLockEnabledEnabled {
			return unexpected("S3's answer does not say whether Object Lock is on")
		}
		lock = Lock{Known: true, On: true}
		if rule := out.ObjectLockConfiguration.Rule; rule != nil && rule.DefaultRetention != nil {
			r := rule.DefaultRetention
			lock.Mode, lock.Days, lock.Years = string(r.Mode), int(aws.ToInt32(r.Days)), int(aws.ToInt32(r.Years))
		}
		return nil
	})
	if t.Outcome == Missing && t.Code == "ObjectLockConfigurationNotFoundError" {
		lock.Known, t.Outcome = true, Works
	}
	return lock, t
}

// Key makes up a key under the prefix that nobody else has.
func (p *Probe) Key() string {
	prefix := p.target.Prefix
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return prefix + "ccx-probe-" + strings.ToLower(rand.Text())
}
