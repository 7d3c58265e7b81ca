//go:build browser

package report

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// These tests open the page in a headless Chromium: CHROMIUM names it, else it is looked for as chromium. They speak the
// DevTools protocol over a pair of pipes (--remote-debugging-pipe), so no port is opened. With SCREENSHOTS=DIR, pictures
// are left there to look at.
//
//	go test -tags browser ./cmd/ccx/report

// browser is one Chromium with one page.
type browser struct {
	t       *testing.T
	in      *os.File
	answers chan message
	session string
	last    int
	said    []string // what the console and the page's policy complained of
}

// message is a line of the protocol.
type message struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    any             `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

// open shows a run's page, at a fragment.
func open(t *testing.T, r Run, fragment string) *browser {
	t.Helper()
	program := os.Getenv("CHROMIUM")
	if program == "" {
		program = "chromium"
	}
	fromUs, toThem, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromThem, toUs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--window-size=1400,1000", "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{fromUs, toUs}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: install Chromium, or name it in CHROMIUM", err)
	}
	fromUs.Close()
	toUs.Close()
	b := &browser{t: t, in: toThem, answers: make(chan message, 10_000)}
	go b.listen(fromThem)
	t.Cleanup(func() {
		b.send("", "Browser.close", nil)
		cmd.Wait()
		toThem.Close()
	})
	var target struct{ TargetID, SessionID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(render(t, "html", r)), 0o644); err != nil {
		t.Fatal(err)
	}
	b.call("Page.navigate", map[string]any{"url": "file://" + file + fragment}, nil)
	b.await("document.querySelector('footer') !== null")
	return b
}

// listen reads messages, each ended by a NUL byte.
func (b *browser) listen(from *os.File) {
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadBytes(0)
		if err != nil {
			close(b.answers)
			return
		}
		var m message
		if json.Unmarshal(bytes.TrimSuffix(line, []byte{0}), &m) == nil {
			b.answers <- m
		}
	}
}

func (b *browser) send(session, method string, params any) int {
	b.last++
	line, _ := json.Marshal(message{ID: b.last, SessionID: session, Method: method, Params: params})
	b.in.Write(append(line, 0))
	return b.last
}

// call sends a command and waits for its answer, noting what the page complains of meanwhile.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	id := b.send(b.session, method, params)
	late := time.After(60 * time.Second)
	for {
		select {
		case m, ok := <-b.answers:
			if !ok {
				b.t.Fatalf("the browser has gone during %s", method)
			}
			b.note(m)
			if m.ID != id {
				continue
			}
			if m.Error != nil {
				b.t.Fatalf("%s: %s", method, m.Error)
			}
			if result != nil {
				json.Unmarshal(m.Result, result)
			}
			return
		case <-late:
			b.t.Fatalf("no answer to %s", method)
		}
	}
}

// note keeps complaints and any request beyond the page itself.
func (b *browser) note(m message) {
	params, _ := json.Marshal(m.Params)
	switch m.Method {
	case "Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening":
		b.said = append(b.said, m.Method+" "+string(params))
	case "Network.requestWillBeSent":
		if !strings.Contains(string(params), "/report.html") {
			b.said = append(b.said, m.Method+" "+string(params))
		}
	}
}

// eval returns what an expression is worth on the page, as JSON gives it.
func (b *browser) eval(expression string) any {
	b.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &out)
	if out.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, out.ExceptionDetails)
	}
	return out.Result.Value
}

func (b *browser) await(condition string) {
	b.t.Helper()
	for range 200 {
		if b.eval(condition) == true {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("never true: %s\n%v", condition, b.said)
}

func (b *browser) want(expression string, want any) {
	b.t.Helper()
	if got := b.eval(expression); got != want {
		b.t.Errorf("%s is %v, want %v", expression, got, want)
	}
}

// press sends a key as a keyboard does.
func (b *browser) press(key string, code int) {
	b.t.Helper()
	for _, kind := range []string{"keyDown", "keyUp"} {
		params := map[string]any{"type": kind, "key": key, "windowsVirtualKeyCode": code}
		if kind == "keyDown" && (len(key) == 1 || key == "Enter") {
			params["text"] = strings.Replace(key, "Enter", "\r", 1)
		}
		b.call("Input.dispatchKeyEvent", params, nil)
	}
}

func (b *browser) picture(name string) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": false}, &shot)
	text, _ := base64.StdEncoding.DecodeString(shot.Data)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), text, 0o644); err != nil {
		b.t.Error(err)
	}
}

// quiet fails if the browser refused, fetched or logged anything.
func (b *browser) quiet() {
	b.t.Helper()
	for _, s := range b.said {
		b.t.Errorf("the browser says: %.600s", s)
	}
}

func TestPageInABrowser(t *testing.T) {
	b := open(t, sample(), "")
	b.want("document.querySelector('h1').textContent", "failccx: 2 of 4 configs fail")
	b.want("document.querySelectorAll('.matrix tbody tr').length", 4.0)
	b.want("document.querySelectorAll('.matrix thead th.code').length", 8.0)
	b.want("document.querySelector('tr[data-file=\"configs/train.yaml\"] .mark.fail') !== null", true)
	b.want("getComputedStyle(document.querySelector('.mark.word.fail')).color", "rgb(179, 38, 30)")
	b.want("document.querySelectorAll('.detail').length", 0.0)
	b.picture("matrix")
	b.eval("document.querySelector('[data-row=\"0\"]').click()")
	b.want("document.querySelector('.detail h2').textContent", "configs/train.yaml")
	b.want("document.querySelectorAll('.path svg rect').length", 4.0)
	b.want("document.querySelectorAll('.path .edge.fail').length", 2.0)
	b.want("document.querySelector('.detail pre mark').textContent", "{Arn: arn}")
	b.want("document.querySelectorAll('.detail pre.mend').length", 1.0)
	b.want("location.hash", "#file=configs%2Ftrain.yaml")
	b.picture("detail")
	b.quiet()
}

func TestPageByKeyboard(t *testing.T) {
	b := open(t, sample(), "")
	b.press("/", 191)
	b.want("document.activeElement.id", "find")
	b.call("Input.insertText", map[string]any{"text": "VISION"}, nil)
	b.await("document.querySelectorAll('.matrix tbody tr').length === 1")
	b.want("document.querySelector('[role=status]').textContent", "1 of 4 shown")
	b.press("ArrowDown", 40)
	b.want("document.activeElement.dataset.row", "2")
	b.press("Enter", 13)
	b.await("document.querySelector('.detail') !== null")
	b.want("document.querySelector('.detail h2').textContent", "configs/other.yaml")
	b.press("Escape", 27)
	b.want("document.querySelector('.detail') === null", true)
	b.want("document.activeElement.dataset.row", "2")
	b.press("/", 191)
	b.press("Escape", 27)
	b.want("document.querySelectorAll('.matrix tbody tr').length", 4.0)
	b.eval("document.querySelector('.chip[data-status=\"unknown\"]').click()")
	b.want("document.querySelectorAll('.matrix tbody tr').length", 1.0)
	b.want("document.querySelector('.chip[data-status=\"unknown\"]').getAttribute('aria-pressed')", "true")
	b.want("[...document.querySelectorAll('button, input, a, [onclick]')].every(e => e.tabIndex >= 0 && (e.textContent || e.getAttribute('aria-label')))", true)
	b.quiet()
}

func TestPageAtAFragment(t *testing.T) {
	b := open(t, sample(), "#file=configs%2Fgood.yaml")
	b.await("document.querySelector('.detail') !== null")
	b.want("document.querySelector('.detail h2').textContent", "configs/good.yaml")
	b.want("document.querySelector('.detail details').open", true)
	b.quiet()
}

func TestPageDarkNarrowAndOnPaper(t *testing.T) {
	b := open(t, sample(), "#file=configs%2Ftrain.yaml")
	b.await("document.querySelector('.detail') !== null")
	dark := []map[string]string{{"name": "prefers-color-scheme", "value": "dark"}}
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": dark}, nil)
	b.want("getComputedStyle(document.body).backgroundColor", "rgb(20, 24, 31)")
	b.picture("dark")
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true}, nil)
	b.want("document.documentElement.scrollWidth <= 390", true)
	b.picture("narrow")
	b.call("Emulation.clearDeviceMetricsOverride", nil, nil)
	b.eval("dispatchEvent(new Event('beforeprint'))")
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print", "features": dark}, nil)
	b.want("getComputedStyle(document.body).backgroundColor", "rgb(255, 255, 255)")
	b.want("getComputedStyle(document.querySelector('.bar')).display", "none")
	b.want("document.querySelectorAll('.print .detail').length", 3.0)
	b.picture("paper")
	b.quiet()
}

// TestHostilePageInABrowser: each hostile text is on the page as text, makes no element, opens no dialog, asks for
// nothing, and the page still works.
func TestHostilePageInABrowser(t *testing.T) {
	var r Run
	for _, h := range hostile {
		if len(h.text) > 1000 {
			continue
		}
		one := hostileRun(h.text)
		r.Outcomes, r.Skipped, r.Facts, r.Summary = append(r.Outcomes, one.Outcomes...), append(r.Skipped, one.Skipped...), one.Facts, one.Summary
	}
	r.Exit, r.Verb = 1, "check"
	b := open(t, r, "#file="+url.QueryEscape("<script>alert(1)</script>"))
	b.want("document.querySelectorAll('.matrix tbody tr').length", float64(len(r.Outcomes)))
	for i := range r.Outcomes {
		b.eval("document.querySelector('[data-row=\"" + jsonInt(i) + "\"]').click()")
		b.want("document.querySelectorAll('.detail').length", 1.0)
		b.want("document.querySelectorAll('script').length", 2.0)
		b.want("document.querySelectorAll('img, iframe, object, embed, form, link, base, a, svg [onload], [onerror], [style]').length", 0.0)
	}
	b.want("document.body.innerText.includes('<script>alert')", true)
	b.quiet()
}

func jsonInt(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestLargePageInABrowser(t *testing.T) {
	b := open(t, fleet(10_000, 100), "")
	b.want("document.querySelectorAll('.matrix tbody tr').length", 200.0)
	b.eval("document.querySelector('.more').click()")
	b.want("document.querySelectorAll('.matrix tbody tr').length", 400.0)
	start := time.Now()
	b.eval("(() => { const f = document.getElementById('find'); f.value = '9900'; f.dispatchEvent(new Event('input')); })()")
	b.want("document.querySelectorAll('.matrix tbody tr').length", 1.0)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("a search takes %v", took)
	}
	b.quiet()
}
