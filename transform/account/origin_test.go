package account_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"ccx/transform/account"
)

// crowd is a snapshot of an account with n roles of about 4 kB each; broken takes the place of the last one's text.
func crowd(n int, broken string) string {
	var out strings.Builder
	out.WriteString("{\"version\": 1, \"iam\": {\"111122223333\": {\n\"RoleDetailList\": [\n")
	for i := range n {
		text := crowdRole(i)
		if i == n-1 && broken != "" {
			text = broken
		}
		out.WriteString(text)
		if i < n-1 {
			out.WriteString(",\n")
		}
	}
	out.WriteString("\n], \"Policies\": [], \"Whole\": [\"RoleDetailList\", \"Policies\"]}}}\n")
	return out.String()
}

func crowdRole(i int) string {
	statement := strings.Repeat(fmt.Sprintf(`{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket-%d/*"}, `, i), 40)
	return fmt.Sprintf(`{"RoleName": "role-%[1]d", "Arn": "arn:aws:iam::111122223333:role/role-%[1]d", "CreateDate": "2024-01-01",
"AssumeRolePolicyDocument": {"Statement": []},
"InstanceProfileList": [{"InstanceProfileName": "profile-%[1]d", "Arn": "arn:aws:iam::111122223333:instance-profile/profile-%[1]d",
 "Roles": [{"RoleName": "role-%[1]d", "Arn": "arn:aws:iam::111122223333:role/role-%[1]d"}]}],
"RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [%[2]s{"Effect": "Deny"}]}}],
"AttachedManagedPolicies": []}`, i, statement)
}

