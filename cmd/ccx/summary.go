package main

import (
	"fmt"
	"strings"

	"ccx/transform"
	"ccx/transform/finding"
)

// summary is the last line: what came out, and what it rests on.
func summary(r transform.Result, code int) string {
	if code != exitDone {
		return "no config written: " + tally(r)
	}
	line := fmt.Sprintf("%s: %s", r.Name, done(r))
	if r.Offline {
		return line + "; not checked: anything in AWS (--offline)"
	}
	line += fmt.Sprintf("; %s", count(r, finding.Pass, "check", "passes", "pass"))
	if n := waivedIn(r.Findings); n > 0 {
		line += fmt.Sprintf(", %d waived by the settings,", n)
	}
	if r.Scope != "" {
		line += " for every key under " + r.Scope
	}
	return line + assuming(r)
}

// done says what the edit was.
func done(r transform.Result) string {
	switch {
	case r.Guessed:
		return "nothing to inject: the cloud's default profile is taken to be " + r.Profile
	case r.Default:
		return "nothing to inject: nodes get " + r.Profile + " by the cloud's default"
	case r.Profile == "":
		return fmt.Sprintf("no profile at %s (-%d lines)", plural(r.Sites, "site", "sites"), r.Changed)
	case r.Added+r.Changed == 0:
		return r.Profile + " is already at " + plural(r.Sites, "site", "sites") + ", nothing changed"
	}
	return fmt.Sprintf("%s at %s (+%d lines, %d changed)", r.Profile, plural(r.Sites, "site", "sites"), r.Added, r.Changed)
}

// tally counts what stopped the filter and what passed.
func tally(r transform.Result) string {
	errors, unknown, passed := 0, 0, 0
	for _, f := range r.Findings {
		switch {
		case f.Status == finding.Pass:
			passed++
		case !r.Stops(f):
		case f.Status == finding.Fail:
			errors++
		default:
			unknown++
		}
	}
	var parts []string
	if errors > 0 {
		parts = append(parts, plural(errors, "error", "errors"))
	}
	if unknown > 0 {
		parts = append(parts, plural(unknown, "check", "checks")+" undecided")
	}
	if passed > 0 {
		parts = append(parts, plural(passed, "check passes", "checks pass"))
	}
	if len(parts) == 0 {
		return "interrupted"
	}
	return strings.Join(parts, ", ") + assuming(r)
}

// waivedIn counts the findings that the settings waive.
func waivedIn(fs []finding.Finding) int {
	n := 0
	for _, f := range fs {
		if f.Waiver != nil {
			n++
		}
	}
	return n
}

func assuming(r transform.Result) string {
	if len(r.Assumed) == 0 {
		return ""
	}
	return ", assuming that " + andList(r.Assumed) + ", which were not read, deny nothing [assume/guardrail]"
}

func count(r transform.Result, status finding.Status, noun, one, many string) string {
	n := 0
	for _, f := range r.Findings {
		if f.Status == status {
			n++
		}
	}
	if n == 1 {
		return fmt.Sprintf("1 %s %s", noun, one)
	}
	return fmt.Sprintf("%d %ss %s", n, noun, many)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// andList joins words as a sentence does: a, b and c.
func andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
