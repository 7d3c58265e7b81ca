//go:build acceptance

package acceptance

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// The two accounts: the cloud's, and another.
const (
	ours   = "111122223333"
	theirs = "444455556666"
)

//go:embed world.py
var worldScript string

// keys are credentials of one account.
type keys struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// environ is how ccx gets the credentials.
func (k keys) environ() []string {
	return []string{
		"AWS_ACCESS_KEY_ID=" + k.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + k.SecretAccessKey,
		"AWS_SESSION_TOKEN=" + k.SessionToken, "AWS_REGION=us-west-2",
	}
}

// call is one operation of boto3.
type call struct {
	Account    string         `json:"account"`
	Service    string         `json:"service"`
	Operation  string         `json:"operation"`
	Parameters map[string]any `json:"parameters"`
}

// world collects the calls that make the accounts' contents.
type world struct {
	calls  []call
	owners map[string]string // bucket -> account
}

func (w *world) do(account, service, operation string, parameters map[string]any) {
	w.calls = append(w.calls, call{account, service, operation, parameters})
}

// role makes a role that the service may assume, and a profile of the same name around it.
func (w *world) role(account, name, service string) {
	w.roleOnly(account, name, service, nil)
	w.do(account, "iam", "create_instance_profile", map[string]any{"InstanceProfileName": name})
	w.do(account, "iam", "add_role_to_instance_profile", map[string]any{"InstanceProfileName": name, "RoleName": name})
}

// roleOnly makes a role without a profile; more are further parameters of CreateRole.
func (w *world) roleOnly(account, name, service string, more map[string]any) {
	parameters := map[string]any{
		"RoleName": name,
		"AssumeRolePolicyDocument": policy(fmt.Sprintf(
			`{"Effect": "Allow", "Principal": {"Service": %q}, "Action": "sts:AssumeRole"}`, service)),
	}
	for key, value := range more {
		parameters[key] = value
	}
	w.do(account, "iam", "create_role", parameters)
}

// inline puts an inline policy of the statements on the role.
func (w *world) inline(account, role string, statements ...string) {
	w.do(account, "iam", "put_role_policy", map[string]any{
		"RoleName": role, "PolicyName": "own", "PolicyDocument": policy(statements...),
	})
}

// customer makes a customer-managed policy and returns its ARN.
func (w *world) customer(account, name string, statements ...string) string {
	w.do(account, "iam", "create_policy", map[string]any{"PolicyName": name, "PolicyDocument": policy(statements...)})
	return "arn:aws:iam::" + account + ":policy/" + name
}

func (w *world) attach(account, role, policyARN string) {
	w.do(account, "iam", "attach_role_policy", map[string]any{"RoleName": role, "PolicyArn": policyARN})
}

// bucket makes a bucket as S3 makes them nowadays (moto does not by itself): encrypted, owned by its owner, not public.
// Statements, if any, become its policy.
func (w *world) bucket(account, name string, statements ...string) {
	w.owners[name] = account
	w.do(account, "s3", "create_bucket", map[string]any{
		"Bucket": name, "CreateBucketConfiguration": map[string]any{"LocationConstraint": "us-west-2"},
		"ObjectOwnership": "BucketOwnerEnforced",
	})
	w.encrypt(account, name, map[string]any{"SSEAlgorithm": "AES256"})
	w.do(account, "s3", "put_public_access_block", map[string]any{
		"Bucket": name, "PublicAccessBlockConfiguration": map[string]any{
			"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true,
		},
	})
	if len(statements) > 0 {
		w.do(account, "s3", "put_bucket_policy", map[string]any{"Bucket": name, "Policy": policy(statements...)})
	}
}

// encrypt sets a bucket's default encryption.
func (w *world) encrypt(account, name string, by map[string]any) {
	rules := []any{map[string]any{"ApplyServerSideEncryptionByDefault": by}}
	w.do(account, "s3", "put_bucket_encryption", map[string]any{
		"Bucket": name, "ServerSideEncryptionConfiguration": map[string]any{"Rules": rules},
	})
}

// policy is a policy document of the statements, each a JSON object.
func policy(statements ...string) string {
	var all []json.RawMessage
	for _, s := range statements {
		all = append(all, json.RawMessage(s))
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": all})
	if err != nil {
		panic(fmt.Sprintf("%v in %q", err, statements))
	}
	return string(text)
}

// play makes the world in moto, once for all tests, and returns the credentials by account.
var play = sync.OnceValues(func() (map[string]keys, error) {
	w := settled()
	accounts := []string{ours, theirs}
	spec, err := json.Marshal(map[string]any{"endpoint": the.moto, "accounts": accounts, "calls": w.calls})
	if err != nil {
		return nil, err
	}
	out, err := runScript(filepath.Join(the.venv, "python"), worldScript, spec)
	if err != nil {
		return nil, err
	}
	credentials := map[string]keys{}
	return credentials, json.Unmarshal(out, &credentials)
})

// credentialsOf returns the credentials that stand for the account.
func credentialsOf(t *testing.T, account string) keys {
	t.Helper()
	all, err := play()
	if err != nil || !slices.Contains([]string{ours, theirs}, account) {
		t.Fatalf("moto's world could not be made: %v", err)
	}
	return all[account]
}
