package anyscale

import (
	"fmt"
	"strings"

	"ccx/transform/document"
	"ccx/transform/finding"
)

// unsupported are the fields of EC2's RunInstances that Anyscale sets itself and refuses in an instance config
// (docs.anyscale.com/configuration/compute/aws).
const unsupported = " ClientToken DryRun ImageId InstanceType Ipv6Addresses LaunchTemplate MaxCount MinCount PrivateIpAddress SecurityGroups UserData "

// fields checks the keys of an instance config. The server compares them with EC2's own list, which grows: only what is
// known to be wrong is an error, and a near miss of the one field that ccx is about.
func (r *reader) fields(block *document.Node) {
	for _, e := range block.Entries() {
		place := e.Value.KeyPlace()
		switch {
		case strings.Contains(unsupported, " "+e.Key+" "):
			r.say(finding.ConfigField, place, "Anyscale doesn't support "+e.Key+" in an instance config", unsupportedHint(e.Key))
		case e.Key == "IamInstanceProfile":
		case isNear(e.Key, "IamInstanceProfile"):
			r.say(finding.ConfigField, place, "EC2 has no field "+shorten(e.Key)+", so no profile would be set", "did you mean IamInstanceProfile?")
		}
	}
}

func unsupportedHint(key string) string {
	switch key {
	case "SecurityGroups":
		return "use SecurityGroupIds, or NetworkInterfaces with Groups"
	case "InstanceType":
		return "use instance_type of the node"
	case "ImageId":
		return "remove it: image_uri of the workload says what runs"
	}
	return "remove it"
}

func isNear(key, field string) bool {
	_, near := finding.Nearest(strings.ReplaceAll(key, "_", ""), []string{field})
	return near
}

// existing reads the IamInstanceProfile of an instance config: EC2's shape is a mapping with Arn or Name. The client
// passes anything on, and Anyscale's server or EC2 refuses it when nodes start.
func (r *reader) existing(profile *document.Node) *Existing {
	switch {
	case profile == nil:
		return nil
	case profile.IsNull() || profile.IsMapping() && len(profile.Entries()) == 0:
		r.sayAt(finding.Warning, finding.ConfigField, profile.KeyPlace(), "this IamInstanceProfile is empty: it names no profile", "")
		return nil
	case !profile.IsMapping():
		r.say(finding.ConfigField, profile.Place(), "IamInstanceProfile must be a mapping with Arn or Name, not "+describe(profile, ""), profileHint(profile))
		return nil
	}
	for _, e := range profile.Entries() {
		if e.Key == "Arn" || e.Key == "Name" {
			continue
		}
		hint := "it has Arn or Name"
		if guess, ok := finding.Nearest(e.Key, []string{"Arn", "Name"}); ok {
			hint = "did you mean " + guess + "?"
		}
		r.say(finding.ConfigField, e.Value.KeyPlace(), "IamInstanceProfile has no field "+shorten(e.Key), hint)
	}
	arn, name := profile.Get("Arn"), profile.Get("Name")
	if arn != nil && name != nil {
		r.fs = append(r.fs, finding.New(finding.ConfigField, name.KeyPlace(), "IamInstanceProfile has both Arn and Name; EC2 takes one").
			WithDetails(fmt.Sprintf("Arn is on line %d", arn.KeyPlace().Line)).WithHint("remove one of them"))
		return nil
	}
	return r.named(arn, name)
}

// named returns the profile that one of the two nodes names.
func (r *reader) named(arn, name *document.Node) *Existing {
	at, key := arn, "Arn"
	if arn == nil {
		at, key = name, "Name"
	}
	if at == nil {
		return nil // only unknown keys, which have their findings
	}
	text, ok := at.Text()
	if !ok || strings.TrimSpace(text) == "" {
		r.say(finding.ConfigField, at.Place(), fmt.Sprintf("%s of IamInstanceProfile must be a string, not %s", key, describe(at, "")), r.typeHint(at, []string{"string"}))
		return nil
	}
	if key == "Arn" {
		return &Existing{ARN: text, At: at}
	}
	return &Existing{Name: text, At: at}
}

func profileHint(n *document.Node) string {
	text, ok := n.Text()
	switch {
	case !ok:
		return "write IamInstanceProfile: {Arn: ...}"
	case strings.HasPrefix(text, "arn:"):
		return fmt.Sprintf("write IamInstanceProfile: {Arn: %q}", text)
	}
	return fmt.Sprintf("write IamInstanceProfile: {Name: %q}", text)
}
