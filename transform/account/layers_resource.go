package account

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"ccx/transform/policy"
	"ccx/transform/policy/glob"
)

// bucketName returns the bucket of an S3 ARN; "" for an access point, whose ARN has a region or an account.
func bucketName(a arn.ARN) string {
	if a.Region != "" || a.AccountID != "" {
		return ""
	}
	name, _, _ := strings.Cut(a.Resource, "/")
	return name
}

// resourcePolicy returns the policy of the resource; nil: it has none, or the action knows no resource ("*").
func (f *Facts) resourcePolicy(a arn.ARN, roleARN string) *policy.Set {
	if a.Service == "" && a.Resource == "*" {
		return nil
	}
	switch {
	case a.Service == "":
		return gap("the policy of the resource", "its ARN is not known", false)
	case a.Service == "s3":
		return f.s3Policy(a)
	case a.Service == "kms":
		return f.keyPolicy(a, roleARN)
	case a.Service == "ecr":
		return f.repositoryPolicy(a)
	}
	return f.otherPolicy(a)
}

// otherPolicy is for the services that ccx has no client for. Their policies are in a snapshot or nowhere; Assumable says
// that nobody asked, and no recorded policy contradicts the assumption.
func (f *Facts) otherPolicy(a arn.ARN) *policy.Set {
	text := a.String()
	fact := f.policyOf(text, a.AccountID)
	switch fact.State {
	case None:
		return nil
	case Known:
		return &policy.Set{Policies: []policy.Named{fact.Value}}
	}
	pattern := glob.Compile(text)
	for _, recorded := range f.recorded() {
		if pattern.Match(recorded) && f.resource[recorded] != nil {
			return gap("the resource policies under "+text, "the one of "+recorded+" covers a part of it", false)
		}
	}
	return gap("the "+policyTitle(text), fact.Reason(), assumable(fact))
}

// recorded lists the resources whose policies are known, sorted.
func (f *Facts) recorded() []string {
	if f == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(f.resource))
}

func (f *Facts) s3Policy(a arn.ARN) *policy.Set {
	name := bucketName(a)
	if name == "" {
		return gap("the policies of access point "+a.String(), "ccx does not read access points", false)
	}
	if f == nil {
		return gap("the bucket policy of "+name, Fact[string]{}.Reason(), false)
	}
	bucket, fact := f.Bucket(name), f.bucketPolicy(name, a.Partition)
	switch {
	case bucket.State == None:
		return gap("the bucket policy of "+name, "the bucket does not exist", false)
	case bucket.State == NotRead && fact.State != Known && fact.State != None:
		return gap("the bucket policy of "+name, bucket.Reason(), false)
	}
	switch fact.State {
	case None:
		return nil
	case Known:
		return &policy.Set{Policies: []policy.Named{fact.Value}}
	}
	return gap("the bucket policy of "+name, fact.Reason(), false)
}

// ownerOf returns the account that owns a resource; an action without a resource stays in the role's account. "": it is
// not known, and may be assumed to have no guardrails or not.
func (f *Facts) ownerOf(a arn.ARN, roleARN string) (owner string, may bool) {
	switch {
	case a.Service == "" && a.Resource == "*":
		account, _, _ := SplitRole(roleARN)
		return account, true
	case a.Service != "s3" || bucketName(a) == "":
		return a.AccountID, true
	}
	bucket := f.Bucket(bucketName(a))
	if bucket.State != Known {
		return "", assumable(bucket)
	}
	return bucket.Value.Owner.Value, assumable(bucket.Value.Owner)
}

// endpointPolicy returns the policy of the VPC endpoint on a node's path. Which endpoint that is, only the node's network
// knows: policies at hand can't be assumed away, and policies not at hand can.
func (f *Facts) endpointPolicy() *policy.Set {
	if f != nil && len(f.endpoints) > 0 {
		return gap("the policy of the VPC endpoint on the node's path",
			fmt.Sprintf("which of the snapshot's %d endpoints that is, is not known", len(f.endpoints)), false)
	}
	return gap("the policy of a VPC endpoint on the node's path", "it was not asked for", true)
}

// publicAccess says whether RestrictPublicBuckets is in force: the bucket's or its account's setting, the stricter.
func (f *Facts) publicAccess(name string) policy.PublicAccess {
	bucket := f.Bucket(name).Value
	if bucket.PublicAccessBlock.Value.RestrictPublicBuckets {
		return policy.PublicAccessRestricted
	}
	block, read := f.accountBlock(bucket.Owner.Value)
	switch {
	case block.RestrictPublicBuckets:
		return policy.PublicAccessRestricted
	case !read, bucket.PublicAccessBlock.State != Known && bucket.PublicAccessBlock.State != None:
		return policy.PublicAccessUnknown
	}
	return policy.PublicAccessOpen
}

// accountBlock returns an account's own public access block, and whether it was read.
func (f *Facts) accountBlock(account string) (PublicAccessBlock, bool) {
	if f == nil {
		return PublicAccessBlock{}, false
	}
	block, ok := f.blocks[account]
	if block == nil {
		return PublicAccessBlock{}, ok
	}
	return *block, true
}
