package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"ccx/transform/finding"
)

// describeFlagError puts pflag's errors into our own words, with the flag that may have been meant.
func describeFlagError(err error, fs *pflag.FlagSet) (message, hint string) {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			return fmt.Sprintf("unknown flag -%s", name), "ccx --help lists the flags"
		}
		return fmt.Sprintf("unknown flag --%s", name), suggestFlag(name, fs)
	case errors.As(err, &missing):
		return fmt.Sprintf("flag --%s needs a value", missing.GetFlag().Name), fmt.Sprintf("--%s %s", missing.GetFlag().Name, valueOf(missing.GetFlag().Name))
	case errors.As(err, &invalid):
		return fmt.Sprintf("--%s can't be %q", invalid.GetFlag().Name, invalid.GetValue()), fmt.Sprintf("--%s %s", invalid.GetFlag().Name, valueOf(invalid.GetFlag().Name))
	}
	return err.Error(), "ccx --help lists the flags"
}

func valueOf(name string) string {
	for _, r := range flagRows() {
		if r.name == name {
			return r.value
		}
	}
	return ""
}

func suggestFlag(name string, fs *pflag.FlagSet) string {
	var names []string
	cut := ""
	fs.VisitAll(func(f *pflag.Flag) {
		names = append(names, f.Name)
		if cut == "" && len(name) >= 3 && strings.HasPrefix(f.Name, name) {
			cut = f.Name
		}
	})
	best, ok := finding.Nearest(name, names)
	if !ok {
		best = cut
	}
	if best != "" {
		return fmt.Sprintf("did you mean --%s?", best)
	}
	return "ccx --help lists the flags"
}
