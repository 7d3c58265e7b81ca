package fakeaws

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// A key and a repository of each account.
const (
	KeyOurs    = "arn:aws:kms:us-west-2:" + Ours + ":key/0a1b"
	KeyTheirs  = "arn:aws:kms:us-west-2:" + Theirs + ":key/0a1b"
	RepoOurs   = "arn:aws:ecr:us-west-2:" + Ours + ":repository/ml/train"
	RepoTheirs = "arn:aws:ecr:eu-west-1:" + Theirs + ":repository/ml/train"
)

// Key is a KMS key; its grants come in pages.
type Key struct {
	State, Policy string
	Grantees      []string
}

// newKeys are the keys that a Fake begins with, and newRepositories its repositories with their policies.
func newKeys() map[string]Key {
	return map[string]Key{
		KeyOurs:   {"Enabled", PolicyOf("kms:*"), []string{"arn:aws:iam::" + Ours + ":role/backup", "arn:aws:iam::" + Ours + ":role/other"}},
		KeyTheirs: {"Disabled", PolicyOf("kms:*"), nil},
	}
}

func newRepositories() map[string]string {
	return map[string]string{RepoOurs: PolicyOf("ecr:*"), RepoTheirs: ""}
}

// targetOf returns the operation of a request in JSON 1.1, without its service.
func targetOf(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	return target[strings.LastIndexByte(target, '.')+1:]
}

// json answers a request of KMS or ECR: they know the things of the caller's account and of the request's region only.
func (f *Fake) json(w http.ResponseWriter, r *http.Request, operation string, a *Account, region string) {
	var in struct {
		KeyID, Marker, RegistryID, RepositoryName string
		RepositoryNames                           []string
	}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &in)
	if strings.HasPrefix(operation, "kms:") {
		key, ok := f.Keys[in.KeyID]
		if parts := strings.Split(in.KeyID, ":"); !ok || parts[3] != region || parts[4] != a.ID {
			RefuseJSON(w, http.StatusBadRequest, "NotFoundException", "Key '"+in.KeyID+"' does not exist")
			return
		}
		f.kms(w, operation, in.KeyID, key, a, in.Marker)
		return
	}
	if len(in.RepositoryNames) == 1 {
		in.RepositoryName = in.RepositoryNames[0]
	}
	f.ecr(w, operation, a, region, in.RegistryID, in.RepositoryName)
}

func (f *Fake) kms(w http.ResponseWriter, operation, arn string, key Key, a *Account, marker string) {
	switch operation {
	case "kms:DescribeKey":
		Write(w, map[string]any{"KeyMetadata": map[string]any{"Arn": arn, "AWSAccountId": a.ID, "KeyId": last(arn), "Enabled": key.State == "Enabled",
			"KeyState": key.State, "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "CreationDate": 1.7e9}})
	case "kms:GetKeyPolicy":
		Write(w, map[string]any{"Policy": key.Policy, "PolicyName": "default"})
	case "kms:ListGrants":
		from := max(0, slices.Index(key.Grantees, marker))
		to := min(from+f.PageSize, len(key.Grantees))
		grants := []any{}
		for _, g := range key.Grantees[from:to] {
			grants = append(grants, map[string]any{"GrantId": "g-" + last(g), "GranteePrincipal": g, "KeyId": arn, "Operations": []string{"Decrypt"}})
		}
		out := map[string]any{"Grants": grants, "Truncated": to < len(key.Grantees)}
		if to < len(key.Grantees) {
			out["NextMarker"] = key.Grantees[to]
		}
		Write(w, out)
	}
}

func (f *Fake) ecr(w http.ResponseWriter, operation string, a *Account, region, registry, name string) {
	arn := "arn:aws:ecr:" + region + ":" + a.ID + ":repository/" + name
	policy, ok := f.Repositories[arn]
	switch {
	case operation == "ecr:GetRegistryPolicy" && f.Registry == "":
		RefuseJSON(w, http.StatusBadRequest, "RegistryPolicyNotFoundException", "none")
	case operation == "ecr:GetRegistryPolicy":
		Write(w, map[string]any{"registryId": a.ID, "policyText": f.Registry})
	case !ok || registry != a.ID:
		RefuseJSON(w, http.StatusBadRequest, "RepositoryNotFoundException", "The repository with name '"+name+"' does not exist")
	case operation == "ecr:DescribeRepositories":
		Write(w, map[string]any{"repositories": []any{map[string]any{"repositoryArn": arn, "registryId": a.ID, "repositoryName": name,
			"repositoryUri": a.ID + ".dkr.ecr." + region + ".amazonaws.com/" + name, "createdAt": 1.7e9}}})
	case policy == "":
		RefuseJSON(w, http.StatusBadRequest, "RepositoryPolicyNotFoundException", "none")
	default:
		Write(w, map[string]any{"registryId": a.ID, "repositoryName": name, "policyText": policy})
	}
}

// Write answers in JSON 1.1.
func Write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(v)
}

// RefuseAs writes an error as the request's service does.
func RefuseAs(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		RefuseJSON(w, status, code, message)
	case r.Method == http.MethodPost, strings.HasPrefix(r.URL.Path, "/v20180820/"):
		Refuse(w, status, code, message)
	default:
		RefuseS3(w, r, status, code)
	}
}

// RefuseJSON writes an error in JSON 1.1.
func RefuseJSON(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.fake#" + code, "message": message})
}
