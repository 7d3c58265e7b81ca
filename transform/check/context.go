package check

import (
	"strings"
	"time"

	"ccx/transform/account"
	"ccx/transform/policy"
)

// horizon is how far into the future a verdict must hold where a condition compares times: a long-lived cluster.
const horizon = 30 * 24 * time.Hour

// Where the values come from that are only known once a node runs. They are shown where a verdict depends on one.
const (
	fromNetwork  = "the network path of the node's requests"
	fromInstance = "the instance that is launched"
	fromClient   = "the S3 client on the node"
	fromObject   = "the object that is asked for"
	fromOrg      = "the account's organization"
	fromCaller   = "Anyscale's control plane"
)

// contextRow is one row of the table below: a key, and what is known of it.
type contextRow struct {
	key   string
	value policy.Value
}

// common is what holds for every call by a session of a role with an AWS SDK.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func common(role account.Role, now time.Time) []contextRow {
	caller := policy.NewRole(role.ARN, role.ID)
	until := now.Add(horizon)
	exact, absent, unknown := policy.ExactValue, policy.AbsentValue(), policy.UnknownValue
	rows := []contextRow{
		{"aws:PrincipalOrgID", unknown(fromOrg)}, // until the accounts are met, below
		{"aws:PrincipalOrgPaths", unknown(fromOrg)},
		{"aws:ResourceOrgID", unknown(fromOrg)},
		{"aws:ResourceOrgPaths", unknown(fromOrg)},
		{"aws:PrincipalArn", exact(role.ARN)}, // the role's ARN with its path, not the session's
		{"aws:PrincipalAccount", exact(caller.Account)},
		{"aws:PrincipalType", exact("AssumedRole")},
		{"aws:username", absent}, // sessions have none
		{"aws:PrincipalIsAWSService", exact("false")},
		{"aws:PrincipalServiceName", absent},
		{"aws:PrincipalServiceNamesList", absent},
		{"aws:ViaAWSService", exact("false")},
		{"aws:CalledVia", absent},
		{"aws:CalledViaFirst", absent},
		{"aws:CalledViaLast", absent},
		{"aws:SourceAccount", absent}, // service-to-service calls only
		{"aws:SourceArn", absent},
		{"aws:SourceOrgID", absent},
		{"aws:SourceOrgPaths", absent},
		{"aws:SecureTransport", exact("true")}, // the SDKs' default
		{"aws:MultiFactorAuthPresent", absent}, // no MFA in an instance's or a service's session
		{"aws:MultiFactorAuthAge", absent},
		{"aws:Referer", absent},
		{"aws:FederatedProvider", absent},
		{"aws:ChatbotSourceArn", absent},
		{"aws:CurrentTime", policy.IntervalValue("the time of the request", now, until)},
		{"aws:EpochTime", policy.IntervalValue("the time of the request", now, until)},
		{"aws:TokenIssueTime", policy.IntervalValue("the time of the request", now.Add(-12*time.Hour), until)},
	}
	if role.ID != "" {
		rows = append(rows, contextRow{"aws:userid", policy.PatternValue(fromInstance, role.ID+":*")})
	}
	return append(rows, tagRows(role)...)
}

// tagRows holds the role's tags. A session of an instance profile has no tags of its own.
func tagRows(role account.Role) []contextRow {
	tags, known := role.Tags.Get()
	if !known {
		return nil // each aws:PrincipalTag stays unknown
	}
	rows := []contextRow{{"aws:PrincipalTag/*", policy.AbsentValue()}}
	for key, value := range tags {
		rows = append(rows, contextRow{"aws:PrincipalTag/" + key, policy.ExactValue(value)})
	}
	return rows
}

// nodeRows is what holds for an S3 call by a node: a session of an EC2 instance profile with an AWS SDK.
func nodeRows(bucket account.Bucket) []contextRow {
	rows := append(pathRows(), s3Rows()...)
	if region, ok := bucket.Region.Get(); ok {
		rows = append(rows, contextRow{"aws:RequestedRegion", policy.ExactValue(region)})
	}
	if owner, ok := bucket.Owner.Get(); ok {
		rows = append(rows, contextRow{"aws:ResourceAccount", policy.ExactValue(owner)}, contextRow{"s3:ResourceAccount", policy.ExactValue(owner)})
	}
	return rows
}

