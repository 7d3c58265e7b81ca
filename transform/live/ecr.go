package live

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"ccx/transform/account"
)

// repositoryParts are the requests about an ECR repository, with the credentials of its registry's account.
type repositoryParts struct {
	detail           future[account.RepositoryDetail]
	policy, registry future[*account.Document]
}

// startRepository asks for a repository by its ARN, in its own region. Its registry's policy has a say on it as well.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
func (r *run) startRepository(arn string) repositoryParts {
	owner, region, name, ok := account.SplitRepository(arn)
	if !ok || !regionGrammar.MatchString(region) || !accountGrammar.MatchString(owner) {
		what := "the ARN of an ECR repository"
		return repositoryParts{refused[account.RepositoryDetail](what, arn), refused[*account.Document](what, arn), refused[*account.Document](what, arn)}
	}
	s := r.session(owner)
	in := func(c *clients) *ecr.Client {
		return ecr.NewFromConfig(c.config, func(o *ecr.Options) { o.Region = region })
	}
	gone := []string{"RepositoryNotFoundException"}
	return repositoryParts{
		detail: about(s, operation{"ecr:DescribeRepositories", gone}, arn, func(ctx context.Context, c *clients) (account.RepositoryDetail, error) {
			out, err := in(c).DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RegistryId: &owner, RepositoryNames: []string{name}})
			if err != nil {
				return account.RepositoryDetail{}, err
			}
			if len(out.Repositories) != 1 || aws.ToString(out.Repositories[0].RepositoryArn) != arn {
				return account.RepositoryDetail{}, unexpected("ECR's answer is about another repository")
			}
			return account.RepositoryDetail{ARN: arn, Registry: owner, Name: name, URI: aws.ToString(out.Repositories[0].RepositoryUri)}, nil
		}),
		policy: about(s, operation{"ecr:GetRepositoryPolicy", []string{"RepositoryPolicyNotFoundException"}}, arn, func(ctx context.Context, c *clients) (*account.Document, error) {
			out, err := in(c).GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{RegistryId: &owner, RepositoryName: &name})
			switch {
			case err != nil:
				return nil, err
			case aws.ToString(out.RegistryId) != owner || aws.ToString(out.RepositoryName) != name:
				return nil, unexpected("ECR's answer is about another repository")
			}
			return document(out.PolicyText)
		}),
		registry: about(s, operation{"ecr:GetRegistryPolicy", []string{"RegistryPolicyNotFoundException"}}, account.RegistryARN(arn), func(ctx context.Context, c *clients) (*account.Document, error) {
			out, err := in(c).GetRegistryPolicy(ctx, &ecr.GetRegistryPolicyInput{})
			switch {
			case err != nil:
				return nil, err
			case aws.ToString(out.RegistryId) != owner:
				return nil, unexpected("ECR's answer is about another registry")
			}
			return document(out.PolicyText)
		}),
	}
}

// recordRepository records a repository with its policy and its registry's, or why they were not read.
func (r *run) recordRepository(rec *account.Recorder, arn string) {
	owner, _, _, ok := account.SplitRepository(arn)
	if !ok {
		return
	}
	parts := r.startRepository(arn)
	detail := parts.detail(r.ctx)
	if _, why, ours := r.session(owner).owner(owner); !ours {
		for _, key := range []string{account.RepositoryKey(arn), account.ResourcePolicyKey(arn), account.ResourcePolicyKey(account.RegistryARN(arn))} {
			rec.Unread(key, why)
		}
		return
	}
	r.owners = append(r.owners, owner)
	switch detail.State {
	case account.None:
		rec.Repository(arn, nil)
		return
	case account.Known:
		rec.Repository(arn, &detail.Value)
	default:
		rec.Unread(account.RepositoryKey(arn), detail.Unread)
	}
	recordPolicy(r, rec, arn, parts.policy)
	recordPolicy(r, rec, account.RegistryARN(arn), parts.registry)
}
