package transform

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ccx/transform/finding"
)

const ecrHost = "111122223333.dkr.ecr.us-west-2.amazonaws.com/"

// Each FROM that names no earlier stage, at its place.
func TestReadRecipe(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"one":                {"FROM " + ecrHost + "ml:1\n", "1:6 " + ecrHost + "ml:1"},
		"any case, a flag":   {"from --platform=linux/amd64 a/b AS build\n", "1:29 a/b"},
		"stages":             {"FROM a AS One\nFROM b as two\nFROM ONE\nFROM two AS three\nFROM scratch\n", "1:6 a\n2:6 b"},
		"a comment":          {"# FROM x\nFROM a # FROM y\n", "2:6 a"},
		"a variable":         {"ARG B=x\nFROM ${B}:1\nFROM $B\n", "2:6 ${B}:1\n3:6 $B"},
		"a continuation":     {"RUN echo \\\n  FROM x\nFROM a\n", "3:6 a"},
		"an empty line":      {"RUN echo \\\n\n# note\nFROM x\nFROM a\n", "5:6 a"},
		"another escape":     {"# escape = `\nRUN dir `\nFROM x\nRUN c:\\\nFROM a\n", "5:6 a"},
		"FROM goes on":       {"FROM \\\n  a\n", "1:6 \\"},
		"a here-document":    {"RUN <<EOF\nFROM x\nEOF\nCOPY <<-'END' /x\n\tFROM y\n\tEND\nFROM a\n", "7:6 a"},
		"Windows' lines":     {"FROM a\r\nFROM b\r\n", "1:6 a\n2:6 b"},
		"nothing":            {"", ""},
		"FROM alone":         {"FROM\nFROM --platform=x\n", "2:6 --platform=x"},
		"letters before it":  {"\tFROM é/a\nXFROM b\n", "1:7 é/a"},
		"a stage with a dot": {"FROM a AS b.c\nCOPY --from=b.c /x /y\nFROM b.c\n", "1:6 a"},
	} {
		var got []string
		for _, base := range readRecipe("Dockerfile", c.text) {
			p := base.Place
			got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, base.Value))
			if marked := c.text[p.Offset : p.Offset+p.Length]; marked != base.Value {
				t.Errorf("%s: %q is marked", name, marked)
			}
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), c.want)
		}
	}
}

// The images of a containerfile are judged like image_uri; what can't be is said.
func TestContainerfileOfACarrier(t *testing.T) {
	job := "name: t\ncontainerfile: ./Dockerfile\nentrypoint: x\ncompute_config:\n  cloud: c\n  head_node:\n    instance_type: m5.large\n"
	recipe := "ARG X\nFROM " + ecrHost + "base:1 AS build\nFROM $X\nFROM build\n"
	beside := func(config, path string) (string, []byte, error) {
		if config != "jobs/train.yaml" || path != "./Dockerfile" {
			return path, nil, errors.New("no such file")
		}
		return "jobs/Dockerfile", []byte(recipe), nil
	}
	for _, c := range []struct {
		name, file, text, image, skipped string
		beside                           func(string, string) (string, []byte, error)
		template                         bool
	}{
		{"read", "jobs/train.yaml", job, ecrHost + "base:1 jobs/Dockerfile:2 false", "the image $X (jobs/Dockerfile:3) is not checked", beside, false},
		{"with a secret", "jobs/train.yaml", job + "registry_login_secret: s\n", ecrHost + "base:1 jobs/Dockerfile:2 true", "the image $X", beside, false},
		{"not there", "x.yaml", job, "", "what ./Dockerfile builds on is not checked: no such file", beside, false},
		{"nobody reads", "jobs/train.yaml", job, "", "not at hand", nil, false},
		{"a template", "jobs/train.yaml", strings.Replace(job, "./Docker", "{{ x }}", 1), "", "leaves its path open", beside, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := options(t, Aim{Profile: "ml", Bucket: "acme", Template: c.template})
			opts.Beside = c.beside
			j := newJob(opts, Input{Name: c.file, Text: []byte(c.text)}, false)
			j.read()
			j.aim()
			if len(j.subjects) != 1 {
				t.Fatalf("%+v", j.Findings)
			}
			var images, skipped []string
			for _, i := range j.subjects[0].Images {
				images = append(images, fmt.Sprintf("%s %s:%d %v", i.URI, i.Given.File, i.Given.Line, i.Secret))
			}
			for _, f := range j.Findings {
				if f.Status == finding.Skipped && f.Code == finding.ECRPull {
					skipped = append(skipped, f.Message)
				}
			}
			if got := strings.Join(images, "\n"); got != c.image {
				t.Errorf("images: %s", got)
			}
			if got := strings.Join(skipped, "\n"); !strings.Contains(got, c.skipped) {
				t.Errorf("skipped: %s", got)
			}
		})
	}
}
