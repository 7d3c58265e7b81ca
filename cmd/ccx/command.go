package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"ccx/transform/finding"
)

// placeholder stands for the filtered file's path in run's COMMAND.
const placeholder = "{}"

// runCommand is `ccx run FILE -- COMMAND {}`: the client's job, service, workspace and schedule commands take no pipe, and
// this form starts nothing at all unless the config is good.
func (a *app) runCommand(ctx context.Context, flags *pflag.FlagSet) int {
	dash := flags.ArgsLenAtDash()
	if dash != 1 || flags.NArg() < 2 {
		return a.usage("run needs one FILE, then -- and a COMMAND", "ccx run train.yaml -- anyscale compute-config create -n train -f {}")
	}
	file, command := flags.Arg(0), flags.Args()[1:]
	if !strings.Contains(strings.Join(command, "\x00"), placeholder) {
		return a.usage("COMMAND has no {} for the path of the filtered file", "ccx run "+file+" -- "+strings.Join(command, " ")+" {}")
	}
	results, code := a.transform(ctx, flags, []string{file})
	if code != exitDone {
		return a.notRun(command, code)
	}
	path, remove, err := privateFile(file, results[0].Output)
	if err != nil {
		return a.notRun(command, a.stop(fileFinding(os.TempDir(), err)))
	}
	defer remove()
	a.report(results[0], exitDone)
	return a.execute(command, path)
}

// notRun makes clear that a failure is ccx's own.
func (a *app) notRun(command []string, code int) int {
	a.say(command[0] + " was not run")
	return code
}

// privateFile holds the output under the input's base name, since some commands show or use it, in a folder that only
// this user can enter.
func privateFile(input string, text []byte) (path string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "ccx-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	base := filepath.Base(input)
	if input == "-" {
		base = "stdin.yaml"
	}
	path = filepath.Join(dir, base)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		remove()
		return "", nil, err
	}
	return path, remove, nil
}

// execute runs the command with the user's own streams. Signals from the terminal reach it by themselves, so ccx only
// waits for it.
func (a *app) execute(command []string, path string) int {
	args := make([]string, len(command))
	for i, arg := range command {
		args[i] = strings.ReplaceAll(arg, placeholder, path)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.stdin, a.stdout, a.stderr
	a.waits.Store(true)
	signal.Ignore(os.Interrupt)
	defer signal.Reset(os.Interrupt)
	return a.commandStatus(command, cmd.Run())
}

// commandStatus is the command's own status; 128+n if a signal ended it, as shells say it.
func (a *app) commandStatus(command []string, err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &exit):
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return exitSignal + int(status.Signal())
		}
		return exit.ExitCode()
	}
	f := finding.New(finding.UsageFile, finding.Place{File: command[0]}, commandError(err)).WithHint("is it installed, and on the PATH?")
	return a.notRun(command, a.stop(f))
}

func commandError(err error) string {
	if errors.Is(err, exec.ErrNotFound) {
		return "no such command"
	}
	return plainError(err)
}
