//go:build acceptance

package acceptance

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

//go:embed terminal.py
var onTerminal string

// TestProgressWhileAskingAWS: somebody at a terminal sees that AWS is being asked when it takes longer than a moment, and
// nothing of that is left when it has answered. (That nothing is shown in the first 300 ms, the program's own tests show.)
func TestProgressWhileAskingAWS(t *testing.T) {
	a := newAWS(t)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(400 * time.Millisecond)
		a.ServeHTTP(w, r)
	}))
	t.Cleanup(slow.Close)
	config, out := write(t, "train.yaml", goodNew), filepath.Join(t.TempDir(), "out.yaml")
	env := append(credentialsOf(t, ours).environ(), "AWS_ENDPOINT_URL="+slow.URL, "TERM=xterm")
	spec, err := json.Marshal(map[string]any{"argv": append([]string{the.ccx(), "--region", "us-west-2", config}, bucketArgs(profileOf("ml-train"))...),
		"env": the.environ(env...), "cwd": t.TempDir(), "timeout": 60, "stdout": out})
	if err != nil {
		t.Fatal(err)
	}
	text, err := runScript(filepath.Join(the.venv, "python"), onTerminal, spec)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Output string
		Code   int
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Code != 0 || !strings.Contains(read(t, out), "IamInstanceProfile") {
		t.Errorf("status %d: %q", got.Code, got.Output)
	}
	i := strings.LastIndex(got.Output, "asking AWS")
	if i < 0 {
		t.Fatalf("nothing is shown while AWS is slow: %q", got.Output)
	}
	if rest := got.Output[i:]; !strings.Contains(rest, "\r\x1b[K") {
		t.Errorf("the line is not erased: %q", rest)
	}
}
