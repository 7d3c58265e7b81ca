package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows lists, for each room, the rooms it may import. The text wing (anyscale, document) and the facts wing (check,
// live, account, policy, glob) meet only in transform, and the rooms that decide know nothing of messages.
var arrows = map[string][]string{
	"cmd/ccx":                {"cmd/ccx/report", "transform", "transform/account", "transform/finding", "transform/live", "schema"},
	"cmd/ccx/report":         {"transform/finding"},
	"cmd/ccx/acceptance":     {},
	"schema":                 {},
	"transform":              {"transform/account", "transform/anyscale", "transform/check", "transform/document", "transform/finding", "transform/live", "transform/policy", "transform/policy/glob", "schema"},
	"transform/account":      {"transform/policy", "transform/policy/glob"},
	"transform/anyscale":     {"transform/document", "transform/finding", "schema"},
	"transform/check":        {"transform/account", "transform/finding", "transform/policy", "transform/policy/glob"},
	"transform/document":     {"transform/finding"},
	"transform/finding":      {},
	"transform/live":         {"transform/account", "transform/policy", "transform/policy/glob"},
	"transform/live/fakeaws": {},
	"transform/policy":       {"transform/policy/glob"},
	"transform/policy/glob":  {},
}

// forTests lists the rooms that tests alone may import.
var forTests = []string{"transform/live/fakeaws"}

// door is a package, or all below it, that only some rooms may import.
type door struct {
	prefix string
	rooms  []string // nil: any room
	tests  bool     // any test may import it, too
}

// doors holds every package from outside that is used, and those of Go's own that are kept to a room. The first row
// that fits counts.
var doors = []door{
	{prefix: "sigs.k8s.io/yaml", rooms: []string{"transform/document"}},
	{prefix: "github.com/santhosh-tekuri/jsonschema/v5", rooms: []string{"schema"}},
	{prefix: "github.com/spf13/pflag", rooms: []string{"cmd/ccx"}},
	{prefix: "github.com/aws/aws-sdk-go-v2/aws/arn"},
	{prefix: "github.com/aws/aws-sdk-go-v2", rooms: []string{"transform/live"}},
	{prefix: "github.com/aws/smithy-go", rooms: []string{"transform/live"}},
	{prefix: "github.com/go-json-experiment/json/jsontext", rooms: []string{"transform/account"}},
	{prefix: "github.com/aymanbagabas/go-udiff", rooms: []string{"cmd/ccx"}},
	{prefix: "golang.org/x/text/width", rooms: []string{"cmd/ccx/report"}},
	{prefix: "golang.org/x/term", rooms: []string{"cmd/ccx", "cmd/ccx/report"}},
	{prefix: "github.com/google/go-cmp", rooms: []string{}, tests: true},
	{prefix: "github.com/hashicorp/hcl/v2", rooms: []string{}, tests: true},
	{prefix: "github.com/zclconf/go-cty", rooms: []string{}, tests: true},
	{prefix: "os/exec", rooms: []string{"cmd/ccx"}, tests: true},
	{prefix: "os/signal", rooms: []string{"cmd/ccx"}, tests: true},
	{prefix: "os", rooms: []string{"cmd/ccx", "transform/live", "transform/live/fakeaws"}, tests: true}, // files and environment
	{prefix: "net/url"},   // reads text only
	{prefix: "net/netip"}, // so does this
	{prefix: "net", rooms: []string{"transform/live", "transform/live/fakeaws"}, tests: true},
	{prefix: "text/template", rooms: []string{}}, // doubles the program's size, as does the next
	{prefix: "html/template", rooms: []string{}},
}

// The sizes that keep a file and a function readable at one go.
const (
	maxFile     = 250
	maxFunction = 50
	maxMain     = 10
)

// oversized names files and functions that may be longer, each with its reason.
var oversized = map[string]string{}

// TestHouse holds the whole repository to the arrows, doors and sizes above.
func TestHouse(t *testing.T) {
	sources := map[string]string{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && rel != "." && (strings.HasPrefix(entry.Name(), ".") || isModule(name)):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		sources[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil || len(sources) == 0 {
		t.Fatalf("%d sources: %v", len(sources), err)
	}
	for _, complaint := range inspect(sources) {
		t.Error(complaint)
	}
}

// inspect returns what is wrong with the sources (path to text), sorted.
func inspect(sources map[string]string) []string {
	var complaints []string
	rooms := map[string][]*ast.File{} // without tests
	for name, text := range sources {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, 0)
		if err != nil {
			complaints = append(complaints, err.Error())
			continue
		}
		for _, imp := range file.Imports {
			complaints = append(complaints, inspectImport(name, imp)...)
		}
		complaints = append(complaints, inspectFunctions(name, fset, file)...)
		if isTest(name) {
			continue
		}
		rooms[path.Dir(name)] = append(rooms[path.Dir(name)], file)
		if lines := strings.Count(text, "\n"); lines > maxFile && oversized[name] == "" {
			complaints = append(complaints, fmt.Sprintf("%s: %d lines, at most %d", name, lines, maxFile))
		}
	}
	for room, files := range rooms {
		complaints = append(complaints, inspectState(room, files)...)
	}
	slices.Sort(complaints)
	return complaints
}

// isModule reports whether a folder is a module of its own, whose dependencies are not the program's.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// inspectImport holds one import to the arrows and doors.
func inspectImport(name string, imp *ast.ImportSpec) []string {
	room := path.Dir(name)
	target, _ := strconv.Unquote(imp.Path.Value)
	allowed, known := arrows[room]
	if !known {
		return []string{fmt.Sprintf("%s: the room %s is not in the table of arrows", name, room)}
	}
	if inner, ours := strings.CutPrefix(target, "ccx/"); ours {
		if inner != room && !slices.Contains(allowed, inner) && !(isTest(name) && slices.Contains(forTests, inner)) {
			return []string{fmt.Sprintf("%s: %s may not import %s", name, room, inner)}
		}
		return nil
	}
	i := slices.IndexFunc(doors, func(d door) bool {
		return target == d.prefix || strings.HasPrefix(target, d.prefix+"/")
	})
	first, _, _ := strings.Cut(target, "/")
	switch {
	case i < 0 && strings.Contains(first, "."):
		return []string{fmt.Sprintf("%s: %s is not in the table of doors", name, target)}
	case i < 0 || doors[i].rooms == nil || slices.Contains(doors[i].rooms, room) || doors[i].tests && isTest(name):
		return nil
	}
	return []string{fmt.Sprintf("%s: only %q may import %s", name, doors[i].rooms, target)}
}

// inspectFunctions holds a file's functions to their sizes and looks for what no function may do.
func inspectFunctions(name string, fset *token.FileSet, file *ast.File) []string {
	var complaints []string
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		at := fmt.Sprintf("%s: %s", name, fn.Name.Name)
		lines := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1
		switch {
		case fn.Name.Name == "init" && fn.Recv == nil:
			complaints = append(complaints, at+": nothing happens at start-up")
		case name == "cmd/ccx/main.go" && fn.Name.Name == "main" && lines > maxMain:
			complaints = append(complaints, fmt.Sprintf("%s: %d lines, at most %d", at, lines, maxMain))
		case lines > maxFunction && !isTest(name) && oversized[at] == "":
			complaints = append(complaints, fmt.Sprintf("%s: %d lines, at most %d", at, lines, maxFunction))
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "MethodByName" {
			complaints = append(complaints, name+": MethodByName keeps every method in the program")
		}
		return true
	})
	return complaints
}

// inspectState looks for functions that change a variable of their package: tables are read, never written.
func inspectState(room string, files []*ast.File) []string {
	state := map[string]bool{}
	for _, file := range files {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					state[name.Name] = true
				}
			}
		}
	}
	var complaints []string
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			for _, target := range changed(n) {
				if name := root(target); name != nil && state[name.Name] && !local(name, file) {
					complaints = append(complaints, fmt.Sprintf("%s: the package's variable %s is changed", room, name.Name))
				}
			}
			return true
		})
	}
	return complaints
}

