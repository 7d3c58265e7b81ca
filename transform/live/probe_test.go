package live

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"ccx/transform/live/fakeaws"
)

// slowS3 takes requests and answers none of a kind: it does what they ask, and lets the client wait.
type slowS3 struct {
	hangs   string // method and what its query has
	release chan struct{}

	mu      sync.Mutex
	objects map[string]string
	uploads map[string]bool
	asked   []string
}

func newSlowS3(t *testing.T, hangs string) (*slowS3, *Probe) {
	s := &slowS3{hangs: hangs, release: make(chan struct{}), objects: map[string]string{}, uploads: map[string]bool{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(s.release) })
	fakeaws.Configure(t, server.URL, "AKIAOURS", "us-west-2")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	p := NewProbe(t.Context(), Options{}, ProbeTarget{Bucket: "acme", Patience: 200 * time.Millisecond})
	t.Cleanup(p.Close)
	return s, p
}

func (s *slowS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, key, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	what := r.Method
	for _, word := range []string{"uploadId", "uploads"} {
		if r.URL.Query().Has(word) {
			what += " " + word
			break
		}
	}
	s.mu.Lock()
	s.asked = append(s.asked, what)
	switch what {
	case "PUT":
		s.objects[key] = string(body)
	case "GET":
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, s.objects[key])
	case "DELETE":
		delete(s.objects, key)
	case "POST uploads":
		s.uploads[key] = true
		_, _ = io.WriteString(w, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
	case "GET uploads":
		inner := ""
		for key := range s.uploads {
			inner += "<Upload><Key>" + key + "</Key><UploadId>u</UploadId></Upload>"
		}
		_, _ = io.WriteString(w, "<ListMultipartUploadsResult>"+inner+"</ListMultipartUploadsResult>")
	case "GET uploadId":
		_, _ = io.WriteString(w, "<ListPartsResult></ListPartsResult>")
	case "DELETE uploadId":
		delete(s.uploads, key)
	}
	s.mu.Unlock()
	if what == s.hangs {
		<-s.release
	}
}

// TestProbeNotAnswered: a request of --write that S3 carries out and never answers is waited for no longer than the
// probe's patience, and what it left is taken back.
func TestProbeNotAnswered(t *testing.T) {
	for _, hangs := range []string{"", "PUT", "GET", "DELETE", "POST uploads", "GET uploads", "GET uploadId", "DELETE uploadId"} {
		t.Run(hangs, func(t *testing.T) {
			s, p := newSlowS3(t, hangs)
			began := time.Now()
			w := p.Write(t.Context(), p.Key())
			u := p.Upload(t.Context(), p.Key())
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
			if len(s.objects)+len(s.uploads) > 0 {
				t.Errorf("left: %v %v", s.objects, s.uploads)
			}
			for name, c := range map[string]struct {
				got  Tried
				want string
			}{
				"put": {w.Put, "PUT"}, "get": {w.Get, "GET"}, "delete": {w.Delete, "DELETE"}, "create": {u.Create, "POST uploads"},
				"uploads": {u.Uploads, "GET uploads"}, "parts": {u.Parts, "GET uploadId"}, "abort": {u.Abort, "DELETE uploadId"},
			} {
				switch {
				case c.want == hangs && (c.got.Outcome != Unanswered || c.got.Code != "Timeout"):
					t.Errorf("%s hangs, and is %+v", name, c.got)
				case c.want != hangs && c.got.Outcome != Works && c.got.Outcome != NotTried:
					t.Errorf("%s is %+v", name, c.got)
				}
			}
			if left := w.Left() || u.Left(); left != strings.HasPrefix(hangs, "DELETE") {
				t.Errorf("left: %v, though %q hangs", left, hangs)
			}
		})
	}
}

// TestProbeUploadForgotten: an upload whose beginning was not answered, and which may not be looked for, may be left.
func TestProbeUploadForgotten(t *testing.T) {
	_, p := newSlowS3(t, "POST uploads")
	p.target.Bucket = "acme"
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if u := p.Upload(ctx, "k"); u.Create.Outcome != Unanswered || u.Abort.Outcome != NotTried || u.Left() {
		t.Errorf("cut before the beginning: %+v", u)
	}
	if w := p.Write(ctx, "k"); w.Put.Outcome != Unanswered || w.Delete.Outcome != NotTried || w.Left() {
		t.Errorf("cut before the PUT: %+v", w)
	}
	for _, c := range []struct {
		abort Tried
		left  bool
	}{{Tried{Outcome: Works}, false}, {Tried{Outcome: Missing}, false}, {Tried{}, false}, {Tried{Outcome: Refused}, true}, {Tried{Outcome: Unanswered}, true}} {
		if u := (Uploaded{Abort: c.abort}); u.Left() != c.left {
			t.Errorf("%+v: left is %v", c.abort, u.Left())
		}
	}
}

// TestProbeNames: what is no bucket is asked for nowhere.
func TestProbeNames(t *testing.T) {
	s, p := newSlowS3(t, "")
	for _, name := range []string{"", "Acme", "a..b", "10.0.0.1", "acme--x-s3", "acme/other", "arn:aws:s3:::acme"} {
		p.target.Bucket = name
		if got := p.List(t.Context()); got.Outcome != Unanswered || got.Code != "InvalidName" {
			t.Errorf("%q: %+v", name, got)
		}
	}
	for _, region := range []string{"", "us-west-2.evil.invalid/", "x"} {
		if got := p.Login(t.Context(), region); got.Outcome != Unanswered || got.Code != "InvalidName" {
			t.Errorf("%q: %+v", region, got)
		}
	}
	if len(s.asked) > 0 {
		t.Errorf("asked for %v", s.asked)
	}
}

// TestProbeKeys: no two keys are the same, and each is under the prefix.
func TestProbeKeys(t *testing.T) {
	seen := map[string]bool{}
	for prefix, want := range map[string]string{"": "ccx-probe-", "org": "org/ccx-probe-", "org/": "org/ccx-probe-", "a b/c": "a b/c/ccx-probe-"} {
		p := NewProbe(t.Context(), Options{}, ProbeTarget{Bucket: "acme", Prefix: prefix})
		for range 100 {
			key := p.Key()
			if seen[key] || !strings.HasPrefix(key, want) || len(key) != len(want)+26 {
				t.Errorf("%q", key)
			}
			seen[key] = true
		}
	}
}
