package account_test

import (
	"time"

	"ccx/transform/account"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const (
	ours   = "111122223333"
	theirs = "444455556666"
)

// everything is a snapshot with something in every part.
const everything = `{
  "version": 1,
  "taken_at": "2026-11-20T13:00:00+01:00",
  "taken_by": {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/ci", "UserId": "AIDA"},
  "endpoint": "http://127.0.0.1:5000",
  "iam": {
    "111122223333": {
      "UserDetailList": [{"UserName": "left out"}],
      "RoleDetailList": [
        {
          "Path": "/teams/ml/", "RoleName": "node", "RoleId": "AROANODE",
          "Arn": "arn:aws:iam::111122223333:role/teams/ml/node",
          "CreateDate": "2024-01-01T00:00:00+00:00",
          "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}},
          "InstanceProfileList": [
            {"Path": "/", "InstanceProfileName": "zeta", "InstanceProfileId": "AIPAZ", "Arn": "arn:aws:iam::111122223333:instance-profile/zeta",
             "Roles": [{"RoleName": "node", "Arn": "arn:aws:iam::111122223333:role/teams/ml/node"}]},
            {"Path": "/", "InstanceProfileName": "Alpha", "InstanceProfileId": "AIPAA", "Arn": "arn:aws:iam::111122223333:instance-profile/Alpha",
             "Roles": [{"RoleName": "node", "Arn": "arn:aws:iam::111122223333:role/teams/ml/node"}]}
          ],
          "RolePolicyList": [
            {"PolicyName": "s3", "PolicyDocument": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Sid%22%3A%22a+b%22%2C%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"},
            {"PolicyName": "broken", "PolicyDocument": "{broken"},
            {"PolicyName": "unread"},
            {"PolicyName": "slips", "PolicyDocument": {"Statement": [{"Sid": "twice", "Sid": "again", "Effekt": "Deny"}, {"Sid": "a<b>&c \u2028"}]}}
          ],
          "AttachedManagedPolicies": [
            {"PolicyName": "AmazonS3FullAccess", "PolicyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
            {"PolicyName": "own", "PolicyArn": "arn:aws:iam::111122223333:policy/teams/own"},
            {"PolicyName": "lost", "PolicyArn": "arn:aws:iam::111122223333:policy/lost"}
          ],
          "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/fence"},
          "Tags": [{"Key": "team", "Value": "ml"}]
        },
        {
          "RoleName": "free", "Arn": "arn:aws:iam::111122223333:role/free",
          "RolePolicyList": [], "AttachedManagedPolicies": [], "PermissionsBoundary": null
        },
        {"RoleName": "listed", "Arn": "arn:aws:iam::111122223333:role/listed"}
      ],
      "Policies": [
        {"PolicyName": "own", "Arn": "arn:aws:iam::111122223333:policy/teams/own", "DefaultVersionId": "v2",
         "PolicyVersionList": [
           {"VersionId": "v2", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": []}},
           {"VersionId": "v1", "IsDefaultVersion": false, "Document": {"Version": "2008-10-17", "Statement": []}}]},
        {"PolicyName": "fence", "Arn": "arn:aws:iam::111122223333:policy/fence", "DefaultVersionId": "v1",
         "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": []}}]}
      ],
      "InstanceProfiles": [
        {"InstanceProfileName": "empty", "Arn": "arn:aws:iam::111122223333:instance-profile/x:y/empty", "Roles": []}
      ],
      "NotFound": ["instance-profile/zetA", "role/ghost", "arn:aws:iam::111122223333:policy/lost"],
      "Whole": []
    },
    "444455556666": {
      "RoleDetailList": [],
      "Policies": [
        {"Arn": "arn:aws:iam::aws:policy/AmazonS3FullAccess", "DefaultVersionId": "v2",
         "PolicyVersionList": [{"VersionId": "v2", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": []}}]}
      ],
      "Whole": ["InstanceProfiles", "RoleDetailList"]
    }
  },
  "resource_policies": {
    "arn:aws:s3:::acme": {"Version": "2012-10-17", "Statement": []},
    "arn:aws:s3:::bare": null,
    "arn:aws:kms:us-west-2:111122223333:key/1": {"Version": "2012-10-17", "Statement": []},
    "arn:aws:ecr:us-west-2:111122223333:repository/ml/train": null,
    "arn:aws:ecr:us-west-2:111122223333:registry": null,
    "arn:aws:sqs:us-west-2:111122223333:jobs": {"Version": "2012-10-17", "Statement": []}
  },
  "buckets": {
    "acme": {
      "Account": "111122223333", "BucketRegion": "us-west-2",
      "ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/acme"}, "BucketKeyEnabled": true}]},
      "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
      "PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}
    },
    "bare": {"Account": "444455556666", "ServerSideEncryptionConfiguration": null, "OwnershipControls": null, "PublicAccessBlockConfiguration": null},
    "quiet": null,
    "shy": {"BucketRegion": "eu-west-1"}
  },
  "organization": {
    "111122223333": {"Id": "o-acme", "MasterAccountId": "999900001111", "Levels": [
      {"TargetId": "r-root", "ServiceControlPolicies": [{"Name": "FullAWSAccess", "Content": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}], "ResourceControlPolicies": null},
      {"TargetId": "111122223333", "ServiceControlPolicies": [{"Name": "cut"}], "ResourceControlPolicies": null}
    ]},
    "444455556666": null
  },
  "public_access_blocks": {
    "444455556666": null,
    "111122223333": {"BlockPublicAcls": false, "IgnorePublicAcls": false, "BlockPublicPolicy": false, "RestrictPublicBuckets": false}
  },
  "keys": {
    "arn:aws:kms:us-west-2:111122223333:key/1": {
      "KeyMetadata": {"AWSAccountId": "111122223333", "KeyId": "1", "Arn": "arn:aws:kms:us-west-2:111122223333:key/1", "CreationDate": "2024-01-01T00:00:00+00:00",
        "Enabled": true, "Description": "", "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "Enabled", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT", "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": false},
      "Grants": [{"KeyId": "arn:aws:kms:us-west-2:111122223333:key/1", "GrantId": "g1", "Name": "", "CreationDate": "2024-01-01T00:00:00+00:00",
        "GranteePrincipal": "arn:aws:iam::111122223333:role/backup", "RetiringPrincipal": "arn:aws:iam::111122223333:role/backup",
        "IssuingAccount": "arn:aws:iam::111122223333:root", "Operations": ["Decrypt"]}]
    },
    "arn:aws:kms:us-west-2:444455556666:key/gone": null
  },
  "repositories": {
    "arn:aws:ecr:us-west-2:111122223333:repository/r": null,
    "arn:aws:ecr:us-west-2:111122223333:repository/ml/train": {"repositoryArn": "arn:aws:ecr:us-west-2:111122223333:repository/ml/train", "registryId": "111122223333",
      "repositoryName": "ml/train", "repositoryUri": "111122223333.dkr.ecr.us-west-2.amazonaws.com/ml/train", "createdAt": "2024-01-01T00:00:00+00:00",
      "imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": false}, "encryptionConfiguration": {"encryptionType": "AES256"}}
  },
  "unread": {
    "iam/111122223333/role/node/inline/unread": {"operation": "iam:GetRolePolicy", "code": "AccessDenied", "account": "111122223333", "caller": "arn:aws:iam::111122223333:user/ci"},
    "buckets/shy/account": {"operation": "s3:ListBucket", "code": "Forbidden", "class": "denied"},
    "buckets/late": {"operation": "s3:ListBucket", "code": "Throttling", "message": "AWS asks to slow down"},
    "keys/arn:aws:kms:us-west-2:444455556666:key/shy": {"operation": "kms:DescribeKey", "code": "AccessDeniedException", "account": "444455556666", "caller": "arn:aws:iam::444455556666:user/ci"},
    "resource_policies/arn:aws:s3:::shy": {"code": "NoCredentials", "class": "elsewhere", "account": "444455556666", "caller": "arn:aws:iam::111122223333:user/ci"}
  }
}`

// nodeRole is a role with inline policies of the given names.
func nodeRole(name string, inline ...string) account.RoleDetail {
	d := account.RoleDetail{Name: name, ARN: "arn:aws:iam::" + ours + ":role/" + name}
	d.Inline.Read = true
	for _, n := range inline {
		d.Inline.Value = append(d.Inline.Value, account.InlinePolicy{Name: n, Document: account.NewDocument(`{"Statement":[]}`)})
	}
	d.Attached = account.Have([]account.Attachment{})
	return d
}
