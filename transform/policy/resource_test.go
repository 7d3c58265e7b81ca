package policy

import "testing"

func TestResource(t *testing.T) {
	ctx := Context{Complete: true}
	ctx.Set("aws:PrincipalTag/team", ExactValue("red"))
	ctx.Set("aws:userid", PatternValue("", "AROA:i-*"))
	ctx.Set("many", ExactValue("a", "b"))
	for _, c := range []struct {
		pattern, arn string
		layer        Layer
		want         truth
	}{
		{"*", "arn:aws:s3:::b/k", LayerIdentity, yes}, {"*", "*", LayerIdentity, yes},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b:c\nd*", LayerIdentity, yes}, {"arn:aws:s3:::b/*", "arn:aws:s3:::b", LayerIdentity, no},
		{"arn:aws:s3:::b*", "arn:aws:s3:::b/k", LayerIdentity, yes}, {"arn:aws:s3:::B/*", "arn:aws:s3:::b/k", LayerIdentity, no},
		{"arn:aws:s3:::b/*", "*", LayerIdentity, no}, {"arn:aws:s3:::b/a*c", "arn:aws:s3:::b/a*c", LayerIdentity, yes},
		{"arn:aws:s3:*", "arn:aws:s3:::b/k", LayerResource, yes}, {"arn:*", "arn:aws:s3:::b/k", LayerIdentity, yes},
		{"arn:*:s3:::b/*", "arn:aws:s3:::b/k", LayerIdentity, yes}, {"arn:aws:s3*b/k", "arn:aws:s3:::b/k", LayerIdentity, unclear},
		{"arn:a*s:s3:::b/k", "arn:aws:s3:::b/k", LayerIdentity, yes}, {"arn:a*3:::b/k", "arn:aws:s3:::b/k", LayerIdentity, unclear},
		{"arn:aws:sqs", "arn:aws:sqs:us-east-1:1:q", LayerIdentity, yes}, {"arn:aws:sqs:us-east-2", "arn:aws:sqs:us-east-1:1:q", LayerIdentity, no},
		{"arn:aws:sqs", "arn:aws:sqs:us-east-1:1:q", LayerResource, unclear}, {"arn:aws:sqs", "arn:aws:sqs:us-east-1:1:q", LayerSCP, unclear},
		{"acme/*", "acme/k", LayerIdentity, unclear}, {"arn:aws:iam::1:*/x", "arn:aws:iam::1:role/x", LayerIdentity, unclear},
		{"arn:aws:iam::1:*", "arn:aws:iam::1:role/x", LayerIdentity, yes}, {"arn:aws:s3:::*/x", "arn:aws:s3:::b/x", LayerIdentity, yes},
		{"arn:aws:s3:::b/${aws:PrincipalTag/team}/*", "arn:aws:s3:::b/red/k", LayerIdentity, yes},
		{"arn:aws:s3:::b/${aws:PrincipalTag/none}/*", "arn:aws:s3:::b/red/k", LayerIdentity, no},
		{"arn:aws:s3:::b/${aws:PrincipalTag/none, 'red'}/*", "arn:aws:s3:::b/red/k", LayerIdentity, yes},
		{"arn:aws:s3:::b/${aws:userid}/*", "arn:aws:s3:::b/AROA:i-1/k", LayerIdentity, unknown}, {"arn:aws:s3:::b/${aws:userid}/*", "arn:aws:s3:::b/red/k", LayerIdentity, no},
		{"arn:aws:s3:::b/${many}", "arn:aws:s3:::b/a", LayerIdentity, unclear}, {"arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*", LayerIdentity, yes},
		{"arn:a*s3:::b/k:x:y", "arn:aws:s3:::b/k:x:y", LayerIdentity, unclear}, {"arn:aws:s3:::b/${x}/${y", "arn:aws:s3:::b/1/2", LayerIdentity, unclear},
		{"arn:aws:s3:::b/${x}/${y", "arn:aws:s3:::c/1/2", LayerIdentity, no},
		{"arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", LayerIdentity, no}, {"arn:aws:s3:::b/${x", "arn:aws:s3:::b/${x", LayerIdentity, unclear},
	} {
		b := &body{hasResource: true, resources: []resource{newResource(c.pattern, true)}}
		if got := b.matchResource(c.arn, c.layer, &ctx); got != c.want {
			t.Errorf("%s on %q in the %v: %v, want %v", c.pattern, c.arn, c.layer, got, c.want)
		}
		b.notResource = true
		want := not(c.want)
		if c.pattern == "arn:aws:s3:::b/${aws:PrincipalTag/none}/*" {
			want = unclear // a variable without a value exempts nothing for sure
		}
		if got := b.matchResource(c.arn, c.layer, &ctx); got != want {
			t.Errorf("NotResource %s on %q: %v, want %v", c.pattern, c.arn, got, want)
		}
	}
	old := newResource("arn:aws:s3:::b/${aws:username}", false)
	if old.match("arn:aws:s3:::b/${aws:username}", LayerIdentity, &ctx) != yes {
		t.Error("before version 2012-10-17 a variable is plain text")
	}
}

func TestAction(t *testing.T) {
	for _, c := range []struct {
		pattern string
		want    truth
	}{
		{"*", yes}, {"s3:*", yes}, {"S3:getobject", yes}, {"s3:Get*", yes}, {"s3:Get??ject", yes}, {"s3:GetObject*", yes}, {"s3:GetObjec", no},
		{"s3:PutObject", no}, {"s3express:*", no}, {"*:GetObject", unclear}, {"s*:*", unclear}, {"GetObject", unclear}, {"s3:GetObject ", unclear}, {"s3", unclear},
	} {
		b := &body{actions: []action{newAction(c.pattern)}}
		if got := b.matchAction("s3:getobject"); got != c.want {
			t.Errorf("%q: %v, want %v", c.pattern, got, c.want)
		}
		b.notAction = true
		if got := b.matchAction("s3:getobject"); got != not(c.want) {
			t.Errorf("NotAction %q: %v, want %v", c.pattern, got, not(c.want))
		}
	}
}

// TestStarsBeforeTheService: a star that may reach over a colon matches for sure only where the segments agree, and what
// begins with a star is no ARN.
func TestStarsBeforeTheService(t *testing.T) {
	ctx := Context{Complete: true}
	for text, want := range map[string]truth{
		"*": yes, "arn:*": yes, "arn:*:s3:::b/k": yes, "arn:*s3:::b/k": unclear, "arn:a*s:s3:::b/k": yes, "*:b/k": unclear, "**": unclear, "*b/x": unclear, "arn*": unclear,
	} {
		r := newResource(text, true)
		if got := r.match("arn:aws:s3:::b/k", LayerIdentity, &ctx); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
