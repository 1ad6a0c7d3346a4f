"""The containers of deploy/kubernetes under the limits that their manifests set, without a cluster."""

from __future__ import annotations

from typing import Any

import pytest

from tests.containers.engine import Container, podman
from tests.test_kubernetes import POD, SERVER, the

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


def limits(pod: dict[str, Any], container: dict[str, Any]) -> list[str]:
    """A manifest's limits, as options of podman."""
    user, group = pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]
    memory = container["resources"]["limits"]["memory"].removesuffix("Mi")
    assert container["securityContext"]["readOnlyRootFilesystem"]
    return [
        "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
        "--user", f"{user}:{group}", "--memory", f"{memory}m",
    ]  # fmt: skip


@pytest.fixture
def store(image, tmp_path):
    pod = the("StatefulSet", "mockface-store")["spec"]["template"]["spec"]
    (redis,) = pod["containers"]
    volume = f"--volume={tmp_path}:{redis['volumeMounts'][0]['mountPath']}:U"
    running = Container.start(
        f"docker.io/library/{redis['image']}", volume, *limits(pod, redis), command=tuple(redis["command"])
    )
    yield running, redis
    running.remove()


def test_the_containers_run_read_only_as_their_users_and_have_what_their_probes_call(store, run):
    redis, manifest = store  # its network is the server's: it is set up first, and removed last
    assert redis.does(*manifest["readinessProbe"]["exec"]["command"]).stdout.strip() == "PONG"
    assert redis.does("redis-cli", "config", "get", "appendfsync").stdout.split() == ["appendfsync", "always"]
    network = f"--network=container:{redis.name}"
    server = run(*limits(POD, SERVER), network, "--env", "MOCKFACE_STORE=redis://127.0.0.1:6379/0")
    server.wait()
    server.does(*SERVER["lifecycle"]["preStop"]["exec"]["command"])
    podman("stop", "--time", str(POD["terminationGracePeriodSeconds"]), server.name)
    assert server.state("State.ExitCode") == "0"
