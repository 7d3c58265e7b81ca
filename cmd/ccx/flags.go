package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"ccx/transform"
)

// The groups under which --help lists the flags.
const (
	groupEveryday = "Everyday"
	groupCloud    = "The cloud"
	groupMapping  = "The cloud's IAM mapping"
	groupFacts    = "Facts"
	groupOutput   = "Output"
	groupQuestion = "The question"
	groupDocument = "The document"
	groupFiles    = "The files"
	groupProbe    = "The probe"
	groupReport   = "The report"
	groupVoice    = "Voice"
)

// options holds the value of every flag of every verb; a flag means the same wherever it is.
type options struct {
	profile, role, existing, as      string
	bucket, bucketOwner, region      string
	controlPlane                     string
	images, requires, dataBuckets    []string
	cloud, mapping, settings         string
	cloudFiles                       []string
	snapshot                         string
	maxAge                           age
	offline                          bool
	accounts, context, assume, nodes []string
	unknown                          string
	timeout, wait                    time.Duration
	simulator                        bool
	output, stdinName, color         string
	target, unknownKeys              string
	inPlace, diff, remove, template  bool
	principal, action, resource      string
	lines, json, statementOnly, hcl  bool
	writes, acceptLock               bool
	quiet, verbose, version          bool
	filesFrom, failOn                string
	skipOthers                       bool
	reports                          []string
}

// flagRow is one flag: one row a flag, from which parsing, help and suggestions are made.
type flagRow struct {
	group, name, short string
	value              string // what the help shows for its value
	usage              string
	bind               func(o *options, fs *pflag.FlagSet, r flagRow)
}

func text(target func(*options) *string, fallback string) func(*options, *pflag.FlagSet, flagRow) {
	return func(o *options, fs *pflag.FlagSet, r flagRow) {
		fs.StringVarP(target(o), r.name, r.short, fallback, r.usage)
	}
}

func list(target func(*options) *[]string) func(*options, *pflag.FlagSet, flagRow) {
	return func(o *options, fs *pflag.FlagSet, r flagRow) {
		fs.StringArrayVarP(target(o), r.name, r.short, nil, r.usage)
	}
}

func toggle(target func(*options) *bool) func(*options, *pflag.FlagSet, flagRow) {
	return func(o *options, fs *pflag.FlagSet, r flagRow) {
		fs.BoolVarP(target(o), r.name, r.short, false, r.usage)
	}
}

func duration(target func(*options) *time.Duration, fallback time.Duration) func(*options, *pflag.FlagSet, flagRow) {
	return func(o *options, fs *pflag.FlagSet, r flagRow) { fs.DurationVar(target(o), r.name, fallback, r.usage) }
}

func value(target func(*options) pflag.Value) func(*options, *pflag.FlagSet, flagRow) {
	return func(o *options, fs *pflag.FlagSet, r flagRow) { fs.Var(target(o), r.name, r.usage) }
}

// questionFlags are those of ccx simulate.
func questionFlags() []flagRow {
	return []flagRow{
		{groupQuestion, "principal", "", "ARN", "the role that acts", text(func(o *options) *string { return &o.principal }, "")},
		{groupQuestion, "action", "", "ACTION", "what it does: s3:GetObject", text(func(o *options) *string { return &o.action }, "")},
		{groupQuestion, "resource", "", "ARN", "on what; with * or ?, on everything that matches", text(func(o *options) *string { return &o.resource }, "")},
		{groupQuestion, "lines", "", "", "answer JSON lines instead: a record with its own policies a line", toggle(func(o *options) *bool { return &o.lines })},
		{groupQuestion, "json", "", "", "answer as JSON", toggle(func(o *options) *bool { return &o.json })},
	}
}

