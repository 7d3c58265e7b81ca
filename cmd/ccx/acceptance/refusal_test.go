//go:build acceptance

package acceptance

import (
	"strings"
	"testing"
)

// failures are ways to make the filter fail: a wrong flag, unreadable files, input that is no config, a config that is
// wrong, and facts that can't be had. Each must leave a refusing line on stdout.
var failures = []struct {
	name  string
	stdin string
	args  []string
	code  int
}{
	{"unknown flag", goodNew, []string{"--no-such-flag"}, 2},
	{"no such file", "", []string{"--offline", "-p", profileARN, "no-such-file.yaml"}, 2},
	{"no such snapshot", goodNew, []string{"--snapshot", "no-such-file.json", "-p", profileARN, "-b", "acme"}, 2},
	{"no profile named", goodNew, []string{"--offline"}, 2},
	{"empty input", "", []string{"--offline", "-p", profileARN}, 1},
	{"not YAML", "head_node: [", []string{"--offline", "-p", profileARN}, 1},
	{"binary input", "\x00\xff\xfe", []string{"--offline", "-p", profileARN}, 1},
	{"a role's ARN for a profile's", goodNew, []string{"--offline", "-p", "arn:aws:iam::111122223333:role/ml"}, 1},
	{"unknown key", goodNew + "no_such_key: 1\n", []string{"--offline", "-p", profileARN}, 1},
	{"no credentials", goodNew, []string{"-p", profileARN, "-b", "acme", "--region", "us-west-2"}, 3},
}

// TestRefusal shows that what the filter leaves on stdout when it fails is refused by every parser of the client, and
// that nothing is made of it. The line is the program's own, never a copy kept here.
func TestRefusal(t *testing.T) {
	lines := map[string]string{} // line -> the failure it was first seen with
	for _, f := range failures {
		got := ccx(t, f.stdin, f.args...)
		if got.code != f.code {
			t.Errorf("%s: exit status %d, want %d\n%s", f.name, got.code, f.code, got.stderr)
		}
		if got.stdout == "" || strings.Count(got.stdout, "\n") != 1 || !strings.HasSuffix(got.stdout, "\n") {
			t.Errorf("%s: stdout is %q, want one line", f.name, got.stdout)
		}
		if strings.ContainsFunc(got.stdout, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }) {
			t.Errorf("%s: stdout is %q, want printable ASCII", f.name, got.stdout)
		}
		if got.stderr == "" {
			t.Errorf("%s: no reason on stderr", f.name)
		}
		if _, seen := lines[got.stdout]; !seen {
			lines[got.stdout] = f.name
		}
	}
	for line, failure := range lines {
		for _, p := range parsers {
			t.Run(failure+"/"+p.name, func(t *testing.T) { refused(t, p, line) })
		}
	}
}

// refused feeds line to the parser and wants the complaint about it, a failing exit status and no request that changes
// anything.
func refused(t *testing.T, p parser, line string) {
	t.Parallel()
	c := newConsole(t)
	got := p.feed(t, c, line)
	if got.code == 0 {
		t.Errorf("%q is accepted:\n%s", line, got.stderr)
	}
	if !strings.Contains(got.said(), p.complaint) {
		t.Errorf("%q is refused, but not for its key: want %q in\n%s", line, p.complaint, got.said())
	}
	if posted := c.posted(); len(posted) > 0 {
		t.Errorf("%q: the client sent %q", line, posted)
	}
}

// TestParsersReadGoodText is TestRefusal's control: the same commands read a good text, so a refusal there is about
// the line.
func TestParsersReadGoodText(t *testing.T) {
	for _, p := range parsers {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			c := newLenientConsole(t)
			got := p.feed(t, c, p.good)
			if strings.Contains(got.said(), "unexpected keyword") || strings.Contains(got.said(), p.complaint) {
				t.Errorf("refused: %s", got.said())
			}
			if len(c.seen()) == 0 {
				t.Errorf("the client asked the API nothing, so it did not get as far as using the text:\n%s", got.said())
			}
		})
	}
}

// TestEmptyInputIsAccepted shows why the refusing line is there at all: the client makes a config without workers and
// without a profile from nothing, from a comment, and from a file cut at a key boundary.
func TestEmptyInputIsAccepted(t *testing.T) {
	for name, text := range map[string]string{"nothing": "", "a comment": "# failed\n", "null": "null\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t)
			got := c.anyscale(t, text, "compute-config", "create", "-n", "train", "-f", "/dev/stdin")
			if got.code != 0 || len(c.created()) != 1 {
				t.Fatalf("exit status %d, %d configs made: the client no longer takes this for a config; "+
					"the refusing line may have become needless\n%s", got.code, len(c.created()), got.stderr)
			}
			if found := profilesIn(c.created()[0]); len(found) != 0 {
				t.Errorf("profiles %q out of nowhere", found)
			}
		})
	}
}
