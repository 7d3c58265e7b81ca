package main

import (
	"context"

	"ccx/transform"
	"ccx/transform/account"
)

// asking shows somebody at a terminal that AWS is being asked, where nothing else shows progress.
type asking struct {
	transform.Source
	a *app
}

// Gather asks.
func (s asking) Gather(ctx context.Context, wants account.Wants) *account.Facts {
	if s.a.watched {
		return s.Source.Gather(ctx, wants)
	}
	watch := s.a.startProgress()
	defer watch.stop()
	watch.Stage("asking AWS", 0)
	return s.Source.Gather(ctx, wants)
}
