package main

import (
	"fmt"
	"slices"
	"strings"
)

// fishCompletion has a line a flag, with the commands that take it: -- stands for ccx without a verb.
func fishCompletion() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# fish completion for ccx, made by ccx completion fish

function __ccx_is -d 'whether the verb is one of those named; -- stands for none'
    set -l words (commandline -opc)
    set -l verb --
    if test (count $words) -gt 1; and contains -- $words[2] %s
        set verb $words[2]
    end
    contains -- $verb $argv
end

complete -c ccx -f
`, strings.Join(verbNames(), " "))
	for _, v := range verbs() {
		fmt.Fprintf(&b, "complete -c ccx -n 'test (count (commandline -opc)) -eq 1' -a %s -d %s\n", v.name, quoteFish(v.summary))
	}
	files := []string{}
	for _, v := range commands() {
		switch {
		case v.words == nil:
			files = append(files, fishName(v))
		case len(v.words()) > 0:
			fmt.Fprintf(&b, "complete -c ccx -n '__ccx_is %s' -a %s\n", fishName(v), quoteFish(strings.Join(v.words(), " ")))
		}
	}
	fmt.Fprintf(&b, "complete -c ccx -n '__ccx_is %s' -F\ncomplete -c ccx -s h -l help -d 'show the help'\n", strings.Join(files, " "))
	for _, r := range flagRows() {
		fmt.Fprintf(&b, "complete -c ccx -n '__ccx_is %s' -l %s%s -d %s%s\n", fishTakers(r), r.name, fishShort(r), quoteFish(r.brief()), fishValue(r))
	}
	return b.String()
}

func fishName(v verb) string {
	if v.name == "" {
		return "--"
	}
	return v.name
}

// fishTakers lists the commands that take a flag.
func fishTakers(r flagRow) string {
	var names []string
	for _, v := range commands() {
		if v.takes(r) {
			names = append(names, fishName(v))
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func fishShort(r flagRow) string {
	if r.short == "" {
		return ""
	}
	return " -s " + r.short
}

func fishValue(r flagRow) string {
	switch words := r.choices(); {
	case words != nil:
		return " -x -a " + quoteFish(strings.Join(words, " "))
	case r.isPath():
		return " -r -F"
	case r.value != "":
		return " -x"
	}
	return ""
}

// quoteFish puts a text into single quotes, as fish reads them.
func quoteFish(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
