package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

func manRow() verb {
	return verb{
		name: "man", synopsis: "ccx man",
		summary: "print the manual page of ccx",
		example: "ccx man > ccx.1 && man ./ccx.1",
		words:   func() []string { return nil },
		do:      func(a *app, _ context.Context, _ *pflag.FlagSet) int { return a.print(manual()) },
	}
}

// manDate is when the page's own text was last changed; the tables in it are those of the program.
const manDate = "November 27, 2026"

// manual is the page in mdoc(7), made from the tables of verbs and flags.
func manual() string {
	var b strings.Builder
	fmt.Fprintf(&b, `.Dd %s
.Dt CCX 1
.Os
.Sh NAME
.Nm ccx
.Nd put an IAM instance profile into an Anyscale compute config and prove its access
.Sh SYNOPSIS
`, manDate)
	for _, v := range commands() {
		fmt.Fprintf(&b, ".Nm\n%s\n", roff(strings.TrimPrefix(v.synopsis, "ccx ")))
	}
	b.WriteString(`.Sh DESCRIPTION
.Nm
reads an Anyscale compute config, finds the IAM instance profile that is
asked for in AWS, puts it at every place of the config that needs it,
proves that the role of the profile can do what the nodes must do, first of
all in the S3 bucket of the cloud, and writes the config with every other
byte kept.
If anything is wrong or cannot be told, the output is one line that the
client of Anyscale refuses, and the reason is on the standard error stream.
.Pp
The first argument may be a verb:
.Bl -tag -width Ds
`)
	for _, v := range verbs() {
		fmt.Fprintf(&b, ".It Ic %s\n%s.\n", v.name, prose(v.summary))
		if len(v.rows()) > 0 {
			fmt.Fprintf(&b, "Its flags are those under\n%s.\n", manGroups(v))
		}
	}
	b.WriteString(".El\n.Sh OPTIONS\nA flag means the same wherever it is taken.\n.Fl h\nor\n.Fl Fl help\nlists those of a verb.\n")
	manFlags(&b)
	b.WriteString(manRest)
	for i, v := range commands() {
		if i > 0 {
			b.WriteString(".Pp\n")
		}
		fmt.Fprintf(&b, "%s:\n.Bd -literal -offset indent\n%s\n.Ed\n", prose(v.summary), roff(v.example))
	}
	return b.String()
}

// manGroups names the groups of flags that a verb takes, and single flags of others.
func manGroups(v verb) string {
	var parts []string
	seen := map[string]bool{}
	for _, r := range v.rows() {
		part := ".Fl Fl " + roff(r.name)
		if v.takesGroup(r.group) {
			part = ".Sx " + r.group
		}
		if !seen[part] {
			parts = append(parts, part)
		}
		seen[part] = true
	}
	return strings.Join(parts, " ,\n") + "\n"
}

// manFlags lists all flags, by group.
func manFlags(b *strings.Builder) {
	group := ""
	for _, r := range flagRows() {
		if r.group != group {
			if group != "" {
				b.WriteString(".El\n")
			}
			group = r.group
			fmt.Fprintf(b, ".Ss %s\n.Bl -tag -width Ds\n", group)
		}
		value := ""
		if r.value != "" {
			value = " Ar " + roff(r.value)
		}
		b.WriteString(".It ")
		if r.short != "" {
			fmt.Fprintf(b, "Fl %s%s , ", r.short, value)
		}
		fmt.Fprintf(b, "Fl Fl %s%s\n%s.\n", roff(r.name), value, prose(r.brief()))
	}
	b.WriteString(".El\n")
}

// manRest is what follows the flags.
const manRest = `.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev AWS_PROFILE , AWS_REGION , AWS_ENDPOINT_URL
and the other variables and files of the AWS SDK say how AWS is asked.
.It Ev NO_COLOR , CLICOLOR_FORCE , FORCE_COLOR , CLICOLOR , TERM
say whether the text is coloured, unless
.Fl Fl color
does.
.It Ev LC_ALL , LC_CTYPE , LANG
say whether lines and bars may be drawn with more than ASCII.
.It Ev TMPDIR
is where
.Ic run
makes its private folder.
.El
.Sh FILES
.Bl -tag -width Ds
.It Pa ccx.yaml
The settings, here or in a folder above, up to the root of the repository.
.El
.Sh EXIT STATUS
.Bl -tag -width Ds
.It 0
The config was written, or the verb did its work.
.It 1
The config, the profile or its access is wrong.
This wins over 3.
.It 2
A flag, a file or the settings are wrong.
.It 3
It cannot be told: AWS could not be asked, or the answer depends on what is
not known.
.It 128+n
Signal n ended it: 130 for an interrupt.
.El
.Pp
.Ic run
exits as its command does.
.Sh EXAMPLES
`

// prose makes a sentence of a summary, without its full stop, in lines that fit a terminal's.
func prose(s string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(strings.ToUpper(s[:1]) + s[1:]) {
		if line != "" && len(line)+len(word) > 70 {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return roff(strings.Join(append(lines, line), "\n"))
}

// roff keeps text from being read as a request or an escape, line by line.
func roff(s string) string {
	lines := strings.Split(strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
