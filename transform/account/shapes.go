package account

// The shapes in which the AWS CLI prints IAM's facts, and in which a snapshot keeps them
// (aws iam get-account-authorization-details). Only the fields that decide something are kept.

// Part is a piece of a larger fact that may be unread. Absent from a file: never read. null: read, there is none.
type Part[T any] struct {
	Read  bool
	Value T
}

// Have returns a Part that was read.
func Have[T any](v T) Part[T] { return Part[T]{Read: true, Value: v} }

// IsZero reports whether the part was never read; it is then left out of a file.
func (p Part[T]) IsZero() bool { return !p.Read }

// MarshalJSON writes the value.
func (p Part[T]) MarshalJSON() ([]byte, error) { return marshal(p.Value) }

// RoleDetail is an entry of RoleDetailList. A list that is absent was not read.
type RoleDetail struct {
	Path     string                `json:",omitempty"`
	Name     string                `json:"RoleName"`
	ID       string                `json:"RoleId,omitempty"`
	ARN      string                `json:"Arn"`
	Trust    *Document             `json:"AssumeRolePolicyDocument,omitempty"`
	Profiles Part[[]ProfileDetail] `json:"InstanceProfileList,omitzero"`
	Inline   Part[[]InlinePolicy]  `json:"RolePolicyList,omitzero"`
	Attached Part[[]Attachment]    `json:"AttachedManagedPolicies,omitzero"`
	// Boundary is absent in the CLI's own output for a role without one; that absence counts when both lists of
	// policies are there, so that the entry is known to come from a call that prints boundaries.
	Boundary Part[*Boundary] `json:"PermissionsBoundary,omitzero"`
	Tags     Part[[]Tag]     `json:",omitzero"`
}

// InlinePolicy is an entry of RolePolicyList. Without a document, its text was not read.
type InlinePolicy struct {
	Name     string    `json:"PolicyName"`
	Document *Document `json:"PolicyDocument,omitempty"`
}

// Attachment is an entry of AttachedManagedPolicies.
type Attachment struct {
	Name string `json:"PolicyName"`
	ARN  string `json:"PolicyArn"`
}

// Boundary is a role's PermissionsBoundary.
type Boundary struct {
	Type string `json:"PermissionsBoundaryType,omitempty"`
	ARN  string `json:"PermissionsBoundaryArn"`
}

// Tag is a role's tag.
type Tag struct{ Key, Value string }

// PolicyDetail is an entry of Policies: a managed policy with its versions, of which the default one is in force.
type PolicyDetail struct {
	Name           string          `json:"PolicyName,omitempty"`
	ARN            string          `json:"Arn"`
	DefaultVersion string          `json:"DefaultVersionId"`
	Versions       []PolicyVersion `json:"PolicyVersionList"`
}

// PolicyVersion is an entry of PolicyVersionList.
type PolicyVersion struct {
	ID        string    `json:"VersionId"`
	IsDefault bool      `json:"IsDefaultVersion"`
	Document  *Document `json:",omitempty"`
}

// inForce returns the document of the default version, or nil where the entry does not say for sure which one that is.
func (p PolicyDetail) inForce() *Document {
	var found *Document
	for _, v := range p.Versions {
		named := p.DefaultVersion != "" && v.ID == p.DefaultVersion
		switch {
		case !named && !v.IsDefault:
			continue
		case found != nil, v.IsDefault && !named && p.DefaultVersion != "":
			return nil
		}
		found = v.Document
	}
	return found
}

// ProfileDetail is an instance profile, as in InstanceProfileList, list-instance-profiles and get-instance-profile.
type ProfileDetail struct {
	Path  string        `json:",omitempty"`
	Name  string        `json:"InstanceProfileName"`
	ID    string        `json:"InstanceProfileId,omitempty"`
	ARN   string        `json:"Arn"`
	Roles []ProfileRole // at most one in IAM
}

// ProfileRole is the role inside an instance profile.
type ProfileRole struct {
	Name string `json:"RoleName"`
	ARN  string `json:"Arn"`
}

// profile returns the detail as a fact.
func (p ProfileDetail) profile() InstanceProfile {
	out := InstanceProfile{ARN: p.ARN, Name: p.Name, ID: p.ID}
	for _, r := range p.Roles {
		out.Roles = append(out.Roles, r.ARN)
	}
	return out
}

// BucketDetail is an entry of buckets: what get-bucket-encryption, get-bucket-ownership-controls and
// get-public-access-block print, side by side, with the account that owns the bucket.
type BucketDetail struct {
	Account    string                   `json:",omitempty"`
	Region     string                   `json:"BucketRegion,omitempty"`
	Encryption Part[*EncryptionRules]   `json:"ServerSideEncryptionConfiguration,omitzero"`
	Ownership  Part[*OwnershipRules]    `json:"OwnershipControls,omitzero"`
	Block      Part[*PublicAccessBlock] `json:"PublicAccessBlockConfiguration,omitzero"`
}

// EncryptionRules is a ServerSideEncryptionConfiguration; S3 knows one rule.
type EncryptionRules struct{ Rules []EncryptionRule }

// EncryptionRule is the default encryption.
type EncryptionRule struct {
	Default   EncryptionDefault `json:"ApplyServerSideEncryptionByDefault"`
	BucketKey bool              `json:"BucketKeyEnabled"`
}

// EncryptionDefault names the algorithm and the key.
type EncryptionDefault struct {
	Algorithm string `json:"SSEAlgorithm"`
	KeyID     string `json:"KMSMasterKeyID,omitempty"`
}

// OwnershipRules is OwnershipControls; S3 knows one rule.
type OwnershipRules struct{ Rules []OwnershipRule }

// OwnershipRule is BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter.
type OwnershipRule struct {
	Ownership string `json:"ObjectOwnership"`
}

// OrganizationDetail is an entry of organization: the guardrails of one account. null in its place: the account is in
// no organization.
type OrganizationDetail struct {
	ID         string `json:"Id,omitempty"`
	Management string `json:"MasterAccountId,omitempty"`
	FeatureSet string `json:",omitempty"` // ALL, or CONSOLIDATED_BILLING: then it has no policies
	// Levels go from the root to the account itself.
	Levels Part[[]OrganizationLevel] `json:",omitzero"`
}

// OrganizationLevel is a root, an organizational unit or an account with the policies attached to it. A list that is
// null says that the organization does not use that type of policy.
type OrganizationLevel struct {
	Target string             `json:"TargetId,omitempty"`
	SCPs   Part[*[]OrgPolicy] `json:"ServiceControlPolicies,omitzero"`
	RCPs   Part[*[]OrgPolicy] `json:"ResourceControlPolicies,omitzero"`
}

// OrgPolicy is a policy of an organization; Content as describe-policy prints it (a string), or as an object.
type OrgPolicy struct {
	ID      string `json:"Id,omitempty"` // p-...
	Name    string
	Content *Document `json:",omitempty"`
}
