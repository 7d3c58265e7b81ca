// Package transform is the pipeline of ccx and its public API: read, validate, aim, gather, judge, inject.
//
// It is the one place where the two wings meet: text (anyscale, document) and facts (check, account, policy). A run
// reads all its inputs, asks for the facts that they need in one go, and answers with one Result an input.
package transform

import (
	"context"
	"time"

	"ccx/transform/account"
	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// Source is where facts come from. It has no error: what can't be read is a fact with a reason.
type Source interface {
	Gather(ctx context.Context, wants account.Wants) *account.Facts
}

// Recorded returns a source that answers every question from facts taken before.
func Recorded(facts *account.Facts) Source { return recorded{facts} }

type recorded struct{ facts *account.Facts }

func (r recorded) Gather(context.Context, account.Wants) *account.Facts { return r.facts }

// Form is how a profile is written into the config.
type Form uint8

// The forms.
const (
	ByARN  Form = iota // IamInstanceProfile: {Arn: ...}
	ByName             // IamInstanceProfile: {Name: ...}
)

// Options is what holds for all inputs of a run.
type Options struct {
	// Subject holds what the flags say: profile or role, bucket, region, control-plane role, context, assumptions.
	Subject  check.Subject
	Existing anyscale.Mode
	Form     Form
	Nodes    []NodeAim
	Remove   bool             // take the profiles out instead of putting one in; nothing is judged
	Text     anyscale.Options // how the text is read
	Clouds   *Clouds          // what is known of clouds; nil: nothing
	Cloud    string           // --cloud: the name or id of the cloud of configs that name none
	Mapping  *anyscale.IAMMapping
	// ClusterRole is the ARN of the role that the cloud names for its nodes, where Alone took its default profile.
	ClusterRole string
	// Beside reads a file that a config names by a path; the name is how findings show it. nil: no such file is at hand.
	Beside func(config, path string) (name string, text []byte, err error)
	// AllowUnknown lets a check that depends on what is not known, or on what may not be read, pass by. What could
	// not be asked (no network, a budget) always stops.
	AllowUnknown bool
	Now          time.Time // when the run began; verdicts hold from here on
	Watch        Watcher   // is told how far the run is; nil: nobody is
	// Partial lets a canceled run answer with what it has judged so far; the rest is Interrupted. Otherwise everything
	// is judged by the facts that have come in.
	Partial bool
}

// Watcher is told how far a run is. Its methods are called by several goroutines.
type Watcher interface {
	Stage(what string, total int) // what is done from now on, and in how many steps; 0: nobody knows
	Step()                        // one more step is done
}

// NodeAim is another profile for one node group.
type NodeAim struct {
	Name    string        // the worker group's name, or "head"
	Profile string        // ARN or name
	Given   finding.Place // where it was written
}

// Input is one text to filter.
type Input struct {
	Name string // as findings show it
	Text []byte
}

// Result is what became of one input.
type Result struct {
	Name     string
	Input    []byte // the text as it was read
	Output   []byte // the whole output; nil when a finding stops it
	Findings []finding.Finding

	Profile string          // name of the profile, "" when not known
	Sites   int             // sites that have the profile in the output
	Added   int             // lines of the output that the input has not
	Changed int             // lines of the input that the output shows differently or lacks
	Edits   []document.Edit // the splices of the input that made the output
	Scope   string          // what the S3 checks speak of: s3://bucket/prefix
	Assumed []string        // guardrails that passes rest on
	Offline bool            // nothing in AWS was checked
	Default bool            // nothing is injected: nodes use the cloud's default profile, which was checked
	Guessed bool            // that profile is a guess from the cloud's id

	Role       string             // ARN of the profile's role, "" when not known
	Shape      string             // what the document is, in words; "" when it is nothing that ccx knows
	Provenance account.Provenance // where the facts come from; zero when none were wanted

	Place       finding.Place // the line that stands for the whole; zero: there is none
	Interrupted bool          // nothing was judged: the run was canceled first

	tried, used map[int]bool // indices of the settings' waivers: whose check was made, and that a finding needed

	allowUnknown bool
}

// Stops reports whether a finding keeps the input from being written, given what the options allow.
func (r Result) Stops(f finding.Finding) bool {
	if f.Status == finding.Unknown && r.allowUnknown && (f.Cause == finding.Depends || f.Cause == finding.Unreadable) {
		return false
	}
	return f.Stops()
}

// Stopped reports whether any finding does.
func (r Result) Stopped() bool {
	for _, f := range r.Findings {
		if r.Stops(f) {
			return true
		}
	}
	return false
}

// job is one input on its way through the pipeline.
type job struct {
	Result
	opts     Options
	file     *anyscale.File
	subjects []check.Subject // what is judged: the profile asked for, those that are there, the cloud's own
	targets  []check.Target  // what each of them turned out to be
	asked    []int           // indices of the subjects that flags or settings ask for
	gets     map[siteKey]int // index of the subject whose profile a site gets
	defaults map[siteKey]byDefault
}

func newJob(opts Options, input Input, offline bool) *job {
	return &job{
		opts: opts,
		Result: Result{
			Name: input.Name, Input: input.Text, Offline: offline, allowUnknown: opts.AllowUnknown,
			tried: map[int]bool{}, used: map[int]bool{},
		},
	}
}

func (j *job) add(fs ...finding.Finding) { j.Findings = append(j.Findings, fs...) }
