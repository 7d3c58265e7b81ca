package main

import (
	"context"
	"time"

	"ccx/transform"
	"ccx/transform/account"
)

// asking is AWS as a run asks it: with progress for somebody at a terminal where nothing else shows any, and again until
// --wait is over while what is looked for is not there yet.
type asking struct {
	transform.Source
	a *app
}

// askAgain is the pause before AWS is asked again.
const askAgain = time.Second

// Gather asks.
func (s asking) Gather(ctx context.Context, wants account.Wants) *account.Facts {
	var watch *progress
	if !s.a.watched {
		watch = s.a.startProgress()
		defer watch.stop()
	}
	watch.Stage("asking AWS", 0)
	for end := time.Now().Add(s.a.opts.wait); ; {
		facts := s.Source.Gather(ctx, wants)
		if !notYet(facts, wants) || time.Now().Add(askAgain).After(end) || ctx.Err() != nil {
			return facts
		}
		watch.Stage("waiting for the instance profile", 0)
		select {
		case <-ctx.Done():
			return facts
		case <-time.After(askAgain):
		}
	}
}

// notYet reports whether an instance profile or role that is wanted is not there, or a profile holds no role: IAM shows
// what was made a moment ago everywhere only after a while.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
func notYet(facts *account.Facts, wants account.Wants) bool {
	for _, want := range wants.Profiles {
		profile := facts.Profile(want.Account, want.Name)
		if profile.State == account.None || profile.State == account.Known && len(profile.Value.Roles) == 0 {
			return true
		}
		for _, role := range profile.Value.Roles {
			if facts.Role(role).State == account.None {
				return true
			}
		}
	}
	for _, want := range wants.ProfilesOf {
		role := facts.RoleByName(want.Account, want.Name)
		if role.State == account.None || role.State == account.Known && facts.ProfilesOf(role.Value.ARN).State == account.None {
			return true
		}
	}
	return false
}
