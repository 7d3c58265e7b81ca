package account

import (
	"time"

	"ccx/transform/policy"
)

// Identity is who asked, as sts:GetCallerIdentity says.
type Identity struct {
	Account string `json:"Account"` // 12 digits
	ARN     string `json:"Arn"`     // arn:aws:iam::A:user/NAME or arn:aws:sts::A:assumed-role/ROLE/SESSION
	UserID  string `json:"UserId"`
}

// InstanceProfile is an instance profile as IAM returned it. Its ARN is the returned one, byte for byte: compare it
// with what was asked, since IAM finds a profile by its name alone.
type InstanceProfile struct {
	ARN, Name, ID string
	Roles         []string // role ARNs; IAM allows at most one, and none is possible
}

// Role is an IAM role without its permission policies, which Layers gives.
type Role struct {
	ARN, Name, ID string                  // ID: AROA...
	Trust         Fact[policy.Named]      // the trust policy
	Tags          Fact[map[string]string] // Known and empty when the role has no tags
	Boundary      Fact[string]            // the ARN of the permissions boundary; None when the role has none
}

// Bucket is an S3 bucket. A bucket that answers "403" exists: it is Known, and its parts are not read.
type Bucket struct {
	Name              string
	Owner             Fact[string] // 12 digits, proved by ExpectedBucketOwner or written in the snapshot
	Region            Fact[string]
	Encryption        Fact[Encryption]        // the default encryption; None: none is configured
	Ownership         Fact[string]            // BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter; None: no controls
	PublicAccessBlock Fact[PublicAccessBlock] // the bucket's own; the account's may be stricter; None: not configured
	Policy            Fact[policy.Named]      // None: the bucket has no policy
}

// Encryption is a bucket's default encryption (s3:GetEncryptionConfiguration).
type Encryption struct {
	Algorithm string // AES256, aws:kms, aws:kms:dsse
	KeyID     string // as configured: key ARN, alias ARN, bare id; empty: the AWS managed key aws/s3
	BucketKey bool
}

// PublicAccessBlock is a bucket's own public access block; the JSON is the AWS CLI's.
type PublicAccessBlock struct {
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

// Organization is the place of one account in AWS Organizations.
type Organization struct {
	ID         string // o-...
	Management string // the management account; SCPs and RCPs do not restrict it
	Path       string // o-.../r-.../ou-.../, as aws:PrincipalOrgPaths has it; "" where the levels were not read
}

// Provenance says where facts come from; it stands in every machine format.
type Provenance struct {
	Name     string    // the snapshot's name as Load was given it; empty for a live run
	SHA256   string    // of the snapshot, in hexadecimal; empty for a live run
	TakenAt  time.Time // when the facts were read; zero when they were never read
	Caller   Fact[Identity]
	Endpoint string // AWS_ENDPOINT_URL if one was set, without credentials; empty for AWS itself
}

// Live reports whether the facts were read in this run.
func (p Provenance) Live() bool { return p.Name == "" && !p.TakenAt.IsZero() }