// changed returns what a statement assigns to or counts up.
func changed(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	}
	return nil
}

// root returns the variable that an expression such as v.field[i] is a part of.
func root(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	}
	return nil
}

// local reports whether the name is declared within a function. A name without a declaration in its file is the
// package's.
func local(name *ast.Ident, file *ast.File) bool {
	return name.Obj != nil && file.Scope.Lookup(name.Name) != name.Obj
}

// TestHouseNotices breaks each rule once, in made-up sources.
func TestHouseNotices(t *testing.T) {
	long := strings.Repeat("\tprintln()\n", maxFunction)
	for _, broken := range []struct{ name, source, want string }{
		{"transform/check/a.go", `import "sigs.k8s.io/yaml/goyaml.v3"`, `only ["transform/document"] may import`},
		{"transform/check/a_test.go", `import "sigs.k8s.io/yaml"`, `only ["transform/document"] may import`},
		{"transform/anyscale/a.go", `import "github.com/santhosh-tekuri/jsonschema/v5"`, `only ["schema"] may import`},
		{"transform/a.go", `import "github.com/spf13/pflag"`, `only ["cmd/ccx"] may import`},
		{"transform/account/a.go", `import "github.com/aws/aws-sdk-go-v2/service/iam"`, `only ["transform/live"] may import`},
		{"transform/account/a.go", `import "github.com/aws/aws-sdk-go-v2/aws"`, `only ["transform/live"] may import`},
		{"transform/policy/a.go", `import "github.com/google/go-cmp/cmp"`, "may import"},
		{"transform/check/a.go", `import "net/http"`, `only ["transform/live" "transform/live/fakeaws"] may import`},
		{"transform/check/a.go", `import "os/exec"`, `only ["cmd/ccx"] may import`},
		{"cmd/ccx/report/a.go", `import "text/template"`, "may import text/template"},
		{"cmd/ccx/a.go", `import "example.com/shiny"`, "not in the table of doors"},
		{"transform/document/a.go", `import "ccx/transform/anyscale"`, "may not import transform/anyscale"},
		{"transform/anyscale/a.go", `import "ccx/transform/check"`, "may not import transform/check"},
		{"transform/policy/a.go", `import "ccx/transform/finding"`, "may not import transform/finding"},
		{"transform/live/a.go", `import "ccx/transform/finding"`, "may not import transform/finding"},
		{"transform/live/a.go", `import "ccx/transform/live/fakeaws"`, "may not import transform/live/fakeaws"},
		{"transform/policy/glob/a.go", `import "ccx/transform/policy"`, "may not import transform/policy"},
		{"schema/a.go", `import "ccx/transform/finding"`, "may not import transform/finding"},
		{"transform/attic/a.go", `import "fmt"`, "not in the table of arrows"},
		{"transform/a.go", "func init() {}", "nothing happens at start-up"},
		{"transform/a.go", "func f() {\n" + long + "}", "f: 52 lines, at most 50"},
		{"transform/a.go", strings.Repeat("\n", maxFile), "251 lines, at most 250"},
		{"cmd/ccx/main.go", "func main() {\n" + strings.Repeat("\tprintln()\n", maxMain) + "}", "main: 12 lines, at most 10"},
		{"transform/a.go", "func f() { x.MethodByName() }", "MethodByName"},
		{"transform/a.go", "var n int\nfunc f() { n++ }", "variable n is changed"},
		{"transform/a.go", "var m = map[int]int{}\nfunc f() { m[1] = 2 }", "variable m is changed"},
		{"transform/a.go", "func {", "expected"},
	} {
		got := inspect(map[string]string{broken.name: "package p\n" + broken.source})
		if len(got) == 0 || !strings.Contains(got[0], broken.want) {
			t.Errorf("%s with %.60q: got %q, want %q", broken.name, broken.source, got, broken.want)
		}
	}
}

// TestHouseAllows keeps the rules from noticing what is right.
func TestHouseAllows(t *testing.T) {
	sources := map[string]string{
		"transform/document/a.go":   `import "sigs.k8s.io/yaml/goyaml.v3"`,
		"transform/check/a.go":      `import ("github.com/aws/aws-sdk-go-v2/aws/arn"; "net/url"; "ccx/transform/account")`,
		"transform/check/a_test.go": `import ("os"; "github.com/google/go-cmp/cmp"); func TestA() {` + strings.Repeat("\n", maxFile) + "}",
		"transform/live/a_test.go":  `import "ccx/transform/live/fakeaws"`,
		"transform/live/a.go":       `import ("github.com/aws/aws-sdk-go-v2/service/s3"; "net/http"; "ccx/transform/policy/glob")`,
		"transform/a.go":            "var n int\nfunc f() { n := 1; n++; _ = n }\nfunc g(n int) { n = 2 }",
		"transform/b.go":            "type t struct{ n int }\nfunc (x t) init() { x.n = 1 }",
	}
	for name, text := range sources {
		sources[name] = "package p\n" + text
	}
	for _, complaint := range inspect(sources) {
		t.Error(complaint)
	}
}
