package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"ccx/cmd/ccx/report"
	"ccx/schema"
	"ccx/transform"
	"ccx/transform/finding"
)

// shells are those that there is a completion for.
var shells = []string{"bash", "zsh", "fish"}

func completionRow() verb {
	return verb{
		name: "completion", synopsis: "ccx completion bash|zsh|fish",
		summary: "print what makes a shell complete ccx's verbs, flags and values",
		example: "eval \"$(ccx completion bash)\"                            in ~/.bashrc\n" +
			"eval \"$(ccx completion zsh)\"                             in ~/.zshrc, after compinit\n" +
			"ccx completion fish > ~/.config/fish/completions/ccx.fish",
		words: func() []string { return shells },
		do:    (*app).completion,
	}
}

// completion is `ccx completion SHELL`: a script, made from the tables of verbs and flags.
func (a *app) completion(_ context.Context, flags *pflag.FlagSet) int {
	scripts := map[string]func() string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}
	script, ok := scripts[flags.Arg(0)]
	switch {
	case flags.NArg() != 1:
		return a.usage("completion needs one shell", "ccx completion "+strings.Join(shells, "|"))
	case !ok:
		return a.usage(fmt.Sprintf("no completion for %q", flags.Arg(0)), meant(flags.Arg(0), shells, "ccx completion "+strings.Join(shells, "|")))
	}
	return a.print(script())
}

// meant is the hint for a word that is not among those known: the one it was most likely meant to be, or else what to
// type instead.
func meant(word string, known []string, instead string) string {
	if guess, ok := finding.Nearest(word, known); ok {
		return "did you mean " + guess + "?"
	}
	return instead
}

// commands lists the filter, whose name is empty, and all verbs.
func commands() []verb { return append([]verb{filterVerb()}, verbs()...) }

// helpTopics are what ccx help explains.
func helpTopics() []string {
	topics := []string{"assumptions"}
	for _, v := range verbs() {
		topics = append(topics, v.name)
	}
	return append(topics, finding.Names()...)
}

func schemaNames() []string { return schema.Names() }

func policyNames() []string { return transform.PolicyNames() }

// choices lists the words that a flag's value may be; nil if it is anything else.
func (r flagRow) choices() []string {
	switch {
	case r.name == "report":
		return report.Formats()
	case r.name == "assume":
		return []string{"scp", "rcp", "vpc-endpoint", "session", "none"}
	case r.value == "" || strings.ToLower(r.value) != r.value:
		return nil
	}
	return strings.Split(r.value, "|")
}

// isPath reports whether a flag's value is a file or a folder.
func (r flagRow) isPath() bool {
	return slices.Contains([]string{"FILE", "DIR"}, strings.Split(r.value, "|")[0])
}

// rowsOf lists the flags that a verb takes, in the order of the help.
func (v verb) rows() []flagRow {
	return slices.DeleteFunc(flagRows(), func(r flagRow) bool { return !v.takes(r) })
}

// brief is a flag's usage in one line.
func (r flagRow) brief() string { return strings.ReplaceAll(r.usage, "\n", " ") }

// quoteShell puts a text into single quotes, as bash and zsh read them.
func quoteShell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
