package anyscale

import (
	"strings"
	"testing"
)

func TestProviders(t *testing.T) {
	for text, want := range map[string]Provider{
		"cloud: a\n": Unknown,
		"head_node: {instance_type: m5.2xlarge}\n":                                                   AWS,
		"head_node: {instance_type: p4de.24xlarge}\n":                                                AWS,
		"head_node: {instance_type: u-6tb1.metal}\n":                                                 AWS,
		"worker_nodes: [{instance_type: c5.metal-24xl}]\n":                                           AWS,
		"worker_nodes: [{instance_type: t3.nano}]\n":                                                 AWS,
		"zones: [us-west-2a]\n":                                                                      AWS,
		"zones: [us-gov-east-1b]\n":                                                                  AWS,
		"advanced_instance_config: {IamInstanceProfile: {Name: a}}\n":                                AWS,
		"head_node: {instance_type: n2-standard-8}\n":                                                GCP,
		"head_node: {instance_type: a2-highgpu-1g}\n":                                                GCP,
		"head_node: {instance_type: e2-custom-2-1024}\n":                                             GCP,
		"zones: [us-central1-a]\n":                                                                   GCP,
		"advanced_instance_config: {instance_properties: {}}\n":                                      GCP,
		"head_node: {instance_type: Standard_D4s_v5}\n":                                              Azure,
		"head_node: {instance_type: 8CPU-32GB}\n":                                                    Kubernetes,
		"head_node: {instance_type: 4CPU-16GB-1xT4}\n":                                               Kubernetes,
		"advanced_instance_config: {spec: {nodeSelector: {}}}\n":                                     Kubernetes,
		"head_node: {instance_type: m5.large}\nworker_nodes: [{instance_type: n2-standard-8}]\n":     AWS,
		"advanced_instance_config: {BlockDeviceMappings: [], instance_properties: {}}\n":             AWS,
		"head_node: {instance_type: custom, cloud_deployment: {provider: gcp}}\n":                    GCP,
		"cloud: a\nhead_node_type: {}\nworker_node_types: []\ngcp: {a: 1}\n":                         GCP,
		"cloud: a\nhead_node_type: {}\nworker_node_types: []\naws: {a: 1}\n":                         AWS,
		"cloud: a\nhead_node_type: {}\nworker_node_types: []\naws: {}\ngcp: {a: 1}\n":                GCP,
		"cloud: a\nhead_node_type: {instance_type: n1-standard-4}\nworker_node_types: []\n":          GCP,
		"cloud: a\nallowed_azs: [us-west1-b]\nhead_node_type: {}\nworker_node_types: []\n":           GCP,
		"cloud: a\nallowed_azs: [any]\nhead_node_type: {}\nworker_node_types: []\n":                  Unknown,
		"entrypoint: x\ncompute_config: {head_node: {instance_type: n2-highmem-4}}\n":                GCP,
		"resource_flavors: [{name: a, advanced_instance_config: {instanceProperties: {}}}]\n":        GCP,
		"machine_types: [{launch_templates: [{instance_type: p5.48xlarge, zones: [us-east-1a]}]}]\n": AWS,
	} {
		file, fs := open(t, text, Options{})
		if file == nil || len(file.Configs) != 1 {
			t.Fatalf("%s: %s", text, said(fs))
		}
		c := file.Configs[0]
		if c.Provider != want {
			t.Errorf("%s: %q, not %q", text, c.Provider, want)
		}
		refused := strings.Contains(said(fs), "config/provider")
		if refused == c.Carries() || c.Carries() != (want == AWS || want == Unknown) {
			t.Errorf("%s: for %q: %s", text, want, said(fs))
		}
	}
}

func TestProviderOfACloudFile(t *testing.T) {
	asked := ""
	opts := Options{Provider: func(cloud, resource string) Provider {
		asked = cloud + "/" + resource
		return GCP
	}}
	file, _ := open(t, "cloud: prod\ncloud_resource: r1\nhead_node: {instance_type: m5.large}\n", opts)
	if asked != "prod/r1" || file.Configs[0].Provider != GCP {
		t.Errorf("asked %q: %q", asked, file.Configs[0].Provider)
	}
	opts.Provider = func(string, string) Provider { return Unknown }
	if file, _ = open(t, "head_node: {instance_type: m5.large}\n", opts); file.Configs[0].Provider != AWS {
		t.Error("without an answer the keys tell")
	}
}

func TestMixedProviders(t *testing.T) {
	for _, c := range []finds{
		{"one of two", "configs:\n- {cloud_resource: a, head_node: {instance_type: 8CPU-32GB}}\n- {cloud_resource: b, head_node: {instance_type: m5.large}}\n",
			"note config/provider 2:3:58 configs[0] is for Kubernetes and left as it is", ""},
		{"none", "configs:\n- {cloud_resource: a, head_node: {instance_type: 8CPU-32GB}}\n- {cloud_resource: b, head_node: {instance_type: n2-standard-8}}\n",
			"error config/provider 2:50:9 this config is for Kubernetes, where nodes have no AWS instance profile\nerror config/provider 3:50:13 this config is for Google Cloud, where nodes have no AWS instance profile", "service account"},
		{"by a block", "cloud: a\nhead_node_type: {}\nworker_node_types: []\ngcp_advanced_configurations_json:\n  a: 1\n",
			"error config/provider 4:1:32 this config is for Google Cloud, where nodes have no AWS instance profile", "service_accounts"},
	} {
		c.run(t, Options{})
	}
}
