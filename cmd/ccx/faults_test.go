package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ccx/transform/finding"
)

// fault is a folder of the catalogue in examples/faults, or of the healthy clouds in examples/healthy:
//
//	README.md    a title, what went wrong, what people see and how it is mended, then a list: code, decides, mend
//	args         the command line, an argument a line
//	config.yaml  and whatever else the command line names
//	report.txt   the command, stderr and the exit status: -update writes it
//	mend.json    a JSON Patch (RFC 6902) of facts.json, where no policy that ccx prints mends it
//	mended.yaml  the config as it should be, where the config is wrong
type fault struct {
	name, title, code, decides, mend string
	args                             []string
}

// readFault reads the folder's own text; the test stands in the folder.
func readFault(t *testing.T, name string) fault {
	t.Helper()
	text := read(t, "README.md")
	f := fault{name: name, args: strings.Split(strings.TrimRight(read(t, "args"), "\n"), "\n")}
	f.title = strings.TrimPrefix(strings.SplitN(text, "\n", 2)[0], "# ")
	for key, into := range map[string]*string{"code": &f.code, "decides": &f.decides, "mend": &f.mend} {
		found := regexp.MustCompile(`(?m)^- ` + key + `: (.+)$`).FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("README.md has no line `- %s: ...`", key)
		}
		*into = found[1]
	}
	if lines := strings.Count(strings.TrimSpace(strings.SplitN(text, "\n- code: ", 2)[0]), "\n"); lines > 8 {
		t.Errorf("README.md has %d lines before its list: a few are enough", lines)
	}
	return f
}

// command is the command line as a shell takes it.
func (f fault) command() string {
	line := "$ ccx"
	for _, a := range f.args {
		if regexp.MustCompile(`^[A-Za-z0-9_./:=@%+,-]+$`).MatchString(a) {
			line += " " + a
		} else {
			line += " '" + a + "'"
		}
	}
	return line
}

// reported is the part of the JSON report that says what was found.
type reported struct {
	Files []struct {
		Findings []reportedFinding `json:"findings"`
	} `json:"files"`
	Findings []reportedFinding `json:"findings"`
}

type reportedFinding struct {
	Code, Status, Level, Message, Hint string
	Details                            []string
	Range                              struct {
		Filename string
		Start    struct{ Line, Column int }
	}
}

func (r reported) all() []reportedFinding {
	all := r.Findings
	for _, f := range r.Files {
		all = append(all, f.Findings...)
	}
	return all
}

// says is the finding in one text: place, message and evidence.
func (f reportedFinding) says() string {
	place := f.Range.Filename
	if f.Range.Start.Line > 0 {
		place = fmt.Sprintf("%s:%d:%d", place, f.Range.Start.Line, f.Range.Start.Column)
	}
	return place + ": " + f.Message + "\n" + strings.Join(f.Details, "\n")
}

// found runs the command and returns what it finds, with its exit status.
func found(t *testing.T, args []string) ([]reportedFinding, int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	at := 0
	if args[0] == "check" {
		at = 1
	}
	_, stderr, code := ccx(t, "", slices.Insert(slices.Clone(args), at, "--report", "json="+file)...)
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, code // usage: there is no run to report
	}
	var r reported
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatalf("%v in the report of\n%s", err, stderr)
	}
	return r.all(), code
}

// folders returns the folders below examples/NAME.
func folders(t *testing.T, name string) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join("..", "..", "examples", name, "*", "README.md"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no folders in examples/%s: %v", name, err)
	}
	for i := range dirs {
		dirs[i] = filepath.Dir(dirs[i])
	}
	return dirs
}

// TestFaults runs the catalogue: the report is the recorded one, the finding that the folder declares is there with its
// deciding statement, and what the folder gives as its mend does mend it.
func TestFaults(t *testing.T) {
	dirs := folders(t, "faults")
	if len(dirs) < 80 && !*update {
		t.Errorf("only %d faults", len(dirs))
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Chdir(dir)
			isolate(t)
			f := readFault(t, filepath.Base(dir))
			stdout, stderr, code := ccx(t, "", f.args...)
			if f.args[0] == "check" {
				stderr = stdout + stderr
			}
			compare(t, "report.txt", fmt.Sprintf("%s\n%sexit status %d\n", f.command(), stderr, code))
			checkDeclared(t, f, stderr, code)
			checkMend(t, f, code)
		})
	}
}

