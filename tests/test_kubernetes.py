"""The manifests of deploy/kubernetes and compose.scale.yaml, as their files say it: valid, and held to image and code."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import Any

import kubernetes_validate
import pytest
import yaml

from mockface import __version__, settings
from mockface.network.client import Client
from mockface.network.storeurl import store_address
from tests.conftest import HERE, start
from tests.dockerfile import image_of
from tests.stores import Store

TOP = HERE.parent
FILES = sorted((TOP / "deploy" / "kubernetes").glob("*.yaml"))
MANIFESTS = [one for file in FILES for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))]
IMAGE = image_of((TOP / "Dockerfile").read_text(encoding="utf-8"))
COMPOSE = yaml.safe_load((TOP / "compose.scale.yaml").read_text(encoding="utf-8"))
VERSIONS = ("1.27", "1.31", kubernetes_validate.latest_version())
"""Kubernetes' own schemas that the manifests are judged by."""


def the(kind: str, name: str = "mockface") -> dict[str, Any]:
    (found,) = [one for one in MANIFESTS if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return dict(found)


WORKLOADS = [the("Deployment"), the("StatefulSet", "mockface-store")]
POD = the("Deployment")["spec"]["template"]["spec"]
(SERVER,) = POD["containers"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_what_kubernetes_published_schema_allows(version):
    assert len(MANIFESTS) == 6
    for one in MANIFESTS:
        kubernetes_validate.validate(one, version, strict=True)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda one: one["metadata"]["name"])
def test_a_pod_runs_as_no_root_writes_nothing_and_has_no_capability(workload):
    pod = workload["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"]
        assert container["resources"]["limits"]["memory"]
        assert ":latest" not in container["image"]


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda one: one["metadata"]["name"])
def test_a_service_finds_the_pods_and_their_port(workload):
    labels = workload["spec"]["template"]["metadata"]["labels"]
    service = the("Service", workload["metadata"]["name"])["spec"]
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    assert workload["spec"]["selector"]["matchLabels"] == service["selector"] == labels
    assert [port["targetPort"] for port in service["ports"]] == [port["name"] for port in container["ports"]]
    assert [port["port"] for port in service["ports"]] == [port["containerPort"] for port in container["ports"]]


def test_the_deployment_is_that_of_the_image():
    assert SERVER["image"].endswith(f"/mockface:{__version__}")
    assert SERVER["ports"][0]["containerPort"] == int(IMAGE.environment["MOCKFACE_PORT"])
    user, group = map(int, IMAGE.user.split(":"))
    assert (POD["securityContext"]["runAsUser"], POD["securityContext"]["runAsGroup"]) == (user, group)
    (mount,) = SERVER["volumeMounts"]
    assert mount["mountPath"] == IMAGE.environment["MOCKFACE_SCENARIOS_MOUNT"]
    assert mount["readOnly"] is True
    (volume,) = POD["volumes"]
    assert volume["name"] == mount["name"]
    assert the("ConfigMap", volume["configMap"]["name"])
    assert {one["name"] for one in SERVER["env"]} <= {settings.variable(row.name) for row in settings.TABLE}
    assert the("Deployment")["spec"]["replicas"] == 2


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda one: one["metadata"]["name"])
def test_no_variable_of_a_service_has_the_name_of_a_setting(workload):
    """The Service mockface gives pods MOCKFACE_PORT=tcp://10.0.0.1:8641, unless they refuse it."""
    assert workload["spec"]["template"]["spec"]["enableServiceLinks"] is False


def test_the_store_is_named_by_a_secret_and_writes_before_it_acknowledges():
    (reference,) = [one["valueFrom"]["secretKeyRef"] for one in SERVER["env"] if one["name"] == "MOCKFACE_STORE"]
    url = the("Secret", reference["name"])["stringData"][reference["key"]]
    service = the("Service", "mockface-store")
    assert store_address(url).shown == url
    assert f"//{service['metadata']['name']}:{service['spec']['ports'][0]['port']}/" in url
    store = the("StatefulSet", "mockface-store")["spec"]
    (redis,) = store["template"]["spec"]["containers"]
    assert redis["image"] == COMPOSE["services"]["store"]["image"]
    assert redis["command"] == COMPOSE["services"]["store"]["command"]
    assert "--appendonly yes --appendfsync always" in " ".join(redis["command"])
    assert redis["volumeMounts"][0]["name"] == store["volumeClaimTemplates"][0]["metadata"]["name"]
    assert redis["volumeMounts"][0]["mountPath"] in redis["command"]


def test_the_scenarios_of_the_configmap_are_without_a_mistake(tmp_path):
    for name, text in the("ConfigMap", "mockface-scenarios")["data"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mockface", "check", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_a_server_without_its_store_is_not_ready_and_is_not_restarted():
    store = Store()
    server = start("--store", store.url(), "--admin-token", "s3cr3t")
    try:
        client = Client(server.url)
        ready, alive = (SERVER[f"{name}Probe"]["httpGet"] for name in ("readiness", "liveness"))
        assert {ready["port"], alive["port"]} == {SERVER["ports"][0]["name"]}

        def status(probe: dict[str, str]) -> int:
            return client.send("GET", probe["path"], None, {}).status

        assert (status(ready), status(alive)) == (200, 200)
        store.kill()
        until = time.monotonic() + 15
        while status(ready) != 503:
            assert time.monotonic() < until
        assert status(alive) == 200
    finally:
        server.stop()
        store.end()


# compose.scale.yaml


def test_nginx_knows_each_server_of_compose_by_its_address():
    text = (TOP / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    servers = [one for one in COMPOSE["services"].values() if "MOCKFACE_STORE" in one.get("environment", {})]
    assert re.findall(r"^ +server (\S+)", text, re.MULTILINE)[: len(servers)] == [
        f"{one['networks']['default']['ipv4_address']}:{IMAGE.environment['MOCKFACE_PORT']}" for one in servers
    ]
    assert len(servers) == 2
    assert all(one["read_only"] for one in servers)


def test_nginx_closes_an_idle_connection_before_mockface_does():
    text = (TOP / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"keepalive_timeout (\d+)s;", text)
    assert float(seconds) < settings.Settings().idle_seconds
