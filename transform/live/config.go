package live

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/smithy-go/logging"

	"ccx/transform/account"
)

// configure makes the session's configuration and gets its credentials, so that a lack of them is said once and in
// our own words.
func (s *session) configure() (aws.Config, account.Unread, bool) {
	kind, value, _ := strings.Cut(s.key, ":")
	var cfg aws.Config
	var err error
	switch {
	case s.key == "":
		cfg, err = s.load("")
	case kind == "profile" && value != "":
		cfg, err = s.load(value)
	case kind == "role":
		return s.assume(value)
	default:
		return cfg, invalid("profile:NAME or role:ARN (credentials of account "+s.account+")", s.key), false
	}
	if err != nil {
		return cfg, ofConfig(err), false
	}
	return s.ready(cfg)
}

// ready chooses the region, guards the transport and gets the credentials.
func (s *session) ready(cfg aws.Config) (aws.Config, account.Unread, bool) {
	cfg.Region = chooseRegion(s.run.partition, append(s.run.regions, cfg.Region)...)
	cfg.HTTPClient = guard(cfg.HTTPClient)
	if cfg.Credentials == nil {
		return cfg, ofCredentials(errors.New("none")), false
	}
	if _, err := cfg.Credentials.Retrieve(s.run.ctx); err != nil {
		return cfg, ofCredentials(err), false
	}
	return cfg, account.Unread{}, true
}

// secretsOf returns the parts of the credentials that must not be shown. They are at hand: ready has got them.
func secretsOf(ctx context.Context, cfg aws.Config) []string {
	var out []string
	c, err := cfg.Credentials.Retrieve(ctx)
	for _, secret := range []string{c.AccessKeyID, c.SecretAccessKey, c.SessionToken} {
		if err == nil && len(secret) > 3 {
			out = append(out, secret)
		}
	}
	return out
}

// assume gets the credentials of a role with the SDK's own, and a session policy that allows no more than to read.
func (s *session) assume(role string) (aws.Config, account.Unread, bool) {
	if owner, _, ok := account.SplitRole(role); !ok || owner != s.account {
		return aws.Config{}, invalid("the ARN of a role in account "+s.account, role), false
	}
	base, why := s.run.own().clients()
	if base == nil {
		return aws.Config{}, why, false
	}
	provider := stscreds.NewAssumeRoleProvider(base.sts, role, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "ccx"
		o.Policy = aws.String(s.run.options.sessionPolicy())
	})
	cfg := base.config.Copy()
	cfg.Credentials = aws.NewCredentialsCache(provider)
	return s.ready(cfg)
}

// readerPolicy is the session policy of an assumed role: the calls of this package, and nothing else.
const readerPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":[` +
	`"iam:GetInstanceProfile","iam:ListInstanceProfilesForRole","iam:GetRole","iam:ListAttachedRolePolicies",` +
	`"iam:ListRolePolicies","iam:GetRolePolicy","iam:GetPolicy","iam:GetPolicyVersion","s3:ListBucket",` +
	`"s3:GetBucketPolicy","s3:GetEncryptionConfiguration","s3:GetBucketPublicAccessBlock",` +
	`"s3:GetBucketOwnershipControls","kms:DescribeKey","kms:GetKeyPolicy","kms:ListGrants","ecr:DescribeRepositories",` +
	`"ecr:GetRepositoryPolicy","ecr:GetRegistryPolicy","s3:GetAccountPublicAccessBlock",` +
	`"organizations:DescribeOrganization","organizations:DescribeAccount","organizations:ListParents","organizations:ListRoots",` +
	`"organizations:ListPoliciesForTarget","organizations:DescribePolicy"]}]}`

// sessionPolicy is the reader's, with what a second opinion needs where one is asked for.
func (o Options) sessionPolicy() string {
	if !o.Simulator {
		return readerPolicy
	}
	return strings.Replace(readerPolicy, `"Action":[`, `"Action":["iam:SimulatePrincipalPolicy",`, 1)
}

