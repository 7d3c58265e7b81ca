package main

import (
	"fmt"
	"strings"
)

// zshCompletion works as a file _ccx in a folder of fpath, and with eval after compinit.
func zshCompletion() string {
	var b strings.Builder
	b.WriteString(`#compdef ccx
# zsh completion for ccx, made by ccx completion zsh

_ccx() {
    local curcontext=$curcontext ret=1
    local -a state line verbs
    if (( CURRENT > 2 )); then
        case ${words[2]} in
`)
	for _, v := range verbs() {
		rest := "'*:file:_files'"
		if v.words != nil {
			rest = quoteShell("*:word:(" + strings.Join(v.words(), " ") + ")")
		}
		fmt.Fprintf(&b, "        (%s)\n            shift words\n            (( CURRENT-- ))\n            _arguments -s%s \\\n                %s\n            return ;;\n", v.name, zshSpecs(v), rest)
	}
	b.WriteString("        esac\n    fi\n    verbs=(\n")
	for _, v := range verbs() {
		fmt.Fprintf(&b, "        %s\n", quoteShell(v.name+":"+strings.ReplaceAll(v.summary, ":", `\:`)))
	}
	fmt.Fprintf(&b, `    )
    _arguments -s%s \
        '1: :->first' '*:file:_files' && ret=0
    if [[ $state == first ]]; then
        _describe verb verbs && ret=0
        _files && ret=0
    fi
    return ret
}

if [[ ${funcstack[1]} == _ccx ]]; then
    _ccx "$@"
else
    compdef _ccx ccx
fi
`, zshSpecs(filterVerb()))
	return b.String()
}

// zshSpecs are the flags of a verb as _arguments takes them, a line each.
func zshSpecs(v verb) string {
	var b strings.Builder
	rows := append([]flagRow{{name: "help", short: "h", usage: "show the help"}}, v.rows()...)
	for _, r := range rows {
		// A flag may stand more than once: the last counts, or all do.
		end := "[" + zshText(r.brief()) + "]"
		if r.value != "" {
			end += ":" + zshText(r.value) + ":" + zshValue(r)
		}
		for _, flag := range r.spellings() {
			form := ""
			switch {
			case r.value != "" && strings.HasPrefix(flag, "--"):
				form = "="
			case r.value != "":
				form = "+"
			}
			fmt.Fprintf(&b, " \\\n                %s", quoteShell("*"+flag+form+end))
		}
	}
	return b.String()
}

func zshValue(r flagRow) string {
	switch words := r.choices(); {
	case words != nil:
		return "(" + strings.Join(words, " ") + ")"
	case r.isPath():
		return "_files"
	}
	return " "
}

// zshText escapes what ends a part of a spec.
func zshText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`).Replace(s)
}
