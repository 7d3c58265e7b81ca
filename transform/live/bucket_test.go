package live

import (
	"net/http"
	"strings"
	"testing"

	"ccx/transform/account"
	"ccx/transform/live/fakeaws"
	"ccx/transform/policy"
)

// TestBucketOwner: a 200 with the expected owner proves the owner, and nothing else does.
func TestBucketOwner(t *testing.T) {
	closed := func(operations ...string) *fakeaws.Bucket {
		return &fakeaws.Bucket{Owner: theirs, Region: "eu-west-1", Policy: fakeaws.PolicyOf("s3:*"), Closed: operations}
	}
	all := []string{"s3:ListBucket", "s3:GetBucketPolicy", "s3:GetEncryptionConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPublicAccessBlock"}
	known := map[string]string{theirs: "profile:theirs"}
	for name, c := range map[string]struct {
		bucket   *fakeaws.Bucket
		accounts map[string]string
		given    string // the owner that the user names
		owner    string // "" = not proved
		class    account.Class
		policy   account.State
	}{
		"nobody's credentials":       {closed(), nil, "", "", account.Denied, account.NotRead},
		"named, no credentials":      {closed(), nil, theirs, "", account.Denied, account.NotRead},
		"named wrongly":              {closed(), known, ours, "", account.Denied, account.NotRead},
		"credentials":                {closed(), known, "", theirs, 0, account.Known},
		"named and credentials":      {closed(), known, theirs, theirs, 0, account.Known},
		"no ListBucket":              {closed(all[0]), known, "", theirs, 0, account.Known},
		"no ListBucket or policy":    {closed(all[:2]...), known, "", "", account.Denied, account.NotRead},
		"nothing is allowed":         {closed(all...), known, "", "", account.Denied, account.NotRead},
		"bucket policy not readable": {closed(all[1]), known, "", theirs, 0, account.NotRead},
	} {
		t.Run(name, func(t *testing.T) {
			f := fakeaws.New(t)
			f.Buckets["far"] = c.bucket
			if name == "no ListBucket or policy" {
				c.bucket.Policy = "" // what is left answers "not found", which proves nothing
			}
			facts := gather(t, Options{Accounts: c.accounts}, account.Wants{
				Profiles: []account.ProfileWant{{Account: ours, Name: "node"}}, Buckets: []account.BucketWant{{Name: "far", Owner: c.given}}})
			b, exists := facts.Bucket("far").Get()
			if !exists || b.Region.Value != "eu-west-1" {
				t.Fatalf("got %+v", facts.Bucket("far"))
			}
			if b.Owner.Value != c.owner || b.Owner.Unread.Class != c.class || b.Policy.State != c.policy {
				t.Errorf("owner %+v, policy %+v", b.Owner, b.Policy)
			}
			if c.owner == "" && (b.Encryption.State != account.NotRead || b.Ownership.State != account.NotRead || b.PublicAccessBlock.State != account.NotRead) {
				t.Errorf("concluded without a proven owner: %+v", b)
			}
		})
	}
}

// TestSharedBucket: a named owner is proved with another account's credentials, whose other answers do not count.
func TestSharedBucket(t *testing.T) {
	f := fakeaws.New(t)
	f.Buckets["far"] = &fakeaws.Bucket{Owner: theirs, Region: "us-west-2", Policy: fakeaws.PolicyOf("s3:*")}
	f.Break("s3:ListBucket", func(w http.ResponseWriter, r *http.Request) bool { // the bucket's policy lets us list it
		w.Header().Set("x-amz-bucket-region", "us-west-2")
		if r.Header.Get("x-amz-expected-bucket-owner") != theirs {
			w.WriteHeader(http.StatusForbidden)
		}
		return true
	})
	facts := gather(t, Options{}, account.Wants{Buckets: []account.BucketWant{{Name: "far", Owner: theirs}}, Region: "us-west-2"})
	b := facts.Bucket("far").Value
	if b.Owner.Value != theirs || b.Policy.Unread.Class != account.Elsewhere || b.Encryption.Unread.Class != account.Elsewhere {
		t.Errorf("got %+v", b)
	}
	if n := f.Asked()["s3:GetBucketPolicy"]; n != 0 {
		t.Errorf("the policy was asked for %d times with another account's credentials", n)
	}
}

func TestNoSuchBucket(t *testing.T) {
	fakeaws.New(t)
	facts := gather(t, Options{}, account.Wants{Buckets: []account.BucketWant{{Name: "nowhere"}, {Name: "no/name"}, {Name: "access-point-s3alias"}}})
	if b := facts.Bucket("nowhere"); b.State != account.None {
		t.Errorf("nowhere: %+v", b)
	}
	for _, name := range []string{"no/name", "access-point-s3alias"} {
		if b := facts.Bucket(name); b.State != account.NotRead || b.Unread.Code != "InvalidName" {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

// TestAccountWideBlock: of the bucket's and its account's public access block the stricter counts, and one that may not be
// read is not one that is off.
func TestAccountWideBlock(t *testing.T) {
	const on = `<BlockPublicAcls>false</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>`
	off := strings.ReplaceAll(on, "true", "false")
	for name, c := range map[string]struct {
		bucket, account string
		denied          bool
		want            policy.PublicAccess
	}{
		"neither":            {off, "", false, policy.PublicAccessOpen},
		"both off":           {off, off, false, policy.PublicAccessOpen},
		"the bucket's":       {on, off, false, policy.PublicAccessRestricted},
		"the account's":      {off, on, false, policy.PublicAccessRestricted},
		"the account's only": {"", on, false, policy.PublicAccessRestricted},
		"not to be read":     {off, on, true, policy.PublicAccessUnknown},
		"no matter":          {on, "", true, policy.PublicAccessRestricted},
	} {
		t.Run(name, func(t *testing.T) {
			f := fakeaws.New(t)
			f.Buckets["acme"].Block, f.Accounts["AKIAOURS"].Block = c.bucket, c.account
			if c.denied {
				f.Break("s3:GetAccountPublicAccessBlock", func(w http.ResponseWriter, r *http.Request) bool {
					fakeaws.RefuseAs(w, r, http.StatusForbidden, "AccessDenied", "no")
					return true
				})
			}
			facts := gather(t, Options{}, nodeWants(ours))
			if got := facts.Layers(roleARN(ours, "teams/node"), "arn:aws:s3:::acme/k").PublicAccess; got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