// flagRows is the table of flags, in the order of the help.
func flagRows() []flagRow {
	return append(slices.Concat(probeFlags(), questionFlags()), []flagRow{
		{groupDocument, "statement-only", "", "", "print the new statement alone, without those that are there", toggle(func(o *options) *bool { return &o.statementOnly })},
		{groupDocument, "hcl", "", "", "print Terraform's HCL: the resource that puts the policy, or with --statement-only a data source", toggle(func(o *options) *bool { return &o.hcl })},
		{groupFiles, "files-from0", "", "FILE|-", "check the files that FILE lists, each ended by a NUL byte: git diff -z --name-only", text(func(o *options) *string { return &o.filesFrom }, "")},
		{groupFiles, "skip-others", "", "", "skip a named file that is no compute config, too, as in folders", toggle(func(o *options) *bool { return &o.skipOthers })},
		{groupEveryday, "instance-profile", "p", "ARN|NAME", "the instance profile to inject", text(func(o *options) *string { return &o.profile }, "")},
		{groupEveryday, "role", "r", "ARN|NAME", "the role whose instance profile to inject", text(func(o *options) *string { return &o.role }, "")},
		{groupEveryday, "bucket", "b", "NAME|s3://NAME/PREFIX", "the cloud's bucket", text(func(o *options) *string { return &o.bucket }, "")},
		{groupEveryday, "existing", "", "refuse|keep|replace", "what to do with another profile that is already there (default refuse)", text(func(o *options) *string { return &o.existing }, "refuse")},
		{groupCloud, "cloud", "", "NAME|ID", "the cloud of configs that name none", text(func(o *options) *string { return &o.cloud }, "")},
		{groupCloud, "cloud-file", "", "FILE|DIR", "what anyscale cloud get or cloud status printed: bucket, region and roles (repeatable)", list(func(o *options) *[]string { return &o.cloudFiles })},
		{groupCloud, "settings", "", "FILE", "the settings (default: ccx.yaml here or above, up to the repository's root)", text(func(o *options) *string { return &o.settings }, "")},
		{groupCloud, "control-plane-role", "", "ARN", "the role that Anyscale assumes: must be able to pass the node role", text(func(o *options) *string { return &o.controlPlane }, "")},
		{groupCloud, "region", "", "REGION", "the cloud's region", text(func(o *options) *string { return &o.region }, "")},
		{groupCloud, "bucket-owner", "", "ID", "the account that owns the bucket, if it isn't the role's", text(func(o *options) *string { return &o.bucketOwner }, "")},
		{groupCloud, "image", "", "URI", "an image that the nodes pull from ECR with their role (repeatable; a job's or service's own image counts by itself)", list(func(o *options) *[]string { return &o.images })},
		{groupCloud, "data-bucket", "", "NAME=read|write", "another bucket that the nodes read, or read and write; NAME or s3://NAME/PREFIX (repeatable)", list(func(o *options) *[]string { return &o.dataBuckets })},
		{groupCloud, "require", "", "ACTION[,ACTION]=ARN", "anything else that the nodes must be able to do (repeatable)", list(func(o *options) *[]string { return &o.requires })},
		{groupMapping, "mapping", "", "FILE", "what anyscale cloud config get printed: each profile in it is checked, too", text(func(o *options) *string { return &o.mapping }, "")},
		{groupFacts, "snapshot", "", "FILE", "take the facts from FILE instead of AWS", text(func(o *options) *string { return &o.snapshot }, "")},
		{groupFacts, "max-age", "", "DURATION", "refuse a snapshot that is older: 90m, 24h, 7d", value(func(o *options) pflag.Value { return &o.maxAge })},
		{groupFacts, "offline", "", "", "ask nothing: check only the config itself", toggle(func(o *options) *bool { return &o.offline })},
		{groupFacts, "account", "", "ID=profile:NAME|role:ARN", "the credentials to read account ID with (repeatable)", list(func(o *options) *[]string { return &o.accounts })},
		{groupFacts, "context", "", "KEY=VALUE", "a request context value that is known, such as aws:SourceVpce=vpce-1 (repeatable)", list(func(o *options) *[]string { return &o.context })},
		{groupFacts, "assume", "", "LIST", "guardrails taken to deny nothing where they can't be read:\nscp,rcp,vpc-endpoint,session (default all four) or none", list(func(o *options) *[]string { return &o.assume })},
		{groupFacts, "unknown", "", "fail|allow", "whether a check that can't be decided stops ccx (default fail)", text(func(o *options) *string { return &o.unknown }, "fail")},
		{groupFacts, "timeout", "", "DURATION", "how long AWS may take in all, and stdin before it (default 30s)", duration(func(o *options) *time.Duration { return &o.timeout }, 30*time.Second)},
		{groupFacts, "simulator", "", "", "ask AWS's policy simulator for a second opinion on the role's own policies", toggle(func(o *options) *bool { return &o.simulator })},
		{groupFacts, "wait", "", "DURATION", "how long to wait for a profile or role that was made a moment ago (default: not at all)", duration(func(o *options) *time.Duration { return &o.wait }, 0)},
		{groupOutput, "output", "o", "FILE", "write to FILE, as a whole or not at all", text(func(o *options) *string { return &o.output }, "")},
		{groupOutput, "write", "w", "", "filter FILEs in place, each as a whole or not at all", toggle(func(o *options) *bool { return &o.inPlace })},
		{groupOutput, "diff", "", "", "print what would change instead of the config", toggle(func(o *options) *bool { return &o.diff })},
		{groupOutput, "remove", "", "", "take the profile out of every site again", toggle(func(o *options) *bool { return &o.remove })},
		{groupOutput, "as", "", "arn|name", "the form to inject (default: the ARN when it is known)", text(func(o *options) *string { return &o.as }, "")},
		{groupOutput, "node", "", "NAME=ARN|NAME", "another profile for one node group, or for the head (repeatable)", list(func(o *options) *[]string { return &o.nodes })},
		{groupOutput, "target", "", "auto|aws|advanced_instance_config|advanced_configurations_json", "the key to put the profile under (default auto)", text(func(o *options) *string { return &o.target }, "auto")},
		{groupOutput, "template", "", "", "filter an unrendered Jinja or ${} template, every expression kept", toggle(func(o *options) *bool { return &o.template })},
		{groupOutput, "unknown-keys", "", "fail|warn", "what a key does that the client's rules don't know (default fail)", text(func(o *options) *string { return &o.unknownKeys }, "fail")},
		{groupOutput, "stdin-name", "", "NAME", "what findings call stdin (default <stdin>)", text(func(o *options) *string { return &o.stdinName }, "<stdin>")},
		{groupReport, "report", "", "FORMAT[=FILE]", "write a report, to FILE or in place of the text (repeatable):\ntext, json, sarif, github, junit, codequality, markdown or html", list(func(o *options) *[]string { return &o.reports })},
		{groupReport, "fail-on", "", "error|warning", "what a finding must weigh to fail a file (default error)", text(func(o *options) *string { return &o.failOn }, "error")},
		{groupVoice, "color", "", "auto|always|never", "colour on stderr (default auto)", text(func(o *options) *string { return &o.color }, "auto")},
		{groupVoice, "quiet", "q", "", "print only what stops ccx", toggle(func(o *options) *bool { return &o.quiet })},
		{groupVoice, "verbose", "v", "", "print what passed and what was skipped, too", toggle(func(o *options) *bool { return &o.verbose })},
		{groupVoice, "version", "", "", "print the version of ccx", toggle(func(o *options) *bool { return &o.version })},
	}...)
}

