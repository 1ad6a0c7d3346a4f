"""Requests a second beside the bare app, in turns: what small calls, uploads and waiting calls cost."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import workloads
from benchmarks.load import Load, result_of
from benchmarks.servers import Checkout, Process, post
from benchmarks.workloads import APPID, MIB, Body

Rounds = list[dict[str, dict[str, float]]]
"""Of each round, what each server did: the fields of a Run."""

SETTLE_SECONDS = 1.0
WAITING = 2_000


def in_turns(servers: Mapping[str, Process], load: Load, connections: int, *, rounds: int, seconds: float) -> Rounds:
    """Each server once a round, so that what else the machine does meets them all alike."""
    for server in servers.values():
        load.run(server, connections, 1)
    return [
        {name: asdict(load.run(server, connections, seconds)) for name, server in servers.items()}
        for _ in range(rounds)
    ]


@contextmanager
def beside_bare(
    checkout: Checkout, authorization: str, body: Body, *flags: str, verify: bool = False
) -> Iterator[dict[str, Process]]:
    """Bare (with these flags) and mockface, with answers of one length."""
    with ExitStack() as stack:
        mockface = stack.enter_context(checkout.serve())
        status, answer = post(mockface.url, body.content_type, authorization, body.content)
        if status != 200 or b'"code":0,' not in answer:
            raise SystemExit(f"the call to be measured got HTTP {status} {answer!r}")
        servers = {"bare": stack.enter_context(checkout.bare(len(answer), *flags)), "mockface": mockface}
        if verify:
            servers["verify"] = stack.enter_context(checkout.serve("--signature", "verify"))
        yield servers


def small_json(
    checkout: Checkout, authorization: str, connections: int, *, rounds: int, seconds: float
) -> dict[str, Any]:
    """A comparison by URL over connections that are kept alive, with the defaults and with `--signature verify`."""
    body = workloads.small_json(APPID)
    load = Load(authorization, body)
    with beside_bare(checkout, authorization, body, verify=True) as servers:
        looked = [load.check(servers[name].url) for name in ("mockface", "verify")]
        return {
            "connections": connections, "request_bytes": len(body.content), "answers_looked_at": sum(looked),
            "rounds": in_turns(servers, load, connections, rounds=rounds, seconds=seconds),
        }  # fmt: skip


def mixed(checkout: Checkout, authorization: str, connections: int, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Numbers that are not reserved, each with a scenario, a quarter of them refused; mockface's log goes to a file."""
    calls = workloads.mixed(APPID)
    load = Load(authorization, *(call.body for call in calls))
    with tempfile.TemporaryDirectory(prefix="mockface-bench-") as folder, ExitStack() as stack:
        file = Path(folder) / "team.yaml"
        file.write_text(workloads.mixed_scenarios(), encoding="utf-8")
        log = stack.enter_context((Path(folder) / "log").open("wb"))
        mockface = stack.enter_context(checkout.serve("--scenarios", str(file), log=log))
        answers = [post(mockface.url, call.body.content_type, authorization, call.body.content) for call in calls]
        for call, (status, answer) in zip(calls, answers, strict=True):
            if status != 200 or not answer.startswith(b'{"code":%d,' % call.code):
                raise SystemExit(f"a call of the mix that should get {call.code} got HTTP {status} {answer!r}")
        usual = sum(len(answer) for _, answer in answers) // len(answers)
        servers = {"bare": stack.enter_context(checkout.bare(usual)), "mockface": mockface}
        return {
            "connections": connections, "numbers": len(calls), "refused": sum(call.code != 0 for call in calls),
            "answers_looked_at": len(answers),
            "rounds": in_turns(servers, load, connections, rounds=rounds, seconds=seconds),
        }  # fmt: skip


def upload(
    checkout: Checkout,
    authorization: str,
    size_bytes: int,
    connections: int,
    *,
    rounds: int,
    seconds: float,
    form: bool = False,
) -> dict[str, Any]:
    """A multipart upload with a picture of so many bytes; memory at its peak, and the most when it has settled.

    With `form`, a FastAPI app that takes the same fields stands beside them. All have mockface's settings of malloc.

    Each round has servers of its own: how a process's heap happens to lie decides whether the memory of each request
    goes back to the system, which for bare makes 54 us of 76 in one start of nine.
    """
    body = workloads.multipart(APPID, size_bytes)
    load = Load(authorization, body)
    measured: Rounds = []
    looked = 0
    memory = {name: {"peak_bytes": 0, "settled_bytes": 0} for name in ("bare", "mockface")}
    for _ in range(rounds):
        with ExitStack() as stack:
            servers = stack.enter_context(beside_bare(checkout, authorization, body, "--keep-memory"))
            looked += load.check(servers["mockface"].url)
            if form:
                servers["form"] = stack.enter_context(checkout.form())
                looked += load.check(servers["form"].url)
            for server in servers.values():
                server.forget_peak()
            measured += in_turns(servers, load, connections, rounds=1, seconds=seconds)
            time.sleep(SETTLE_SECONDS)
            for name in ("bare", "mockface"):
                server = servers[name]
                seen = {"peak_bytes": server.peak_bytes(), "settled_bytes": server.rss_bytes()}
                memory[name] = {key: max(before, seen[key]) for key, before in memory[name].items()}
    return {
        "connections": connections, "request_bytes": len(body.content), "answers_looked_at": looked,
        "rounds": measured, "memory": memory,
    }  # fmt: skip


def waiting(checkout: Checkout, authorization: str, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Others' calls alone, beside 2,000 connections whose calls are each answered after 1 s and made again at once,
    and beside 2,000 calls that wait all the time (10 s).

    The first of these serves 2,000 late calls a second too; `late` counts them. The second is the waiting alone.
    """  # noqa: D205
    others = Load(authorization, workloads.small_json(APPID))
    measured = []
    with checkout.serve() as server:
        others.run(server, 16, 1)
        for _ in range(rounds):
            found: dict[str, dict[str, float]] = {"alone": asdict(others.run(server, 16, seconds))}
            for name, tenths in (("late_1s", 10), ("waiting_10s", 100)):
                late = Load(authorization, workloads.small_json(APPID, workloads.number_for(2, 1, tenths)))
                # Its connections are made and its first calls sent within the second before the others are measured.
                running = late.start(server.url, WAITING, seconds + 2)
                time.sleep(1.5)
                found[name] = asdict(others.run(server, 16, seconds))
                ended = result_of(running)
                found[name]["late_per_second"] = ended["requests"] / ended["seconds"]
                found[name]["late_errors"] = ended["socket_errors"] + ended["non_2xx"]
            measured.append(found)
    return {"waiting": WAITING, "rounds": measured}


UPLOAD_SIZES = {"multipart-100k": 100 * 1024, "multipart-5.5m": 11 * MIB // 2}
