package anyscale

import "testing"

// block is a config with an instance config in it: its lines begin in column 3, on line 3.
func block(lines ...string) string {
	src := "cloud: c\nadvanced_instance_config:\n"
	for _, l := range lines {
		src += "  " + l + "\n"
	}
	return src
}

func TestInstanceConfig(t *testing.T) {
	for _, c := range []finds{
		{"by name", block("IamInstanceProfile: {Name: ml}"), "", ""},
		{"by ARN", block("IamInstanceProfile: {Arn: " + profile + "}"), "", ""},
		{"a string", block("IamInstanceProfile: ml"), `error config/field 3:23:2 IamInstanceProfile must be a mapping with Arn or Name, not "ml"`, `write IamInstanceProfile: {Name: "ml"}`},
		{"an ARN as a string", block("IamInstanceProfile: arn:aws:iam::1:x"), `error config/field 3:23:16 IamInstanceProfile must be a mapping with Arn or Name, not "arn:aws:iam::1:x"`, `{Arn: "arn:aws:iam::1:x"}`},
		{"a list", block("IamInstanceProfile:", "- Arn: x"), "error config/field 3:3:18 IamInstanceProfile must be a mapping with Arn or Name, not a list", "{Arn: ...}"},
		{"null", block("IamInstanceProfile:"), "warning config/field 3:3:18 this IamInstanceProfile is empty: it names no profile", ""},
		{"both", block("IamInstanceProfile: {Arn: a, Name: b}"), "error config/field 3:32:4 IamInstanceProfile has both Arn and Name; EC2 takes one", "remove one"},
		{"unknown key", block("IamInstanceProfile: {arn: a}"), "error config/field 3:24:3 IamInstanceProfile has no field arn", "did you mean Arn?"},
		{"unknown key, far", block("IamInstanceProfile: {Name: a, Role: b}"), "error config/field 3:33:4 IamInstanceProfile has no field Role", "Arn or Name"},
		{"no text", block("IamInstanceProfile: {Name: 5}"), "error config/field 3:30:1 Name of IamInstanceProfile must be a string, not 5", `quotes around it: "5"`},
		{"empty text", block(`IamInstanceProfile: {Arn: " "}`), `error config/field 3:29:3 Arn of IamInstanceProfile must be a string, not " "`, ""},
		{"null text", block("IamInstanceProfile: {Arn: null}"), "error config/field 3:29:4 Arn of IamInstanceProfile must be a string, not null", ""},
		{"unsupported", block("ImageId: a", "InstanceType: b", "SecurityGroups: [c]", "UserData: d"),
			"error config/field 3:3:7 Anyscale doesn't support ImageId in an instance config\nerror config/field 4:3:12 Anyscale doesn't support InstanceType in an instance config\nerror config/field 5:3:14 Anyscale doesn't support SecurityGroups in an instance config\nerror config/field 6:3:8 Anyscale doesn't support UserData in an instance config", "SecurityGroupIds"},
		{"the rest of the unsupported", block("ClientToken: a", "DryRun: true", "Ipv6Addresses: []", "LaunchTemplate: {}", "MaxCount: 1", "MinCount: 1", "PrivateIpAddress: a"),
			"error config/field 3:3:11 Anyscale doesn't support ClientToken in an instance config\nerror config/field 4:3:6 Anyscale doesn't support DryRun in an instance config\nerror config/field 5:3:13 Anyscale doesn't support Ipv6Addresses in an instance config\nerror config/field 6:3:14 Anyscale doesn't support LaunchTemplate in an instance config\nerror config/field 7:3:8 Anyscale doesn't support MaxCount in an instance config\nerror config/field 8:3:8 Anyscale doesn't support MinCount in an instance config\nerror config/field 9:3:16 Anyscale doesn't support PrivateIpAddress in an instance config", "remove it"},
		{"near misses", block("iam_instance_profile: {Name: a}", "IAMInstanceProfile: {Name: a}", "IamInstanceProfiles: {Name: a}"),
			"error config/field 3:3:20 EC2 has no field iam_instance_profile, so no profile would be set\nerror config/field 4:3:18 EC2 has no field IAMInstanceProfile, so no profile would be set\nerror config/field 5:3:19 EC2 has no field IamInstanceProfiles, so no profile would be set", "did you mean IamInstanceProfile?"},
		{"fields that EC2 has", block("BlockDeviceMappings: []", "TagSpecifications: []", "NetworkInterfaces: []", "MetadataOptions: {}", "SomethingNew: 1"), "", ""},
		{"in a worker", "worker_nodes:\n- instance_type: m5.large\n  advanced_instance_config: {UserData: x}\n", "error config/field 3:30:8 Anyscale doesn't support UserData in an instance config", ""},
		{"in a folded document", "head_node: {instance_type: m5.large}\n---\naws: {UserData: x}\n",
			"note config/folded 3:1:3 the client reads one document only: this one is folded into the first as advanced_instance_config\nerror config/field 3:7:8 Anyscale doesn't support UserData in an instance config", ""},
		{"shared by two", "worker_nodes:\n- name: a\n  instance_type: m5.large\n  advanced_instance_config: &x {UserData: x}\n- name: b\n  instance_type: m5.large\n  advanced_instance_config: *x\n",
			"error config/field 4:33:8 Anyscale doesn't support UserData in an instance config", ""},
	} {
		c.run(t, Options{})
	}
}

