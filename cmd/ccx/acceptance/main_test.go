//go:build acceptance

package acceptance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// rig is what the tests share. TestMain makes it; nothing changes it afterwards.
type rig struct {
	root string // the repository
	bin  string // folder with the built ccx
	venv string // the virtual environment's folder of programs
	home string // an empty home folder
	moto string // moto's URL
}

// the is the only rig.
var the rig

func TestMain(m *testing.M) {
	code, err := setUpAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "acceptance: could not be set up:", err)
		code = 1
	}
	os.Exit(code)
}

func setUpAndRun(m *testing.M) (int, error) {
	root, err := repository()
	if err != nil {
		return 0, err
	}
	tmp, err := os.MkdirTemp("", "ccx-acceptance-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(tmp)
	the = rig{root: root, bin: filepath.Join(tmp, "bin"), home: filepath.Join(tmp, "home")}
	for _, dir := range []string{the.bin, the.home} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return 0, err
		}
	}
	if err := buildCcx(); err != nil {
		return 0, err
	}
	if the.venv, err = virtualEnvironment(root); err != nil {
		return 0, err
	}
	stop, err := startMoto()
	if err != nil {
		return 0, err
	}
	defer stop()
	return m.Run(), nil
}

// repository finds the folder with go.mod, from here upwards.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod in this folder or above")
		}
		dir = filepath.Dir(dir)
	}
}

func buildCcx() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", the.ccx(), "./cmd/ccx")
	build.Dir = the.root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build ./cmd/ccx: %w\n%s", err, out)
	}
	return nil
}

// ccx is the path of the built program.
func (r rig) ccx() string { return filepath.Join(r.bin, "ccx") }

// environ is a whole environment: nothing of the machine's own but what makes programs start, so that nobody's
// credentials, endpoints or proxies take part. more wins.
func (r rig) environ(more ...string) []string {
	env := []string{
		"PATH=" + r.bin + ":" + r.venv + ":" + os.Getenv("PATH"),
		"HOME=" + r.home,
		"LANG=C.UTF-8",
		"AWS_EC2_METADATA_DISABLED=true",
	}
	return append(env, more...)
}
