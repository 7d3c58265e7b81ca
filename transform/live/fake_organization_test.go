package live

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	management = "999900001111"
	orgID      = "o-exampleorg1"
	rootID     = "r-ab12"
	unitID     = "ou-ab12-11111111"
	innerID    = "ou-ab12-22222222"
)

// fakeOrganization is an organization: what hangs above each account, and what is attached where.
type fakeOrganization struct {
	members  map[string][]string // account -> levels, the root first, without the account
	features string
	paths    bool                // DescribeAccount tells the path
	types    map[string]string   // type of policy -> status
	attached map[string][]string // target + " " + type -> ids
	policies map[string]string   // id -> text
}

// organized puts our account two units below the root of an organization, with a fence at the outer unit. Its credentials
// are those of the AWS profile "theirs" for the account that manages it.
func (f *fake) organized() *fakeOrganization {
	f.accounts["AKIATHEIRS"] = newAccount(management)
	o := &fakeOrganization{features: "ALL", paths: true,
		members: map[string][]string{ours: {rootID, unitID, innerID}, management: {rootID}},
		types:   map[string]string{"SERVICE_CONTROL_POLICY": "ENABLED", "RESOURCE_CONTROL_POLICY": "ENABLED"},
		policies: map[string]string{"p-FullAWSAccess": policyOf("*"), "p-RCPFullAWSAccess": policyOf("*"),
			"p-fence1234": strings.ReplaceAll(policyOf("s3:DeleteObject"), "Allow", "Deny")},
		attached: map[string][]string{},
	}
	for _, target := range []string{rootID, unitID, innerID, ours, management} {
		o.attached[target+" SERVICE_CONTROL_POLICY"] = []string{"p-FullAWSAccess"}
		o.attached[target+" RESOURCE_CONTROL_POLICY"] = []string{"p-RCPFullAWSAccess"}
	}
	o.attached[unitID+" SERVICE_CONTROL_POLICY"] = []string{"p-fence1234", "p-FullAWSAccess"}
	f.organization = o
	return o
}

// organizations answers as AWS Organizations does: all members may ask which organization it is, and only the management
// account what is in it.
func (f *fake) organizations(w http.ResponseWriter, r *http.Request, operation string, a *fakeAccount) {
	var in struct{ AccountID, ChildID, TargetID, Filter, PolicyID, NextToken string }
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &in)
	o := f.organization
	switch {
	case o == nil || o.members[a.id] == nil:
		refuseJSON(w, http.StatusBadRequest, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
	case operation == "organizations:DescribeOrganization":
		write(w, map[string]any{"Organization": map[string]any{"Id": orgID, "MasterAccountId": management, "FeatureSet": o.features,
			"MasterAccountEmail": "root@example.com", "AvailablePolicyTypes": []any{}}})
	case a.id != management:
		refuseJSON(w, http.StatusBadRequest, "AccessDeniedException", "You don't have permissions to access this resource.")
	case operation == "organizations:DescribeAccount" && o.members[in.AccountID] != nil:
		out := map[string]any{"Id": in.AccountID, "Status": "ACTIVE"}
		if o.paths {
			out["Paths"] = []string{strings.Join(append(append([]string{orgID}, o.members[in.AccountID]...), in.AccountID), "/") + "/"}
		}
		write(w, map[string]any{"Account": out})
	case operation == "organizations:DescribeAccount":
		refuseJSON(w, http.StatusBadRequest, "AccountNotFoundException", "You specified an account that doesn't exist.")
	case operation == "organizations:ListRoots":
		types := []any{}
		for _, kind := range keys(o.types) {
			types = append(types, map[string]string{"Type": kind, "Status": o.types[kind]})
		}
		write(w, map[string]any{"Roots": []any{map[string]any{"Id": rootID, "Name": "Root", "PolicyTypes": types}}})
	case operation == "organizations:ListParents":
		o.parents(w, in.ChildID)
	case operation == "organizations:ListPoliciesForTarget":
		f.attachedTo(w, in.TargetID, in.Filter, in.NextToken)
	case operation == "organizations:DescribePolicy":
		write(w, map[string]any{"Policy": map[string]any{"PolicySummary": map[string]any{"Id": in.PolicyID, "Name": in.PolicyID[2:]}, "Content": o.policies[in.PolicyID]}})
	}
}

func (o *fakeOrganization) parents(w http.ResponseWriter, child string) {
	for account, levels := range o.members {
		path := append(slices.Clone(levels), account)
		if i := slices.Index(path, child); i > 0 {
			write(w, map[string]any{"Parents": []any{map[string]string{"Id": path[i-1]}}})
			return
		}
	}
	refuseJSON(w, http.StatusBadRequest, "ChildNotFoundException", "You specified a child that doesn't exist.")
}

// attachedTo answers with a page of what is attached to a target.
func (f *fake) attachedTo(w http.ResponseWriter, target, kind, token string) {
	ids := f.organization.attached[target+" "+kind]
	from, _ := strconv.Atoi(token)
	to := min(from+f.pageSize, len(ids))
	list := []any{}
	for _, id := range ids[from:to] {
		list = append(list, map[string]any{"Id": id, "Name": id[2:], "Type": kind})
	}
	out := map[string]any{"Policies": list}
	if to < len(ids) {
		out["NextToken"] = strconv.Itoa(to)
	}
	write(w, out)
}
