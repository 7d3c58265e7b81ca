package document

import "testing"

const typical = `# compute config
cloud: prod
head_node:
  instance_type: m5.2xlarge
worker_nodes:
- name: gpu
  instance_type: g4dn.2xlarge
  min_nodes: 0
  max_nodes: 10
  advanced_instance_config:
    BlockDeviceMappings:
    - DeviceName: /dev/sda1
      Ebs: {VolumeSize: 500}
`

func BenchmarkParseTypical(b *testing.B) {
	b.SetBytes(int64(len(typical)))
	for b.Loop() {
		Parse("x", []byte(typical))
	}
}

func BenchmarkParseKeys(b *testing.B) {
	text := []byte(manyKeys(1 << 20))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Parse("x", text)
	}
}

func BenchmarkApplyTypical(b *testing.B) {
	d, _ := Parse("x", []byte(typical))
	draft := d.Roots[0].Draft()
	path := []string{"advanced_instance_config", "IamInstanceProfile"}
	if err := draft.Set(d.Roots[0], path, profile); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		edits, err := d.Roots[0].Set(path, profile)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Apply(edits, draft.Value()); err != nil {
			b.Fatal(err)
		}
	}
}
