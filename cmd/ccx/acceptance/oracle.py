"""The published client as an oracle: reads texts on stdin, a JSON string a line, and answers each with a line: the request
body that the client's own code would send for it, {"legacy", "config"}, or its refusal, {"legacy", "error"}. Only the
network is replaced. A text with a key that only the legacy schema has is given to the legacy command."""

import io
import json
import os
import sys
import tempfile
from types import SimpleNamespace
from unittest import mock

import yaml
from anyscale.client.openapi_client.api_client import ApiClient
from anyscale.compute_config._private.compute_config_sdk import PrivateComputeConfigSDK
from anyscale.compute_config.models import compute_config_type_from_yaml
from anyscale.controllers import compute_config_controller
from anyscale.job.models import JobConfig
from anyscale.schedule.models import ScheduleConfig
from anyscale.service.models import ServiceConfig
from anyscale.workspace.models import WorkspaceConfig

LEGACY_KEYS = {"head_node_type", "worker_node_types", "cloud_id", "allowed_azs"}
CARRIER_KEYS = {"compute_config", "job_config", "applications", "entrypoint"}
HEAD = SimpleNamespace(instance_type="m5.2xlarge")
DEFAULT = SimpleNamespace(config=SimpleNamespace(head_node_type=HEAD, flags=None))


def body(model):
    """What goes over the wire; fails as the client does on what JSON can't hold."""
    return json.loads(json.dumps(ApiClient().sanitize_for_serialization(model)), parse_constant=str)


def load(path, top):
    """The compute config in a file of the new schema, on its own or carried by a job, a service and so on."""
    if not isinstance(top, dict) or not CARRIER_KEYS & top.keys():
        return compute_config_type_from_yaml(path)
    if "job_config" in top:
        config = ScheduleConfig.from_yaml(path).job_config.compute_config
    elif "applications" in top:
        config = ServiceConfig.from_yaml(path).compute_config
    elif "entrypoint" in top:
        config = JobConfig.from_yaml(path).compute_config
    else:
        config = WorkspaceConfig.from_yaml(path).compute_config
    if config is None or isinstance(config, str):
        raise ValueError("no compute config is written here")
    return config


def send_new(text, top):
    with tempfile.NamedTemporaryFile(suffix=".yaml") as f:
        f.write(text)
        f.flush()
        config = load(f.name, top)
    sent = []
    client = mock.Mock()
    client.get_cloud_id.return_value = "cld_1"
    client.get_cloud_resource_by_name.return_value = None
    client.get_default_compute_config.return_value = DEFAULT
    client.create_compute_config.side_effect = lambda c, name: sent.append(c) or ("train:1", "cpt_1")
    PrivateComputeConfigSDK(client=client).create_compute_config(config, name="train")
    return body(sent[0])


def send_legacy(text, _):
    sent = []

    def create(request):
        sent.append(request.config)
        return SimpleNamespace(result=SimpleNamespace(id="cpt_1", name="train", version=1))

    controller = compute_config_controller.ComputeConfigController(initialize_auth_api_client=False)
    api = SimpleNamespace(create_cluster_compute=create)
    with (
        mock.patch.object(type(controller), "anyscale_api_client", api),
        mock.patch.object(compute_config_controller, "get_cloud_id_and_name", return_value=("cld_1", "c")),
    ):
        controller.create(io.BytesIO(text), "train")
    return body(sent[0])


def top_of(text):
    try:
        return yaml.safe_load(text)
    except Exception:
        return None


def answer(line):
    text = json.loads(line).encode("utf-8", "surrogatepass")
    top = top_of(text)
    legacy = isinstance(top, dict) and bool(LEGACY_KEYS & top.keys())
    try:
        return {"legacy": legacy, "config": (send_legacy if legacy else send_new)(text, top)}
    except Exception as e:  # whatever the client raises, it refuses
        return {"legacy": legacy, "error": f"{type(e).__name__}: {e}"[:500]}


answers = os.fdopen(os.dup(1), "w")  # the client prints to stdout as it pleases
os.dup2(2, 1)
for line in sys.stdin:
    print(json.dumps(answer(line)), file=answers)
