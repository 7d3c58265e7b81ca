package anyscale

import (
	"strings"
	"testing"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// mapped is what `anyscale cloud config get` prints: its keys are sorted.
const mapped = `cloud_deployment_id: cldrsrc_1
cloud_provider: AWS
compute_stack: VM
dataplane_iam_mapping:
  fallback_rule: CLOUD_DEFAULT
  mode: CUSTOMER_MANAGED
  rules:
  - selector: workload-type in (job, service),user=user2@example.com
    value: role_name2
  - selector: project=ml
    value: ml-train
`

func readMapping(t *testing.T, text string) (IAMMapping, []finding.Finding) {
	t.Helper()
	doc, fs := document.Parse("x.yaml", []byte(text))
	if doc == nil {
		t.Fatalf("%+v\n%s", fs, text)
	}
	return Mapping(doc)
}

func TestMapping(t *testing.T) {
	m, fs := readMapping(t, mapped)
	if len(fs) > 0 || m.Resource.Value != "cldrsrc_1" || m.Provider != AWS || !m.UsesDefault() || m.Fallback.Place.Line != 5 || len(m.Rules) != 2 {
		t.Fatalf("%+v %s", m, said(fs))
	}
	if r := m.Rules[0]; r.Selector != "workload-type in (job, service),user=user2@example.com" || r.Profile.Value != "role_name2" || r.Profile.Place.Line != 9 {
		t.Errorf("%+v", r)
	}
	if r := m.Rules[1]; r.Profile.Value != "ml-train" || r.Profile.Place.Line != 11 {
		t.Errorf("%+v", r)
	}
}

func TestMappingForms(t *testing.T) {
	m, fs := readMapping(t, strings.Replace(mapped, "CLOUD_DEFAULT", "FAIL", 1))
	if len(fs) > 0 || m.UsesDefault() || m.Fallback.Value != "FAIL" {
		t.Errorf("%+v %s", m, said(fs))
	}
	for _, unset := range []string{"{}", "null"} {
		m, fs = readMapping(t, "cloud_deployment_id: r\ncloud_provider: GCP\ndataplane_iam_mapping: "+unset+"\n")
		if len(fs) > 0 || m.UsesDefault() || len(m.Rules) > 0 {
			t.Errorf("%s: %+v %s", unset, m, said(fs))
		}
	}
	m, fs = readMapping(t, `{"cloud_deployment_id": "r", "cloud_provider": "AWS", "dataplane_iam_mapping": {"fallback_rule": "FAIL", "rules": [{"selector": "a", "value": "p"}]}}`)
	if len(fs) > 0 || len(m.Rules) != 1 {
		t.Errorf("%+v %s", m, said(fs))
	}
	m, fs = readMapping(t, strings.Split(mapped, "  rules:")[0])
	if len(fs) > 0 || len(m.Rules) != 0 || !m.UsesDefault() {
		t.Errorf("%+v %s", m, said(fs))
	}
}

// What is not understood must not be passed over: a rule that is not read is a profile that is not checked.
func TestMappingRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a cloud", printed, "this is no printout of a cloud's IAM mapping"},
		{"a list", "- a\n", "this is no printout of a cloud's IAM mapping"},
		{"two documents", mapped + "---\n" + mapped, "this is no printout of a cloud's IAM mapping"},
		{"another provider", strings.Replace(mapped, "AWS", "GCP", 1), "this mapping is for Google Cloud"},
		{"another fallback", strings.Replace(mapped, "CLOUD_DEFAULT", "SOMETHING", 1), `fallback_rule is "SOMETHING"`},
		{"no fallback", strings.Replace(mapped, "  fallback_rule: CLOUD_DEFAULT\n", "", 1), "the mapping has no fallback_rule"},
		{"rules that are none", strings.Split(mapped, "rules:")[0] + "rules: {a: b}\n", "rules must be a list"},
		{"a rule without a value", strings.Replace(mapped, "    value: role_name2\n", "", 1), "a rule of the mapping has no value"},
		{"a rule that is none", strings.Split(mapped, "rules:")[0] + "rules: [a]\n", "a rule of the mapping has no value"},
		{"a value that is none", strings.Replace(mapped, "value: role_name2", "value: [role_name2]", 1), "value must be a text"},
		{"a mapping that is none", "dataplane_iam_mapping: [a]\ncloud_provider: AWS\n", "the mapping has no fallback_rule"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, fs := readMapping(t, c.text)
			if len(fs) == 0 || !strings.Contains(said(fs), c.want) {
				t.Fatalf("%s", said(fs))
			}
			for _, f := range fs {
				if f.Code != finding.UsageCloud || !f.Stops() || f.Hint == "" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}
