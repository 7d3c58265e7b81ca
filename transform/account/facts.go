package account

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// Facts is what is known. It is read-only and safe for concurrent use. A nil *Facts knows nothing: every fact of it is
// NotAsked, which is what an offline run works with.
type Facts struct {
	name   string // the snapshot's name; empty: a live run
	digest string // SHA-256 of the snapshot, in hexadecimal
	contents
}

// contents mirrors the snapshot file.
type contents struct {
	takenAt      time.Time
	takenBy      *Identity
	endpoint     string
	iam          map[string]*iamPart            // by account
	resource     map[string]*Document           // by ARN; nil: no policy
	buckets      map[string]*BucketDetail       // by name; nil: no such bucket
	organization map[string]*OrganizationDetail // by account; nil: in no organization
	blocks       map[string]*PublicAccessBlock  // by account; nil: none configured
	keys         map[string]*KeyDetail          // by ARN; nil: no such key
	repositories map[string]*RepositoryDetail   // by ARN; nil: no such repository
	endpoints    map[string]json.RawMessage
	unread       map[string]Unread // by key (keys.go)
	simulations  map[string]Fact[[]Simulated]
}

// iamPart is what is known of one account's IAM.
type iamPart struct {
	roles    shelf[RoleDetail]         // by name
	policies shelf[PolicyDetail]       // by ARN
	profiles map[string]*ProfileDetail // by name
	notFound map[string]bool           // "role/NAME", "instance-profile/NAME", policy ARN: AWS said that it is not there
	whole    map[string]bool           // names of lists that are whole: what is not in them does not exist
}

func newContents() contents {
	return contents{
		iam: map[string]*iamPart{}, resource: map[string]*Document{}, buckets: map[string]*BucketDetail{},
		organization: map[string]*OrganizationDetail{}, blocks: map[string]*PublicAccessBlock{},
		keys: map[string]*KeyDetail{}, repositories: map[string]*RepositoryDetail{},
		endpoints: map[string]json.RawMessage{}, unread: map[string]Unread{}, simulations: map[string]Fact[[]Simulated]{},
	}
}

func newPart() *iamPart {
	return &iamPart{
		roles: shelf[RoleDetail]{}, policies: shelf[PolicyDetail]{}, profiles: map[string]*ProfileDetail{},
		notFound: map[string]bool{}, whole: map[string]bool{},
	}
}

// part returns an account's part, empty when there is none.
func (f *Facts) part(account string) *iamPart {
	if p := f.iam[account]; p != nil {
		return p
	}
	return newPart()
}

// Caller returns who asked with the SDK's own credentials.
func (f *Facts) Caller() Fact[Identity] {
	if f == nil {
		return Fact[Identity]{}
	}
	if f.takenBy != nil {
		return known(*f.takenBy)
	}
	return missing[Identity](f, CallerKey, "")
}

// WhyUnread returns what kept a fact from being read by its reason in words, as a missing layer shows it.
func (f *Facts) WhyUnread(reason string) (Unread, bool) {
	if f == nil || reason == "" {
		return Unread{}, false
	}
	for _, key := range slices.Sorted(maps.Keys(f.unread)) {
		if u := f.unread[key]; u.Reason() == reason {
			return u, true
		}
	}
	return Unread{}, false
}

// Home returns the account that is meant when none is named: the caller's, or else the only one in a snapshot. It is
// empty when that is not known.
func (f *Facts) Home() string {
	switch {
	case f == nil:
		return ""
	case f.takenBy != nil:
		return f.takenBy.Account
	case f.name != "" && len(f.iam) == 1:
		return slices.Collect(maps.Keys(f.iam))[0]
	}
	return ""
}

// home returns account, or Home; when that is not known, ok is false and the fact is the reason.
func home[T any](f *Facts, account string) (string, Fact[T], bool) {
	if account == "" {
		account = f.Home()
	}
	if account != "" {
		return account, Fact[T]{}, true
	}
	return "", without[T](f.Caller()), false
}

// Provenance says where the facts come from.
func (f *Facts) Provenance() Provenance {
	if f == nil {
		return Provenance{}
	}
	return Provenance{Name: f.name, SHA256: f.digest, TakenAt: f.takenAt, Caller: f.Caller(), Endpoint: f.endpoint}
}

// Profile returns an instance profile of an account ("": Home) by its name. A profile whose name differs in case only
// is returned with its own name and ARN, since IAM does not tell names apart by case.
func (f *Facts) Profile(account, name string) Fact[InstanceProfile] {
	if f == nil {
		return Fact[InstanceProfile]{}
	}
	account, why, ok := home[InstanceProfile](f, account)
	if !ok {
		return why
	}
	part := f.part(account)
	switch found := part.profile(name); {
	case found != nil:
		return known(found.profile())
	case part.notFound[notFoundProfile(name)], part.whole["InstanceProfiles"]:
		return none[InstanceProfile]()
	}
	return missing[InstanceProfile](f, ProfileKey(account, name), account)
}

// profile and role find an entry by name; see spelled.
func (p *iamPart) profile(name string) *ProfileDetail {
	return p.profiles[spelled(p.profiles, name, p.notFound[notFoundProfile(name)])]
}

func (p *iamPart) role(name string) (*RoleDetail, error) {
	return p.roles.get(spelled(p.roles, name, p.notFound[notFoundRole(name)]))
}

// lost says that a snapshot's entry is there and can't be read any more.
func lost(account string, err error) Unread {
	return Unread{Class: Unreachable, Code: "SnapshotChanged", Account: account, Message: err.Error()}
}

// ProfilesOf returns the instance profiles that hold a role, sorted by name; None when no profile does.
func (f *Facts) ProfilesOf(roleARN string) Fact[[]InstanceProfile] {
	role, why := f.detail(roleARN)
	if role == nil {
		return without[[]InstanceProfile](why)
	}
	account, name, _ := SplitRole(roleARN)
	if !role.Profiles.Read {
		return missing[[]InstanceProfile](f, ProfilesKey(account, name), account)
	}
	if len(role.Profiles.Value) == 0 {
		return none[[]InstanceProfile]()
	}
	var out []InstanceProfile
	for _, p := range role.Profiles.Value {
		out = append(out, p.profile())
	}
	slices.SortFunc(out, func(a, b InstanceProfile) int { return strings.Compare(a.Name, b.Name) })
	return known(out)
}

// missing returns the state of a fact that is not there: why it was not read, or that nobody asked.
func missing[T any](f *Facts, key, account string) Fact[T] {
	if u, ok := f.unread[key]; ok {
		return unread[T](u)
	}
	if f.name == "" {
		return Fact[T]{}
	}
	return unread[T](Unread{Class: NotRecorded, Account: account})
}
