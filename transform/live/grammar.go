package live

import (
	"regexp"
	"strings"

	"ccx/transform/account"
)

// Names are checked before they reach the SDK, which builds host names and paths from some of them.
var (
	regionGrammar  = regexp.MustCompile(`^[a-z]{2,5}(-[a-z]{2,12}){1,3}-[0-9]{1,2}$`)
	bucketGrammar  = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	addressGrammar = regexp.MustCompile(`^[0-9]+(\.[0-9]+){3}$`)
	nameGrammar    = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)
	accountGrammar = regexp.MustCompile(`^[0-9]{12}$`)
)

// validBucket reports whether name is that of a general purpose bucket. Directory buckets, access points and their
// aliases have endpoints and policies of their own, which are not read.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
func validBucket(name string) bool {
	if !bucketGrammar.MatchString(name) || addressGrammar.MatchString(name) || strings.Contains(name, "..") {
		return false
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return true
}

func invalid(what, name string) account.Unread {
	return account.Unread{Class: account.Unreachable, Code: "InvalidName", Message: clean(name) + " is not " + what}
}

// partitionRegions holds each partition with what its regions begin with and the region of its global services.
// https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
var partitionRegions = []struct{ partition, prefix, home string }{
	{"aws-cn", "cn-", "cn-north-1"},
	{"aws-us-gov", "us-gov-", "us-gov-west-1"},
	{"aws-eusc", "eusc-", "eusc-de-east-1"},
	{"aws-iso", "us-iso-", "us-iso-east-1"},
	{"aws-iso-b", "us-isob-", "us-isob-east-1"},
	{"aws-iso-e", "eu-isoe-", "eu-isoe-west-1"},
	{"aws-iso-f", "us-isof-", "us-isof-south-1"},
	{"aws", "", "us-east-1"},
}

// regionPartition returns the partition of a region.
func regionPartition(region string) string {
	for _, p := range partitionRegions {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}

// partitionOf returns the partition that the wants name, or "".
func partitionOf(w account.Wants) string {
	if w.Partition != "" {
		return w.Partition
	}
	for _, arn := range w.Roles {
		if parts := strings.SplitN(arn, ":", 3); len(parts) == 3 && parts[0] == "arn" {
			return parts[1]
		}
	}
	return ""
}

// chooseRegion returns the first region that is one and lies in the partition ("": any), else the partition's default.
func chooseRegion(partition string, regions ...string) string {
	for _, region := range regions {
		if regionGrammar.MatchString(region) && (partition == "" || regionPartition(region) == partition) {
			return region
		}
	}
	for _, p := range partitionRegions {
		if p.partition == partition {
			return p.home
		}
	}
	return "us-east-1"
}
