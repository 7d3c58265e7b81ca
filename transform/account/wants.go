package account

// Wants are the roots of what a run needs to know. The gatherer follows the edges by itself: from a profile to its
// role, from a role to its policies and boundary, from a bucket to its encryption key. Doubles cost nothing.
type Wants struct {
	Profiles     []ProfileWant
	Roles        []string     // role ARNs: read with policies, boundary and trust
	RoleNames    []RoleWant   // roles known by name only (-r NAME); read like Roles
	ProfilesOf   []RoleWant   // roles whose instance profiles are looked up (-r)
	Buckets      []BucketWant // the role's account is tried first as the owner
	Keys         []string     // KMS key ARNs; the key of a wanted bucket's encryption follows by itself
	Repositories []string     // ECR repository ARNs
	Region       string       // the cloud's region, for clients when nothing nearer says one
	Partition    string       // aws, aws-cn, ...; empty: from an ARN above, else from the region
}

// ProfileWant asks for an instance profile. IAM finds it by its name; the ARN that it returns is what counts.
type ProfileWant struct {
	Account string // 12 digits; empty: the caller's
	Name    string // without path
}

// RoleWant asks for a role by its name.
type RoleWant struct {
	Account string // 12 digits; empty: the caller's
	Name    string // without path
}

// BucketWant asks for a bucket.
type BucketWant struct {
	Name   string
	Owner  string // 12 digits when the user says who owns it; empty: found out
	Region string // where it is thought to be; empty: Wants.Region
}

// Empty reports whether nothing is wanted, so that nobody need be asked.
func (w Wants) Empty() bool {
	return len(w.Profiles)+len(w.Roles)+len(w.RoleNames)+len(w.ProfilesOf)+len(w.Buckets)+len(w.Keys)+len(w.Repositories) == 0
}
