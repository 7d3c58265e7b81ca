package live

import (
	"context"
	"slices"
	"sync"
	"time"

	"ccx/transform/account"
)

// run is one Gather.
type run struct {
	ctx       context.Context
	began     time.Time
	options   Options
	partition string   // "aws", "aws-cn", ...; "" until a region is chosen
	regions   []string // regions to choose from, the best first
	slots     chan struct{}

	mu       sync.Mutex
	started  map[string]any // future[T] by key: each request is made once
	sessions map[string]*session

	owners []string // the accounts whose guardrails and account-wide settings have a say, in the order of recording
}

const defaultConcurrency = 24

// grace is how long a call may take to notice that the context has ended.
const grace = 200 * time.Millisecond

func newRun(ctx context.Context, o Options, w account.Wants) *run {
	n := o.Concurrency
	if n <= 0 {
		n = defaultConcurrency
	}
	return &run{
		ctx: ctx, began: time.Now(), options: o, partition: partitionOf(w), regions: []string{o.Region, w.Region},
		slots: make(chan struct{}, n), started: map[string]any{}, sessions: map[string]*session{},
	}
}

// startAll starts every request that needs no other's answer; the others follow by themselves.
func (r *run) startAll(w account.Wants) {
	if w.Empty() {
		return
	}
	r.own().identity()
	for _, p := range w.Profiles {
		r.startProfile(r.session(p.Account), p.Name)
	}
	for _, arn := range w.Roles {
		if owner, name, ok := account.SplitRole(arn); ok {
			r.startRole(r.session(owner), name)
		}
	}
	for _, role := range w.RoleNames {
		r.startRole(r.session(role.Account), role.Name)
	}
	for _, role := range w.ProfilesOf {
		r.startRole(r.session(role.Account), role.Name)
		r.startProfilesOf(r.session(role.Account), role.Name)
	}
	for _, b := range w.Buckets {
		r.startBucket(b, w)
	}
	for _, arn := range w.Keys {
		r.startKey(arn)
	}
	for _, arn := range w.Repositories {
		r.startRepository(arn)
	}
	for _, id := range accountsIn(w) {
		r.startOrganization(id)
	}
}

// once returns the wants with each of them once, in the order in which they were met: a thousand configs mostly want the same.
func once(w account.Wants) account.Wants {
	w.Profiles, w.RoleNames, w.ProfilesOf = unique(w.Profiles), unique(w.RoleNames), unique(w.ProfilesOf)
	w.Roles, w.Keys, w.Repositories, w.Buckets = unique(w.Roles), unique(w.Keys), unique(w.Repositories), unique(w.Buckets)
	return w
}

func unique[T comparable](list []T) []T {
	var out []T
	seen := map[T]bool{}
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// accountsIn returns the accounts that are wanted by name, and "" where the caller's own is meant.
func accountsIn(w account.Wants) []string {
	var all []string
	for _, p := range w.Profiles {
		all = append(all, p.Account)
	}
	for _, role := range append(slices.Clone(w.RoleNames), w.ProfilesOf...) {
		all = append(all, role.Account)
	}
	for _, arn := range w.Roles {
		id, _, _ := account.SplitRole(arn)
		all = append(all, id)
	}
	for _, b := range w.Buckets {
		if b.Owner != "" {
			all = append(all, b.Owner)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// recordAll waits for the answers in the order of the wants, so that the same answers always give the same facts.
func (r *run) recordAll(w account.Wants) *account.Facts {
	if w.Empty() {
		return account.NewRecorder(r.began, "").Facts()
	}
	own := r.own()
	id := own.identity()(r.ctx)
	rec := account.NewRecorder(r.began, own.endpoint())
	if id.State == account.Known {
		rec.Caller(id.Value)
	} else {
		rec.Unread(account.CallerKey, id.Unread)
	}
	roles := newRoleSet()
	for _, p := range w.Profiles {
		r.recordProfile(rec, roles, p)
	}
	for _, arn := range w.Roles {
		if owner, name, ok := account.SplitRole(arn); ok {
			roles.add(owner, name)
		}
	}
	for _, role := range w.RoleNames {
		roles.add(role.Account, role.Name)
	}
	for _, role := range w.ProfilesOf {
		roles.add(role.Account, role.Name).profiles = true
	}
	for _, role := range roles.list {
		r.recordRole(rec, role)
	}
	for _, b := range w.Buckets {
		r.recordBucket(rec, b, w)
	}
	for _, arn := range w.Keys {
		r.recordKey(rec, arn)
	}
	for _, arn := range w.Repositories {
		r.recordRepository(rec, arn)
	}
	r.recordSimulations(rec, roles, w)
	r.owners = append(r.owners, distinct(accountsIn(w))...) // also where nothing else of them could be read
	slices.Sort(r.owners)
	for _, id := range slices.Compact(r.owners) {
		r.recordOrganization(rec, id)
	}
	return rec.Facts()
}

// close gives the connections back.
func (r *run) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.sessions {
		s.close()
	}
}

// future waits for an answer; when the context ends first, the answer is a time-out.
type future[T any] func(context.Context) account.Fact[T]

// start runs f once for a key, and returns its answer to all who ask.
func start[T any](r *run, key string, f func() account.Fact[T]) future[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	if got, ok := r.started[key]; ok {
		return got.(future[T])
	}
	done := make(chan struct{})
	var answer account.Fact[T]
	go func() {
		defer close(done)
		answer = f()
	}()
	wait := future[T](func(ctx context.Context) account.Fact[T] {
		select {
		case <-done:
			return answer
		default:
		}
		select {
		case <-done:
			return answer
		case <-ctx.Done():
		}
		select {
		case <-done: // the call itself notices that the context has ended, and says which call it is
			return answer
		case <-time.After(grace):
			return notRead[T](ended(ctx.Err()))
		}
	})
	r.started[key] = wait
	return wait
}

// operation is a call with what its answers mean.
type operation struct {
	name string   // as its permission is written
	none []string // the error codes that say that the thing is not there
}

// call makes one request, when a slot is free.
func call[T any](s *session, op operation, do func(context.Context, *clients) (T, error)) account.Fact[T] {
	c, why := s.clients()
	if c == nil {
		return notRead[T](why)
	}
	select {
	case s.run.slots <- struct{}{}:
	case <-s.run.ctx.Done():
		return notRead[T](s.sign(op, ended(s.run.ctx.Err())))
	}
	v, err := do(s.run.ctx, c)
	<-s.run.slots
	if err == nil {
		return account.Fact[T]{State: account.Known, Value: v}
	}
	none, why := meaning(op, err)
	if none {
		return account.Fact[T]{State: account.None}
	}
	return notRead[T](s.sign(op, why))
}

func notRead[T any](u account.Unread) account.Fact[T] {
	return account.Fact[T]{State: account.NotRead, Unread: u}
}
