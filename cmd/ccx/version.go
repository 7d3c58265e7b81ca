package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// printVersion tells the version from the build information that Go puts into each binary.
func (a *app) printVersion() int {
	return a.print(fmt.Sprintf("ccx %s (%s %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH))
}

// version is ccx's own, from the build information that Go puts into each program.
func version() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
}

// versionOf is the module's version, which names the revision where Go knows it; else the revision that the program was
// built from, with +dirty if the tree had changes.
func versionOf(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return "devel"
	}
	revision = "devel-" + revision[:min(12, len(revision))]
	if settings["vcs.modified"] == "true" {
		revision += "+dirty"
	}
	return revision
}