// onDisk opens a file with a text; the caller may change it afterwards.
func onDisk(t *testing.T, text string) *os.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// TestLoadKeepsLittle: of a large account only names stay in memory, and each role is still found, whole.
func TestLoadKeepsLittle(t *testing.T) {
	const roles = 3000
	file := onDisk(t, crowd(roles, ""))
	before := heap()
	f, err := account.Load("facts.json", file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if kept := heap() - before; kept > info.Size()/3 {
		t.Errorf("%d kB of a file of %d kB are kept in memory", kept>>10, info.Size()>>10)
	}
	for _, i := range []int{0, 1, roles / 2, roles - 1} {
		arn := fmt.Sprintf("arn:aws:iam::111122223333:role/role-%d", i)
		if role := f.Role(arn); role.State != account.Known || role.Value.ARN != arn || role.Value.Trust.State != account.Known {
			t.Fatalf("%s: %+v", arn, role)
		}
		set := f.Layers(arn, "arn:aws:s3:::b/*").Identity
		if len(set.Policies) != 1 || len(set.Policies[0].Policy.Statements) != 41 || len(set.Missing) != 0 {
			t.Errorf("%s: the inline policy is not whole: %+v", arn, set)
		}
		if p := f.Profile("", fmt.Sprintf("profile-%d", i)); p.State != account.Known || p.Value.Roles[0] != arn {
			t.Errorf("profile-%d: %+v", i, p)
		}
	}
	if role := f.Role("arn:aws:iam::111122223333:role/role-3000"); role.State != account.None {
		t.Errorf("a role that is not there: %+v", role)
	}
	runtime.KeepAlive(f)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestLoadSameHoweverRead: a file, a pipe and a text in memory give the same facts.
func TestLoadSameHoweverRead(t *testing.T) {
	want := save(t, load(t, everything))
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() { w.WriteString(everything); w.Close() }()
	for name, from := range map[string]*os.File{"a file": onDisk(t, everything), "a pipe": r} {
		f, err := account.Load("facts.json", from)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := save(t, f); got != want {
			t.Errorf("%s gives other facts", name)
		}
		if got := f.Provenance().SHA256; got != load(t, everything).Provenance().SHA256 || len(got) != 64 {
			t.Errorf("%s has the digest %q", name, got)
		}
	}
	f, err := account.Load("facts.json", bytes.NewBufferString("\xef\xbb\xbf"+everything))
	if err != nil || save(t, f) != want {
		t.Errorf("a byte order mark changes the facts: %v", err)
	}
}

// TestLoadChanged changes the file after it was loaded. What was in it is not known any more: never absent, never another's.
func TestLoadChanged(t *testing.T) {
	text := crowd(3, "")
	const arn = "arn:aws:iam::111122223333:role/role-1"
	for name, change := range map[string]func(*os.File){
		"another role in its place": func(f *os.File) { f.WriteAt([]byte(strings.ReplaceAll(text, "role-1", "role-9")), 0) },
		"another policy":            func(f *os.File) { f.WriteAt([]byte(strings.ReplaceAll(text, "Deny", "Nope")), 0) },
		"shifted":                   func(f *os.File) { f.WriteAt([]byte(" "+text), 0) },
		"cut":                       func(f *os.File) { f.Truncate(100) },
		"closed":                    func(f *os.File) { f.Close() },
	} {
		file := onDisk(t, text)
		f, err := account.Load("facts.json", file)
		if err != nil {
			t.Fatal(err)
		}
		change(file)
		role := f.Role(arn)
		if role.State != account.NotRead || role.Unread.Class != account.Unreachable || !strings.Contains(role.Reason(), "changed while it was read") {
			t.Errorf("%s: the role is %+v", name, role)
		}
		if layers := f.Layers(arn, "arn:aws:s3:::b/*"); len(layers.Identity.Missing) != 1 || layers.Boundary == nil || len(layers.Boundary.Missing) != 1 {
			t.Errorf("%s: the layers are %+v", name, layers)
		}
		if err := f.Save(&bytes.Buffer{}); err == nil {
			t.Errorf("%s: the facts are saved", name)
		}
	}
}

// TestLoadChangedPolicy: a managed policy that can't be read again is not one that the snapshot does not hold.
func TestLoadChangedPolicy(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:policy/m"
	file := onDisk(t, `{"version": 1, "iam": {"111122223333": {
		"RoleDetailList": [{"RoleName": "node", "Arn": "`+roleARN+`", "RolePolicyList": [], "AttachedManagedPolicies": [{"PolicyArn": "`+arn+`"}]}],
		"Policies": [{"Arn": "`+arn+`", "DefaultVersionId": "v1", "PolicyVersionList": [{"VersionId": "v1", "Document": {"Id": "one"}}]}]}}}`)
	f, err := account.Load("facts.json", file)
	if err != nil {
		t.Fatal(err)
	}
	if f.Role(roleARN).State != account.Known {
		t.Fatal("the role is not known")
	}
	file.WriteAt([]byte("two"), int64(strings.LastIndex(read(t, file), "one")))
	if got := layer(f.Layers(roleARN, "arn:aws:s3:::b/*").Identity); got != "not read: the snapshot changed while it was read" {
		t.Error(got)
	}
}

func read(t *testing.T, file *os.File) string {
	t.Helper()
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestLoadHostile reads files that are broken far from their beginning. Each is refused as a whole, with line and column.
func TestLoadHostile(t *testing.T) {
	role := `{"RoleName": "last", "Arn": "arn:aws:iam::111122223333:role/last"`
	for name, c := range map[string]struct{ text, want string }{
		"key twice":         {crowd(50, role+",\n \"RoleName\": \"x\"}"), `facts.json:298:2: key "RoleName" stands twice`},
		"invalid UTF-8":     {crowd(50, role+",\n \"Path\": \"\xff\"}"), "facts.json:298:11: this is not JSON: invalid UTF-8"},
		"control character": {crowd(50, role+",\n \"Path\": \"\x01\"}"), "facts.json:298:11: this is not JSON: invalid character '\\x01'"},
		"comma":             {crowd(50, role+",\n }"), "facts.json:298:2: this is not JSON"},
		"not a number":      {crowd(50, role+",\n \"Path\": NaN}"), "facts.json:298:10: this is not JSON"},
		"a list is open":    {crowd(50, role+",\n \"Tags\": [{\"Key\": \"a\"}}"), "facts.json:298:23: this is not JSON"},
		"deep":              {crowd(50, role+",\n \"Path\": "+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)+"}"), "this is not JSON: exceeded max depth"},
		"huge string":       {crowd(50, role+",\n \"Path\": \""+strings.Repeat("x", 9<<20)+"\"}"), "facts.json:297:1: this value is larger than 8 MB"},
		"huge elsewhere":    {`{"version": 1, "vpc_endpoints": {"a": "` + strings.Repeat("x", 9<<20) + `"}}`, "facts.json:1:39: this value is larger than 8 MB"},
		"trailing garbage":  {crowd(50, "") + "\n]", "facts.json:305:1: something follows the end of the snapshot"},
		"trailing object":   {crowd(50, "") + "{}", "facts.json:304:1: something follows the end of the snapshot"},
		"NUL at the end":    {crowd(50, "") + "\x00", "facts.json:304:1: something follows the end of the snapshot"},
		"cut":               {strings.TrimRight(crowd(50, ""), "}\n") + "}", "the file ends too early: it is cut"},
		"another's role":    {crowd(50, `{"RoleName": "last", "Arn": "arn:aws:iam::444455556666:role/last"}`), "facts.json:297:1: role arn:aws:iam::444455556666:role/last stands under account 111122223333"},
		"first role again":  {crowd(50, crowdRole(0)), "facts.json:297:1: role role-0 stands twice"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := account.Load("facts.json", onDisk(t, c.text))
			var bad *account.LoadError
			if f != nil || !errors.As(err, &bad) || bad.Hint == "" || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %.200v, want %s", err, c.want)
			}
		})
	}
}
