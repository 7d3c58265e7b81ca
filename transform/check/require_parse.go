package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// actionName is one action of one service, without wildcards.
var actionName = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z][A-Za-z0-9]*$`)

const requireShape = "--require secretsmanager:GetSecretValue=arn:aws:secretsmanager:us-west-2:111122223333:secret:NAME-??????"

// ParseRequire reads ACTION[,ACTION]=ARN. A Fault says what is wrong with it, and where.
func ParseRequire(value string) (Require, *Fault) {
	list, arn, ok := strings.Cut(value, "=")
	if !ok || list == "" || arn == "" {
		return Require{}, &Fault{0, len(value), "this is not ACTION[,ACTION]=ARN", requireShape}
	}
	r := Require{ARN: arn}
	at := 0
	for _, action := range strings.Split(list, ",") {
		if message, hint := actionFault(action); message != "" {
			return r, &Fault{at, at + len(action), message, hint}
		}
		r.Actions = append(r.Actions, action)
		at += len(action) + 1
	}
	if message, hint := arnFault(arn); message != "" {
		return r, &Fault{at, len(value), message, hint}
	}
	if message, hint := r.mismatch(); message != "" {
		return r, &Fault{0, len(value), message, hint}
	}
	return r, nil
}

func actionFault(action string) (message, hint string) {
	if !actionName.MatchString(action) {
		return fmt.Sprintf("%q is not one action of a service", action), "s3:GetObject, without * and ?"
	}
	if right := notActions[strings.ToLower(action)]; right != "" {
		return action + " is a request, not an action", "its permission is " + right
	}
	return "", ""
}

// notActions are S3's requests that are taken for actions: no policy can allow them, though s3:* seems to.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var notActions = map[string]string{
	"s3:listobjects": "s3:ListBucket", "s3:listobjectsv2": "s3:ListBucket", "s3:headbucket": "s3:ListBucket", "s3:headobject": "s3:GetObject",
	"s3:copyobject": "s3:GetObject and s3:PutObject", "s3:uploadpart": "s3:PutObject", "s3:createmultipartupload": "s3:PutObject",
	"s3:deleteobjects": "s3:DeleteObject", "s3:listparts": "s3:ListMultipartUploadParts", "s3:listmultipartuploads": "s3:ListBucketMultipartUploads",
}

// arnFault checks an ARN's parts; "*" stands for actions that know no resource.
func arnFault(arn string) (message, hint string) {
	if arn == "*" {
		return "", ""
	}
	parts := strings.SplitN(arn, ":", 6)
	switch {
	case len(parts) < 6 || parts[0] != "arn" || parts[5] == "":
		return fmt.Sprintf("%q is no whole ARN", arn), requireShape
	case !known(parts[1]):
		return fmt.Sprintf("%q is no AWS partition", parts[1]), "aws, or aws-cn in China, aws-us-gov in GovCloud"
	case parts[2] == "" || strings.ContainsAny(strings.Join(parts[:5], ":"), "*?"):
		return "service, region and account of the ARN must be named", "* and ? may stand in the resource's name"
	case parts[4] != "" && accountFault(parts[4]) != "":
		return accountFault(parts[4]), "an account id has 12 digits"
	case strings.ContainsAny(arn, "$ \t\r\n"):
		return "the ARN can't hold spaces or variables", requireShape
	}
	return "", ""
}

// ownPolicies are the services whose resource policies ccx reads: there, action and ARN must be of the same service.
var ownPolicies = []string{"s3", "kms", "ecr"}

// mismatch finds actions that no such resource has: a policy with s3:* on * would seem to allow them.
func (r Require) mismatch() (message, hint string) {
	service := arnParts(r.ARN)[2]
	isObject := strings.Contains(arnParts(r.ARN)[5], "/")
	for _, action := range r.Actions {
		prefix, name, _ := strings.Cut(strings.ToLower(action), ":")
		switch {
		case r.ARN != "*" && prefix != service && (slices.Contains(ownPolicies, prefix) || slices.Contains(ownPolicies, service)):
			return fmt.Sprintf("%s does nothing to a resource of %s", action, service), "one --require a service"
		case r.ARN == "*" && (prefix == "s3" || prefix == "kms" && name != "generaterandom" && name != "listkeys" && name != "listaliases"):
			return action + " needs a resource", "name it by its ARN"
		case prefix == "s3" && onObjects(name) && !isObject:
			return action + " is about objects, and this is a bucket", "write " + r.ARN + "/* for all of its objects"
		case prefix == "s3" && onBuckets[name] && isObject:
			return action + " is about the bucket, and these are objects", "write the bucket's ARN, without the slash and what follows"
		}
	}
	return "", ""
}

func onObjects(name string) bool {
	for _, prefix := range []string{"getobject", "putobject", "deleteobject", "restoreobject"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == "abortmultipartupload" || name == "listmultipartuploadparts"
}

// onBuckets are actions on a bucket itself.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
var onBuckets = map[string]bool{
	"listbucket": true, "listbucketversions": true, "listbucketmultipartuploads": true, "getbucketlocation": true, "getbucketpolicy": true,
	"getbucketversioning": true, "getbuckettagging": true, "createbucket": true, "deletebucket": true,
}
