package check

import (
	"fmt"

	"ccx/transform/account"
	"ccx/transform/finding"
)

// checkBucket: the bucket is there, its owner is known, and it is in the cloud's region.
func (j *judge) checkBucket() {
	if j.Bucket == "" {
		j.add(finding.Unsure(finding.BucketExists, finding.Unreadable, j.At, "which bucket the nodes need").
			WithHint("name the cloud's bucket: -b NAME (anyscale cloud get shows it)"))
		return
	}
	j.bucket = j.facts.Bucket(j.Bucket)
	switch j.bucket.State {
	case account.Known:
		j.checkOwner()
		j.checkRegion()
	case account.None:
		hint := "anyscale cloud get shows the cloud's bucket"
		if j.data != nil {
			hint = "is the name spelt right?"
		}
		j.add(finding.New(finding.BucketExists, j.bucketPlace(), fmt.Sprintf("there is no bucket %q", j.Bucket)).WithHint(hint))
	default:
		j.add(unread(finding.BucketExists, j.bucketPlace(), fmt.Sprintf("whether the bucket %q exists", j.Bucket), j.bucket.State, j.bucket.Unread))
	}
}

func (j *judge) checkOwner() {
	owner := j.bucket.Value.Owner
	switch {
	case owner.State != account.Known:
		j.add(unread(finding.BucketExists, j.bucketPlace(), fmt.Sprintf("which account owns the bucket %q", j.Bucket), owner.State, owner.Unread).
			WithHint(j.ownerHint()))
	case j.BucketOwner != "" && owner.Value != j.BucketOwner:
		j.add(finding.New(finding.BucketExists, j.bucketPlace(), fmt.Sprintf("the bucket %q belongs to account %s, not to %s", j.Bucket, owner.Value, j.BucketOwner)).
			WithHint("is it another bucket of a like name? a bucket that was deleted can be made again by anyone"))
	default:
		j.pass(finding.BucketExists, "s3://%s belongs to account %s", j.Bucket, owner.Value)
	}
}

func (j *judge) checkRegion() {
	region, known := j.bucket.Value.Region.Get()
	switch {
	case j.Region == "" && j.data != nil: // said of the cloud's bucket
	case j.Region == "":
		j.skip(finding.BucketRegion, "the cloud's region is not known: --region says it")
	case !known:
		j.add(unread(finding.BucketRegion, j.bucketPlace(), fmt.Sprintf("which region the bucket %q is in", j.Bucket), j.bucket.Value.Region.State, j.bucket.Value.Region.Unread))
	case j.data != nil:
		j.checkDataRegion(region)
	case region != j.Region:
		j.add(finding.New(finding.BucketRegion, j.At, fmt.Sprintf("the bucket is in %s, the cloud in %s", region, j.Region)).
			WithHint("nodes reach it, but each byte between regions is billed and slow"))
	default:
		j.pass(finding.BucketRegion, "bucket and cloud are in %s", region)
	}
}
