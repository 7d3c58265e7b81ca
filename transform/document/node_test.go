package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const aliased = `
defaults: &defaults
  aws: &aws
    Tags: [a]
  size: small
head: {aws: *aws}
workers:
- name: one
  <<: *defaults
- name: two
  <<: [*defaults, {size: big, more: 1}]
  size: huge
`

func TestGet(t *testing.T) {
	root := mustParse(t, aliased).Roots[0]
	tests := []struct {
		pointer string
		want    string
		shared  bool
	}{
		{"/defaults/size", "small", false},
		{"/defaults/aws/Tags/0", "a", false},
		{"/head/aws/Tags/0", "a", true},
		{"/workers/0/size", "small", true},
		{"/workers/0/name", "one", false},
		{"/workers/0/aws/Tags/0", "a", true},
		{"/workers/1/size", "huge", false},
		{"/workers/1/more", "1", true},
	}
	for _, test := range tests {
		n := root.At(test.pointer)
		got, ok := n.Scalar()
		if !ok || got != test.want || n.Shared() != test.shared {
			t.Errorf("%s is %q (%v), shared %v", test.pointer, got, ok, n.Shared())
		}
	}
	for _, pointer := range []string{"/none", "/workers/2", "/workers/00", "/workers/-1", "/workers/x", "/head/aws/Tags/0/x", "head", "/defaults/size/x", "/workers/name"} {
		if n := root.At(pointer); n != nil {
			t.Errorf("%s is there", pointer)
		}
	}
}

func TestIdentity(t *testing.T) {
	root := mustParse(t, aliased).Roots[0]
	aws := root.Find("defaults", "aws").Identity()
	for _, pointer := range []string{"/head/aws", "/workers/0/aws", "/workers/1/aws"} {
		if root.At(pointer).Identity() != aws {
			t.Errorf("%s is another value", pointer)
		}
	}
	if root.At("/workers/0").Identity() == root.At("/workers/1").Identity() {
		t.Error("two workers are one")
	}
	if (*Node)(nil).Identity() != nil {
		t.Error("nothing has an identity")
	}
}

func TestEntries(t *testing.T) {
	root := mustParse(t, aliased).Roots[0]
	var got []string
	for _, e := range root.At("/workers/1").Entries() {
		text := e.Key
		if e.Merged {
			text += " merged"
		}
		if e.Value.Shared() != e.Merged {
			t.Errorf("%s: shared %v", e.Key, e.Value.Shared())
		}
		got = append(got, text)
	}
	want := []string{"name", "size", "aws merged", "more merged"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if root.Get("defaults").Entries()[0].KeyNode.Place().Line != 3 {
		t.Error("a key has no place of its own")
	}
}

func TestDuplicateKeysLastCounts(t *testing.T) {
	d, _ := Parse("x", []byte("a: 1\nb: 2\na: 3\n"))
	root := d.Roots[0]
	if got, _ := root.Get("a").Scalar(); got != "3" {
		t.Errorf("a is %s", got)
	}
	if diff := cmp.Diff(map[string]any{"a": int64(3), "b": int64(2)}, root.Value()); diff != "" {
		t.Error(diff)
	}
	if n := len(root.Entries()); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestLargeMapping(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		b.WriteString("k" + strings.Repeat("x", i) + ": 1\n")
	}
	root := mustParse(t, b.String()+"last: 2\n").Roots[0]
	if got, _ := root.Get("last").Scalar(); got != "2" {
		t.Errorf("last is %q", got)
	}
	if root.Get("kk") != nil || root.Get("k") == nil {
		t.Error("the index is wrong")
	}
}

func TestKeysThatAreNoStrings(t *testing.T) {
	root := mustParse(t, "yes: a\n12: b\n~: c\n1.5: d\n2024-01-01: e\n'on': f\n").Roots[0]
	var keys []string
	for _, e := range root.Entries() {
		keys = append(keys, e.Key)
	}
	if diff := cmp.Diff([]string{"true", "12", "null", "1.5", "2024-01-01", "on"}, keys); diff != "" {
		t.Error(diff)
	}
	if root.Get("true") != nil || root.Get("12") != nil {
		t.Error("Get found a key that is no string")
	}
	if got, _ := root.At("/12").Text(); got != "b" {
		t.Error("At does not find a number's key")
	}
	if got, _ := root.Get("on").Text(); got != "f" {
		t.Error("a quoted on is a string")
	}
}

func TestKinds(t *testing.T) {
	root := mustParse(t, "m: {}\ns: []\nn:\ndate: 2024-01-01\nnum: 012\ntext: x\nb:\n- 1\n").Roots[0]
	if !root.Get("m").IsMapping() || !root.Get("s").IsSequence() || !root.Get("n").IsNull() || !root.Get("date").IsDate() {
		t.Error("kinds")
	}
	if root.Get("m").IsNull() || root.Get("none").IsNull() || root.Get("none").IsMapping() || root.Get("text").IsSequence() {
		t.Error("kinds of others")
	}
	if !root.Get("m").IsFlow() || root.Get("b").IsFlow() || root.IsFlow() {
		t.Error("flow")
	}
	if _, ok := root.Get("num").Text(); ok {
		t.Error("a number is no text")
	}
	if got, ok := root.Get("num").Scalar(); !ok || got != "012" {
		t.Error("a number has its source text")
	}
	if _, ok := root.Get("m").Scalar(); ok {
		t.Error("a mapping is no scalar")
	}
}

// TestNilNode calls every method on a node that is not there.
func TestNilNode(t *testing.T) {
	var n *Node
	if n.Get("a") != nil || n.Find("a", "b") != nil || n.At("/a") != nil || n.At("") != nil || n.Entries() != nil || n.Items() != nil || n.Value() != nil {
		t.Error("nothing holds something")
	}
	if n.IsMapping() || n.IsSequence() || n.IsNull() || n.IsDate() || n.IsFlow() || n.Shared() || n.Templated() {
		t.Error("nothing is something")
	}
	if _, ok := n.Text(); ok {
		t.Error("nothing has a text")
	}
	if n.PlaceOf(0, 0).Known() {
		t.Error("nothing has a place")
	}
	for name, f := range map[string]func() error{
		"Set":    func() error { _, err := n.Set([]string{"a"}, 1); return err },
		"Remove": func() error { _, err := n.Remove(); return err },
		"Rename": func() error { _, err := n.Rename("a"); return err },
		"Unwrap": func() error { _, err := n.Unwrap(); return err },
		"Block":  func() error { _, err := n.Block(); return err },
		"Draft":  func() error { return n.Draft().Set(n, nil, 1) },
	} {
		if f() == nil {
			t.Errorf("%s of nothing worked", name)
		}
	}
}
