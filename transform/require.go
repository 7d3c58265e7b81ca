package transform

import (
	"fmt"
	"slices"
	"strings"

	"ccx/transform/check"
	"ccx/transform/finding"
)

// readImages takes the images of --image. One that looks like an image of ECR must be written like one.
func (a Aim) readImages(s *check.Subject) *finding.Finding {
	for _, uri := range a.Images {
		if _, private, ok := check.ParseImage(uri); uri == "" || private && !ok {
			return badFlag("--image", uri, fmt.Sprintf("%q is no image of an ECR registry", uri), "--image 111122223333.dkr.ecr.us-west-2.amazonaws.com/REPOSITORY:TAG")
		}
		s.Images = append(s.Images, check.Image{URI: uri, Given: check.Argument("--image", uri)})
	}
	return nil
}

// readRequires takes what --require names.
func (a Aim) readRequires(s *check.Subject) *finding.Finding {
	for _, value := range a.Requires {
		r, fault := check.ParseRequire(value)
		r.Given = check.Argument("--require", value)
		if fault != nil {
			at := r.Given
			at.Column, at.Offset, at.Length = at.Column+fault.Start, at.Offset+fault.Start, fault.End-fault.Start
			f := finding.New(finding.UsageFlag, at, fault.Message).WithHint(fault.Hint)
			return &f
		}
		s.Requires = append(s.Requires, r)
	}
	return nil
}

// readData takes the buckets of --data-bucket.
func (a Aim) readData(s *check.Subject) *finding.Finding {
	for _, row := range a.DataBuckets {
		at := strings.LastIndexByte(row, '=')
		access := row[at+1:]
		if at < 0 || access != "read" && access != "write" {
			return badFlag("--data-bucket", row, "this is not NAME=read or NAME=write", "--data-bucket corp-lake=read, or --data-bucket s3://corp-lake/curated/=write")
		}
		name, prefix, fault := bucketOf(row[:at])
		switch {
		case strings.HasPrefix(row, "arn:"):
			return badFlag("--data-bucket", row, "a bucket is named, not given by its ARN", "--data-bucket NAME="+access)
		case fault != "":
			return badFlag("--data-bucket", row, fault, "--data-bucket corp-lake="+access)
		}
		b := check.DataBucket{Name: name, Prefix: prefix, Write: access == "write", Given: check.Argument(check.DataFlag, row)}
		if slices.ContainsFunc(s.DataBuckets, b.Is) {
			return badFlag("--data-bucket", row, b.String()+" is given twice", "write includes read: one --data-bucket a place")
		}
		s.DataBuckets = append(s.DataBuckets, b)
	}
	return nil
}

// addData adds the data buckets of the settings to those of the flags, which count more; only whose a bucket is, no flag
// says.
func addData(flags, settings []check.DataBucket) []check.DataBucket {
	all := slices.Clone(flags)
	for _, b := range settings {
		for i := range all {
			if all[i].Name == b.Name {
				all[i].Account = or(all[i].Account, b.Account)
			}
		}
		if !slices.ContainsFunc(all, b.Is) {
			all = append(all, b)
		}
	}
	return all
}
