package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"ccx/cmd/ccx/report"
	"ccx/transform/account"
)

const waiving = "version: 1\nclouds: {prod: {bucket: acme-anyscale, region: us-west-2, instance_profile: vision-nodes}}\nwaive:\n" +
	"  - {code: s3/list, reason: OPS-1, until: 2099-01-01}\n  - {code: s3/read, reason: OPS-1, until: 2099-01-01}\n" +
	"  - {code: s3/write, reason: OPS-1, until: 2099-01-01}\n  - {code: s3/delete, reason: OPS-1, until: 2099-01-01}\n"

// A waived finding is shown as waived in every format and counted as an error in none.
func TestWaivedInEveryFormat(t *testing.T) {
	fleet(t, map[string]string{"ccx.yaml": waiving, "a.yaml": plainConfig})
	marks := map[string]string{
		"text": ": waived: nodes can't", "json": `"waived": {`, "sarif": `"suppressions": [`, "github": "::notice file=a.yaml",
		"junit": `<skipped message="a.yaml:1:1: waived: nodes`, "codequality": `"description": "waived: nodes`, "markdown": "s3/list (waived)", "html": `"waived":{"reason":"OPS-1","until":"2099-01-01"}`,
	}
	errors := []string{": error: ", `"level": "error"`, "::error", "<failure", `"critical"`, `"stops": true`, `"stops":true`, "❌"}
	for _, format := range report.Formats() {
		for _, path := range [][]string{{"a.yaml"}, nil} {
			args := append([]string{"check", "--snapshot", snapshot(t), "--report", format}, path...)
			out, errs, code := ccx(t, "", args...)
			mark := marks[format]
			if path == nil {
				mark = strings.ReplaceAll(mark, "a.yaml:1:1", "ccx.yaml:2:77")
				mark = strings.ReplaceAll(mark, "file=a.yaml", "file=ccx.yaml")
			}
			if code != exitDone || errs != "" || !strings.Contains(out, mark) || !strings.Contains(out, "OPS-1") {
				t.Errorf("%v: status %d, no %s in\n%s%s", args, code, mark, out, errs)
			}
			if format == "html" {
				_, out, _ = strings.Cut(out, `id="data">`)
				out, _, _ = strings.Cut(out, "</script>")
			}
			rules := strings.Index(out, `"results"`)
			for _, bad := range errors {
				if i := strings.Index(out, bad); i > rules && (format == "sarif" || bad != `"level": "error"`) {
					t.Errorf("%v: %s in\n%s", args, bad, out)
				}
			}
			if format == "json" {
				followsSchema(t, args, out)
			}
		}
	}
}

// What is waived is not proved.
func TestWaivedAccessIsRefused(t *testing.T) {
	fleet(t, map[string]string{"ccx.yaml": waiving, "a.yaml": plainConfig})
	_, _, _, doc := checkJSON(t, "", "--snapshot", snapshot(t), "a.yaml")
	if file := doc["files"].([]any)[0].(map[string]any); file["status"] != "pass" || file["access"] != "refused" {
		t.Errorf("%v", file)
	}
	stdout, stderr, code := ccx(t, "", "--snapshot", snapshot(t), "a.yaml")
	if code != exitDone || !strings.Contains(stdout, "vision-nodes") || !strings.Contains(stderr, ", 4 waived by the settings, for every key") {
		t.Errorf("status %d\n%s%s", code, stdout, stderr)
	}
}

// Single files are a part of a fleet, so they can't tell that nothing needs a waiver.
func TestUnusedWaiversOfAWholeOnly(t *testing.T) {
	fleet(t, map[string]string{"ccx.yaml": strings.ReplaceAll(waiving, "vision-nodes", "ml-train"), "a.yaml": plainConfig, "b/c.yaml": plainConfig})
	for args, want := range map[string]bool{"a.yaml": false, "b": true, "a.yaml b": true, "": true} {
		out, _, code := ccx(t, "", append([]string{"check", "--snapshot", snapshot(t)}, strings.Fields(args)...)...)
		if said := strings.Contains(out, "[waive/unused]"); said != want || code != exitDone {
			t.Errorf("%q: status %d, said %v\n%s", args, code, said, out)
		}
	}
}

