package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"ccx/transform/finding"
)

// checkFile is one file that check came across.
type checkFile struct {
	name  string
	named bool             // on the command line: it is judged whatever it holds
	text  []byte           // what it holds
	skip  string           // why it is not judged; "" if it is
	bad   *finding.Finding // why it could not be read
}

func (f checkFile) judged() bool { return f.skip == "" && f.bad == nil }

// finder gathers files, each once, in the order in which they were named and, within a folder, by name.
type finder struct {
	files      []checkFile
	index      map[string]int
	skipOthers bool // a name on the command line says nothing of what a file holds
}

// findFiles looks at every PATH and at the list of --files-from0, and reads what may be a compute config.
func (a *app) findFiles(ctx context.Context, paths []string) ([]checkFile, *finding.Finding) {
	f := finder{index: map[string]int{}, skipOthers: a.opts.skipOthers}
	for _, path := range paths {
		if path == "-" {
			input, bad := a.readInput(ctx, path)
			if bad != nil {
				return nil, bad
			}
			f.add(checkFile{name: input.Name, named: true, text: input.Text})
			continue
		}
		f.path(ctx, path)
	}
	list, bad := a.listedFiles(ctx, paths)
	for _, path := range list {
		f.listed(path)
	}
	return f.files, bad
}

// add keeps a file unless it was met before. One that was met in a folder and is named as well counts as named.
func (f *finder) add(file checkFile) {
	key := filepath.Clean(file.name)
	if i, met := f.index[key]; met {
		if file.named && !f.files[i].named {
			f.files[i] = file
		}
		return
	}
	f.index[key] = len(f.files)
	f.files = append(f.files, file)
}

func (f *finder) fail(name string, err error) {
	bad := fileFinding(name, err).WithHint("check the path: ccx check FILE or FOLDER")
	f.add(checkFile{name: name, named: true, bad: &bad})
}

var (
	errLink    = errors.New("is a symbolic link, which check doesn't follow")
	errSpecial = errors.New("is not a regular file")
	errSwapped = errors.New("was replaced while it was opened")
)

func isFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// path looks at a PATH of the command line.
func (f *finder) path(ctx context.Context, path string) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		f.fail(path, err)
	case info.IsDir():
		filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return filepath.SkipAll
			}
			return f.visit(path, name, entry, err)
		})
	case f.skipOthers:
		f.found(path)
	default:
		text, err := readPlain(path, info)
		if err != nil {
			f.fail(path, err)
			return
		}
		f.add(checkFile{name: path, named: true, text: text})
	}
}

// visit looks at one entry of a folder.
func (f *finder) visit(root, name string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil:
		f.fail(name, err)
		return fs.SkipDir
	case entry.IsDir() && name != root && strings.HasPrefix(entry.Name(), "."):
		return fs.SkipDir
	case !entry.IsDir() && hasExtension(name):
		f.found(name)
	}
	return nil
}

// found reads a file that nobody named: what it is decides whether it is judged.
func (f *finder) found(name string) {
	file := checkFile{name: name}
	info, err := os.Lstat(name)
	if err == nil {
		file.text, err = readPlain(name, info)
	}
	switch {
	case err == nil:
		file.skip = tooForeign(file.text)
	case errors.Is(err, errLink), errors.Is(err, errSpecial), errors.Is(err, errTooLarge):
		file.skip = plainError(err)
	case errors.Is(err, fs.ErrNotExist):
		file.skip = "there is no such file any more"
	default:
		f.fail(name, err)
		return
	}
	if file.skip != "" {
		file.text = nil
	}
	f.add(file)
}

// listed looks at an entry of --files-from0. A list of what changed holds files of all kinds, and deleted ones.
func (f *finder) listed(name string) {
	if hasExtension(name) {
		f.found(name)
	}
}

func hasExtension(name string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(name)))
}

// listedFiles reads the list of --files-from0.
func (a *app) listedFiles(ctx context.Context, paths []string) ([]string, *finding.Finding) {
	from := a.opts.filesFrom
	if from == "" {
		return nil, nil
	}
	if from == "-" && slices.Contains(paths, "-") {
		bad := usageFinding("stdin can't be both a config and the list of files", "ccx check --files-from0 FILE -")
		return nil, &bad
	}
	input, bad := a.readInput(ctx, from)
	if bad != nil {
		return nil, bad
	}
	if bytes.ContainsRune(input.Text, '\n') && !bytes.ContainsRune(input.Text, 0) {
		bad := usageFinding("the list of --files-from0 has lines, not names ended by NUL bytes", "git diff -z --name-only, find -print0")
		return nil, &bad
	}
	return slices.DeleteFunc(strings.Split(string(input.Text), "\x00"), func(name string) bool { return name == "" }), nil
}

// readPlain reads a regular file that is still the one that was looked at: a link put in its place is not followed.
func readPlain(name string, looked fs.FileInfo) ([]byte, error) {
	switch {
	case looked.Mode()&fs.ModeSymlink != 0:
		return nil, errLink
	case !looked.Mode().IsRegular():
		return nil, errSpecial
	}
	file, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a FIFO put in its place must not make it wait
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if opened, err := file.Stat(); err != nil || !os.SameFile(looked, opened) || !opened.Mode().IsRegular() {
		return nil, errSwapped
	}
	return readBounded(file)
}
