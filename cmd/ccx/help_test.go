package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
)

// Each verb's help is kept as people see it; -update rewrites it. It has an example, and fits a wide terminal.
func TestHelpOfEachVerb(t *testing.T) {
	dir, err := filepath.Abs("testdata/help")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range commands() {
		name := or(v.name, "ccx")
		t.Run(name, func(t *testing.T) {
			stdout, stderr, code := ccx(t, "", strings.Fields(v.name+" --help")...)
			if code != exitDone || stderr != "" {
				t.Fatalf("status %d: %s", code, stderr)
			}
			compare(t, filepath.Join(dir, name+".txt"), stdout)
			if v.example == "" || !strings.Contains(stdout, strings.Split(v.example, "\n")[0]) {
				t.Error("no example")
			}
			if v.name != "" {
				if again, _, _ := ccx(t, "", "help", v.name); again != stdout {
					t.Error("ccx help VERB differs from ccx VERB --help")
				}
			}
		})
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != len(commands()) {
		t.Errorf("%d files for %d verbs: %v", len(files), len(commands()), err)
	}
}

func TestEverydayFlagsComeFirst(t *testing.T) {
	stdout, _, _ := ccx(t, "", "--help")
	_, flags, _ := strings.Cut(stdout, "\n\nEveryday:\n")
	if !strings.HasPrefix(flags, "  -p, --instance-profile ARN|NAME") {
		t.Errorf("%.400s", stdout)
	}
	if strings.Index(stdout, "\n\n") != strings.Index(stdout, "\n\nfilter one compute config") {
		t.Errorf("%.400s", stdout)
	}
}

// Every mistyped word gets the word that was meant.
func TestDidYouMean(t *testing.T) {
	isolate(t)
	for args, want := range map[string]string{
		"chek":                       "did you mean ccx check?",
		"snapshoot x y":              "did you mean ccx snapshot?",
		"help chekc":                 "did you mean check?",
		"help s3/wirte":              "did you mean s3/write?",
		"--instance-profil x":        "did you mean --instance-profile?",
		"check --fail-no warning":    "did you mean --fail-on?",
		"--existing replce":          "did you mean replace?",
		"--color alway":              "did you mean always?",
		"--target advanced_instance": "--target auto|aws|",
		"--report sarfi":             "did you mean sarif?",
		"check --fail-on warnign":    "did you mean warning?",
		"schema compute-confg":       "did you mean compute-config?",
		"completion zhs":             "did you mean zsh?",
		"completion":                 "ccx completion bash|zsh|fish",
		"completion tcsh":            "ccx completion bash|zsh|fish",
		"policy buckt":               "did you mean bucket?",
		"help nonsense":              "ccx help VERB",
		"schema x":                   "ccx schema lists them",
	} {
		_, stderr, code := ccx(t, "", strings.Fields(args)...)
		if code != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("ccx %s: status %d\n%s", args, code, stderr)
		}
	}
}

// A flag that is given and empty is a slip, most likely of an unset variable.
func TestEmptyFlags(t *testing.T) {
	isolate(t)
	for _, v := range commands() {
		for _, r := range v.rows() {
			if r.value == "" || v.do == nil {
				continue
			}
			var o options
			fs := o.flagSet(v)
			if err := fs.Parse([]string{"--" + r.name, ""}); err != nil || fs.Lookup(r.name).Value.Type() != "string" {
				continue
			}
			if message, hint, ok := o.checkValues(fs); ok || hint == "" {
				t.Errorf("ccx %s --%s '': taken (%s)", v.name, r.name, message)
			}
		}
	}
}

func TestVersionOf(t *testing.T) {
	vcs := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.modified", Value: modified}}
	}
	for _, tt := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "unknown"},
		{&debug.BuildInfo{}, "devel"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "v1.2.3"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v0.0.0-20261127-0123456789ab+dirty"}, Settings: vcs("true")}, "v0.0.0-20261127-0123456789ab+dirty"},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: vcs("false")}, "devel-0123456789ab"},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: vcs("true")}, "devel-0123456789ab+dirty"},
		{&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "01"}}}, "devel-01"},
	} {
		if got := versionOf(tt.info); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// What is asked for and can't be written is an error; a reader that has gone is none.
func TestAskedForTextThatCannotBeWritten(t *testing.T) {
	for _, args := range []string{"--help", "help check", "help s3/write", "help assumptions", "version", "--version", "schema", "schema job", "man", "completion bash"} {
		for err, want := range map[error]int{syscall.ENOSPC: exitUsage, syscall.EPIPE: exitDone} {
			var errs strings.Builder
			code := run(t.Context(), strings.Fields(args), os.Getenv, strings.NewReader(""), broken{err}, &errs)
			if code != want || (errs.String() == "") != (want == exitDone) {
				t.Errorf("ccx %s, %v: status %d, %q", args, err, code, errs.String())
			}
		}
	}
}

func TestCompletionsAndManualNameEverything(t *testing.T) {
	for args, flag := range map[string]string{"completion bash": "--%", "completion zsh": "--%", "completion fish": " -l %", "man": "Fl Fl %"} {
		text, _, code := ccx(t, "", strings.Fields(args)...)
		if code != exitDone {
			t.Fatalf("ccx %s: status %d", args, code)
		}
		for _, v := range verbs() {
			if !strings.Contains(text, v.name) {
				t.Errorf("ccx %s does not name %s", args, v.name)
			}
		}
		for _, r := range flagRows() {
			name := r.name
			if args == "man" {
				name = roff(name)
			}
			if !strings.Contains(text, strings.ReplaceAll(flag, "%", name)) {
				t.Errorf("ccx %s does not name --%s", args, r.name)
			}
			for _, word := range r.choices() {
				if !strings.Contains(text, word) && args != "man" {
					t.Errorf("ccx %s does not know --%s %s", args, r.name, word)
				}
			}
		}
	}
}

// The words that a flag's usage names must be those that are completed.
func TestChoicesAreThoseOfTheUsage(t *testing.T) {
	for _, r := range flagRows() {
		for _, word := range r.choices() {
			if !strings.Contains(r.value+" "+r.usage, word) {
				t.Errorf("--%s: the help does not name %q", r.name, word)
			}
		}
	}
}
