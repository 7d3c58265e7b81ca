"""What `anyscale cloud verify` answers: reads {"facts", "bucket", "region", "account", "role", "control", "profile"} on stdin,
a JSON object a line, makes the facts in moto, runs the client's own verification of roles and of the bucket on them, and
answers each with a line: {"roles": [...], "bucket": [...]}, what it logged as [level, text], the last of them its result.
Only AWS is replaced. Where the facts hold no control-plane role, one is made of the client's own policies."""

import json
import os
import sys

os.environ.update(AWS_ACCESS_KEY_ID="any", AWS_SECRET_ACCESS_KEY="any")

import boto3
from anyscale import aws_iam_policies as own
from anyscale.cli_logger import CloudSetupLogger
from anyscale.cloud_resource import verify_aws_iam_roles, verify_aws_s3
from moto import mock_aws

ANYSCALE = "525325868955"
SESSION = boto3.Session(region_name="us-west-2")  # one for all: each new one would read boto's models again


class Log(CloudSetupLogger):
    """The client's logger, which says here what it would say on the screen."""

    def __init__(self):
        super().__init__()
        self.said = []

    def info(self, *text, **_):
        pass

    def warning(self, *text, **_):
        self.said.append(["warning", " ".join(map(str, text))])

    def error(self, *text, **_):
        self.said.append(["error", " ".join(map(str, text))])

    print_red_error_message = info
    confirm_missing_permission = info


def client(service, account, region):
    os.environ["MOTO_ACCOUNT_ID"] = account
    return SESSION.client(service, region_name=region)


def make_role(iam, role):
    path = role.get("Path", "/")
    iam.create_role(RoleName=role["RoleName"], Path=path, AssumeRolePolicyDocument=json.dumps(role["AssumeRolePolicyDocument"]))
    for p in role.get("RolePolicyList") or []:
        iam.put_role_policy(RoleName=role["RoleName"], PolicyName=p["PolicyName"], PolicyDocument=json.dumps(p["PolicyDocument"]))
    for p in role.get("InstanceProfileList") or []:
        iam.create_instance_profile(InstanceProfileName=p["InstanceProfileName"], Path=path)
        iam.add_role_to_instance_profile(InstanceProfileName=p["InstanceProfileName"], RoleName=role["RoleName"])
    for p in role.get("AttachedManagedPolicies") or []:
        iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=p["PolicyArn"])


def make_control(iam, name):
    """As `anyscale cloud setup` does."""
    trust = own.get_anyscale_aws_iam_assume_role_policy(anyscale_aws_account=ANYSCALE)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    for i, p in enumerate((own.ANYSCALE_IAM_PERMISSIONS_EC2_STEADY_STATE, own.ANYSCALE_IAM_PERMISSIONS_SERVICE_STEADY_STATE)):
        iam.put_role_policy(RoleName=name, PolicyName=f"own-{i}", PolicyDocument=json.dumps(p))


def make(case):
    facts, region = case["facts"], case["region"]
    names = set()
    for account, part in facts["iam"].items():
        iam = client("iam", account, region)
        for p in part.get("Policies") or []:
            if ":iam::aws:" not in p["Arn"]:
                text = p["PolicyVersionList"][0]["Document"]
                iam.create_policy(PolicyName=p["PolicyName"], PolicyDocument=json.dumps(text))
        for role in part["RoleDetailList"]:
            make_role(iam, role)
            names.add(role["Arn"])
    if case["control"] not in names:
        make_control(client("iam", case["account"], region), case["control"].split("/")[-1])
    for name, bucket in facts["buckets"].items():
        if bucket is None:
            continue
        s3 = client("s3", bucket["Account"], bucket["BucketRegion"])
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": bucket["BucketRegion"]})
        policy = facts["resource_policies"].get("arn:aws:s3:::" + name)
        if policy:
            s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))


def run(case, check, **more):
    log = Log()
    os.environ["MOTO_ACCOUNT_ID"] = case["account"]
    roles = {"control_plane_role": case["control"], "data_plane_role": case["role"]}
    try:
        result = check(**roles, boto3_session=SESSION, logger=log, strict=False, **more)
    except Exception as e:  # whatever the client raises, its user sees
        result = f"{type(e).__name__}: {e}"
    return [*log.said, ["result", str(result)]]


def answer(case):
    managed = ":iam::aws:policy/" in json.dumps(case["facts"])  # moto takes a second to load AWS's own policies
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = str(managed).lower()
    with mock_aws():
        make(case)
        roles = run(
            case, verify_aws_iam_roles, anyscale_aws_account=ANYSCALE, cloud_id="cld_abc123",
            cluster_instance_profile_arn=case["profile"],
        )
        bucket = run(case, verify_aws_s3, aws_s3_id="arn:aws:s3:::" + case["bucket"], region=case["region"])
        return {"roles": roles, "bucket": bucket}


answers = os.fdopen(os.dup(1), "w")  # the client prints to stdout as it pleases
os.dup2(2, 1)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=answers, flush=True)
