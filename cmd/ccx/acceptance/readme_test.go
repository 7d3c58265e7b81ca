//go:build acceptance

package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fenced finds README's blocks of commands: their language and text.
var fenced = regexp.MustCompile("(?ms)^```(sh|make)\n(.*?)^```$")

// reader is a place where README's commands can be typed: its files, the client, and AWS as moto plays it.
type reader struct {
	dir     string
	console *console
	env     []string
}

// newReader makes the files that the commands name.
func newReader(t *testing.T) reader {
	t.Helper()
	r := reader{dir: folder(t, read(t, filepath.Join(the.root, "examples", "train.yaml"))), console: newConsole(t)}
	r.env = append(r.console.environ(), "AWS_ENDPOINT_URL="+newAWS(t).url)
	r.env = append(r.env, credentialsOf(t, ours).environ()...)
	facts := read(t, filepath.Join(the.root, "examples", "snapshot.json"))
	if err := os.WriteFile(filepath.Join(r.dir, "facts.json"), []byte(facts), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"configs", "clouds"} {
		if err := os.Mkdir(filepath.Join(r.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	printout := read(t, filepath.Join(the.root, "examples", "clouds", "prod-usw2.yaml"))
	if err := os.WriteFile(filepath.Join(r.dir, "clouds", "prod-usw2.yaml"), []byte(printout), 0o600); err != nil {
		t.Fatal(err)
	}
	done := r.sh(t, "ccx -q -p ml-train -b acme-anyscale --snapshot facts.json train.yaml > configs/train.yaml")
	if done.code != 0 {
		t.Fatalf("exit status %d\n%s", done.code, done.stderr)
	}
	return r
}

func (r reader) sh(t *testing.T, line string) result {
	t.Helper()
	return run(t, command{argv: []string{"sh", "-c", line}, dir: r.dir, env: r.env})
}

// TestREADME types each block of commands as it stands. What a block pipes into the client must be made there, with
// the profile in it.
func TestREADME(t *testing.T) {
	blocks := fenced.FindAllStringSubmatch(read(t, filepath.Join(the.root, "README.md")), -1)
	if len(blocks) < 2 || !strings.HasPrefix(blocks[0][2], "go run ./cmd/ccx ") || blocks[1][2] != "make test\n" {
		t.Fatalf("README's first two blocks must be the main job and make test; there are %d blocks", len(blocks))
	}
	t.Run("the first command", func(t *testing.T) { firstCommand(t, blocks[0][2]) })
	for _, b := range blocks[2:] {
		name, _, _ := strings.Cut(b[2], "\n")
		t.Run(name, func(t *testing.T) {
			switch {
			case strings.HasPrefix(b[2], "go install ./cmd/ccx"):
				if got := atRoot(t, b[2], "GOBIN="+t.TempDir()); got.code != 0 {
					t.Errorf("exit status %d\n%s", got.code, got.stderr)
				}
			case b[1] == "make":
				makeBlock(t, b[2])
			default:
				shellBlock(t, b[2])
			}
		})
	}
}

// atRoot types a command in the repository, with the machine's own Go settings.
func atRoot(t *testing.T, line string, env ...string) result {
	t.Helper()
	out, err := exec.Command("go", "env", "GOPATH", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOFLAGS").Output()
	if err != nil {
		t.Fatal(err)
	}
	values := strings.Split(string(out), "\n")
	for i, name := range []string{"GOPATH", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOFLAGS"} {
		env = append(env, name+"="+values[i])
	}
	return run(t, command{argv: []string{"sh", "-c", line}, dir: the.root, env: env})
}

// firstCommand runs the main job from the sources; the client accepts what it prints.
func firstCommand(t *testing.T, line string) {
	got := atRoot(t, line)
	if got.code != 0 {
		t.Fatalf("exit status %d\n%s", got.code, got.stderr)
	}
	body := newConsole(t).create(t, got.stdout, false)
	sent, _ := body["config"].(map[string]any)
	checkProfiles(t, transmitted(nil, sent)[0], profileARN)
}

func shellBlock(t *testing.T, block string) {
	r := newReader(t)
	if strings.HasPrefix(block, "ccx probe ") {
		r.env = append(r.env, onANode(t)...)
	}
	if got := r.sh(t, block); got.code != 0 {
		t.Fatalf("exit status %d\n%s", got.code, got.stderr)
	}
	if !strings.Contains(block, " anyscale ") {
		return
	}
	created := r.console.created()
	if len(created) != 1 {
		t.Fatalf("%d configs made", len(created))
	}
	sent, _ := created[0]["config"].(map[string]any)
	checkProfiles(t, transmitted(nil, sent)[0], profileARN)
}

// makeBlock uses the block as a Makefile, and the one in examples beside it.
func makeBlock(t *testing.T, block string) {
	shipped := "CCXFLAGS = -p ml-train -b acme-anyscale\ninclude " + filepath.Join(the.root, "examples", "ccx.mk") + "\n"
	for name, text := range map[string]string{"the block": block, "examples/ccx.mk": shipped} {
		r := newReader(t)
		if err := os.WriteFile(filepath.Join(r.dir, "Makefile"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := r.sh(t, "make train.ccx.yaml && cat train.ccx.yaml")
		if got.code != 0 || !strings.Contains(got.stdout, profileARN) {
			t.Errorf("%s: exit status %d\n%s\n%s", name, got.code, got.stdout, got.stderr)
		}
		bad := r.sh(t, "rm train.ccx.yaml; echo 'no_such_key: 1' >> train.yaml; make train.ccx.yaml; test ! -e train.ccx.yaml")
		if bad.code != 0 {
			t.Errorf("%s: a wrong config leaves a file behind\n%s", name, bad.stderr)
		}
	}
}
