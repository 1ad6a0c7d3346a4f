"""Each compose file of the repository, brought up as a whole, and the clients in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.containers.engine import TOP, Container, podman
from tests.containers.project import Project

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
FILES = sorted(file for pattern in ("compose*.y*ml", "examples/**/compose*.y*ml") for file in TOP.glob(pattern))


@pytest.fixture(params=FILES, ids=lambda file: str(file.relative_to(TOP)))
def project(request, tmp_path, image):
    folder = tmp_path / "project"
    folder.mkdir()
    made = Project(request.param, folder, image)
    yield made
    made.end()


def healthy(one: Container) -> None:
    """Wait until its health check is well. podman before 4.6, and without systemd, runs none by itself."""
    one.wait()
    assert one.health() == 0


def test_its_services_come_up_and_its_client_gets_through(project):
    clients = [name for name, service in project.services.items() if "doctor" in service.get("entrypoint", [])]
    assert clients
    others = [name for name in project.services if name not in clients]
    assert project.servers()
    project.up(*others)
    for name in project.servers():
        healthy(project.container(name))
    for name in clients:
        said = project.does("run", "--rm", "--no-deps", name)
        assert said.returncode == 0, said.stdout + said.stderr
        assert "a client here reaches mockface" in said.stdout


@pytest.mark.parametrize("project", [TOP / "compose.yaml"], indirect=True)
def test_the_keys_that_it_makes_are_for_the_images_user_alone(project):
    up = project.does("up", "--detach", "certificates")
    assert up.returncode == 0, up.stdout + up.stderr
    made = project.container("certificates")
    assert podman("wait", made.name).stdout.strip() == "0"
    volume = json.loads(podman("inspect", made.name).stdout)[0]["Mounts"][0]["Source"]
    keys = [file for file in Path(volume).iterdir() if "key" in file.name]
    assert [(file.stat().st_uid, oct(file.stat().st_mode & 0o777)) for file in keys] == [(10001, "0o600")] * 2
