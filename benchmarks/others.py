"""Other mock servers, where they are installed (`npm install` in benchmarks/npm): WireMock and Mockoon.

Each gets 60 stubs that match the ID number in a JSON body, as its users write them, and the load of `json-16`.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import workloads
from benchmarks.load import PATH, Load
from benchmarks.servers import ENVIRONMENT, HERE, SERVER_CORE, Checkout, Process, pinned, post
from benchmarks.workloads import APPID

INSTALLED = HERE / "npm" / "node_modules"
STUBS = 60
RUNS = 3
"""The best of so many runs counts: what else the machine does can only make one slower."""
ANSWER = '{"code":0,"message":"OK","data":{"session_id":"","similarity":92.5}}'
PATIENCE_SECONDS = 60


def measure(checkout: Checkout, authorization: str, *, seconds: float) -> dict[str, Any] | None:
    """Throughput, start and memory of each that is installed, and of mockface beside them; None without any."""
    numbers = [workloads.number_for(7, 1, sequence) for sequence in range(STUBS)]
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="mockface-bench-") as folder:
        for name, command in (("WireMock", _wiremock), ("Mockoon", _mockoon)):
            port = _free_port()
            line = command(Path(folder), port, numbers)
            if line:
                found[f"{name} {_version(name)}"] = _one(line, port, authorization, numbers[STUBS // 2], seconds)
        if found:
            file = Path(folder) / "sixty.yaml"
            lines = (f'  "{number}": {{ similarity: 92.5 }}\n' for number in numbers)
            file.write_text("scenarios:\n" + "".join(lines))
            port = _free_port()
            line = checkout.command("serve", "--scenarios", str(file), "--no-shipped", "--port", str(port))
            found["mockface"] = _one(line, port, authorization, numbers[STUBS // 2], seconds, checkout)
    return found or None


def _one(
    line: Sequence[str], port: int, authorization: str, number: str, seconds: float, checkout: Checkout | None = None
) -> dict[str, float]:
    body = workloads.small_json(APPID, number)
    began = time.perf_counter()
    process = subprocess.Popen(
        pinned(line, SERVER_CORE), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=checkout.whole_environment if checkout else ENVIRONMENT, cwd=checkout.folder if checkout else None,
    )  # fmt: skip
    with Process(process, f"http://127.0.0.1:{port}", began) as server:
        _wait(server, authorization, body)
        took = time.perf_counter() - began
        time.sleep(1)
        rest = server.rss_bytes()
        load = Load(authorization, body)
        load.check(server.url)
        load.run(server, 16, 2 * seconds)
        runs = [load.run(server, 16, seconds) for _ in range(RUNS)]
        return {
            **asdict(max(runs, key=lambda run: run.per_second)),
            "ms": took * 1000,
            "rss_bytes": rest,
            "peak_bytes": server.peak_bytes(),
        }


def _wait(server: Process, authorization: str, body: workloads.Body) -> None:
    """Ask until the answer is right."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and server.process.poll() is None:
        try:
            if b'"code":0,' in post(server.url, body.content_type, authorization, body.content)[1]:
                return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.01)
    raise SystemExit(f"{server.process.args!r} gave no right answer in {PATIENCE_SECONDS} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _version(name: str) -> str:
    package = {"WireMock": "wiremock", "Mockoon": "@mockoon/cli"}[name]
    return str(json.loads((INSTALLED / package / "package.json").read_text())["version"])


def _wiremock(folder: Path, port: int, numbers: Sequence[str]) -> list[str] | None:
    jars = sorted((INSTALLED / "wiremock").glob("build/*.jar"))
    java = shutil.which("java")
    if not jars or not java:
        return None
    root = folder / "wiremock"
    (root / "mappings").mkdir(parents=True)
    for number in numbers:
        pattern = {"matchesJsonPath": {"expression": "$.idcard_number", "equalTo": number}}
        stub = {
            "request": {"method": "POST", "url": PATH, "bodyPatterns": [pattern]},
            "response": {"status": 200, "body": ANSWER, "headers": {"Content-Type": "application/json; charset=utf-8"}},
        }
        (root / "mappings" / f"{number}.json").write_text(json.dumps(stub))
    return [java, "-jar", str(jars[0]), "--port", str(port), "--root-dir", str(root), "--bind-address", "127.0.0.1",
            "--max-request-journal-entries", "1000"]  # fmt: skip


def _mockoon(folder: Path, port: int, numbers: Sequence[str]) -> list[str] | None:
    program = INSTALLED / ".bin" / "mockoon-cli"
    if not program.exists() or not shutil.which("node"):
        return None
    responses = [
        {
            "uuid": str(uuid.uuid4()), "body": ANSWER, "latency": 0, "statusCode": 200, "bodyType": "INLINE",
            "headers": [{"key": "Content-Type", "value": "application/json; charset=utf-8"}], "default": not at,
            "rules": [
                {"target": "body", "modifier": "idcard_number", "value": number, "invert": False, "operator": "equals"}
            ],
        }
        for at, number in enumerate(numbers)
    ]  # fmt: skip
    route = {
        "uuid": str(uuid.uuid4()), "type": "http", "method": "post", "endpoint": PATH.lstrip("/"),
        "responses": responses,
    }  # fmt: skip
    environment = {
        "uuid": str(uuid.uuid4()), "name": "sixty", "port": port, "hostname": "127.0.0.1", "routes": [route],
        "rootChildren": [{"type": "route", "uuid": route["uuid"]}],
    }  # fmt: skip
    file = folder / "mockoon.json"
    file.write_text(json.dumps(environment))
    return [str(program), "start", "--data", str(file), "--repair", "--disable-log-to-file", "--disable-admin-api"]