func TestPlaceholders(t *testing.T) {
	said := " is a placeholder that was never filled in"
	for _, c := range []finds{
		{"in an ARN", block("IamInstanceProfile: {Arn: 'arn:aws:iam::<>:role/<>'}"), "error config/placeholder 3:43:2 <>" + said + "\nerror config/placeholder 3:51:2 <>" + said, "real value"},
		{"after escapes", block(`IamInstanceProfile: {Arn: "arn:\u0061ws:<id>"}`), "error config/placeholder 3:43:4 <id>" + said, ""},
		{"in the cloud", "cloud: <your cloud>\n", "error config/placeholder 1:8:12 <your cloud>" + said, ""},
		{"capitals", "cloud: CHANGE_ME\nzones: [REPLACE_WITH_ZONE]\n", "error config/placeholder 1:8:9 CHANGE_ME" + said + "\nerror config/placeholder 2:9:17 REPLACE_WITH_ZONE" + said, ""},
		{"your", "cloud: your-cloud-name\n", "error config/placeholder 1:8:15 your-cloud-name" + said, ""},
		{"braces", block("IamInstanceProfile: {Arn: 'arn:aws:iam::{account}:instance-profile/a'}"), "error config/placeholder 3:43:9 {account}" + said, ""},
		{"example account", block("IamInstanceProfile: {Arn: 'arn:aws:iam::123456789012:instance-profile/a'}"), "note config/placeholder 3:43:12 123456789012 is the account of the documentation's examples", ""},
		{"someone's address", block("TagSpecifications: [{Tags: [{Key: owner, Value: Me <me@example.com>}]}]"), "", ""},
		{"flags are free", "flags: {a: <b>}\n", "", ""},
		{"in an image", "entrypoint: x\nimage_uri: <image>\ncompute_config: {cloud: a}\n", "error config/placeholder 2:12:7 <image>" + said + "", ""},
		{"in env_vars", "entrypoint: x\nenv_vars: {A: <b>}\ncompute_config: {cloud: a}\n", "", ""},
		{"many", "cloud: <a><b><c><d><e><f><g>\n", "error config/placeholder 1:8:3 <a>" + said + "\nerror config/placeholder 1:11:3 <b>" + said + "\nerror config/placeholder 1:14:3 <c>" + said + "\nerror config/placeholder 1:17:3 <d>" + said + "\nerror config/placeholder 1:20:3 <e>" + said, ""},
		{"through an alias once", "worker_nodes:\n- {name: a, instance_type: &t <type>}\n- {name: b, instance_type: *t}\n", "error config/placeholder 2:31:6 <type>" + said, ""},
	} {
		c.run(t, Options{})
	}
}
