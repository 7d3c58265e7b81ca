package policy

import (
	"testing"
	"time"
)

func TestContext(t *testing.T) {
	var c Context
	c.Set("aws:PrincipalTag/Team", ExactValue("red"))
	c.Set("aws:PrincipalTag/*", AbsentValue())
	c.Set("AWS:SourceIp", UnknownValue("the network"))
	c.Set("any", PatternValue("o"))
	c.Set("chosen", ChosenValue(true))
	now := time.Unix(1_800_000_000, 0)
	c.Set("time", IntervalValue("o", now.Add(time.Hour), now))
	for key, want := range map[string]ValueKind{
		"AWS:principaltag/TEAM": Exact, "aws:PrincipalTag/other": Absent, "aws:RequestTag/x": Unknown, "aws:sourceip": Unknown, "never": Unknown, "any": Pattern,
	} {
		if got := c.Get(key).Kind; got != want {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
	if v := c.Get("any").Values; len(v) != 1 || v[0] != "*" || c.Get("chosen").Values[0] != "*" {
		t.Error("a pattern without globs is any value")
	}
	if v := c.Get("time"); v.From != now {
		t.Error("an interval begins at the earlier of its ends")
	}
	d := c.Clone()
	d.Complete = true
	d.Set("never", ExactValue("x"))
	if c.Get("never").Kind != Unknown || d.Get("never").Kind != Exact || d.Get("else").Kind != Absent {
		t.Error("a clone changes by itself, and a complete context knows what is absent")
	}
	e := d.trying("never", &Value{Kind: Unknown})
	if e.Get("never").Kind != Unknown || d.Get("never").Kind != Exact {
		t.Error("trying a value leaves the context as it was")
	}
}
