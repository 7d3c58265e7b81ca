package fakeaws

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

func (f *Fake) assume(w http.ResponseWriter, r *http.Request) {
	id := strings.Split(r.Form.Get("RoleArn"), ":")[4]
	key := "ASIAASSUMED" + id
	f.mu.Lock()
	for _, a := range f.Accounts {
		if a.ID == id {
			f.Accounts[key] = a
			break
		}
	}
	f.mu.Unlock()
	result(w, r, "<Credentials><AccessKeyId>"+key+"</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>token</SessionToken>"+
		"<Expiration>"+time.Now().Add(time.Hour).UTC().Format(time.RFC3339)+"</Expiration></Credentials>")
}

func (f *Fake) iam(w http.ResponseWriter, r *http.Request, operation string, a *Account) {
	form := r.Form
	role, isRole := find(a.Roles, form.Get("RoleName"))
	switch operation {
	case "iam:GetInstanceProfile":
		if p, ok := find(a.Profiles, form.Get("InstanceProfileName")); ok {
			result(w, r, "<InstanceProfile>"+a.profile(p)+"</InstanceProfile>")
			return
		}
	case "iam:SimulatePrincipalPolicy":
		f.simulate(w, r)
		return
	case "iam:GetPolicy":
		if _, ok := a.Policies[form.Get("PolicyArn")]; ok {
			result(w, r, "<Policy><PolicyName>p</PolicyName><Arn>"+form.Get("PolicyArn")+"</Arn><DefaultVersionId>v3</DefaultVersionId></Policy>")
			return
		}
	case "iam:GetPolicyVersion":
		if text, ok := a.Policies[form.Get("PolicyArn")]; ok && form.Get("VersionId") == "v3" {
			result(w, r, "<PolicyVersion><Document>"+url.PathEscape(text)+"</Document><VersionId>v3</VersionId><IsDefaultVersion>true</IsDefaultVersion></PolicyVersion>")
			return
		}
	default:
		if isRole && f.role(w, r, operation, a, role) {
			return
		}
	}
	Refuse(w, http.StatusNotFound, "NoSuchEntity", "it cannot be found.")
}

// role answers a question about a role.
func (f *Fake) role(w http.ResponseWriter, r *http.Request, operation string, a *Account, role Role) bool {
	switch operation {
	case "iam:GetRole":
		result(w, r, "<Role>"+role.xml(true)+"</Role>")
	case "iam:ListRolePolicies":
		f.page(w, r, "PolicyNames", keys(role.Inline), escape)
	case "iam:ListAttachedRolePolicies":
		f.page(w, r, "AttachedPolicies", role.Attached, func(arn string) string {
			return "<PolicyName>" + arn[strings.LastIndexByte(arn, '/')+1:] + "</PolicyName><PolicyArn>" + arn + "</PolicyArn>"
		})
	case "iam:ListInstanceProfilesForRole":
		var holders []string
		for _, name := range keys(a.Profiles) {
			for _, in := range a.Profiles[name].Roles {
				if a.Roles[in].ARN == role.ARN {
					holders = append(holders, name)
				}
			}
		}
		f.page(w, r, "InstanceProfiles", holders, func(name string) string { return a.profile(a.Profiles[name]) })
	case "iam:GetRolePolicy":
		text, ok := role.Inline[r.Form.Get("PolicyName")]
		if !ok {
			return false
		}
		result(w, r, "<RoleName>r</RoleName><PolicyName>p</PolicyName><PolicyDocument>"+escape(text)+"</PolicyDocument>")
	default:
		f.t.Errorf("unknown operation %s", operation)
		return false
	}
	return true
}

func (a *Account) profile(p Profile) string {
	roles := ""
	for _, name := range p.Roles {
		roles += "<member>" + a.Roles[name].xml(false) + "</member>"
	}
	return "<Path>/</Path><InstanceProfileName>" + last(p.ARN) + "</InstanceProfileName><InstanceProfileId>AIPA" + last(p.ARN) +
		"</InstanceProfileId><Arn>" + p.ARN + "</Arn><Roles>" + roles + "</Roles><CreateDate>2024-01-01T00:00:00Z</CreateDate>"
}

func (r Role) xml(whole bool) string {
	out := "<Path>/</Path><RoleName>" + last(r.ARN) + "</RoleName><RoleId>AROA" + last(r.ARN) + "</RoleId><Arn>" + r.ARN +
		"</Arn><AssumeRolePolicyDocument>" + url.PathEscape(r.Trust) + "</AssumeRolePolicyDocument><CreateDate>2024-01-01T00:00:00Z</CreateDate>"
	if whole && r.Boundary != "" {
		out += "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType><PermissionsBoundaryArn>" +
			r.Boundary + "</PermissionsBoundaryArn></PermissionsBoundary>"
	}
	for _, key := range keys(r.Tags) {
		if whole {
			out += "<Tags><member><Key>" + key + "</Key><Value>" + r.Tags[key] + "</Value></member></Tags>"
		}
	}
	return out
}

// page answers with a part of a list; the marker is the index of the next item.
func (f *Fake) page(w http.ResponseWriter, r *http.Request, list string, items []string, one func(string) string) {
	from, _ := strconv.Atoi(r.Form.Get("Marker"))
	to := min(from+f.PageSize, len(items))
	body := "<" + list + ">"
	for _, item := range items[from:to] {
		body += "<member>" + one(item) + "</member>"
	}
	body += "</" + list + "><IsTruncated>" + strconv.FormatBool(to < len(items)) + "</IsTruncated>"
	if to < len(items) {
		body += "<Marker>" + strconv.Itoa(to) + "</Marker>"
	}
	result(w, r, body)
}

// result writes a query service's success.
func result(w http.ResponseWriter, r *http.Request, body string) {
	action := r.Form.Get("Action")
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, `<%[1]sResponse xmlns="https://aws/doc/"><%[1]sResult>%[2]s</%[1]sResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></%[1]sResponse>`, action, body)
}

// Refuse writes a query service's error.
func Refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId></ErrorResponse>`, code, escape(message))
}

func find[T any](m map[string]T, name string) (T, bool) {
	for key, v := range m {
		if strings.EqualFold(key, name) {
			return v, true
		}
	}
	var none T
	return none, false
}

func keys[T any](m map[string]T) []string {
	out := []string{}
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func last(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func escape(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text))
	return out.String()
}
