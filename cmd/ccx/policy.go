package main

import (
	"context"
	"strings"

	"github.com/spf13/pflag"

	"ccx/transform"
)

// policy is `ccx policy NAME`: a policy document on stdout, to read or to put.
func (a *app) policy(ctx context.Context, flags *pflag.FlagSet) int {
	if flags.NArg() != 1 {
		return a.usage("policy needs one NAME", "ccx policy "+strings.Join(transform.PolicyNames(), "|"))
	}
	if message, hint, ok := a.opts.checkValues(flags); !ok {
		return a.usage(message, hint)
	}
	if name := flags.Arg(0); (name == "bucket" || name == "key") && flags.Changed("bucket") && flags.Changed("data-bucket") {
		// Whoever puts the one bucket's document to the other replaces a policy.
		return a.usage("for which bucket? -b and --data-bucket name two", "ccx policy "+name+" with one of them at a time")
	}
	opts, code := a.aimed(flags)
	if code != exitDone {
		return code
	}
	opts, bad := opts.Alone()
	if bad != nil {
		return a.stop(*bad)
	}
	source, bad := a.source()
	if bad != nil {
		return a.stop(*bad)
	}
	ctx, cancel := context.WithTimeout(ctx, a.opts.patience())
	defer cancel()
	text, result := transform.Policy(ctx, flags.Arg(0), opts, transform.PolicyForm{StatementOnly: a.opts.statementOnly, HCL: a.opts.hcl}, source)
	if code := exitCode(result); code != exitDone {
		return a.report(result, code)
	}
	a.report(result, exitDone) // a note, perhaps
	return a.written(a.writeOutput([]byte(text+"\n")), exitDone)
}
