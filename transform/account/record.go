package account

import (
	"sync"
	"time"
)

// Recorder collects the facts of a live run. It is safe for concurrent use, and the order of the calls does not show.
type Recorder struct {
	mu sync.Mutex
	contents
}

// NewRecorder starts a run at a time, against an endpoint (AWS_ENDPOINT_URL without credentials; empty: AWS).
func NewRecorder(at time.Time, endpoint string) *Recorder {
	r := &Recorder{contents: newContents()}
	r.takenAt, r.endpoint = at.UTC().Truncate(time.Second), endpoint
	return r
}

func (r *Recorder) do(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

func (r *Recorder) part(account string) *iamPart {
	p := r.iam[account]
	if p == nil {
		p = newPart()
		r.iam[account] = p
	}
	return p
}

// Caller records who asked.
func (r *Recorder) Caller(id Identity) { r.do(func() { r.takenBy = &id }) }

// Profile records an instance profile of an account under its own name.
func (r *Recorder) Profile(account string, p ProfileDetail) {
	r.do(func() { r.part(account).profiles[p.Name] = &p })
}

// Role records a role of an account, whole: what it lacks has its reason recorded by Unread.
func (r *Recorder) Role(account string, d RoleDetail) {
	d.sort()
	r.do(func() { r.part(account).roles.put(d.Name, &d) })
}

// Policy records a managed policy as read through an account.
func (r *Recorder) Policy(account string, p PolicyDetail) {
	r.do(func() { r.part(account).policies.put(p.ARN, &p) })
}

// NoProfile records that the account has no instance profile of that name.
func (r *Recorder) NoProfile(account, name string) { r.notFound(account, notFoundProfile(name)) }

// NoRole records that the account has no role of that name.
func (r *Recorder) NoRole(account, name string) { r.notFound(account, notFoundRole(name)) }

// NoPolicy records that there is no managed policy of that ARN.
func (r *Recorder) NoPolicy(account, arn string) { r.notFound(account, arn) }

func (r *Recorder) notFound(account, what string) {
	r.do(func() { r.part(account).notFound[what] = true })
}

// Bucket records a bucket; nil: S3 says that there is no such bucket.
func (r *Recorder) Bucket(name string, d *BucketDetail) { r.do(func() { r.buckets[name] = d }) }

// Key records a KMS key by its ARN; nil: KMS says that there is no such key.
func (r *Recorder) Key(arn string, d *KeyDetail) {
	if d != nil {
		sortList(&d.Grants, func(g KeyGrant) string { return g.ID })
	}
	r.do(func() { r.keys[arn] = d })
}

// Repository records an ECR repository by its ARN; nil: ECR says that there is no such repository.
func (r *Recorder) Repository(arn string, d *RepositoryDetail) {
	r.do(func() { r.repositories[arn] = d })
}

// Organization records an account's place in its organization; nil: AWS says that it is in none.
func (r *Recorder) Organization(account string, d *OrganizationDetail) {
	r.do(func() { r.organization[account] = d })
}

// PublicAccessBlock records an account's own public access block; nil: none is configured.
func (r *Recorder) PublicAccessBlock(account string, b *PublicAccessBlock) {
	r.do(func() { r.blocks[account] = b })
}

// ResourcePolicy records the policy of a resource by its ARN; nil: it has none.
func (r *Recorder) ResourcePolicy(arn string, d *Document) { r.do(func() { r.resource[arn] = d }) }

// Unread records why a fact was not read; key is one of keys.go.
func (r *Recorder) Unread(key string, u Unread) { r.do(func() { r.unread[key] = u }) }

// Facts ends the recording. The recorder must not be used afterwards.
func (r *Recorder) Facts() *Facts {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, part := range r.iam {
		for name := range part.roles {
			if role, err := part.roles.get(name); err == nil { // a recorder has all at hand
				part.index(role)
			}
		}
	}
	return &Facts{contents: r.contents}
}

// index makes the profiles in a role's list known by name. One that GetInstanceProfile showed goes first: the two may
// differ if somebody changed it in between.
func (p *iamPart) index(role *RoleDetail) {
	for i, d := range role.Profiles.Value {
		if shown := p.profiles[d.Name]; shown != nil {
			role.Profiles.Value[i] = *shown
		} else {
			p.profiles[d.Name] = &role.Profiles.Value[i]
		}
	}
}
