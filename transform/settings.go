package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"ccx/schema"
	"ccx/transform/anyscale"
	"ccx/transform/check"
	"ccx/transform/document"
	"ccx/transform/finding"
)

// Settings is what a ccx.yaml says. It can name no command and no endpoint, and no file outside of its folder.
type Settings struct {
	Name       string            // the file, as findings show it
	Dir, Cwd   string            // its folder and that of the run, absolute: the paths that it speaks of start at Dir
	Accounts   map[string]string // 12 digits or "default" -> "profile:NAME" or "role:ARN"
	ReadFrom   string            // 12 digits: the account that sees the organization's policies; "" where it says nothing
	Assume     []string          // guardrails; nil where it says nothing, "none" where the list is empty
	Existing   string            // refuse, keep or replace; "" where it says nothing
	CloudFiles []anyscale.Text   // patterns of printouts, from Dir

	defaultCloud anyscale.Text
	clouds       []cloudSettings
	paths        []pathSettings
	waivers      []waiver
}

// cloudSettings is one entry of clouds.
type cloudSettings struct {
	key                                       anyscale.Text // the cloud's name or id
	id, profile                               anyscale.Text
	region, bucket, clusterRole, controlPlane anyscale.Text
	allowed                                   []anyscale.Text
	context                                   map[string][]string
	data                                      []check.DataBucket
	needs                                     []check.Require
}

// pathSettings is one row of paths.
type pathSettings struct{ match, cloud, profile anyscale.Text }

// ReadSettings reads a ccx.yaml; its Dir and Cwd are the caller's to set. With findings, nothing of it must be used.
// Code: usage/settings.
func ReadSettings(name string, text []byte) (*Settings, []finding.Finding) {
	doc, found := document.Parse(name, text)
	if fs := recoded(finding.UsageSettings, found); len(fs) > 0 || doc == nil {
		return nil, fs
	}
	if len(doc.Roots) != 1 || !doc.Roots[0].IsMapping() {
		f := finding.New(finding.UsageSettings, finding.Place{File: name}, "the settings must be one mapping").WithHint("version: 1; ccx init writes one")
		return nil, []finding.Finding{f}
	}
	r := &settingsReader{root: doc.Roots[0], s: &Settings{Name: name}}
	r.validate()
	if len(r.fs) == 0 {
		r.read()
	}
	if len(r.fs) > 0 {
		finding.Sort(r.fs)
		return nil, r.fs
	}
	return r.s, nil
}

// recoded gives what stops a document that is no config the code of its own kind.
func recoded(code finding.Code, found []finding.Finding) []finding.Finding {
	var out []finding.Finding
	for _, f := range found {
		if f.Stops() {
			switch f.Code {
			case finding.ConfigTemplate:
				f.Message, f.Hint = "nothing fills variables in here", "write the value itself"
			case finding.ConfigEmpty:
				f.Message, f.Hint = "the file is empty", "is it the right one, and was it written to its end?"
			}
			f.Code, f.Details = code, nil // they speak of a compute config
			out = append(out, f)
		}
	}
	return out
}

// settingsReader turns the document into Settings.
type settingsReader struct {
	root *document.Node
	s    *Settings
	fs   []finding.Finding
}

func (r *settingsReader) say(at finding.Place, message, hint string) {
	r.fs = append(r.fs, finding.New(finding.UsageSettings, at, message).WithHint(hint))
}

func (r *settingsReader) validate() {
	issues, err := schema.Validate(schema.Settings, r.root.Value())
	if err != nil { // only a type that no document can hold: say it rather than pass
		r.say(r.root.Place(), "the settings could not be compared with their schema", "")
	}
	for _, i := range issues {
		r.issue(i)
	}
}

