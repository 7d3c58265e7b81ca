"""Makes an organization in moto: reads {"endpoint", "management"} on stdin, prints the member account that it made and the
credentials that stand for it. A unit between the root and the member denies S3's DeleteObject."""

import json
import sys

import boto3

REGION = "us-west-2"
EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def main():
    world = json.load(sys.stdin)

    def client(service, **keys):
        return boto3.client(service, endpoint_url=world["endpoint"], region_name=REGION, **keys)

    def session(account):
        sts = client("sts", aws_access_key_id="any", aws_secret_access_key="any")
        return sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/caller", RoleSessionName="test")["Credentials"]

    def keys(c):
        return {
            "aws_access_key_id": c["AccessKeyId"],
            "aws_secret_access_key": c["SecretAccessKey"],
            "aws_session_token": c["SessionToken"],
        }

    boss = client("organizations", **keys(session(world["management"])))
    boss.create_organization(FeatureSet="ALL")
    root = boss.list_roots()["Roots"][0]["Id"]
    boss.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    member = boss.create_account(AccountName="member", Email="member@example.com")["CreateAccountStatus"]["AccountId"]
    unit = boss.create_organizational_unit(ParentId=root, Name="workloads")["OrganizationalUnit"]["Id"]
    boss.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    fence = boss.create_policy(
        Name="NoDeletes", Description="-", Type="SERVICE_CONTROL_POLICY",
        Content=policy({"Sid": "NobodyDeletes", "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}),
    )["Policy"]["PolicySummary"]["Id"]
    boss.attach_policy(PolicyId=fence, TargetId=unit)
    for target in (unit, member):
        attached = boss.list_policies_for_target(TargetId=target, Filter="SERVICE_CONTROL_POLICY")["Policies"]
        if not any(p["Id"] == "p-FullAWSAccess" for p in attached):  # AWS does so by itself
            boss.attach_policy(PolicyId="p-FullAWSAccess", TargetId=target)

    credentials = session(member)
    iam = client("iam", **keys(credentials))
    iam.create_role(RoleName="node", AssumeRolePolicyDocument=policy(EC2))
    iam.put_role_policy(
        RoleName="node", PolicyName="all",
        PolicyDocument=policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
    )
    iam.create_instance_profile(InstanceProfileName="node")
    iam.add_role_to_instance_profile(InstanceProfileName="node", RoleName="node")
    client("s3", **keys(credentials)).create_bucket(
        Bucket="member-bucket", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    json.dump({"member": member, "credentials": credentials}, sys.stdout, default=str)


main()
