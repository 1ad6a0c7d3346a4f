"""Load from wrk, and what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import HERE, LOAD_CORE, Process, pinned
from benchmarks.workloads import Body

PATH = "/face/idcardcompare"


@dataclass(frozen=True)
class Run:
    """One run of the generator. `cpu_us` is CPU time of the server for each request, in microseconds."""

    requests: int
    seconds: float
    non_2xx: int
    socket_errors: int
    p50_us: int
    p99_us: int
    max_us: int
    cpu_us: float

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


class Load:
    """Requests of one kind to a path, kept in files for wrk. `headers` replace the Authorization."""

    def __init__(
        self, authorization: str, *bodies: Body, path: str = PATH, headers: Mapping[str, str] | None = None
    ) -> None:
        self._path = path
        self._folder = tempfile.TemporaryDirectory(prefix="mockface-bench-")
        folder = Path(self._folder.name)
        self._head = folder / "head"
        told = {"Content-Type": bodies[0].content_type, **(headers or {"Authorization": authorization})}
        self._head.write_text("".join(f"{name}: {value}\n" for name, value in told.items()))
        self._files = [self._head]
        for at, body in enumerate(bodies):
            self._files.append(folder / f"body-{at}")
            self._files[-1].write_bytes(body.content)

    def command(self, url: str, connections: int, seconds: float) -> list[str]:
        """The command line of wrk for this load."""
        wrk = ["wrk", "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s", "--timeout", "10s"]
        wrk += ["-s", str(HERE / "wrk.lua"), f"{url}{self._path}", "--", *map(str, self._files)]
        return pinned(wrk, LOAD_CORE)

    def start(self, url: str, connections: int, seconds: float, *, check: bool = False) -> subprocess.Popen[str]:
        """Begin a run."""
        environment = {**os.environ, "BENCH_CHECK": "1"} if check else None
        return subprocess.Popen(
            self.command(url, connections, seconds), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=environment,
        )  # fmt: skip

    def check(self, url: str, connections: int = 4) -> int:
        """Look at every answer for a second: all must be HTTP 200 with code 0. How many were looked at."""
        found = result_of(self.start(url, connections, 1, check=True))
        if found["wrong"] or found["socket_errors"] or not found["looked_at"]:
            raise SystemExit(f"the answers of {url} are not what is to be measured: {found}")
        return int(found["looked_at"])

    def run(self, server: Process, connections: int, seconds: float) -> Run:
        """One measured run."""
        before = server.cpu_seconds()
        found = result_of(self.start(server.url, connections, seconds))
        spent = server.cpu_seconds() - before
        if found["socket_errors"] or found["non_2xx"]:
            raise SystemExit(f"the run against {server.url} had faults: {found}")
        return Run(
            int(found["requests"]), found["seconds"], int(found["non_2xx"]), int(found["socket_errors"]),
            int(found["p50_us"]), int(found["p99_us"]), int(found["max_us"]),
            spent / max(found["requests"], 1) * 1e6,
        )  # fmt: skip


def result_of(running: subprocess.Popen[str]) -> dict[str, float]:
    """What a run of wrk printed at its end."""
    printed, _ = running.communicate()
    lines: Sequence[str] = [line for line in printed.splitlines() if line.startswith("RESULT ")]
    if not lines:
        raise SystemExit(f"wrk failed ({running.returncode}):\n{printed}")
    result: dict[str, float] = json.loads(lines[0].removeprefix("RESULT "))
    return result
