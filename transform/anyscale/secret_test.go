package anyscale

import (
	"strings"
	"testing"
)

// TestSecretsStayUnseen: what stands under env_vars reaches neither a message nor the line that is shown.
func TestSecretsStayUnseen(t *testing.T) {
	for _, src := range []string{
		"entrypoint: x\nenv_vars: {TOKEN: 12345}\ncompute_config: {head_node: {instance_type: a}}\n",
		"entrypoint: x\nenv_vars:\n  TOKEN: 12345 # <fill in>\ncompute_config: {head_node: {instance_type: a}}\n",
		"entrypoint: x\nenv_vars:\n  ü: [12345]\ncompute_config: {head_node: {instance_type: a}}\n",
	} {
		_, fs := open(t, src, Options{})
		if len(fs) != 1 {
			t.Fatal(said(fs))
		}
		if all := fs[0].Message + fs[0].Hint + fs[0].Place.Text; strings.Contains(all, "12345") {
			t.Errorf("the value is shown: %s", all)
		}
	}
}
