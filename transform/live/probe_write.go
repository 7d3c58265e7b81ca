package live

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Written is what became of the object that Write wrote.
type Written struct {
	Key     string
	Put     Tried
	Get     Tried  // of what was just written, so that the KMS key is used to decrypt, too
	Delete  Tried  // NotTried when nothing can have been written
	Version string // the version that the PUT's answer names: "" in a bucket that never had versioning, "null" where it is suspended
	Marker  string // the version of the delete marker that the DELETE's answer names
}

// Left reports whether the object is, or may be, still there for everybody to see.
func (w Written) Left() bool { return w.Delete.Outcome != NotTried && w.Delete.Outcome != Works }

// body is what the object holds, for whoever finds it.
const body = "Written by `ccx probe --write` to see whether it can be, and to be deleted by it. It can be removed.\n"

// Write writes one small object under a key that Key made up, reads it and deletes it. Once the PUT is sent, the
// DELETE is sent, whatever happens: when the context ends, the call under way is waited for within the probe's
// patience, and the DELETE follows.
func (p *Probe) Write(ctx context.Context, key string) (w Written) {
	w.Key = key
	if ctx.Err() != nil {
		w.Put = p.try(ctx, operation{name: "s3:PutObject"}, nil)
		return w
	}
	steady := context.WithoutCancel(ctx)
	defer func() {
		if w.Put.Outcome == Works || w.Put.Outcome == Unanswered || w.Put.Outcome == NotTried {
			w.Delete = p.remove(steady, key, &w)
		}
	}()
	w.Put = p.bucket(steady, operation{name: "s3:PutObject"}, func(ctx context.Context, c *s3.Client) error {
		out, err := c.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &p.target.Bucket, Key: &key, Body: strings.NewReader(body), ContentType: aws.String("text/plain"), ExpectedBucketOwner: p.owner(),
		})
		if err == nil {
			w.Version = clean(aws.ToString(out.VersionId))
		}
		return err
	})
	if w.Put.Outcome == Works && ctx.Err() == nil {
		w.Get = p.readBack(steady, key)
	}
	return w
}

func (p *Probe) readBack(ctx context.Context, key string) Tried {
	return p.bucket(ctx, operation{name: "s3:GetObject"}, func(ctx context.Context, c *s3.Client) error {
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &p.target.Bucket, Key: &key, ExpectedBucketOwner: p.owner()})
		if err != nil {
			return err
		}
		defer out.Body.Close()
		text, err := io.ReadAll(io.LimitReader(out.Body, int64(len(body))+1))
		if err == nil && !bytes.Equal(text, []byte(body)) {
			return unexpected("S3 answers with another object than the one that was just written")
		}
		return err
	})
}

// remove deletes the object by its key, and by nothing else.
func (p *Probe) remove(ctx context.Context, key string, w *Written) Tried {
	return p.bucket(ctx, operation{name: "s3:DeleteObject"}, func(ctx context.Context, c *s3.Client) error {
		out, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &p.target.Bucket, Key: &key, ExpectedBucketOwner: p.owner()})
		if err == nil && aws.ToBool(out.DeleteMarker) {
			w.Marker = clean(aws.ToString(out.VersionId))
		}
		return err
	})
}

// Uploaded is what became of the multipart upload that Upload began.
type Uploaded struct {
	Key     string
	ID      string // of the upload; "" when S3 did not say it
	Create  Tried
	Uploads Tried // s3:ListBucketMultipartUploads
	Parts   Tried // s3:ListMultipartUploadParts
	Abort   Tried // NotTried when there is nothing to abort
}

// Left reports whether the upload is, or may be, still there. It holds no part, and costs nothing.
func (u Uploaded) Left() bool {
	return u.Abort.Outcome != NotTried && u.Abort.Outcome != Works && u.Abort.Outcome != Missing
}

// Upload begins a multipart upload without parts, looks at it and aborts it. Once it is begun, it is aborted, whatever
// happens, as Write deletes.
func (p *Probe) Upload(ctx context.Context, key string) (u Uploaded) {
	u.Key = key
	if ctx.Err() != nil {
		u.Create = p.try(ctx, operation{name: "s3:PutObject"}, nil)
		return u
	}
	steady := context.WithoutCancel(ctx)
	defer func() {
		if u.Create.Outcome == Works || u.Create.Outcome == Unanswered || u.Create.Outcome == NotTried {
			u.Abort = p.abort(steady, key, &u)
		}
	}()
	u.Create = p.bucket(steady, operation{name: "s3:PutObject"}, func(ctx context.Context, c *s3.Client) error {
		out, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &p.target.Bucket, Key: &key, ExpectedBucketOwner: p.owner()})
		switch {
		case err != nil:
			return err
		case aws.ToString(out.UploadId) == "":
			return unexpected("S3's answer holds no upload id")
		}
		u.ID = *out.UploadId
		return nil
	})
	if u.Create.Outcome == Works && ctx.Err() == nil {
		u.Uploads, _ = p.uploads(steady, key)
	}
	if u.Create.Outcome == Works && ctx.Err() == nil {
		u.Parts = p.bucket(steady, operation{name: "s3:ListMultipartUploadParts"}, func(ctx context.Context, c *s3.Client) error {
			_, err := c.ListParts(ctx, &s3.ListPartsInput{Bucket: &p.target.Bucket, Key: &key, UploadId: &u.ID, ExpectedBucketOwner: p.owner()})
			return err
		})
	}
	return u
}

// uploads lists the uploads under a key.
func (p *Probe) uploads(ctx context.Context, key string) (t Tried, ids []string) {
	t = p.bucket(ctx, operation{name: "s3:ListBucketMultipartUploads"}, func(ctx context.Context, c *s3.Client) error {
		out, err := c.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &p.target.Bucket, Prefix: &key, ExpectedBucketOwner: p.owner()})
		if err != nil {
			return err
		}
		for _, upload := range out.Uploads {
			if aws.ToString(upload.Key) == key {
				ids = append(ids, aws.ToString(upload.UploadId))
			}
		}
		return nil
	})
	return t, ids
}

// abort ends the upload. One whose beginning was not answered has an id that only a list can tell.
func (p *Probe) abort(ctx context.Context, key string, u *Uploaded) Tried {
	op := operation{"s3:AbortMultipartUpload", []string{"NoSuchUpload"}}
	if u.ID == "" {
		t, ids := p.uploads(ctx, key)
		switch {
		case t.Outcome == Works && len(ids) == 0:
			return Tried{Outcome: Missing, Action: op.name}
		case t.Outcome != Works:
			return t
		}
		u.ID = ids[0]
	}
	return p.bucket(ctx, op, func(ctx context.Context, c *s3.Client) error {
		_, err := c.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &p.target.Bucket, Key: &key, UploadId: &u.ID, ExpectedBucketOwner: p.owner()})
		return err
	})
}
