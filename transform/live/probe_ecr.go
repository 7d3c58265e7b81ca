package live

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

// Login gets an ECR token of a region, and forgets it.
func (p *Probe) Login(ctx context.Context, region string) Tried {
	return p.ecr(ctx, operation{name: "ecr:GetAuthorizationToken"}, region, func(ctx context.Context, c *ecr.Client) error {
		out, err := c.GetAuthorizationToken(ctx, &ecr.GetAuthorizationTokenInput{})
		if err != nil {
			return err
		}
		for _, data := range out.AuthorizationData {
			if token, err := base64.StdEncoding.DecodeString(aws.ToString(data.AuthorizationToken)); err == nil && len(token) > 0 {
				return nil
			}
		}
		return unexpected("ECR's answer holds no token")
	})
}

// ProbeImage is an image of a private ECR registry.
type ProbeImage struct {
	Account, Region, Repository string
	Tag, Digest                 string // one of them; both empty is the tag latest
}

// Pull does what a pull does, but for the download: it gets the image's manifest, and the URL of one of its blobs, which
// it forgets. Missing: there is no such image, or no such repository.
func (p *Probe) Pull(ctx context.Context, i ProbeImage) Tried {
	id := types.ImageIdentifier{ImageTag: optional(i.Tag)}
	switch {
	case i.Digest != "":
		id = types.ImageIdentifier{ImageDigest: &i.Digest}
	case i.Tag == "":
		id.ImageTag = aws.String("latest")
	}
	m, t := p.manifest(ctx, i, id)
	if t.Outcome == Works && len(m.Manifests) > 0 { // an image for several platforms: one of them will do
		m, t = p.manifest(ctx, i, types.ImageIdentifier{ImageDigest: &m.Manifests[0].Digest})
	}
	if t.Outcome != Works {
		return t
	}
	return p.blob(ctx, i, m.blob())
}

// manifest is a manifest as far as it names blobs: OCI's and Docker's, of one image or of several, and Docker's first.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md
type manifest struct {
	Config    struct{ Digest string }
	Layers    []struct{ Digest string }
	Manifests []struct{ Digest string }
	FSLayers  []struct{ BlobSum string }
}

// blob returns the digest of a blob that a pull needs; "" when the manifest names none.
func (m manifest) blob() string {
	switch {
	case len(m.Layers) > 0:
		return m.Layers[0].Digest
	case len(m.FSLayers) > 0:
		return m.FSLayers[0].BlobSum
	}
	return m.Config.Digest
}

func (p *Probe) manifest(ctx context.Context, i ProbeImage, id types.ImageIdentifier) (m manifest, t Tried) {
	op := operation{"ecr:BatchGetImage", []string{"RepositoryNotFoundException", "ImageNotFoundException"}}
	absent := false
	t = p.ecr(ctx, op, i.Region, func(ctx context.Context, c *ecr.Client) error {
		out, err := c.BatchGetImage(ctx, &ecr.BatchGetImageInput{RegistryId: &i.Account, RepositoryName: &i.Repository, ImageIds: []types.ImageIdentifier{id}})
		if err != nil {
			return err
		}
		absent = len(out.Images) == 0
		switch {
		case absent && len(out.Failures) == 0:
			return unexpected("ECR's answer holds neither an image nor a reason")
		case absent:
			return nil
		}
		if err := json.Unmarshal([]byte(aws.ToString(out.Images[0].ImageManifest)), &m); err != nil {
			return unexpected("ECR's answer holds an image without a manifest")
		}
		return nil
	})
	if t.Outcome == Works && absent {
		t.Outcome, t.Code = Missing, "ImageNotFound"
	}
	return m, t
}

func (p *Probe) blob(ctx context.Context, i ProbeImage, digest string) Tried {
	op := operation{"ecr:GetDownloadUrlForLayer", []string{"RepositoryNotFoundException", "LayersNotFoundException", "LayerInaccessibleException"}}
	return p.ecr(ctx, op, i.Region, func(ctx context.Context, c *ecr.Client) error {
		if digest == "" {
			return unexpected("the image's manifest names no layer")
		}
		out, err := c.GetDownloadUrlForLayer(ctx, &ecr.GetDownloadUrlForLayerInput{RegistryId: &i.Account, RepositoryName: &i.Repository, LayerDigest: &digest})
		if err == nil && aws.ToString(out.DownloadUrl) == "" {
			return unexpected("ECR's answer holds no URL")
		}
		return err
	})
}

func (p *Probe) ecr(ctx context.Context, op operation, region string, do func(context.Context, *ecr.Client) error) Tried {
	if !regionGrammar.MatchString(region) {
		why := invalid("an AWS region", region)
		return Tried{Outcome: Unanswered, Action: op.name, Code: why.Code, Why: why}
	}
	return p.try(ctx, op, func(ctx context.Context, c *clients) error {
		return do(ctx, ecr.NewFromConfig(c.config, func(o *ecr.Options) { o.Region = region }))
	})
}
