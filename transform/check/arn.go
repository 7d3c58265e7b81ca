package check

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ProfileRef is an instance profile as someone wrote it: an ARN, or a bare name.
// Grammar: https://docs.aws.amazon.com/IAM/latest/APIReference/API_InstanceProfile.html
type ProfileRef struct {
	ARN       string // "" for a bare name
	Partition string
	Account   string // 12 digits
	Name      string // without the path
}

// Fault is a mistake in an ARN or name, at the bytes [Start, End) of it.
type Fault struct {
	Start, End    int
	Message, Hint string
}

// partitions are those of botocore's partitions.json.
var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}

const (
	maxProfileName = 128
	maxRoleName    = 64
	profileShape   = "arn:aws:iam::111122223333:instance-profile/NAME"
)

// kindOf is what tells one kind of IAM reference from another.
type kindOf struct {
	prefix  string // of the ARN's resource: "role"
	what    string // "a role's name"
	maxName int
	other   func(value string, rest int, kind string) Fault // for an ARN of another kind
}

var (
	profileKind = kindOf{"instance-profile", "an instance profile's name", maxProfileName, notProfile}
	roleKind    = kindOf{"role", "a role's name", maxRoleName, notRole}
)

// ParseProfile reads an instance profile's ARN or name. With faults, the reference must not be used.
func ParseProfile(value string) (ProfileRef, []Fault) { return profileKind.parse(value) }

// ParseRole reads a role's ARN or name.
func ParseRole(value string) (ProfileRef, []Fault) { return roleKind.parse(value) }

func (k kindOf) parse(value string) (ProfileRef, []Fault) {
	if !looksLikeARN(value) {
		return ProfileRef{Name: value}, nameFaults(value, 0, k.maxName, k.what)
	}
	ref, rest, faults := parseIAM(value)
	if rest < 0 {
		return ref, faults
	}
	kind, _, _ := strings.Cut(value[rest:], "/")
	if kind != k.prefix {
		return ref, append(faults, k.other(value, rest, kind))
	}
	name := strings.LastIndexByte(value, '/') + 1
	ref.Name = value[name:]
	faults = append(faults, pathFaults(value, rest+len(kind)+1, name)...)
	return ref, append(faults, nameFaults(value[name:], name, k.maxName, k.what)...)
}

// notRole says what to do with an ARN that is not a role's.
func notRole(_ string, start int, kind string) Fault {
	hint := "a role's ARN is arn:aws:iam::111122223333:role/NAME"
	if kind == "instance-profile" {
		hint = "an instance profile goes to -p"
	}
	return Fault{start, start + len(kind), "this is not a role's ARN", hint}
}

// looksLikeARN is generous: whatever has a colon is no name.
func looksLikeARN(value string) bool { return strings.Contains(value, ":") }

// parseIAM checks the parts before the resource; rest is where the resource begins, or -1 when there is none.
func parseIAM(value string) (ref ProfileRef, rest int, faults []Fault) {
	parts := strings.SplitN(value, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ref, -1, []Fault{{0, len(value), "this is neither a whole ARN nor a name", profileShape}}
	}
	at := func(i int) (int, int) {
		start := len(strings.Join(parts[:i], ":")) + 1
		return start, start + len(parts[i])
	}
	ref = ProfileRef{ARN: value, Partition: parts[1], Account: parts[4]}
	if !known(parts[1]) {
		start, end := at(1)
		faults = append(faults, Fault{start, end, fmt.Sprintf("%q is no AWS partition", parts[1]), "aws, or aws-cn in China, aws-us-gov in GovCloud"})
	}
	if parts[2] != "iam" {
		start, end := at(2)
		faults = append(faults, Fault{start, end, fmt.Sprintf("this is an ARN of %q, not of iam", parts[2]), profileShape})
	}
	if parts[3] != "" {
		start, end := at(3)
		faults = append(faults, Fault{start, end, "an IAM ARN has no region", "leave it empty: arn:aws:iam::ACCOUNT:..."})
	}
	if message := accountFault(parts[4]); message != "" {
		start, end := at(4)
		faults = append(faults, Fault{start, end, message, "aws sts get-caller-identity --query Account"})
	}
	rest, _ = at(5)
	return ref, rest, faults
}

func known(partition string) bool {
	for _, p := range partitions {
		if p == partition {
			return true
		}
	}
	return false
}

// accountFault says what is wrong with an account id; "" for a good one.
func accountFault(id string) string {
	switch {
	case isPlaceholder(id):
		return "the account id is a placeholder"
	case id == "":
		return "the account id is missing"
	case strings.Trim(id, "0123456789") != "":
		return fmt.Sprintf("%q is no account id: it has 12 digits", id)
	case len(id) != 12:
		return fmt.Sprintf("the account id has %d digits, not 12", len(id))
	}
	return ""
}

func isPlaceholder(s string) bool {
	return len(s) > 1 && s[0] == '<' && s[len(s)-1] == '>'
}

// notProfile says what an ARN is that is not an instance profile's, and what to use it for.
func notProfile(value string, start int, kind string) Fault {
	end := start + len(kind)
	switch kind {
	case "role":
		return Fault{start, end, "this is a role's ARN, not an instance profile's", "ccx finds a role's profile itself: -r " + value}
	case "assumed-role":
		return Fault{start, end, "this is a role session's ARN, not an instance profile's", profileShape}
	case "user", "policy", "group":
		return Fault{start, end, fmt.Sprintf("this is a %s's ARN, not an instance profile's", kind), profileShape}
	}
	return Fault{start, len(value), "this is not an instance profile's ARN", profileShape}
}

// pathFaults checks an IAM path: printable ASCII between slashes.
func pathFaults(value string, start, end int) []Fault {
	for i := start; i < end; i++ {
		if value[i] < '!' || value[i] > '~' {
			return []Fault{{i, i + 1, fmt.Sprintf("%q can't be in a path", value[i]), "a path holds printable ASCII characters only"}}
		}
	}
	return nil
}

// nameFaults checks a name: 1 to limit characters of [\w+=,.@-]. offset is where the name stands in what was written.
func nameFaults(name string, offset, limit int, what string) []Fault {
	if name == "" {
		return []Fault{{offset, offset, what + " is missing", ""}}
	}
	if open := strings.IndexByte(name, '<'); open >= 0 {
		end := len(name)
		if shut := strings.IndexByte(name[open:], '>'); shut >= 0 {
			end = open + shut + 1
		}
		return []Fault{{offset + open, offset + end, name[open:end] + " is a placeholder", "put the name of your own instance profile there"}}
	}
	for i, r := range name {
		if !nameRune(r) {
			return []Fault{{offset + i, offset + i + utf8.RuneLen(r), fmt.Sprintf("%q can't be in %s", r, what), "letters, digits and +=,.@_- only; a path is part of the ARN, not of the name"}}
		}
	}
	if len(name) > limit {
		return []Fault{{offset, offset + len(name), fmt.Sprintf("%s has at most %d characters, this has %d", what, limit, len(name)), ""}}
	}
	return nil
}

func nameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+=,.@-_", r)
}

// partitionOf tells a region's partition by its name; "" when the region says nothing.
func partitionOf(region string) string {
	switch {
	case region == "":
		return ""
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	case strings.HasPrefix(region, "us-iso-"), strings.HasPrefix(region, "us-isob-"), strings.HasPrefix(region, "eu-isoe-"), strings.HasPrefix(region, "us-isof-"):
		return "" // isolated partitions: not told apart here
	}
	return "aws"
}
