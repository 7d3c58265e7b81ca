package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"ccx/transform"
	"ccx/transform/finding"
)

// settingsName is the file that is looked for.
const settingsName = "ccx.yaml"

// aimed puts flags, settings, cloud files and the mapping together. On another status than exitDone, what is wrong with
// them has been reported.
func (a *app) aimed(flags *pflag.FlagSet) (transform.Options, int) {
	s, found := a.findSettings()
	if len(found) > 0 {
		return transform.Options{}, a.stopAll(found)
	}
	files, found := a.cloudFiles(s)
	if len(found) > 0 {
		return transform.Options{}, a.stopAll(found)
	}
	known, found := transform.ReadClouds(files, s)
	mapping, more := a.mapping()
	if found = append(found, more...); len(found) > 0 {
		return transform.Options{}, a.stopAll(found)
	}
	aim := a.opts.aim()
	aim.Clouds, aim.Mapping = known, mapping
	if s != nil {
		a.accounts, a.readFrom = s.Accounts, s.ReadFrom
		if len(aim.Assume) == 0 {
			aim.Assume = s.Assume
		}
		if !flags.Changed("existing") && s.Existing != "" {
			aim.Existing = s.Existing
		}
	}
	opts, bad := aim.Options()
	if bad != nil {
		return opts, a.stop(*bad)
	}
	opts.Beside = readBeside
	return opts, exitDone
}

// credentials says how each account is read: as the flags say, else as the settings do.
func (a *app) credentials() (map[string]string, *finding.Finding) {
	accounts, bad := parseAccounts(a.opts.accounts)
	for id, how := range a.accounts {
		if _, given := accounts[id]; !given && bad == nil {
			accounts[id] = how
		}
	}
	return accounts, bad
}

// stopAll reports what keeps ccx from its work.
func (a *app) stopAll(found []finding.Finding) int {
	r := transform.Result{Name: found[0].Place.File, Findings: found}
	return a.report(r, exitCode(r))
}

// findSettings reads --settings, or the nearest ccx.yaml; nil where there is none.
func (a *app) findSettings() (*transform.Settings, []finding.Finding) {
	cwd, err := workingFolder()
	if err != nil {
		return nil, []finding.Finding{finding.New(finding.UsageSettings, finding.Place{}, "the current folder: "+plainError(err))}
	}
	name := a.opts.settings
	if name == "" {
		if name = nearestSettings(cwd); name == "" {
			return nil, nil
		}
	}
	text, err := readRegular(name)
	if err != nil {
		f := finding.New(finding.UsageSettings, finding.Place{File: name}, plainError(err)).WithHint("check the path; ccx init writes one")
		return nil, []finding.Finding{f}
	}
	s, found := transform.ReadSettings(name, text)
	if s == nil {
		return nil, found
	}
	dir, err := filepath.Abs(filepath.Dir(name))
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, []finding.Finding{finding.New(finding.UsageSettings, finding.Place{File: name}, "its folder: "+plainError(err))}
	}
	s.Dir, s.Cwd = dir, cwd
	return s, found
}

func workingFolder() (string, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(cwd)
}

// nearestSettings looks for ccx.yaml here and in each folder above, up to the root of the repository: outside of one,
// here only, since a folder above may be anybody's. The answer is relative; "" if there is none.
func nearestSettings(cwd string) string {
	found, rel := "", "."
	for dir := cwd; ; dir, rel = filepath.Dir(dir), filepath.Join(rel, "..") {
		if _, err := os.Lstat(filepath.Join(dir, settingsName)); err == nil && found == "" {
			found = filepath.Join(rel, settingsName)
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return found
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if found == settingsName {
		return found
	}
	return ""
}

// readRegular reads a file that is no folder, pipe or device.
func readRegular(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = errSpecial
	}
	if err != nil {
		return nil, err
	}
	return readFile(name)
}

// cloudFiles reads the printouts of --cloud-file, else those that the settings name.
func (a *app) cloudFiles(s *transform.Settings) ([]transform.Input, []finding.Finding) {
	if len(a.opts.cloudFiles) == 0 {
		return settingsFiles(s)
	}
	var files []transform.Input
	for _, name := range a.opts.cloudFiles {
		names := []string{name}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if names = printouts(name); len(names) == 0 {
				return nil, []finding.Finding{cloudFileFault(name, errors.New("holds no *.yaml, *.yml or *.json"))}
			}
		}
		for _, name := range names {
			text, err := readFile(name)
			if err != nil {
				return nil, []finding.Finding{cloudFileFault(name, err)}
			}
			files = append(files, transform.Input{Name: name, Text: text})
		}
	}
	return files, nil
}

func cloudFileFault(name string, err error) finding.Finding {
	return finding.New(finding.UsageCloud, finding.Place{File: name}, plainError(err)).
		WithHint("check the path; anyscale cloud status -n NAME > FILE makes one")
}

// printouts lists the files of a folder that may be printouts, in the order of their names.
func printouts(dir string) []string {
	entries, _ := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if name := filepath.Join(dir, e.Name()); hasExtension(name) && e.Name()[0] != '.' {
			names = append(names, name)
		}
	}
	return names
}

// settingsFiles reads the files that cloud_files of the settings name. The folder is opened as a root that nothing,
// links included, leads out of.
func settingsFiles(s *transform.Settings) ([]transform.Input, []finding.Finding) {
	if s == nil || len(s.CloudFiles) == 0 {
		return nil, nil
	}
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return nil, []finding.Finding{finding.New(finding.UsageSettings, finding.Place{File: s.Name}, "its folder: "+plainError(err))}
	}
	defer root.Close()
	var files []transform.Input
	var seen []string
	for _, pattern := range s.CloudFiles {
		names, err := fs.Glob(root.FS(), filepath.ToSlash(filepath.Clean(pattern.Value)))
		if err != nil || len(names) == 0 {
			f := finding.New(finding.UsageSettings, pattern.Place, "no file matches").
				WithHint("cloud_files start at the settings' folder: clouds/*.yaml")
			return nil, []finding.Finding{f}
		}
		for _, name := range names {
			if slices.Contains(seen, name) {
				continue
			}
			seen = append(seen, name)
			text, err := readWithin(root, name)
			if err != nil {
				f := finding.New(finding.UsageSettings, pattern.Place, fmt.Sprintf("%s: %s", name, plainError(err))).
					WithHint("cloud_files are regular files in the settings' folder or below it")
				return nil, []finding.Finding{f}
			}
			files = append(files, transform.Input{Name: filepath.Join(filepath.Dir(s.Name), name), Text: text})
		}
	}
	return files, nil
}

// mapping reads --mapping.
func (a *app) mapping() (*transform.Mapping, []finding.Finding) {
	if a.opts.mapping == "" {
		return nil, nil
	}
	text, err := readFile(a.opts.mapping)
	if err != nil {
		f := finding.New(finding.UsageCloud, finding.Place{File: a.opts.mapping}, plainError(err)).
			WithHint("check the path; anyscale cloud config get -n CLOUD > FILE makes one")
		return nil, []finding.Finding{f}
	}
	return transform.ReadMapping(transform.Input{Name: a.opts.mapping, Text: text})
}
