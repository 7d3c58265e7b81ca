package account

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// file is the snapshot as it is written. encoding/json sorts the keys of maps; lists are sorted here.
type file struct {
	Version      int                            `json:"version"`
	TakenAt      string                         `json:"taken_at,omitempty"`
	TakenBy      *Identity                      `json:"taken_by,omitempty"`
	Endpoint     string                         `json:"endpoint,omitempty"`
	IAM          map[string]partFile            `json:"iam,omitempty"`
	Resource     map[string]*Document           `json:"resource_policies,omitempty"`
	Buckets      map[string]*BucketDetail       `json:"buckets,omitempty"`
	Organization map[string]*OrganizationDetail `json:"organization,omitempty"`
	Blocks       map[string]*PublicAccessBlock  `json:"public_access_blocks,omitempty"`
	Keys         map[string]*KeyDetail          `json:"keys,omitempty"`
	Repositories map[string]*RepositoryDetail   `json:"repositories,omitempty"`
	Endpoints    map[string]json.RawMessage     `json:"vpc_endpoints,omitempty"`
	Unread       map[string]unreadFile          `json:"unread,omitempty"`
}

// partFile is one account's IAM as it is written.
type partFile struct {
	Roles    []RoleDetail    `json:"RoleDetailList"`
	Policies []PolicyDetail  `json:"Policies"`
	Profiles []ProfileDetail `json:"InstanceProfiles"`
	NotFound []string        `json:",omitempty"`
	Whole    []string        `json:",omitempty"`
}

type unreadFile struct {
	Operation string `json:"operation,omitempty"`
	Code      string `json:"code,omitempty"`
	Account   string `json:"account,omitempty"`
	Caller    string `json:"caller,omitempty"`
	Message   string `json:"message,omitempty"`
	Class     string `json:"class"`
}

// Save writes the facts as a snapshot: sorted, so that the same facts give the same bytes, and free of secrets (the
// facts hold none). The file shows who may do what: write it with mode 0600.
func (f *Facts) Save(w io.Writer) error {
	if f == nil {
		f = &Facts{contents: newContents()}
	}
	out := file{
		Version: Version, TakenBy: f.takenBy, Endpoint: f.endpoint, IAM: map[string]partFile{}, Resource: f.resource,
		Buckets: f.buckets, Organization: f.organization, Blocks: f.blocks, Keys: f.keys, Repositories: f.repositories,
		Endpoints: f.endpoints, Unread: map[string]unreadFile{},
	}
	if !f.takenAt.IsZero() {
		out.TakenAt = f.takenAt.Format(time.RFC3339)
	}
	for account, part := range f.iam {
		written, err := part.file()
		if err != nil {
			return err
		}
		out.IAM[account] = written
	}
	for key, u := range f.unread {
		out.Unread[key] = unreadFile{u.Operation, u.Code, u.Account, u.Caller, u.Message, u.Class.String()}
	}
	text, err := marshal(out)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "    "); err != nil {
		return err
	}
	_, err = w.Write(indented.Bytes())
	return err
}

func (p *iamPart) file() (partFile, error) {
	roles, err := p.roles.sorted()
	if err != nil {
		return partFile{}, err
	}
	policies, err := p.policies.sorted()
	return partFile{
		Roles: roles, Policies: policies, Profiles: sorted(p.profiles),
		NotFound: slices.Sorted(maps.Keys(p.notFound)), Whole: slices.Sorted(maps.Keys(p.whole)),
	}, err
}

// sorted returns the values in the order of their keys.
func sorted[T any](m map[string]*T) []T {
	out := make([]T, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		out = append(out, *m[key])
	}
	return out
}

// sort puts a role's lists, whose order means nothing to AWS, into the order of their names.
func (r *RoleDetail) sort() {
	sortList(&r.Inline, func(p InlinePolicy) string { return p.Name })
	sortList(&r.Attached, func(a Attachment) string { return a.ARN })
	sortList(&r.Profiles, func(p ProfileDetail) string { return p.Name })
	sortList(&r.Tags, func(t Tag) string { return t.Key })
}

// sortList sorts a list that was read; an empty one is written as [], not null.
func sortList[T any](p *Part[[]T], by func(T) string) {
	if p.Read && p.Value == nil {
		p.Value = []T{}
	}
	slices.SortStableFunc(p.Value, func(a, b T) int { return strings.Compare(by(a), by(b)) })
}

// marshal is json.Marshal without the escapes for HTML, which would change a policy's bytes; the result ends in a line break.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
