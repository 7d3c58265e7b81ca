package main

import (
	"errors"
	"os"
	"path/filepath"
)

var errOutside = errors.New("its path leads out of the folder")

// readBeside reads a file that a config names: from the working folder, where Anyscale's client looks for it, or else from
// the config's own. Each is opened as a root that nothing, links included, leads out of.
func readBeside(config, path string) (name string, text []byte, err error) {
	if !filepath.IsLocal(path) {
		return path, nil, errOutside
	}
	for _, dir := range []string{".", filepath.Dir(config)} {
		name = filepath.Join(dir, path)
		if text, err = readUnder(dir, path); !errors.Is(err, os.ErrNotExist) {
			break
		}
	}
	if err != nil {
		return name, nil, errors.New(plainError(err))
	}
	return name, text, nil
}

func readUnder(dir, path string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readWithin(root, filepath.Clean(path))
}

func readWithin(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errSpecial
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readBounded(file)
}
