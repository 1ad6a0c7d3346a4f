"""Real servers for the tests: `mockface serve` in a process of its own, on a free port."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.quick import pytest_configure

__all__ = ["pytest_configure"]

settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

if hasattr(signal, "SIGHUP"):
    # Under nohup it is ignored, and servers that tests start would inherit that.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Some machines, containers for the most part, forbid Python to keep what it compiled. Without it each of the hundreds of
# servers and commands that tests start compiles the whole package again, which is half of the time of its start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

TRUST_VARIABLES = {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}
CLEAN_ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("MOCKFACE_") and not name.lower().endswith("_proxy") and name not in TRUST_VARIABLES
}


LEAN_PYTEST = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p mockface -p xdist -p anyio"}
"""For a pytest that a test starts: the plugins of this project's own suite take longer to import than most tests."""
GO_CACHE = Path(tempfile.gettempdir()) / f"mockface-go-{os.getuid() if hasattr(os, 'getuid') else ''}"
"""What Go has compiled of its own library: without it each run compiles it again."""
HTTP = os.environ.get("TEST_HTTP", "")
"""What reads HTTP in every server that a test starts without saying so: `httptools`, `h11`, or `plain` (stock uvicorn)."""


@dataclass
class Server:
    """A running `mockface`: its address, and what it printed so far."""

    process: subprocess.Popen[str]
    url: str = ""
    https_url: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def start(*flags: str, command: Sequence[str] = (sys.executable, "-m", "mockface"), **options: Any) -> Server:
    """Start a server on a free port and wait until it says where it listens."""
    if HTTP and "--http" not in flags:
        flags = (*flags, "--http", HTTP)
    environment = {**CLEAN_ENVIRONMENT, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", *flags], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", env=environment, **options,
    )  # fmt: skip
    server = Server(process)
    printed: queue.Queue[str | None] = queue.Queue()

    def collect() -> None:
        assert process.stdout is not None
        with process.stdout as stdout:
            for line in stdout:
                server.lines.append(line.rstrip("\n"))
                printed.put(line)
        printed.put(None)

    threading.Thread(target=collect, daemon=True).start()
    deadline = time.monotonic() + 20
    while True:
        line = printed.get(timeout=max(deadline - time.monotonic(), 0.01))
        if line is None:
            raise AssertionError(f"the server ended with {process.wait()}:\n" + "\n".join(server.lines))
        found = re.match(r"mockface serves (http://\S+)", line)
        if found:
            server.url = found[1]
        secure = re.match(r"  and (https://\S+)", line)
        if secure:
            server.https_url = secure[1]
        if server.url and (server.https_url or not any(flag.startswith("--tls") for flag in flags)):
            return server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server with the settings that it has by default."""
    running = start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session", params=[HTTP] if HTTP else ["httptools", "h11"])
def any_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The same, on each HTTP parser."""
    running = start("--http", request.param)
    yield running
    assert running.stop() == 0


@pytest.fixture
def launch() -> Iterator[object]:
    """Start servers with flags of the test's own; they are stopped behind it."""
    running: list[Server] = []

    def with_flags(*flags: str, **options: Any) -> Server:
        running.append(start(*flags, **options))
        return running[-1]

    yield with_flags
    for one in running:
        if one.process.poll() is None:
            one.stop()


def program(name: str) -> str:
    """The path of a client's program; the test is skipped without it, or fails where all clients are demanded."""
    path = shutil.which(name)
    if path is None:
        if os.environ.get("TEST_ALL_CLIENTS"):
            pytest.fail(f"{name} is not installed, and TEST_ALL_CLIENTS demands it")
        pytest.skip(f"{name} is not installed here")
    return path


def mockface_on_path() -> str:
    """A PATH on which `mockface` is the one under test."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


HERE = Path(__file__).parent
