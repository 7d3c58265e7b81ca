#!/bin/sh
# Takes a snapshot with the AWS CLI and jq alone, where ccx can't be, or need not know the credentials:
#
#   sh examples/snapshot.sh acme-anyscale > facts.json
#   ccx -p ml-train -b acme-anyscale --snapshot facts.json train.yaml
#
# It holds the IAM of the caller's account, whole, and what S3 and KMS say of each BUCKET that is named. What AWS refuses
# is written down as refused, so that ccx never takes it for absent. `ccx schema snapshot` describes the format.
set -eu
umask 077

if [ $# -eq 0 ]; then
	echo "usage: $0 BUCKET... > facts.json" >&2
	exit 2
fi

if [ -n "${AWS_REGION:-}" ]; then # which version 1 of the CLI does not read
	export AWS_DEFAULT_REGION="$AWS_REGION"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
taken_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)

# put AT FILTER: keeps what jq's FILTER makes of stdin, at the path AT of the snapshot.
put() {
	jq -c --argjson at "$1" "{at: \$at, value: ($2)}" >>"$work/facts"
}

# ask AT KEY PERMISSION NONE FILTER COMMAND...: asks AWS. The answer is kept at AT; null, if AWS answers with the error
# NONE; any other error under unread, by its KEY, and the status is 1.
ask() {
	at=$1 key=$2 permission=$3 none=$4 filter=$5
	shift 5
	if aws --output json "$@" >"$work/answer" 2>"$work/error" </dev/null; then
		put "$at" "$filter" <"$work/answer"
		return
	fi
	code=$(sed -n 's/.*An error occurred (\([A-Za-z0-9.]*\)).*/\1/p' "$work/error" | head -n 1)
	if [ -n "$none" ] && [ "$code" = "$none" ]; then
		echo null >"$work/answer"
		put "$at" null <"$work/answer"
		return
	fi
	[ "$code" != 403 ] || code=AccessDenied # HeadBucket has no body
	jq -c -R -s --arg key "$key" --arg permission "$permission" --arg code "${code:-NoAnswer}" --arg account "$account" --arg caller "$caller" \
		'{at: ["unread", $key], value: {operation: $permission, code: $code, account: $account, caller: $caller, message: (. | gsub("\\s+"; " ") | .[:300])}}' \
		<"$work/error" >>"$work/facts"
	return 1
}

# must COMMAND...: asks for what nothing can be told without.
must() {
	aws --output json "$@" >"$work/answer" </dev/null || {
		echo "$0: aws $1 $2 failed: there is no snapshot" >&2
		exit 1
	}
}

# key ARN: the KMS key that a bucket's encryption names.
key() {
	region=$(echo "$1" | cut -d: -f4)
	ask "[\"keys\", \"$1\"]" "keys/$1" kms:DescribeKey NotFoundException '{KeyMetadata}' kms describe-key --region "$region" --key-id "$1" || return 0
	[ "$(cat "$work/answer")" != null ] || return 0
	ask "[\"keys\", \"$1\", \"Grants\"]" "keys/$1/grants" kms:ListGrants '' .Grants kms list-grants --region "$region" --key-id "$1" || true
	ask "[\"resource_policies\", \"$1\"]" "resource_policies/$1" kms:GetKeyPolicy '' .Policy \
		kms get-key-policy --region "$region" --key-id "$1" --policy-name default || true
}

# bucket NAME: what S3 says of a bucket. One that refuses the caller is there.
bucket() {
	if ! ask "[\"buckets\", \"$1\"]" "buckets/$1" s3:ListBucket 404 '{BucketRegion}' s3api head-bucket --bucket "$1"; then
		[ "$code" != AccessDenied ] || echo '{}' | put "[\"buckets\", \"$1\"]" .
	fi
	[ "$(cat "$work/answer")" != null ] || return 0
	ask "[\"buckets\", \"$1\", \"Account\"]" "buckets/$1/account" s3:ListBucket '' "\"$account\"" \
		s3api head-bucket --bucket "$1" --expected-bucket-owner "$account" || return 0
	ask "[\"resource_policies\", \"arn:$partition:s3:::$1\"]" "resource_policies/arn:$partition:s3:::$1" s3:GetBucketPolicy \
		NoSuchBucketPolicy .Policy s3api get-bucket-policy --bucket "$1" || true
	ask "[\"buckets\", \"$1\", \"OwnershipControls\"]" "buckets/$1/ownership" s3:GetBucketOwnershipControls \
		OwnershipControlsNotFoundError .OwnershipControls s3api get-bucket-ownership-controls --bucket "$1" || true
	ask "[\"buckets\", \"$1\", \"PublicAccessBlockConfiguration\"]" "buckets/$1/public-access-block" s3:GetBucketPublicAccessBlock \
		NoSuchPublicAccessBlockConfiguration .PublicAccessBlockConfiguration s3api get-public-access-block --bucket "$1" || true
	ask "[\"buckets\", \"$1\", \"ServerSideEncryptionConfiguration\"]" "buckets/$1/encryption" s3:GetEncryptionConfiguration \
		ServerSideEncryptionConfigurationNotFoundError .ServerSideEncryptionConfiguration s3api get-bucket-encryption --bucket "$1" || return 0
	jq -r '.ServerSideEncryptionConfiguration.Rules[]?.ApplyServerSideEncryptionByDefault.KMSMasterKeyID // empty' <"$work/answer" >"$work/keys"
	while read -r arn; do
		case $arn in arn:*:key/*) key "$arn" ;; esac
	done <"$work/keys"
}

must sts get-caller-identity
account=$(jq -r .Account "$work/answer")
caller=$(jq -r .Arn "$work/answer")
partition=$(echo "$caller" | cut -d: -f2)
put '["taken_by"]' '{Account, Arn, UserId}' <"$work/answer"

must iam get-account-authorization-details --filter Role LocalManagedPolicy AWSManagedPolicy
put "[\"iam\", \"$account\"]" '{RoleDetailList, Policies, Whole: ["RoleDetailList", "Policies"]}' <"$work/answer"
if ask "[\"iam\", \"$account\", \"InstanceProfiles\"]" "iam/$account/instance-profiles" iam:ListInstanceProfiles '' .InstanceProfiles iam list-instance-profiles; then
	put "[\"iam\", \"$account\", \"Whole\"]" '["InstanceProfiles", "Policies", "RoleDetailList"]' <"$work/answer"
fi

for name in "$@"; do
	bucket "$name"
done

jq -s --arg taken_at "$taken_at" --arg endpoint "${AWS_ENDPOINT_URL:-}" \
	'reduce .[] as $fact ({version: 1, taken_at: $taken_at}; setpath($fact.at; $fact.value)) | if $endpoint == "" then . else .endpoint = $endpoint end' \
	"$work/facts"
