package check

import (
	"strings"

	"ccx/transform/finding"
)

// Grammar checks how the profile or role is written, which needs no facts: profile/arn.
func Grammar(s Subject) []finding.Finding {
	var ref ProfileRef
	var faults []Fault
	switch {
	case s.Profile != "":
		ref, faults = ParseProfile(s.Profile)
	case s.Role != "":
		ref, faults = ParseRole(s.Role)
	default:
		return nil
	}
	if want := partitionOf(s.Region); len(faults) == 0 && ref.ARN != "" && want != "" && ref.Partition != want {
		start := len("arn:")
		faults = []Fault{{start, start + len(ref.Partition), "the cloud's region " + s.Region + " is in the partition " + want + ", this ARN in " + ref.Partition, "use a profile of the cloud's own account"}}
	}
	if len(faults) == 0 {
		return []finding.Finding{finding.Passed(finding.ProfileARN, "the profile is written as AWS writes it")}
	}
	var out []finding.Finding
	for _, f := range faults {
		out = append(out, finding.New(finding.ProfileARN, within(s.Given, s.Profile+s.Role, f), f.Message).WithHint(f.Hint))
	}
	return out
}

// within narrows a place to the faulty bytes of the value that stands there, quotes and all.
func within(p finding.Place, value string, f Fault) finding.Place {
	start := byteColumn(p)
	if start > len(p.Text) {
		return p
	}
	i := strings.Index(p.Text[start:], value)
	if i < 0 {
		return p // written with escapes: the whole value is marked
	}
	p.Column += len([]rune(p.Text[start : start+i+f.Start])) // runes before the fault
	p.Offset += i + f.Start
	p.Length = f.End - f.Start
	return p
}

// byteColumn turns a column, which counts characters, into a byte index of the line.
func byteColumn(p finding.Place) int {
	column := 1
	for i := range p.Text {
		if column == p.Column {
			return i
		}
		column++
	}
	return len(p.Text)
}

// Argument is the place of a flag's value on the command line.
func Argument(flag, value string) finding.Place {
	text := flag + " " + value
	return finding.Place{File: flag, Column: len(flag) + 2, Offset: len(flag) + 1, Length: len(value), Text: text}
}
