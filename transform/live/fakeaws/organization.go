package fakeaws

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// An organization, the account that manages it, and its levels.
const (
	Management = "999900001111"
	OrgID      = "o-exampleorg1"
	RootID     = "r-ab12"
	UnitID     = "ou-ab12-11111111"
	InnerID    = "ou-ab12-22222222"
)

// Organization is an organization: what hangs above each account, and what is attached where.
type Organization struct {
	Members  map[string][]string // account -> levels, the root first, without the account
	Features string
	Paths    bool                // DescribeAccount tells the path
	Types    map[string]string   // type of policy -> status
	Attached map[string][]string // target + " " + type -> ids
	Policies map[string]string   // id -> text
}

// Organized puts our account two units below the root of an organization, with a fence at the outer unit. Its credentials
// are those of the AWS profile "theirs" for the account that manages it.
func (f *Fake) Organized() *Organization {
	f.Accounts["AKIATHEIRS"] = NewAccount(Management)
	o := &Organization{Features: "ALL", Paths: true,
		Members: map[string][]string{Ours: {RootID, UnitID, InnerID}, Management: {RootID}},
		Types:   map[string]string{"SERVICE_CONTROL_POLICY": "ENABLED", "RESOURCE_CONTROL_POLICY": "ENABLED"},
		Policies: map[string]string{"p-FullAWSAccess": PolicyOf("*"), "p-RCPFullAWSAccess": strings.Replace(PolicyOf("*"), `"Action"`, `"Principal":"*","Action"`, 1),
			"p-fence1234": strings.ReplaceAll(PolicyOf("s3:DeleteObject"), "Allow", "Deny")},
		Attached: map[string][]string{},
	}
	for _, target := range []string{RootID, UnitID, InnerID, Ours, Management} {
		o.Attached[target+" SERVICE_CONTROL_POLICY"] = []string{"p-FullAWSAccess"}
		o.Attached[target+" RESOURCE_CONTROL_POLICY"] = []string{"p-RCPFullAWSAccess"}
	}
	o.Attached[UnitID+" SERVICE_CONTROL_POLICY"] = []string{"p-fence1234", "p-FullAWSAccess"}
	f.Organization = o
	return o
}

// organizations answers as AWS Organizations does: all members may ask which organization it is, and only the management
// account what is in it.
func (f *Fake) organizations(w http.ResponseWriter, r *http.Request, operation string, a *Account) {
	var in struct{ AccountID, ChildID, TargetID, Filter, PolicyID, NextToken string }
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &in)
	o := f.Organization
	switch {
	case o == nil || o.Members[a.ID] == nil:
		RefuseJSON(w, http.StatusBadRequest, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
	case operation == "organizations:DescribeOrganization":
		Write(w, map[string]any{"Organization": map[string]any{"Id": OrgID, "MasterAccountId": Management, "FeatureSet": o.Features,
			"MasterAccountEmail": "root@example.com", "AvailablePolicyTypes": []any{}}})
	case a.ID != Management:
		RefuseJSON(w, http.StatusBadRequest, "AccessDeniedException", "You don't have permissions to access this resource.")
	case operation == "organizations:DescribeAccount" && o.Members[in.AccountID] != nil:
		out := map[string]any{"Id": in.AccountID, "Status": "ACTIVE"}
		if o.Paths {
			out["Paths"] = []string{strings.Join(append(append([]string{OrgID}, o.Members[in.AccountID]...), in.AccountID), "/") + "/"}
		}
		Write(w, map[string]any{"Account": out})
	case operation == "organizations:DescribeAccount":
		RefuseJSON(w, http.StatusBadRequest, "AccountNotFoundException", "You specified an account that doesn't exist.")
	case operation == "organizations:ListRoots":
		types := []any{}
		for _, kind := range keys(o.Types) {
			types = append(types, map[string]string{"Type": kind, "Status": o.Types[kind]})
		}
		Write(w, map[string]any{"Roots": []any{map[string]any{"Id": RootID, "Name": "Root", "PolicyTypes": types}}})
	case operation == "organizations:ListParents":
		o.parents(w, in.ChildID)
	case operation == "organizations:ListPoliciesForTarget":
		f.attachedTo(w, in.TargetID, in.Filter, in.NextToken)
	case operation == "organizations:DescribePolicy":
		Write(w, map[string]any{"Policy": map[string]any{"PolicySummary": map[string]any{"Id": in.PolicyID, "Name": in.PolicyID[2:]}, "Content": o.Policies[in.PolicyID]}})
	}
}

func (o *Organization) parents(w http.ResponseWriter, child string) {
	for account, levels := range o.Members {
		path := append(slices.Clone(levels), account)
		if i := slices.Index(path, child); i > 0 {
			Write(w, map[string]any{"Parents": []any{map[string]string{"Id": path[i-1]}}})
			return
		}
	}
	RefuseJSON(w, http.StatusBadRequest, "ChildNotFoundException", "You specified a child that doesn't exist.")
}

// attachedTo answers with a page of what is attached to a target.
func (f *Fake) attachedTo(w http.ResponseWriter, target, kind, token string) {
	ids := f.Organization.Attached[target+" "+kind]
	from, _ := strconv.Atoi(token)
	to := min(from+f.PageSize, len(ids))
	list := []any{}
	for _, id := range ids[from:to] {
		list = append(list, map[string]any{"Id": id, "Name": id[2:], "Type": kind})
	}
	out := map[string]any{"Policies": list}
	if to < len(ids) {
		out["NextToken"] = strconv.Itoa(to)
	}
	Write(w, out)
}
