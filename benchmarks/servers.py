"""Start what is measured, each in a process of its own on a free port of 127.0.0.1, and look at its memory and CPU.

Linux only: figures are read from /proc. The process of the server is pinned to one core and the load to the other.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HERE = Path(__file__).parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
MIB = 1024 * 1024
TICKS = os.sysconf("SC_CLK_TCK")
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("MOCKFACE_") and not name.lower().endswith("_proxy") and name != "PYTHONDONTWRITEBYTECODE"
}
"""Without what would make mockface another one, and with byte code, which pip writes when it installs.

Compiling a checkout anew at each start, as Python must where it may not write byte code, took 32 ms of 148 ms.
"""


def pinned(command: Sequence[str], core: int) -> list[str]:
    """The command, held to one core where there are two."""
    return ["taskset", "-c", str(core), *command] if len(CORES) > 1 else list(command)


@dataclass
class Process:
    """A running server: where it listens, what it costs."""

    process: subprocess.Popen[bytes]
    url: str
    began: float

    @property
    def pid(self) -> int:
        """Its process; taskset becomes the server, so there is only one."""
        return self.process.pid

    def rss_bytes(self) -> int:
        """Memory that it holds now."""
        return self._status("VmRSS")

    def peak_bytes(self) -> int:
        """The most memory that it held since it started or since `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Count the peak from now on."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def cpu_seconds(self) -> float:
        """CPU time that it has used, its own and the kernel's for it."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def _status(self, name: str) -> int:
        found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)
        assert found, f"/proc/{self.pid}/status has no {name}"
        return int(found[1]) * 1024

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def launch(
    command: Sequence[str], *, cwd: Path, environment: dict[str, str] | None = None, log: IO[bytes] | None = None
) -> Process:
    """Start a server that prints the URL that it listens on, and wait for that line. Its log goes to a file, if any."""
    began = time.perf_counter()
    process = subprocess.Popen(
        pinned(command, SERVER_CORE), stdout=subprocess.PIPE, stderr=log or subprocess.DEVNULL, cwd=cwd,
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1", **(environment or {})},
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(rb"http://127\.0\.0\.1:\d+", line)
        if found:
            return Process(process, found[0].decode(), began)
    raise SystemExit(f"{' '.join(command)} ended with {process.wait()} before it said where it listens")


@dataclass(frozen=True)
class Checkout:
    """The mockface to measure: the folder that holds the package `mockface`, and the Python that runs it."""

    folder: Path
    python: str = sys.executable

    def command(self, *arguments: str) -> list[str]:
        """`mockface …` of this checkout."""
        return [self.python, "-m", "mockface", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """Puts the checkout's package before an installed one."""
        return {"PYTHONPATH": str(self.folder)}

    @property
    def whole_environment(self) -> dict[str, str]:
        """The environment of a process that imports the checkout's package."""
        return {**ENVIRONMENT, **self.environment}

    def pinned(self, *command: str) -> list[str]:
        """A command held to the server's core."""
        return pinned(command, SERVER_CORE)

    def run(self, *arguments: str) -> str:
        """What a small command prints."""
        done = subprocess.run(
            self.command(*arguments), check=True, capture_output=True, text=True, cwd=self.folder,
            env=self.whole_environment,
        )  # fmt: skip
        return done.stdout.strip()

    def python_prints(self, code: str, *arguments: str, given: bytes) -> str:
        """What some Python with the checkout's package prints for this input."""
        done = subprocess.run(
            [self.python, "-c", code, *arguments], check=True, capture_output=True, input=given, cwd=self.folder,
            env=self.whole_environment,
        )  # fmt: skip
        return done.stdout.decode()

    def serve(self, *flags: str, log: IO[bytes] | None = None) -> Process:
        """A server of this checkout."""
        line = self.command("serve", "--port", "0", *flags)
        return launch(line, cwd=self.folder, environment=self.environment, log=log)

    def bare(self, answer_bytes: int, *flags: str) -> Process:
        """The bare ASGI app, on the same Python and the same uvicorn."""
        return launch([self.python, str(HERE / "bare.py"), str(answer_bytes), *flags], cwd=HERE)

    def form(self) -> Process:
        """The FastAPI app that takes a form, on the same Python and the same uvicorn."""
        return launch([self.python, "-m", "benchmarks.form"], cwd=HERE.parent)


def post(url: str, content_type: str, authorization: str, content: bytes) -> tuple[int, bytes]:
    """One call: its HTTP status and body. Raises OSError."""
    headers = {"Content-Type": content_type, "Authorization": authorization}
    return post_with(f"{url}/face/idcardcompare", content, headers)


def post_with(url: str, content: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """A POST with these headers: its HTTP status and body. Raises OSError."""
    request = urllib.request.Request(url, content, dict(headers))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return answer.status, answer.read()