// Actions lists the permissions that the calls of this package need, sorted: "iam:GetRole". sts:GetCallerIdentity needs none.
func Actions() []string {
	var all []string
	for _, part := range strings.Split(readerPolicy, `"`) {
		if service, _, ok := strings.Cut(part, ":"); ok && service != "" {
			all = append(all, part)
		}
	}
	slices.Sort(all)
	return all
}

// load reads AWS's own configuration. Instance metadata is asked only when the user says so, or for a probe: elsewhere
// the request to 169.254.169.254 costs seconds, and on a shared machine it gives somebody else's credentials.
func (s *session) load(profile string) (aws.Config, error) {
	ctx := s.run.ctx
	options := []func(*config.LoadOptions) error{config.WithLogger(logging.Nop{})}
	if profile != "" {
		options = append(options, config.WithSharedConfigProfile(profile))
	}
	wanted := s.run.options.asksMetadata()
	cfg, err := config.LoadDefaultConfig(ctx, append(options, metadata(wanted))...)
	if err == nil && wanted && cfg.Region == "" && s.run.options.Metadata {
		cfg.Region = machineRegion(ctx, cfg)
	}
	if err != nil || wanted || !namesMetadata(cfg) {
		return cfg, err
	}
	return config.LoadDefaultConfig(ctx, append(options, metadata(true))...)
}

// asksMetadata reports whether instance metadata may be asked.
func (o Options) asksMetadata() bool {
	disabled := os.Getenv("AWS_EC2_METADATA_DISABLED")
	return strings.EqualFold(disabled, "false") || o.Metadata && !strings.EqualFold(disabled, "true")
}

func metadata(on bool) func(*config.LoadOptions) error {
	if on {
		return config.WithEC2IMDSClientEnableState(imds.ClientEnabled)
	}
	return config.WithEC2IMDSClientEnableState(imds.ClientDisabled)
}

// namesMetadata reports whether the AWS profile says credential_source = Ec2InstanceMetadata.
func namesMetadata(cfg aws.Config) bool {
	for _, source := range cfg.ConfigSources {
		shared, ok := source.(config.SharedConfig)
		for p := &shared; ok && p != nil; p = p.Source {
			if strings.EqualFold(p.CredentialSource, "Ec2InstanceMetadata") {
				return true
			}
		}
	}
	return false
}

// ofConfig says why AWS's configuration can't be used.
func ofConfig(err error) account.Unread {
	if why, ok := ofContext(err); ok {
		return why
	}
	why := account.Unread{Class: account.Unreachable, Code: "BadConfiguration", Message: "the AWS configuration can't be used"}
	var missing config.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &missing):
		why.Message = "there is no AWS profile " + clean(missing.Profile)
	case strings.Contains(err.Error(), "CA bundle"), errors.Is(err, os.ErrNotExist):
		why.Message = "a file that the AWS configuration names can't be read: check AWS_CA_BUNDLE"
	}
	return why
}

// bare returns an endpoint's URL without user, query and fragment; "" for none.
func bare(endpoint *string) string {
	u, err := url.Parse(aws.ToString(endpoint))
	if err != nil {
		return "(unreadable)"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// guard wraps the SDK's HTTP client. Its transport is kept, since it holds AWS_CA_BUNDLE and the proxies.
func guard(client aws.HTTPClient) aws.HTTPClient {
	plain := &http.Client{}
	var transport *http.Transport
	switch c := client.(type) {
	case nil:
		transport = awshttp.NewBuildableClient().GetTransport()
	case *awshttp.BuildableClient:
		transport, plain.Timeout = c.GetTransport(), c.GetTimeout()
	default:
		return client // already guarded
	}
	transport.OnProxyConnectResponse = heard
	plain.Transport = transport
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return guarded{plain}
}
