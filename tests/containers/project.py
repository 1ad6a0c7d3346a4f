"""A compose file of the repository as the tests bring it up: by podman-compose, beside others of the same machine."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

from tests.containers.engine import ENVIRONMENT, Container, podman


class Project:
    """A compose file with its image replaced by the one under test, in a folder and under a name of its own."""

    def __init__(self, file: Path, folder: Path, image: str) -> None:
        self.name = f"mockface-test-{secrets.token_hex(4)}"
        self.image = image
        self._subnet = f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}."
        whole = yaml.safe_load(self._apart(file))
        self.services = whole["services"]
        for service in self.services.values():
            if service.get("image") == "mockface" or service.pop("build", None):
                service["image"] = image
            for volume in service.get("volumes", []):
                if volume.startswith("./"):
                    self._mount(file.parent, folder, volume.split(":")[0])
        self.file = folder / "compose.yaml"
        self.file.write_text(yaml.safe_dump(whole), encoding="utf-8")

    def _apart(self, file: Path) -> str:
        """A file's text, with addresses that no other project on this machine has."""
        return file.read_text(encoding="utf-8").replace("10.86.41.", self._subnet)

    def _mount(self, beside: Path, folder: Path, path: str) -> None:
        """What is mounted, as it is beside the file; a folder that is its reader's to make is made and left empty."""
        if (beside / path).is_dir():
            shutil.copytree(beside / path, folder / path, dirs_exist_ok=True)
        elif (beside / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(self._apart(beside / path), encoding="utf-8")
        else:
            (folder / path).mkdir(exist_ok=True)

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

    def up(self, *services: str) -> None:
        """Start these services; those with a health check of their own first, and wait until each is well.

        podman before 4.6 does not wait for what a service depends on.
        """
        checked = [name for name in services if "healthcheck" in self.services[name]]
        for some in filter(None, (checked, [name for name in services if name not in checked])):
            done = self.does("up", "--detach", "--no-recreate", *some)
            assert done.returncode == 0, done.stdout + done.stderr
            for name in set(some).intersection(checked):
                until = time.monotonic() + 30
                while self.container(name).health() != 0:
                    assert time.monotonic() < until, podman("logs", self.container(name).name).stderr
                    time.sleep(0.1)

    def servers(self) -> list[str]:
        """The services that serve mockface."""
        plain = (name for name, one in self.services.items() if one["image"] == self.image and "entrypoint" not in one)
        return [name for name in plain if self.services[name].get("command", ["serve"])[0] == "serve"]

    def container(self, service: str) -> Container:
        label = f"label=com.docker.compose.service={service}"
        project = f"label=com.docker.compose.project={self.name}"
        return Container(podman("ps", "--all", "--quiet", "--filter", project, "--filter", label).stdout.split()[0])

    def end(self) -> None:
        self.does("down", "--volumes", "--timeout", "2")