func TestCheckWithoutPath(t *testing.T) {
	fleet(t, map[string]string{"ccx.yaml": "version: 1\n", "with.yaml": waiving})
	if out, errs, code := ccx(t, "", "check", "--offline"); code != exitUsage || out != "" || !strings.Contains(errs, "no PATH, and no cloud is known") {
		t.Errorf("status %d\n%s%s", code, out, errs)
	}
	files, skipped, code, _ := checkJSON(t, "", "--offline", "--settings", "with.yaml")
	if files != "cloud prod" || skipped != "" || code != exitDone {
		t.Errorf("%q %q %d", files, skipped, code)
	}
	if out, _, code := ccx(t, "", "check", "--offline", "--settings", "with.yaml", "-p", "arn:aws:iam::1:role/x"); code != exitWrong || !strings.Contains(out, "[profile/arn]") {
		t.Errorf("status %d\n%s", code, out)
	}
}

// A FIFO or a device never makes check wait: by its name, in a folder, or put in a file's place.
func TestFIFOsAndDevicesAreRefused(t *testing.T) {
	fleet(t, map[string]string{"dir/a.yaml": plainConfig, "b.yaml": plainConfig})
	looked, err := os.Lstat("b.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("b.yaml"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dir/fifo.yaml", "b.yaml"} {
		if err := syscall.Mkfifo(name, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		files, skipped, code, doc := checkJSON(t, "", "--offline", "dir", "dir/fifo.yaml", "/dev/zero")
		if files != "dir/a.yaml dir/fifo.yaml /dev/zero" || skipped != "" || code != exitUsage || strings.Count(toText(doc), "is not a regular file") != 2 {
			t.Errorf("%q %q %d", files, skipped, code)
		}
		if _, err := readPlain("b.yaml", looked); err == nil {
			t.Error("a FIFO put in a file's place is read")
		}
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("check waits for a FIFO")
	}
}

func toText(doc map[string]any) string {
	var b strings.Builder
	for _, f := range doc["files"].([]any) {
		for _, found := range f.(map[string]any)["findings"].([]any) {
			b.WriteString(found.(map[string]any)["message"].(string) + "\n")
		}
	}
	return b.String()
}

// interrupting is AWS that the user does not wait for.
type interrupting struct{}

func (interrupting) Gather(ctx context.Context, _ account.Wants) *account.Facts {
	syscall.Kill(os.Getpid(), syscall.SIGINT)
	<-ctx.Done()
	return nil
}

// Ctrl-C ends a check with what is known so far: the faults of the texts, and how much was left.
func TestInterruptedCheckTellsWhatItKnows(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig, "b.yaml": "head_node: 7\n", "c.yaml": plainConfig})
	var out, errs bytes.Buffer
	a := &app{getenv: os.Getenv, stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	ctx, interrupted, stop := a.watchSignals(t.Context())
	defer stop()
	v := checkRow()
	v.do = func(a *app, ctx context.Context, flags *pflag.FlagSet) int {
		opts, _ := a.aimed(flags)
		opts.Partial, opts.Watch = true, (*progress)(nil)
		if bad := a.checkFiles(ctx, flags.Args(), opts, interrupting{}); bad != nil {
			t.Errorf("%+v", bad)
		}
		return a.endCheck(ctx, false, true)
	}
	code := a.parseAndDo(ctx, v, []string{"-p", "ml-train", "-b", "acme-anyscale", "."})
	if interrupted() != syscall.SIGINT || code != exitWrong {
		t.Errorf("status %d", code)
	}
	got := out.String()
	if !strings.Contains(got, "b.yaml:1:12: error:") || !strings.Contains(got, "ccx: interrupted: 1 file checked: 1 fails; 2 skipped (-v says why)\n") || strings.Contains(got, "cannot tell") || errs.Len() > 0 {
		t.Errorf("%s%s", got, errs.String())
	}
}

func TestInterruptedBeforeAnything(t *testing.T) {
	fleet(t, map[string]string{"a.yaml": plainConfig})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := run(ctx, []string{"check", "--offline", "-v", "."}, os.Getenv, strings.NewReader(""), &out, &errs)
	if code != exitUnknown || !strings.HasSuffix(out.String(), "ccx: interrupted: 0 files checked\n") || errs.Len() > 0 {
		t.Errorf("status %d: %s%s", code, out.String(), errs.String())
	}
}
