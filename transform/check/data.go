package check

import (
	"fmt"
	"strings"

	"ccx/transform/finding"
)

// DataBucket is a bucket beside the cloud's own that nodes read, or read and write.
type DataBucket struct {
	Name, Prefix string        // the prefix is "" for the whole bucket
	Write        bool          // nodes write and delete there as well
	Account      string        // 12 digits of its owner, when the user says so
	Given        finding.Place // where it was named: a flag, or a line of the settings
}

// String returns the bucket as a person writes it: s3://corp-lake/curated.
func (b DataBucket) String() string {
	return strings.TrimSuffix("s3://"+b.Name+"/"+b.Prefix, "/")
}

// Is reports whether two rows name the same place.
func (b DataBucket) Is(other DataBucket) bool {
	return b.Name == other.Name && b.Prefix == other.Prefix
}

// checkData judges the data buckets as it does the cloud's own: the same codes, with the bucket's name in each message.
func (j *judge) checkData() {
	for _, b := range j.DataBuckets {
		of := j.about(b)
		of.checkBucket()
		of.checkS3()
		of.checkKey()
		j.out = append(j.out, of.out...)
	}
}

// about returns a judge of a data bucket.
func (j *judge) about(b DataBucket) *judge {
	of := *j
	of.out, of.data = nil, &b
	of.Bucket, of.Prefix, of.BucketOwner = b.Name, b.Prefix, b.Account
	of.bucket = j.facts.Bucket(b.Name)
	return &of
}

// dataRequirements are what nodes do with a data bucket; what Anyscale itself does with the cloud's is not asked of it.
var dataRequirements = []requirement{
	{finding.S3List, "list", nil, []string{"s3:ListBucket"}},
	{finding.S3Read, "read every key in", []string{"s3:GetObject"}, nil},
	{finding.S3Write, "write every key in", []string{"s3:PutObject"}, nil},
	{finding.S3Delete, "delete every key in", []string{"s3:DeleteObject"}, nil},
}

// requirements are what nodes must be able to do with the bucket.
func (j *judge) requirements() []requirement {
	switch {
	case j.data == nil:
		return requirements
	case j.data.Write:
		return dataRequirements
	}
	return dataRequirements[:2]
}

// keyActions are what nodes do with the bucket's key: who only reads needs to decrypt only.
func (j *judge) keyActions() []string {
	if j.data != nil && !j.data.Write {
		return keyActions[1:]
	}
	return keyActions
}

// policyName is the name of an inline policy about the bucket.
func (j *judge) policyName(suffix string) string {
	if j.data != nil {
		return "anyscale-data-" + j.Bucket + suffix
	}
	return "anyscale-bucket" + suffix
}

// bucketPlace is where the bucket was named, for what is wrong with the bucket itself.
func (j *judge) bucketPlace() finding.Place {
	if j.data != nil {
		return j.data.Given
	}
	return j.At
}

// ownerHint says how to name the bucket's owner.
func (j *judge) ownerHint() string {
	if j.data != nil {
		return "name it as account in data_buckets of the settings, with credentials that may s3:ListBucket on it"
	}
	return "name it: --bucket-owner ID, with credentials that may s3:ListBucket on it"
}

// checkDataRegion: a data bucket may well be elsewhere; what that costs is worth a note.
func (j *judge) checkDataRegion(region string) {
	if region == j.Region {
		j.pass(finding.BucketRegion, "s3://%s and the cloud are in %s", j.Bucket, region)
		return
	}
	j.add(finding.New(finding.BucketRegion, j.bucketPlace(), fmt.Sprintf("the data bucket %q is in %s, the cloud in %s", j.Bucket, region, j.Region)).
		AtLevel(finding.Note).WithHint("nodes reach it, but each byte between regions is billed and slow"))
}

// dataStatements grant the role what it needs of its data buckets, their keys included.
func (j *judge) dataStatements() []statement {
	var out []statement
	for i, b := range j.DataBuckets {
		of := j.about(b)
		for _, s := range of.identityStatements(of.everything()) {
			s.Sid = fmt.Sprintf("Data%d%s", i+1, s.Sid)
			out = append(out, s)
		}
		if arn, bad := of.bucketKey(); bad == nil {
			s := of.keyIdentity(arn)
			s.Sid = fmt.Sprintf("Data%d%s", i+1, s.Sid)
			out = append(out, s)
		}
	}
	return out
}
