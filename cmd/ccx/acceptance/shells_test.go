//go:build acceptance && shells

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// These tests need bash, zsh, fish, mandoc and man, which README's test command does not:
//
//	go test -tags acceptance,shells -count=1 -run '^TestShell' ./cmd/ccx/acceptance

// fleetFolder holds two configs and the example's facts.
func fleetFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"train.yaml", "job.yaml", "snapshot.json"} {
		text := read(t, filepath.Join(the.root, "examples", name))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// typed are lines with tabs in them, as people type them, and what running the completed line prints.
var typed = []struct{ line, want string }{
	{"ccx hel\ts3/wri\t", "s3:PutObject on every key"},
	{"ccx help assump\t", "What a pass takes for granted"},
	{"ccx che\t--offl\t--fail-on warn\ttra\t", "1 file checked: 1 passes (1 without a look at AWS)"},
	{"ccx check --offline --repo\tcodeq\ttra\t", "[]"},
	{"ccx check --offline --existing=re\b\breplac\ttra\t", "1 file checked: 1 passes"},
	{"ccx -p ml-train -b acme-anyscale --snapsh\tsnap\t tra\t2>&1", "ml-train at 2 sites"},
	{"ccx policy ident\t-p ml-train -b acme-anyscale --snapsh\tsnap\t", `"Action": [`},
	{"ccx schema sett\t", `"title": "ccx settings"`},
	{"ccx completion fi\t", "# fish completion for ccx"},
}

func TestShellBash(t *testing.T) {
	typeAll(t, []string{"bash", "--norc", "--noprofile", "-i"}, `eval "$(ccx completion bash)"; PS1='ready> '`)
}

func TestShellZsh(t *testing.T) {
	typeAll(t, []string{"zsh", "-f", "-i"}, `autoload -U compinit; compinit -u -D; eval "$(ccx completion zsh)"; PS1='ready> '`)
}

// As a file in fpath, the way that packages install it.
func TestShellZshFpath(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "_ccx"), []byte(ccx(t, "", "completion", "zsh").stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	typeAll(t, []string{"zsh", "-f", "-i"}, `fpath=(`+dir+` $fpath); autoload -U compinit; compinit -u -D; PS1='ready> '`)
}

// typeAll types each line into a shell of its own.
func typeAll(t *testing.T, shell []string, setup string) {
	for _, tt := range typed {
		t.Run(tt.line, func(t *testing.T) {
			got := show(t, screen{
				Argv: shell, Dir: fleetFolder(t), Env: []string{"PS1=first> "}, Columns: 160, Rows: 50,
				Steps: [][2]string{{"> ", setup + "\n"}, {"ready> ", tt.line + "; echo do''ne\n"}, {"done", "exit\n"}},
			})
			if !strings.Contains(got.Output, tt.want) || got.TimedOut {
				t.Errorf("%q is not in\n%s", tt.want, got.Output)
			}
		})
	}
}

// fish has a way to ask for completions.
func TestShellFish(t *testing.T) {
	script := filepath.Join(t.TempDir(), "ccx.fish")
	if err := os.WriteFile(script, []byte(ccx(t, "", "completion", "fish").stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"ccx hel": "help", "ccx help s3/wri": "s3/write", "ccx check --offl": "--offline", "ccx check --fail-on w": "warning",
		"ccx --fail-o": "", "ccx check tra": "train.yaml", "ccx --snapshot sn": "snapshot.json", "ccx --region ": "", "ccx check --existing=rep": "--existing=replace",
		"ccx policy iden": "identity", "ccx schema sett": "settings", "ccx version ": "", "ccx -p x --existing k": "keep", "ccx run --bucke": "--bucket", "ccx simulate --princ": "--principal",
	} {
		got := run(t, command{argv: []string{"fish", "--no-config", "-c", "source " + script + "; complete -C '" + line + "'"}, dir: fleetFolder(t)})
		first, _, _ := strings.Cut(strings.TrimSpace(got.stdout), "\t")
		if first != want || got.stderr != "" {
			t.Errorf("%q completes to %q, want %q\n%s", line, got.stdout, want, got.stderr)
		}
	}
}

// The manual has nothing that mandoc complains of, and man shows it.
func TestShellManual(t *testing.T) {
	page := write(t, "ccx.1", ccx(t, "", "man").stdout)
	if got := run(t, command{argv: []string{"mandoc", "-T", "lint", "-W", "style", page}}); got.code != 0 || got.stdout+got.stderr != "" {
		t.Errorf("status %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	got := run(t, command{argv: []string{"man", page}, env: []string{"MANPAGER=cat", "MANWIDTH=80", "MANROFFOPT=-c"}})
	for _, want := range []string{"NAME", "ccx check [flags] [PATH...]", "--instance-profile ARN|NAME", "EXIT STATUS", "NO_COLOR"} {
		if !strings.Contains(got.stdout, want) || got.code != 0 {
			t.Errorf("status %d, no %q\n%.2000s%s", got.code, want, got.stdout, got.stderr)
		}
	}
}
