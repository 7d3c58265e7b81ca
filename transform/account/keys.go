package account

// A fact that could not be read stands in the snapshot under unread, by the name that these functions give it: the
// path of its place in the file, its parts joined by '/'.

// CallerKey names the caller of the SDK's own credentials.
const CallerKey = "caller"

// ProfileKey names an instance profile.
func ProfileKey(account, name string) string { return "iam/" + account + "/instance-profile/" + name }

// RoleKey names a role: its trust policy, boundary and tags (iam:GetRole).
func RoleKey(account, name string) string { return "iam/" + account + "/role/" + name }

// InlineKey names the list of a role's inline policies.
func InlineKey(account, role string) string { return RoleKey(account, role) + "/inline" }

// InlinePolicyKey names one inline policy of a role.
func InlinePolicyKey(account, role, policy string) string {
	return InlineKey(account, role) + "/" + policy
}

// AttachedKey names the list of a role's managed policies.
func AttachedKey(account, role string) string { return RoleKey(account, role) + "/attached" }

// ProfilesKey names the list of a role's instance profiles.
func ProfilesKey(account, role string) string { return RoleKey(account, role) + "/instance-profiles" }

// PolicyKey names a managed policy, read through an account (that of the role it is attached to).
func PolicyKey(account, arn string) string { return "iam/" + account + "/" + arn }

// BucketKey names a bucket's being there, and its region.
func BucketKey(name string) string { return "buckets/" + name }

// The parts of a bucket, below BucketKey.
const (
	OwnerPart             = "/account"
	EncryptionPart        = "/encryption"
	OwnershipPart         = "/ownership"
	PublicAccessBlockPart = "/public-access-block"
)

// ResourcePolicyKey names the policy of a bucket, key, repository or other resource, by its ARN.
func ResourcePolicyKey(arn string) string { return "resource_policies/" + arn }

// KMSKey names a KMS key's being there, and its metadata, by its ARN.
func KMSKey(arn string) string { return "keys/" + arn }

// GrantsPart is a key's grants, below KMSKey.
const GrantsPart = "/grants"

// RepositoryKey names an ECR repository's being there, by its ARN.
func RepositoryKey(arn string) string { return "repositories/" + arn }

// OrganizationKey names an account's place in its organization.
func OrganizationKey(account string) string { return "organization/" + account }

// LevelsKey names the levels above an account in its organization.
func LevelsKey(account string) string { return OrganizationKey(account) + "/levels" }

// LevelKey names the policies of one type that are attached to a root, an organizational unit or the account itself.
func LevelKey(account, target, kind string) string {
	return LevelsKey(account) + "/" + target + "/" + kind
}

// OrgPolicyKey names the text of an organization's policy, by its id, as it was read for an account.
func OrgPolicyKey(account, id string) string { return OrganizationKey(account) + "/policies/" + id }

// PublicAccessKey names an account's own public access block.
func PublicAccessKey(account string) string { return "public_access_blocks/" + account }

// The entries of an account's NotFound list.
func notFoundProfile(name string) string { return "instance-profile/" + name }
func notFoundRole(name string) string    { return "role/" + name }
