//go:build acceptance

package acceptance

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// formats are all that --report knows.
var formats = []string{"text", "json", "sarif", "junit", "github", "codequality", "markdown", "html"}

// provenance finds what says where facts come from, and when ccx ran: all in which a run on AWS and one on its snapshot
// may differ. It is one object in the formats for machines, and one line in the others.
var provenance = regexp.MustCompile(`"facts": ?\{[^{}]*\}|facts (?:read from AWS|from the snapshot)[^"\n<]*|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC)?`)

// TestSnapshotSaysTheSame runs the filter on AWS and on a snapshot that was taken by the same caller with the same flags:
// status, stdout and every report are the same, byte for byte, but for the provenance.
func TestSnapshotSaysTheSame(t *testing.T) {
	for _, l := range lives {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			sameFromSnapshot(t, newAWS(t, l.denied...), l)
		})
	}
}

// TestSnapshotKeepsReasons does the same while a call is refused, throttled, never answered or answered with rubbish:
// why a fact is not known, and so what may be assumed about it, is the same from the snapshot.
func TestSnapshotKeepsReasons(t *testing.T) {
	calls := []string{"iam:GetInstanceProfile", "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy",
		"iam:ListAttachedRolePolicies", "iam:GetPolicy", "s3:?policy", "s3:?encryption", "s3:?publicAccessBlock"}
	for _, fault := range []string{"denied", "throttled", "silent", "rubbish"} {
		for _, operation := range calls {
			t.Run(fault+" "+operation, func(t *testing.T) {
				t.Parallel()
				a := newAWS(t)
				server := httptest.NewServer(faulty{a, operation, fault, ""})
				t.Cleanup(server.Close)
				a.url = server.URL
				sameFromSnapshot(t, a, live{as: ours, args: bucketArgs(profileOf("bounded"), "--timeout", "4s")})
			})
		}
	}
}

// faulty breaks one operation, of S3 for one bucket only if that is named.
type faulty struct {
	aws       *aws
	operation string
	fault     string
	bucket    string
}

func (f faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	service, what, _ := strings.Cut(f.operation, ":")
	_, asked := r.URL.Query()[strings.TrimPrefix(what, "?")]
	if form.Get("Action") != what && !(service == "s3" && asked && strings.HasPrefix(r.URL.Path, "/"+f.bucket)) {
		f.aws.ServeHTTP(w, r)
		return
	}
	switch f.fault {
	case "silent":
		<-r.Context().Done()
	case "rubbish":
		w.Write([]byte("<html>not what was asked for"))
	case "throttled":
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, refusalOf(service, "SlowDown", "Throttling"))
	default:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, refusalOf(service, "AccessDenied", "AccessDenied"))
	}
}

// refusalOf is an error as S3 or, with another code, IAM writes it.
func refusalOf(service, s3, iam string) string {
	if service == "s3" {
		return `<Error><Code>` + s3 + `</Code><Message>refused</Message></Error>`
	}
	return `<ErrorResponse><Error><Type>Sender</Type><Code>` + iam + `</Code><Message>refused</Message></Error></ErrorResponse>`
}

func sameFromSnapshot(t *testing.T, a *aws, l live) {
	t.Helper()
	dir := t.TempDir()
	facts := filepath.Join(dir, "facts.json")
	args := append([]string{"--region", "us-west-2"}, l.args...)
	if got := a.ccx(t, l.as, "", append([]string{"snapshot", "-o", facts}, args...)...); got.code != 0 || got.stdout != "" {
		t.Fatalf("ccx snapshot: exit status %d\n%s", got.code, got.stderr)
	}
	reports := func(kind string) (flags, files []string) {
		for _, format := range formats {
			files = append(files, filepath.Join(dir, kind+"."+format))
			flags = append(flags, "--report", format+"="+files[len(files)-1])
		}
		return flags, files
	}
	flags, liveFiles := reports("live")
	onAWS := a.ccx(t, l.as, goodNew, append(flags, args...)...)
	flags, snapshotFiles := reports("snapshot")
	onSnapshot := run(t, command{argv: append(append([]string{the.ccx(), "--snapshot", facts}, flags...), args...), stdin: goodNew})
	if onAWS.code != onSnapshot.code || onAWS.stdout != onSnapshot.stdout || onAWS.stderr != onSnapshot.stderr {
		t.Errorf("on AWS: status %d\n%s\n%s\non the snapshot: status %d\n%s\n%s", onAWS.code, onAWS.stdout, onAWS.stderr, onSnapshot.code, onSnapshot.stdout, onSnapshot.stderr)
	}
	for i := range formats {
		one, other := told(t, liveFiles[i]), told(t, snapshotFiles[i])
		if one != other {
			t.Errorf("%s differs:\n%s", formats[i], differing(one, other))
		}
	}
}

// told is a report without its provenance.
func told(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return provenance.ReplaceAllString(string(text), "PROVENANCE")
}

// differing shows the lines in which two texts differ.
func differing(one, other string) string {
	a, b := strings.Split(one, "\n"), strings.Split(other, "\n")
	var out strings.Builder
	for i := range max(len(a), len(b)) {
		var left, right string
		if i < len(a) {
			left = a[i]
		}
		if i < len(b) {
			right = b[i]
		}
		if left != right && out.Len() < 4000 {
			fmt.Fprintf(&out, "- %.400s\n+ %.400s\n", left, right)
		}
	}
	return out.String()
}
