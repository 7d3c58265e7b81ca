package check

import (
	"ccx/transform/account"
	"ccx/transform/finding"
)

// unread says that a check could not be made because a fact is missing, and what to do about that.
func unread(code finding.Code, at finding.Place, message string, state account.State, why account.Unread) finding.Finding {
	f := finding.Unsure(code, causeOf(state, why), at, message)
	fact := account.Fact[struct{}]{State: state, Unread: why}
	return f.WithDetails(fact.Reason()).WithHint(unreadHint(why))
}

func causeOf(state account.State, why account.Unread) finding.Cause {
	if state == account.NotRead && why.Class == account.Unreachable {
		return finding.Unreachable
	}
	return finding.Unreadable
}

// unreadHint is what to do about a fact that was not read.
func unreadHint(why account.Unread) string {
	switch why.Class {
	case account.Denied:
		if row, ok := account.ObstacleOf(why.Code); ok && row.Do != "" {
			return row.Do
		}
		if why.Operation != "" {
			return "let the caller " + why.Operation + " (`ccx policy reader` prints the rights that ccx needs), or use credentials that may"
		}
		return "use credentials that may read it"
	case account.Elsewhere:
		if why.Account != "" {
			return "give the credentials of that account: --account " + why.Account + "=profile:NAME, or set AWS_PROFILE"
		}
		return "name the account's credentials with --account ID=profile:NAME"
	case account.Unreachable:
		return unreachableHint(why)
	case account.NotRecorded:
		return "take the snapshot again with this in it, or leave --snapshot out to ask AWS"
	}
	return "leave --offline out"
}

// unreachableHint is what the table of obstacles says to do.
func unreachableHint(why account.Unread) string {
	if row, ok := account.ObstacleOf(why.Code); ok && row.Do != "" {
		return row.Do
	}
	return "try again; --snapshot FILE takes recorded facts, --offline checks the config alone"
}