// takes reports whether the verb has the flag.
func (v verb) takes(r flagRow) bool {
	return v.takesGroup(r.group) || slices.Contains(v.also, r.name)
}

// takesGroup reports whether the verb has all flags of a group: what has an output has a voice.
func (v verb) takesGroup(group string) bool {
	return slices.Contains(v.groups, group) || group == groupVoice && slices.Contains(v.groups, groupOutput)
}

func (o *options) flagSet(v verb) *pflag.FlagSet {
	fs := pflag.NewFlagSet("ccx", pflag.ContinueOnError)
	fs.Usage = func() {}
	fs.SortFlags = false
	for _, r := range flagRows() {
		if v.takes(r) {
			r.bind(o, fs, r)
		}
	}
	return fs
}

// checkValues refuses what the flags' types can't: words outside a list, and flags that exclude each other.
func (o *options) checkValues(fs *pflag.FlagSet) (message, hint string, ok bool) {
	for _, r := range flagRows() {
		f := fs.Lookup(r.name)
		switch {
		case f == nil || !f.Changed || f.Value.Type() != "string":
		case r.choices() != nil && !slices.Contains(r.choices(), f.Value.String()):
			return fmt.Sprintf("--%s can't be %q", r.name, f.Value), meant(f.Value.String(), r.choices(), fmt.Sprintf("--%s %s", r.name, r.value)), false
		case f.Value.String() == "":
			return fmt.Sprintf("--%s is empty", r.name), "is a shell variable unset? leave the flag out if it isn't needed", false
		}
	}
	switch {
	case o.profile != "" && o.role != "":
		return "--instance-profile and --role exclude each other", "with -r, ccx finds the role's profile by itself", false
	case o.remove && (o.profile != "" || o.role != ""):
		return "--remove takes profiles out, so it goes without -p and -r", "--existing replace puts another in its place", false
	case o.maxAge > 0 && o.snapshot == "":
		return "--max-age is about a snapshot, and there is none", "add --snapshot FILE; what AWS is asked now is never old", false
	case o.wait < 0 || o.wait > 0 && (o.offline || o.snapshot != ""):
		return "--wait is how long AWS is asked again", "--wait 2m, without --offline and --snapshot", false
	case o.offline && o.snapshot != "":
		return "--offline and --snapshot exclude each other", "a snapshot needs no network", false
	}
	return "", "", true
}

// patience is how long a run may ask AWS in all.
func (o *options) patience() time.Duration { return o.timeout + o.wait }

// aim is what the flags ask for.
func (o *options) aim() transform.Aim {
	return transform.Aim{
		Profile: o.profile, Role: o.role, Bucket: o.bucket, BucketOwner: o.bucketOwner, Region: o.region,
		ControlPlaneRole: o.controlPlane, Images: o.images, Requires: o.requires, DataBuckets: o.dataBuckets, Context: o.context, Assume: o.assume, Existing: o.existing, As: o.as,
		Nodes: o.nodes, Remove: o.remove, AllowUnknown: o.unknown == "allow",
		Cloud: o.cloud, Target: o.target, Template: o.template, WarnUnknownKeys: o.unknownKeys == "warn",
	}
}
