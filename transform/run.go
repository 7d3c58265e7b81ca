package transform

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"ccx/transform/account"
	"ccx/transform/check"
	"ccx/transform/finding"
)

// Run filters the inputs, several at a time; the answers do not depend on that. A nil source means that no facts are
// wanted: what needs them is skipped.
func Run(ctx context.Context, opts Options, inputs []Input, source Source) []Result {
	return results(opts.decide(ctx, opts.prepare(ctx, inputs, source == nil), source))
}

// Aimed takes the inputs as far as they go without facts, and returns what is wrong with them up to there.
func Aimed(ctx context.Context, opts Options, inputs []Input) []Result {
	return results(opts.prepare(ctx, inputs, false))
}

// Gather returns the facts that checking the inputs needs, those that stop before facts are wanted left out. Without
// inputs, the subject of the options alone is looked up. Where nothing is wanted, the answer is nil.
func Gather(ctx context.Context, opts Options, inputs []Input, source Source) *account.Facts {
	jobs := slices.DeleteFunc(opts.prepare(ctx, inputs, false), func(j *job) bool { return j.Stopped() })
	wants := wantsOf(jobs)
	if len(inputs) == 0 {
		wants = append(wants, check.Wants(opts.Subject))
	}
	if len(wants) == 0 {
		return nil
	}
	opts.stage("asking AWS", 0)
	return source.Gather(ctx, join(wants))
}

// prepare takes each input as far as it goes without facts.
func (o Options) prepare(ctx context.Context, inputs []Input, offline bool) []*job {
	jobs := make([]*job, len(inputs))
	for i, input := range inputs {
		jobs[i] = newJob(o, input, offline)
	}
	o.each("reading", jobs, func(j *job) {
		if j.Interrupted = o.cut(ctx); !j.Interrupted {
			j.read()
			j.aim()
		}
	})
	return jobs
}

// decide asks for the facts of all jobs at once and takes each job to its end.
func (o Options) decide(ctx context.Context, jobs []*job, source Source) []*job {
	var facts *account.Facts
	if wants := wantsOf(jobs); source != nil && len(wants) > 0 && !o.cut(ctx) {
		o.stage("asking AWS", 0)
		facts = source.Gather(ctx, join(wants))
	}
	var known judgements
	o.each("judging", jobs, func(j *job) {
		if j.Interrupted = j.Interrupted || len(j.subjects) > 0 && o.cut(ctx); j.Interrupted {
			return
		}
		j.Provenance = facts.Provenance()
		j.judge(facts, &known)
		if j.Stopped() {
			j.tellExisting(facts)
		} else {
			j.inject(facts)
		}
	})
	return jobs
}

// cut reports whether the run was canceled and must not judge by the facts that have come in: a time-out is none.
func (o Options) cut(ctx context.Context) bool {
	return o.Partial && errors.Is(ctx.Err(), context.Canceled)
}

// each does something with every job, as many at a time as there are processors. A panic is the caller's.
func (o Options) each(what string, jobs []*job, do func(*job)) {
	o.stage(what, len(jobs))
	var next atomic.Int64
	var broken atomic.Value
	work := func() {
		defer func() {
			if p := recover(); p != nil {
				broken.Store(fmt.Sprintf("%v\n%s", p, debug.Stack()))
			}
		}()
		for i := next.Add(1); int(i) <= len(jobs); i = next.Add(1) {
			do(jobs[i-1])
			if o.Watch != nil {
				o.Watch.Step()
			}
		}
	}
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		all.Add(1)
		go func() { defer all.Done(); work() }()
	}
	all.Wait()
	if p := broken.Load(); p != nil {
		panic(p)
	}
}

func (o Options) stage(what string, total int) {
	if o.Watch != nil {
		o.Watch.Stage(what, total)
	}
}

// wantsOf lists the facts that judging the jobs needs.
func wantsOf(jobs []*job) []account.Wants {
	var wants []account.Wants
	for _, j := range jobs {
		for _, s := range j.subjects {
			wants = append(wants, check.Wants(s))
		}
	}
	return wants
}

// join puts the wants of all inputs into one, so that each fact is asked for once a run.
func join(all []account.Wants) account.Wants {
	w := all[0]
	for _, more := range all[1:] {
		w.Profiles = append(w.Profiles, more.Profiles...)
		w.Roles = append(w.Roles, more.Roles...)
		w.RoleNames = append(w.RoleNames, more.RoleNames...)
		w.ProfilesOf = append(w.ProfilesOf, more.ProfilesOf...)
		w.Buckets = append(w.Buckets, more.Buckets...)
		w.Keys = append(w.Keys, more.Keys...)
		w.Repositories = append(w.Repositories, more.Repositories...)
	}
	return w
}

func results(jobs []*job) []Result {
	all := make([]Result, len(jobs))
	for i, j := range jobs {
		finding.Sort(j.Findings)
		all[i] = j.Result
	}
	return all
}