// read takes the values over and checks what the schema can't say.
func (r *settingsReader) read() {
	r.s.Existing = textOf(r.root.Get("existing")).Value
	r.s.defaultCloud = textOf(r.root.Get("default_cloud"))
	r.s.ReadFrom = textOf(r.root.Get("organization").Get("read_from")).Value
	r.accounts()
	if assume := r.root.Get("assume"); assume != nil {
		r.s.Assume = []string{"none"}
		if list := textsOf(assume); len(list) > 0 {
			r.s.Assume = wordsOf(list)
		}
	}
	r.s.CloudFiles = textsOf(r.root.Get("cloud_files"))
	for _, f := range r.s.CloudFiles {
		r.inside(f)
	}
	for _, e := range r.root.Get("clouds").Entries() {
		r.s.clouds = append(r.s.clouds, r.cloud(e))
	}
	for _, item := range r.root.Get("paths").Items() {
		p := pathSettings{textOf(item.Get("match")), textOf(item.Get("cloud")), textOf(item.Get("instance_profile"))}
		r.inside(p.match)
		if p.cloud.Value == "" && p.profile.Value == "" {
			r.say(p.match.Place, "this row says nothing about the files that it matches", "add cloud or instance_profile")
		}
		r.s.paths = append(r.s.paths, p)
	}
	for _, item := range r.root.Get("waive").Items() {
		r.s.waivers = append(r.s.waivers, r.waiver(item))
	}
}

// accounts reads with which credentials each account is read.
func (r *settingsReader) accounts() {
	r.s.Accounts = map[string]string{}
	for _, e := range r.root.Get("accounts").Entries() {
		profile, role := textOf(e.Value.Get("profile")), textOf(e.Value.Get("assume_role"))
		switch {
		case e.Key != "default" && !accountID.MatchString(e.Key):
			r.say(e.KeyNode.Place(), fmt.Sprintf("%q is no account id", e.Key), `12 digits in quotes, such as "111122223333", or default`)
		case (profile.Value == "") == (role.Value == ""):
			r.say(e.KeyNode.Place(), "an account needs profile or assume_role, and one of them only", "profile: NAME, or assume_role: ARN")
		case profile.Value != "":
			r.s.Accounts[e.Key] = "profile:" + profile.Value
		default:
			r.s.Accounts[e.Key] = "role:" + role.Value
		}
	}
}

var accountID = regexp.MustCompile(`^\d{12}$`)

func (r *settingsReader) cloud(e document.Entry) cloudSettings {
	n := e.Value
	c := cloudSettings{
		key: anyscale.Text{Value: e.Key, Place: e.KeyNode.Place()},
		id:  textOf(n.Get("cloud_id")), profile: textOf(n.Get("instance_profile")),
		region: textOf(n.Get("region")), bucket: textOf(n.Get("bucket")),
		clusterRole: textOf(n.Get("cluster_role")), controlPlane: textOf(n.Get("control_plane_role")),
		allowed: textsOf(n.Get("allowed_profiles")), context: map[string][]string{},
	}
	if e.Key == "" {
		r.say(n.KeyPlace(), "a cloud needs a name or an id", "clouds: {prod-usw2: {...}}")
	}
	for _, known := range n.Get("context").Entries() {
		if !strings.Contains(known.Key, ":") {
			r.say(known.KeyNode.Place(), fmt.Sprintf("%q is no context key", known.Key), "aws:SourceVpce, for one")
		}
		list := textsOf(known.Value)
		if one, ok := known.Value.Text(); ok {
			list = []anyscale.Text{{Value: one}}
		}
		c.context[known.Key] = wordsOf(list)
	}
	c.data, c.needs = r.dataBuckets(n.Get("data_buckets")), r.requires(n.Get("requires"))
	return c
}

// inside refuses a path that leads out of the settings' folder.
func (r *settingsReader) inside(p anyscale.Text) {
	slashed := strings.ReplaceAll(p.Value, `\`, "/")
	switch {
	case path.IsAbs(slashed) || strings.HasPrefix(slashed, "~") || len(slashed) > 1 && slashed[1] == ':':
		r.say(p.Place, "an absolute path leads out of the settings' folder", "paths start at the folder of the settings: clouds/*.yaml")
	case slices.Contains(strings.Split(slashed, "/"), ".."):
		r.say(p.Place, "this path may lead out of the settings' folder", "leave .. out: paths start at the folder of the settings")
	}
}

func textOf(n *document.Node) anyscale.Text {
	value, ok := n.Text()
	if !ok {
		return anyscale.Text{}
	}
	return anyscale.Text{Value: value, Place: n.Place()}
}

func textsOf(n *document.Node) []anyscale.Text {
	var all []anyscale.Text
	for _, item := range n.Items() {
		all = append(all, textOf(item))
	}
	return all
}

func wordsOf(list []anyscale.Text) []string {
	var all []string
	for _, t := range list {
		all = append(all, t.Value)
	}
	return all
}
