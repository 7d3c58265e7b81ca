package fakeaws

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// s3 answers a request about a bucket as S3 does.
func (f *Fake) s3(w http.ResponseWriter, r *http.Request, operation string, a *Account, region string) {
	if operation == "s3:GetAccountPublicAccessBlock" {
		a.accountBlock(w, r)
		return
	}
	b := f.Buckets[strings.Trim(r.URL.Path, "/")]
	if b == nil {
		RefuseS3(w, r, http.StatusNotFound, "NoSuchBucket")
		return
	}
	w.Header().Set("x-amz-bucket-region", b.Region)
	expected := r.Header.Get("x-amz-expected-bucket-owner")
	switch {
	case region != b.Region:
		RefuseS3(w, r, http.StatusMovedPermanently, "PermanentRedirect")
	case expected != "" && expected != b.Owner, slices.Contains(b.Closed, operation):
		RefuseS3(w, r, http.StatusForbidden, "AccessDenied")
	case operation == "s3:GetBucketPolicy" && a.ID != b.Owner:
		RefuseS3(w, r, http.StatusMethodNotAllowed, "MethodNotAllowed")
	case a.ID != b.Owner:
		RefuseS3(w, r, http.StatusForbidden, "AccessDenied")
	default:
		b.part(w, r, operation)
	}
}

// accountBlock answers for an account-wide public access block, which its own account alone may ask for.
func (a *Account) accountBlock(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("x-amz-account-id") != a.ID:
		Refuse(w, http.StatusForbidden, "AccessDenied", "no") // these errors are nested as IAM's are, and not flat as S3's
	case a.Block == "":
		Refuse(w, http.StatusNotFound, "NoSuchPublicAccessBlockConfiguration", "none")
	default:
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">%s</PublicAccessBlockConfiguration>`, a.Block)
	}
}

func (b *Bucket) part(w http.ResponseWriter, r *http.Request, operation string) {
	parts := map[string]struct{ element, body, missing string }{
		"s3:GetEncryptionConfiguration": {"ServerSideEncryptionConfiguration", b.Encryption, "ServerSideEncryptionConfigurationNotFoundError"},
		"s3:GetBucketOwnershipControls": {"OwnershipControls", b.Ownership, "OwnershipControlsNotFoundError"},
		"s3:GetBucketPublicAccessBlock": {"PublicAccessBlockConfiguration", b.Block, "NoSuchPublicAccessBlockConfiguration"},
	}
	switch p, ok := parts[operation]; {
	case operation == "s3:ListBucket":
		w.WriteHeader(http.StatusOK)
	case operation == "s3:GetBucketPolicy" && b.Policy == "":
		RefuseS3(w, r, http.StatusNotFound, "NoSuchBucketPolicy")
	case operation == "s3:GetBucketPolicy":
		_, _ = w.Write([]byte(b.Policy))
	case ok && p.body != "":
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><%[1]s xmlns="http://s3.amazonaws.com/doc/2006-03-01/">%[2]s</%[1]s>`, p.element, p.body)
	default:
		RefuseS3(w, r, http.StatusNotFound, p.missing)
	}
}

// RefuseS3 writes S3's error; a HEAD has no body.
func RefuseS3(w http.ResponseWriter, r *http.Request, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>refused</Message></Error>`, code)
	}
}
