"""Makes a small AWS in moto: reads {"endpoint", "accounts", "calls"} on stdin, plays the calls in order with boto3, each
as its account, and prints the credentials that stand for each account."""

import json
import sys

import boto3

REGION = "us-west-2"


def session(endpoint, account):
    """Credentials that moto binds to the account: those of an assumed role of it."""
    sts = boto3.client(
        "sts", endpoint_url=endpoint, region_name=REGION, aws_access_key_id="any", aws_secret_access_key="any"
    )
    role = f"arn:aws:iam::{account}:role/caller"
    return sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]


def main():
    world = json.load(sys.stdin)
    credentials = {account: session(world["endpoint"], account) for account in world["accounts"]}
    clients = {}
    for call in world["calls"]:
        key = call["account"], call["service"]
        if key not in clients:
            c = credentials[call["account"]]
            clients[key] = boto3.client(
                call["service"],
                endpoint_url=world["endpoint"],
                region_name=REGION,
                aws_access_key_id=c["AccessKeyId"],
                aws_secret_access_key=c["SecretAccessKey"],
                aws_session_token=c["SessionToken"],
            )
        getattr(clients[key], call["operation"])(**call["parameters"])
    json.dump(credentials, sys.stdout, default=str)


main()
