//go:build acceptance

package acceptance

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// docsExample is the YAML of Anyscale's page on IAM roles, with the indentation that the page's text has lost.
const docsExample = `cloud: my-cloud # You may specify ` + "`cloud_id`" + ` instead
allowed_azs:
- us-west-2a
head_node:
  instance_type: m5.8xlarge
---
aws:
  IamInstanceProfile:
    Arn: arn:aws:iam::0123456789012:instance-profile/<IAM Instance Profile Name>
`

// mended has a 12-digit account and a real name in the placeholder's place.
var mended = strings.NewReplacer("0123456789012", ours, "<IAM Instance Profile Name>", "ml-train").Replace(docsExample)

// placeOf is where the part stands in the text, as findings give places.
func placeOf(text, part string) string {
	before, _, _ := strings.Cut(text, part)
	line := strings.Count(before, "\n")
	return fmt.Sprintf("<stdin>:%d:%d", line+1, len(before)-strings.LastIndex(before, "\n"))
}

// TestDocsExample: the client refuses the documentation's own example in every form. ccx names both of its mistakes,
// and makes one document of it that the client accepts once they are mended.
func TestDocsExample(t *testing.T) {
	c := newConsole(t)
	if got := c.anyscale(t, mended, "compute-config", "create", "-n", "train", "-f", "/dev/stdin"); got.code == 0 {
		t.Errorf("the client now accepts the example as it is: the fold has become needless")
	}
	wrong := ccx(t, docsExample, "--offline")
	for _, mistake := range []string{"0123456789012", "<IAM Instance Profile Name>"} {
		if place := placeOf(docsExample, mistake); wrong.code != 1 || !strings.Contains(wrong.stderr, place+": error: ") {
			t.Errorf("exit status %d, want 1 and %q named at %s\n%s", wrong.code, mistake, place, wrong.stderr)
		}
	}
	right := ccx(t, mended, "--offline", "-p", profileARN)
	if right.code != 0 {
		t.Fatalf("exit status %d\n%s", right.code, right.stderr)
	}
	body := c.create(t, right.stdout, false)
	sent, _ := body["config"].(map[string]any)
	checkProfiles(t, transmitted(nil, sent)[0], profileARN)
	if deployment := each(sent, "deployment_configs")[0]; !reflect.DeepEqual(deployment["allowed_azs"], []any{"us-west-2a"}) {
		t.Errorf("the zones sent are %v", deployment["allowed_azs"])
	}
	again := ccx(t, right.stdout, "--offline", "-p", profileARN)
	if again.stdout != right.stdout {
		t.Errorf("a second run changes it:\n%s\n%s", again.stdout, again.stderr)
	}
}
