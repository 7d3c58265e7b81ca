package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable makes text from a config, a policy or AWS safe to show: it can neither move the cursor, colour the screen,
// reorder what is read, nor start a CI runner's command. Line breaks and tabs become escapes as well, so that one line
// stays one line.
func printable(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unsafeRune(r):
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return breakCommands(b.String())
}

// isPlain is the common case: nothing to escape.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return !strings.Contains(s, "::") && !strings.Contains(s, "##")
}

// unsafeRune holds for C0 and C1 controls, bidirectional controls, zero-width and other format characters, and the
// line separators: what changes how the rest of a line looks.
func unsafeRune(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}

func escape(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	if r < 0x100 {
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// hashCommand is how Azure Pipelines (`##[error]`, `##vso[task.setvariable ...]`) and TeamCity (`##teamcity[...]`) are
// told what to do, anywhere in a line.
var hashCommand = regexp.MustCompile(`##([A-Za-z]*\[)`)

// breakCommands defuses the commands of Azure, TeamCity and GitHub (`::error file=x::`), which runners look for in
// every line. ARNs hold `::` too, so within a line only what has a command's form is touched: two colons that are not
// part of three, a name, and a second pair of colons after it or after its parameters. At a line's beginning, where
// GitHub's runner reads whatever stands between two pairs of colons, any pair that another follows is.
func breakCommands(s string) string {
	s = hashCommand.ReplaceAllString(s, "# #$1")
	if rest, leads := strings.CutPrefix(strings.TrimLeftFunc(s, unicode.IsSpace), "::"); leads && strings.Contains(rest, "::") {
		at := len(s) - len(rest) - 1
		s = s[:at] + " " + s[at:]
	}
	for from := 0; ; {
		j := strings.Index(s[from:], "::")
		if j < 0 {
			return s
		}
		at := from + j
		from = at + 1
		if (at == 0 || s[at-1] != ':') && startsCommand(s[at+2:]) {
			s = s[:at+1] + " " + s[at+1:]
		}
	}
}

// startsCommand reports whether s goes on like a command after its first two colons.
func startsCommand(s string) bool {
	n := 0
	for n < len(s) && (s[n] == '-' || s[n] == '_' || 'a' <= s[n]|0x20 && s[n]|0x20 <= 'z') {
		n++
	}
	rest := s[n:]
	return n > 0 && (strings.HasPrefix(rest, "::") || strings.HasPrefix(rest, " ") && strings.Contains(rest, "::"))
}
