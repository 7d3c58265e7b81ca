//go:build acceptance

package acceptance

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestProbeSignal ends a probe by a signal in the middle of --write, when the server has done what was asked and has not
// said so yet: what it wrote is gone all the same, and the exit status is the signal's.
func TestProbeSignal(t *testing.T) {
	server := miniStack(t)
	f := factSet{identity: []string{allowEight}}
	role, bucket := f.names(0)
	codes, saved := sdkSessions(t, server, f.calls(0))
	for i, code := range codes {
		if code != "" {
			t.Fatalf("call %d: %s", i, code)
		}
	}
	for _, c := range []struct {
		at     string // the request, by method and query
		signal syscall.Signal
		undone string // what must follow it
	}{
		{"PUT ", syscall.SIGINT, "DELETE "}, {"PUT ", syscall.SIGTERM, "DELETE "},
		{"GET x-id=GetObject", syscall.SIGINT, "DELETE "}, {"DELETE x-id=DeleteObject", syscall.SIGTERM, "DELETE "},
		{"POST uploads", syscall.SIGINT, "DELETE uploadId"}, {"GET uploadId", syscall.SIGTERM, "DELETE uploadId"},
	} {
		t.Run(c.at+" "+c.signal.String(), func(t *testing.T) {
			got, done := cutProbe(t, server, saved[role], c.at, c.signal, "-r", role, "-b", bucket, "--write", "--accept-object-lock")
			if got.code != 128+int(c.signal) {
				t.Errorf("exit status %d\n%s%s", got.code, got.stdout, got.stderr)
			}
			i := strings.LastIndex(done, c.undone)
			if i < 0 || !strings.Contains(done[i:], " 204") {
				t.Errorf("no %s that was answered with 204:\n%s", c.undone, done)
			}
			for _, key := range regexp.MustCompile(`ccx-probe-[a-z0-9]+`).FindAllString(got.stderr, -1) {
				head := sdkCall{As: ours, Service: "s3", Operation: "head_object", Parameters: map[string]any{"Bucket": bucket, "Key": key}}
				if code := sdk(t, server, []sdkCall{head})[0]; code != "404" {
					t.Errorf("%s: %q, want 404", key, code)
				}
			}
		})
	}
}

// cutProbe runs a probe through a proxy that passes everything on, and holds back the answer to the first request of that
// kind that succeeds until the signal is sent. It returns what was done, a request a line.
func cutProbe(t *testing.T, server string, node keys, at string, signal syscall.Signal, args ...string) (result, string) {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var done strings.Builder
	reached, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host }} // the host is signed
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r.WithContext(context.WithoutCancel(r.Context())))
		what := r.Method + " " + r.URL.RawQuery
		mu.Lock()
		fmt.Fprintln(&done, what, r.URL.Path, answer.Code)
		mu.Unlock()
		if strings.HasPrefix(what, at) && strings.Contains(r.URL.Path, "ccx-probe-") && answer.Code < 300 {
			once.Do(func() { close(reached) })
			<-release
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	defer front.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, the.ccx(), append([]string{"probe", "--region", "us-west-2"}, args...)...)
	cmd.Env = append(the.environ("AWS_ENDPOINT_URL="+front.URL), node.environ()...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-reached:
	case <-ctx.Done():
		t.Fatalf("ccx never came to %s:\n%s", at, done.String())
	}
	_ = cmd.Process.Signal(signal)
	close(release)
	_ = cmd.Wait()
	mu.Lock()
	defer mu.Unlock()
	return result{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}, done.String()
}
