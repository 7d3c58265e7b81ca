package live

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

const (
	keyOurs    = "arn:aws:kms:us-west-2:" + ours + ":key/0a1b"
	keyTheirs  = "arn:aws:kms:us-west-2:" + theirs + ":key/0a1b"
	repoOurs   = "arn:aws:ecr:us-west-2:" + ours + ":repository/ml/train"
	repoTheirs = "arn:aws:ecr:eu-west-1:" + theirs + ":repository/ml/train"
)

// fakeKey is a KMS key; its grants come in pages.
type fakeKey struct {
	state, policy string
	grantees      []string
}

// newKeys are the keys that a fake begins with, and newRepositories its repositories with their policies.
func newKeys() map[string]fakeKey {
	return map[string]fakeKey{
		keyOurs:   {"Enabled", policyOf("kms:*"), []string{"arn:aws:iam::" + ours + ":role/backup", "arn:aws:iam::" + ours + ":role/other"}},
		keyTheirs: {"Disabled", policyOf("kms:*"), nil},
	}
}

func newRepositories() map[string]string {
	return map[string]string{repoOurs: policyOf("ecr:*"), repoTheirs: ""}
}

// targetOf returns the operation of a request in JSON 1.1, without its service.
func targetOf(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	return target[strings.LastIndexByte(target, '.')+1:]
}

// json answers a request of KMS or ECR: they know the things of the caller's account and of the request's region only.
func (f *fake) json(w http.ResponseWriter, r *http.Request, operation string, a *fakeAccount, region string) {
	var in struct {
		KeyID, Marker, RegistryID, RepositoryName string
		RepositoryNames                           []string
	}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &in)
	if strings.HasPrefix(operation, "kms:") {
		key, ok := f.keys[in.KeyID]
		if parts := strings.Split(in.KeyID, ":"); !ok || parts[3] != region || parts[4] != a.id {
			refuseJSON(w, http.StatusBadRequest, "NotFoundException", "Key '"+in.KeyID+"' does not exist")
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

func (f *fake) kms(w http.ResponseWriter, operation, arn string, key fakeKey, a *fakeAccount, marker string) {
	switch operation {
	case "kms:DescribeKey":
		write(w, map[string]any{"KeyMetadata": map[string]any{"Arn": arn, "AWSAccountId": a.id, "KeyId": last(arn), "Enabled": key.state == "Enabled",
			"KeyState": key.state, "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "CreationDate": 1.7e9}})
	case "kms:GetKeyPolicy":
		write(w, map[string]any{"Policy": key.policy, "PolicyName": "default"})
	case "kms:ListGrants":
		from := max(0, slices.Index(key.grantees, marker))
		to := min(from+f.pageSize, len(key.grantees))
		grants := []any{}
		for _, g := range key.grantees[from:to] {
			grants = append(grants, map[string]any{"GrantId": "g-" + last(g), "GranteePrincipal": g, "KeyId": arn, "Operations": []string{"Decrypt"}})
		}
		out := map[string]any{"Grants": grants, "Truncated": to < len(key.grantees)}
		if to < len(key.grantees) {
			out["NextMarker"] = key.grantees[to]
		}
		write(w, out)
	}
}

func (f *fake) ecr(w http.ResponseWriter, operation string, a *fakeAccount, region, registry, name string) {
	arn := "arn:aws:ecr:" + region + ":" + a.id + ":repository/" + name
	policy, ok := f.repositories[arn]
	switch {
	case operation == "ecr:GetRegistryPolicy" && f.registry == "":
		refuseJSON(w, http.StatusBadRequest, "RegistryPolicyNotFoundException", "none")
	case operation == "ecr:GetRegistryPolicy":
		write(w, map[string]any{"registryId": a.id, "policyText": f.registry})
	case !ok || registry != a.id:
		refuseJSON(w, http.StatusBadRequest, "RepositoryNotFoundException", "The repository with name '"+name+"' does not exist")
	case operation == "ecr:DescribeRepositories":
		write(w, map[string]any{"repositories": []any{map[string]any{"repositoryArn": arn, "registryId": a.id, "repositoryName": name,
			"repositoryUri": a.id + ".dkr.ecr." + region + ".amazonaws.com/" + name, "createdAt": 1.7e9}}})
	case policy == "":
		refuseJSON(w, http.StatusBadRequest, "RepositoryPolicyNotFoundException", "none")
	default:
		write(w, map[string]any{"registryId": a.id, "repositoryName": name, "policyText": policy})
	}
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(v)
}

// refuseAs writes an error as the request's service does.
func refuseAs(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		refuseJSON(w, status, code, message)
	case r.Method == http.MethodPost:
		refuse(w, status, code, message)
	default:
		refuseS3(w, r, status, code)
	}
}

// refuseJSON writes an error in JSON 1.1.
func refuseJSON(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.fake#" + code, "message": message})
}
