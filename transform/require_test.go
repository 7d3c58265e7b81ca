package transform

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"ccx/transform/account"
	"ccx/transform/finding"
)

const ecrImage = "111122223333.dkr.ecr.us-west-2.amazonaws.com/ml/train:v1"

// asked keeps what a run wants to know.
type asked struct{ wants account.Wants }

func (a *asked) Gather(_ context.Context, w account.Wants) *account.Facts {
	a.wants = w
	return account.NewRecorder(time.Time{}, "").Facts()
}

// TestWordsOfImagesAndRequires: what the flags may hold, and which part of it is wrong.
func TestWordsOfImagesAndRequires(t *testing.T) {
	good := Aim{Images: []string{ecrImage, "anyscale/ray:2.40.0"}, Requires: []string{"sqs:SendMessage=arn:aws:sqs:us-west-2:111122223333:q"}}
	opts, bad := good.Options()
	if bad != nil || len(opts.Subject.Images) != 2 || len(opts.Subject.Requires) != 1 || opts.Subject.Requires[0].Given.File != "--require" {
		t.Errorf("%+v %+v", bad, opts.Subject)
	}
	for _, c := range []struct {
		aim    Aim
		marked string
	}{
		{Aim{Images: []string{""}}, ""},
		{Aim{Images: []string{"111122223333.dkr.ecr.us-west-2.amazonaws.com"}}, "111122223333.dkr.ecr.us-west-2.amazonaws.com"},
		{Aim{Images: []string{ecrImage, "https://" + ecrImage}}, "https://" + ecrImage},
		{Aim{Requires: []string{"sqs:SendMessage"}}, "sqs:SendMessage"},
		{Aim{Requires: []string{"s3:GetObject,s3:HeadObject=arn:aws:s3:::b/*"}}, "s3:HeadObject"},
		{Aim{Requires: []string{"s3:GetObject=bucket"}}, "bucket"},
	} {
		_, bad := c.aim.Options()
		if bad == nil || bad.Code != finding.UsageFlag || bad.Hint == "" {
			t.Errorf("%+v: %+v", c.aim, bad)
			continue
		}
		if got := bad.Place.Text[bad.Place.Offset : bad.Place.Offset+bad.Place.Length]; got != c.marked {
			t.Errorf("%+v marks %q, want %q", c.aim, got, c.marked)
		}
	}
}

// TestImagesOfACarrier: the image that a job names is wanted beside those of the flags, unless a secret pulls it.
func TestImagesOfACarrier(t *testing.T) {
	job := "name: t\nimage_uri: " + ecrImage + "\nentrypoint: x\ncompute_config:\n  cloud: c\n  head_node:\n    instance_type: m5.large\n"
	plain := "cloud: c\nhead_node:\n  instance_type: m5.large\n"
	for text, want := range map[string]int{job: 2, plain: 1, job + "registry_login_secret: s\n": 1} {
		opts, bad := Aim{Profile: "p", Bucket: "bucket", Images: []string{strings.Replace(ecrImage, "train", "other", 1)}}.Options()
		if bad != nil {
			t.Fatal(bad)
		}
		var source asked
		Run(context.Background(), opts, []Input{{Name: "job.yaml", Text: []byte(text)}}, &source)
		if len(source.wants.Repositories) != want {
			t.Errorf("%d repositories, want %d: %v\n%s", len(source.wants.Repositories), want, source.wants.Repositories, text)
		}
	}
}

// TestWantsOfAllInputs: keys and repositories of every input are asked for in the one go.
func TestWantsOfAllInputs(t *testing.T) {
	one := account.Wants{Keys: []string{"k1"}, Repositories: []string{"r1"}}
	two := account.Wants{Keys: []string{"k2"}, Repositories: []string{"r2"}}
	if w := join([]account.Wants{one, two}); len(w.Keys) != 2 || len(w.Repositories) != 2 {
		t.Errorf("%+v", w)
	}
}

// TestRequireOffline: without facts, what is required is skipped and said so; nothing passes.
func TestRequireOffline(t *testing.T) {
	text, err := os.ReadFile("../examples/train.yaml")
	if err != nil {
		t.Fatal(err)
	}
	opts, _ := Aim{Profile: "arn:aws:iam::111122223333:instance-profile/p", Images: []string{ecrImage}, Requires: []string{"kms:ListKeys=*"}}.Options()
	result := Run(context.Background(), opts, []Input{{Name: "train.yaml", Text: text}}, nil)[0]
	seen := map[finding.Code]finding.Status{}
	for _, f := range result.Findings {
		seen[f.Code] = f.Status
	}
	for _, code := range []finding.Code{finding.KMSUse, finding.ECRLogin, finding.ECRPull, finding.RequireAccess} {
		if status, ok := seen[code]; !ok || status != finding.Skipped {
			t.Errorf("%s: %v %v", code, status, ok)
		}
	}
}
