package finding

import (
	"math/rand"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryCodeHasOneRow(t *testing.T) {
	grammar := regexp.MustCompile(`^[a-z0-9-]+/[a-z-]+$`)
	seen := map[Code]bool{}
	for _, row := range Table() {
		if seen[row.Code] {
			t.Errorf("%s has two rows", row.Code)
		}
		seen[row.Code] = true
		if !grammar.MatchString(string(row.Code)) {
			t.Errorf("%s is not of the form group/name", row.Code)
		}
		if row.Summary == "" || row.Help == "" {
			t.Errorf("%s lacks a summary or a help text", row.Code)
		}
	}
	for _, code := range []Code{UsageFlag, ConfigSyntax, ConfigSite, S3Write, AssumeGuardrail} {
		if !seen[code] {
			t.Errorf("%s has no row", code)
		}
	}
}

func TestUnknownCodeIsAnError(t *testing.T) {
	if got := Code("no/such").Level(); got != Error {
		t.Errorf("level %v, want error: an unlisted code must never be harmless", got)
	}
}

func TestStops(t *testing.T) {
	tests := []struct {
		status Status
		level  Level
		want   bool
	}{
		{Pass, Error, false}, {Skipped, Error, false},
		{Unknown, Error, true}, {Fail, Error, true},
		{Unknown, Warning, false}, {Fail, Warning, false},
		{Fail, Note, false},
	}
	for _, tt := range tests {
		f := Finding{Status: tt.status, Level: tt.level}
		if f.Stops() != tt.want {
			t.Errorf("%v at level %v: Stops() = %v", tt.status, tt.level, !tt.want)
		}
	}
}

func TestSortIsTotal(t *testing.T) {
	at := func(file string, line, col int) Place { return Place{File: file, Line: line, Column: col} }
	want := []Finding{
		New(ConfigSchema, at("a.yaml", 1, 1), "x"),
		New(ConfigSchema, at("a.yaml", 2, 1), "x"),
		New(ConfigSchema, at("a.yaml", 2, 1), "y"),
		New(S3Write, at("a.yaml", 2, 1), "x"),
		New(BucketRegion, at("a.yaml", 2, 1), "x"),
		Passed(S3Read, "x"),
	}
	want[5].Place = at("b.yaml", 1, 1)
	for i := range 50 {
		got := append([]Finding(nil), want...)
		rand.New(rand.NewSource(int64(i))).Shuffle(len(got), func(a, b int) { got[a], got[b] = got[b], got[a] })
		Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("order depends on the input (-want +got):\n%s", diff)
		}
	}
}

func TestWithDetailsDoesNotShare(t *testing.T) {
	base := New(S3Read, Place{}, "x").WithDetails("one")
	a, b := base.WithDetails("a"), base.WithDetails("b")
	if a.Details[1] != "a" || b.Details[1] != "b" {
		t.Errorf("two findings share their details: %q %q", a.Details, b.Details)
	}
}
