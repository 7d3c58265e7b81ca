package main

import (
	"fmt"
	"strings"
)

// bashCompletion is for bash 3.2 (that of macOS) and newer. Words that hold = are divided there by default, so the value
// of --flag=value is the word after the =.
func bashCompletion() string {
	var b strings.Builder
	b.WriteString(`# bash completion for ccx, made by ccx completion bash

_ccx() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags= words= value=
    if [ "$cur" = = ]; then
        cur=
    elif [ "$prev" = = ]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    fi
    COMPREPLY=()
    case $prev in
`)
	for _, r := range flagRows() {
		if r.value == "" {
			continue
		}
		value := "any"
		if r.isPath() {
			value = "file"
		}
		fmt.Fprintf(&b, "    %s) value=%s words=%s ;;\n", strings.Join(r.spellings(), "|"), value, quoteShell(strings.Join(r.choices(), " ")))
	}
	b.WriteString("    esac\n")
	bashVerbs(&b)
	b.WriteString(`    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    if [ "${#COMPREPLY[@]}" = 0 ] && [ "$value" = file ]; then
        compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$cur"))
    fi
}

complete -F _ccx ccx
`)
	return b.String()
}

// bashVerbs completes what is no flag's value, by the verb.
func bashVerbs(b *strings.Builder) {
	b.WriteString(`    if [ -z "$value" ]; then
        value=file
        case $COMP_CWORD:${COMP_WORDS[1]} in
`)
	for _, v := range verbs() {
		words, value := "", "file"
		if v.words != nil {
			words, value = strings.Join(v.words(), " "), "any"
		}
		fmt.Fprintf(b, "        1:%s) ;;\n        *:%s) flags=%s words=%s value=%s ;;\n", v.name, v.name, quoteShell(bashFlags(v)), quoteShell(words), value)
	}
	fmt.Fprintf(b, `        *) flags=%s ;;
        esac
        if [ "$COMP_CWORD" = 1 ]; then
            words=%s
        fi
        case $cur in
        -*) words=$flags value=any ;;
        esac
    fi
`, quoteShell(bashFlags(filterVerb())), quoteShell(strings.Join(verbNames(), " ")))
}

// spellings are how a flag is written: --long, and -s where it has a short form.
func (r flagRow) spellings() []string {
	all := []string{"--" + r.name}
	if r.short != "" {
		all = append(all, "-"+r.short)
	}
	return all
}

func bashFlags(v verb) string {
	all := []string{"--help"}
	for _, r := range v.rows() {
		all = append(all, "--"+r.name)
	}
	return strings.Join(all, " ")
}

func verbNames() []string {
	var names []string
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	return names
}
