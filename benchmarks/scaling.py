"""`python -m benchmarks.scaling`: several processes with one store, beside one process without, for docs/scaling.md.

Needs Linux, wrk and redis-server. All runs on one machine, load and store included; under three minutes. Prints the
tables of the page, in Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks import machine
from benchmarks.servers import Checkout
from mockface.network.storeurl import store_address
from mockface.sharing import scripts
from mockface.sharing.link import Link, Once
from mockface.testing import Mockface

ROUNDS = 5
SECONDS = 2
PLAIN = "110110199909090909"
KINDS = {
    "plain": "a plain number, 16 connections",
    "sequence": "a number with a sequence, 16 connections",
    "one": "a number with a sequence, 1 connection",
}
SHAPES = {"alone": "1 process, no store", "store": "1 process, store", "two": "2 workers, store"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@contextmanager
def a_store() -> Iterator[str]:
    """The URL of a Redis that writes nothing to disk."""
    port, folder = free_port(), tempfile.mkdtemp()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0?prefix={uuid4().hex}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


@contextmanager
def a_server(*flags: str) -> Iterator[Mockface]:
    """A handle on a `mockface serve` with these flags."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        command = [sys.executable, "-m", "mockface", "serve", "--port", "0", "--log-level", "off", *flags]
        process = subprocess.Popen([*command, "--ready-file", str(ready)], stdout=subprocess.DEVNULL)
        try:
            while not ready.exists():
                time.sleep(0.05)
            yield Mockface.connect(json.loads(ready.read_text())["url"])
        finally:
            process.terminate()
            process.wait()


def load(server: Mockface, number: str, connections: int, folder: Path) -> tuple[float, float]:
    """Calls a second, and the 99th percentile of their latency in ms."""
    body = {"appid": "1250000000", "url": "http://example.com/f.jpg", "idcard_number": number, "idcard_name": "张三"}
    script = folder / "call.lua"
    script.write_text(
        'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
        f'wrk.headers["Authorization"] = "{server.sign()}"\nwrk.body = [[{json.dumps(body)}]]\n'
    )
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-s", str(script)]
    told = subprocess.run(
        [*command, server.url + "/face/idcardcompare"], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in told:
        raise SystemExit(told)
    latency = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert latency is not None
    assert rate is not None
    return float(rate[1]), float(latency[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[latency[2]]


def throughput() -> dict[tuple[str, str], list[tuple[float, float]]]:
    """By kind of call and shape of server: rate and latency of each round."""
    taken: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(a_store())
        flags = {"alone": [], "store": ["--store", url + "1"], "two": ["--store", url + "2", "--workers", "2"]}
        servers = {shape: stack.enter_context(a_server(*flags[shape])) for shape in SHAPES}
        steps = [{"similarity": 80}, {"similarity": 90}]
        story = {shape: server.add(sequence=steps, then="loop").idcard_number for shape, server in servers.items()}
        for _ in range(ROUNDS):
            for kind in KINDS:
                for shape, server in servers.items():
                    number = PLAIN if kind == "plain" else story[shape]
                    result = load(server, number, 1 if kind == "one" else 16, folder)
                    taken.setdefault((kind, shape), []).append(result)
    return taken


async def round_trips(url: str) -> dict[int, tuple[float, float]]:
    """By how many counts go together: ms of one round trip, and counts a second of one connection."""
    link = Link(store_address(url), "bench")
    script = Once(link, scripts.VERBS, "verbs")
    found = {}
    for size in (1, 16, 256):
        verbs = json.dumps([["count", f"n{at}"] for at in range(size)])
        times = []
        for _ in range(300):
            began = time.perf_counter()
            await script.run(verbs)
            times.append(time.perf_counter() - began)
        median = statistics.median(times)
        found[size] = (median * 1000, size / median)
    await link.close()
    return found


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(
        prog="python -m benchmarks.scaling", description=(__doc__ or "").partition(": ")[2]
    ).parse_args()
    print(json.dumps(machine.description(Checkout(Path(__file__).parent.parent, sys.executable)), indent=1))
    taken = throughput()
    print("\n| calls |", " | ".join(SHAPES.values()), "|\n|---|", "---:|" * len(SHAPES), sep="")
    for kind, name in KINDS.items():
        cells = []
        for shape in SHAPES:
            rates, latencies = zip(*taken[kind, shape], strict=True)
            alone = [rate for rate, _ in taken[kind, "alone"]]
            ratios = sorted(rate / other for rate, other in zip(rates, alone, strict=True))
            beside = f" ({statistics.median(ratios):.2f}, {ratios[0]:.2f}–{ratios[-1]:.2f})" if shape != "alone" else ""
            cells.append(f"{statistics.median(rates):,.0f}/s{beside}, 99th {statistics.median(latencies):.1f} ms")
        print(f"| {name} |", " | ".join(cells), "|")
    with a_store() as url:
        trips: dict[int, Any] = asyncio.run(round_trips(url))
    print("\n| counts in one round trip | time of the round trip | counts a second, one connection |\n|---:|---:|---:|")
    for size, (milliseconds, rate) in trips.items():
        print(f"| {size} | {milliseconds:.2f} ms | {rate:,.0f} |")


if __name__ == "__main__":
    main()
