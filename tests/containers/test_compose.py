"""Each compose file of the repository, brought up as a whole, and the clients in it."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.containers.engine import ENVIRONMENT, TOP, Container, podman

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
FILES = sorted(file for pattern in ("compose*.y*ml", "examples/**/compose*.y*ml") for file in TOP.glob(pattern))


class Project:
    """A compose file with its image replaced by the one under test, in a folder and under a name of its own."""

    def __init__(self, file: Path, folder: Path, image: str) -> None:
        self.name = f"mockface-test-{secrets.token_hex(4)}"
        self.image = image
        whole = yaml.safe_load(file.read_text(encoding="utf-8"))
        self.services = whole["services"]
        for service in self.services.values():
            if service.get("image") == "mockface" or service.pop("build", None):
                service["image"] = image
            for volume in service.get("volumes", []):
                if volume.startswith("./"):
                    self._mount(file.parent, folder, volume.split(":")[0])
        self.file = folder / "compose.yaml"
        self.file.write_text(yaml.safe_dump(whole), encoding="utf-8")

    @staticmethod
    def _mount(beside: Path, folder: Path, path: str) -> None:
        """What is mounted, as it is beside the file; a folder that is its reader's to make is made and left empty."""
        if (beside / path).is_dir():
            shutil.copytree(beside / path, folder / path)
        elif (beside / path).is_file():
            shutil.copy(beside / path, folder / path)
        else:
            (folder / path).mkdir()

    def does(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "podman_compose",
            "--file",
            str(self.file),
            "--project-name",
            self.name,
            *words,
        ]
        return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=120)

    def servers(self) -> list[str]:
        """The services that serve mockface."""
        plain = (name for name, one in self.services.items() if one["image"] == self.image and "entrypoint" not in one)
        return [name for name in plain if self.services[name].get("command", ["serve"])[0] == "serve"]

    def container(self, service: str) -> Container:
        label = f"label=com.docker.compose.service={service}"
        project = f"label=com.docker.compose.project={self.name}"
        return Container(podman("ps", "--all", "--quiet", "--filter", project, "--filter", label).stdout.split()[0])


@pytest.fixture(params=FILES, ids=lambda file: str(file.relative_to(TOP)))
def project(request, tmp_path, image):
    folder = tmp_path / "project"
    folder.mkdir()
    made = Project(request.param, folder, image)
    yield made
    made.does("down", "--volumes", "--timeout", "2")


def healthy(one: Container) -> None:
    """Wait until its health check is well. podman before 4.6, and without systemd, runs none by itself."""
    one.wait()
    assert one.health() == 0


def test_its_services_come_up_and_its_client_gets_through(project):
    clients = [name for name, service in project.services.items() if "doctor" in service.get("entrypoint", [])]
    assert clients
    others = [name for name in project.services if name not in clients]
    assert project.servers()
    up = project.does("up", "--detach", *others)
    assert up.returncode == 0, up.stdout + up.stderr
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
