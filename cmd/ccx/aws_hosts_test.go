package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ccx/transform/live/fakeaws"
)

// hosts runs ccx behind a proxy that lets nothing through, and returns the hosts that it wanted to reach.
func hosts(t *testing.T, args ...string) []string {
	t.Helper()
	var mu sync.Mutex
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, strings.TrimSuffix(r.Host, ":443"))
		mu.Unlock()
		time.Sleep(time.Second) // until all that needs no answer has been asked for
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	t.Setenv("HTTPS_PROXY", proxy.URL)
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("NO_PROXY", "")
	_, errs, code := spawn(t, liveConfig, args...)
	if code != exitUnknown && code != exitUsage && code != exitWrong {
		t.Errorf("status %d: %s", code, errs)
	}
	mu.Lock()
	defer mu.Unlock()
	slices.Sort(asked)
	return slices.Compact(asked)
}

// TestHosts: requests go to the hosts of the partition and nowhere else, with FIPS and dual-stack as the configuration says.
func TestHosts(t *testing.T) {
	for name, c := range map[string]struct {
		partition, region, registry string
		env                         map[string]string
		want                        []string
	}{
		"aws": {"aws", "us-west-2", "amazonaws.com", nil, []string{"acme.s3.us-west-2.amazonaws.com", "api.ecr.us-west-2.amazonaws.com", "iam.amazonaws.com",
			"organizations.us-east-1.amazonaws.com", "sts.us-west-2.amazonaws.com"}},
		"aws-cn": {"aws-cn", "cn-north-1", "amazonaws.com.cn", nil, []string{"acme.s3.cn-north-1.amazonaws.com.cn", "api.ecr.cn-north-1.amazonaws.com.cn",
			"iam.cn-north-1.amazonaws.com.cn", "organizations.cn-northwest-1.amazonaws.com.cn", "sts.cn-north-1.amazonaws.com.cn"}},
		"aws-us-gov": {"aws-us-gov", "us-gov-west-1", "amazonaws.com", nil, []string{"acme.s3.us-gov-west-1.amazonaws.com", "api.ecr.us-gov-west-1.amazonaws.com",
			"iam.us-gov.amazonaws.com", "organizations.us-gov-west-1.amazonaws.com", "sts.us-gov-west-1.amazonaws.com"}},
		"aws-eusc": {"aws-eusc", "eusc-de-east-1", "amazonaws.eu", nil, []string{"acme.s3.eusc-de-east-1.amazonaws.eu", "api.ecr.eusc-de-east-1.amazonaws.eu",
			"iam.eusc-de-east-1.amazonaws.eu", "organizations.eusc-de-east-1.amazonaws.eu", "sts.eusc-de-east-1.amazonaws.eu"}},
		"FIPS": {"aws", "us-west-2", "amazonaws.com", map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, []string{"acme.s3-fips.us-west-2.amazonaws.com",
			"api.ecr-fips.us-west-2.amazonaws.com", "iam-fips.amazonaws.com", "organizations-fips.us-east-1.amazonaws.com", "sts-fips.us-west-2.amazonaws.com"}},
		"dual-stack": {"aws", "us-west-2", "amazonaws.com", map[string]string{"AWS_USE_DUALSTACK_ENDPOINT": "true"}, []string{"acme.s3.dualstack.us-west-2.amazonaws.com",
			"ecr.us-west-2.api.aws", "iam.global.api.aws", "organizations.us-east-1.api.aws", "sts.us-west-2.api.aws"}},
		"another partition's region": {"aws-cn", "us-west-2", "amazonaws.com.cn", nil, []string{}},
		"a region with a dot":        {"aws", "us-west-2.evil.invalid", "amazonaws.com", nil, []string{}},
		"a region with a slash":      {"aws", "x/@evil.invalid", "amazonaws.com", nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, "", map[string]string{})
			fakeaws.Configure(t, "", "AKIAOURS", "")
			t.Setenv("AWS_ENDPOINT_URL", "")
			t.Setenv("AWS_REGION", "")
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			for key, value := range c.env {
				t.Setenv(key, value)
			}
			got := hosts(t, "-p", "arn:"+c.partition+":iam::"+fakeaws.Ours+":instance-profile/node", "-b", "acme", "--region", c.region,
				"--image", fakeaws.Ours+".dkr.ecr."+c.region+"."+c.registry+"/ml/train:1", "--timeout", "20s")
			if !slices.Equal(got, c.want) {
				t.Errorf("asked %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestInterruptedAtOnce: an interrupt ends a run that waits for AWS at once, with the line that no parser takes.
func TestInterruptedAtOnce(t *testing.T) {
	f := newAWS(t)
	asked := make(chan struct{}, 100)
	f.Break("iam:GetRole", func(_ http.ResponseWriter, r *http.Request) bool {
		asked <- struct{}{}
		<-r.Context().Done()
		return true
	})
	cmd, out, errs := spawned(t, liveConfig, liveArgs...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	began := time.Now()
	_ = cmd.Process.Signal(syscall.SIGINT)
	_ = cmd.Wait()
	if took := time.Since(began); cmd.ProcessState.ExitCode() != 130 || out.String() != refusal || took > 5*time.Second {
		t.Errorf("status %d after %s, stdout %q: %s", cmd.ProcessState.ExitCode(), took, out, errs)
	}
}

// TestThousandConfigs: what AWS is asked does not grow with the number of configs.
func TestThousandConfigs(t *testing.T) {
	f := newAWS(t)
	args := append([]string{"check", "-q"}, liveArgs...)
	if _, errs, code := ccx(t, "", append(args, "train.yaml")...); code != exitDone {
		t.Fatalf("status %d: %s", code, errs)
	}
	one := f.Asked()
	if err := os.Mkdir("many", 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		if err := os.WriteFile(fmt.Sprintf("many/%d.yaml", i), []byte(liveConfig), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f.Forget()
	if _, errs, code := ccx(t, "", append(args, "many")...); code != exitDone {
		t.Fatalf("status %d: %s", code, errs)
	}
	if many := f.Asked(); len(many) != len(one) || many["iam:GetPolicy"] != one["iam:GetPolicy"] || many["organizations:DescribePolicy"] != one["organizations:DescribePolicy"] || total(many) != total(one) {
		t.Errorf("one config: %v\na thousand: %v", one, many)
	}
}

func total(calls map[string]int) (n int) {
	for _, c := range calls {
		n += c
	}
	return n
}

// TestEveryCallBroken: whatever call breaks, a run ends with the right config or with none, and says which call it was.
func TestEveryCallBroken(t *testing.T) {
	f := newAWS(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	right, errs, code := ccx(t, liveConfig, liveArgs...)
	if code != exitDone {
		t.Fatalf("status %d: %s", code, errs)
	}
	for _, kind := range []string{"reset", "throttled for ever", "denied", "HTML", "cut", "list without end", "wrong account", "huge body"} {
		for _, operation := range fakeaws.Operations {
			f.Mend()
			f.Organization.Paths = operation != "organizations:ListParents"
			f.Break(operation, faultNamed(kind).On(f, operation))
			out, errs, code := ccx(t, liveConfig, liveArgs...)
			what := kind + " in " + operation
			switch {
			case code == exitDone && out != right, code != exitDone && out != refusal:
				t.Errorf("%s: status %d with stdout %q", what, code, out)
			case code != exitDone && code != exitUnknown && (code != exitWrong || kind != "wrong account"): // a policy may name any account
				t.Errorf("%s: status %d: %s", what, code, errs)
			case code == exitUnknown && kind != "wrong account" && !strings.Contains(errs, operation):
				t.Errorf("%s: the call is not named: %s", what, errs)
			case code == exitDone && kind == "denied" && strings.HasPrefix(operation, "organizations:List") && f.Asked()[operation] > 0 &&
				operation != "organizations:ListRoots" && !strings.Contains(errs, "assuming"):
				t.Errorf("%s: what is assumed is not said: %s", what, errs)
			}
		}
	}
}
