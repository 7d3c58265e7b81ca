//go:build acceptance

package acceptance

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// virtualEnvironment returns the folder of programs of a virtual environment with the hashed requirements, and makes
// it first where it is missing. It lives in the repository's ignored .cache folder, keyed by the requirements and the
// interpreter, so that a changed requirement never meets an old environment.
func virtualEnvironment(root string) (string, error) {
	python, version, err := findPython()
	if err != nil {
		return "", err
	}
	requirements := filepath.Join(root, "cmd", "ccx", "acceptance", "requirements.txt")
	text, err := os.ReadFile(requirements)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(text, version...))
	dir := filepath.Join(root, ".cache", fmt.Sprintf("venv-%x", sum[:8]))
	unlock, err := lock(filepath.Join(root, ".cache", "lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	ready := filepath.Join(dir, "ready")
	if _, err := os.Stat(ready); err != nil {
		if err := install(python, dir, requirements); err != nil {
			return "", err
		}
		if err := os.WriteFile(ready, nil, 0o600); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "bin"), point(filepath.Join(root, ".cache", "venv"), filepath.Base(dir))
}

// point makes link a symbolic link to target, where the Makefile finds the environment that is in use.
func point(link, target string) error {
	if now, err := os.Readlink(link); err == nil && now == target {
		return nil
	}
	if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Symlink(target, link)
}

// findPython returns the interpreter and a text that names its version and platform.
func findPython() (path, version string, err error) {
	const probe = "import sys, sysconfig; assert sys.version_info >= (3, 10); " +
		"print(sys.version_info[:3], sys.implementation.name, sysconfig.get_platform(), sys.base_prefix)"
	for _, name := range []string{"python3", "python3.13", "python3.12", "python3.11", "python3.10"} {
		if path, err = exec.LookPath(name); err != nil {
			continue
		}
		if out, err := exec.Command(path, "-c", probe).Output(); err == nil {
			return path, string(out), nil
		}
	}
	return "", "", errors.New("no Python 3.10 or newer found: install python3 with its venv module")
}

// install makes the environment and fills it. A half-made one of an earlier run is cleared.
func install(python, dir, requirements string) error {
	fmt.Fprintln(os.Stderr, "acceptance: making a virtual environment (once, up to some minutes)")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, python, "-m", "venv", "--clear", dir).CombinedOutput(); err != nil {
		return fmt.Errorf("%s -m venv: %w (does the system split off a python3-venv package?)\n%s", python, err, out)
	}
	// Wheels only: a source package would run build tools whose own requirements no hash covers.
	pip := exec.CommandContext(ctx, filepath.Join(dir, "bin", "python"), "-m", "pip", "install", "--quiet", "--no-input", "--no-compile",
		"--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:", "--requirement", requirements)
	pip.Env = withoutPipTarget(os.Environ())
	if out, err := pip.CombinedOutput(); err != nil {
		return fmt.Errorf("pip install --require-hashes: %w\n%s", err, out)
	}
	return nil
}

// withoutPipTarget drops the settings that would make pip install somewhere else; where it downloads from is the
// machine's affair.
func withoutPipTarget(env []string) []string {
	var kept []string
	for _, v := range env {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME":
		default:
			kept = append(kept, v)
		}
	}
	return kept
}

// lock waits for an exclusive lock, so that two runs in one repository don't build one environment at a time.
func lock(path string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}
