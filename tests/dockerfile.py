"""A Dockerfile, taken apart, and its steps performed by hand: no container engine is at hand.

A folder stands for the image's root. The paths that the file names are looked for below it; the base image's Python is
this machine's. Everything runs in mount and process namespaces of its own, so nothing of the machine is changed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

BASE_PYTHON = "/mnt"
"""Where the base image's Python stands in the namespaces: a path that every user may enter."""
_ROOTED = re.compile(r"(?<![\w./-])/(?=(?:src|wheels|scenarios|certs|opt/mockface|usr/local)(?:[/\s:\"'*)]|$))")


@dataclass
class Image:
    """What a Dockerfile says of its last stage."""

    environment: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    health_options: dict[str, str] = field(default_factory=dict)


def instructions(text: str) -> list[tuple[str, str]]:
    """The file's instructions: the word and the rest, comments gone and continued lines joined."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [tuple(line.split(None, 1)) for line in joined.splitlines() if line.strip()]  # type: ignore[misc]


def image_of(text: str) -> Image:
    """The settings of the last stage."""
    image = Image()
    for word, rest in instructions(text):
        if word == "FROM":
            image = Image()
        elif word in ("ENV", "LABEL"):
            pairs = dict(pair.split("=", 1) for pair in shlex.split(rest))
            (image.environment if word == "ENV" else image.labels).update(pairs)
        elif word == "USER":
            image.user = rest
        elif word == "ENTRYPOINT":
            image.entrypoint = json.loads(rest)
        elif word == "CMD":
            image.command = json.loads(rest)
        elif word == "HEALTHCHECK":
            options, _, command = rest.partition(" CMD ")
            image.health = json.loads(command)
            image.health_options = dict(option.removeprefix("--").split("=") for option in options.split())
    return image


class Build:
    """An image built by hand in a folder."""

    def __init__(self, context: Path, folder: Path) -> None:
        if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv", "ip"))):
            pytest.skip("to perform the Dockerfile's steps takes root, and the programs unshare, setpriv and ip")
        self.root = folder / "root"
        self.root.mkdir(parents=True)
        text = (context / "Dockerfile").read_text(encoding="utf-8")
        self.image = image_of(text)
        workdir = self.root
        for word, rest in instructions(text):
            if word == "WORKDIR":
                workdir = self.root / rest.lstrip("/")
                workdir.mkdir(parents=True, exist_ok=True)
            elif word == "COPY" and not rest.startswith("--from="):
                # Stages share the folder, so what one stage takes from another is there already.
                *sources, target = rest.split()
                for source in sources:
                    self._copy(context / source, workdir / target, many=len(sources) > 1)
            elif word == "RUN":
                self._perform(self.rooted(rest), workdir)

    def rooted(self, text: str) -> str:
        """The text with the paths of the image below the folder."""
        return _ROOTED.sub(f"{self.root}/", text)

    @staticmethod
    def _copy(source: Path, target: Path, *, many: bool) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / source.name if many else target)

    def _perform(self, command: str, folder: Path) -> None:
        environment = {
            **os.environ,
            "PATH": f"{BASE_PYTHON}/bin:{os.environ['PATH']}",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        environment.pop("PYTHONPATH", None)
        environment.pop("VIRTUAL_ENV", None)
        script = f"mount --bind {shlex.quote(sys.base_prefix)} {BASE_PYTHON}\ncd {shlex.quote(str(folder))}\n{command}"
        done = subprocess.run(
            ["unshare", "--mount", "bash", "-ec", script], env=environment, capture_output=True, text=True, check=False,
            timeout=100,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

    def run(self, script: str, hosts: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a bash script as the image's user, on a read-only file system, in a network and a process list of its own.

        Process 1 is bash as root, which prepares; the script sees the image's environment and these variables.
        """
        hosts_file = self.root.parent / "hosts"
        hosts_file.write_text(f"127.0.0.1 localhost {hosts}\n", encoding="utf-8")
        uid, gid = self.image.user.split(":")
        environment = {**self.image.environment, **variables}
        environment = {name: self.rooted(value) for name, value in environment.items()}
        # The stand-in for the base image's Python may have its library by a path that this user may not enter.
        environment["LD_LIBRARY_PATH"] = f"{BASE_PYTHON}/lib"
        prepare = [
            "ip link set lo up",
            "mount -t proc proc /proc",
            "echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start",
            f"mount --bind {shlex.quote(sys.base_prefix)} {BASE_PYTHON}",
            f"mount --bind {shlex.quote(str(hosts_file))} /etc/hosts",
            f"mount --bind {self.root}/certs {self.root}/certs",
            "mount -o remount,bind,ro /",
            "cd /",
        ]
        given = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        as_user = f"setpriv --reuid {uid} --regid {gid} --clear-groups --no-new-privs env -i {given} bash -ec"
        return subprocess.run(
            ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "bash", "-ec",
             "\n".join([*prepare, f"exec {as_user} {shlex.quote(script)}"])],
            capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip
