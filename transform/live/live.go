// Package live is the only room with AWS clients. It reads what account.Wants asks for, side by side, each fact once,
// with the credentials of the account that owns it, and hands back account.Facts. It has no error: what could not be
// read is a fact with a reason. It writes nothing, caches nothing, and sends nothing to anyone but AWS (or to the
// endpoint that AWS_ENDPOINT_URL names).
//
// A service is a file: iam.go, bucket.go, kms.go, ecr.go. Its functions start requests (start*) and later put what came back into the
// recorder (record*). Requests run ahead of what is concluded from them: nothing is recorded before the account that
// the credentials belong to is known to own the thing.
package live

import (
	"context"
	"time"

	"ccx/transform/account"
)

// Options say how AWS is asked. The zero value uses the SDK's own configuration: AWS_PROFILE, AWS_REGION,
// AWS_ENDPOINT_URL, AWS_CA_BUNDLE, the shared files, SSO, web identity and so on.
type Options struct {
	// Region is the region for the clients, "us-west-2"; empty: Wants.Region, then AWS's own configuration, then the
	// partition's default. S3 is asked in each bucket's own region.
	Region string
	// Accounts says whose facts are read with which credentials: 12 digits -> "profile:NAME" or "role:ARN" (assumed
	// with the SDK's own credentials and a session policy that only reads). The entry "default" stands for all others,
	// with "{account}" in it for the 12 digits. Without any, the SDK's own credentials are used, and nothing is
	// concluded from them if they are of another account.
	Accounts map[string]string
	// Organization is the account whose credentials see the service and resource control policies: the management
	// account, or one that it has delegated that to. Empty: they are read where the caller's account is the management
	// account, and else not asked for.
	Organization string
	// Simulator asks AWS's policy simulator for a second opinion on each role and bucket.
	Simulator bool
	// Timeout bounds the whole Gather; 0: only the context does.
	Timeout time.Duration
	// Metadata lets credentials and region come from instance metadata, unless AWS_EC2_METADATA_DISABLED forbids it: on a
	// node they do.
	Metadata bool
	// Concurrency is how many requests are under way at once; 0: 24.
	Concurrency int
}

// Source reads facts from AWS.
type Source struct{ options Options }

// New returns a source. It reads no configuration and makes no call before Gather.
func New(o Options) *Source { return &Source{options: o} }

// Gather reads what is wanted and what follows from it, in at most four sequential round trips. It returns when
// everything is answered or the context ends; what is not answered by then is account.Unreachable.
func (s *Source) Gather(ctx context.Context, w account.Wants) *account.Facts {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.options.Timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, s.options.Timeout)
		defer cancel()
	}
	w = once(w)
	r := newRun(ctx, s.options, w)
	defer r.close()
	r.startAll(w)
	return r.recordAll(w)
}