// pathRows is what the instance and its network put into a request: known when it runs, not before.
func pathRows() []contextRow {
	absent, unknown := policy.AbsentValue(), policy.UnknownValue
	return []contextRow{
		{"aws:SourceIp", unknown(fromNetwork)}, // absent through a VPC endpoint
		{"aws:VpcSourceIp", unknown(fromNetwork)},
		{"aws:SourceVpc", unknown(fromNetwork)}, // present through a VPC endpoint only
		{"aws:SourceVpce", unknown(fromNetwork)},
		{"aws:SourceVpcArn", unknown(fromNetwork)},
		{"aws:VpceAccount", unknown(fromNetwork)},
		{"aws:VpceOrgID", unknown(fromNetwork)},
		{"aws:VpceOrgPaths", unknown(fromNetwork)},
		{"aws:UserAgent", unknown(fromClient)},
		{"aws:Ec2InstanceSourceVpc", unknown(fromInstance)},
		{"aws:Ec2InstanceSourcePrivateIPv4", unknown(fromInstance)},
		{"ec2:SourceInstanceArn", unknown(fromInstance)},
		{"ec2:RoleDelivery", unknown(fromInstance)},
		{"aws:SourceIdentity", absent},
	}
}

// s3Rows is what the S3 client puts in: SigV4 in a header, and none of the optional headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
func s3Rows() []contextRow {
	exact, absent, unknown := policy.ExactValue, policy.AbsentValue(), policy.UnknownValue
	return []contextRow{
		{"s3:authType", exact("REST-HEADER")},
		{"s3:signatureversion", exact("AWS4-HMAC-SHA256")},
		{"s3:TlsVersion", policy.PatternValue(fromClient, "1.2", "1.3")},
		{"s3:x-amz-acl", absent},
		{"s3:x-amz-grant-read", absent},
		{"s3:x-amz-grant-write", absent},
		{"s3:x-amz-grant-read-acp", absent},
		{"s3:x-amz-grant-write-acp", absent},
		{"s3:x-amz-grant-full-control", absent},
		{"s3:x-amz-copy-source", absent},
		{"s3:x-amz-metadata-directive", absent},
		{"s3:x-amz-storage-class", absent},
		{"s3:x-amz-website-redirect-location", absent},
		{"s3:x-amz-server-side-encryption", absent}, // the bucket's default encryption sets no header
		{"s3:x-amz-server-side-encryption-aws-kms-key-id", absent},
		{"s3:x-amz-server-side-encryption-customer-algorithm", absent},
		{"s3:RequestObjectTag/*", absent},
		{"s3:RequestObjectTagKeys", absent},
		{"s3:object-lock-mode", absent},
		{"s3:object-lock-retain-until-date", absent},
		{"s3:object-lock-legal-hold", absent},
		{"s3:object-lock-remaining-retention-days", absent},
		{"s3:VersionId", absent},
		{"s3:AccessPointNetworkOrigin", absent}, // Anyscale clouds name buckets, not access points
		{"s3:DataAccessPointAccount", absent},
		{"s3:DataAccessPointArn", absent},
		{"s3:ExistingObjectTag/*", unknown(fromObject)},
		{"s3:delimiter", unknown(fromClient)},
		{"s3:max-keys", unknown(fromClient)},
	}
}

// contextOf makes the request context; what the user knows wins over the tables.
func (j *judge) contextOf(tables ...[]contextRow) policy.Context {
	var c policy.Context
	for _, rows := range tables {
		for _, row := range rows {
			c.Set(row.key, row.value)
			if who := strings.TrimSuffix(row.key, "Account"); (who == "aws:Principal" || who == "aws:Resource") && row.value.Kind == policy.Exact {
				j.organization(&c, who, row.value.Values[0])
			}
		}
	}
	for key, values := range j.Context {
		c.Set(key, policy.ExactValue(values...))
	}
	return c
}

// organization sets the keys of an account's organization: who is "aws:Principal" or "aws:Resource". An account that is
// in none has none of the keys.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
func (j *judge) organization(c *policy.Context, who, owner string) {
	switch place := j.facts.Organization(owner); place.State {
	case account.None:
		c.Set(who+"OrgID", policy.AbsentValue())
		c.Set(who+"OrgPaths", policy.AbsentValue())
	case account.Known:
		if place.Value.ID != "" {
			c.Set(who+"OrgID", policy.ExactValue(place.Value.ID))
		}
		if place.Value.Path != "" {
			c.Set(who+"OrgPaths", policy.ExactValue(place.Value.Path))
		}
	}
}
