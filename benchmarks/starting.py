"""How soon it is there: a server's first right answer, the small commands, and memory at rest."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

from benchmarks import workloads
from benchmarks.servers import ENVIRONMENT, SERVER_CORE, Checkout, Process, pinned, post
from benchmarks.workloads import APPID, Body

REST_SECONDS = 0.5


def cold_start(checkout: Checkout, authorization: str, *, rounds: int) -> dict[str, Any]:
    """From exec to the first right answer, shipped scenarios; memory half a second later. In turns with bare.

    One start of each is not counted: it writes the byte code that the others find, as they do where pip has installed.
    """
    body = workloads.small_json(APPID)
    starts = {"bare": lambda: checkout.bare(70), "mockface": checkout.serve}
    measured = [
        {name: first_answer(start, authorization, body) for name, start in starts.items()} for _ in range(rounds + 1)
    ]
    return {"rounds": measured[1:]}


def first_answer(start: Callable[[], Process], authorization: str, body: Body) -> dict[str, float]:
    """Start a server, ask it once, let it rest, end it."""
    with start() as server:
        status, answer = post(server.url, body.content_type, authorization, body.content)
        took, cpu = time.perf_counter() - server.began, server.cpu_seconds()
        if status != 200 or b'"code":0,' not in answer:
            raise SystemExit(f"the first answer is HTTP {status} {answer!r}")
        time.sleep(REST_SECONDS)
        return {
            "ms": took * 1000,
            "cpu_ms": cpu * 1000,
            "rss_bytes": server.rss_bytes(),
            "peak_bytes": server.peak_bytes(),
        }


def commands(checkout: Checkout, *, rounds: int) -> dict[str, Any]:
    """From exec to exit of small commands, beside a Python that does nothing."""
    lines = {
        "python": [checkout.python, "-c", "pass"],
        "import": [checkout.python, "-c", "import mockface"],
        "sign": checkout.command("sign"),
        "id": checkout.command("id", "-5803"),
    }
    environment = {**ENVIRONMENT, **checkout.environment}
    measured = []
    for _ in range(rounds):
        found = {}
        for name, line in lines.items():
            began = time.perf_counter()
            subprocess.run(
                pinned(line, SERVER_CORE), check=True, cwd=checkout.folder, stdout=subprocess.DEVNULL, env=environment
            )
            found[name] = {"ms": (time.perf_counter() - began) * 1000}
        measured.append(found)
    return {"rounds": measured}
