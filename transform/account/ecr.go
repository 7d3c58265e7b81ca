package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"ccx/transform/policy"
)

// Repository is an ECR repository.
type Repository struct {
	ARN, Account, Region string // arn:P:ecr:REGION:ACCOUNT:repository/NAME; the registry's 12 digits
	Name, URI            string
	Policy               Fact[policy.Named] // None: it has no policy
}

// RepositoryDetail is an entry of repositories, by the repository's ARN: one of describe-repositories' list.
type RepositoryDetail struct {
	ARN      string `json:"repositoryArn"`
	Registry string `json:"registryId"`
	Name     string `json:"repositoryName"`
	URI      string `json:"repositoryUri,omitempty"`
}

// SplitRepository takes an ECR repository's ARN apart.
func SplitRepository(text string) (account, region, name string, ok bool) {
	a, err := arn.Parse(text)
	name, is := strings.CutPrefix(a.Resource, "repository/")
	if err != nil || a.Service != "ecr" || !is || name == "" || a.AccountID == "" || a.Region == "" || strings.ContainsAny(name, "*?") {
		return "", "", "", false
	}
	return a.AccountID, a.Region, name, true
}

// RegistryARN names, in resource_policies, the policy of the private registry that holds a repository. AWS gives a
// registry no ARN of its own.
func RegistryARN(repositoryARN string) string {
	before, _, _ := strings.Cut(repositoryARN, ":repository/")
	return before + ":registry"
}

// Repository returns an ECR repository by its ARN. None: ECR says, in the registry's account and region, that there is
// no such repository.
func (f *Facts) Repository(repositoryARN string) Fact[Repository] {
	if f == nil {
		return Fact[Repository]{}
	}
	account, region, name, _ := SplitRepository(repositoryARN)
	d, ok := f.repositories[repositoryARN]
	switch {
	case !ok:
		return missing[Repository](f, RepositoryKey(repositoryARN), account)
	case d == nil:
		return none[Repository]()
	}
	return known(Repository{ARN: repositoryARN, Account: account, Region: region, Name: name, URI: d.URI, Policy: f.policyOf(repositoryARN, account)})
}

// repositoryPolicy returns what has a say on a repository: its policy, and its registry's where that may count.
func (f *Facts) repositoryPolicy(a arn.ARN) *policy.Set {
	text := a.String()
	if f != nil {
		if d, ok := f.repositories[text]; ok && d == nil {
			return gap("the policy of "+text, "the repository does not exist", false)
		}
	}
	fact := f.policyOf(text, a.AccountID)
	set := setOf("the "+policyTitle(text), fact)
	registry := f.policyOf(RegistryARN(text), a.AccountID)
	if reason := registryReason(registry, f.PolicyText(RegistryARN(text))); reason != "" {
		set.Missing = append(set.Missing, policy.Missing{What: "the registry policy of " + a.AccountID, Reason: reason})
	} else if fact.State == None {
		return nil
	}
	return set
}

// registryReason says why a registry's policy may count for a pull, or "". In scope V2 it governs every request, in V1
// only the three actions below, and which scope a registry has is not read: a policy about these three is passed over,
// and what hinges on any other is not known.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
func registryReason(fact Fact[policy.Named], text string) string {
	switch fact.State {
	case None:
		return ""
	case Known:
	default:
		return fact.Reason()
	}
	p := fact.Value.Policy
	for _, s := range p.Statements {
		if s.Unknown != "" || len(s.Actions) == 0 || slices.ContainsFunc(s.Actions, func(action string) bool { return !registryActions[strings.ToLower(action)] }) {
			return fmt.Sprintf("its statement at line %d may govern pulls, depending on the registry's policy scope", s.Line)
		}
	}
	if p.Broken() != "" || inverted(text) {
		return "it may govern pulls, depending on the registry's policy scope"
	}
	return ""
}

// inverted reports whether a policy uses NotAction, whose list names what is not meant.
func inverted(text string) bool {
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if err != nil {
			return !errors.Is(err, io.EOF)
		}
		if word, ok := token.(string); ok && strings.EqualFold(word, "NotAction") {
			return true
		}
	}
}

// registryActions are those that a registry's policy governs in either scope.
var registryActions = map[string]bool{"ecr:replicateimage": true, "ecr:batchimportupstreamimage": true, "ecr:createrepository": true}

// repository reads an entry of repositories.
func (d *decoder) repository(r *RepositoryDetail) reader {
	return func() (bool, error) {
		return d.object(fields{
			"repositoryArn": d.word(&r.ARN), "registryId": d.word(&r.Registry), "repositoryName": d.word(&r.Name), "repositoryUri": d.word(&r.URI),
		})
	}
}

// byARN reads an object whose keys are ARNs, each entry of which must say that it is that ARN's.
func byARN[T any](l *loader, into map[string]*T, one func(*T) reader, arnOf func(*T) string, split func(string) (string, string, string, bool)) reader {
	return func() (bool, error) {
		return l.entries(func(key string) error {
			start := l.start
			v := new(T)
			present, err := one(v)()
			_, _, _, ok := split(key)
			switch {
			case err != nil:
				return err
			case !ok:
				return l.failAt(start, fmt.Sprintf("%q is not the ARN of an entry of this list", key), "write the ARN as AWS prints it")
			case !present:
				v = nil
			case arnOf(v) != key:
				return l.failAt(start, fmt.Sprintf("the entry of %s says that it is %q", key, arnOf(v)), "take the snapshot again, or mend the entry")
			}
			into[key] = v
			return nil
		})
	}
}
