"""podman as the tests use it: builds the image once for each content, starts containers of it, and asks them.

What comes in are podman's words; what goes out is what it printed. It knows nothing of what a test wants to be so.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockface.network.client import Client
from tests.conftest import HERE
from tests.making import json_body, sign_now

TOP = HERE.parent
DOCKERFILE = TOP / "Dockerfile"
BASE = "docker.io/library/" + DOCKERFILE.read_text(encoding="utf-8").rpartition("\nFROM ")[2].split()[0]
LABEL = "mockface-under-test"
ENVIRONMENT = {**os.environ, "CONTAINERS_CONF": str(HERE / "containers" / "containers.conf")}


def podman(*words: str, check: bool = True, timeout: float = 100) -> subprocess.CompletedProcess[str]:
    """Run podman; without `check` its status is the caller's to read."""
    done = subprocess.run(
        ["podman", *words], env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=timeout
    )
    assert not check or done.returncode == 0, f"podman {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done


def _content() -> str:
    """A name for what the image is made of."""
    kept = [line[1:] for line in (TOP / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"]
    files = (file for name in ["Dockerfile", *kept] for file in [TOP / name, *sorted((TOP / name).rglob("*"))])
    digest = hashlib.sha256()
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            digest.update(f"{file.relative_to(TOP)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:20]


def build() -> str:
    """Build the image unless one of this content is there, and return its name. One process at a time builds.

    Without layers that are kept for a next build, and those of yesterday and before are removed: nothing piles up.
    """
    name = f"localhost/{LABEL}:{_content()}"
    with (Path(tempfile.gettempdir()) / f"{LABEL}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if podman("image", "exists", name, check=False).returncode != 0:
            podman("image", "prune", "--all", "--force", "--filter", f"label={LABEL}", "--filter", "until=24h")
            options = (
                "--format",
                "docker",
                "--network",
                "host",
                "--pull=never",
                "--layers=false",
                "--label",
                f"{LABEL}=",
            )
            podman("build", *options, "--tag", name, str(TOP), timeout=280)
    return name


@dataclass(frozen=True)
class Container:
    """A container that was started."""

    name: str

    @classmethod
    def start(cls, image: str, *options: str, command: tuple[str, ...] = ()) -> Container:
        """Start one in the background."""
        name = f"mockface-test-{secrets.token_hex(6)}"
        podman("run", "--detach", "--name", name, *options, image, *command)
        return cls(name)

    def does(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        return podman("exec", self.name, *command, check=check)

    def wait(self) -> None:
        """Return as soon as it serves."""
        done = self.does("mockface", "health", "--wait", "60", check=False)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{podman('logs', self.name, check=False).stderr}"

    def health(self) -> int:
        """The status of the image's own HEALTHCHECK."""
        return podman("healthcheck", "run", self.name, check=False).returncode

    def url(self, port: int = 8641) -> str:
        """Where this port of it is reached from here."""
        return "http://" + podman("port", self.name, str(port)).stdout.strip()

    def remove(self) -> None:
        """End it and leave nothing of it."""
        podman("rm", "--force", "--volumes", "--time", "0", self.name, check=False)

    def state(self, field: str) -> str:
        """A field of what podman knows of it."""
        return podman("inspect", "--format", f"{{{{.{field}}}}}", self.name).stdout.strip()


def call(url: str, **changes: object) -> dict[str, Any]:
    """A signed call from this side of the container's network; the fields of its answer."""
    headers = {"Content-Type": "application/json", "Authorization": sign_now()}
    reply = Client(url).send("POST", "/face/idcardcompare", json_body(**changes), headers)
    fields: dict[str, Any] = json.loads(reply.body)
    return fields
