package account

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"ccx/transform/policy"
)

// Key is a KMS key, as kms:DescribeKey, kms:GetKeyPolicy and kms:ListGrants show it.
type Key struct {
	ARN, Account, Region string             // arn:P:kms:REGION:ACCOUNT:key/ID, 12 digits, us-west-2
	Manager              string             // AWS or CUSTOMER
	State                string             // Enabled, Disabled, PendingDeletion, PendingImport, Unavailable, ...
	Enabled              bool               // as DescribeKey says; true goes with the state Enabled only
	Spec                 string             // SYMMETRIC_DEFAULT, RSA_2048, ...
	Usage                string             // ENCRYPT_DECRYPT, SIGN_VERIFY, ...
	Policy               Fact[policy.Named] // the key policy; every key has one
	Grants               Fact[[]KeyGrant]   // Known and empty when there are none
}

// KeyDetail is an entry of keys, by the key's ARN: what describe-key prints, with what list-grants prints beside it.
type KeyDetail struct {
	Metadata KeyMetadata      `json:"KeyMetadata"`
	Grants   Part[[]KeyGrant] `json:",omitzero"`
}

// KeyMetadata is the part of describe-key's answer that decides something.
type KeyMetadata struct {
	Account string `json:"AWSAccountId"`
	ARN     string `json:"Arn"`
	Enabled bool
	Usage   string `json:"KeyUsage,omitempty"`
	State   string `json:"KeyState,omitempty"`
	Manager string `json:"KeyManager,omitempty"`
	Spec    string `json:"KeySpec,omitempty"`
}

// KeyGrant is an entry of list-grants: who may do what with the key, beside the key policy.
type KeyGrant struct {
	ID         string `json:"GrantId,omitempty"`
	Grantee    string `json:"GranteePrincipal"`
	Operations []string
}

// SplitKey takes a KMS key's ARN apart; ok is false for an alias and for anything else.
func SplitKey(text string) (account, region, id string, ok bool) {
	a, err := arn.Parse(text)
	id, isKey := strings.CutPrefix(a.Resource, "key/")
	if err != nil || a.Service != "kms" || !isKey || id == "" || a.AccountID == "" || a.Region == "" || strings.ContainsAny(id, "/*?") {
		return "", "", "", false
	}
	return a.AccountID, a.Region, id, true
}

// KeyARN returns the ARN of the key that a bucket's encryption names. An id alone means a key of the bucket's owner, in
// the bucket's region; the AWS managed key and aliases give "", since which key they mean can change.
func (e Encryption) KeyARN(partition, region, owner string) string {
	if _, _, _, ok := SplitKey(e.KeyID); ok {
		return e.KeyID
	}
	if e.KeyID == "" || strings.ContainsAny(e.KeyID, ":/") || region == "" || owner == "" {
		return ""
	}
	return "arn:" + partition + ":kms:" + region + ":" + owner + ":key/" + e.KeyID
}

// Key returns a KMS key by its ARN. None: KMS says, in the key's account and region, that there is no such key.
func (f *Facts) Key(keyARN string) Fact[Key] {
	if f == nil {
		return Fact[Key]{}
	}
	account, region, _, _ := SplitKey(keyARN)
	d, ok := f.keys[keyARN]
	switch {
	case !ok:
		return missing[Key](f, KMSKey(keyARN), account)
	case d == nil:
		return none[Key]()
	}
	m := d.Metadata
	return known(Key{
		ARN: keyARN, Account: account, Region: region, Manager: m.Manager, State: m.State, Enabled: m.Enabled, Spec: m.Spec, Usage: m.Usage,
		Policy: f.policyOf(keyARN, account), Grants: f.grants(keyARN, account),
	})
}

// grants returns a key's grants. They may be known where the key's metadata is not.
func (f *Facts) grants(keyARN, account string) Fact[[]KeyGrant] {
	if f != nil && f.keys[keyARN] != nil && f.keys[keyARN].Grants.Read {
		return known(f.keys[keyARN].Grants.Value)
	}
	if f == nil {
		return Fact[[]KeyGrant]{}
	}
	return missing[[]KeyGrant](f, KMSKey(keyARN)+GrantsPart, account)
}

