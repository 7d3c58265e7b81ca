"""Plays calls with boto3 against a MiniStack server: reads {"endpoint", "calls"} on stdin, makes the calls in order and
prints for each "" or the error's code ("codes"), and the credentials ("saved"). A call is made as an account's root user ("as" is 12 digits) or with the
credentials that an earlier call saved under a name ("save"). A parameter may be a text that an earlier call returned:
"keep" is its name and the way to it, and "$NAME" stands for it."""

import json
import sys

import boto3
import botocore.config
import botocore.exceptions

CONFIG = botocore.config.Config(
    region_name="us-west-2", retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, parameter_validation=False
)


def filled(value, kept):
    if isinstance(value, dict):
        return {k: filled(v, kept) for k, v in value.items()}
    if isinstance(value, list):
        return [filled(v, kept) for v in value]
    return kept.get(value, value) if isinstance(value, str) else value


def main():
    script = json.load(sys.stdin)
    known, kept, clients, codes = {}, {}, {}, []

    def client(who, service):
        if (who, service) not in clients:
            c = known.get(who) or {"AccessKeyId": who, "SecretAccessKey": "test", "SessionToken": None}
            clients[who, service] = boto3.client(
                service,
                endpoint_url=script["endpoint"],
                config=CONFIG,
                aws_access_key_id=c["AccessKeyId"],
                aws_secret_access_key=c["SecretAccessKey"],
                aws_session_token=c["SessionToken"],
            )
        return clients[who, service]

    for call in script["calls"]:
        parameters = filled(call["parameters"], kept)
        try:
            answer = getattr(client(call["as"], call["service"]), call["operation"])(**parameters)
        except botocore.exceptions.ClientError as e:
            codes.append(e.response["Error"]["Code"])
            continue
        if call.get("save"):
            known[call["save"]] = answer["Credentials"]
        if call.get("keep"):
            name, *way = call["keep"]
            for step in way:
                answer = answer[step]
            kept["$" + name] = answer
        codes.append("")
    json.dump({"codes": codes, "saved": known}, sys.stdout, default=str)


main()