// checkDeclared wants the declared code and what decides it in one and the same finding.
func checkDeclared(t *testing.T, f fault, stderr string, code int) {
	t.Helper()
	if _, ok := finding.Lookup(finding.Code(f.code)); !ok {
		t.Fatalf("there is no code %q", f.code)
	}
	if slices.Contains([]string{"usage", "assume", "waive"}, strings.Split(f.code, "/")[0]) {
		if !strings.Contains(stderr, "["+f.code+"]") || !strings.Contains(stderr, f.decides) {
			t.Errorf("the report has no %s with %q:\n%s", f.code, f.decides, stderr)
		}
		return
	}
	findings, again := found(t, f.args)
	if again != code {
		t.Errorf("exit status %d as text, %d as JSON", code, again)
	}
	if !slices.ContainsFunc(findings, func(r reportedFinding) bool { return r.Code == f.code && strings.Contains(r.says(), f.decides) }) {
		t.Errorf("no finding %s says %q:\n%s", f.code, f.decides, stderr)
	}
}

// TestFaultsCoverCodes: whatever ccx can find fault with has a folder.
func TestFaultsCoverCodes(t *testing.T) {
	covered := map[string]bool{}
	for _, dir := range folders(t, "faults") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Chdir(dir)
			said := regexp.MustCompile(`(?m)^(?:.*(?:error|warning|note|cannot tell): |ccx: .*assuming ).*\[([a-z0-9-]+/[a-z0-9-]+)\]$`)
			for _, m := range said.FindAllStringSubmatch(read(t, "report.txt"), -1) {
				covered[m[1]] = true
			}
		})
	}
	for _, row := range finding.Table() {
		group, _, _ := strings.Cut(string(row.Code), "/")
		if why := withoutFolder[string(row.Code)] + withoutFolder[group+"/"]; !covered[string(row.Code)] && why == "" {
			t.Errorf("no folder of examples/faults shows %s: make one, or say in withoutFolder why there can be none", row.Code)
		} else if covered[string(row.Code)] && why != "" {
			t.Errorf("%s has a folder: take it out of withoutFolder", row.Code)
		}
	}
}

// withoutFolder holds the codes, or the groups of codes, that no recorded report can show, with the reason.
var withoutFolder = map[string]string{
	"probe/":         "it is asked on a running node",
	"snapshot/age":   "its report tells how old the facts are today",
	"snapshot/facts": "no config and no snapshot is at fault: nothing could be read",
	"simulator/":     "AWS alone gives that opinion, and no snapshot keeps it",
}

// TestFaultsIndex holds the table of the catalogue to its folders.
func TestFaultsIndex(t *testing.T) {
	var b strings.Builder
	b.WriteString("| folder | what is wrong | code | exit | mended by |\n|---|---|---|---|---|\n")
	for _, dir := range folders(t, "faults") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Chdir(dir)
			f := readFault(t, filepath.Base(dir))
			report := strings.TrimSpace(read(t, "report.txt"))
			status, err := strconv.Atoi(report[strings.LastIndexByte(report, ' ')+1:])
			if err != nil {
				t.Fatalf("report.txt ends without an exit status: %v", err)
			}
			mend, _, _ := strings.Cut(f.mend, ": ")
			fmt.Fprintf(&b, "| [%s](%s/report.txt) | [%s](%s/README.md) | `%s` | %d | %s |\n", f.name, f.name, f.title, f.name, f.code, status, mend)
		})
	}
	t.Chdir("../../examples/faults")
	section(t, read(t, "README.md"), "faults", b.String())
}

// TestHealthy runs the clouds where all is right: one line, no finding but notes.
func TestHealthy(t *testing.T) {
	for _, dir := range folders(t, "healthy") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Chdir(dir)
			isolate(t)
			f := readFault(t, filepath.Base(dir))
			_, stderr, code := ccx(t, "", f.args...)
			compare(t, "report.txt", fmt.Sprintf("%s\n%sexit status %d\n", f.command(), stderr, code))
			checkDeclared(t, f, stderr, code)
			checkMend(t, f, code)
			findings, _ := found(t, f.args)
			for _, r := range findings {
				if r.Status != "pass" && r.Status != "skipped" && r.Level != "note" {
					t.Errorf("%s: %s", r.Code, r.says())
				}
			}
		})
	}
}