// policyOf returns the policy of a key, repository or other resource by its ARN.
func (f *Facts) policyOf(resourceARN, account string) Fact[policy.Named] {
	if f == nil {
		return Fact[policy.Named]{}
	}
	d, ok := f.resource[resourceARN]
	switch {
	case !ok:
		return missing[policy.Named](f, ResourcePolicyKey(resourceARN), account)
	case d == nil:
		return none[policy.Named]()
	}
	return known(policy.Named{Name: policyTitle(resourceARN), Policy: d.Policy()})
}

// keyPolicy returns what has a say on a key: its policy and its grants. A grant can only allow, so that grants which may
// be the role's turn a deny into an unknown and never anything into a pass.
// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
func (f *Facts) keyPolicy(a arn.ARN, roleARN string) *policy.Set {
	text := a.String()
	if f != nil {
		if d, ok := f.keys[text]; ok && d == nil {
			return gap("the policy of "+text, "the key does not exist", false)
		}
	}
	set := setOf("the "+policyTitle(text), f.policyOf(text, a.AccountID))
	grants := f.grants(text, a.AccountID)
	reason := grants.Reason()
	if grants.State == Known {
		reason = ""
		for _, g := range grants.Value {
			if mayBe(g.Grantee, roleARN) {
				reason = "a grant for " + or(g.Grantee, "somebody") + " may cover it"
			}
		}
	}
	if reason != "" {
		set.Missing = append(set.Missing, policy.Missing{What: "the grants of " + text, Reason: reason, OnlyAllows: true})
	}
	return set
}

// mayBe reports whether a grantee may be the role: only another role or a user is surely somebody else.
func mayBe(grantee, roleARN string) bool {
	a, err := arn.Parse(grantee)
	if err != nil || a.Service != "iam" {
		return true // an id, a session, a service
	}
	other := strings.HasPrefix(a.Resource, "role/") || strings.HasPrefix(a.Resource, "user/")
	return !other || strings.EqualFold(grantee, roleARN)
}

// setOf puts a policy into a layer of its own, or the reason why it is not known. None is an empty set: nothing allows.
func setOf(what string, fact Fact[policy.Named]) *policy.Set {
	switch fact.State {
	case None:
		return &policy.Set{}
	case Known:
		return &policy.Set{Policies: []policy.Named{fact.Value}}
	}
	return gap(what, fact.Reason(), false)
}

// policyTitle is a resource policy's name as a person knows it.
func policyTitle(resourceARN string) string {
	a := parseResource(resourceARN)
	switch name, isRepository := strings.CutPrefix(a.Resource, "repository/"); {
	case a.Service == "kms":
		return "key policy of " + resourceARN
	case a.Service == "ecr" && isRepository:
		return "repository policy of " + name
	}
	return "resource policy of " + resourceARN
}

// key reads an entry of keys.
func (d *decoder) key(k *KeyDetail) reader {
	m := &k.Metadata
	return func() (bool, error) {
		return d.closed(fields{
			"KeyMetadata": func() (bool, error) {
				return d.object(fields{
					"AWSAccountId": d.word(&m.Account), "Arn": d.word(&m.ARN), "Enabled": d.flag(&m.Enabled), "KeyUsage": d.word(&m.Usage),
					"KeyState": d.word(&m.State), "KeyManager": d.word(&m.Manager), "KeySpec": d.word(&m.Spec),
				})
			},
			"Grants": optionalList(d, &k.Grants, d.grant),
		})
	}
}

func (d *decoder) grant(g *KeyGrant) reader {
	return func() (bool, error) {
		return d.object(fields{
			"GrantId": d.word(&g.ID), "GranteePrincipal": d.word(&g.Grantee), "Operations": list(d, &g.Operations, d.word),
		})
	}
}
